//! Lanes: another Region is added, worked in side by side, and a foreign task that holds a slot is named.

use super::desk::{self, Desk, control};
use crate::support::pty::{ENTER, TAB};

#[test]
fn a_region_is_added_and_switched_to_without_restarting() {
    let mut desk = Desk::new("8");
    desk.terminal.wait_for("/aws/lambda/");
    desk.terminal.keys("5");
    desk.terminal.wait_for("slot free");
    control(&desk.url, "POST", "/logs/foreign-tasks", r#"{"group":"/ecs/payments","name":"somebody","seconds":600}"#);
    desk.terminal.wait_until("whoever holds the slot is named", |screen| {
        screen.line_with(&["slot held by /ecs/payments", "somebody"]).is_some()
    });

    desk.terminal.keys("a");
    desk.terminal.wait_for("Add a lane");
    desk.terminal.keys(&format!("{TAB}us-east-1{ENTER}"));
    desk.terminal.wait_until("the lane is there", |screen| {
        !screen.shows("Add a lane") && screen.line_with(&["›", "us-east-1"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_until("its log groups are shown", |screen| {
        screen.lines.first().is_some_and(|header| header.contains("123456789012 · us-east-1"))
    });
    desk.terminal.keys("5P");
    desk.terminal.wait_for("paused: P lets it go on");
    desk.terminal.keys("P");
    desk.terminal.wait_gone("paused: P lets it go on");
}

#[test]
fn a_profile_that_does_not_exist_is_explained_where_it_was_typed() {
    let mut desk = Desk::new("60");
    desk.terminal.wait_for("/aws/lambda/");
    desk.terminal.keys("5a");
    desk.terminal.wait_for("Add a lane");
    desk.terminal.keys(&format!("nobody{ENTER}"));
    desk.terminal.wait_for("there is no such AWS profile");
    let screen = desk.terminal.screen();
    assert!(screen.line_with(&["Profile", "nobody"]).is_some(), "what was typed is still there");
    assert!(screen.shows(desk::REGION));
}
