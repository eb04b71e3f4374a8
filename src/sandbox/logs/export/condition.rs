//! Conditions of a bucket policy, compared with what a call brings along, by the rules of the IAM user guide ("Condition
//! operators"). [`super::policy`] asks, statement by statement.

use super::policy::glob;

/// Whether one condition holds for a call with this context; `None` if its operator is not understood.
pub(super) fn holds(operator: &str, key: &str, wanted: &[String], context: &[(&str, &str)]) -> Option<bool> {
    let actual = context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| *value);
    let (set, operator) = match operator.split_once(':') {
        Some((set @ ("ForAllValues" | "ForAnyValue"), operator)) => (Some(set), operator),
        Some(_) => return None,
        None => (None, operator),
    };
    let (operator, if_exists) = match operator.strip_suffix("IfExists") {
        Some(plain) => (plain, true),
        None => (operator, false),
    };
    if operator == "Null" {
        return Some(wanted.iter().any(|wanted| match wanted.to_ascii_lowercase().as_str() {
            "true" => actual.is_none(),
            "false" => actual.is_some(),
            _ => false,
        }));
    }
    let (compare, negated) = comparison(operator)?;
    // No key of these calls has more than one value, so a set of values is asked like one; an empty set is special.
    Some(match (actual, set) {
        (Some(actual), _) => wanted.iter().any(|wanted| compare(wanted, actual)) != negated,
        (None, Some("ForAllValues")) => true,
        (None, Some(_)) => if_exists,
        (None, None) => if_exists || negated,
    })
}

/// A comparison of a wanted value with the actual one.
type Compare = fn(&str, &str) -> bool;

/// How an operator compares, and whether it asks for the opposite.
fn comparison(operator: &str) -> Option<(Compare, bool)> {
    Some(match operator {
        "StringEquals" => (|wanted, actual| wanted == actual, false),
        "StringNotEquals" => (|wanted, actual| wanted == actual, true),
        "StringEqualsIgnoreCase" | "Bool" => (|wanted, actual| wanted.eq_ignore_ascii_case(actual), false),
        "StringNotEqualsIgnoreCase" => (|wanted, actual| wanted.eq_ignore_ascii_case(actual), true),
        "StringLike" => (glob, false),
        "StringNotLike" => (glob, true),
        "ArnEquals" | "ArnLike" => (arn_like, false),
        "ArnNotEquals" | "ArnNotLike" => (arn_like, true),
        "NumericEquals" => {
            (|wanted, actual| numbers(wanted, actual, |wanted, actual| actual.total_cmp(&wanted).is_eq()), false)
        }
        "NumericNotEquals" => {
            (|wanted, actual| numbers(wanted, actual, |wanted, actual| actual.total_cmp(&wanted).is_eq()), true)
        }
        "NumericLessThan" => (|wanted, actual| numbers(wanted, actual, |wanted, actual| actual < wanted), false),
        "NumericLessThanEquals" => (|wanted, actual| numbers(wanted, actual, |wanted, actual| actual <= wanted), false),
        "NumericGreaterThan" => (|wanted, actual| numbers(wanted, actual, |wanted, actual| actual > wanted), false),
        "NumericGreaterThanEquals" => {
            (|wanted, actual| numbers(wanted, actual, |wanted, actual| actual >= wanted), false)
        }
        // A service calls from no address: nothing is ever compared.
        "IpAddress" => (|_, _| false, false),
        "NotIpAddress" => (|_, _| false, true),
        _ => return None,
    })
}

fn numbers(wanted: &str, actual: &str, agree: fn(f64, f64) -> bool) -> bool {
    match (wanted.parse(), actual.parse()) {
        (Ok(wanted), Ok(actual)) => agree(wanted, actual),
        _ => false,
    }
}

/// ARNs are compared part by part: a `*` does not reach over a colon, except in the last part, the resource.
fn arn_like(pattern: &str, arn: &str) -> bool {
    let (patterns, parts): (Vec<&str>, Vec<&str>) = (pattern.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    patterns.len() == parts.len() && patterns.iter().zip(parts).all(|(pattern, part)| glob(pattern, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [(&str, &str); 2] = [("s3:TlsVersion", "1.2"), ("aws:PrincipalIsAWSService", "true")];

    fn held(operator: &str, key: &str, wanted: &str) -> Option<bool> {
        holds(operator, key, &[wanted.to_owned()], &CONTEXT)
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        for (operator, wanted, expected) in [
            ("NumericLessThan", "1.2", false),
            ("NumericLessThan", "1.30", true),
            ("NumericLessThanEquals", "1.20", true),
            ("NumericGreaterThan", "1.1", true),
            ("NumericGreaterThanEquals", "1.3", false),
            ("NumericEquals", "1.20", true),
            ("NumericNotEquals", "1.20", false),
            ("NumericEquals", "one", false),
        ] {
            assert_eq!(held(operator, "s3:tlsversion", wanted), Some(expected), "{operator} {wanted}");
        }
    }

    #[test]
    fn a_key_that_is_not_there_holds_for_negated_and_optional_operators() {
        for (operator, expected) in [
            ("StringEquals", false),
            ("StringNotEquals", true),
            ("StringEqualsIfExists", true),
            ("IpAddress", false),
            ("NotIpAddress", true),
            ("NumericLessThan", false),
            ("ForAllValues:StringEquals", true),
            ("ForAnyValue:StringEquals", false),
            ("ForAnyValue:StringNotEquals", false),
        ] {
            assert_eq!(held(operator, "aws:PrincipalOrgID", "o-1"), Some(expected), "{operator}");
        }
    }

    #[test]
    fn sets_of_one_value_are_asked_like_one() {
        assert_eq!(held("ForAllValues:StringEquals", "aws:PrincipalIsAWSService", "true"), Some(true));
        assert_eq!(held("ForAnyValue:StringLike", "aws:PrincipalIsAWSService", "f*"), Some(false));
    }

    #[test]
    fn what_is_not_understood_says_so() {
        for operator in ["DateLessThan", "BinaryEquals", "ForSomeValues:Bool", "stringequals"] {
            assert_eq!(held(operator, "s3:TlsVersion", "1.2"), None, "{operator}");
        }
    }
}
