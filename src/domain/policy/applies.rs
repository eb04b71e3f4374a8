//! Whether a statement applies to a call: principal, action, resource and conditions, one by one.

use super::call::{Call, Who};
use super::condition;
use super::document::{Element, Named, Statement};
use super::pattern::{self, Text};
use super::truth::Truth;

/// The four things a statement asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Whom it names.
    Principal,
    /// Which actions.
    Action,
    /// Which bucket and keys.
    Resource,
    /// What its conditions ask for.
    Condition,
}

impl Part {
    /// All four, the cheapest first: most statements are for somebody else.
    const ALL: [Self; 4] = [Self::Principal, Self::Action, Self::Resource, Self::Condition];

    /// Whether this part of `statement` fits `call`.
    fn fits(self, statement: &Statement, call: &Call) -> Truth {
        match self {
            Self::Principal => chooses(&statement.principal, |named| is_named(named, &call.who)),
            Self::Action => chooses(&statement.action, |pattern| takes_action(pattern, &call.action)),
            Self::Resource => chooses(&statement.resource, |pattern| takes_resource(pattern, &call.resource)),
            Self::Condition => {
                Truth::all(statement.conditions.iter().map(|condition| condition::holds(condition, call)))
            }
        }
    }
}

/// Whether `statement` applies to `call`.
pub(super) fn applies(statement: &Statement, call: &Call) -> Truth {
    Truth::all(Part::ALL.into_iter().map(|part| part.fits(statement, call)))
}

/// The one part that keeps `statement` from applying to `call`, if the others all fit.
pub(super) fn only_miss(statement: &Statement, call: &Call) -> Option<Part> {
    let fits = Part::ALL.into_iter().map(|part| (part, part.fits(statement, call)));
    let mut misses = fits.filter(|(_, truth)| *truth != Truth::Yes);
    match (misses.next(), misses.next()) {
        (Some((part, Truth::No)), None) => Some(part),
        _ => None,
    }
}

fn chooses<T>(element: &Element<T>, takes: impl Fn(&T) -> Truth) -> Truth {
    Truth::any(element.listed.iter().map(takes)).negated_if(element.inverted)
}

/// Whether a principal names who calls. `*` and `{"AWS": "*"}` are everyone; a service belongs to no account.
fn is_named(named: &Named, who: &Who) -> Truth {
    let service = match who {
        Who::Service(service) => service,
        Who::Caller(caller) => return caller.is_named(named),
    };
    match named.kind.as_str() {
        "AWS" => (named.name == "*").into(),
        "Service" if service.accepted.contains(&named.name) => Truth::Yes,
        "Service" if service.doubtful.contains(&named.name) => {
            Truth::Unknown(format!("it is not documented whether {} counts in this partition", named.name).into())
        }
        "Service" | "*" if named.name == "*" => {
            Truth::Unknown(format!("it is not documented whom {{\"{}\": \"*\"}} names", named.kind).into())
        }
        _ => Truth::No,
    }
}

/// Whether an action is one of those a pattern stands for, in any letter case.
fn takes_action(pattern: &str, action: &str) -> Truth {
    pattern::fits_in_any_case(pattern, &Text::exact(action))
}

fn takes_resource(pattern: &str, resource: &Text) -> Truth {
    if condition::is_variable(pattern) {
        return Truth::Unknown(format!("the resource {pattern} holds a policy variable").into());
    }
    pattern::fits(pattern, resource)
}

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use super::super::export::tests::export;
    use super::*;

    /// The statement, and the call it is to be compared with.
    fn read(statement: &str) -> (Statement, Call) {
        let document = Document::parse(&format!(r#"{{"Statement": {statement}}}"#)).unwrap();
        (document.statements()[0].clone(), Call::get_bucket_acl(&export()))
    }

    fn fit(statement: &str) -> Truth {
        let (statement, call) = read(statement);
        applies(&statement, &call)
    }

    fn miss(statement: &str) -> Option<Part> {
        let (statement, call) = read(statement);
        only_miss(&statement, &call)
    }

    fn principal(element: &str) -> Truth {
        fit(&format!(r#"{{"Effect": "Allow", {element}, "Action": "s3:*", "Resource": "*"}}"#))
    }

    #[test]
    fn principals_in_all_their_forms() {
        for (element, wanted) in [
            (r#""Principal": "*""#, Truth::Yes),
            (r#""Principal": {"AWS": "*"}"#, Truth::Yes),
            (r#""Principal": {"AWS": ["123456789012", "*"]}"#, Truth::Yes),
            (r#""Principal": {"AWS": "arn:aws:iam::123456789012:root"}"#, Truth::No),
            (r#""Principal": {"Service": "logs.eu-central-1.amazonaws.com"}"#, Truth::Yes),
            (r#""Principal": {"Service": ["ec2.amazonaws.com", "logs.amazonaws.com"]}"#, Truth::Yes),
            (r#""Principal": {"Service": "logs.us-east-1.amazonaws.com"}"#, Truth::No),
            (r#""Principal": {"Service": "delivery.logs.amazonaws.com"}"#, Truth::No),
            (r#""Principal": {"CanonicalUser": "*", "Federated": "*"}"#, Truth::No),
            (r#""NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}"#, Truth::Yes),
            (r#""NotPrincipal": {"Service": "logs.eu-central-1.amazonaws.com"}"#, Truth::No),
        ] {
            assert_eq!(principal(element), wanted, "{element}");
        }
        for element in [r#""Principal": {"Service": "*"}"#, r#""Principal": {"*": "*"}"#] {
            assert!(matches!(principal(element), Truth::Unknown(_)), "{element}");
        }
    }

    #[test]
    fn actions_and_resources_by_pattern_and_by_exception() {
        let with = |elements: &str| fit(&format!(r#"{{"Effect": "Deny", "Principal": "*", {elements}}}"#));
        for (elements, wanted) in [
            (r#""Action": "s3:getbucket*", "Resource": "arn:aws:s3:::acme-*""#, Truth::Yes),
            (r#""Action": "s3:GetBucket", "Resource": "*""#, Truth::No),
            (r#""Action": ["s3:PutObject", "*"], "Resource": ["x", "arn:*:s3:::acme-logs"]"#, Truth::Yes),
            (r#""NotAction": "s3:PutObject", "Resource": "*""#, Truth::Yes),
            (r#""NotAction": "s3:Get*", "Resource": "*""#, Truth::No),
            (r#""Action": "*", "NotResource": "arn:aws:s3:::acme-logs/*""#, Truth::Yes),
            (r#""Action": "*", "Resource": "arn:aws:s3:::acme-logs/*""#, Truth::No),
        ] {
            assert_eq!(with(elements), wanted, "{elements}");
        }
        let variable = with(r#""Action": "*", "Resource": "arn:aws:s3:::${aws:SourceAccount}""#);
        assert!(matches!(variable, Truth::Unknown(_)));
    }

    #[test]
    fn a_near_miss_names_the_part_that_does_not_fit() {
        let near = miss(r#"{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "*", "Resource": "*"}"#);
        assert_eq!(near, Some(Part::Principal));
        let far = miss(r#"{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "x", "Resource": "*"}"#);
        assert_eq!(far, None);
    }
}
