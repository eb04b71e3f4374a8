//! `--destination file:…`: exports into a directory of this machine, from the plan to what lies there and is verified.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use logferry::domain::time::Timestamp;
use serde_json::Value;

use crate::desk::{BUCKET, Desk, err, out, records};
use crate::support::exported::lines_under;

/// A direct export of the demo's orders into `place`.
fn into_place<'a>(place: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--group", "/demo/orders", "--engine", "direct", "--destination", place], more].concat()
}

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record[key].as_str().unwrap_or_else(|| panic!("{key} in {record}"))
}

/// The task's own directory below `logs`.
fn folder(logs: &Path, task: &Value) -> PathBuf {
    logs.join(text(task, "folder"))
}

#[test]
fn what_lies_in_the_directory_is_verified_without_aws_and_a_damaged_file_is_named() {
    let desk = Desk::at("60");
    let logs = desk.home.path().join("some/logs");
    let place = format!("file:{}", logs.display());
    let output = desk.export(&into_place(&place, &["--prefix", "{group}/x", "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert_eq!(text(&records(&output)[0], "bucket"), place);
    let task = desk.listed(&[]).remove(0);
    assert_eq!((text(&task, "bucket"), text(&task, "prefix")), (place.as_str(), "demo/orders/x"));
    let (id, root) = (text(&task, "task"), folder(&logs, &task));
    assert!(root.starts_with(logs.join("demo/orders/x")) && !lines_under(&root).is_empty());
    let shown = out(&desk.run(&["tasks", "show", id]));
    assert!(shown.contains(&format!("{}/\n", root.display().to_string().trim_end_matches('/'))), "{shown}");

    let calls = ["ListObjectsV2", "GetObject", "HeadBucket", "GetBucketLocation", "PutObject"];
    let before = calls.map(|call| desk.calls(call));
    let verified = desk.run(&["verify", id, "--manifest"]);
    assert_eq!(verified.status.code(), Some(0), "{}{}", out(&verified), err(&verified));
    assert!(out(&verified).contains(&format!("\nmanifest      {}\n", root.join("manifest.json").display())));
    let manifest: Value =
        serde_json::from_slice(&fs::read(root.join("manifest.json")).expect("it is there")).expect("JSON");
    assert_eq!((text(&manifest, "verdict"), text(&manifest, "bucket")), ("sound", place.as_str()));
    let key = text(&manifest["contents"][0], "key").to_owned();
    fs::write(root.join(&key), "plain text, no gzip at all").expect("it can be damaged");
    let damaged = desk.run(&["verify", id]);
    assert_eq!(damaged.status.code(), Some(3), "{}", out(&damaged));
    assert!(out(&damaged).contains(&format!("{key}: it is no gzip file")), "{}", out(&damaged));
    assert_eq!(calls.map(|call| desk.calls(call)), before, "AWS is not asked");
}

#[test]
fn a_relative_directory_begins_where_the_command_is_started_and_since_last_knows_it() {
    let desk = Desk::at("60");
    let run = |arguments: &[&str]| {
        let mut command = desk.command(arguments);
        command.current_dir(desk.home.path()).output().expect("the binary runs")
    };
    let export = |more: &[&str]| run(&[&["export"], &into_place("file:./logs", more)[..]].concat());
    // A range that stays where it is.
    let ago = |days: u64| Timestamp::from(SystemTime::now()).before(Duration::from_hours(24 * days)).to_string();
    let (from, to) = (ago(3), ago(2));
    let range = ["--from", &from, "--to", &to];
    let shown = export(&[&range[..], &["--dry-run"]].concat());
    let first =
        desk.home.path().canonicalize().expect("it is there").join("logs/exportedlogs/<taskId>/<stream>/000000.gz");
    assert!(out(&shown).contains(&first.display().to_string()), "{}{}", out(&shown), err(&shown));
    assert!(!desk.home.path().join("logs").exists(), "nothing is made");
    let done = export(&[&range[..], &["--wait"]].concat());
    assert_eq!(done.status.code(), Some(0), "{}{}", out(&done), err(&done));
    assert!(!lines_under(&desk.home.path().join("logs")).is_empty());
    let again = export(&["--since-last", "--to", &to, "--dry-run"]);
    let told = out(&again) + &err(&again);
    assert!(again.status.code() == Some(0) && told.contains("nothing is missing"), "{told}");
    let elsewhere = run(&[&["export"], &into_place("file:./other", &["--since-last", "--dry-run"])[..]].concat());
    assert!(err(&elsewhere).contains("the ledger knows no export"), "{}", err(&elsewhere));
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_queued() {
    let desk = Desk::at("60");
    let file = desk.file("in the way");
    let below = format!("file:{file}/logs");
    let group = ["--group", "/demo/orders"];
    for (arguments, code, why) in [
        (
            &["--destination", "file:/logs"][..],
            2,
            "'--destination <PLACE>': AWS's own export writes into buckets alone",
        ),
        (&["--destination", "file:/a/../b"], 2, "write the directory without .."),
        (&["--destination", "file:/logs", "--bucket", BUCKET], 2, "cannot be used with"),
        (&["--destination", "s3://acme-log-exports/web"], 2, "give the bucket alone here"),
        (&["--destination", &below, "--engine", "direct"], 5, "blocked: directory: "),
    ] {
        let output = desk.export(&[&group[..], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{}", out(&output), err(&output));
        assert!(err(&output).contains(why), "{arguments:?}: {}", err(&output));
    }
    assert!(desk.listed(&[]).is_empty());
    let url = ["export", "--from", "3d ago", "--to", "1d ago", "--destination", "s3://acme-log-exports", "--dry-run"];
    let by_url = desk.run(&[&url[..], &group].concat());
    assert_eq!(by_url.status.code(), Some(0), "{}", err(&by_url));
}
