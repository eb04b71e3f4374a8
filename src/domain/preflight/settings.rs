//! Settings of the bucket that no export fails for, and that a person should know all the same.

use super::bucket::Owner;
use super::{Check, Finding};
use crate::domain::problem::Problem;

/// The switches of Block Public Access, by S3's names.
pub const PUBLIC_ACCESS_SWITCHES: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/// Whether logs could be made public, by the switches that are off. A bucket without the setting has all four off; its
/// account may still have them on.
pub fn public_access(off: &Result<Vec<&'static str>, Problem>) -> Finding {
    const CHECK: Check = Check::PublicAccess;
    match off {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(off) if off.is_empty() => Finding::pass(CHECK, "public access is blocked"),
        Ok(off) => Finding::warn(CHECK, format!("logs could be made public by mistake: {} off", off.join(", ")))
            .advising("turn all four settings of Block Public Access on; exports need none of them off"),
    }
}

/// `ObjectOwnership` of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectOwnership {
    /// ACLs are off; the bucket's owner owns every object.
    BucketOwnerEnforced,
    /// ACLs are on; the owner of the bucket owns what was put with bucket-owner-full-control, as exports are.
    BucketOwnerPreferred,
    /// ACLs are on; whoever put an object owns it. So are buckets without the setting.
    ObjectWriter,
    /// A setting newer than this program.
    Other(String),
}

/// Who will own what is exported, in a bucket of `owner`.
pub fn object_ownership(answer: &Result<ObjectOwnership, Problem>, owner: &Owner) -> Finding {
    const CHECK: Check = Check::ObjectOwnership;
    let setting = match answer {
        Err(problem) => return Finding::unchecked(CHECK, problem),
        Ok(setting) => setting,
    };
    match (setting, owner) {
        (ObjectOwnership::BucketOwnerEnforced, _) => Finding::pass(CHECK, "the bucket's owner owns every object"),
        (ObjectOwnership::Other(name), _) => Finding::warn(CHECK, format!("{name} is not known here")),
        (ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter, Owner::Own) => {
            Finding::pass(CHECK, "the bucket has ACLs; exports give its owner full control")
        }
        (ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter, Owner::Other(_)) => {
            Finding::warn(CHECK, "the bucket has ACLs and is another account's: you need s3:PutObjectAcl there as well")
                .advising("have its owner add s3:PutObjectAcl to your statement, or turn ACLs off")
        }
    }
}

/// Whether objects are kept from being deleted: a fine thing for logs, and good to know before trying something out.
pub fn object_lock(answer: &Result<Option<String>, Problem>) -> Finding {
    const CHECK: Check = Check::ObjectLock;
    match answer {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(None) => Finding::pass(CHECK, "objects can be deleted at any time"),
        Ok(Some(retention)) => {
            Finding::pass(CHECK, format!("what is exported cannot be deleted for a while: {retention}"))
        }
    }
}

/// Whether deleted and overwritten objects stay as versions, and go on costing.
pub fn versioning(answer: &Result<bool, Problem>) -> Finding {
    const CHECK: Check = Check::Versioning;
    match answer {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(true) => Finding::pass(CHECK, "on: what is deleted stays as a version until a lifecycle rule removes it"),
        Ok(false) => Finding::pass(CHECK, "off"),
    }
}

/// Whether whoever asks pays. How the export service takes that is not documented.
pub fn requester_pays(answer: &Result<bool, Problem>) -> Finding {
    const CHECK: Check = Check::RequesterPays;
    match answer {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(false) => Finding::pass(CHECK, "the bucket's owner pays"),
        Ok(true) => Finding::warn(CHECK, "the requester pays: whether exports work with that is not documented")
            .advising("try a short range first, or choose another bucket"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::{denied, shown};
    use super::*;

    #[test]
    fn public_access_passes_only_when_all_of_it_is_blocked() {
        assert_eq!(public_access(&Ok(Vec::new())).verdict, Verdict::Pass);
        for switch in PUBLIC_ACCESS_SWITCHES {
            let finding = public_access(&Ok(vec![switch]));
            assert_eq!(shown(&finding), format!("warn: logs could be made public by mistake: {switch} off"));
        }
    }

    #[test]
    fn acls_matter_in_another_account_s_bucket_alone() {
        use ObjectOwnership::{BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter, Other};
        for (setting, own, other) in [
            (BucketOwnerEnforced, Verdict::Pass, Verdict::Pass),
            (BucketOwnerPreferred, Verdict::Pass, Verdict::Warn),
            (ObjectWriter, Verdict::Pass, Verdict::Warn),
            (Other("New".to_owned()), Verdict::Warn, Verdict::Warn),
        ] {
            let answer = Ok(setting);
            assert_eq!(object_ownership(&answer, &Owner::Own).verdict, own, "{answer:?}");
            assert_eq!(object_ownership(&answer, &Owner::Other(None)).verdict, other, "{answer:?}");
        }
    }

    #[test]
    fn lock_and_versions_inform_and_requester_pays_warns() {
        let lock = object_lock(&Ok(Some("COMPLIANCE, 30 days".to_owned())));
        assert_eq!(lock.verdict, Verdict::Pass);
        assert!(lock.reason.ends_with("COMPLIANCE, 30 days"));
        assert_eq!([versioning(&Ok(true)).verdict, versioning(&Ok(false)).verdict], [Verdict::Pass; 2]);
        assert_eq!(requester_pays(&Ok(false)).verdict, Verdict::Pass);
        assert_eq!(requester_pays(&Ok(true)).verdict, Verdict::Warn);
    }

    #[test]
    fn what_may_not_be_asked_is_unchecked() {
        for finding in [
            public_access(&Err(denied("GetPublicAccessBlock"))),
            object_ownership(&Err(denied("GetBucketOwnershipControls")), &Owner::Own),
            object_lock(&Err(denied("GetObjectLockConfiguration"))),
            versioning(&Err(denied("GetBucketVersioning"))),
            requester_pays(&Err(denied("GetBucketRequestPayment"))),
        ] {
            assert_eq!(finding.verdict, Verdict::Unchecked, "{finding}");
        }
    }
}
