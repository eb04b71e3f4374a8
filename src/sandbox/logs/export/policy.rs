//! A small evaluator of bucket policies: who may do what on which resource under which conditions. Explicit Deny wins;
//! what it does not understand it never takes for an Allow. [`super::permission`] asks it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::condition;

/// A parsed policy document. The empty one says nothing.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Policy {
    #[serde(rename = "Statement")]
    statements: Several<Statement>,
}

/// One thing or a list of them: policies write both.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Several<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> Several<T> {
    fn iter(&self) -> impl Iterator<Item = &T> {
        match self {
            Self::Many(all) => all.as_slice(),
            Self::One(one) => std::slice::from_ref(one),
        }
        .iter()
    }
}

#[derive(Debug, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

/// `Principal`: everybody, or names by kind (`AWS`, `Service`, …).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Principal {
    Text(String),
    Kinds(BTreeMap<String, Several<String>>),
}

type Conditions = BTreeMap<String, BTreeMap<String, Several<Value>>>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: Effect,
    principal: Option<Principal>,
    not_principal: Option<Principal>,
    action: Option<Several<String>>,
    not_action: Option<Several<String>>,
    resource: Option<Several<String>>,
    not_resource: Option<Several<String>>,
    #[serde(default)]
    condition: Conditions,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who<'a> {
    /// An AWS service, by any of its names.
    Service(&'a [String]),
    /// Somebody of this account.
    Account(&'a str),
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    /// By whom.
    pub who: Who<'a>,
    /// Such as `s3:PutObject`.
    pub action: &'a str,
    /// The ARN of the bucket or object.
    pub resource: &'a str,
    /// Condition keys and their values.
    pub context: &'a [(&'a str, &'a str)],
}

/// What a policy says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    Denied,
    /// No statement applies.
    Silent,
}

impl Policy {
    /// The policy in `text`, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// What it says to `request`.
    pub fn decide(&self, request: &Request<'_>) -> Verdict {
        self.statements.iter().filter(|statement| statement.applies(request)).fold(
            Verdict::Silent,
            |verdict, statement| match (verdict, &statement.effect) {
                (Verdict::Denied, Effect::Allow | Effect::Deny) | (_, Effect::Deny) => Verdict::Denied,
                (Verdict::Allowed | Verdict::Silent, Effect::Allow) => Verdict::Allowed,
            },
        )
    }
}

impl Statement {
    fn applies(&self, request: &Request<'_>) -> bool {
        let action = |pattern: &String| glob(&pattern.to_lowercase(), &request.action.to_lowercase());
        let resource = |pattern: &String| glob(pattern, request.resource);
        chosen(self.principal.as_ref(), self.not_principal.as_ref(), |principal| principal.names(request.who))
            && chosen(self.action.as_ref(), self.not_action.as_ref(), |list| list.iter().any(action))
            && chosen(self.resource.as_ref(), self.not_resource.as_ref(), |list| list.iter().any(resource))
            && self.conditions_hold(request)
    }

    fn conditions_hold(&self, request: &Request<'_>) -> bool {
        let keys = self.condition.iter().flat_map(|(operator, keys)| keys.iter().map(move |key| (operator, key)));
        keys.into_iter().all(|(operator, (key, values))| {
            // An operator that is not understood must neither open a bucket nor leave a Deny without effect.
            let values: Vec<String> = values.iter().map(text).collect();
            condition::holds(operator, key, &values, request.context).unwrap_or(matches!(self.effect, Effect::Deny))
        })
    }
}

/// Whether an element or its `Not…` counterpart chooses the request; a statement with neither chooses nothing.
fn chosen<T>(element: Option<&T>, not_element: Option<&T>, fits: impl Fn(&T) -> bool) -> bool {
    match (element, not_element) {
        (Some(element), _) => fits(element),
        (None, Some(not_element)) => !fits(not_element),
        (None, None) => false,
    }
}

impl Principal {
    fn names(&self, who: Who<'_>) -> bool {
        match self {
            Self::Text(text) => text == "*",
            Self::Kinds(kinds) => kinds.iter().any(|(kind, names)| {
                names.iter().any(|name| match (who, kind.as_str()) {
                    (_, "AWS" | "Service") if name == "*" => true,
                    (Who::Service(services), "Service") => services.contains(name),
                    (Who::Account(account), "AWS") => is_of_account(name, account),
                    _ => false,
                })
            }),
        }
    }
}

/// Whether a principal is an account, or its root, user or role. Which of its users calls is not known here: any of the
/// account's counts.
fn is_of_account(name: &str, account: &str) -> bool {
    name == account || (name.starts_with("arn:") && name.split(':').nth(4) == Some(account))
}

/// A condition's value as text: policies write `true` and `"true"`.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether `text` fits `pattern`, in which `*` stands for anything and `?` for one character.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and what it has swallowed so far: to be tried with one more.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            Some(_) | None => {
                let Some((at, swallowed)) = star else { return false };
                star = Some((at, swallowed + 1));
                p = at + 1;
                t = swallowed + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ACCOUNT: &str = "123456789012";
    const BUCKET: &str = "arn:aws:s3:::b";
    const OBJECT: &str = "arn:aws:s3:::b/exports/aws-logs-write-test";
    const CONTEXT: [(&str, &str); 4] = [
        ("aws:SecureTransport", "true"),
        ("aws:SourceAccount", ACCOUNT),
        ("aws:SourceArn", "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/web:*"),
        ("s3:x-amz-acl", "bucket-owner-full-control"),
    ];

    fn put_by(who: Who<'_>, statements: &Value) -> Verdict {
        let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let request = Request { who, action: "s3:PutObject", resource: OBJECT, context: &CONTEXT };
        Policy::parse(&policy).unwrap().decide(&request)
    }

    fn put(statements: &Value) -> Verdict {
        let names = ["logs.eu-central-1.amazonaws.com".to_owned(), "logs.amazonaws.com".to_owned()];
        put_by(Who::Service(&names), statements)
    }

    fn allow(changes: &Value) -> Value {
        let mut statement = json!({
            "Effect": "Allow", "Principal": {"Service": "logs.eu-central-1.amazonaws.com"},
            "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*",
        });
        for (key, value) in changes.as_object().unwrap() {
            statement[key] = value.clone();
        }
        statement
    }

    #[test]
    fn a_single_statement_allows_what_it_names_and_nothing_else() {
        let cases = [
            (json!({}), true),
            (json!({"Principal": "*"}), true),
            (json!({"Principal": {"Service": ["ec2.amazonaws.com", "logs.amazonaws.com"]}}), true),
            (json!({"Principal": {"Service": "logs.us-east-1.amazonaws.com"}}), false),
            (json!({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}), false),
            (json!({"Action": ["s3:GetBucketAcl", "s3:Put*"]}), true),
            (json!({"Action": "S3:putobject"}), true),
            (json!({"Action": "*"}), true),
            (json!({"Action": "s3:GetBucketAcl"}), false),
            (json!({"Resource": "arn:aws:s3:::b/exports/*"}), true),
            (json!({"Resource": [BUCKET, "arn:aws:s3:::b/export?/*"]}), true),
            (json!({"Resource": BUCKET}), false),
            (json!({"Resource": "arn:aws:s3:::b/other/*"}), false),
        ];
        for (changes, allowed) in cases {
            let wanted = if allowed { Verdict::Allowed } else { Verdict::Silent };
            assert_eq!(put(&json!([allow(&changes)])), wanted, "{changes}");
        }
    }

    #[test]
    fn conditions_are_compared_as_iam_does() {
        let group = "arn:aws:logs:eu-central-1:123456789012:log-group:";
        let cases = [
            (json!({"StringEquals": {"aws:sourceaccount": [ACCOUNT, "1"]}}), true),
            (json!({"StringEquals": {"aws:SourceAccount": "210987654321"}}), false),
            (json!({"StringEquals": {"s3:x-amz-acl": "private"}}), false),
            (json!({"ArnLike": {"aws:SourceArn": format!("{group}*")}}), true),
            (json!({"ArnEquals": {"aws:SourceArn": [format!("{group}/aws/lambda/*")]}}), true),
            (json!({"ArnLike": {"aws:SourceArn": format!("{group}/ecs/*")}}), false),
            (json!({"ArnLike": {"aws:SourceArn": "arn:aws:logs:*"}}), false),
            (json!({"StringLike": {"aws:SourceArn": "arn:aws:logs:*"}}), true),
            (json!({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), false),
            (json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), false),
            (json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}), true),
            (json!({"Bool": {"aws:SecureTransport": true}}), true),
            (json!({"Null": {"aws:SourceArn": "true"}}), false),
            (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), false),
        ];
        for (condition, allowed) in cases {
            let wanted = if allowed { Verdict::Allowed } else { Verdict::Silent };
            assert_eq!(put(&json!([allow(&json!({"Condition": condition}))])), wanted, "{condition}");
        }
    }

    #[test]
    fn deny_wins_wherever_it_stands() {
        let deny = |changes: &Value| {
            let mut statement = allow(changes);
            statement["Effect"] = json!("Deny");
            statement["Principal"] = json!("*");
            statement
        };
        let insecure = deny(&json!({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}));
        let unknown = deny(&json!({"Condition": {"BinaryEquals": {"aws:x": "eA=="}}}));
        let cases = [
            (json!([allow(&json!({})), deny(&json!({}))]), Verdict::Denied),
            (json!([deny(&json!({})), allow(&json!({}))]), Verdict::Denied),
            (json!([allow(&json!({})), deny(&json!({"Action": "s3:DeleteObject"}))]), Verdict::Allowed),
            (json!([allow(&json!({})), insecure]), Verdict::Allowed),
            (json!([allow(&json!({})), unknown]), Verdict::Denied),
            (json!([]), Verdict::Silent),
            (deny(&json!({})), Verdict::Denied),
        ];
        for (statements, wanted) in cases {
            assert_eq!(put(&statements), wanted, "{statements}");
        }
    }

    #[test]
    fn the_not_elements_choose_everything_else() {
        let with = |element: &str, not_element: &str, value: Value| {
            let mut statement = allow(&json!({}));
            statement.as_object_mut().unwrap().remove(element);
            statement[not_element] = value;
            put(&json!([statement]))
        };
        assert_eq!(with("Action", "NotAction", json!("s3:DeleteObject")), Verdict::Allowed);
        assert_eq!(with("Action", "NotAction", json!("s3:Put*")), Verdict::Silent);
        assert_eq!(with("Resource", "NotResource", json!("arn:aws:s3:::b/secret/*")), Verdict::Allowed);
        assert_eq!(with("Resource", "NotResource", json!("arn:aws:s3:::b/*")), Verdict::Silent);
        assert_eq!(with("Principal", "NotPrincipal", json!({"Service": "logs.amazonaws.com"})), Verdict::Silent);
        assert_eq!(with("Principal", "NotPrincipal", json!({"AWS": "210987654321"})), Verdict::Allowed);
    }

    #[test]
    fn an_account_is_known_by_its_id_its_root_and_its_roles() {
        let by = |principal: Value| {
            put_by(Who::Account(ACCOUNT), &json!([allow(&json!({"Principal": {"AWS": principal}}))]))
        };
        assert_eq!(by(json!(ACCOUNT)), Verdict::Allowed);
        assert_eq!(by(json!(["arn:aws:iam::1:root", "arn:aws:iam::123456789012:role/export"])), Verdict::Allowed);
        assert_eq!(by(json!("arn:aws:iam::210987654321:root")), Verdict::Silent);
        assert_eq!(by(json!("*")), Verdict::Allowed);
    }

    #[test]
    fn a_pattern_with_many_stars_is_decided_at_once() {
        let text = "a".repeat(2_000);
        assert!(!glob(&"*a".repeat(200).replace("*a*a", "*aa*"), "b"));
        assert!(glob(&"a*".repeat(500), &text));
        assert!(!glob(&format!("{}b", "a*".repeat(500)), &text));
    }
}
