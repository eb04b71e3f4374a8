//! `logferry doctor` on the demo's buckets: each has a story, and the checklist tells it before an export is launched.

use std::fs;
use std::process::Output;

use logferry::aws::BucketAt;
use logferry::domain::place::{AccountId, Region};

use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, err, keys, out, records};

/// A log group of the demo with events in the last days.
const GROUP: &str = "/ecs/shop-web";

/// A range that is over for more than twelve hours.
const RANGE: [&str; 4] = ["--from", "3d ago", "--to", "1d ago"];

struct Checked {
    code: Option<i32>,
    findings: Vec<Value>,
}

fn doctor(desk: &Desk, bucket: &str, more: &[&str]) -> Checked {
    let output = plain(desk, &[&["--bucket", bucket, "--json"], more].concat());
    Checked { code: output.status.code(), findings: records(&output) }
}

fn plain(desk: &Desk, more: &[&str]) -> Output {
    desk.run(&[&["doctor"], more].concat())
}

impl Checked {
    fn of(&self, check: &str) -> &Value {
        let found = self.findings.iter().find(|finding| finding["check"] == check);
        found.unwrap_or_else(|| panic!("no {check} in {:#?}", self.findings))
    }

    fn verdict(&self, check: &str) -> &str {
        self.of(check)["verdict"].as_str().expect("a word")
    }

    /// The checks with this verdict.
    fn with(&self, verdict: &str) -> Vec<&str> {
        let fitting = self.findings.iter().filter(|finding| finding["verdict"] == verdict);
        fitting.filter_map(|finding| finding["check"].as_str()).collect()
    }
}

#[test]
fn a_ready_bucket_passes_and_what_cannot_be_known_is_no_warning() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, BUCKET, &[]);
    assert_eq!(checked.code, Some(0), "{:#?}", checked.findings);
    assert_eq!(checked.with("could not check"), ["your permission"]);
    assert_eq!(checked.findings.len(), 12);
    let expected = ["bucket", "check", "group", "reason", "remedy", "statement", "verdict"];
    assert_eq!(keys(&checked.findings[0]), expected.into());
}

#[test]
fn a_log_group_and_a_range_are_checked_with_the_bucket() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, BUCKET, &[&["--group", GROUP], &RANGE[..]].concat());
    assert_eq!(checked.code, Some(0), "{:#?}", checked.findings);
    for check in ["log group", "range", "events", "bucket policy"] {
        assert_eq!((checked.verdict(check), &checked.of(check)["group"]), ("pass", &json!(GROUP)), "{check}");
    }
    let late = doctor(&desk, BUCKET, &["--group", GROUP, "--from", "1d ago", "--to", "now"]);
    assert_eq!((late.code, late.with("warn")), (Some(3), vec!["range"]));
    let backwards = doctor(&desk, BUCKET, &["--group", GROUP, "--from", "1d ago", "--to", "3d ago"]);
    assert_eq!((backwards.code, backwards.with("block")), (Some(4), vec!["range"]));
    let unknown = doctor(&desk, BUCKET, &["--group", "/no/such", "--group", GROUP]);
    assert_eq!((unknown.code, unknown.with("block")), (Some(4), vec!["log group"]));
}

#[test]
fn of_a_log_group_that_may_not_be_asked_about_nothing_is_claimed() {
    let desk = Desk::at("60");
    desk.control("faults", &json!({"operation": "DescribeLogGroups", "kind": "access_denied"}));
    let checked = doctor(&desk, BUCKET, &[&["--group", GROUP], &RANGE[..]].concat());
    assert_eq!(checked.code, Some(0), "{:#?}", checked.findings);
    assert_eq!(checked.with("could not check"), ["your permission", "log group", "range"]);
}

#[test]
fn a_bucket_without_a_policy_blocks_and_says_what_to_add() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, "acme-legacy-archive", &[]);
    assert_eq!((checked.code, checked.with("block")), (Some(4), vec!["bucket policy"]));
    let remedy = checked.of("bucket policy")["remedy"].as_str().expect("a remedy");
    assert!(remedy.contains("add the missing statements"), "{remedy}");
}

#[test]
fn a_customer_managed_key_blocks_until_it_is_allowed_for() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, "acme-secure-kms", &[]);
    assert_eq!((checked.code, checked.with("block")), (Some(4), vec!["encryption"]));
    let allowed = doctor(&desk, "acme-secure-kms", &["--allow-kms"]);
    assert_eq!((allowed.code, allowed.with("warn")), (Some(3), vec!["encryption"]));
    let statement = &allowed.of("encryption")["statement"];
    assert_eq!(statement["Principal"]["Service"], "logs.eu-central-1.amazonaws.com");
}

#[test]
fn a_bucket_elsewhere_blocks_and_is_asked_where_it_is() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, "acme-us-backups", &[]);
    assert_eq!((checked.code, checked.with("block")), (Some(4), vec!["bucket Region"]));
    let reason = checked.of("bucket Region")["reason"].as_str().expect("a reason");
    assert!(reason.contains("us-east-1") && reason.contains("eu-central-1"), "{reason}");
    assert_eq!(checked.with("could not check"), ["your permission"]);
}

#[test]
fn another_accounts_bucket_warns_with_the_statement_the_caller_needs() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, "partner-shared-logs", &[]);
    assert_eq!((checked.code, checked.with("warn")), (Some(3), vec!["bucket owner"]), "{:#?}", checked.findings);
    assert_eq!(checked.of("bucket owner")["statement"]["Action"], "s3:PutObject");
}

#[test]
fn a_bucket_that_is_not_there_blocks_and_nothing_more_is_said_of_it() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, "no-such-bucket-anywhere", &[]);
    assert_eq!((checked.code, checked.with("block")), (Some(4), vec!["bucket"]));
    assert_eq!(checked.findings.len(), 2, "the bucket and the slot: {:#?}", checked.findings);
}

#[test]
fn what_the_caller_may_not_ask_could_not_be_checked() {
    let calls = [
        ("GetBucketPolicy", "bucket policy"),
        ("GetBucketEncryption", "encryption"),
        ("GetPublicAccessBlock", "public access"),
        ("GetBucketOwnershipControls", "object ownership"),
        ("GetObjectLockConfiguration", "object lock"),
        ("GetBucketVersioning", "versioning"),
        ("GetBucketRequestPayment", "requester pays"),
        ("HeadBucket", "bucket owner"),
        ("DescribeExportTasks", "slot"),
    ];
    let desk = Desk::at("60");
    for (operation, _) in calls {
        desk.control("faults", &json!({"operation": operation, "kind": "access_denied"}));
    }
    let checked = doctor(&desk, BUCKET, &[]);
    assert_eq!(checked.code, Some(0), "neither a warning nor a block: {:#?}", checked.findings);
    for (operation, check) in calls {
        assert_eq!(checked.verdict(check), "could not check", "{operation}");
        let reason = checked.of(check)["reason"].as_str().expect("a reason");
        assert!(reason.starts_with(operation), "{reason}");
    }
    assert_eq!((checked.verdict("bucket"), checked.verdict("bucket Region")), ("pass", "pass"));
}

#[test]
fn a_bucket_whose_location_is_refused_is_found_by_what_s3_tells_anybody() {
    let desk = Desk::at("60");
    desk.control("faults", &json!({"operation": "GetBucketLocation", "kind": "access_denied"}));
    let near = doctor(&desk, BUCKET, &[]);
    assert_eq!((near.code, near.verdict("bucket Region")), (Some(0), "pass"), "{:#?}", near.findings);
    let far = doctor(&desk, "acme-us-backups", &[]);
    assert_eq!((far.code, far.with("block")), (Some(4), vec!["bucket Region"]), "{:#?}", far.findings);
}

#[test]
fn a_probe_tells_whether_the_caller_may_put_and_leaves_nothing() {
    let desk = Desk::at("60");
    let checked = doctor(&desk, BUCKET, &["--probe", "--prefix", "probes"]);
    assert_eq!((checked.code, checked.verdict("your permission")), (Some(0), "pass"));
    assert_eq!((desk.calls("PutObject"), desk.calls("DeleteObject")), (1, 1));
    desk.control("faults", &json!({"operation": "PutObject", "kind": "access_denied"}));
    let refused = doctor(&desk, BUCKET, &["--probe"]);
    assert_eq!((refused.code, refused.with("block")), (Some(4), vec!["your permission"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_is_judged_for_the_prefix_that_each_log_group_makes_of_a_template() {
    let desk = Desk::at("60");
    let (session, region, owner) =
        (desk.session().await, Region("eu-central-1".to_owned()), AccountId("123456789012".to_owned()));
    let policy = session.bucket_policy(BUCKET, &region).await.expect("an answer").expect("a policy");
    let narrow = policy.replace(&format!("{BUCKET}/*"), &format!("{BUCKET}/ecs/shop-web/2026*"));
    assert_ne!(policy, narrow);
    let at = BucketAt { bucket: BUCKET, region: &region, owner: &owner };
    session.put_bucket_policy(at, &narrow).await.expect("it is put");
    let groups = ["--group", "/ecs/shop-web,/demo/orders", "--from", "2026-11-01", "--to", "2026-11-02"];
    let checked = doctor(&desk, BUCKET, &[&groups[..], &["--prefix", "{group}/{from:%Y-%m-%d}"]].concat());
    let policies = checked.findings.iter().filter(|finding| finding["check"] == "bucket policy");
    let told: Vec<_> = policies.map(|finding| (&finding["group"], &finding["verdict"])).collect();
    assert_eq!(told, [(&json!("/ecs/shop-web"), &json!("pass")), (&json!("/demo/orders"), &json!("block"))]);
}

#[test]
fn that_a_bucket_has_no_policy_is_nothing_to_warn_of_in_the_log() {
    let desk = Desk::at("60");
    assert_eq!(doctor(&desk, "acme-legacy-archive", &[]).code, Some(4));
    let logged = fs::read_to_string(desk.state().join("logferry.log")).expect("a log");
    assert!(logged.contains("started") && !logged.contains("WARN"), "{logged}");
}

#[test]
fn programs_read_a_line_for_each_finding() {
    let desk = Desk::at("60");
    let output = plain(&desk, &["--bucket", "acme-legacy-archive", "--group", GROUP]);
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    let text = out(&output);
    assert!(text.lines().all(|line| line.split('\t').count() == 6), "{text}");
    assert!(text.contains(&format!("block\tbucket policy\t{GROUP}\tthe bucket has no policy")), "{text}");
}

#[test]
fn no_connection_is_code_1_and_wrong_usage_code_2() {
    let desk = Desk::at("60");
    for (wrong, told) in [
        (&[][..], "--bucket"),
        (&["--bucket", BUCKET, "--from", "1d ago"], "--to"),
        (&["--bucket", BUCKET, "--from", "2d ago", "--to", "1d ago"], "--group"),
        (&["--bucket", BUCKET, "--prefix", "{gruop}/x"], "did you mean {group}?"),
        (&["--bucket", BUCKET, "--prefix", "{group}/x"], "has fields: give --group"),
        (&["--bucket", BUCKET, "--group", GROUP, "--prefix", "{from:%d}"], "for dates --from and --to"),
        (&["--bucket", BUCKET, "--group", GROUP, "--prefix", "{group}/\u{7}"], "--prefix"),
        (&["--bucket", BUCKET, "--group", GROUP, "--from", "whenever", "--to", "now"], "--from"),
    ] {
        let output = plain(&desk, wrong);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{wrong:?}");
        assert!(err(&output).contains(told), "{wrong:?}: {}", err(&output));
    }
    desk.control("faults", &json!({"operation": "GetCallerIdentity", "kind": "expired_token"}));
    let output = plain(&desk, &["--bucket", BUCKET]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(1), ""), "{}", err(&output));
}
