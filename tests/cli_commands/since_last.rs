//! `logferry export --since-last`: no gap, and nothing twice.

use logferry::domain::inventory::RemoteStatus;
use serde_json::json;

use crate::desk::{BUCKET, Desk, err, out, records};

const GROUP: &str = "/demo/orders";

fn since(desk: &Desk, more: &[&str]) -> std::process::Output {
    let arguments = [
        "export",
        "--since-last",
        "--group",
        GROUP,
        "--bucket",
        BUCKET,
        "--split",
        "daily",
        "--prefix",
        "{group}/{from:%d}",
    ];
    desk.run(&[&arguments[..], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_failed_is_exported_again_with_what_came_since() {
    let desk = Desk::at("600");
    desk.control("logs/fail-tasks", &json!({"message": "The export failed."}));
    let first = since(&desk, &["--wait", "--from", "2026-11-01", "--to", "2026-11-03"]);
    assert_eq!(first.status.code(), Some(3), "{}{}", out(&first), err(&first));
    let second = since(&desk, &["--wait", "--to", "2026-11-04", "--json"]);
    let told = records(&second);
    assert!(matches!(second.status.code(), Some(0 | 4)), "{told:#?}{}", err(&second));
    assert_eq!((&told[0]["tasks"], &told[0]["since_last"]), (&json!(2), &json!(true)));
    assert_eq!(
        (&told[0]["from"], &told[0]["to"]),
        (&json!("2026-11-01T00:00:00.000Z"), &json!("2026-11-04T00:00:00.000Z"))
    );
    let third = since(&desk, &["--wait", "--to", "2026-11-04"]);
    assert_eq!((third.status.code(), out(&third).as_str()), (Some(0), ""));
    assert!(err(&third).starts_with("nothing is missing: "), "{}", err(&third));
    let mut done: Vec<_> = desk
        .ours()
        .await
        .into_iter()
        .filter(|task| task.status == RemoteStatus::Completed)
        .map(|task| (task.from.to_string(), task.to.to_string()))
        .collect();
    done.sort();
    let day = |from: u8| (format!("2026-11-0{from}T00:00:00.000Z"), format!("2026-11-0{}T00:00:00.000Z", from + 1));
    assert_eq!(done, [day(1), day(2), day(3)], "each day once");
}

#[test]
fn a_log_group_without_history_needs_a_start_and_is_named() {
    let desk = Desk::at("600");
    let refused = since(&desk, &[]);
    assert_eq!(refused.status.code(), Some(2));
    let said =
        format!("error: '--from <TIME>' is needed: the ledger knows no export of {GROUP} to this place in {BUCKET}\n");
    assert!(err(&refused).starts_with(&said), "{}", err(&refused));
    assert!(desk.listed(&[]).is_empty());
}

#[test]
fn what_waits_in_the_queue_is_not_queued_again_and_another_place_is_another_matter() {
    let desk = Desk::at("600");
    let queue = |more: &[&str]| since(&desk, &[&["--from", "2026-11-01", "--to", "2026-11-03"], more].concat());
    assert_eq!(queue(&[]).status.code(), Some(0));
    assert_eq!(desk.listed(&[]).len(), 2);
    assert!(err(&queue(&[])).starts_with("nothing is missing: "));
    let early = since(&desk, &["--from", "2026-10-01", "--to", "2026-11-03"]);
    let note = "note: '--from <TIME>' is not used for /demo/orders: with --since-last the first known window is the start, \
                2026-11-01T00:00:00.000Z or later; export what is before without --since-last\nnothing is missing: ";
    assert!(early.status.success() && err(&early).starts_with(note), "{}", err(&early));
    assert_eq!(queue(&["--stream-prefix", "web"]).status.code(), Some(0));
    assert_eq!(desk.listed(&[]).len(), 4, "only some of the streams are another export");
    let dry = queue(&["--group", "/ecs/payments", "--dry-run", "--json"]);
    let groups: Vec<_> = records(&dry).iter().skip(1).map(|task| task["log_group"].clone()).collect();
    assert_eq!(groups, ["/ecs/payments", "/ecs/payments"], "only what is missing");
    assert_eq!(desk.listed(&[]).len(), 4);
}

#[test]
fn without_an_end_whole_windows_are_taken_that_ended_twelve_hours_ago() {
    let desk = Desk::at("600");
    let told = records(&since(&desk, &["--from", "8d ago", "--dry-run", "--json"]));
    let to = told[0]["to"].as_str().expect("an end");
    assert!(to.ends_with("T00:00:00.000Z"), "{to}");
    assert!(told[0]["incomplete_after"].is_null(), "all of it can be exported");
    assert!(told[0]["tasks"].as_u64().is_some_and(|tasks| tasks >= 7), "{:#?}", told[0]);
}

#[test]
fn what_was_too_young_to_be_complete_is_exported_again() {
    const HOUR: i64 = 3_600_000;
    let desk = Desk::at("600");
    let first = since(&desk, &["--wait", "--from", "2d ago", "--to", "1h ago"]);
    assert!(matches!(first.status.code(), Some(0 | 4)), "{}{}", out(&first), err(&first));
    let old = since(&desk, &["--to", "13h ago"]);
    assert!(err(&old).starts_with("nothing is missing: "), "{}", err(&old));
    let told = records(&since(&desk, &["--to", "1h ago", "--dry-run", "--json"]));
    let at = |key: &str| told[0][key].as_i64().expect(key);
    let young = at("to_ms") - at("from_ms");
    assert!(
        (11 * HOUR..12 * HOUR).contains(&young),
        "what 12 hours before the first export was not there yet: {young}"
    );
}

#[test]
fn two_cron_jobs_at_once_queue_every_window_once() {
    let desk = Desk::at("600");
    let arguments = ["export", "--since-last", "--group", GROUP, "--bucket", BUCKET, "--split", "hourly"];
    let arguments = [&arguments[..], &["--from", "2026-11-01", "--to", "2026-11-08"]].concat();
    let jobs: Vec<_> = (0..4).map(|_| desk.command(&arguments).spawn().expect("it starts")).collect();
    for job in jobs {
        assert!(job.wait_with_output().expect("it ends").status.success());
    }
    assert_eq!(desk.listed(&[]).len(), 7 * 24);
}

#[test]
fn readmes_cron_line_works() {
    let desk = Desk::at("600");
    let readme = include_str!("../../README.md");
    let line = readme.lines().find_map(|line| line.strip_prefix("0 13 * * *  logferry ")).expect("a cron line");
    let (command, _) = line.split_once(" >> ").expect("a redirection");
    // What cron does before the shell sees it, and then the shell.
    let command = command.replace("\\%", "%").replace('\'', "").replace("logs-archive", BUCKET);
    let command = command.replace("/aws/lambda/checkout,web", "/demo/orders,/ecs/payments");
    let words: Vec<&str> = command.split_whitespace().filter(|word| *word != "--wait").collect();
    let told = records(&desk.run(&words));
    assert_eq!((&told[0]["log_groups"], &told[0]["since_last"]), (&json!(2), &json!(true)));
    assert!(told[0]["incomplete_after"].is_null());
    assert!(told.iter().any(|record| record["event"] == "queued"), "{told:#?}");
}
