//! Keys of the calendar over the form.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, ESC, Key, bind, c, ctrl, k};
use crate::domain::calendar::Step;
use crate::tui::form::FormAction;

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(
        Context::Calendar,
        &[ENTER],
        Action::Form(FormAction::Confirm),
        1,
        "choose",
        "Choose the day: a range begins with its beginning, and ends with its end",
    ),
    walk(&[k(KeyCode::Left), c('h')], Step::DayBack, 2, "day", "A day back"),
    walk(&[k(KeyCode::Right), c('l')], Step::DayOn, 0, "", "A day on"),
    walk(&[k(KeyCode::Up), c('k')], Step::WeekBack, 3, "week", "A week back"),
    walk(&[k(KeyCode::Down), c('j')], Step::WeekOn, 0, "", "A week on"),
    walk(&[k(KeyCode::PageUp), c('[')], Step::MonthBack, 4, "month", "A month back"),
    walk(&[k(KeyCode::PageDown), c(']')], Step::MonthOn, 0, "", "A month on"),
    bind(Context::Calendar, &[c('t')], Action::Form(FormAction::Today), 5, "today", "To today"),
    bind(
        Context::Calendar,
        &[ESC, ctrl('o'), c('q')],
        Action::Form(FormAction::Leave),
        6,
        "close",
        "Back to the form without choosing",
    ),
];

const fn walk(keys: &'static [Key], step: Step, footer: u8, label: &'static str, help: &'static str) -> Binding {
    bind(Context::Calendar, keys, Action::Form(FormAction::Walk(step)), footer, label, help)
}
