//! `logferry policy`: what is printed can be handed to AWS as it stands.

use std::process::{Command, Output, Stdio};

use logferry::domain::place::{AccountId, Region};
use logferry::domain::policy::{Access, Document, Export, rule};
use serde_json::Value;

use crate::desk::{Desk, err, out};
use crate::support::server::clean;

/// Runs it with no configuration, no credentials and no endpoint: whatever connects fails.
fn offline(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().expect("a home directory");
    let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
    clean(&mut command, home.path());
    command.arg("policy").args(arguments).env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null());
    command.output().expect("the binary runs")
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    serde_json::from_str(&out(output)).expect("stdout is one JSON value")
}

fn actions(policy: &Value) -> Vec<&str> {
    let statements = policy["Statement"].as_array().expect("statements");
    let lists = statements.iter().filter_map(|statement| statement["Action"].as_array());
    lists.flatten().filter_map(Value::as_str).collect()
}

#[test]
fn a_bucket_policy_is_for_this_account_and_region_and_lets_the_service_in() {
    let desk = Desk::at("60");
    let output = desk.run(&["policy", "--bucket", "new-logs"]);
    let policy = json(&output);
    assert!(out(&output).contains("arn:aws:logs:eu-central-1:123456789012:log-group:*"), "{policy}");
    let document = Document::parse(&out(&output)).expect("a policy");
    let export = Export {
        account: AccountId("123456789012".to_owned()),
        region: Region("eu-central-1".to_owned()),
        group: None,
        bucket: "new-logs".to_owned(),
        prefix: None,
    };
    let ruling = rule(Some(&document), &export);
    assert!(matches!(ruling.get_bucket_acl, Access::Allowed) && matches!(ruling.put_object, Access::Allowed));
}

#[test]
fn account_and_region_given_spare_the_connection() {
    let given = ["--bucket", "new-logs", "--account", "210987654321", "--region", "cn-north-1"];
    let text = json(&offline(&given)).to_string();
    assert!(text.contains("arn:aws-cn:s3:::new-logs/*") && text.contains("210987654321"), "{text}");
    assert!(text.contains("logs.cn-north-1.amazonaws.com.cn"), "{text}");
    assert_eq!(offline(&given[..4]).status.code(), Some(1), "without a Region there is nowhere to look");
}

#[test]
fn the_least_iam_policy_is_printed_of_each_feature_or_of_some_together() {
    let each = json(&offline(&["--iam"]));
    let features: Vec<&String> = each.as_object().expect("features by name").keys().collect();
    assert_eq!(features, ["browse", "cancel", "export", "fix-buckets", "preflight", "probe", "verify"]);
    assert_eq!(actions(&each["cancel"]), ["logs:CancelExportTask", "logs:DescribeExportTasks"]);

    let some = json(&offline(&["--iam", "cancel,probe", "--bucket", "new-logs", "--region", "us-gov-west-1"]));
    let expected = ["logs:CancelExportTask", "logs:DescribeExportTasks", "s3:DeleteObject", "s3:PutObject"];
    assert_eq!(actions(&some), expected);
    assert!(some.to_string().contains("arn:aws-us-gov:s3:::new-logs/*"), "{some}");
}

#[test]
fn what_makes_no_policy_is_wrong_usage() {
    for (wrong, told) in [
        (&[][..], "--bucket"),
        (&["--iam", "fly"], "expected one of browse, export, cancel, preflight, probe, fix-buckets, verify"),
        (&["--bucket", "Not_A_Bucket"], "--bucket"),
        (&["--bucket", "new-logs", "--account", "12"], "twelve digits"),
        (&["--iam", "--account", "210987654321"], "--account"),
    ] {
        let output = offline(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(out(&output).is_empty() && err(&output).contains(told), "{wrong:?}: {}", err(&output));
    }
}
