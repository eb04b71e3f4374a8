//! Keys by which one finds the others: of the command palette and of help.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, ESC, bind, c, k};
use crate::tui::list::Motion;

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(
        Context::Screens,
        &[c(':')],
        Action::OpenPalette,
        0,
        "",
        "Everything that can be done here, and every screen: type a part of its name",
    ),
    bind(Context::Palette, &[ENTER], Action::RunCommand, 1, "do it", "Do what the cursor is on"),
    bind(Context::Palette, &[ESC], Action::Close, 2, "close", "Back; nothing is done"),
    bind(Context::Palette, &[k(KeyCode::Up)], Action::Move(Motion::Up), 0, "", "Up"),
    bind(
        Context::Palette,
        &[k(KeyCode::Down)],
        Action::Move(Motion::Down),
        0,
        "",
        "Down; any other text narrows the list",
    ),
    bind(Context::Help, &[ESC, ENTER, c('?')], Action::Close, 1, "close", "Back to the screen"),
    bind(Context::Help, &[k(KeyCode::Up)], Action::Move(Motion::Up), 0, "", "Scroll up"),
    bind(
        Context::Help,
        &[k(KeyCode::Down)],
        Action::Move(Motion::Down),
        3,
        "scroll",
        "Scroll down; any other text is looked for",
    ),
    bind(Context::Help, &[k(KeyCode::PageUp)], Action::Move(Motion::PageUp), 0, "", "A page up"),
    bind(Context::Help, &[k(KeyCode::PageDown)], Action::Move(Motion::PageDown), 0, "", "A page down"),
    bind(Context::Help, &[k(KeyCode::Home)], Action::Move(Motion::First), 0, "", "To the beginning"),
    bind(Context::Help, &[k(KeyCode::End)], Action::Move(Motion::Last), 0, "", "To the end"),
];
