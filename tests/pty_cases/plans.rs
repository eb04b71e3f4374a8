//! Plans of several tasks: seen before they are queued, held, moved, tried again, and going on after a pause of the
//! program itself.

use super::desk::{self, Desk, control};
use crate::support::pty::{CTRL_S, CTRL_U, DOWN, END, ENTER, ESCAPE, Terminal};
use crate::support::sandbox::sandbox;

const ORDERS: &str = "/demo/orders";
const BUCKET: &str = "acme-log-exports";

/// Fills the form for a plan of `groups` over five days, cut by days, and shows what it comes to.
pub fn review(terminal: &mut Terminal, groups: &str, label: &str, prefix: &str) {
    desk::open_form(terminal, ORDERS);
    let fields = [
        ("Log groups", groups),
        ("From", "2026-01-01"),
        ("To", "2026-01-04"),
        ("Bucket", BUCKET),
        ("Prefix", prefix),
        ("Task name", label),
    ];
    for (field, text) in fields {
        desk::fill(terminal, field, text);
    }
    desk::choose_split(terminal, "daily");
    terminal.keys(CTRL_S);
    terminal.wait_for(desk::QUEUE_KEY);
}

/// Queues what is shown and goes to the exports.
pub fn queue(terminal: &mut Terminal, label: &str) {
    terminal.keys(ENTER);
    terminal.wait_until("the exports show the plan", |screen| {
        screen.shows("Exports") && !screen.shows(desk::QUEUE_KEY) && screen.line_with(&[label]).is_some()
    });
}

#[test]
fn a_plan_is_seen_before_it_is_queued_and_its_keys_are_those_that_were_shown() {
    let mut desk = Desk::new("60");
    review(&mut desk.terminal, ORDERS, "by the day", "plan/{group}/{from:%Y/%m/%d}");
    for text in
        ["3 tasks", "daily, 3 windows", "plan/demo/orders/2026/01/01/<taskId>", "plan/demo/orders/2026/01/03/<taskId>"]
    {
        desk.terminal.wait_for(text);
    }
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_until("the form is as it was", |screen| {
        screen.shows(desk::SUBMIT_LINE) && screen.line_with(&["Prefix", "plan/{group}/{from:%Y/%m/%d}"]).is_some()
    });
    desk.terminal.keys("\x13");
    desk.terminal.wait_for(desk::QUEUE_KEY);
    queue(&mut desk.terminal, "by the day");
    desk.terminal.wait_for("3 of 3 done");
    let listing =
        desk.client.aws(&["s3api", "list-objects-v2", "--bucket", BUCKET, "--prefix", "plan/demo/orders/2026/01/"]);
    let keys: Vec<&str> =
        listing["Contents"].as_array().into_iter().flatten().filter_map(|object| object["Key"].as_str()).collect();
    for day in ["01", "02", "03"] {
        let folder = format!("plan/demo/orders/2026/01/{day}/");
        assert!(keys.iter().any(|key| key.starts_with(&folder)), "nothing of {folder} among {keys:?}");
    }
}

#[test]
fn a_plan_is_paused_its_tasks_are_moved_and_what_failed_is_tried_again() {
    let mut desk = Desk::new("8");
    control(&desk.url, "POST", "/logs/fail-tasks", r#"{"group":"/ecs/payments","message":"The export task failed."}"#);
    review(&mut desk.terminal, &format!("{ORDERS}, /ecs/payments"), "in order", "plan/order");
    queue(&mut desk.terminal, "in order");
    // The checks before its launch take a moment.
    desk.terminal.wait_for("1 active");
    desk.terminal.keys("p");
    desk.terminal.wait_until("the plan is paused", |screen| screen.line_with(&["Paused", "in order"]).is_some());
    // What AWS has goes on to its end, and nothing follows.
    desk.terminal.wait_for("1 of 6 done");
    desk.terminal.keys(DOWN);
    desk.terminal.keys("J");
    // The first queued one changes places with the second: the one of the other log group comes first now.
    desk.terminal.wait_until("the two have changed places", |screen| {
        let of = |group: &str| screen.lines.iter().position(|line| line.contains("Queued") && line.contains(group));
        of(ORDERS) < of("/ecs/payments")
    });
    desk.terminal.keys("p");
    desk.terminal.wait_for("5 of 6 done · 1 failed");
    let failed = desk.terminal.screen().line_with(&["Failed", "/ecs/payments"]).map(str::to_owned);
    assert!(failed.is_some(), "it is the one that was to fail");
    desk.terminal.keys("T");
    desk.terminal.wait_for("6 of 6 done");
}

#[test]
fn quitting_keeps_the_queue_and_the_next_start_goes_on() {
    let server = sandbox(&["--seed", "demo", "--clock", "8", "--region", desk::REGION]);
    let state = tempfile::tempdir().expect("a state directory");
    let mut terminal = desk::at(&server.url, state.path());
    review(&mut terminal, ORDERS, "overnight", "plan/quit");
    queue(&mut terminal, "overnight");
    terminal.wait_for("1 active");
    terminal.keys("q");
    terminal.wait_for("Stays queued for the next start");
    terminal.keys("y");
    assert!(terminal.wait_exit().success());
    let mut terminal = desk::at(&server.url, state.path());
    terminal.keys("3");
    terminal.wait_for("3 of 3 done");
    terminal.keys(END);
    terminal.keys(ENTER);
    terminal.wait_for("Timeline");
}

#[test]
fn a_plan_whose_tasks_all_fail_alike_stops_itself_and_says_what_to_do() {
    let mut desk = Desk::new("60");
    desk::open_form(&mut desk.terminal, ORDERS);
    let fields =
        [("From", "2026-01-01"), ("To", "2026-01-09"), ("Bucket", "acme-legacy-archive"), ("Task name", "refused")];
    for (field, text) in fields {
        desk::fill(&mut desk.terminal, field, text);
    }
    desk::choose_split(&mut desk.terminal, "daily");
    desk::launch_anyway(&mut desk.terminal, "bucket policy");
    desk::submit(&mut desk.terminal);
    desk.terminal.wait_until("it has stopped", |screen| screen.line_with(&["Stopped", "refused"]).is_some());
    desk.terminal.wait_for("3 failed");
    desk.terminal.keys("i");
    desk.terminal.wait_for("It stopped itself");
    desk.terminal.wait_for("[3] the bucket's policy");
    desk.terminal.keys(CTRL_U);
    desk.terminal.keys("C");
    desk.terminal.wait_for("5 tasks queued: AWS has not heard of them");
    desk.terminal.keys("y");
    desk.terminal.wait_for("5 cancelled");
}
