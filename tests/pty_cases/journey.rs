//! The main job, end to end.

use std::collections::BTreeSet;

use super::desk::{self, Desk, SIZE, SUBMIT_LINE, Typed};
use crate::support::exported::lines_under;
use crate::support::line::line;
use crate::support::pty::{ESCAPE, Terminal};

const ORDERS: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-log-exports", prefix: "pty/orders" };

#[test]
fn a_newcomer_exports_on_the_embedded_sandbox() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox", "--clock", "60"], &[]);
    terminal.wait_for("SANDBOX");
    desk::export(&mut terminal, &ORDERS);
    let line = desk::wait_state(&terminal, ORDERS.group, "Completed");
    assert!(desk::shows_bytes(&line), "nothing landed: {line}");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
}

#[test]
fn every_line_that_was_put_in_is_in_the_bucket() {
    let mut desk = Desk::new("20");
    desk::export(&mut desk.terminal, &ORDERS);
    let row = desk::wait_state(&desk.terminal, ORDERS.group, "Completed");
    let landed = desk.landed(ORDERS.bucket, &format!("{}/", ORDERS.prefix));
    assert_eq!(landed.objects, 3, "one object a stream");
    assert!(desk::amounts(&row).contains(&landed.bytes.to_string()), "{row} does not show {landed}");

    let put = desk.client.aws(&["logs", "filter-log-events", "--log-group-name", ORDERS.group]);
    let events = put["events"].as_array().expect("a list of events");
    assert_eq!(events.len(), 300);
    let text = |event: &serde_json::Value| {
        line(event["timestamp"].as_i64().expect("milliseconds"), event["message"].as_str().expect("a message"))
    };
    // A message of several lines is several lines of the export; only the first begins with the time.
    let mut expected: Vec<String> = events.iter().map(text).flat_map(|text| lines_of(&text)).collect();
    expected.sort();
    let download = desk.client.directory().join("download");
    let target = download.to_str().expect("a UTF-8 path");
    let source = format!("s3://{}/{}/", ORDERS.bucket, ORDERS.prefix);
    desk.client.aws(&["s3", "cp", "--quiet", "--recursive", &source, target]);
    assert_eq!(lines_under(&download), expected);
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[test]
fn bytes_rise_while_a_large_group_is_exported() {
    // Its objects land over five seconds then: what has landed is counted every two.
    let mut desk = Desk::new("1.2");
    let large = Typed { group: "/ecs/shop-web", from: "8d ago", prefix: "pty/rise", ..ORDERS };
    desk::export(&mut desk.terminal, &large);
    let mut seen = BTreeSet::new();
    desk.terminal.wait_until("it has completed", |screen| {
        let running = desk::task(screen, large.group, "Running").filter(|task| desk::shows_bytes(task));
        seen.extend(running.iter().flat_map(|task| desk::amounts(task)));
        desk::task(screen, large.group, "Completed").is_some()
    });
    assert!(seen.len() >= 2, "bytes did not rise while it was running: {seen:?}");
}

#[test]
fn a_past_export_is_run_again_from_the_history() {
    let mut desk = Desk::new("60");
    desk::export(&mut desk.terminal, &ORDERS);
    desk::wait_state(&desk.terminal, ORDERS.group, "Completed");
    desk.terminal.keys("4");
    desk.terminal.wait_until("the history lists it", |screen| {
        // Ours is told from the demo's own past tasks by its mark.
        screen.line_with(&["* ✓ Completed", ORDERS.group]).is_some()
    });
    desk.terminal.keys("r");
    desk.terminal.wait_until("the form holds its values", |screen| {
        screen.shows(SUBMIT_LINE)
            && screen.line_with(&["Log groups", ORDERS.group]).is_some()
            && screen.line_with(&["Bucket", ORDERS.bucket]).is_some()
            && screen.line_with(&["Prefix", ORDERS.prefix]).is_some()
    });
    desk::submit(&mut desk.terminal);
    desk.terminal.keys("3");
    desk.terminal.wait_until("both are completed", |screen| {
        screen.lines.iter().filter(|line| line.contains("Completed")).count() >= 2
    });
    let landed = desk.landed(ORDERS.bucket, &format!("{}/", ORDERS.prefix));
    assert_eq!(landed.objects, 6, "two tasks, each in a folder of its own");
}

#[test]
fn nothing_typed_is_lost_by_looking_elsewhere() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[]);
    desk::open_form(&mut terminal, ORDERS.group);
    desk::fill(&mut terminal, "Prefix", "half/typed");
    desk::fill(&mut terminal, "From", "no such time");
    terminal.keys(ESCAPE);
    terminal.wait_gone(SUBMIT_LINE);
    terminal.keys("2");
    terminal.wait_for("acme-log-exports");
    terminal.keys("6");
    terminal.wait_until("the form is as it was left", |screen| {
        screen.shows(SUBMIT_LINE)
            && screen.line_with(&["Log groups", ORDERS.group]).is_some()
            && screen.line_with(&["From", "no such time"]).is_some()
            && screen.line_with(&["Prefix", "half/typed"]).is_some()
    });
}
