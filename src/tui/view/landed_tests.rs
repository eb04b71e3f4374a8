//! What has landed, as text: objects, none, and a bucket one may not list.

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::inventory::Page;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::State;
use crate::domain::verify::object::Damage;
use crate::export::landed::{Answer, Copied, End};
use crate::export::verify::Progress;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::landed::talk::{Errand, News};
use crate::tui::msg::{Msg, Reply};
use crate::tui::update::update;

const NAMES: &[&str] = &[
    "2026-10-30-[$LATEST]1f0c3b5a7d9e4f6081a2b3c4d5e6f708/000000.gz",
    "2026-10-30-[$LATEST]1f0c3b5a7d9e4f6081a2b3c4d5e6f708/000001.gz",
    "2026-10-31-[$LATEST]77aa\u{202e}\u{1b}[31m/000000.gz",
    "manifest.json",
];

#[test]
fn objects_at_three_sizes() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        insta::assert_snapshot!(format!("landed_{name}"), text(&with_objects(size, NAMES, None)));
    }
}

#[test]
fn objects_that_are_not_all_and_filtered() {
    let mut model = with_objects(SMALL, NAMES, Some("more"));
    insta::assert_snapshot!("landed_more", text(&model));
    type_text(&mut model, "/77");
    insta::assert_snapshot!("landed_filtered", text(&model));
}

#[test]
fn why_there_are_none() {
    let none = Page { items: Vec::new(), next: None };
    for (state, told) in [
        (State::Running, "Nothing has landed yet."),
        (State::Completed, "Nothing landed: the log group had no events in this window."),
        (State::Failed, "Nothing is there."),
    ] {
        let (mut model, request) = looking_into(SMALL, state);
        answer_objects(&mut model, request, Ok(none.clone()));
        let shown = text(&model);
        assert!(shown.contains(told) && shown.contains("s3://acme-log-archive/exportedlogs/remote-1/"), "{shown}");
    }
}

#[test]
fn a_bucket_that_may_not_be_listed() {
    let (mut model, request) = looking_into(SMALL, State::Completed);
    insta::assert_snapshot!("landed_loading", text(&model));
    let mut problem =
        Problem::new(ProblemKind::AccessDenied, "ListObjectsV2").on("acme-log-archive").in_region("eu-central-1");
    problem.code = Some("AccessDenied".into());
    problem = problem.saying("Access Denied");
    answer_objects(&mut model, request, Err(problem));
    insta::assert_snapshot!("landed_denied", text(&model));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlay, None);
}

const WHOLE: End = End { packed: true, damage: None };

/// What a web server says, and somebody who wants to be obeyed.
fn lines() -> Vec<String> {
    let evil = "2026-10-30T12:00:03.000Z evil \u{1b}[2J\u{202e}txt".to_owned();
    let long = format!("2026-10-30T12:00:04.000Z {{\"level\":\"error\",\"trace\":\"{}\"}}", "abcdefgh ".repeat(14));
    let mut lines: Vec<String> =
        (0..30).map(|n| format!("2026-10-30T12:00:{n:02}.000Z GET /cart {} {n} ms", 200 + 300 * (n / 25))).collect();
    lines.splice(3..3, [evil, long]);
    lines
}

#[test]
fn an_object_is_read_at_two_sizes() {
    let lines = lines();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    insta::assert_snapshot!("reading_80", text(&with_text(SMALL, &lines, WHOLE)));
    let mut model = with_text(LARGE, &lines, End { damage: Some(Damage::CutOff), ..WHOLE });
    insta::assert_snapshot!("reading_damaged_200", text(&model));
    model.size = SMALL;
    press(&mut model, KeyCode::Char('w'));
    type_text(&mut model, "/error");
    insta::assert_snapshot!("reading_typing_80", text(&model));
    let (request, _) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("looked for");
    answer_reading(&mut model, request, Answer::Going(123_456, ByteCount(700)));
    insta::assert_snapshot!("reading_looking_80", text(&model));
    answer_reading(&mut model, request, Answer::Found(Some(4)));
    insta::assert_snapshot!("reading_found_80", text(&model));
}

#[test]
fn how_an_object_ends_is_told() {
    for (end, told) in [
        (WHOLE, "── end ──"),
        (End { packed: false, damage: None }, "it is no gzip file, and shown as it is"),
        (End { damage: Some(Damage::NotGzip), ..WHOLE }, "it is no gzip file: nothing of it can be shown"),
        (End { damage: Some(Damage::Corrupt), ..WHOLE }, "damaged: it does not decompress"),
    ] {
        let shown = text(&with_text(SMALL, &["one"], end));
        assert!(shown.contains(told), "{shown}");
    }
    let shown = text(&with_text(SMALL, &[], WHOLE));
    assert!(shown.contains("no lines"), "{shown}");
}

#[test]
fn an_archived_object_says_what_to_do() {
    let mut model = with_objects(SMALL, NAMES, None);
    let (request, _) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("asked for");
    insta::assert_snapshot!("reading_begins_80", text(&model));
    let mut problem = Problem::new(ProblemKind::InvalidRequest, "GetObject");
    problem.code = Some("InvalidObjectState".into());
    answer_reading(&mut model, request, Answer::Refused(Box::new(problem)));
    assert!(text(&model).contains("aws s3api restore-object"), "{}", text(&model));
}

#[test]
fn a_download_is_asked_for_goes_on_and_is_done() {
    let mut model = with_objects(SMALL, NAMES, None);
    press(&mut model, KeyCode::Char('D'));
    insta::assert_snapshot!("download_80", text(&model));
    let effects = press(&mut model, KeyCode::Enter);
    let Some(Effect::Landed(Errand::Download { request, .. })) = effects.first() else { panic!("{effects:?}") };
    let listed = Landed { objects: 120, bytes: ByteCount(40_000_000) };
    let progress = Progress { listed, listed_all: true, objects: 12, bytes: ByteCount(13_000_000) };
    update(&mut model, Msg::Reply(*request, Reply::Landed(News::Downloading(progress))));
    insta::assert_snapshot!("download_going_80", text(&model));
    let archived = "the object is archived: it cannot be read where a lifecycle rule has moved it: restore it \
                    (`aws s3api restore-object`), then try again";
    let copied = Copied {
        saved: Landed { objects: 117, bytes: ByteCount(39_000_000) },
        kept: 2,
        failed: 1,
        reasons: vec![("web-\u{1b}[2J/000000.gz".into(), archived.into())],
    };
    update(&mut model, Msg::Reply(*request, Reply::Landed(News::Downloaded(Ok(copied)))));
    insta::assert_snapshot!("download_done_80", text(&model));
}
