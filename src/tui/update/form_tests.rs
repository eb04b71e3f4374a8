//! The form as a screen, by key sequences: what it looks up, and what it is filled with.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::update;
use crate::domain::coverage::Reached;
use crate::domain::inventory::GroupClass;
use crate::domain::names::LogGroupName;
use crate::domain::peek::Peek;
use crate::domain::task::State;
use crate::domain::time::{TimeRange, Timestamp};
use crate::export::Peeked;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Confirm, Model, Overlay, Screen, Subject};
use crate::tui::msg::{Msg, Reply};
use crate::tui::peek::Stage;
use crate::tui::save_plan::{NotSaved, PlanFile};
use crate::tui::since::Answer;

const SIZE: (u16, u16) = (80, 24);

fn last_export(effects: &[Effect]) -> Option<RequestId> {
    effects.iter().find_map(|effect| match effect {
        Effect::LookSince(request, _) => Some(*request),
        _ => None,
    })
}

/// Goes through the presets up to the one that begins with the last export; gives the question.
fn since_last(model: &mut Model) -> RequestId {
    let asked = (0..7).find_map(|_| last_export(&ctrl(model, 'p')));
    asked.expect("one of the presets asks for it")
}

fn range_start(model: &Model) -> Option<Timestamp> {
    let form = model.form.as_deref().unwrap();
    form.wish(&model.form_context()).map(|wish| wish.plan.range.from())
}

#[test]
fn the_last_export_is_looked_up_once_and_again_for_whoever_comes_back() {
    let (mut model, _) = with_form(SIZE);
    let request = since_last(&mut model);
    assert_eq!(last_export(&passed(&mut model, 1_000)), None, "once is enough");
    let at = NOW.before(std::time::Duration::from_hours(48));
    let known = Answer::Known(Reached { at, leaps: false });
    update(&mut model, Msg::Reply(RequestId(request.0 + 100), Reply::Since(known.clone())));
    assert_eq!(range_start(&model), None, "that was no answer to it");
    update(&mut model, Msg::Reply(request, Reply::Since(known)));
    assert_eq!(range_start(&model), Some(at));
    press(&mut model, KeyCode::Esc);
    assert_ne!(model.screen, Screen::Form);
    let effects = press(&mut model, KeyCode::Char('6'));
    assert!(last_export(&effects).is_some(), "something may have been exported meanwhile");
}

fn alt(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    update(model, Msg::Key(KeyEvent::new(code, KeyModifiers::ALT)))
}

fn bucket(model: &Model) -> &str {
    model.form.as_deref().unwrap().bucket()
}

#[test]
fn a_field_is_edited_by_words_undone_and_made_again() {
    let (mut model, _) = with_form(SIZE);
    assert_eq!(bucket(&model), "acme-log-archive");
    ctrl(&mut model, 'w');
    assert_eq!(bucket(&model), "acme-log-");
    alt(&mut model, KeyCode::Backspace);
    assert_eq!(bucket(&model), "acme-");
    // As terminals send Ctrl-_.
    ctrl(&mut model, '7');
    assert_eq!(bucket(&model), "acme-log-");
    alt(&mut model, KeyCode::Char('u'));
    assert_eq!(bucket(&model), "acme-log-archive");
    ctrl(&mut model, 'y');
    assert_eq!(bucket(&model), "acme-log-");
    ctrl(&mut model, 'y');
    ctrl(&mut model, 'y');
    assert_eq!(model.message().unwrap().text, "nothing of this field was undone last");
    ctrl(&mut model, 'a');
    alt(&mut model, KeyCode::Char('d'));
    alt(&mut model, KeyCode::Char('d'));
    assert_eq!(bucket(&model), "");
    ctrl(&mut model, '7');
    alt(&mut model, KeyCode::Char('f'));
    alt(&mut model, KeyCode::Char('b'));
    ctrl(&mut model, 'k');
    assert_eq!(bucket(&model), "");
}

#[test]
fn a_preset_is_undone_in_its_field_and_a_paste_in_one_step() {
    let (mut model, _) = with_form(SIZE);
    update(&mut model, Msg::Paste("-of\r\nthe\u{7}\u{2028}year".to_owned()));
    assert_eq!(bucket(&model), "acme-log-archive-oftheyear", "a field is one line");
    ctrl(&mut model, '7');
    assert_eq!(bucket(&model), "acme-log-archive");
    ctrl(&mut model, 'p');
    for _ in 0..4 {
        press(&mut model, KeyCode::BackTab);
    }
    let before = range_start(&model);
    ctrl(&mut model, '7');
    assert_ne!(range_start(&model), before, "the start is what it was");
}

#[test]
fn a_filter_is_edited_by_words_too_and_takes_no_control_characters() {
    let mut model = with_groups(SIZE, &["/ecs/web", "/ecs/batch"]);
    press(&mut model, KeyCode::Char('/'));
    type_text(&mut model, "ecs batch");
    update(&mut model, Msg::Paste("\u{1b}[31m\nx\u{2029}".to_owned()));
    assert_eq!(model.groups.list.filter().text(), "ecs batch[31mx");
    ctrl(&mut model, 'w');
    ctrl(&mut model, 'w');
    ctrl(&mut model, 'w');
    assert_eq!(model.groups.list.filter().text(), "");
}

#[test]
fn the_other_little_form_undoes_as_well() {
    let mut model = with_groups(SIZE, &["/ecs/web"]);
    press(&mut model, KeyCode::Char('5'));
    press(&mut model, KeyCode::Char('a'));
    let region = |model: &Model| match &model.overlay {
        Some(Overlay::AddLane(form)) => form.region.value().to_owned(),
        other => panic!("{other:?}"),
    };
    press(&mut model, KeyCode::Tab);
    type_text(&mut model, "us-east-1");
    ctrl(&mut model, 'u');
    assert_eq!(region(&model), "");
    ctrl(&mut model, '7');
    assert_eq!(region(&model), "us-east-1");
    ctrl(&mut model, 'y');
    assert_eq!(region(&model), "");
}

/// The queue with a plan of two tasks, and the cursor on the plan.
fn on_plan() -> Model {
    let (mut model, _) = connected(SIZE);
    let queued = queue(vec![plan_of(1, &[(State::Completed, 1), (State::Failed, 2)])]);
    update(&mut model, Msg::Snapshot(Arc::new(queued)));
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Char('g'));
    model
}

fn groups(model: &Model) -> Vec<String> {
    let wish = model.form.as_deref().and_then(|form| form.wish(&model.form_context()));
    wish.into_iter().flat_map(|wish| wish.plan.groups).map(|group| group.to_string()).collect()
}

#[test]
fn a_whole_plan_is_opened_again_once_its_log_groups_are_known() {
    let mut model = on_plan();
    let effects = press(&mut model, KeyCode::Char('r'));
    let [Effect::LoadPlanGroups(request, _)] = effects[..] else { panic!("they are looked up: {effects:?}") };
    assert_eq!(model.screen, Screen::Exports, "nothing is there to show yet");
    let of = |names: &[&str]| names.iter().map(|name| LogGroupName::parse(name).unwrap()).collect::<Vec<_>>();
    update(&mut model, Msg::Reply(RequestId(0), Reply::PlanGroups(Ok(of(&["/other"])))));
    assert_eq!(model.screen, Screen::Exports);
    update(&mut model, Msg::Reply(request, Reply::PlanGroups(Ok(of(&["/ecs/web", "/ecs/batch"])))));
    assert_eq!(model.screen, Screen::Form);
    assert_eq!(groups(&model), ["/ecs/web", "/ecs/batch"]);
    update(&mut model, Msg::Reply(request, Reply::PlanGroups(Ok(of(&["/other"])))));
    assert_eq!(groups(&model), ["/ecs/web", "/ecs/batch"], "one answer is enough");
}

#[test]
fn what_was_typed_is_not_replaced_by_a_plan_without_a_question() {
    let mut model = on_plan();
    press(&mut model, KeyCode::Char('6'));
    type_text(&mut model, "/typed");
    press(&mut model, KeyCode::Esc);
    assert_eq!(press(&mut model, KeyCode::Char('r')), []);
    assert!(matches!(model.overlay, Some(Overlay::Confirm(Confirm::Replace(Subject::Plan(_))))));
    let effects = press(&mut model, KeyCode::Char('y'));
    let [Effect::LoadPlanGroups(request, _)] = effects[..] else { panic!("they are looked up: {effects:?}") };
    update(&mut model, Msg::Reply(request, Reply::PlanGroups(Err("the ledger is locked".to_owned()))));
    assert_eq!(model.message().unwrap().text, "the ledger is locked");
}

fn saved(effects: &[Effect]) -> (RequestId, &PlanFile) {
    match effects {
        [Effect::SavePlan(request, file)] => (*request, file),
        other => panic!("it is written: {other:?}"),
    }
}

#[test]
fn a_plan_is_saved_under_the_path_that_was_typed_and_never_over_another_file_unasked() {
    let (mut model, _) = with_form(SIZE);
    press(&mut model, KeyCode::F(2));
    type_text(&mut model, "x");
    let effects = press(&mut model, KeyCode::Enter);
    let (request, file) = saved(&effects);
    assert_eq!((file.path.as_str(), file.overwrite), ("plan.tomlx", false));
    assert!(file.text.contains("bucket = \"acme-log-archive\""), "{}", file.text);
    assert_eq!(press(&mut model, KeyCode::Enter), [], "it is being written");
    update(&mut model, Msg::Reply(request, Reply::PlanSaved(Err(NotSaved::InTheWay))));
    let mut other = model.clone();
    type_text(&mut other, "y");
    assert_eq!(press(&mut other, KeyCode::F(2)), [], "of that name there is none that is known of");
    let effects = press(&mut model, KeyCode::F(2));
    let (request, file) = saved(&effects);
    assert!(file.overwrite);
    update(&mut model, Msg::Reply(request, Reply::PlanSaved(Ok(()))));
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
    assert_eq!(model.message().unwrap().text, "saved: logferry export plan.tomlx");
}

#[test]
fn an_unfinished_form_is_not_saved_and_says_what_is_missing() {
    let mut model = with_groups(SIZE, &["/ecs/web"]);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::F(2));
    assert_eq!(model.overlay, None);
    type_text(&mut model, "here");
    assert_eq!(bucket(&model), "here", "the cursor is where something is missing");
}

#[test]
fn a_calendar_takes_arrows_and_letters_and_its_keys_are_its_own() {
    let (mut model, _) = with_form(SIZE);
    for _ in 0..4 {
        press(&mut model, KeyCode::BackTab);
    }
    ctrl(&mut model, 'o');
    // NOW is the second of November.
    for key in [KeyCode::Char('t'), KeyCode::Left, KeyCode::Char('k'), KeyCode::PageUp, KeyCode::Char('l')] {
        press(&mut model, key);
    }
    press(&mut model, KeyCode::Enter);
    assert_eq!(range_start(&model).unwrap().to_string(), "2026-09-26T00:00:00.000Z");
    press(&mut model, KeyCode::Esc);
    assert_ne!(model.screen, Screen::Form, "it was closed by its choice");
}

/// What is looked at, and under which question.
fn looked(effects: &[Effect]) -> (RequestId, &str, Option<&GroupClass>) {
    match effects {
        [Effect::Peek { request, at, class }] => (*request, at.group.as_str(), class.as_ref()),
        other => panic!("it is looked at: {other:?}"),
    }
}

fn nothing_there(at: TimeRange) -> Reply {
    Reply::Peeked(Ok(Peeked { peek: Peek::new(at), problem: None }))
}

#[test]
fn a_peek_goes_from_log_group_to_log_group_and_late_answers_are_dropped() {
    let mut model = with_groups(SIZE, &["/ecs/web", "/ecs/batch"]);
    press(&mut model, KeyCode::Char('a'));
    let effects = press(&mut model, KeyCode::F(3));
    let (first, group, class) = looked(&effects);
    assert_eq!((group, class), ("/ecs/batch", Some(&GroupClass::Standard)));
    let Some(Overlay::Peek(page)) = &model.overlay else { panic!("{:?}", model.overlay) };
    assert_eq!(page.wanted.range.span(), std::time::Duration::from_hours(24), "no form says otherwise");
    let range = page.wanted.range;
    let effects = press(&mut model, KeyCode::Right);
    let (second, group, _) = looked(&effects[..1]);
    assert_eq!((group, &effects[1..]), ("/ecs/web", &[][..]), "the new look takes the old one's place");
    update(&mut model, Msg::Reply(first, nothing_there(range)));
    assert!(matches!(&model.overlay, Some(Overlay::Peek(page)) if page.asked() == Some(second)));
    update(&mut model, Msg::Reply(second, nothing_there(range)));
    assert!(matches!(&model.overlay, Some(Overlay::Peek(page)) if matches!(page.stage, Stage::Seen(_))));
    assert_eq!(press(&mut model, KeyCode::Esc), [], "nothing is left to be given up");
    assert_eq!(model.overlay, None);
}

#[test]
fn a_peek_that_nobody_waits_for_is_given_up() {
    let mut model = with_groups(SIZE, &["/ecs/web"]);
    press(&mut model, KeyCode::F(3));
    assert_eq!(press(&mut model, KeyCode::Esc), [Effect::StopPeek]);
    assert_eq!(press(&mut model, KeyCode::Esc), [], "once is enough");
}

#[test]
fn the_form_is_peeked_at_over_its_own_range_and_an_unfinished_one_says_what_is_missing() {
    let (mut model, _) = with_form(SIZE);
    let range = model.form.as_ref().unwrap().range(&model.form_context());
    let effects = press(&mut model, KeyCode::F(3));
    assert_eq!(looked(&effects).1, "/ecs/web");
    assert!(matches!(&model.overlay, Some(Overlay::Peek(page)) if Some(page.wanted.range) == range));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.screen, Screen::Form);
    for _ in 0..5 {
        press(&mut model, KeyCode::BackTab);
    }
    ctrl(&mut model, 'u');
    assert_eq!(press(&mut model, KeyCode::F(3)), []);
    assert_eq!(model.message().unwrap().text, "fill in log groups first");
}
