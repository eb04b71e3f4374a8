//! A hundred thousand log groups at the terminal: found while they load, there at once the next time, and searched for by
//! AWS before they are there.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::desk::{REGION, SUBMIT_LINE, at, control};
use crate::support::pty::{ENTER, ESCAPE, Terminal};
use crate::support::sandbox::sandbox;
use crate::support::server::Server;

const CTRL_F: &str = "\x06";

/// A sandbox that holds that many, and nothing else.
fn crowd() -> Server {
    let server = sandbox(&["--seed", "empty", "--region", REGION]);
    control(&server.url, "POST", "/logs/crowd", r#"{"groups":100000}"#);
    server
}

/// The next call for names is never answered.
fn hold_names(server: &Server) {
    control(&server.url, "POST", "/faults", r#"{"operation":"ListLogGroups","kind":"hang","times":1}"#);
}

/// Waits until the listing is kept for the next start.
fn wait_kept(state: &Path) {
    let limit = Instant::now() + Duration::from_mins(1);
    let is_kept = |entry: DirEntry| entry.path().extension().is_some_and(|ending| ending == "groups");
    while !fs::read_dir(state.join("listings")).into_iter().flatten().flatten().any(is_kept) {
        assert!(Instant::now() < limit, "no listing is kept in {}", state.display());
        thread::yield_now();
    }
}

/// The form is open with the log group whose name ends so.
fn wait_form(terminal: &Terminal, end: &str) {
    terminal.wait_until("the form is open with the log group", |screen| {
        screen.shows(SUBMIT_LINE) && screen.line_with(&["Log groups", end]).is_some()
    });
}

#[test]
fn a_log_group_among_a_hundred_thousand_is_found_while_they_load() {
    let server = crowd();
    let state = tempfile::tempdir().expect("a directory");
    let mut terminal = at(&server.url, state.path());
    terminal.wait_for(", loading…");
    terminal.keys("/099998");
    terminal.wait_for("Log groups  1 of 100,000");
    terminal.keys(&format!("{ENTER}{ENTER}"));
    wait_form(&terminal, "-099998");
    terminal.keys(ESCAPE);
    terminal.wait_for("Log groups  1 of 100,000");
    wait_kept(state.path());

    hold_names(&server);
    let mut again = at(&server.url, state.path());
    again.wait_for("Log groups  100,000 as of ");
    again.keys(&format!("/099997{ENTER}{ENTER}"));
    wait_form(&again, "-099997");
}

#[test]
fn aws_finds_a_log_group_that_is_not_listed_yet() {
    let server = crowd();
    hold_names(&server);
    let state = tempfile::tempdir().expect("a directory");
    let mut terminal = at(&server.url, state.path());
    terminal.wait_for("loading…");
    terminal.keys(&format!("/099999{CTRL_F}"));
    terminal.wait_for("AWS has 1 log group with 099999");
    terminal.wait_for("Log groups  1, loading…");
    terminal.keys(&format!("{ENTER}{ENTER}"));
    wait_form(&terminal, "-099999");
}
