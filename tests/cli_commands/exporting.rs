//! `logferry groups`, `buckets` and `export` as scripts meet them.

use std::io::Read;
use std::process::Command;

use chrono::{TimeDelta, Utc};
use logferry::domain::layout::folder;
use serde_json::json;

use crate::desk::{BUCKET, Desk, Running, err, export, keys, out, records};
use crate::support::server::clean;

#[test]
fn groups_and_buckets_are_listed_to_their_ends() {
    let desk = Desk::at("60");
    let groups = desk.run(&["groups"]);
    assert_eq!(groups.status.code(), Some(0), "{}", err(&groups));
    let text = out(&groups);
    assert!(text.lines().count() > 35, "{text}");
    assert!(text.lines().all(|line| line.split('\t').count() == 5), "{text}");
    assert!(text.contains("/archive/audit-2025\tINFREQUENT_ACCESS\t"), "{text}");
    let json = records(&desk.run(&["groups", "--json"]));
    assert_eq!(json.len(), text.lines().count());
    assert_eq!(keys(&json[0]), ["name", "class", "stored_bytes", "retention_days", "created"].into());
    let buckets = desk.run(&["buckets", "--json"]);
    let mine = records(&buckets).into_iter().find(|bucket| bucket["name"] == BUCKET).expect("the demo's bucket");
    assert_eq!(keys(&mine), ["name", "region", "created"].into());
}

#[test]
fn a_listing_without_a_connection_says_what_to_do() {
    let desk = Desk::at("60");
    let output = desk.run(&["groups", "--profile", "nobody"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).is_empty());
    assert!(err(&output).contains("\n  what to do: choose one with --profile"), "{}", err(&output));
}

#[test]
fn options_stand_before_or_behind_the_command_and_the_embedded_sandbox_will_do() {
    let home = tempfile::tempdir().expect("a home directory");
    for arguments in [&["--sandbox", "buckets"][..], &["buckets", "--sandbox"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
        clean(&mut command, home.path());
        let output = command.args(arguments).output().expect("the binary runs");
        assert!(out(&output).contains(BUCKET), "{arguments:?}: {}", err(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_every_task_and_changes_nothing() {
    let desk = Desk::at("60");
    let before = desk.tasks().await;
    let arguments = ["export", "--group", "/demo/orders,/ecs/payments", "--from", "2026-11-01", "--to", "1793664000"];
    let rest = ["--split", "daily", "--bucket", BUCKET, "--prefix", "{group:flat}/{from:%d}/{task}", "--dry-run"];
    let output = desk.run(&[&arguments[..], &rest].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let folder = "<task>/<taskId>/<stream>/000000.gz";
    let (first, second, third) = ("2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z", "2026-11-03T00:00:00.000Z");
    let expected = format!(
        "range: {first} to {third} (1793491200000 to 1793664000000 ms)\n\
         to: read as epoch seconds: {third}\n\
         plan: 4 tasks of 2 log groups in 2 windows (split daily, UTC), in account 123456789012 Region eu-central-1\n\
         /demo/orders\t{first}\t{second}\ts3://{BUCKET}/demo-orders/01/{folder}\n\
         /ecs/payments\t{first}\t{second}\ts3://{BUCKET}/ecs-payments/01/{folder}\n\
         /demo/orders\t{second}\t{third}\ts3://{BUCKET}/demo-orders/02/{folder}\n\
         /ecs/payments\t{second}\t{third}\ts3://{BUCKET}/ecs-payments/02/{folder}\n"
    );
    assert_eq!(out(&output), expected);
    assert_eq!(desk.tasks().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_groups_over_two_days_are_exported_under_the_ids_they_were_planned_with() {
    let desk = Desk::at("600");
    let day = |ago| (Utc::now() - TimeDelta::days(ago)).format("%Y-%m-%d").to_string();
    let (from, to) = (day(2), day(0));
    let groups =
        ["export", "--wait", "--group", "/demo/orders", "--group", "/ecs/payments", "--from", &from, "--to", &to];
    let rest = ["--split", "daily", "--bucket", BUCKET, "--prefix", "{group}/{task}", "--name", "nightly", "--json"];
    let output = desk.run(&[&groups[..], &rest].concat());
    let told = records(&output);
    assert_eq!(output.status.code(), Some(0), "{told:#?} {}", err(&output));
    let summary = told.last().expect("a summary");
    assert_eq!((&summary["completed"], &summary["exit_code"]), (&json!(4), &json!(0)));
    let newest: Vec<_> = desk.tasks().await.into_iter().take(4).collect();
    for task in &newest {
        let name = task.name.as_deref().expect("a name");
        let id = name.strip_prefix("logferry/").and_then(|rest| rest.strip_suffix(" nightly")).expect(name);
        assert!(task.prefix.ends_with(&format!("/{id}")), "{} is not {id}'s", task.prefix);
        let landed = desk.session().await.landed(BUCKET, &folder(&task.prefix, &task.id)).await.expect("a count");
        assert!(!landed.is_empty(), "{task:?}");
    }
}

#[test]
fn json_lines_have_the_documented_keys() {
    let desk = Desk::at("600");
    let output =
        desk.export(&["--group", "/demo/orders", "--split", "daily", "--bucket", BUCKET, "--prefix", "x", "--json"]);
    let told = records(&output);
    assert_eq!(output.status.code(), Some(0), "{told:#?}");
    let readme = include_str!("../../README.md");
    for record in &told {
        let event = record["event"].as_str().expect("an event");
        let line = readme.lines().find(|line| line.starts_with(&format!("- `{event}`"))).expect(event);
        for key in keys(record) {
            assert!(key == "event" || line.contains(&format!("`{key}`")), "{event}: {key} is not in README");
        }
    }
    let events: Vec<_> = told.iter().filter_map(|record| record["event"].as_str()).collect();
    assert_eq!((events.first(), events.last()), (Some(&"plan"), Some(&"summary")));
    let ends = told.iter().filter(|record| record["event"] == "transition" && record["state"] == "completed");
    assert_eq!(ends.count(), told[0]["tasks"], "each task ends once");
}

#[test]
fn a_bucket_that_refuses_is_3_with_the_explanation() {
    let desk = Desk::at("600");
    let to = ["--group", "/demo/orders,/ecs/payments", "--bucket", "acme-legacy-archive"];
    let output = desk.export(&[&to[..], &["--no-preflight"]].concat());
    let told = out(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    let expected = "done: 2 tasks: 0 completed, 0 empty, 2 failed; 0 objects, 0 B\n\
        problem: 2 tasks: the bucket's policy does not let CloudWatch Logs read its ACL\n  \
        AWS said: GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted \
        permission to perform this operation.\n  \
        what to do: allow s3:GetBucketAcl on the bucket to the logs service principal in the bucket policy\n  \
        log groups: /demo/orders, /ecs/payments\n";
    assert!(told.ends_with(expected), "{told}");
}

#[test]
fn an_empty_export_is_4_with_the_likely_reasons() {
    let desk = Desk::at("600");
    let output = desk.export(&["--group", "/ecs/brand-new-service", "--bucket", BUCKET]);
    let told = out(&output);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("done: 1 task: 0 completed, 1 empty, 0 failed; 0 objects, 0 B\n"), "{told}");
    assert!(told.contains("empty: 1 task: no log event lies in the range"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_is_2_and_names_the_option_before_anything_is_launched() {
    let desk = Desk::at("60");
    let before = desk.tasks().await;
    let good = ["--group", "web", "--bucket", BUCKET];
    let cases: [(&[&str], &str); 9] = [
        (
            &["--group", "a b", "--bucket", BUCKET],
            "invalid value 'a b' for '--group <NAME>': log group name may not contain ' '",
        ),
        (
            &["--group", "web", "--bucket", "B"],
            "invalid value 'B' for '--bucket <NAME>': bucket name may not contain 'B'",
        ),
        (
            &["--split", "dayly"],
            "invalid value 'dayly' for '--split <SPLIT>': unknown split \"dayly\": did you mean daily?",
        ),
        (&["--timezone", "Mars"], "invalid value 'Mars' for '--timezone <ZONE>': unknown time zone \"Mars\""),
        (
            &["--prefix", "{gruop}"],
            "invalid value '{gruop}' for '--prefix <TEMPLATE>': unknown field {gruop}: did you mean {group}?",
        ),
        (
            &["--stream-prefix", "a*"],
            "invalid value 'a*' for '--stream-prefix <TEXT>': stream prefix may not contain '*'",
        ),
        (
            &["--prefix", "{group}/{group}/{group}", "--group", LONG],
            "'--prefix <TEMPLATE>': destination prefix too long: ",
        ),
        (&["--dry-run"], "the argument '--wait' cannot be used with '--dry-run'"),
        (&["plan.toml"], "the argument '--from <TIME>' cannot be used with '[PLAN.TOML]'"),
    ];
    for (arguments, said) in cases {
        let given = if arguments.contains(&"--bucket") { vec![] } else { good.to_vec() };
        let output = desk.export(&[&given[..], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(&format!("error: {said}")), "{arguments:?}: {}", err(&output));
    }
    for (from, to, said) in [
        (
            "soon",
            "now",
            "error: invalid value 'soon' for '--from <TIME>': not a time: type 2026-11-01 14:00, 2h ago or yesterday",
        ),
        (
            "now",
            "2026-13-01",
            "error: invalid value '2026-13-01' for '--to <TIME>': no such date or time: check month, day, hour and minute",
        ),
        (
            "2026-11-02",
            "2026-11-01",
            "error: '--from <TIME>' and '--to <TIME>' are no range (2026-11-02T00:00:00.000Z to 2026-11-01T00:00:00.000Z): from must be before to",
        ),
    ] {
        let output = desk.run(&[&["export", "--from", from, "--to", to][..], &good].concat());
        assert_eq!(output.status.code(), Some(2), "{from} to {to}");
        assert!(err(&output).starts_with(said), "{}", err(&output));
        assert!(err(&output).contains("Usage: logferry export "), "{}", err(&output));
    }
    assert_eq!(desk.tasks().await, before);
}

#[test]
fn a_range_into_the_last_twelve_hours_is_warned_of_on_stderr_and_named_in_json() {
    let desk = Desk::at("60");
    let range = ["--from", "yesterday", "--to", "now", "--dry-run", "--json"];
    let options = [&["export", "--group", "/demo/orders", "--bucket", BUCKET], &range[..]].concat();
    let output = desk.run(&[&options[..], &["--no-preflight"]].concat());
    let cutoff = records(&output)[0]["incomplete_after"].as_str().expect("a cut-off").to_owned();
    let warning = "warning: log data can take 12 hours to become available for export: events after";
    assert_eq!(err(&output), format!("{warning} {cutoff} may be missing\n"));
    let checked = desk.run(&options);
    let told = err(&checked);
    assert!(told.starts_with("warning: range: log data may take 12 hours to become available: "), "{told}");
    assert_eq!((checked.status.code(), told.matches("12 hours").count()), (Some(0), 1), "{told}");
}

/// With three of these no key fits.
const LONG: &str = "/aws/lambda/a-function-with-a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-for-ever";

#[test]
fn a_plan_file_is_exported_and_what_is_wrong_in_it_is_told_with_its_line() {
    let desk = Desk::at("600");
    let good = format!("groups = [\"/demo/orders\"]\nfrom = \"3d ago\"\nto = \"1d ago\"\nbucket = \"{BUCKET}\"\n");
    let done = desk.run(&["export", "--wait", &desk.file(&good)]);
    assert_eq!(done.status.code(), Some(0), "{} {}", out(&done), err(&done));
    let path = desk.file(&format!("{good}prefx = \"x\"\n"));
    let refused = desk.run(&["export", &path]);
    assert_eq!(refused.status.code(), Some(2));
    let said = format!("error: {path}: line 5: unknown key \"prefx\": did you mean prefix?\n");
    assert!(err(&refused).starts_with(&said), "{}", err(&refused));
    let path = desk.file(&format!("{good}timezone = \"Europe/Berlin\"\n"));
    let clash = desk.run(&["export", &path, "--timezone", "Asia/Tokyo"]);
    let said = format!(
        "error: '--timezone <ZONE>' says Asia/Tokyo, but {path} says timezone = \"Europe/Berlin\": leave one of them out\n"
    );
    assert_eq!((clash.status.code(), err(&clash).starts_with(&said)), (Some(2), true), "{}", err(&clash));
    assert!(desk.run(&["export", &path, "--timezone", "Europe/Berlin", "--dry-run"]).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_launch_nothing_more_and_say_what_goes_on() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        // Slow: the first task is still with AWS when the signal comes.
        let desk = Desk::at("0.1");
        let arguments = export(&["--group", "/demo/orders,/ecs/payments", "--bucket", BUCKET, "--split", "daily"]);
        let child = desk.command(&arguments).spawn().expect("the binary starts");
        let (ended, told, hints) = Running(child).end_by(signal, "accepted by AWS as");
        assert_eq!(ended, Some(code), "{told}{hints}");
        let newest = desk.tasks().await.into_iter().next().expect("a task");
        assert!(newest.is_ours() && newest.status.is_active(), "{newest:?}");
        assert!(told.contains(&format!("goes on in AWS: {} (/demo/orders)\n", newest.id)), "{told}");
        assert!(told.contains("\nstill queued: "), "{told}");
        let queued = desk.listed(&["--state", "queued"]);
        assert!(told.ends_with(&format!("still queued: {} tasks\n", queued.len())), "{told}");
        assert!(hints.ends_with(&format!("\nlogferry: SIG{signal}: launching nothing more\n")), "{hints}");
    }
}

#[test]
fn a_wait_for_the_slot_is_told_once_and_names_its_holder() {
    let desk = Desk::at("600");
    desk.control("logs/foreign-tasks", &json!({"group": "/theirs", "name": "theirs", "seconds": 5}));
    let output = desk.export(&["--group", "/demo/orders", "--bucket", BUCKET]);
    let told = out(&output);
    assert_eq!(output.status.code(), Some(0), "{told}{}", err(&output));
    assert_eq!(told.matches("the slot is taken by the export of /theirs").count(), 1, "{told}");
    assert_eq!(told.matches("\tLaunching\t").count(), 1, "{told}");
}

#[test]
fn a_reader_that_goes_away_stops_no_export_and_makes_no_noise() {
    let desk = Desk::at("600");
    for (arguments, code) in [
        (vec!["groups"], 0),
        (export(&["--group", "/demo/orders", "--bucket", BUCKET, "--stream-prefix", "no-such"]), 4),
        (export(&["--group", "/demo/orders", "--bucket", BUCKET]), 0),
    ] {
        let mut child = desk.command(&arguments).spawn().expect("the binary starts");
        drop(child.stdout.take());
        let mut noise = String::new();
        child.stderr.take().expect("stderr is piped").read_to_string(&mut noise).expect("stderr");
        assert_eq!((child.wait().expect("it ends").code(), noise.as_str()), (Some(code), ""), "{arguments:?}");
    }
    assert!(desk.state().join("logferry.log").exists(), "it did start");
}
