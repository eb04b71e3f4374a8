//! A plan of forty log groups and three days, with everything in its way: foreign tasks take the slot, calls are throttled,
//! one task in twenty fails, and the process that drives is killed in the middle. At the end every task is accounted for, by
//! the ledger and by AWS's own list.

use std::collections::HashMap;

use chrono::{TimeDelta, Utc};
use logferry::domain::inventory::RemoteStatus;
use logferry::domain::names::{attempt_in, task_name};
use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, Running, err, out};

const GROUPS: usize = 40;
const DAYS: i64 = 3;

/// Log groups whose first task fails: four for good, two for a reason that passes.
const FAIL: [(usize, &str); 6] = [
    (3, "The export failed."),
    (10, "Internal failure"),
    (17, "The export failed."),
    (24, "The export failed."),
    (31, "Internal failure"),
    (38, "The export failed."),
];

fn group(n: usize) -> String {
    format!("/whole/group-{n:02}")
}

fn furnish(desk: &Desk) -> (String, String) {
    let today = Utc::now().date_naive().and_hms_opt(0, 0, 0).expect("midnight").and_utc();
    let (from, to) = (today - TimeDelta::days(DAYS + 1), today - TimeDelta::days(1));
    for n in 0..GROUPS {
        desk.control(
            "logs/synthetic-groups",
            &json!({"name": group(n), "streams": 1, "eventsPerStream": 300, "messageBytes": 60,
                    "from": from.timestamp_millis(), "to": to.timestamp_millis(), "seed": n}),
        );
    }
    for (n, message) in FAIL {
        desk.control("logs/fail-tasks", &json!({"group": group(n), "message": message}));
    }
    desk.control("faults", &json!({"operation": "CreateExportTask", "kind": "throttle", "every": 17}));
    desk.control("faults", &json!({"operation": "DescribeExportTasks", "kind": "throttle", "every": 23}));
    (from.to_rfc3339(), to.to_rfc3339())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_is_accounted_for_whatever_happens() {
    let desk = Desk::at("2000");
    let (from, to) = furnish(&desk);
    let groups = (0..GROUPS).map(group).collect::<Vec<_>>().join(",");
    let plan =
        ["export", "--wait", "--group", &groups, "--from", &from, "--to", &to, "--split", "daily", "--bucket", BUCKET];
    assert!(desk.foreign(2.0), "the slot is free at the start");
    let mut driver = Running(desk.command(&plan).spawn().expect("it starts"));
    // Its lines are read by nobody: a full pipe must not stop it before its time.
    let _ = driver.hear("queued: plan ");
    let completed = |desk: &Desk| desk.listed(&["--state", "completed"]).len();
    desk.eventually("fifteen tasks completed", |desk| completed(desk) >= 15);
    desk.eventually("a foreign task in the slot", |desk| desk.foreign(2.0));
    desk.eventually("forty tasks completed", |desk| completed(desk) >= 40);
    driver.0.kill().expect("it can be killed");
    drop(driver);
    assert!(completed(&desk) < GROUPS * 3, "it was killed in the middle");
    let run = desk.run(&["run"]);
    assert_eq!(
        run.status.code(),
        Some(if out(&run).contains(" 0 failed;") { 0 } else { 3 }),
        "{}{}",
        out(&run),
        err(&run)
    );
    let ledger = desk.listed(&[]);
    assert_eq!(ledger.len(), GROUPS * 3);
    let failed: Vec<_> =
        ledger.iter().filter(|task| task["state"] == "failed").map(|task| task["log_group"].clone()).collect();
    let mut expected: Vec<_> =
        FAIL.iter().filter(|(_, message)| !message.contains("Internal")).map(|(n, _)| json!(group(*n))).collect();
    expected.reverse();
    assert_eq!(failed, expected, "those that were to fail, and no others");
    account_for(&desk, &ledger).await;
}

/// Each attempt of each task stands in AWS's own list exactly once, and ended there as the ledger says.
async fn account_for(desk: &Desk, ledger: &[Value]) {
    let mut remote: HashMap<String, RemoteStatus> = HashMap::new();
    for task in desk.ours().await {
        let name = task.name.expect("ours have a name");
        assert!(remote.insert(name.clone(), task.status).is_none(), "{name} was created twice");
    }
    let mut attempts = 0;
    for task in ledger {
        let number = u32::try_from(task["attempt"].as_u64().expect("a number")).expect("few");
        attempts += number as usize;
        let name = format!("logferry/{}", task["task"].as_str().expect("an id"));
        let first = attempt_in(&name).expect("a name of ours");
        let last = task_name(logferry::domain::names::Attempt { number, ..first }, None);
        let expected = if task["state"] == "failed" { RemoteStatus::Failed } else { RemoteStatus::Completed };
        assert!(task["state"] == "failed" || task["state"] == "completed", "{task}");
        assert_eq!(remote.get(&last), Some(&expected), "{task}");
    }
    assert_eq!(remote.len(), attempts, "AWS has what the ledger knows of, and no more");
}
