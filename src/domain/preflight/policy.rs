//! The bucket's policy: what its ruling on the export means for launching it.

use super::{Check, Finding, Remedy};
use crate::domain::policy::{Access, Document, Doubt, Export, Laxity, Miss, Part, Ruling, missing, rule};
use crate::domain::problem::Problem;

const CHECK: Check = Check::Policy;

/// Whether the policy that GetBucketPolicy answered, or the lack of one, lets `export` in.
pub fn policy(export: &Export, answer: &Result<Option<String>, Problem>) -> Finding {
    let document = match answer {
        Err(problem) => return Finding::unchecked(CHECK, problem),
        Ok(None) => None,
        Ok(Some(text)) => match Document::parse(text) {
            Ok(document) => Some(document),
            Err(error) => return Finding::unknown(CHECK, format!("the bucket policy cannot be read: {error}")),
        },
    };
    let ruling = rule(document.as_ref(), export);
    let grants = missing(document.as_ref(), export);
    let finding = judged(&ruling, document.is_some());
    // Adding what is missing opens no bucket that somebody denies; then a person has to change that statement first.
    if grants.is_empty() || finding.remedy.is_some() { finding } else { finding.with(Remedy::Grant(grants)) }
}

/// The worst of the two answers, in words.
fn judged(ruling: &Ruling, has_policy: bool) -> Finding {
    let calls = [("s3:GetBucketAcl", &ruling.get_bucket_acl), ("s3:PutObject", &ruling.put_object)];
    let first = |wanted: fn(&Access) -> bool| calls.iter().copied().find(|(_, access)| wanted(access));
    if let Some((action, Access::Denied(statement))) = first(|access| matches!(access, Access::Denied(_))) {
        return Finding::block(CHECK, format!("{statement} denies {action} to the logs service"))
            .advising(format!("have {statement} make an exception for the logs service: a Deny wins over any Allow"));
    }
    if let Some((action, Access::NotAllowed(miss))) = first(|access| matches!(access, Access::NotAllowed(_))) {
        return Finding::block(CHECK, not_allowed(action, miss.as_ref(), has_policy));
    }
    if let Some((action, Access::Unknown(doubt))) = first(|access| matches!(access, Access::Unknown(_))) {
        return doubtful(action, doubt);
    }
    match laxities(ruling) {
        none if none.is_empty() => Finding::pass(CHECK, "it lets the logs service in, as AWS documents"),
        lax => Finding::warn(CHECK, format!("it lets the logs service in, and is laxer than AWS documents: {lax}"))
            .advising("tighten it to the statements `logferry policy --bucket` prints"),
    }
}

fn not_allowed(action: &str, miss: Option<&Miss>, has_policy: bool) -> String {
    let what = format!("{action} is not allowed to the logs service");
    match miss {
        _ if !has_policy => "the bucket has no policy, so the logs service is not let in".to_owned(),
        None => what,
        Some(Miss { statement, part }) => format!("{what}: {statement} comes close, but {}", misfit(*part)),
    }
}

fn misfit(part: Part) -> &'static str {
    match part {
        Part::Principal => "names somebody else",
        Part::Action => "names another action",
        Part::Resource => "names another bucket or prefix",
        Part::Condition => "asks for what this export does not bring",
    }
}

fn doubtful(action: &str, doubt: &Doubt) -> Finding {
    let Doubt { statement, denies, why } = doubt;
    let may = if *denies { "may deny" } else { "may or may not allow" };
    let finding = Finding::unknown(CHECK, format!("{statement} {may} {action}: {why}"));
    if *denies {
        finding.advising(format!("look at {statement}, or see whether AWS takes the export"))
    } else {
        finding
    }
}

/// What is lax in either answer, each once.
fn laxities(ruling: &Ruling) -> String {
    let mut all: Vec<Laxity> = Vec::new();
    for access in [&ruling.get_bucket_acl, &ruling.put_object] {
        let Access::Lax(lax) = access else { continue };
        all.extend(lax.iter().filter(|laxity| !all.contains(laxity)).collect::<Vec<_>>());
    }
    all.iter().map(Laxity::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::{denied, shown};
    use super::*;
    use crate::domain::place::{AccountId, Region};
    use crate::domain::policy::{Grant, merge};

    fn export() -> Export {
        Export {
            account: AccountId("123456789012".to_owned()),
            region: Region("eu-central-1".to_owned()),
            group: Some("web".to_owned()),
            bucket: "acme-logs".to_owned(),
            prefix: Some("exports".to_owned()),
        }
    }

    /// The finding for what AWS documents, plus one more statement.
    fn beside(statement: &str) -> Finding {
        let documented = merge(None, &export(), &missing(None, &export())).unwrap().text();
        let text = documented.replacen('[', &format!("[{statement},"), 1);
        policy(&export(), &Ok(Some(text)))
    }

    fn alone(statement: &str) -> Finding {
        policy(&export(), &Ok(Some(format!(r#"{{"Statement": {statement}}}"#))))
    }

    #[test]
    fn the_documented_policy_passes() {
        let finding = beside(r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}"#);
        assert_eq!(shown(&finding), "pass: it lets the logs service in, as AWS documents");
        assert_eq!(finding.remedy, None);
    }

    #[test]
    fn what_is_missing_blocks_and_can_be_granted() {
        let finding = policy(&export(), &Ok(None));
        assert_eq!(shown(&finding), "block: the bucket has no policy, so the logs service is not let in");
        assert_eq!(finding.remedy, Some(Remedy::Grant(vec![Grant::GetBucketAcl, Grant::PutObject])));
        let near = alone(
            r#"{"Sid": "Logs", "Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
                "Action": "s3:*", "Resource": "*"}"#,
        );
        assert_eq!(
            shown(&near),
            "block: s3:GetBucketAcl is not allowed to the logs service: statement 1 (Logs) comes close, but names somebody else"
        );
    }

    #[test]
    fn a_deny_blocks_and_takes_a_person() {
        let deny = r#"{"Sid": "Org", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}"#;
        for finding in [beside(deny), alone(deny)] {
            assert_eq!(shown(&finding), "block: statement 1 (Org) denies s3:GetBucketAcl to the logs service");
            assert!(!finding.remedy.unwrap().acts());
        }
    }

    #[test]
    fn a_doubt_is_unchecked_and_only_an_unsure_allow_can_be_helped() {
        let unsure = |effect: &str| {
            format!(
                r#"{{"Effect": "{effect}", "Principal": "*", "Action": "s3:*", "Resource": "*",
                    "Condition": {{"StringEquals": {{"aws:SourceOrgID": "o-1"}}}}}}"#
            )
        };
        let deny = beside(&unsure("Deny"));
        assert_eq!(
            shown(&deny),
            "could not check: statement 1 may deny s3:GetBucketAcl: AWS does not document what the export service sends as \
             aws:SourceOrgID"
        );
        assert!(!deny.remedy.unwrap().acts());
        let allow = alone(&unsure("Allow"));
        assert_eq!(allow.verdict, Verdict::Unchecked);
        assert!(allow.remedy.unwrap().acts());
    }

    #[test]
    fn a_lax_policy_warns_of_each_thing_once() {
        let lax = alone(
            r#"{"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                "Resource": "*"}"#,
        );
        assert_eq!(
            shown(&lax),
            "warn: it lets the logs service in, and is laxer than AWS documents: the principal is the logs service of every \
             Region; exports of any account are let in: neither aws:SourceAccount nor aws:SourceArn stops them; \
             s3:x-amz-acl is not asked for"
        );
    }

    #[test]
    fn what_cannot_be_fetched_or_read_is_unchecked() {
        assert_eq!(policy(&export(), &Err(denied("GetBucketPolicy"))).verdict, Verdict::Unchecked);
        let broken = policy(&export(), &Ok(Some("{}".to_owned())));
        assert_eq!(
            shown(&broken),
            "could not check: the bucket policy cannot be read: the policy: there is no Statement"
        );
    }
}
