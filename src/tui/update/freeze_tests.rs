//! A screen that stands still while the queue goes on.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::task::{State, Task};
use crate::export::Snapshot;
use crate::tui::exports::{ExportRow, Frozen};
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::Msg;

fn show(model: &mut Model, tasks: &[(u128, State)]) {
    let tasks: Vec<Arc<Task>> =
        tasks.iter().map(|(number, state)| Arc::new(task(*number, &format!("/app/{number}"), *state))).collect();
    update(model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })));
}

/// The exports screen with a task that runs and one that is queued.
fn exports() -> Model {
    let (mut model, _) = connected((80, 24));
    show(&mut model, &[(1, State::Running), (2, State::Queued)]);
    press(&mut model, KeyCode::Char('3'));
    model
}

/// What the rows show.
fn states(model: &Model) -> Vec<State> {
    let rows = model.exports.list().shown();
    rows.filter_map(|row| match row {
        ExportRow::Task(row) => Some(row.task.state),
        ExportRow::Plan(_) => None,
    })
    .collect()
}

fn waiting(model: &Model) -> Option<usize> {
    model.exports.frozen().map(Frozen::waiting)
}

#[test]
fn rows_stand_still_and_what_has_changed_is_counted_until_the_screen_goes_on() {
    let mut model = exports();
    press(&mut model, KeyCode::Char('f'));
    assert_eq!((waiting(&model), model.shows_time()), (Some(0), false), "not even the clocks go on");
    show(&mut model, &[(1, State::Running), (2, State::Queued)]);
    assert_eq!(waiting(&model), Some(0), "told anew, and the same");
    show(&mut model, &[(1, State::Completed), (2, State::Launching), (3, State::Queued)]);
    assert_eq!((states(&model), waiting(&model)), (vec![State::Running, State::Queued], Some(3)));
    show(&mut model, &[(2, State::Launching), (3, State::Queued)]);
    assert_eq!(waiting(&model), Some(3), "one changed, one came, one went");
    press(&mut model, KeyCode::Char('f'));
    assert_eq!((states(&model), waiting(&model)), (vec![State::Launching, State::Queued], None));
}

#[test]
fn one_moves_and_filters_on_a_screen_that_stands_still() {
    let mut model = exports();
    press(&mut model, KeyCode::Char('f'));
    show(&mut model, &[(1, State::Completed), (2, State::Completed)]);
    press(&mut model, KeyCode::Down);
    type_text(&mut model, "/app/2");
    press(&mut model, KeyCode::Enter);
    assert_eq!(states(&model), [State::Queued]);
    press(&mut model, KeyCode::Esc);
    assert_eq!((states(&model), waiting(&model)), (vec![State::Completed], None), "Esc lets the screen go on first");
    press(&mut model, KeyCode::Esc);
    assert_eq!(states(&model), [State::Completed, State::Completed], "and takes the filter away after it");
}

#[test]
fn whoever_leaves_the_screen_finds_it_going_on() {
    let mut model = exports();
    press(&mut model, KeyCode::Char('f'));
    press(&mut model, KeyCode::Char('1'));
    assert_eq!((waiting(&model), model.screen), (None, Screen::Groups));
}

#[test]
fn there_is_nothing_to_stop_without_a_task() {
    let (mut model, _) = connected((80, 24));
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Char('f'));
    assert_eq!(waiting(&model), None);
}
