//! Buckets at the terminal: one that exports cannot go into is opened to them, and a read-only interface opens none.

use super::desk::Desk;
use crate::support::pty::{ENTER, ESCAPE, Terminal};

/// The demo's bucket without a policy.
const CLOSED: &str = "acme-legacy-archive";

/// What the bucket's policy is, as a separate client sees it.
fn policy(desk: &Desk) -> String {
    let answer = desk.client.aws(&["s3api", "get-bucket-policy", "--bucket", CLOSED]);
    answer["Policy"].as_str().expect("a policy").to_owned()
}

/// The list of buckets with nothing in it but that one, its details told.
fn find(terminal: &mut Terminal) {
    terminal.keys("2");
    terminal.wait_for(CLOSED);
    terminal.keys("/legacy");
    terminal.wait_for("Buckets  1 of ");
    terminal.keys(ENTER);
    terminal.wait_until("its policy is judged", |screen| screen.line_with(&[CLOSED, "✗ block"]).is_some());
}

#[test]
fn a_closed_bucket_is_opened_to_exports() {
    let mut desk = Desk::new("60");
    find(&mut desk.terminal);
    desk.terminal.keys("i");
    desk.terminal.wait_for("AWS would refuse an export: 1 block");
    desk.terminal.keys("a");
    desk.terminal.wait_until("the change is shown", |screen| {
        screen.shows("Enter apply") && screen.line_with(&["+", "LogferryExportGetBucketAcl"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("✓ Done, and read back");
    assert!(policy(&desk).contains("LogferryExportPutObject"));
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for("nothing stands against an export");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_until("its row says so too", |screen| screen.line_with(&[CLOSED, "✓ pass"]).is_some());
    desk.terminal.keys("a");
    desk.terminal.wait_for("Nothing to do");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_gone("Nothing to do");
}

#[test]
fn a_read_only_interface_says_so_and_opens_no_bucket() {
    let mut terminal = Terminal::start((120, 40), &["--sandbox"], &[("LOGFERRY_READ_ONLY", "1")]);
    terminal.wait_for("READ-ONLY");
    find(&mut terminal);
    terminal.wait_for("a allow (read-only)");
    terminal.keys("a");
    terminal.wait_for("read-only by --read-only, LOGFERRY_READ_ONLY or the configuration");
}
