//! Screen 3: the tasks of this run, live.

use std::sync::Arc;

use ratatui::Frame;

use super::groups::{Instead, instead};
use super::table::{self, Cells, Column, Under};
use super::task_words::{is_uncounted, progress, short_window, state_sign, wait};
use super::{hint, title};
use crate::domain::task::{State, Task, Wait};
use crate::domain::time::show_span;
use crate::tui::layout::Areas;
use crate::tui::model::{Model, Screen};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "State", least: 12, most: 12, right: false, drop: 0 },
    Column { head: "Log group", least: 12, most: 72, right: false, drop: 0 },
    Column { head: "Objects", least: 7, most: 7, right: true, drop: 3 },
    Column { head: "Bytes", least: 8, most: 8, right: true, drop: 0 },
    Column { head: "Elapsed", least: 7, most: 7, right: true, drop: 2 },
    Column { head: "", least: 10, most: 10, right: false, drop: 4 },
];

/// Cells of a second line that stay blank: its indent, and one at the right edge.
const UNDER_FRAME: usize = 6;

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = &model.exports;
    title(theme, out, areas.title, Screen::Exports.title(), &summary(model), Some(list.filter()));
    let empty = ["No exports yet.", "Press 1, go to a log group and press Enter; past exports are on 4."];
    if list.rows().is_empty() {
        return hint(theme, out, areas.body, &empty);
    }
    match instead(list, &empty) {
        Some(Instead::Words(words)) => hint(theme, out, areas.body, words),
        Some(Instead::Problem(_)) | None => {
            table::draw(theme, out, areas.body, COLUMNS, list, Screen::Exports.row_height(), |task| {
                row(model, task, usize::from(areas.body.width))
            });
        }
    }
}

/// `2 queued · 1 active · 3 completed`, without the zeros.
fn summary(model: &Model) -> String {
    let count = |states: &[State]| model.tasks_where(|state| states.contains(&state)).count();
    let parts = [
        (count(&[State::Queued]), "queued"),
        (count(&[State::Launching, State::Pending, State::Running]), "active"),
        (count(&[State::Cancelling]), "cancelling"),
        (count(&[State::Completed]), "completed"),
        (count(&[State::Failed]), "failed"),
        (count(&[State::Cancelled]), "cancelled"),
    ];
    let told = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}"));
    told.collect::<Vec<_>>().join(" · ")
}

fn row(model: &Model, task: &Arc<Task>, width: usize) -> Cells {
    let (sign, role) = state_sign(task.state);
    let counted = |text: String| match task.landed.is_empty() {
        _ if is_uncounted(task) => ("?".to_owned(), Role::Muted),
        true => ("–".to_owned(), Role::Muted),
        false => (text, Role::Text),
    };
    let elapsed = task.elapsed(model.now).map(show_span);
    Cells {
        mark: None,
        columns: vec![
            (format!("{sign} {}", task.state.word()), role),
            (task.spec.group.to_string(), Role::Text),
            counted(task.landed.objects.to_string()),
            counted(task.landed.bytes.to_string()),
            elapsed.map_or_else(|| ("–".to_owned(), Role::Muted), |span| (span, Role::Text)),
            progress(task, model.now),
        ],
        under: Some(under(model, task, width.saturating_sub(UNDER_FRAME))),
    }
}

/// The second line: whom or what the task waits for beyond our own queue, or else what goes where.
fn under(model: &Model, task: &Task, room: usize) -> Under {
    match &task.wait {
        Some(reason @ (Wait::Slot(_) | Wait::Retry { .. })) if !task.state.is_end() => {
            Under { whole: String::new(), cut: wait(reason, model.now, room) }
        }
        Some(Wait::Turn | Wait::Slot(_) | Wait::Retry { .. }) | None => {
            let (window_of, to) = (task.spec.window, &task.spec.destination);
            Under {
                whole: short_window(window_of.from(), window_of.to()),
                cut: format!("  s3://{}/{}", to.bucket, to.prefix()),
            }
        }
    }
}
