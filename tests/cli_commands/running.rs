//! What is queued is run by whoever comes: `logferry run`, and who watches it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::desk::{BUCKET, Desk, Running, err, keys, out, records};

/// How soon another process must have taken over from one that died.
const TAKEOVER: Duration = Duration::from_secs(15);

/// A queued export of two log groups: two tasks. Answers the plan's id.
fn queue(desk: &Desk, more: &[&str]) -> String {
    let arguments = ["export", "--group", "/demo/orders,/ecs/payments", "--from", "3d ago", "--to", "1d ago", "--json"];
    let bucket: &[&str] = if more.contains(&"--bucket") { &[] } else { &["--bucket", BUCKET] };
    let output = desk.run(&[&arguments[..], bucket, more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let queued = records(&output).into_iter().find(|record| record["event"] == "queued").expect("a plan");
    queued["plan"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_waits_until_somebody_runs_it() {
    let desk = Desk::at("600");
    let arguments = ["export", "--group", "/demo/orders", "--from", "3d ago", "--to", "1d ago", "--bucket", BUCKET];
    let output = desk.run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("\nqueued: plan "), "{}", out(&output));
    assert_eq!(err(&output), "nobody runs it yet: `logferry run` does, or the terminal interface\n");
    assert!(desk.ours().await.is_empty(), "AWS has not heard of it");
    let run = desk.run(&["run"]);
    assert_eq!(run.status.code(), Some(0), "{}{}", out(&run), err(&run));
    assert!(out(&run).contains("\ndone: 1 task: 1 completed, 0 empty, 0 failed; "), "{}", out(&run));
    let id = desk.listed(&[])[0]["task"].as_str().expect("an id").to_owned();
    let names: Vec<_> = desk.ours().await.into_iter().filter_map(|task| task.name).collect();
    assert_eq!(names, [format!("logferry/{id}")]);
    let deaf = desk.run(&["run", "--endpoint-url", "http://127.0.0.1:1"]);
    assert_eq!((deaf.status.code(), err(&deaf).as_str()), (Some(0), "nothing is queued\n"), "there is nothing to do");
    let again = desk.run(&["run"]);
    assert_eq!((again.status.code(), err(&again).as_str()), (Some(0), "nothing is queued\n"), "{}", out(&again));
}

#[test]
fn a_lane_that_cannot_be_reached_is_told_and_the_others_are_run() {
    let desk = Desk::at("600");
    queue(&desk, &[]);
    // An access key of twelve digits is another account to the sandbox.
    let elsewhere = ["export", "--group", "web", "--from", "3d ago", "--to", "1d ago", "--bucket", BUCKET];
    let elsewhere = [&elsewhere[..], &["--no-preflight"]].concat();
    let queued = desk.command(&elsewhere).env("AWS_ACCESS_KEY_ID", "999999999999").output().expect("the binary runs");
    assert_eq!(queued.status.code(), Some(0), "{}", err(&queued));
    let run = desk.run(&["run", "--json"]);
    let told = records(&run);
    assert_eq!(run.status.code(), Some(1), "{told:#?}{}", err(&run));
    let unreached = told.iter().find(|record| record["event"] == "lane_unreached").expect("the other account's");
    assert_eq!(unreached["account"], "999999999999");
    assert!(err(&run).contains("is left out: the default credentials lead to account 123456789012\n"), "{}", err(&run));
    let summary = told.last().expect("a summary");
    assert_eq!((&summary["completed"], &summary["still_queued"]), (&json!(2), &json!(1)));
    assert_eq!(summary["lanes_unreached"], 1);
}

#[test]
fn a_paused_plan_does_not_keep_a_run_from_ending() {
    let desk = Desk::at("600");
    let plan = queue(&desk, &[]);
    assert_eq!(desk.run(&["tasks", "pause", &plan]).status.code(), Some(0));
    let held = desk.run(&["run"]);
    assert_eq!(held.status.code(), Some(0), "{}", err(&held));
    assert!(out(&held).contains(&format!("paused: plan {plan}: somebody paused it\n")), "{}", out(&held));
    assert!(out(&held).ends_with("still queued: 2 tasks\n"), "{}", out(&held));
    assert_eq!(desk.run(&["tasks", "resume", &plan]).status.code(), Some(0));
    assert_eq!(records(&desk.run(&["run", "--json"])).last().expect("a summary")["completed"], 2);
}

#[test]
fn a_paused_lane_is_told_as_what_holds_its_tasks_and_is_let_go_on() {
    let desk = Desk::at("600");
    queue(&desk, &[]);
    let lane = "123456789012 eu-central-1";
    let paused = desk.run(&["tasks", "pause", "--lanes"]);
    assert_eq!(paused.status.code(), Some(0), "{}", err(&paused));
    assert!(out(&paused).starts_with("123456789012\teu-central-1\thttp"), "{}", out(&paused));
    assert!(out(&paused).ends_with("\tpaused\n"), "{}", out(&paused));
    let id = desk.listed(&[])[0]["task"].as_str().expect("an id").to_owned();
    let shown = desk.run(&["tasks", "show", &id, "--json"]);
    assert_eq!(records(&shown)[0]["waiting"], format!("lane {lane} is paused"));
    assert_eq!(desk.listed(&[])[0]["waiting"], format!("lane {lane} is paused"));
    let held = out(&desk.run(&["run"]));
    let remedy = "`logferry tasks resume --lanes --account 123456789012 --region eu-central-1`";
    let said = format!("paused: lane {lane} is paused\n  what to do: {remedy}\nstill queued: 2 tasks\n");
    assert!(held.ends_with(&said), "{held}");
    let waited = desk.export(&["--group", "/demo/orders", "--bucket", BUCKET, "--json"]);
    let summary = records(&waited).pop().expect("a summary");
    assert_eq!((waited.status.code(), &summary["paused"]), (Some(3), &json!([])));
    assert_eq!(summary["paused_lanes"][0]["region"], "eu-central-1");
    let elsewhere = desk.run(&["tasks", "resume", "--lanes", "--region", "us-east-1"]);
    assert_eq!(elsewhere.status.code(), Some(2), "{}", out(&elsewhere));
    let resumed = desk.run(&["tasks", "resume", "--lanes", "--account", "123456789012", "--json"]);
    assert_eq!(records(&resumed)[0]["paused"], json!(false), "{}", err(&resumed));
    assert!(desk.run(&["run"]).status.success() || !desk.listed(&["--state", "completed"]).is_empty());
    assert!(desk.listed(&["--state", "queued"]).is_empty());
}

#[test]
fn a_plan_that_fails_alike_three_times_pauses_itself_and_ends_the_wait_with_3() {
    let desk = Desk::at("600");
    let output = desk.export(&["--group", "a,b,c,d,e", "--bucket", "acme-legacy-archive", "--no-preflight"]);
    let told = out(&output);
    assert_eq!(output.status.code(), Some(3), "{told}{}", err(&output));
    assert!(told.contains("\n3 of 5 tasks ended: 0 completed, 0 empty, 3 failed; "), "{told}");
    assert!(
        told.contains(": it paused itself, its last tasks all failed alike: there is no such log group "),
        "{told}"
    );
    assert!(told.ends_with("\nstill queued: 2 tasks\n"), "{told}");
}

#[test]
fn one_process_drives_and_another_watches_to_the_same_end() {
    let desk = Desk::at("60");
    let plan = queue(&desk, &["--split", "daily"]);
    let mut watch = Running(desk.command(&["tasks", "watch", "--plan", &plan, "--json"]).spawn().expect("it starts"));
    let run = desk.run(&["run", "--json"]);
    let (code, told, _) = watch.end();
    assert_eq!((run.status.code(), code), (Some(0), Some(0)), "{told}");
    let moves = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.contains(r#""event":"transition""#)).map(str::to_owned).collect()
    };
    let (driven, watched) = (moves(&out(&run)), moves(&told));
    assert!(!driven.is_empty() && watched.len() <= driven.len(), "{driven:#?}{watched:#?}");
    let summary = |text: &str| text.lines().last().map(str::to_owned);
    assert_eq!(summary(&told), summary(&out(&run)));
    let late = desk.run(&["tasks", "watch", "--plan", &plan, "--json"]);
    assert_eq!(summary(&out(&late)), summary(&out(&run)), "what ended before is counted, too");
}

#[test]
fn a_second_run_takes_over_when_the_first_is_killed() {
    let desk = Desk::at("2");
    queue(&desk, &[]);
    let mut first = Running(desk.command(&["run"]).spawn().expect("it starts"));
    let _ = first.hear("accepted by AWS as");
    let mut second = Running(desk.command(&["run", "--json"]).spawn().expect("it starts"));
    // SIGKILL: it can tell nobody.
    drop(first);
    let killed = Instant::now();
    let (_, told) = second.hear(r#""state":"running""#);
    assert!(killed.elapsed() < TAKEOVER, "after {:?}: {told}", killed.elapsed());
    assert_eq!(desk.calls("CreateExportTask"), 1, "what AWS had was picked up, not created again");
}

#[test]
fn json_lines_of_runs_have_the_documented_keys() {
    let desk = Desk::at("600");
    queue(&desk, &["--name", "nightly"]);
    let readme = include_str!("../../README.md");
    for record in records(&desk.run(&["run", "--json"])) {
        let event = record["event"].as_str().expect("an event");
        let line = readme.lines().find(|line| line.starts_with(&format!("- `{event}`"))).expect(event);
        for key in keys(&record) {
            assert!(key == "event" || line.contains(&format!("`{key}`")), "{event}: {key} is not in README");
        }
    }
}
