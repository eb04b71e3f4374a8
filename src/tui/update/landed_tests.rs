//! What has landed, by keys: which pages are asked for, what is filtered, what is copied.

use crossterm::event::KeyCode;

use super::update;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::{Object, Page};
use crate::domain::names::RemoteId;
use crate::domain::task::State;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Overlay, Subject};
use crate::tui::msg::Msg;

const SIZE: (u16, u16) = (80, 24);
const NAMES: &[&str] = &["web-1/000000.gz", "web-1/000001.gz", "web-2/000000.gz"];

fn said(model: &Model) -> &str {
    model.message().map_or("", |message| &message.text)
}

fn page(names: std::ops::Range<usize>, next: Option<&str>) -> Page<Object> {
    let object = |n| Object {
        key: format!("exportedlogs/remote-1/web-{n:06}/000000.gz"),
        size: ByteCount(10),
        ..Object::default()
    };
    Page { items: names.map(object).collect(), next: next.map(str::to_owned) }
}

fn copied(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn only_a_task_that_aws_has_or_had_can_be_looked_into() {
    for (state, why) in [(State::Queued, "this task has not begun"), (State::Launching, "")] {
        let (mut model, _) = connected(SIZE);
        let mut one = task(1, "/ecs/web", state);
        one.remote = one.remote.filter(|_| state != State::Queued);
        let tasks = vec![std::sync::Arc::new(one)];
        update(&mut model, Msg::Snapshot(std::sync::Arc::new(crate::export::Snapshot { tasks, ..Default::default() })));
        press(&mut model, KeyCode::Char('3'));
        let asked = listing(&press(&mut model, KeyCode::Char('o')));
        assert_eq!(asked.is_none(), !why.is_empty(), "{state:?}");
        assert!(said(&model).starts_with(why), "{state:?}: {}", said(&model));
    }
}

#[test]
fn pages_are_asked_for_as_somebody_scrolls_and_all_of_them_behind_a_filter() {
    let (mut model, request) = looking_into(SIZE, State::Completed);
    let more = listing(&answer_objects(&mut model, request, Ok(page(0..1_000, Some("second")))));
    assert_eq!(more, None, "nobody looks that far");
    let effects = press(&mut model, KeyCode::End);
    let (request, token) = listing(&effects).expect("the end of what is there was reached");
    assert_eq!(token.as_deref(), Some("second"));
    assert_eq!(listing(&answer_objects(&mut model, request, Ok(page(1_000..2_000, Some("third"))))), None);
    press(&mut model, KeyCode::Home);
    let effects = press(&mut model, KeyCode::Char('/'));
    assert_eq!(listing(&effects), None);
    let effects = press(&mut model, KeyCode::Char('7'));
    let (request, token) = listing(&effects).expect("a filter is to find every one");
    assert_eq!(token.as_deref(), Some("third"));
    assert_eq!(listing(&answer_objects(&mut model, request, Ok(page(2_000..2_500, None)))), None);
    let shown = model.landed.as_ref().expect("the page").list.shown_count();
    assert!(shown > 0 && shown < 2_500, "{shown}");
}

#[test]
fn an_answer_for_a_page_that_was_left_is_dropped() {
    let (mut model, request) = looking_into(SIZE, State::Completed);
    press(&mut model, KeyCode::Esc);
    assert_eq!((&model.overlay, model.landed.is_some()), (&None, false));
    let again = press(&mut model, KeyCode::Char('o'));
    let (new, _) = listing(&again).expect("asked anew");
    answer_objects(&mut model, request, Ok(page(0..5, None)));
    assert!(model.landed.as_ref().is_some_and(|landed| landed.list.rows().is_empty()));
    answer_objects(&mut model, new, Ok(page(0..5, None)));
    assert!(model.landed.as_ref().is_some_and(|landed| landed.list.rows().len() == 5));
}

#[test]
fn escape_takes_the_filter_away_first_and_leads_back_to_the_details() {
    let (mut model, _) = connected(SIZE);
    let tasks = vec![std::sync::Arc::new(task(1, "/ecs/web", State::Completed))];
    update(&mut model, Msg::Snapshot(std::sync::Arc::new(crate::export::Snapshot { tasks, ..Default::default() })));
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Enter);
    let (request, _) = listing(&press(&mut model, KeyCode::Char('o'))).expect("asked for");
    answer_objects(&mut model, request, Ok(page(0..5, None)));
    type_text(&mut model, "/3");
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.landed.as_ref().map(|landed| landed.list.shown_count()), Some(1));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.landed.as_ref().map(|landed| landed.list.shown_count()), Some(5));
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Details(Subject::Task(_), _))), "{:?}", model.overlay);
}

#[test]
fn a_past_task_is_looked_into_where_one_looks() {
    let mut model = with_history(SIZE);
    let effects = press(&mut model, KeyCode::Char('o'));
    assert!(listing(&effects).is_some());
    let landed = model.landed.as_ref().expect("the page");
    assert_eq!(landed.of, Subject::Past(RemoteId("remote-0".into())));
    assert_eq!(landed.folder.prefix, "exportedlogs/remote-0/");
}

#[test]
fn what_is_copied_is_quoted_and_said() {
    let mut model = with_objects(SIZE, NAMES, None);
    let effects = press(&mut model, KeyCode::Char('y'));
    let uri = "s3://acme-log-archive/exportedlogs/remote-1/web-1/000000.gz";
    assert_eq!(copied(&effects), Some(uri));
    assert!(said(&model).contains("if your terminal allows OSC 52") && said(&model).ends_with(uri));
    let effects = press(&mut model, KeyCode::Char('Y'));
    let line = copied(&effects).expect("a line").to_owned();
    assert!(line.starts_with(&format!("aws s3 cp {uri} ./web-1/000000.gz --region eu-central-1")), "{line}");
    let effects = press(&mut model, KeyCode::Char('O'));
    assert!(copied(&effects).is_some_and(|url| url.starts_with("https://eu-central-1.console.aws.amazon.com/s3/")));
    model.settings.clipboard = false;
    assert_eq!(copied(&press(&mut model, KeyCode::Char('y'))), None);
    assert!(said(&model).contains("clipboard = false") && said(&model).ends_with(uri));
}

#[test]
fn a_name_that_a_terminal_would_obey_is_copied_quoted_alone() {
    let mut model = with_objects(SIZE, &["web\nrm -rf ~/000000.gz"], None);
    assert_eq!(copied(&press(&mut model, KeyCode::Char('y'))), None);
    assert!(said(&model).contains("Y copies it quoted"), "{}", said(&model));
    let effects = press(&mut model, KeyCode::Char('Y'));
    let line = copied(&effects).expect("a line");
    assert!(line.contains(r"$'s3://acme-log-archive/exportedlogs/remote-1/web\012rm -rf ~/000000.gz'"), "{line}");
}

#[test]
fn the_details_of_a_task_copy_its_whole_folder() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::Char('y'));
    assert_eq!(copied(&effects), Some("s3://acme-log-archive/exportedlogs/remote-1/"));
    let effects = press(&mut model, KeyCode::Char('Y'));
    let line = copied(&effects).expect("a line");
    assert!(
        line.starts_with("aws s3 cp --recursive s3://acme-log-archive/exportedlogs/remote-1/ ./aws-lambda-checkout")
    );
}

#[test]
fn the_keys_are_shown_over_the_page_and_lead_back_to_it() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('?'));
    assert!(matches!(model.overlay, Some(Overlay::Help(_))));
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Landed(_))));
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::F(1));
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Reading(_))));
}
