//! Screen 3: the tasks of this run, live.

use std::sync::Arc;

use ratatui::Frame;

use super::groups::{Instead, instead};
use super::table::{self, Cells, Column, Under};
use super::task_words::{is_uncounted, narrow_window, progress, short_window, state_sign, turn, wait};
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

/// `2 queued · 1 active · 3 completed`, without the zeros, and who holds them up.
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
    told.chain(held_up(model)).collect::<Vec<_>>().join(" · ")
}

/// Who holds the lane up, if its head waits for somebody else's task.
fn held_up(model: &Model) -> Option<String> {
    let head = model.tasks_where(|state| !state.is_end()).next()?;
    match &head.wait {
        Some(Wait::Slot(Some(holder))) => Some(format!("held up by the export of {}", holder.group)),
        Some(Wait::Slot(None)) => Some("held up by another export task".to_owned()),
        Some(Wait::Turn | Wait::Retry { .. }) | None => None,
    }
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

/// The second line: whom or what the task waits for, or else what goes where.
fn under(model: &Model, task: &Task, room: usize) -> Under {
    let (window, to) = (task.spec.window, &task.spec.destination);
    let (from, until) = (window.from(), window.to());
    let beside = |cut: String| Under {
        whole: short_window(from, until),
        narrow: narrow_window(from, until),
        cut: format!("  {cut}"),
    };
    match task.wait.as_ref().filter(|_| !task.state.is_end()) {
        Some(reason @ (Wait::Slot(_) | Wait::Retry { .. })) => {
            Under { whole: String::new(), narrow: String::new(), cut: wait(reason, model.now, room) }
        }
        Some(Wait::Turn) if task.state == State::Queued => beside(turn(model.exports.rows(), task.id)),
        Some(Wait::Turn) | None => beside(format!("s3://{}/{}", to.bucket, to.prefix())),
    }
}
