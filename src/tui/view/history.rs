//! Screen 4: what AWS remembers of past export tasks.

use ratatui::Frame;

use super::groups::{Instead, count, instead};
use super::table::{self, Cells, Column, Under};
use super::task_words::{minute, narrow_window, own_label, remote_sign, short_window};
use super::{hint, problem, title};
use crate::domain::inventory::RemoteTask;
use crate::domain::time::show_span;
use crate::tui::layout::Areas;
use crate::tui::list::{Fetch, List};
use crate::tui::model::{Model, Screen};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "Status", least: 16, most: 16, right: false, drop: 0 },
    Column { head: "Log group", least: 12, most: 64, right: false, drop: 0 },
    Column { head: "Created", least: 19, most: 19, right: false, drop: 2 },
    Column { head: "Took", least: 7, most: 7, right: true, drop: 3 },
    Column { head: "Name", least: 16, most: 40, right: false, drop: 4 },
];

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = &model.history.list;
    let status = model.history.status.as_ref();
    let only = status.map(|status| format!("only {} · ", status.code())).unwrap_or_default();
    let counted = format!("{only}{}", matching(list).unwrap_or_else(|| count(list)));
    title(theme, out, areas.title, Screen::History.title(), &counted, Some(list.filter()));
    let empty: &[&str] = match status {
        None => &["No past export tasks in this account and Region.", "Press 1 and export a log group."],
        Some(_) => &["No past export tasks of this status.", "f shows the next status."],
    };
    match instead(list, empty) {
        Some(Instead::Problem(trouble)) => problem::page(theme, out, areas.body, trouble),
        Some(Instead::Words(words)) => hint(theme, out, areas.body, words),
        None => table::draw(theme, out, areas.body, COLUMNS, list, Screen::History.row_height(), row),
    }
}

/// Behind a filter pages come only when somebody goes on at the end: then it says how.
fn matching(list: &List<RemoteTask>) -> Option<String> {
    let filtered = !list.filter().text().is_empty();
    let more = matches!(list.fetch(), Fetch::More(_)) && filtered;
    more.then(|| format!("{} of {} loaded match; more on ↓", list.shown_count(), list.rows().len()))
}

fn row(task: &RemoteTask) -> Cells {
    let (sign, role) = remote_sign(&task.status);
    let unknown = || ("–".to_owned(), Role::Muted);
    let took = task.created.zip(task.completed).map(|(from, to)| show_span(to.since(from)));
    let ours = task.is_ours();
    Cells {
        mark: ours.then_some('*'),
        columns: vec![
            (format!("{sign} {}", task.status.code()), role),
            (task.group.clone(), Role::Text),
            task.created.map_or_else(unknown, |at| (minute(at), Role::Muted)),
            took.map_or_else(unknown, |took| (took, Role::Text)),
            (
                task.name.as_deref().map(|name| own_label(name).unwrap_or(name)).unwrap_or_default().to_owned(),
                Role::Muted,
            ),
        ],
        under: Some(Under {
            whole: short_window(task.from, task.to),
            narrow: narrow_window(task.from, task.to),
            cut: format!("  s3://{}/{}", task.bucket, task.prefix),
        }),
    }
}
