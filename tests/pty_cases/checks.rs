//! What the form knows of the bucket before anything is launched.

use super::desk::{self, Desk, QUEUE_KEY, SUBMIT_LINE, Typed, wait_finding};
use crate::support::pty::{CTRL_G, CTRL_L, CTRL_N, CTRL_S, ENTER, ESCAPE, F4};

const REFUSED: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-legacy-archive", prefix: "pty/checks" };

#[test]
fn an_export_that_would_be_refused_is_blocked_in_the_form_mended_with_one_key_and_completes() {
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &REFUSED);
    wait_finding(&desk.terminal, "bucket policy", "block");
    wait_finding(&desk.terminal, "bucket Region", "pass");
    desk.terminal.keys(CTRL_S);
    desk.terminal.wait_for("blocked by bucket policy");
    assert!(desk.terminal.screen().shows(SUBMIT_LINE), "it stays in the form");
    desk.terminal.keys(CTRL_G);
    desk.terminal.wait_until("the exact change is shown", |screen| {
        screen.shows("Enter apply") && screen.line_with(&["+", "LogferryExportPutObject"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("✓ Done, and read back");
    desk.terminal.keys(ESCAPE);
    wait_finding(&desk.terminal, "bucket policy", "pass");
    desk::submit(&mut desk.terminal);
    desk::wait_state(&desk.terminal, REFUSED.group, "Completed");
}

/// A bucket with a customer-managed key, and the newest events: AWS's own export can do neither.
const ENCRYPTED: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-secure-kms", prefix: "pty/direct" };

#[test]
fn what_blocks_aws_own_export_does_not_block_the_direct_engine() {
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &ENCRYPTED);
    wait_finding(&desk.terminal, "encryption", "block");
    desk.terminal.keys(CTRL_S);
    desk.terminal.wait_for("blocked by encryption");
    desk.terminal.keys(F4);
    desk.terminal.wait_until("the direct engine is chosen, and nothing blocks it", |screen| {
        screen.shows("[ Export directly ]") && screen.line_with(&["block", "encryption"]).is_none()
    });
    desk.terminal.keys(CTRL_S);
    desk.terminal.wait_until("the page before queueing names it", |screen| {
        screen.shows(QUEUE_KEY) && screen.line_with(&["Engine", "direct"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.keys("3");
    desk::wait_state(&desk.terminal, ENCRYPTED.group, "Completed");
    assert!(desk.landed(ENCRYPTED.bucket, ENCRYPTED.prefix).objects > 0);
}

#[test]
fn a_direct_export_goes_into_a_directory_once_nothing_stands_in_its_way() {
    let home = tempfile::tempdir().expect("a directory");
    let (file, logs) = (home.path().join("file"), home.path().join("logs"));
    std::fs::write(&file, "in the way").expect("it is written");
    let below = format!("file:{}/logs", file.display());
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &Typed { bucket: &below, ..ENCRYPTED });
    desk.terminal.wait_for("a directory takes the direct engine: F4 chooses it");
    desk.terminal.keys(F4);
    wait_finding(&desk.terminal, "directory", "block");
    desk::fill(&mut desk.terminal, "Bucket", &format!("file:{}", logs.display()));
    wait_finding(&desk.terminal, "directory", "pass");
    wait_finding(&desk.terminal, "free space", "pass");
    desk.terminal.keys(CTRL_S);
    desk.terminal.wait_until("the page before queueing names it", |screen| {
        screen.shows(QUEUE_KEY) && screen.shows("/logs; nothing is queued yet")
    });
    desk.terminal.keys(ENTER);
    desk.terminal.keys("3");
    desk::wait_state(&desk.terminal, ENCRYPTED.group, "Completed");
    assert!(logs.join(ENCRYPTED.prefix).is_dir());
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
        screen.shows("✗ block  bucket policy") && screen.shows("press Ctrl-G")
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

#[test]
fn a_bucket_that_is_not_there_is_created_from_the_form_and_the_export_completes() {
    let missing = Typed { bucket: "acme-not-there-yet", ..REFUSED };
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &missing);
    wait_finding(&desk.terminal, "bucket", "block");
    desk.terminal.wait_for("press Ctrl-N to create it");
    desk.terminal.keys(CTRL_N);
    desk.terminal.wait_until("the form for it has its name", |screen| {
        screen.shows("New bucket") && screen.line_with(&["Name", missing.bucket]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("Create a bucket?");
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("✓ Created.");
    desk.terminal.keys(ESCAPE);
    wait_finding(&desk.terminal, "bucket policy", "pass");
    desk::submit(&mut desk.terminal);
    desk::wait_state(&desk.terminal, missing.group, "Completed");
}
