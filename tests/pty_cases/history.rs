//! The history of AWS and of the ledger as one listing, sorted listings, and marks.

use std::fs;

use super::desk::{self, QUEUE_KEY, REGION, SUBMIT_LINE, Typed, at};
use crate::support::pty::{CTRL_S, END, ENTER, ESCAPE, F4, SPACE, Screen, Terminal};
use crate::support::sandbox::sandbox;
use crate::support::server::Server;

const CTRL_SPACE: &str = "\0";

const MANAGED: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-log-exports", prefix: "pty/history" };

fn demo() -> Server {
    sandbox(&["--seed", "demo", "--clock", "60", "--region", REGION])
}

/// How many rows the title of the history counts; none while it loads.
fn counted(screen: &Screen) -> Option<usize> {
    // The line of the screens names it too, further on.
    let title = screen.lines.iter().find_map(|line| line.strip_prefix(" History  "))?;
    title.split(' ').next()?.parse().ok()
}

#[test]
fn the_history_joins_what_aws_and_the_ledger_know() {
    let server = demo();
    let state = tempfile::tempdir().expect("a directory");
    let mut terminal = at(&server.url, state.path());
    desk::export(&mut terminal, &MANAGED);
    desk::wait_state(&terminal, MANAGED.group, "Completed");
    // The form keeps what was exported.
    terminal.keys("6");
    terminal.wait_for(SUBMIT_LINE);
    terminal.keys(F4);
    terminal.wait_for("[ Export directly ]");
    terminal.keys(CTRL_S);
    terminal.wait_for(QUEUE_KEY);
    terminal.keys(ENTER);
    terminal.wait_until("it is queued", |screen| !screen.shows(QUEUE_KEY) && !screen.shows(SUBMIT_LINE));
    terminal.keys("4");
    terminal.wait_until("what AWS has, what the ledger has, and what both have", |screen| {
        let row = |known: &str| screen.line_with(&["* ✓ Completed", MANAGED.group, known]).is_some();
        row(" AWS+us") && row(" us") && screen.line_with(&["nightly-export-lambda", " AWS"]).is_some()
    });
    let first = terminal.screen();
    let ours = first.lines.iter().filter(|line| line.contains("* ✓ Completed")).count();
    assert_eq!(ours, 2, "each is one row:\n{}", first.lines.join("\n"));

    terminal.keys(END);
    terminal.wait_until("the second page of AWS's", |screen| counted(screen).is_some_and(|count| count > 60));
    terminal.keys("/state:fail");
    terminal.wait_until("failed ones alone", |screen| screen.shows("✗ Failed") && !screen.shows("✓ Completed"));
    terminal.keys(" owner:me");
    terminal.wait_for("no such filter: owner:");
    terminal.keys(ESCAPE);
    terminal.wait_gone("no such filter");
    terminal.keys(&format!("/orders bucket:exports since:1d{ENTER}"));
    terminal.wait_until("those of today", |screen| {
        screen.line_with(&["* ✓ Completed", " AWS+us"]).is_some() && !screen.shows("nightly-export-lambda")
    });
    terminal.keys(ENTER);
    terminal.wait_until("everything that both know of it", |screen| {
        screen.shows("Timeline") && (screen.shows("AWS said") || screen.shows("Engine"))
    });
}

#[test]
fn what_a_listing_is_sorted_by_is_remembered() {
    let server = demo();
    let state = tempfile::tempdir().expect("a directory");
    let mut terminal = at(&server.url, state.path());
    terminal.wait_for("Log group ▲");
    terminal.wait_for("/aws/lambda/");
    terminal.keys("s");
    terminal.wait_for("Class ▲");
    terminal.keys("2");
    terminal.wait_for("acme-log-exports");
    terminal.keys("S");
    terminal.wait_for("Bucket ▼");
    let sorted = |screen: &Screen| {
        let at = |name: &str| screen.lines.iter().position(|line| line.contains(name));
        at("acme-log-lifecycle").zip(at("acme-log-exports")).is_some_and(|(one, other)| one < other)
    };
    terminal.wait_until("the last name comes first", sorted);
    terminal.keys("3s");
    terminal.wait_for("exports stand in the order of their queue");
    terminal.keys("q");
    terminal.wait_exit();

    let mut again = at(&server.url, state.path());
    again.wait_for("Class ▲");
    again.keys("2");
    again.wait_for("Bucket ▼");
    again.wait_until("the last name comes first", sorted);
    again.keys("q");
    again.wait_exit();

    fs::write(state.path().join("sorting.json"), "{\"version\":1,\"sor").expect("it can be written");
    let damaged = at(&server.url, state.path());
    damaged.wait_for("Log group ▲");
}

#[test]
fn log_groups_are_marked_by_ranges_and_the_other_way_round() {
    let mut terminal = Terminal::start(desk::SIZE, &["--sandbox"], &[]);
    terminal.wait_for("/aws/lambda/");
    terminal.keys("jj ");
    terminal.wait_for("· 1 marked, ");
    terminal.keys(&format!("jj{CTRL_SPACE}"));
    terminal.wait_for("· 4 marked, ");
    terminal.wait_until("their bytes are known", |screen| {
        screen.line_with(&["4 marked, "]).is_some_and(|line| !line.contains("or more"))
    });
    terminal.keys(&format!("*{SPACE}"));
    terminal.wait_until("all others are marked, but the one under the cursor", |screen| {
        let line = screen.line_with(&["Log groups", " marked, "]).unwrap_or_default().to_owned();
        let numbers: Vec<usize> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        matches!(numbers.as_slice(), [all, marked, ..] if all - marked == 3)
    });
}
