//! `logferry tasks list`, `plans` and `show`: looking into the ledger without a connection.

use serde_json::Value;

use crate::desk::{BUCKET, Desk, err, export, keys, out, records};

/// A desk where an export of two log groups and one of an empty log group have ended, and one waits.
fn lived_in() -> Desk {
    let desk = Desk::at("600");
    for (groups, name, code) in [("/demo/orders,/ecs/payments", "first", 0), ("/ecs/brand-new-service", "second", 4)] {
        let plan = format!(
            "name = \"{name}\"\ngroups = [{}]\nfrom = \"3d ago\"\nto = \"1d ago\"\nbucket = \"{BUCKET}\"\n",
            groups.split(',').map(|group| format!("{group:?}")).collect::<Vec<_>>().join(", ")
        );
        let output = desk.run(&["export", "--wait", &desk.file(&plan)]);
        assert_eq!(output.status.code(), Some(code), "{}", err(&output));
    }
    let waiting =
        ["export", "--group", "web", "--from", "2026-01-01", "--to", "2026-01-02", "--bucket", "other-bucket"];
    let waiting = [&waiting[..], &["--no-preflight"]].concat();
    assert_eq!(desk.run(&waiting).status.code(), Some(0));
    desk
}

#[test]
fn a_list_is_narrowed_by_every_filter() {
    let desk = lived_in();
    let groups = |options: &[&str]| -> Vec<String> {
        let group = |task: &Value| task["log_group"].as_str().expect("a group").to_owned();
        desk.listed(options).iter().map(group).collect()
    };
    assert_eq!(groups(&[]), ["web", "/ecs/brand-new-service", "/ecs/payments", "/demo/orders"], "the newest first");
    assert_eq!(groups(&["--group", "ecs"]), ["/ecs/brand-new-service", "/ecs/payments"]);
    assert_eq!(groups(&["--state", "empty"]), ["/ecs/brand-new-service"]);
    assert_eq!(groups(&["--state", "empty,queued"]), ["web", "/ecs/brand-new-service"]);
    assert_eq!(groups(&["--state", "completed"]).len(), 3);
    assert_eq!(groups(&["--bucket", "other-bucket"]), ["web"]);
    assert_eq!(groups(&["--plan", "first"]), ["/ecs/payments", "/demo/orders"]);
    assert_eq!(groups(&["--to", "2026-01-01T12:00:00Z"]), ["web"]);
    assert_eq!(groups(&["--from", "2026-01-02"]).len(), 3, "a window that ends there is over");
    let newest = desk.run(&["tasks", "--limit", "1"]);
    assert_eq!(out(&newest).lines().count(), 1);
    assert_eq!(err(&newest), "these are the newest 1; --limit shows more\n");
    let none = desk.run(&["tasks", "list", "--state", "failed"]);
    assert_eq!((none.status.code(), out(&none).as_str()), (Some(0), ""));
    assert_eq!(err(&none), "no task of the ledger is like that\n");
    let state = desk.state();
    let state = state.to_str().expect("a UTF-8 path");
    let listed = out(&desk.run(&["tasks", "--state-dir", state, "list", "--state", "queued"]));
    assert_eq!(listed.lines().count(), 1, "the common options stand anywhere: {listed}");
    let misplaced = desk.run(&["tasks", "--state", "failed", "plans"]);
    assert_eq!(misplaced.status.code(), Some(2));
    assert!(err(&misplaced).starts_with("error: options of a list stand before another command"));
    let wrong = desk.run(&["tasks", "list", "--state", "done"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("no such state: choose from queued, launching, "), "{}", err(&wrong));
}

#[test]
fn a_task_is_shown_by_a_unique_beginning_of_its_id() {
    let desk = lived_in();
    let all = desk.listed(&[]);
    let id = all[1]["task"].as_str().expect("an id");
    let shown = desk.run(&["tasks", "show", &id[..id.len() - 2]]);
    let told = out(&shown);
    assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
    assert!(told.starts_with(&format!("task          {id}\n")), "{told}");
    for line in ["state         Empty\n", "empty because no log event lies in the range", "timeline\n"] {
        assert!(told.contains(line), "{told}");
    }
    // Ids begin with the time they were made at.
    let ambiguous = desk.run(&["tasks", "show", &id[..4]]);
    assert_eq!(ambiguous.status.code(), Some(2));
    let candidates = err(&ambiguous);
    assert!(candidates.starts_with(&format!("error: the ids of several tasks begin with '{}':\n", &id[..4])));
    assert!(all.iter().all(|task| candidates.contains(task["task"].as_str().expect("an id"))), "{candidates}");
    let unknown = desk.run(&["tasks", "show", "ffff\u{1b}"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).starts_with("error: no task's id begins with 'ffff\\u{1b}'\n"), "{}", err(&unknown));
}

#[test]
fn json_objects_of_tasks_and_plans_have_the_documented_keys() {
    let desk = lived_in();
    let id = desk.listed(&["--plan", "second"])[0]["task"].as_str().expect("an id").to_owned();
    let shown = records(&desk.run(&["tasks", "show", &id, "--json"])).remove(0);
    let readme = include_str!("../../README.md");
    let documented = |record: &Value, start: &str| {
        let line = readme.lines().find(|line| line.starts_with(start)).expect(start);
        for key in keys(record) {
            assert!(line.contains(&format!("`{key}`")), "{start}: {key} is not in README");
        }
    };
    documented(&shown, "- of a task");
    documented(&shown["timeline"][0], "- of a task");
    documented(&records(&desk.run(&["tasks", "plans", "--json"]))[0], "- of a plan");
}

#[test]
fn plans_are_listed_with_their_counts() {
    let desk = lived_in();
    let plans = records(&desk.run(&["tasks", "plans", "--json"]));
    let told: Vec<_> =
        plans.iter().map(|plan| (plan["name"].as_str(), plan["completed"].as_u64(), plan["empty"].as_u64())).collect();
    assert_eq!(told, [(None, Some(0), Some(0)), (Some("second"), Some(0), Some(1)), (Some("first"), Some(2), Some(0))]);
}

#[test]
fn an_empty_ledger_is_no_error() {
    let desk = Desk::at("600");
    for (arguments, said) in [
        (&["tasks"][..], "no task of the ledger is like that\n"),
        (&["tasks", "plans"], "the ledger holds no plan\n"),
        (&["tasks", "watch"], "nothing is queued\n"),
    ] {
        let output = desk.run(arguments);
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), said), "{arguments:?}");
    }
    let unknown = desk.run(&["tasks", "cancel", "--plan", "nightly"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", err(&unknown));
}

#[test]
fn a_ledger_that_cannot_be_used_is_an_error_that_names_the_file() {
    let desk = Desk::at("600");
    std::fs::create_dir_all(desk.state()).expect("a directory");
    std::fs::write(desk.state().join("ledger.db"), "no database at all, but long enough to look like one".repeat(100))
        .expect("a file");
    for arguments in [vec!["tasks"], vec!["run"], export(&["--group", "web", "--bucket", BUCKET])] {
        let output = desk.run(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(err(&output).contains("ledger.db cannot be read"), "{}", err(&output));
    }
}
