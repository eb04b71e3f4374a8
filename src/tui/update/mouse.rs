//! The mouse, where it is wanted: the wheel is the arrow keys, a click goes to a row or a screen, a second one on the same
//! row is Enter. Whatever it does, a key does too.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::action;
use crate::tui::effect::Effect;
use crate::tui::keys::{self, Action, Key};
use crate::tui::layout::{self, Areas, list_rows};
use crate::tui::model::{Life, Model, Screen};
use crate::tui::view::tab_at;

/// Rows that one notch of the wheel moves in lists and pages.
const NOTCH: usize = 3;

/// A second click after this long is another first one.
const DOUBLE: Duration = Duration::from_millis(400);

/// Takes an event of the mouse in.
pub fn take(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    let Some(areas) = layout::areas(model.size).filter(|_| model.life != Life::Finishing) else { return Vec::new() };
    match event.kind {
        MouseEventKind::ScrollUp => wheel(model, KeyCode::Up),
        MouseEventKind::ScrollDown => wheel(model, KeyCode::Down),
        MouseEventKind::Down(MouseButton::Left) => click(model, areas, event.column, event.row),
        _ => Vec::new(),
    }
}

/// As the arrow does here, and several times where it moves in something long.
fn wheel(model: &mut Model, arrow: KeyCode) -> Vec<Effect> {
    let event = KeyEvent::new(arrow, KeyModifiers::NONE);
    let moves = keys::find(model, Key::of(event)).is_some_and(|binding| matches!(binding.action, Action::Move(_)));
    let times = if moves { NOTCH } else { 1 };
    (0..times).flat_map(|_| super::key(model, event)).collect()
}

fn click(model: &mut Model, areas: Areas, column: u16, row: u16) -> Vec<Effect> {
    let before = model.clicked.take();
    if !is_screen_free(model) {
        return Vec::new();
    }
    if row == areas.tabs.y {
        if let Some(screen) = tab_at(model, column) {
            action::show(model, screen);
        }
        return Vec::new();
    }
    let Some(place) = place_at(model, areas, row) else { return Vec::new() };
    if !point(model, place) {
        return Vec::new();
    }
    let again =
        before.is_some_and(|(at, screen, of)| (screen, of) == (model.screen, place) && model.now.since(at) < DOUBLE);
    if again {
        return super::key(model, KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    }
    model.clicked = Some((model.now, model.screen, place));
    Vec::new()
}

/// Whether nothing lies over the screen that a click beside it would close: something may be typed there.
fn is_screen_free(model: &Model) -> bool {
    let open = model.form.as_deref().is_some_and(|form| form.is_picking() || form.has_calendar());
    model.overlay.is_none() && !(model.screen == Screen::Form && open)
}

/// Which of the rows in sight is on this line, counted from the first one in sight. The body's first line is its head.
fn place_at(model: &Model, areas: Areas, row: u16) -> Option<usize> {
    let line = row.checked_sub(areas.body.y + 1).filter(|_| row < areas.body.bottom())?;
    let place = usize::from(line / model.screen.row_height());
    (place < list_rows(model)).then_some(place)
}

/// Puts the cursor on a row in sight; whether there is one.
fn point(model: &mut Model, place: usize) -> bool {
    let rows = list_rows(model);
    match model.screen {
        Screen::Groups => model.groups.list.point(place, rows),
        Screen::Buckets => model.buckets.list.point(place, rows),
        Screen::Exports => model.exports.list_mut().point(place, rows),
        Screen::History => model.history.list_mut().point(place, rows),
        Screen::Lanes => model.lanes.point(place, rows),
        Screen::Form => false,
    }
}
