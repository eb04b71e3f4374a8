//! `logferry tasks cancel`, told as what it is.

use serde_json::json;

use crate::desk::{BUCKET, Desk, Running, err, export, out, records};

/// Log groups of the demo.
const GROUPS: &str = "/demo/orders,/ecs/payments";

#[test]
fn a_queued_task_is_cancelled_without_a_word_to_aws() {
    let desk = Desk::at("600");
    let queued = ["export", "--group", GROUPS, "--from", "3d ago", "--to", "1d ago", "--bucket", BUCKET];
    assert_eq!(desk.run(&queued).status.code(), Some(0));
    let before = desk.calls("GetCallerIdentity");
    let id = desk.listed(&[])[0]["task"].as_str().expect("an id").to_owned();
    let cancelled = desk.run(&["tasks", "cancel", &id]);
    assert_eq!(cancelled.status.code(), Some(0), "{}", err(&cancelled));
    assert_eq!(out(&cancelled), format!("{id}\tCancelled\t/ecs/payments\tcancelled before AWS had it\n"));
    let twice = desk.run(&["tasks", "cancel", &id, "--json"]);
    assert_eq!((twice.status.code(), &records(&twice)[0]["outcome"]), (Some(0), &json!("already_cancelled")));
    let plan = desk.listed(&[])[0]["plan"].as_str().expect("an id").to_owned();
    let rest = desk.run(&["tasks", "cancel", "--plan", &plan]);
    assert_eq!((rest.status.code(), out(&rest).lines().count()), (Some(0), 1), "what had ended is not spoken of");
    assert_eq!(desk.listed(&["--state", "cancelled"]).len(), 2);
    assert_eq!((desk.calls("CancelExportTask"), desk.calls("GetCallerIdentity")), (0, before));
}

#[test]
fn a_plan_is_named_by_its_label_too_and_nothing_by_an_empty_word() {
    let desk = Desk::at("600");
    let export = ["export", "--group", GROUPS, "--from", "3d ago", "--to", "1d ago", "--bucket", BUCKET];
    let queue = |label| desk.run(&[&export[..], &["--name", label]].concat()).status.code();
    assert_eq!((queue("before the move"), queue("after it"), queue("after it")), (Some(0), Some(0), Some(0)));
    let cancelled = desk.run(&["tasks", "cancel", "--plan", "before the move"]);
    assert_eq!((cancelled.status.code(), out(&cancelled).lines().count()), (Some(0), 2), "{}", err(&cancelled));
    let several = desk.run(&["tasks", "cancel", "--plan", "after it"]);
    assert_eq!(
        (several.status.code(), err(&several).matches("  after it\n").count()),
        (Some(2), 2),
        "{}",
        err(&several)
    );
    let nothing = desk.run(&["tasks", "show", ""]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(err(&nothing).starts_with("error: an id is needed"), "{}", err(&nothing));
}

#[test]
fn a_task_that_has_finished_is_told_so_with_3() {
    let desk = Desk::at("600");
    assert_eq!(desk.export(&["--group", "/demo/orders", "--bucket", BUCKET]).status.code(), Some(0));
    let id = desk.listed(&[])[0]["task"].as_str().expect("an id").to_owned();
    let late = desk.run(&["tasks", "cancel", &id]);
    assert_eq!(late.status.code(), Some(3));
    assert_eq!(out(&late), format!("{id}\tCompleted\t/demo/orders\tnothing to cancel: it had already finished\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_nobody_drives_is_cancelled_by_the_command_itself() {
    // Slow: AWS still has the task when its driver is gone.
    let desk = Desk::at("0.5");
    let arguments = export(&["--group", "/demo/orders,/ecs/payments", "--bucket", BUCKET]);
    let (code, told, _) =
        Running(desk.command(&arguments).spawn().expect("it starts")).end_by("INT", "accepted by AWS as");
    assert_eq!(code, Some(130), "{told}");
    let id = desk.listed(&["--group", "/demo/orders"])[0]["task"].as_str().expect("an id").to_owned();
    let elsewhere = desk.command(&["tasks", "cancel", &id]).env("AWS_ACCESS_KEY_ID", "999999999999").output();
    let elsewhere = elsewhere.expect("the binary runs");
    let said =
        "the wish is recorded, and nobody passes it on yet: the default credentials lead to account 999999999999; ";
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(err(&elsewhere).contains(said), "{}", err(&elsewhere));
    let cancelled = desk.run(&["tasks", "cancel", &id]);
    assert_eq!(cancelled.status.code(), Some(0), "{}{}", out(&cancelled), err(&cancelled));
    assert!(
        out(&cancelled).starts_with(&format!("{id}\tCancelling\t/demo/orders\tcancel asked for\n")),
        "{}",
        out(&cancelled)
    );
    assert!(out(&cancelled).contains("\tcancelled; left in the bucket: "), "{}", out(&cancelled));
    let ours = desk.ours().await;
    assert_eq!(ours.len(), 1, "nothing queued was launched meanwhile: {ours:?}");
    assert_eq!(desk.listed(&["--state", "queued"]).len(), 1);
    assert_eq!(desk.listed(&["--state", "cancelled"])[0]["task"], id.as_str());
}

#[test]
fn a_task_that_another_process_drives_is_cancelled_by_that_one() {
    let desk = Desk::at("0.5");
    let arguments = export(&["--group", "/demo/orders", "--bucket", BUCKET]);
    let mut driver = Running(desk.command(&arguments).spawn().expect("it starts"));
    let _ = driver.hear("accepted by AWS as");
    let id = desk.listed(&[])[0]["task"].as_str().expect("an id").to_owned();
    let asked = desk.run(&["tasks", "cancel", &id]);
    assert_eq!(asked.status.code(), Some(0), "{}", err(&asked));
    assert!(err(&asked).ends_with(" passes it on to AWS\n"), "{}", err(&asked));
    assert_eq!(driver.0.wait().expect("it ends").code(), Some(3), "its one task was cancelled");
    assert_eq!(desk.listed(&["--state", "cancelled"]).len(), 1);
}
