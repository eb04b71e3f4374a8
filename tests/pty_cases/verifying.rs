//! A completed export is verified at the terminal, and what was found is written beside it.

use super::desk::{self, Desk, Typed};
use crate::support::pty::ESCAPE;

const ORDERS: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-log-exports", prefix: "pty/proof" };

#[test]
fn a_completed_export_is_verified_and_a_manifest_written() {
    let mut desk = Desk::new("60");
    desk::export(&mut desk.terminal, &ORDERS);
    desk::wait_state(&desk.terminal, ORDERS.group, "Completed");
    let before = desk.landed(ORDERS.bucket, &format!("{}/", ORDERS.prefix));
    desk.terminal.keys("v");
    desk.terminal.wait_until("everything is read back", |screen| {
        screen.line_with(&["Verdict", "✓ sound"]).is_some() && screen.line_with(&["Found", "300 events"]).is_some()
    });
    desk.terminal.keys("m");
    desk.terminal.wait_for("Write the manifest?");
    desk.terminal.keys("y");
    desk.terminal.wait_until("it is written", |screen| {
        screen.line_with(&["Manifest", "✓ s3://acme-log-exports/pty/proof/"]).is_some()
    });
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_gone("Verdict");
    let after = desk.landed(ORDERS.bucket, &format!("{}/", ORDERS.prefix));
    assert_eq!(before, after, "a manifest is no log data");
    let listed = desk.client.aws(&["s3api", "list-objects-v2", "--bucket", ORDERS.bucket, "--prefix", ORDERS.prefix]);
    assert!(listed.to_string().contains("/manifest.json"), "{listed}");
}
