//! Calls that the caller may not make: "could not check", never a pass and never a block.

use logferry::domain::preflight::{Check, Verdict};

use crate::bench::{Bench, said, troubled};

/// Each call, and what depends on it alone.
const CALLS: &[(&str, &[Check])] = &[
    ("DescribeLogGroups", &[Check::LogGroup, Check::Range]),
    ("FilterLogEvents", &[Check::Events]),
    ("HeadBucket", &[Check::Owner]),
    ("GetBucketEncryption", &[Check::Encryption]),
    ("GetBucketPolicy", &[Check::Policy]),
    ("GetPublicAccessBlock", &[Check::PublicAccess]),
    ("GetBucketOwnershipControls", &[Check::ObjectOwnership]),
    ("GetObjectLockConfiguration", &[Check::ObjectLock]),
    ("GetBucketVersioning", &[Check::Versioning]),
    ("GetBucketRequestPayment", &[Check::RequesterPays]),
    ("DescribeExportTasks", &[Check::Slot]),
    // Where the bucket is, S3 tells in the refusal of the next call.
    ("GetBucketLocation", &[]),
];

#[tokio::test]
async fn one_call_that_is_denied_leaves_one_thing_unchecked() {
    for (operation, checks) in CALLS {
        let bench = Bench::ready().await;
        bench.deny(operation);
        let report = bench.check().await;
        assert_eq!(troubled(&report), *checks, "{operation}: {report:?}");
        assert_eq!(report.worst(), Verdict::Unchecked, "{operation}: {report:?}");
        for check in checks.iter().filter(|check| **check != Check::Range) {
            let told = said(&report, *check);
            assert!(told.starts_with(&format!("could not check: {operation}")), "{told}");
        }
    }
}

#[tokio::test]
async fn all_calls_denied_is_neither_a_warning_nor_a_block() {
    let bench = Bench::ready().await;
    for (operation, _) in CALLS {
        bench.deny(operation);
    }
    let report = bench.check().await;
    assert_eq!(report.worst(), Verdict::Unchecked, "{report:?}");
    assert_eq!(report.count(Verdict::Pass), 0, "{report:?}");
}
