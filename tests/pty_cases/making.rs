//! Buckets and lifecycle rules made at the terminal, and looked at with a separate client.

use serde_json::json;

use super::desk::{self, Desk, control};
use crate::support::pty::{ENTER, ESCAPE, Terminal};

const NAME: &str = "acme-pty-new";
const GROUP: &str = "/demo/orders";

/// Fills the form for a new bucket, and looks at what will be created.
fn describe(terminal: &mut Terminal) {
    terminal.keys("2");
    terminal.wait_for("acme-log-exports");
    terminal.keys("n");
    terminal.wait_for("New bucket");
    desk::fill(terminal, "Name", NAME);
    desk::fill(terminal, "Expire after", "400");
    terminal.keys(ENTER);
    terminal.wait_until("it is told what will be created", |screen| {
        screen.shows("Create a bucket?") && screen.shows("set the lifecycle rule: expire after 400 d")
    });
}

#[test]
fn a_bucket_is_created_and_exported_to() {
    let mut desk = Desk::new("60");
    describe(&mut desk.terminal);
    let listed = desk.client.aws(&["s3api", "list-buckets"]).to_string();
    assert!(!listed.contains(NAME), "nothing is created before it is confirmed");
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("✓ Created. It is in the list of buckets");
    let about = |call: &str| desk.client.aws(&["s3api", call, "--bucket", NAME]);
    let closed = json!({"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true});
    assert_eq!(about("get-public-access-block")["PublicAccessBlockConfiguration"], closed);
    assert_eq!(about("get-bucket-lifecycle-configuration")["Rules"][0]["Expiration"], json!({"Days": 400}));
    assert_eq!(about("get-bucket-versioning")["Status"], json!(null));

    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_until("it is under the cursor, and lets exports in", |screen| {
        screen.line_with(&["›", NAME, "✓ pass"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_until("the form is open with it", |screen| {
        screen.shows(desk::SUBMIT_LINE) && screen.line_with(&["Bucket", NAME]).is_some()
    });
    for (label, text) in [("Log groups", GROUP), ("From", "5d ago"), ("To", "now")] {
        desk::fill(&mut desk.terminal, label, text);
    }
    desk::submit(&mut desk.terminal);
    desk.terminal.keys("3");
    desk::wait_state(&desk.terminal, GROUP, "Completed");
    assert_eq!(desk.landed(NAME, "").objects, 3, "one object a stream");
}

#[test]
fn a_bucket_that_could_not_be_finished_is_gone_on_with() {
    let mut desk = Desk::new("60");
    control(&desk.url, "POST", "/faults", r#"{"operation":"PutBucketPolicy","kind":"access_denied","times":1}"#);
    describe(&mut desk.terminal);
    desk.terminal.keys(ENTER);
    desk.terminal.wait_until("what is there is told, and what to do", |screen| {
        screen.shows("! The bucket is there, and not finished")
            && screen.line_with(&["✓", "encrypt with SSE-S3"]).is_some()
            && screen.line_with(&["✗", "let the logs service in by the bucket policy: failed"]).is_some()
            && screen.line_with(&["–", "set the lifecycle rule", "not tried"]).is_some()
    });
    desk.terminal.keys("R");
    desk.terminal.wait_for("✓ Created. It is in the list of buckets");
    assert!(desk.terminal.screen().shows("encrypt with SSE-S3 (it was so already)"), "only what was left is done");
    desk.client.aws(&["s3api", "get-bucket-policy", "--bucket", NAME]);
}

#[test]
fn a_lifecycle_rule_is_added_and_undone() {
    let mut desk = Desk::new("60");
    let terminal = &mut desk.terminal;
    terminal.keys("2");
    terminal.wait_for("acme-legacy-archive");
    terminal.keys(&format!("/legacy{ENTER}"));
    terminal.wait_until("its policy is judged", |screen| screen.line_with(&["legacy", "✗ block"]).is_some());
    terminal.keys("i");
    terminal.wait_for("Lifecycle     no rules");
    terminal.keys("l");
    terminal.wait_for("No lifecycle rule");
    terminal.keys("n");
    terminal.wait_for("New lifecycle rule");
    desk::fill(terminal, "Abort after", "7");
    terminal.keys(ENTER);
    terminal.wait_until("the exact change is shown", |screen| {
        screen.shows("Enter apply") && screen.line_with(&["+", "<DaysAfterInitiation>7"]).is_some()
    });
    terminal.keys(ENTER);
    terminal.wait_for("✓ Done, and read back");
    terminal.keys(ESCAPE);
    terminal.wait_until("it is listed", |screen| {
        screen.line_with(&["›", "logferry, on exportedlogs/", "touches exports"]).is_some()
            && screen.shows("abort incomplete uploads after 7 d")
    });
    let rules =
        || desk.client.run("aws", &["s3api", "get-bucket-lifecycle-configuration", "--bucket", "acme-legacy-archive"]);
    assert!(rules().expect("rules").contains("\"DaysAfterInitiation\": 7"));
    desk.terminal.keys("d");
    desk.terminal.wait_for("Enter apply");
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("✓ Done, and read back");
    assert!(rules().expect_err("none").contains("NoSuchLifecycleConfiguration"));
    desk.terminal.keys("u");
    desk.terminal.wait_until("the way back is shown", |screen| {
        screen.shows("Enter apply") && screen.line_with(&["+", "<DaysAfterInitiation>7"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("✓ Done, and read back");
    assert!(rules().expect("rules").contains("\"DaysAfterInitiation\": 7"));
}
