//! `logferry tasks retry`: again, or in finer windows.

use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, err, out, records};

/// A desk where one of two exports has failed with this message. Answers the failed one's id, too.
fn with_a_failure(message: &str) -> (Desk, String) {
    let desk = Desk::at("600");
    desk.control("logs/fail-tasks", &json!({"group": "/demo/orders", "message": message}));
    let range = ["--from", "2026-11-01", "--to", "2026-11-03"];
    let arguments =
        ["export", "--wait", "--group", "/demo/orders,/ecs/payments", "--bucket", BUCKET, "--prefix", "{from:%d}"];
    let output = desk.run(&[&arguments[..], &range].concat());
    assert_eq!(output.status.code(), Some(3), "{}", out(&output));
    let id = desk.listed(&["--state", "failed"])[0]["task"].as_str().expect("an id").to_owned();
    (desk, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_task_is_run_again_under_another_name() {
    let (desk, id) = with_a_failure("The export failed.");
    let retried = desk.run(&["tasks", "retry", &id]);
    assert_eq!(retried.status.code(), Some(0), "{}", err(&retried));
    assert_eq!(out(&retried), format!("{id}\tQueued\t/demo/orders\tqueued again\n"));
    assert_eq!(err(&retried), "nobody runs it yet: `logferry run` does, or the terminal interface\n");
    let run = desk.run(&["run"]);
    assert!(matches!(run.status.code(), Some(0 | 4)), "{}", out(&run));
    let task: Value = desk.listed(&["--group", "/demo/orders"]).remove(0);
    assert_eq!((&task["state"], &task["attempt"]), (&json!("completed"), &json!(2)));
    let names: Vec<_> = desk.ours().await.into_iter().filter_map(|task| task.name).collect();
    assert!(names.contains(&format!("logferry/{id}")) && names.contains(&format!("logferry/{id}+2")), "{names:?}");
    let completed = desk.run(&["tasks", "retry", &id]);
    assert_eq!(completed.status.code(), Some(3), "{}", out(&completed));
    assert!(out(&completed).contains("\tnot retried: it completed; "), "{}", out(&completed));
}

#[test]
fn all_that_failed_of_a_plan_are_run_again() {
    let (desk, id) = with_a_failure("The export failed.");
    let plan = desk.listed(&[])[0]["plan"].as_str().expect("an id").to_owned();
    let retried = records(&desk.run(&["tasks", "retry", "--plan", &plan, "--json"]));
    assert_eq!(retried, [json!({"event": "retry", "task": id, "outcome": "queued", "state": "queued"})]);
    let nothing = desk.run(&["tasks", "retry", "--plan", &plan]);
    assert_eq!((nothing.status.code(), err(&nothing).as_str()), (Some(0), "nothing of the plan has failed\n"));
}

#[test]
fn a_task_that_timed_out_is_cut_into_finer_windows() {
    let (desk, id) = with_a_failure("Export task timed out after 24 hours. Please reduce the time range.");
    let shown = out(&desk.run(&["tasks", "show", &id]));
    assert!(shown.contains("`logferry tasks retry ID --split hourly`"), "{shown}");
    let coarse = desk.run(&["tasks", "retry", &id, "--split", "monthly"]);
    assert_eq!(coarse.status.code(), Some(2));
    assert!(err(&coarse).contains("leaves the window of"), "{}", err(&coarse));
    let cut = desk.run(&["tasks", "retry", &id, "--split", "daily"]);
    assert_eq!(cut.status.code(), Some(0), "{}", err(&cut));
    let queued = desk.listed(&["--state", "queued"]);
    let told: Vec<_> = queued.iter().map(|task| (task["log_group"].as_str(), task["prefix"].as_str())).collect();
    assert_eq!(
        told,
        [(Some("/demo/orders"), Some("02")), (Some("/demo/orders"), Some("01"))],
        "with the plan's template"
    );
}

#[test]
fn a_window_that_others_have_exported_or_are_to_is_not_exported_twice_without_asking() {
    let (desk, id) = with_a_failure("The export failed.");
    let plan = desk.listed(&[])[0]["plan"].as_str().expect("an id").to_owned();
    let cut = desk.run(&["tasks", "retry", &id, "--split", "daily"]);
    assert_eq!(cut.status.code(), Some(0), "{}", err(&cut));
    let refused = desk.run(&["tasks", "retry", &id]);
    assert_eq!(refused.status.code(), Some(3), "{}", err(&refused));
    assert!(out(&refused).contains("\tnot retried: other tasks are to export its window; "), "{}", out(&refused));
    let twice = desk.run(&["tasks", "retry", &id, "--split", "hourly"]);
    assert_eq!((twice.status.code(), desk.listed(&["--state", "queued"]).len()), (Some(3), 2), "nor cut once more");
    let run = desk.run(&["run"]);
    assert!(matches!(run.status.code(), Some(0 | 4)), "{}", out(&run));
    let refused = desk.run(&["tasks", "retry", "--plan", &plan, "--json"]);
    let outcome = json!({"event": "retry", "task": id, "outcome": "exported_since", "state": "failed"});
    assert_eq!((refused.status.code(), records(&refused)), (Some(3), vec![outcome]));
    assert_eq!(err(&refused), "not retried, for others have their windows: 1 task\n");
    let again = desk.run(&["tasks", "retry", &id, "--again", "--json"]);
    assert_eq!((again.status.code(), &records(&again)[0]["outcome"]), (Some(0), &json!("queued")), "{}", err(&again));
}
