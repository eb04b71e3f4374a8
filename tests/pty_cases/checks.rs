//! What the form knows of the bucket before anything is launched.

use super::desk::{self, Desk, QUEUE_KEY, SUBMIT_LINE, Typed, wait_finding};
use crate::support::pty::{CTRL_L, CTRL_R, CTRL_S, ESCAPE};

const REFUSED: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-legacy-archive", prefix: "pty/checks" };

/// The policy AWS documents for exports, as the demo's own bucket has it.
fn policy_for(desk: &Desk, bucket: &str) -> String {
    let answer = desk.client.aws(&["s3api", "get-bucket-policy", "--bucket", "acme-log-exports"]);
    answer["Policy"].as_str().expect("a policy").replace("acme-log-exports", bucket)
}

#[test]
fn an_export_that_would_be_refused_is_blocked_in_the_form_until_its_bucket_lets_the_service_in() {
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &REFUSED);
    wait_finding(&desk.terminal, "bucket policy", "block");
    wait_finding(&desk.terminal, "bucket Region", "pass");
    desk.terminal.keys(CTRL_S);
    desk.terminal.wait_for("blocked by bucket policy");
    assert!(desk.terminal.screen().shows(SUBMIT_LINE), "it stays in the form");
    let policy = policy_for(&desk, REFUSED.bucket);
    desk.client.aws(&["s3api", "put-bucket-policy", "--bucket", REFUSED.bucket, "--policy", &policy]);
    desk.terminal.keys(CTRL_R);
    wait_finding(&desk.terminal, "bucket policy", "pass");
    desk::submit(&mut desk.terminal);
    desk::wait_state(&desk.terminal, REFUSED.group, "Completed");
}

#[test]
fn on_a_small_screen_a_line_names_the_block_and_a_page_has_the_rest() {
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &REFUSED);
    desk.terminal.resize(80, 24);
    desk.terminal.wait_until("the checks' line and the bucket's own", |screen| {
        screen.line_with(&["Checks", "✗", "bucket policy"]).is_some() && screen.shows("✗ the bucket has no policy")
    });
    desk.terminal.keys(CTRL_L);
    desk.terminal.wait_until("the block is seen without scrolling", |screen| {
        screen.shows("✗ block  bucket policy") && screen.shows("add the missing statements")
    });
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for(SUBMIT_LINE);
    desk::fill(&mut desk.terminal, "Bucket", "acme-log-exports");
    desk.terminal.wait_until("nothing blocks", |screen| {
        screen.line_with(&["Checks", "pass"]).is_some_and(|line| !line.contains('✗'))
    });
    desk.terminal.keys(CTRL_S);
    desk.terminal.wait_for(QUEUE_KEY);
}
