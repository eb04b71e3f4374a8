//! Messages: what is kept of them, and what stands until it is dismissed.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Overlay, Tone};
use crate::tui::msg::Msg;

const SIZE: (u16, u16) = (80, 24);

/// The texts kept, the last first, with how often each was said.
fn kept(model: &Model) -> Vec<(Tone, &str, u64)> {
    model.messages.newest_first().map(|entry| (entry.tone, entry.text.as_str(), entry.times)).collect()
}

#[test]
fn news_of_tasks_and_reasons_why_a_key_does_nothing_are_kept() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Char('c'));
    update(&mut model, Msg::Transition(moved(State::Running, task(1, "/a", State::Completed))));
    press(&mut model, KeyCode::Char('c'));
    let (done, idle) = ("completed: /a, 12 objects, 3.4 MiB", "no task here");
    assert_eq!(kept(&model), [(Tone::Note, idle, 2), (Tone::Good, done, 1)]);
}

#[test]
fn failures_stand_until_escape_and_are_kept_after_it() {
    let (mut model, _) = connected(SIZE);
    for group in ["/a", "/b"] {
        update(&mut model, Msg::Transition(moved(State::Running, task(1, group, State::Failed))));
    }
    assert_eq!(model.messages.standing(), 2);
    press(&mut model, KeyCode::Char('!'));
    assert_eq!(model.overlay, Some(Overlay::Messages(0)));
    press(&mut model, KeyCode::Esc);
    assert_eq!((&model.overlay, model.messages.standing()), (&None, 2), "reading them dismisses none");
    press(&mut model, KeyCode::Esc);
    assert_eq!((model.message().is_none(), model.messages.standing(), kept(&model).len()), (true, 0, 2));
}

#[test]
fn what_kept_a_listing_from_being_shown_is_kept_too() {
    let (mut model, effects) = connected(SIZE);
    let problem = Problem::new(ProblemKind::AccessDenied, "ListLogGroups").in_region("eu-central-1");
    answer_groups(&mut model, &effects, Err(problem));
    assert!(model.message().is_none(), "the page tells it");
    let (tone, text, _) = kept(&model)[0];
    assert_eq!(tone, Tone::Bad);
    assert!(text.starts_with("ListLogGroups in eu-central-1 failed: your credentials may not do this; "), "{text}");
}

#[test]
fn trouble_with_the_ledger_is_kept_once_however_often_it_is_told() {
    let (mut model, _) = connected(SIZE);
    let trouble = |why: Option<&str>| Snapshot { trouble: why.map(Arc::from), ..Snapshot::default() };
    for why in [Some("disk full"), Some("disk full"), None, Some("disk full")] {
        update(&mut model, Msg::Snapshot(Arc::new(trouble(why))));
    }
    assert_eq!(kept(&model), [(Tone::Bad, "the ledger: nothing is launched: disk full", 2)], "twice it began");
}
