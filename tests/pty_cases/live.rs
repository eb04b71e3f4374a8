//! A direct export under way at the terminal: what was read rises, the quota that holds it up is named, and streams are done
//! one after the other.

use std::time::{Duration, SystemTime};

use logferry::domain::time::Timestamp;

use super::desk::{self, Typed, control};
use crate::support::pty::{ENTER, ESCAPE, F4, Screen, Terminal};
use crate::support::sandbox::sandbox;
use crate::support::server::Server;

const SYNTHETIC: Typed<'_> =
    Typed { group: "/synthetic", from: "3h ago", to: "now", bucket: "acme-log-exports", prefix: "pty/live" };

/// More than are read at once.
const STREAMS: u64 = 24;

/// A sandbox that keeps to AWS's rates, with a log group of so many pages that they show.
fn busy() -> Server {
    let server = sandbox(&["--seed", "demo", "--clock", "60", "--region", desk::REGION]);
    let now = Timestamp::from(SystemTime::now());
    let [from, to] = [2, 1].map(|hours| now.before(Duration::from_hours(hours)).millis());
    let group = format!(
        r#"{{"name":"{}","streams":{STREAMS},"eventsPerStream":250,"messageBytes":60,"from":{from},"to":{to}}}"#,
        SYNTHETIC.group
    );
    control(&server.url, "POST", "/logs/synthetic-groups", &group);
    control(&server.url, "POST", "/logs/whims", r#"{"mostEvents":10}"#);
    server
}

/// How many events the details say were read.
fn events(screen: &Screen) -> Option<u64> {
    let line = screen.line_with(&["Read ", " events, "])?;
    line.split_whitespace().find_map(|word| word.replace(',', "").parse().ok())
}

fn see_more_events(terminal: &Terminal, than: u64) -> u64 {
    let mut seen = than;
    terminal.wait_until("more events were read", |screen| {
        seen = events(screen).unwrap_or(than);
        seen > than
    });
    seen
}

#[test]
fn what_was_read_rises_the_quota_is_named_and_streams_are_done() {
    let (server, state) = (busy(), tempfile::tempdir().expect("a state directory"));
    let mut terminal = desk::at(&server.url, state.path());
    desk::fill_form(&mut terminal, &SYNTHETIC);
    terminal.keys(F4);
    terminal.wait_for("[ Export directly ]");
    control(&server.url, "POST", "/rates", r#"{"enforce":true}"#);
    desk::submit(&mut terminal);
    terminal.keys("3");
    terminal.wait_until("the quota is named", |screen| screen.line_with(&["GetLogEvents", "/s, throttled"]).is_some());
    terminal.keys(ENTER);
    let before = see_more_events(&terminal, 0);
    see_more_events(&terminal, before);
    terminal.wait_until("the details say what holds it up, and how fast it is", |screen| {
        screen.line_with(&["Held up by", "GetLogEvents"]).is_some()
            && screen.line_with(&["Speed", "events/s"]).is_some()
    });
    let some_done = (1..STREAMS).map(|done| format!(" {done}/{STREAMS} streams")).collect::<Vec<_>>();
    terminal.wait_until("some streams are done", |screen| some_done.iter().any(|told| screen.shows(told)));
    terminal.keys(ESCAPE);
    desk::wait_state(&terminal, SYNTHETIC.group, "Completed");
}
