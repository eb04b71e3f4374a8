//! The form as a screen, by key sequences: what it looks up, and what it is filled with.

use super::update;
use crate::domain::coverage::Reached;
use crate::domain::time::Timestamp;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Msg, Reply};
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
    let form = model.form.as_ref().unwrap();
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
    press(&mut model, crossterm::event::KeyCode::Esc);
    assert_ne!(model.screen, Screen::Form);
    let effects = press(&mut model, crossterm::event::KeyCode::Char('6'));
    assert!(last_export(&effects).is_some(), "something may have been exported meanwhile");
}
