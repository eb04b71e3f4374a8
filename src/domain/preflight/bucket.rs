//! The bucket itself: whether it is there, whose it is, where it is, and whether the caller may put objects into it.

use super::{Check, Finding, Remedy};
use crate::domain::place::{AccountId, Identity, Lane, Region};
use crate::domain::policy::{Document, Export, Grant, shuts_out};
use crate::domain::problem::{Problem, ProblemKind};

/// Whose a bucket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The caller's account's.
    Own,
    /// Another account's, and which if that is known.
    Other(Option<AccountId>),
}

/// What HeadBucket tells: that the bucket is there.
pub type BucketFacts = Result<(), Problem>;

/// Whether the bucket called `name` exists.
pub fn bucket(name: &str, head: &BucketFacts) -> Finding {
    const CHECK: Check = Check::Bucket;
    match head {
        Ok(()) => Finding::pass(CHECK, "it exists"),
        Err(problem) if problem.kind == ProblemKind::NotFound => {
            Finding::block(CHECK, format!("there is no bucket {name}")).with(Remedy::Create)
        }
        Err(problem) => Finding::unchecked(CHECK, problem),
    }
}

/// Whose the bucket is. In another account's, the caller needs a statement of his own.
pub fn owner(export: &Export, owner: &Result<Owner, Problem>) -> Finding {
    const CHECK: Check = Check::Owner;
    let whose = match owner {
        Err(problem) => return Finding::unchecked(CHECK, problem),
        Ok(Owner::Own) => return Finding::pass(CHECK, "it is your account's"),
        Ok(Owner::Other(Some(account))) => format!("it belongs to account {account}"),
        Ok(Owner::Other(None)) => "it belongs to another account".to_owned(),
    };
    Finding::warn(CHECK, format!("{whose}: its policy must let you put objects as well as the logs service"))
        .with(Remedy::BucketStatement(Grant::CallerPutObject.pretty(export)))
}

/// Whether the bucket is in the lane's Region.
pub fn region(lane: &Lane, bucket: &Result<Region, Problem>) -> Finding {
    const CHECK: Check = Check::Region;
    match bucket {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(region) if *region == lane.region => Finding::pass(CHECK, format!("it is in {region}, as the log group")),
        Ok(region) => {
            Finding::block(CHECK, format!("it is in {region}, the log group in {}: both must be in one", lane.region))
                .with(Remedy::Direct(format!("choose a bucket in {}", lane.region)))
        }
    }
}

/// What is known of the caller's own right to put objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Nobody asked for a probe object.
    NotAsked,
    /// A probe object was put, and removed again.
    Put,
    /// A probe object was put, and is still there under this key: it could not be removed.
    Left(String),
    /// It could not be put.
    Failed(Problem),
}

/// Whether the caller may put objects into the bucket: CreateExportTask checks it since 2019.
///
/// Of all checks this is the one where a refusal is the answer, and not the lack of one.
pub fn caller(probe: &Probe) -> Finding {
    const CHECK: Check = Check::Caller;
    match probe {
        Probe::NotAsked => Finding::unknown(CHECK, "only a probe object would tell whether you may put objects there")
            .advising("`logferry doctor --probe` puts one and removes it again"),
        Probe::Put => Finding::pass(CHECK, "a probe object was put and removed again"),
        Probe::Left(key) => Finding::warn(CHECK, format!("a probe object was put, and could not be removed: {key}"))
            .advising("remove it by hand, or have s3:DeleteObject allowed"),
        Probe::Failed(problem) if matches!(problem.kind, ProblemKind::AccessDenied | ProblemKind::BucketAccess) => {
            Finding::block(CHECK, "you may not put objects there, and exports need that since 2019")
                .advising("have s3:PutObject on the bucket added to your own IAM policy")
        }
        Probe::Failed(problem) => Finding::unchecked(CHECK, problem),
    }
}

/// That a policy shuts the caller out, if `policy` is one that does so for certain: the service may be let in and the export
/// refused all the same.
pub fn shut_out(export: &Export, policy: &Result<Option<String>, Problem>, caller: &Identity) -> Option<Finding> {
    let document = Document::parse(policy.as_ref().ok()?.as_deref()?).ok()?;
    let statement = shuts_out(&document, caller, export)?;
    let why = "and exports need that since 2019";
    let finding = Finding::warn(Check::Caller, format!("{statement} denies s3:PutObject to {}, {why}", caller.arn));
    Some(finding.advising(format!("have {statement} make an exception for you, or export as somebody it lets pass")))
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::{denied, shown};
    use super::*;

    fn lane() -> Lane {
        Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()))
    }

    fn export() -> Export {
        let Lane { account, region, .. } = lane();
        Export { account, region, group: None, bucket: "acme-logs".to_owned(), prefix: None }
    }

    #[test]
    fn a_missing_bucket_blocks_and_a_forbidden_look_does_not() {
        let missing = Problem::new(ProblemKind::NotFound, "HeadBucket");
        assert_eq!(shown(&bucket("acme-logs", &Err(missing))), "block: there is no bucket acme-logs");
        assert_eq!(bucket("acme-logs", &Err(denied("HeadBucket"))).verdict, Verdict::Unchecked);
        assert_eq!(bucket("acme-logs", &Ok(())).verdict, Verdict::Pass);
    }

    #[test]
    fn another_account_s_bucket_needs_a_statement_for_the_caller() {
        assert_eq!(owner(&export(), &Ok(Owner::Own)).verdict, Verdict::Pass);
        let other = owner(&export(), &Ok(Owner::Other(Some(AccountId("210987654321".to_owned())))));
        assert!(shown(&other).starts_with("warn: it belongs to account 210987654321: "));
        let statement = other.remedy.as_ref().and_then(Remedy::statement).unwrap();
        assert!(statement.contains("arn:aws:iam::123456789012:root"), "{statement}");
        assert_eq!(owner(&export(), &Ok(Owner::Other(None))).verdict, Verdict::Warn);
        assert_eq!(owner(&export(), &Err(denied("HeadBucket"))).verdict, Verdict::Unchecked);
    }

    #[test]
    fn another_region_blocks_with_its_name() {
        assert_eq!(region(&lane(), &Ok(lane().region)).verdict, Verdict::Pass);
        let far = region(&lane(), &Ok(Region("us-east-1".to_owned())));
        assert_eq!(shown(&far), "block: it is in us-east-1, the log group in eu-central-1: both must be in one");
        assert_eq!(region(&lane(), &Err(denied("GetBucketLocation"))).verdict, Verdict::Unchecked);
    }

    #[test]
    fn whoever_is_shut_out_is_warned_by_the_statement_that_does_it() {
        let who = Identity { account: lane().account, arn: "arn:aws:iam::123456789012:user/ann".to_owned() };
        let policy = r#"{"Statement": {"Sid": "OnlyLogs", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*",
            "NotPrincipal": {"Service": "logs.eu-central-1.amazonaws.com"}}}"#;
        let found = shut_out(&export(), &Ok(Some(policy.to_owned())), &who).unwrap();
        let told = "warn: statement 1 (OnlyLogs) denies s3:PutObject to arn:aws:iam::123456789012:user/ann, and exports need \
                    that since 2019";
        assert_eq!(shown(&found), told);
        for nothing in [Ok(None), Ok(Some("{}".to_owned())), Err(denied("GetBucketPolicy"))] {
            assert_eq!(shut_out(&export(), &nothing, &who), None);
        }
    }

    #[test]
    fn only_a_probe_tells_what_the_caller_may() {
        assert_eq!(caller(&Probe::NotAsked).verdict, Verdict::Unchecked);
        assert_eq!(caller(&Probe::Put).verdict, Verdict::Pass);
        assert_eq!(caller(&Probe::Left("exports/x".to_owned())).verdict, Verdict::Warn);
        assert_eq!(caller(&Probe::Failed(denied("PutObject"))).verdict, Verdict::Block);
        let network = Problem::new(ProblemKind::Network, "PutObject");
        assert_eq!(caller(&Probe::Failed(network)).verdict, Verdict::Unchecked);
    }
}
