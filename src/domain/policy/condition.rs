//! Conditions: whether what a statement asks of a call's keys holds.
//!
//! The operators are those bucket policies use; dates and binaries are not read and make the answer unknown. Rules: IAM
//! user guide, "Condition operators" and "Conditions with multiple context keys or values".

use std::cmp::Ordering;

use super::call::{Call, Fact};
use super::document::Condition;
use super::pattern::{self, Text};
use super::truth::Truth;

/// Whether one wanted value and the call's value agree.
type Test = fn(&str, &Text) -> Truth;

/// What is asked of a key.
#[derive(Clone, Copy)]
enum Question {
    /// Whether the key is absent (`true`) or there (`false`).
    Null,
    /// Whether its value agrees with any of the wanted ones; or, negated, with none.
    Value { test: Test, negated: bool },
}

/// What stands before an operator for a key with several values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    AllValues,
    AnyValue,
}

/// An operator as it is written: `ForAnyValue:StringNotLikeIfExists`.
struct Operator {
    quantifier: Option<Quantifier>,
    question: Question,
    if_exists: bool,
}

const OPERATORS: &[(&str, Question)] = &[
    ("Null", Question::Null),
    ("Bool", asks(pattern::equals_in_any_case)),
    ("StringEquals", asks(pattern::equals)),
    ("StringNotEquals", asks_not(pattern::equals)),
    ("StringEqualsIgnoreCase", asks(pattern::equals_in_any_case)),
    ("StringNotEqualsIgnoreCase", asks_not(pattern::equals_in_any_case)),
    ("StringLike", asks(pattern::fits)),
    ("StringNotLike", asks_not(pattern::fits)),
    ("ArnEquals", asks(pattern::fits_arn)),
    ("ArnNotEquals", asks_not(pattern::fits_arn)),
    ("ArnLike", asks(pattern::fits_arn)),
    ("ArnNotLike", asks_not(pattern::fits_arn)),
    // The call carries no address at all, so none is ever compared.
    ("IpAddress", asks(|_, _| Truth::No)),
    ("NotIpAddress", asks_not(|_, _| Truth::No)),
    ("NumericEquals", asks(|wanted, text| number(wanted, text, Ordering::is_eq))),
    ("NumericNotEquals", asks_not(|wanted, text| number(wanted, text, Ordering::is_eq))),
    ("NumericLessThan", asks(|wanted, text| number(wanted, text, Ordering::is_lt))),
    ("NumericLessThanEquals", asks(|wanted, text| number(wanted, text, Ordering::is_le))),
    ("NumericGreaterThan", asks(|wanted, text| number(wanted, text, Ordering::is_gt))),
    ("NumericGreaterThanEquals", asks(|wanted, text| number(wanted, text, Ordering::is_ge))),
];

const fn asks(test: Test) -> Question {
    Question::Value { test, negated: false }
}

const fn asks_not(test: Test) -> Question {
    Question::Value { test, negated: true }
}

/// How the call's number compares with the wanted one; what is no number agrees with nothing.
fn number(wanted: &str, text: &Text, fits: fn(Ordering) -> bool) -> Truth {
    let wanted: Option<f64> = wanted.parse().ok();
    let own: Option<f64> = text.known().and_then(|text| text.parse().ok());
    own.partial_cmp(&wanted).filter(|_| own.is_some() && wanted.is_some()).is_some_and(fits).into()
}

impl Operator {
    fn read(written: &str) -> Option<Self> {
        let (quantifier, rest) = match written.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::AllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::AnyValue), rest),
            Some(_) => return None,
            None => (None, written),
        };
        let plain = rest.strip_suffix("IfExists");
        let name = plain.unwrap_or(rest);
        let (_, question) = OPERATORS.iter().find(|(operator, _)| *operator == name)?;
        Some(Self { quantifier, question: *question, if_exists: plain.is_some() })
    }

    /// Whether the operator takes a key that is not there. Negated ones do ("if the key is not present, the condition
    /// is true"), and so does ForAllValues; ForAnyValue never does.
    fn takes_absent(&self, values: &[String]) -> bool {
        match (self.question, self.quantifier) {
            (Question::Null, _) => wants(values, "true"),
            _ if self.if_exists => true,
            (Question::Value { .. }, Some(Quantifier::AllValues)) => true,
            (Question::Value { .. }, Some(Quantifier::AnyValue)) => false,
            (Question::Value { negated, .. }, None) => negated,
        }
    }

    /// Whether the operator takes `text`. A key with one value is asked the same with a quantifier and without.
    fn takes(&self, values: &[String], text: &Text) -> Truth {
        match self.question {
            Question::Null => wants(values, "false").into(),
            Question::Value { test, negated } => {
                Truth::any(values.iter().map(|wanted| test(wanted, text))).negated_if(negated)
            }
        }
    }
}

fn wants(values: &[String], wanted: &str) -> bool {
    values.iter().any(|value| value.eq_ignore_ascii_case(wanted))
}

/// Whether `condition` holds for `call`.
pub(super) fn holds(condition: &Condition, call: &Call) -> Truth {
    let Condition { operator: written, key, values } = condition;
    let Some(operator) = Operator::read(written) else {
        return unknown(format!("the condition operator {written} is not read here"));
    };
    if values.iter().any(|value| is_variable(value)) {
        return unknown(format!("{written} on {key} compares with a policy variable"));
    }
    match call.fact(key) {
        Fact::Absent => operator.takes_absent(values).into(),
        Fact::OneOf(possible) => agreed(key, possible.iter().map(|text| operator.takes(values, text)).collect()),
        Fact::Undocumented => unknown(format!("AWS does not document what the export service sends as {key}")),
    }
}

fn unknown(why: String) -> Truth {
    Truth::Unknown(why.into())
}

/// Whether `text` holds a policy variable such as `${aws:SourceAccount}`.
pub(super) fn is_variable(text: &str) -> bool {
    text.contains("${")
}

/// What all the possible values of `key` lead to, if it is the same.
fn agreed(key: &str, answers: Vec<Truth>) -> Truth {
    let differ = answers.windows(2).any(|pair| pair[0] != pair[1]);
    match answers.into_iter().next() {
        Some(answer) if !differ => answer,
        _ => unknown(format!("AWS does not document the exact form of {key}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::export::tests::export;
    use super::*;

    /// `Y`, `N` or the reason it is not known.
    fn answer(operator: &str, key: &str, values: &[&str]) -> String {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let condition = Condition { operator: operator.to_owned(), key: key.to_owned(), values };
        match holds(&condition, &Call::put_objects(&export())[0]) {
            Truth::Yes => "Y".to_owned(),
            Truth::No => "N".to_owned(),
            Truth::Unknown(why) => why.into_owned(),
        }
    }

    const ACCOUNT: &str = "123456789012";
    const GROUPS: &str = "arn:aws:logs:eu-central-1:123456789012:log-group:";

    #[test]
    fn a_key_with_a_value_is_compared() {
        let any_group = format!("{GROUPS}*");
        let other_group = format!("{GROUPS}/ecs/*");
        for (operator, key, values, wanted) in [
            ("StringEquals", "aws:SourceAccount", &["1", ACCOUNT][..], "Y"),
            ("StringEquals", "aws:SourceAccount", &["1", "2"], "N"),
            ("StringEquals", "aws:SourceAccount", &[], "N"),
            ("StringNotEquals", "aws:SourceAccount", &["1", "2"], "Y"),
            ("StringNotEquals", "aws:SourceAccount", &["1", ACCOUNT], "N"),
            ("StringLike", "aws:SourceAccount", &["12345*"], "Y"),
            ("StringNotLike", "aws:SourceAccount", &["12345*"], "N"),
            ("StringEquals", "s3:x-amz-acl", &["Bucket-Owner-Full-Control"], "N"),
            ("StringEqualsIgnoreCase", "s3:x-amz-acl", &["Bucket-Owner-Full-Control"], "Y"),
            ("StringNotEqualsIgnoreCase", "s3:x-amz-acl", &["Bucket-Owner-Full-Control"], "N"),
            ("ArnLike", "aws:SourceArn", &[&any_group], "Y"),
            ("ArnEquals", "aws:SourceArn", &[&other_group, &any_group], "Y"),
            ("ArnNotLike", "aws:SourceArn", &[&other_group], "Y"),
            ("ArnLike", "aws:SourceArn", &["arn:aws:logs:*"], "N"),
            ("StringLike", "aws:SourceArn", &["arn:aws:logs:*"], "Y"),
            ("Bool", "aws:SecureTransport", &["True"], "Y"),
            ("Bool", "aws:SecureTransport", &["false"], "N"),
            ("BoolIfExists", "aws:PrincipalIsAWSService", &["false"], "N"),
            ("Bool", "aws:ViaAWSService", &["false"], "Y"),
            ("NumericLessThan", "s3:TlsVersion", &["1.2"], "N"),
            ("NumericGreaterThanEquals", "s3:TlsVersion", &["1.2"], "Y"),
            ("Null", "aws:SourceArn", &["true"], "N"),
            ("Null", "aws:SourceArn", &["false"], "Y"),
            ("ForAnyValue:StringEquals", "aws:SourceAccount", &[ACCOUNT], "Y"),
        ] {
            assert_eq!(answer(operator, key, values), wanted, "{operator} {key} {values:?}");
        }
    }

    #[test]
    fn an_absent_key_is_taken_by_what_is_negated_or_optional() {
        for (operator, values, wanted) in [
            ("StringEquals", "o-1", "N"),
            ("StringNotEquals", "o-1", "Y"),
            ("StringEqualsIfExists", "o-1", "Y"),
            ("StringNotLikeIfExists", "o-1", "Y"),
            ("Null", "true", "Y"),
            ("Null", "false", "N"),
            ("ForAllValues:StringEquals", "o-1", "Y"),
            ("ForAnyValue:StringEquals", "o-1", "N"),
            ("ForAnyValue:StringNotEquals", "o-1", "N"),
        ] {
            assert_eq!(answer(operator, "aws:PrincipalOrgID", &[values]), wanted, "{operator}");
        }
        assert_eq!(answer("IpAddress", "aws:SourceIp", &["10.0.0.0/8"]), "N");
        assert_eq!(answer("NotIpAddress", "aws:SourceIp", &["10.0.0.0/8"]), "Y");
    }

    #[test]
    fn what_cannot_be_known_says_why() {
        let whole = format!("{GROUPS}/aws/lambda/checkout");
        assert_eq!(
            answer("ArnEquals", "aws:SourceArn", &[&whole]),
            "AWS does not document the exact form of aws:SourceArn"
        );
        assert_eq!(
            answer("StringEquals", "s3:x-amz-server-side-encryption", &["AES256"]),
            "AWS does not document what the export service sends as s3:x-amz-server-side-encryption"
        );
        assert_eq!(
            answer("StringEquals", "aws:SourceAccount", &["${aws:PrincipalAccount}"]),
            "StringEquals on aws:SourceAccount compares with a policy variable"
        );
        for operator in ["DateGreaterThan", "BinaryEquals", "stringequals", "ForSomeValues:Bool"] {
            let why = format!("the condition operator {operator} is not read here");
            assert_eq!(answer(operator, "aws:CurrentTime", &["2026-01-01"]), why);
        }
    }
}
