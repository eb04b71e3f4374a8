//! `logferry verify`: what an export has left is read back, and what is wrong with it is told.

use logferry::aws::Session;
use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, err, keys, out, records};

/// A desk where the export of a log group has ended with this code; its task as the ledger lists it.
fn exported(group: &str, code: i32) -> (Desk, Value) {
    let desk = Desk::at("600");
    let output = desk.export(&["--group", group, "--bucket", BUCKET]);
    assert_eq!(output.status.code(), Some(code), "{}", err(&output));
    let task = desk.listed(&[]).remove(0);
    (desk, task)
}

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record[key].as_str().unwrap_or_else(|| panic!("{key} in {record}"))
}

/// The lines of `verify --json`: objects, findings, and the whole.
fn told(desk: &Desk, arguments: &[&str], code: i32) -> (Vec<Value>, Vec<Value>, Value) {
    let output = desk.run(&[&["verify", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(code), "{}{}", out(&output), err(&output));
    let mut all = records(&output);
    let whole = all.pop().expect("the whole comes last");
    let (objects, findings) = all.into_iter().partition(|record| record["event"] == "object");
    (objects, findings, whole)
}

async fn put(session: &Session, key: &str, body: &[u8]) {
    session.put_json(BUCKET, session.region(), key, body.to_vec()).await.expect("it is put");
}

#[test]
fn a_whole_export_is_sound_and_what_that_does_not_prove_is_said() {
    let (desk, task) = exported("/demo/orders", 0);
    let id = text(&task, "task");
    let (objects, findings, whole) = told(&desk, &[id], 0);
    assert_eq!((findings.len(), text(&whole, "verdict")), (0, "sound"), "{findings:?}");
    assert_eq!((&whole["objects"], &whole["bytes"]), (&task["objects"], &task["bytes"]), "as the queue has counted");
    let events: u64 = objects.iter().map(|object| object["events"].as_u64().expect("a number")).sum();
    assert_eq!(whole["events"], json!(events));
    assert!(events > 0 && objects.iter().all(|object| text(object, "sha256").len() == 64));
    let output = desk.run(&["verify", id]);
    let said = out(&output);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""), "{said}");
    assert!(said.starts_with(&format!("task          {id}\n")), "{said}");
    assert!(
        said.contains("\nverdict       sound: ") && said.contains("\nnot proved\n  That no event is missing"),
        "{said}"
    );
    assert!(!said.contains("findings"), "{said}");
}

#[test]
fn the_json_objects_have_the_documented_keys() {
    let (desk, task) = exported("/demo/orders", 0);
    let readme = include_str!("../../README.md");
    let (objects, _, whole) = told(&desk, &[text(&task, "task"), "--manifest"], 0);
    for record in [&objects[0], &whole] {
        let event = text(record, "event");
        let line = readme.lines().find(|line| line.starts_with(&format!("- `{event}`"))).expect(event);
        for key in keys(record) {
            assert!(key == "event" || line.contains(&format!("`{key}`")), "{event}: {key} is not in README");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_a_failure_that_names_the_object() {
    let (desk, task) = exported("/demo/orders", 0);
    let (id, folder) = (text(&task, "task"), text(&task, "folder"));
    let (objects, ..) = told(&desk, &[id], 0);
    let key = text(&objects[0], "key");
    let session = desk.session().await;
    put(&session, &format!("{folder}{key}"), b"no gzip at all").await;
    put(&session, &format!("{folder}notes.txt"), b"a stranger").await;
    let (_, findings, whole) = told(&desk, &[id], 3);
    assert_eq!(text(&whole, "verdict"), "wrong");
    let found: Vec<_> = findings.iter().map(|found| (text(found, "finding"), found["key"].as_str())).collect();
    assert_eq!(found, [("missing", None), ("damaged", Some(key)), ("stranger", Some("notes.txt"))]);
    let output = desk.run(&["verify", id]);
    let said = out(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(&format!("  wrong  {key}: it is no gzip file\n")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_lies_beside_the_objects_and_is_no_log_data() {
    let (desk, task) = exported("/demo/orders", 0);
    let (id, folder) = (text(&task, "task"), text(&task, "folder"));
    let refused = desk.run(&["verify", id, "--manifest", "--read-only"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("`logferry verify` puts an object there with --manifest: nothing was done"));
    let (objects, _, whole) = told(&desk, &[id, "--manifest"], 0);
    let key = format!("{folder}manifest.json");
    assert_eq!(text(&whole, "manifest"), key);
    let session = desk.session().await;
    let mut body = session.open_object(BUCKET, session.region(), &key, 0, None).await.expect("it is there");
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece.expect("it is read"));
    }
    let manifest: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!((&manifest["manifest"], text(&manifest, "engine")), (&json!(1), "managed"));
    for same in ["task", "remote_id", "from", "to", "objects", "bytes", "events", "verdict", "not_proved"] {
        assert_eq!(manifest[same], whole[same], "{same}");
    }
    let contents = manifest["contents"].as_array().expect("a list");
    for (object, record) in objects.iter().zip(contents) {
        assert_eq!((&object["key"], &object["sha256"]), (&record["key"], &record["sha256"]));
    }
    assert_eq!(contents.len(), objects.len());
    let (again, findings, after) = told(&desk, &[id], 0);
    assert_eq!((again, findings.len(), &after["objects"]), (objects, 0, &whole["objects"]), "it is passed by");
}

#[test]
fn what_cannot_be_read_or_is_not_there_is_not_called_sound() {
    let (desk, task) = exported("/demo/orders", 0);
    desk.control("faults", &json!({"operation": "GetObject", "kind": "access_denied"}));
    let (objects, findings, whole) = told(&desk, &[text(&task, "task")], 4);
    assert_eq!((text(&whole, "verdict"), &objects[0]["sha256"]), ("doubtful", &Value::Null));
    assert!(findings.iter().all(|found| text(found, "finding") == "unread"), "{findings:?}");

    let (desk, empty) = exported("/ecs/brand-new-service", 4);
    let (_, findings, _) = told(&desk, &[text(&empty, "task")], 4);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(text(&findings[0], "finding"), "empty");
}

#[test]
fn only_a_task_that_has_ended_can_be_verified() {
    let desk = Desk::at("600");
    let waiting =
        ["export", "--group", "/demo/orders", "--from", "2026-01-01", "--to", "2026-01-02", "--bucket", BUCKET];
    assert_eq!(desk.run(&waiting).status.code(), Some(0));
    let id = text(&desk.listed(&[])[0], "task").to_owned();
    let refused = desk.run(&["verify", &id]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert!(err(&refused).contains("cannot be verified: it is queued"), "{}", err(&refused));
    assert_eq!(desk.run(&["verify", "ffff"]).status.code(), Some(2));
}

#[test]
fn a_direct_export_is_verified_by_what_it_promises_in_either_format() {
    let desk = Desk::at("600");
    for format in ["text", "jsonl"] {
        let arguments = ["--group", "/demo/orders", "--bucket", BUCKET, "--engine", "direct", "--format", format];
        let output = desk.export(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let task = desk.listed(&[]).remove(0);
        let (_, findings, whole) = told(&desk, &[text(&task, "task")], 0);
        assert_eq!(findings, Vec::<Value>::new());
        assert_eq!((text(&whole, "engine"), text(&whole, "format")), ("direct", format));
        assert_eq!(whole["events"], task["events"], "as many as the engine has read");
    }
}

#[test]
fn a_task_that_cannot_be_reached_keeps_nobody_from_the_rest() {
    let desk = Desk::at("600");
    for bucket in [BUCKET, "acme-secure-kms"] {
        let output = desk.export(&["--group", "/demo/orders", "--bucket", bucket, "--engine", "direct"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    }
    let tasks = desk.listed(&[]);
    let id = |bucket: &str| {
        let task = tasks.iter().find(|task| task["bucket"] == bucket).expect("its task");
        text(task, "task").to_owned()
    };
    let (reached, lost) = (id(BUCKET), id("acme-secure-kms"));
    desk.control("faults", &json!({"operation": "ListObjectsV2", "kind": "access_denied", "times": 1}));
    let output = desk.run(&["verify", "--json", &lost, &reached]);
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    let told = records(&output);
    assert_eq!((text(&told[0], "event"), text(&told[0], "task")), ("unverified", lost.as_str()));
    let other = told.last().expect("the other task");
    assert_eq!(
        (text(other, "event"), text(other, "task"), text(other, "verdict")),
        ("verification", reached.as_str(), "sound")
    );
    assert!(err(&output).contains(&format!("the task {lost} was not verified")), "{}", err(&output));
    let readme = include_str!("../../README.md");
    let line = readme.lines().find(|line| line.starts_with("- `unverified`")).expect("README tells of it");
    assert!(keys(&told[0]).iter().all(|key| *key == "event" || line.contains(&format!("`{key}`"))), "{line}");
}
