//! What helps to fill the form in.

use std::process::Command;

use super::desk::{self, Desk, KEYS, REGION, SUBMIT_LINE, Typed};
use crate::support::pty::{CTRL_O, CTRL_P, CTRL_U, END, ENTER, ESCAPE, F2, F3};

/// What was completed once is known, whether or not it held events.
const JANUARY: Typed<'_> = Typed {
    group: "/demo/orders",
    from: "2026-01-01",
    to: "2026-01-04",
    bucket: "acme-log-exports",
    prefix: "pty/form",
};

#[test]
fn a_range_goes_on_where_the_last_export_to_that_place_ended() {
    let mut desk = Desk::new("60");
    desk::export(&mut desk.terminal, &JANUARY);
    desk::wait_state(&desk.terminal, JANUARY.group, "Completed");
    desk.terminal.keys("6");
    for preset in ["last hour", "last 24 hours", "today", "yesterday", "last 7 days", "last month"] {
        desk.terminal.keys(CTRL_P);
        desk.terminal.wait_until(preset, |screen| screen.line_with(&["Range", preset]).is_some());
    }
    desk.terminal.keys(CTRL_P);
    desk.terminal.wait_until("it begins where January's ended", |screen| {
        screen.line_with(&["Range", "since last export"]).is_some() && screen.shows("2026-01-04T00:00:00.000Z")
    });
    desk::fill(&mut desk.terminal, "Prefix", "pty/elsewhere");
    desk.terminal.wait_for("never exported to this place");
}

#[test]
fn a_field_is_edited_by_words_undone_and_pasted_into_and_a_picker_finds_by_letters() {
    let mut desk = Desk::new("60");
    desk::open_form(&mut desk.terminal, JANUARY.group);
    desk::fill(&mut desk.terminal, "Prefix", "one two three");
    let prefix = |desk: &Desk, text: &'static str| {
        let wanted = format!("▸ Prefix        ┃{text}");
        desk.terminal.wait_until(text, |screen| {
            let line = screen.line_with(&["▸ Prefix"]).unwrap_or_default();
            line.split('│').next().is_some_and(|line| line.trim_end() == wanted)
        });
    };
    desk.terminal.keys("\x17");
    prefix(&desk, "one two");
    desk.terminal.keys("\x1f");
    prefix(&desk, "one two three");
    desk.terminal.keys("\x19\x1bb\x1bd");
    prefix(&desk, "one");
    // As a terminal brackets what is pasted: neither the line's end nor the escape does anything.
    desk.terminal.keys("\x1b[200~four\r\x1b[31m\x1b[201~");
    prefix(&desk, "one four[31m");
    desk::fill(&mut desk.terminal, "Bucket", "a");
    desk.terminal.keys(CTRL_O);
    desk.terminal.wait_for("Filter:");
    desk.terminal.keys("lgexp");
    desk.terminal.wait_until("its letters find the bucket", |screen| {
        screen.shows("Bucket: 1 of ") && screen.line_with(&["▸", "acme-log-exports"]).is_some()
    });
    desk.terminal.keys(ENTER);
    desk.terminal.wait_until("it is chosen", |screen| screen.line_with(&["▸ Bucket", "acme-log-exports"]).is_some());
}

#[test]
fn a_plan_is_opened_again_and_saved_as_a_file_that_the_command_line_reads_as_the_same_tasks() {
    let mut desk = Desk::new("60");
    desk::fill_form(&mut desk.terminal, &Typed { prefix: "pty/{from:%d}", ..JANUARY });
    desk::fill(&mut desk.terminal, "Plan name", "january's first");
    desk::choose_split(&mut desk.terminal, "daily");
    desk::submit(&mut desk.terminal);
    desk.terminal.wait_for("3 of 3 done");
    // From the last of its tasks up to the plan itself.
    desk.terminal.keys("g");
    desk.terminal.keys("r");
    desk.terminal.wait_until("the form holds all of the plan", |screen| {
        screen.shows(SUBMIT_LINE)
            && screen.shows("[daily]")
            && screen.line_with(&["Plan name", "january's first"]).is_some()
            && screen.line_with(&["Prefix", "pty/{from:%d}"]).is_some()
    });
    let path = desk.client.directory().join("saved.toml");
    std::fs::write(&path, "somebody else's").expect("a file in the way");
    let path = path.to_str().expect("a UTF-8 path");
    desk.terminal.keys(F2);
    desk.terminal.wait_for("january-s-first.toml");
    desk.terminal.keys(&format!("{CTRL_U}{path}{ENTER}"));
    desk.terminal.wait_for("F2 overwrites it");
    assert_eq!(std::fs::read_to_string(path).expect("it is there"), "somebody else's");
    desk.terminal.keys(F2);
    desk.terminal.wait_for("saved: logferry export");
    let state = desk.client.directory().to_str().expect("a UTF-8 path");
    let dry_run = Command::new(env!("CARGO_BIN_EXE_logferry"))
        .args(["--endpoint-url", &desk.url, "--region", REGION, "--state-dir", state])
        .args(["export", path, "--dry-run", "--json"])
        .envs(KEYS.iter().copied())
        .output()
        .expect("the binary runs");
    let told = String::from_utf8(dry_run.stdout).expect("UTF-8");
    let tasks: Vec<serde_json::Value> = told
        .lines()
        .filter(|line| line.contains("\"task\""))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(tasks.len(), 3, "{told}");
    for (task, day) in tasks.iter().zip(["01", "02", "03"]) {
        let text = task.to_string();
        assert!(
            text.contains(&format!("pty/{day}")) && text.contains(&format!("2026-01-{day}T00:00:00.000Z")),
            "{text}"
        );
    }
}

#[test]
fn a_day_is_pointed_at_in_the_calendar() {
    let mut desk = Desk::new("60");
    desk::open_form(&mut desk.terminal, JANUARY.group);
    desk::fill(&mut desk.terminal, "To", "2026-01-04");
    desk.terminal.keys(CTRL_O);
    desk.terminal.wait_for("up to the end of 2026-01-03");
    desk.terminal.keys("[");
    desk.terminal.wait_for("December 2025");
    desk.terminal.keys("jh");
    desk.terminal.wait_for("up to the end of 2025-12-09");
    desk.terminal.keys(ENTER);
    desk.terminal.wait_until("the end of that day is the end of the range", |screen| {
        screen.line_with(&["▸ To ", "2025-12-10"]).is_some() && !screen.shows("December 2025")
    });
}

#[test]
fn what_was_exported_since_is_only_tried_again_after_a_question() {
    let mut desk = Desk::new("60");
    let failing = r#"{"group":"/demo/orders","message":"The export task failed."}"#;
    desk::control(&desk.url, "POST", "/logs/fail-tasks", failing);
    desk::export(&mut desk.terminal, &JANUARY);
    desk::wait_state(&desk.terminal, JANUARY.group, "Failed");
    desk.terminal.keys("r");
    desk.terminal.wait_for(SUBMIT_LINE);
    desk::submit(&mut desk.terminal);
    desk.terminal.keys("3");
    desk::wait_state(&desk.terminal, JANUARY.group, "Completed");
    desk.terminal.keys(END);
    desk.terminal.wait_until("it is under the cursor", |screen| screen.line_with(&["›", "Failed"]).is_some());
    desk.terminal.keys("t");
    desk.terminal.wait_for("Export it twice?");
    desk.terminal.wait_for("Exported to the same place since");
    desk.terminal.keys("y");
    desk.terminal.wait_until("it completes too", |screen| {
        screen.lines.iter().filter(|line| line.contains("✓ Completed")).count() == 2
    });
}

#[test]
fn what_an_export_would_hold_is_peeked_at_first() {
    let mut desk = Desk::new("60");
    desk::open_form(&mut desk.terminal, "/demo/orders");
    desk::fill(&mut desk.terminal, "From", "8d ago");
    desk::fill(&mut desk.terminal, "To", "now");
    desk.terminal.keys(F3);
    desk.terminal.wait_for("300 events");
    desk.terminal.wait_until("both ends and the bars are there", |screen| {
        screen.line_with(&["First event", "order"]).is_some()
            && screen.line_with(&["Last event", "order"]).is_some()
            && screen.lines.iter().filter(|line| line.contains('▰')).count() > 3
    });
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for(SUBMIT_LINE);
    desk::fill(&mut desk.terminal, "Log groups", "/archive/audit-2025");
    desk.terminal.keys(F3);
    desk.terminal.wait_for("AWS does not let events of the class INFREQUENT_ACCESS be read");
}
