//! Forty log groups over three days, with everything against it: foreign tasks in the slot, throttling, tasks that fail,
//! and a SIGKILL in the middle. Afterwards every task is accounted for, here and on the server.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::desk::{self, control};
use crate::support::client::Client;
use crate::support::pty::{CTRL_S, ENTER, Terminal};
use crate::support::sandbox::sandbox;

const GROUPS: usize = 40;
const TASKS: usize = 120;
/// One in twenty.
const FAILING: usize = 6;
const BUCKET: &str = "acme-log-exports";
/// A task takes two looks of the queue, a second apart, on a machine that does other things too.
const LONG: Duration = Duration::from_mins(12);
/// 2026-01-01T00:00:00Z and three days later.
const FROM: i64 = 1_767_225_600_000;
const TO: i64 = 1_767_484_800_000;

fn group(number: usize) -> String {
    format!("/storm/{number:02}")
}

/// Forty small log groups, of which every seventh fails once.
fn plant(url: &str) {
    for number in 0..GROUPS {
        let name = group(number);
        let body = format!(
            r#"{{"name":"{name}","streams":1,"eventsPerStream":30,"messageBytes":60,"from":{FROM},"to":{TO},"seed":{number}}}"#
        );
        control(url, "POST", "/logs/synthetic-groups", &body);
    }
    for number in 0..FAILING {
        let body = format!(r#"{{"group":"{}","message":"The export task failed."}}"#, group(number * 7 + 3));
        control(url, "POST", "/logs/fail-tasks", &body);
    }
}

/// Marks all forty, fills the form and queues the plan.
fn queue_the_plan(terminal: &mut Terminal) {
    terminal.wait_for("/aws/lambda/");
    terminal.keys(&format!("/storm/{ENTER}"));
    terminal.wait_until("only they are shown", |screen| screen.shows("/storm/00") && !screen.shows("/aws/lambda/"));
    terminal.keys("ae");
    terminal.wait_for(desk::SUBMIT_LINE);
    for (field, text) in [
        ("From", "2026-01-01"),
        ("To", "2026-01-04"),
        ("Bucket", BUCKET),
        ("Prefix", "storm/{group}"),
        ("Task name", "storm"),
    ] {
        desk::fill(terminal, field, text);
    }
    desk::choose_split(terminal, "daily");
    terminal.keys(CTRL_S);
    terminal.wait_for("120 tasks");
    terminal.wait_for(desk::QUEUE_KEY);
    terminal.keys(ENTER);
    terminal.wait_for("of 120 done");
}

/// How many tasks of the plan are done, as its head tells: `12 of 120 done`.
fn done(line: &str) -> Option<usize> {
    let (before, _) = line.split_once(" of 120 done")?;
    before.split_whitespace().last()?.parse().ok()
}

fn wait_done(terminal: &Terminal, least: usize) {
    terminal.wait_long(LONG, &format!("{least} tasks are done"), |screen| {
        screen.lines.iter().filter_map(|line| done(line)).any(|done| done >= least)
    });
}

/// The server's own list: how often each task of ours was created, by log group and start, and how it ended.
fn on_the_server(client: &Client) -> BTreeMap<(String, i64), Vec<String>> {
    let listed = client.aws(&["logs", "describe-export-tasks"]);
    let mut tasks: BTreeMap<(String, i64), Vec<String>> = BTreeMap::new();
    for task in listed["exportTasks"].as_array().into_iter().flatten() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let group = text(&task["logGroupName"]);
        if group.starts_with("/storm/") && text(&task["taskName"]).starts_with("logferry/") {
            let from = task["from"].as_i64().expect("milliseconds");
            tasks.entry((group, from)).or_default().push(text(&task["status"]["code"]));
        }
    }
    tasks
}

#[test]
fn a_plan_of_forty_groups_and_three_days_survives_everything() {
    let server = sandbox(&["--seed", "demo", "--clock", "600", "--region", desk::REGION]);
    plant(&server.url);
    let state = tempfile::tempdir().expect("a state directory");
    let begun = Instant::now();
    let mut terminal = desk::at(&server.url, state.path());
    queue_the_plan(&mut terminal);
    wait_done(&terminal, 10);
    control(&server.url, "POST", "/faults", r#"{"operation":"DescribeExportTasks","kind":"throttle","every":9}"#);
    control(&server.url, "POST", "/faults", r#"{"operation":"CreateExportTask","kind":"throttle","every":5}"#);
    control(&server.url, "POST", "/faults", r#"{"operation":"CreateExportTask","kind":"cut_after","every":11}"#);
    plant_foreign(&terminal, &server.url);
    wait_done(&terminal, 50);
    terminal.signal("KILL");
    drop(terminal);
    let mut terminal = desk::at(&server.url, state.path());
    terminal.keys("3");
    terminal.wait_for("of 120 done");
    plant_foreign(&terminal, &server.url);
    wait_done(&terminal, TASKS - FAILING);
    terminal.wait_for("114 of 120 done · 6 failed");
    control(&server.url, "DELETE", "/faults", "");
    terminal.keys("T");
    terminal.wait_long(LONG, "the failed ones are done too", |screen| screen.shows("120 of 120 done"));
    #[expect(clippy::print_stdout, reason = "the figures are the point; cargo test -- --nocapture shows them")]
    {
        println!("{TASKS} tasks and {FAILING} second attempts in {:?}", begun.elapsed());
    }

    let tasks = on_the_server(&Client::new(&server.url, desk::REGION));
    assert_eq!(tasks.len(), TASKS, "every log group and day");
    let twice: Vec<_> = tasks.iter().filter(|(_, ends)| ends.len() > 1).collect();
    assert_eq!(twice.len(), FAILING, "only what failed was created again: {twice:?}");
    for (task, ends) in &tasks {
        let completed = ends.iter().filter(|end| *end == "COMPLETED").count();
        assert_eq!(completed, 1, "{task:?} ended as {ends:?}");
    }
}

/// Somebody else's export, as soon as the slot is free for it: our queue tells whose it is and waits.
fn plant_foreign(terminal: &Terminal, url: &str) {
    // Longer than the lease of a process that was killed.
    let body = r#"{"group":"/ecs/payments","name":"somebody","seconds":20}"#;
    // The screen changes with every task of ours that ends: that is when the slot is free.
    terminal
        .wait_long(LONG, "somebody else has the slot", |_| desk::try_control(url, "POST", "/logs/foreign-tasks", body));
    terminal.wait_for("slot held by /ecs/payments (somebody)");
}
