//! The mouse, by events and what they do.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::update;
use crate::domain::task::State;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::layout;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::Msg;
use crate::tui::view::tab_at;

const SIZE: (u16, u16) = (80, 24);

fn mouse(model: &mut Model, kind: MouseEventKind, (column, row): (u16, u16)) -> Vec<Effect> {
    update(model, Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

fn click(model: &mut Model, at: (u16, u16)) -> Vec<Effect> {
    mouse(model, MouseEventKind::Down(MouseButton::Left), at)
}

/// The line of the first row of a list.
fn first_row() -> u16 {
    layout::areas(SIZE).expect("it is large enough").body.y + 1
}

fn groups() -> Model {
    let names: Vec<String> = (0..50).map(|n| format!("/app/{n:02}")).collect();
    with_groups(SIZE, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn here(model: &Model) -> String {
    model.groups.list.current().map(|group| group.name.to_string()).expect("a row")
}

#[test]
fn a_click_goes_to_the_row_under_it_and_nothing_scrolls() {
    let mut model = groups();
    click(&mut model, (5, first_row() + 4));
    assert_eq!(here(&model), "/app/04");
    press(&mut model, KeyCode::End);
    click(&mut model, (5, first_row()));
    let top = here(&model);
    click(&mut model, (5, first_row() + 1));
    assert_eq!(here(&model), format!("/app/{:02}", top[5..].parse::<u32>().expect("a number") + 1));
    click(&mut model, (5, first_row() - 1));
    assert_ne!(here(&model), top, "the head is no row");
}

#[test]
fn the_wheel_moves_in_lists_and_pages() {
    let mut model = groups();
    mouse(&mut model, MouseEventKind::ScrollDown, (5, first_row()));
    assert_eq!(here(&model), "/app/03");
    mouse(&mut model, MouseEventKind::ScrollUp, (5, first_row()));
    assert_eq!(here(&model), "/app/00");
    press(&mut model, KeyCode::Char('?'));
    mouse(&mut model, MouseEventKind::ScrollDown, (5, first_row()));
    assert!(matches!(&model.overlay, Some(Overlay::Help(page)) if page.top == 3), "{:?}", model.overlay);
}

#[test]
fn a_second_click_in_time_on_the_same_row_is_enter() {
    let (mut model, _) = connected(SIZE);
    let tasks = vec![Arc::new(task(1, "/a", State::Running)), Arc::new(task(2, "/b", State::Queued))];
    update(&mut model, Msg::Snapshot(Arc::new(crate::export::Snapshot { tasks, ..Default::default() })));
    press(&mut model, KeyCode::Char('3'));
    let second = (5, first_row() + 3);
    click(&mut model, (5, first_row()));
    click(&mut model, second);
    assert_eq!(model.overlay, None, "two rows");
    model.now = model.now.after(Duration::from_secs(1));
    click(&mut model, second);
    assert_eq!(model.overlay, None, "too late");
    click(&mut model, second);
    assert!(matches!(model.overlay, Some(Overlay::Details(..))), "{:?}", model.overlay);
    click(&mut model, second);
    assert!(matches!(model.overlay, Some(Overlay::Details(..))), "what lies over the screen is not clicked away");
}

#[test]
fn a_click_on_a_tab_opens_its_screen() {
    let mut model = groups();
    let tabs = layout::areas(SIZE).expect("it is large enough").tabs.y;
    let column = (0..80).find(|column| tab_at(&model, *column) == Some(Screen::Exports)).expect("a tab");
    click(&mut model, (column, tabs));
    assert_eq!(model.screen, Screen::Exports);
    click(&mut model, (1, tabs));
    assert_eq!(model.screen, Screen::Groups);
    click(&mut model, (79, tabs));
    assert_eq!(model.screen, Screen::Groups, "there is no tab");
    press(&mut model, KeyCode::Char(':'));
    click(&mut model, (column, tabs));
    assert_eq!((model.screen, model.overlay.is_some()), (Screen::Groups, true), "something may be typed there");
}
