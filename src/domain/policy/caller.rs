//! Whether a bucket policy shuts out whoever asks for an export: AWS checks since 2019 that he may put objects there.
//!
//! Only an explicit Deny is looked for, and only one that hits him for certain. Whether something allows him to put is his
//! IAM policies' business, which cannot be read from here; so is where his calls come from.

use super::applies::applies;
use super::call::{Call, Fact, Who};
use super::document::{Document, Effect, Named, StatementName};
use super::export::Export;
use super::pattern::Text;
use super::truth::Truth;
use crate::domain::place::Identity;

/// Whoever asks, as principals and conditions know him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    account: String,
    /// The ARN of the user, the role session or the root.
    arn: String,
    /// `aws:PrincipalArn`: its possible forms.
    principal: Vec<Text>,
    /// The session's role: how its ARN begins, and its name. What may stand in between, its path, STS does not tell.
    role: Option<(String, String)>,
}

impl Caller {
    /// As STS tells of him: `arn:aws:iam::123456789012:user/ops/ann`, or of a role's session
    /// `arn:aws:sts::123456789012:assumed-role/Deploy/ann`.
    fn new(identity: &Identity) -> Self {
        let (arn, account) = (identity.arn.clone(), identity.account.0.clone());
        let role = role(&arn);
        let principal = match &role {
            None => vec![Text::exact(arn.clone())],
            Some((begins, name)) => vec![Text::exact(format!("{begins}{name}")), Text::beginning(begins.clone())],
        };
        Self { account, arn, principal, role }
    }

    /// Whether a principal names him.
    pub fn is_named(&self, named: &Named) -> Truth {
        let Named { kind, name } = named;
        match kind.as_str() {
            "Service" => Truth::No,
            "AWS" if name == "*" || *name == self.arn => Truth::Yes,
            "AWS" if self.has_role(name) => Truth::Yes,
            // The whole account: as a Principal it takes him in, of a NotPrincipal AWS says less.
            "AWS" if name.contains(&self.account) && (name.len() == self.account.len() || name.ends_with(":root")) => {
                Truth::Unknown("it names the account".into())
            }
            "AWS" if name.starts_with("arn:") => Truth::No,
            _ => Truth::Unknown("it is not known whether it names the caller".into()),
        }
    }

    fn has_role(&self, arn: &str) -> bool {
        let Some((begins, name)) = &self.role else { return false };
        let in_path = |rest: &str| rest.rsplit('/').next() == Some(name);
        arn.strip_prefix(begins.as_str()).is_some_and(in_path)
    }

    /// What his call carries under `key`, in lower case.
    pub fn fact(&self, key: &str) -> Fact {
        match key {
            "aws:principalarn" => Fact::OneOf(self.principal.clone()),
            "aws:principalaccount" => Fact::OneOf(vec![Text::exact(&self.account)]),
            "aws:principalisawsservice" => Fact::OneOf(vec![Text::exact("false")]),
            "aws:principalservicename" => Fact::Absent,
            _ => Fact::Undocumented,
        }
    }
}

/// How the ARN of a session's role begins, and the role's name.
fn role(arn: &str) -> Option<(String, String)> {
    let (before, session) = arn.split_once(":assumed-role/")?;
    let (name, _) = session.split_once('/')?;
    let begins = format!("{}:role/", before.replacen(":sts:", ":iam:", 1));
    Some((begins, name.to_owned()))
}

/// The statement of `policy` that keeps `caller` from putting the objects of `export`, if one does for certain.
pub fn shuts_out(policy: &Document, caller: &Identity, export: &Export) -> Option<StatementName> {
    let who = Who::Caller(Caller::new(caller));
    let calls = Call::put_objects(export).map(|call| Call { who: who.clone(), ..call });
    let denies = policy.statements().iter().filter(|statement| statement.effect == Effect::Deny);
    let mut certain = denies.filter(|statement| calls.iter().all(|call| applies(statement, call) == Truth::Yes));
    certain.next().map(|statement| statement.name.clone())
}

#[cfg(test)]
mod tests {
    use super::super::export::tests::export;
    use super::*;
    use crate::domain::place::AccountId;

    const USER: &str = "arn:aws:iam::123456789012:user/ops/ann";
    const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/Deploy/ann";

    /// Whether a Deny of all puts with these elements shuts the caller out.
    fn shut(arn: &str, elements: &str) -> bool {
        let statement = format!(r#"{{"Effect": "Deny", "Action": "s3:Put*", "Resource": "*", {elements}}}"#);
        let policy = Document::parse(&format!(r#"{{"Statement": {statement}}}"#)).unwrap();
        let caller = Identity { account: AccountId("123456789012".to_owned()), arn: arn.to_owned() };
        shuts_out(&policy, &caller, &export()).is_some()
    }

    #[test]
    fn principals_are_compared_with_user_session_and_role() {
        for (elements, user, session) in [
            (r#""Principal": "*""#, true, true),
            (r#""Principal": {"AWS": "arn:aws:iam::123456789012:user/ops/ann"}"#, true, false),
            (r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/Deploy"}"#, false, true),
            (r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/ci/Deploy"}"#, false, true),
            (r#""Principal": {"Service": "logs.eu-central-1.amazonaws.com"}"#, false, false),
            (r#""NotPrincipal": {"Service": "logs.eu-central-1.amazonaws.com"}"#, true, true),
            (r#""NotPrincipal": {"AWS": "arn:aws:iam::123456789012:role/Deploy"}"#, true, false),
            // Not for certain: whom it names, nobody can tell from here.
            (r#""NotPrincipal": {"AWS": "123456789012"}"#, false, false),
            (r#""NotPrincipal": {"CanonicalUser": "79a59df9"}"#, false, false),
        ] {
            assert_eq!((shut(USER, elements), shut(SESSION, elements)), (user, session), "{elements}");
        }
    }

    #[test]
    fn conditions_hit_the_caller_only_where_it_is_certain() {
        for (condition, user, session) in [
            (r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/ops/*"}}"#, false, true),
            // A role of that name may have any path.
            (r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/Deploy"}}"#, true, false),
            (r#"{"StringNotEquals": {"aws:PrincipalAccount": "210987654321"}}"#, true, true),
            (r#"{"Bool": {"aws:PrincipalIsAWSService": "true"}}"#, false, false),
            (r#"{"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#, false, false),
            (r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}"#, false, false),
        ] {
            let elements = format!(r#""Principal": "*", "Condition": {condition}"#);
            assert_eq!((shut(USER, &elements), shut(SESSION, &elements)), (user, session), "{condition}");
        }
    }

    #[test]
    fn a_deny_of_some_keys_alone_is_not_certain() {
        let policy = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::acme-logs/exports/aws-logs-write-test"}}"#;
        let caller = Identity { account: AccountId("123456789012".to_owned()), arn: USER.to_owned() };
        assert_eq!(shuts_out(&Document::parse(policy).unwrap(), &caller, &export()), None);
    }
}
