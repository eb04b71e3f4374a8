//! The checks that `logferry export` makes before it queues.

use std::process::Output;

use logferry::aws::BucketAt;
use logferry::domain::place::{AccountId, Region};
use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, err, keys, out, records};

/// A bucket of the demo that lets nobody in.
const CLOSED: &str = "acme-legacy-archive";

fn queue(desk: &Desk, options: &[&str]) -> Output {
    desk.run(&[&["export", "--from", "3d ago", "--to", "1d ago"], options].concat())
}

fn findings(output: &Output) -> Vec<Value> {
    records(output).into_iter().filter(|record| record["event"] == "finding").collect()
}

#[test]
fn an_export_that_aws_would_refuse_is_5_and_queues_nothing() {
    let desk = Desk::at("60");
    let blocked = [
        "blocked: bucket policy: the bucket has no policy, so the logs service is not let in\n  what to do: let the logs \
         service in: add the missing statements to the bucket policy; `logferry buckets grant acme-legacy-archive`, with \
         the prefix if there is one, does it\n",
        "mend what blocks, or say --no-preflight to have AWS itself refuse it\n",
    ];
    for (mode, end) in [("--wait", "nothing was queued: "), ("--dry-run", "this would not be queued: ")] {
        let output = queue(&desk, &["--group", "/demo/orders", "--bucket", CLOSED, mode]);
        let told = err(&output);
        assert_eq!(output.status.code(), Some(5), "{told}");
        assert!(told.contains(blocked[0]) && told.ends_with(&[end, blocked[1]].concat()), "{told}");
    }
    assert!(desk.listed(&[]).is_empty());
    assert_eq!(desk.calls("CreateExportTask"), 0);
}

#[test]
fn one_log_group_that_is_not_there_blocks_all_and_is_named() {
    let desk = Desk::at("60");
    let output = queue(&desk, &["--group", "/demo/orders,/demo/oders", "--bucket", BUCKET]);
    assert_eq!(output.status.code(), Some(5));
    assert!(err(&output).contains("\n  log groups: /demo/oders\n"), "{}", err(&output));
    assert!(desk.listed(&[]).is_empty());
}

#[test]
fn findings_are_json_lines_as_documented() {
    let desk = Desk::at("60");
    let output = queue(&desk, &["--group", "/demo/orders,/demo/oders", "--bucket", CLOSED, "--json"]);
    let found = findings(&output);
    let told: Vec<_> = found.iter().map(|finding| (&finding["verdict"], &finding["check"])).collect();
    assert_eq!(told, [(&json!("block"), &json!("log group")), (&json!("block"), &json!("bucket policy"))]);
    assert_eq!((&found[0]["log_groups"], &found[1]["log_groups"]), (&json!(["/demo/oders"]), &json!([])));
    let readme = include_str!("../../README.md");
    let line = readme.lines().find(|line| line.starts_with("- `finding`")).expect("findings are documented");
    for key in keys(&found[0]) {
        assert!(key == "event" || line.contains(&format!("`{key}`")), "{key} is not in README");
    }
    assert_eq!(records(&output).last().map(|last| &last["event"]), Some(&json!("finding")), "nothing is queued");
}

#[test]
fn a_warning_is_told_and_queued_all_the_same() {
    let desk = Desk::at("60");
    let kms = ["--group", "/demo/orders", "--bucket", "acme-secure-kms"];
    assert_eq!(queue(&desk, &kms).status.code(), Some(5));
    let allowed = queue(&desk, &[&kms[..], &["--allow-kms"]].concat());
    assert_eq!(allowed.status.code(), Some(0), "{}", err(&allowed));
    let said = "; `logferry doctor --bucket acme-secure-kms --allow-kms` prints it\n";
    assert!(err(&allowed).starts_with("warning: encryption: ") && err(&allowed).contains(said), "{}", err(&allowed));
    assert_eq!(desk.listed(&[]).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_shuts_the_caller_out_is_warned_of() {
    let desk = Desk::at("60");
    let (session, region, owner) =
        (desk.session().await, Region("eu-central-1".to_owned()), AccountId("123456789012".to_owned()));
    let policy = session.bucket_policy(BUCKET, &region).await.expect("an answer").expect("a policy");
    let deny = json!({"Sid": "OnlyLogs", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::*",
        "NotPrincipal": {"Service": "logs.eu-central-1.amazonaws.com"}});
    let policy = policy.replacen('[', &format!("[{deny},"), 1);
    let at = BucketAt { bucket: BUCKET, region: &region, owner: &owner };
    session.put_bucket_policy(at, &policy).await.expect("it is put");
    let output = queue(&desk, &["--group", "/demo/orders", "--bucket", BUCKET]);
    assert_eq!(output.status.code(), Some(0), "it warns, for AWS is the last to judge: {}", err(&output));
    let told = "warning: your permission: statement 1 (OnlyLogs) denies s3:PutObject to arn:aws:iam::123456789012:";
    assert!(err(&output).starts_with(told), "{}", err(&output));
}

#[test]
fn without_checks_nothing_is_asked_and_all_of_it_is_queued() {
    let desk = Desk::at("60");
    let output = queue(&desk, &["--group", "/no/such", "--bucket", CLOSED, "--no-preflight"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!((desk.listed(&[]).len(), desk.calls("GetBucketPolicy"), desk.calls("DescribeLogGroups")), (1, 0, 0));
}

#[test]
fn what_cannot_be_looked_at_holds_nothing_up() {
    for kind in ["access_denied", "cut_before", "throttle"] {
        let desk = Desk::at("60");
        desk.control("faults", &json!({"service": "s3", "kind": kind}));
        desk.control("faults", &json!({"service": "logs", "kind": kind}));
        let output = queue(&desk, &["--group", "/demo/orders", "--bucket", CLOSED]);
        assert_eq!(output.status.code(), Some(0), "{kind}: {}", err(&output));
        assert_eq!(desk.listed(&[]).len(), 1, "{kind}: {}", out(&output));
    }
}

#[test]
fn forty_log_groups_cost_a_few_calls_each_and_the_bucket_is_asked_once() {
    let desk = Desk::at("60");
    let listed = out(&desk.run(&["groups"]));
    let standard = listed.lines().filter(|line| line.contains("\tSTANDARD\t"));
    let groups: Vec<_> = standard.filter_map(|line| line.split('\t').next()).take(40).collect();
    let before = desk.calls("DescribeLogGroups");
    let output = queue(&desk, &["--group", &groups.join(","), "--bucket", BUCKET, "--split", "daily"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let asked = desk.calls("DescribeLogGroups") - before;
    assert!(groups.len() > 30 && asked <= 2 * groups.len() as u64, "{} groups, {asked} calls", groups.len());
    assert_eq!((desk.calls("GetBucketPolicy"), desk.calls("FilterLogEvents")), (1, 0));
}
