//! `logferry export --engine direct` as scripts meet it.

use std::time::{Duration, SystemTime};

use logferry::domain::time::Timestamp;
use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, err, out, records};

/// A bucket of the demo that AWS's own export cannot write into.
const ENCRYPTED: &str = "acme-secure-kms";

#[test]
fn a_direct_export_writes_into_a_bucket_that_is_closed_to_aws() {
    let desk = Desk::at("60");
    let arguments = ["--group", "/demo/orders", "--bucket", ENCRYPTED, "--json"];
    let managed = desk.export(&arguments);
    assert_eq!(managed.status.code(), Some(5), "blocked: {}{}", out(&managed), err(&managed));
    let output = desk.export(&[&arguments[..], &["--engine", "direct"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let lines = records(&output);
    assert_eq!((&lines[0]["engine"], &lines[0]["format"]), (&json!("direct"), &json!("text")));
    assert_eq!(lines[0]["incomplete_after"], Value::Null);
    let done = lines.iter().rfind(|line| line["event"] == "transition").expect("a transition");
    assert_eq!((&done["state"], &done["remote_id"]), (&json!("completed"), &done["task"]));
    assert!(done["objects"].as_u64() > Some(0), "{done}");
    let listed = desk.listed(&["--state", "completed"]);
    assert_eq!((listed[0]["engine"].as_str(), listed[0]["folder"].as_str()), (Some("direct"), done["folder"].as_str()));
    assert!(listed[0]["events"].as_u64() > Some(0), "{}", listed[0]);
    let task = done["task"].as_str().expect("an id");
    let shown = out(&desk.run(&["tasks", "show", task]));
    assert!(
        shown.contains("direct: logferry reads and writes, text") && shown.contains("log events are being read"),
        "{shown}"
    );
}

#[test]
fn a_plan_file_takes_format_and_pattern() {
    let desk = Desk::at("60");
    let text = format!(
        "groups = [\"/demo/orders\"]\nfrom = \"3d ago\"\nto = \"1d ago\"\nbucket = \"{BUCKET}\"\n\
         engine = \"direct\"\nformat = \"jsonl\"\nfilter-pattern = \"no such words anywhere\"\n"
    );
    let output = desk.run(&["export", "--wait", "--json", &desk.file(&text)]);
    // Nothing matches: that is told as empty.
    assert_eq!(output.status.code(), Some(4), "{}{}", out(&output), err(&output));
    let lines = records(&output);
    let told = |key: &str| lines[0][key].as_str().map(str::to_owned).unwrap_or_default();
    assert_eq!([told("format"), told("filter_pattern")], ["jsonl", "no such words anywhere"]);
    assert_eq!((desk.calls("GetLogEvents"), desk.calls("FilterLogEvents") > 0), (0, true), "only that call filters");
}

#[test]
fn what_only_the_direct_engine_can_do_is_refused_without_it() {
    let desk = Desk::at("60");
    for (arguments, why) in [
        (&["--format", "jsonl"][..], "'--format <FORMAT>': AWS's own export writes text alone"),
        (&["--filter-pattern", "ERROR"], "'--filter-pattern <PATTERN>': AWS's own export takes no filter pattern"),
        (&["--engine", "dirct"], "did you mean direct?"),
    ] {
        let output = desk.export(&[&["--group", "/demo/orders", "--bucket", BUCKET], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(why), "{}", err(&output));
    }
}

#[test]
fn what_a_direct_export_is_at_is_told_from_time_to_time_and_kept() {
    const STREAMS: u64 = 24;
    let desk = Desk::at("60");
    let now = Timestamp::from(SystemTime::now());
    let [from, to] = [50, 49].map(|hours| now.before(Duration::from_hours(hours)).millis());
    let group = json!({"name": "/synthetic", "streams": STREAMS, "eventsPerStream": 300, "messageBytes": 60,
                       "from": from, "to": to});
    desk.control("logs/synthetic-groups", &group);
    desk.control("logs/whims", &json!({"mostEvents": 20}));
    desk.control("rates", &json!({"enforce": true}));
    let output = desk.export(&["--group", "/synthetic", "--bucket", BUCKET, "--engine", "direct", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let lines = records(&output);
    let told: Vec<&Value> = lines.iter().filter(|line| line["event"] == "progress").collect();
    let first = told.first().expect("it takes longer than the time between two");
    assert!(told.is_sorted_by_key(|line| line["events"].as_u64()), "{told:?}");
    assert_eq!((&first["streams_known"], &first["all_streams_known"]), (&json!(STREAMS), &json!(true)), "{first}");
    assert_eq!((&first["held_up_by"], &first["quota_per_second"]), (&json!("GetLogEvents"), &Value::Null), "{first}");
    assert!(first["events_per_second"].as_u64() > Some(0) && first["percent_read"].as_u64().is_some(), "{first}");
    let kept = &desk.listed(&["--state", "completed"])[0]["progress"];
    assert_eq!((&kept["events"], &kept["streams_done"]), (&json!(STREAMS * 300), &json!(STREAMS)), "{kept}");
}
