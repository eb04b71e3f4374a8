//! Leaving with work under way: now, when it is done, or not.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Confirm, Life, Model, Overlay};
use crate::tui::msg::Msg;

fn show(model: &mut Model, state: State) -> Vec<Effect> {
    let tasks = vec![Arc::new(task(1, "/a", state))];
    update(model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })))
}

/// Asked whether to quit with a task that runs.
fn asked() -> Model {
    let (mut model, _) = connected((80, 24));
    show(&mut model, State::Running);
    press(&mut model, KeyCode::Char('q'));
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
    model
}

#[test]
fn whoever_waits_goes_on_working_and_leaves_when_the_last_task_has_ended() {
    let mut model = asked();
    assert!(!press(&mut model, KeyCode::Char('w')).contains(&Effect::Quit));
    assert_eq!((&model.overlay, model.life), (&None, Life::Waiting));
    press(&mut model, KeyCode::Char('2'));
    assert!(!show(&mut model, State::Running).contains(&Effect::Quit));
    assert!(show(&mut model, State::Completed).contains(&Effect::Quit));
    assert_eq!(model.life, Life::Finishing);
}

#[test]
fn whoever_waits_can_still_quit_now_or_stay() {
    let mut model = asked();
    press(&mut model, KeyCode::Char('w'));
    press(&mut model, KeyCode::Char('q'));
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)), "asked once more");
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(model.life, Life::Running);
    assert!(!show(&mut model, State::Completed).contains(&Effect::Quit), "whoever stays is not thrown out");
    let mut model = asked();
    press(&mut model, KeyCode::Char('w'));
    press(&mut model, KeyCode::Char('q'));
    assert!(press(&mut model, KeyCode::Char('y')).contains(&Effect::Quit));
}

#[test]
fn the_key_that_waits_means_nothing_to_other_questions() {
    let (mut model, _) = connected((80, 24));
    show(&mut model, State::Running);
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Char('c'));
    press(&mut model, KeyCode::Char('w'));
    assert_eq!(model.life, Life::Running);
    assert!(matches!(model.overlay, Some(Overlay::Confirm(Confirm::Cancel(_)))), "{:?}", model.overlay);
}
