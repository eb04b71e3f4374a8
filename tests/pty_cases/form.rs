//! What helps to fill the form in.

use super::desk::{self, Desk, Typed};
use crate::support::pty::CTRL_P;

/// What was completed once is known, whether or not it held events.
const JANUARY: Typed<'_> = Typed {
    group: "/demo/orders",
    from: "2026-01-01",
    to: "2026-01-04",
    bucket: "acme-log-exports",
    prefix: "pty/form",
};

#[test]
fn a_range_goes_on_where_the_last_export_to_that_place_ended() {
    let mut desk = Desk::new("60");
    desk::export(&mut desk.terminal, &JANUARY);
    desk::wait_state(&desk.terminal, JANUARY.group, "Completed");
    desk.terminal.keys("6");
    for preset in ["last hour", "last 24 hours", "today", "yesterday", "last 7 days", "last month"] {
        desk.terminal.keys(CTRL_P);
        desk.terminal.wait_until(preset, |screen| screen.line_with(&["Range", preset]).is_some());
    }
    desk.terminal.keys(CTRL_P);
    desk.terminal.wait_until("it begins where January's ended", |screen| {
        screen.line_with(&["Range", "since last export"]).is_some() && screen.shows("2026-01-04T00:00:00.000Z")
    });
    desk::fill(&mut desk.terminal, "Prefix", "pty/elsewhere");
    desk.terminal.wait_for("never exported to this place");
}
