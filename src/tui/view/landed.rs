//! The page of what has landed: a row an object, their sums, and in plain words why there is none.

use ratatui::Frame;

use super::groups::{Instead, count, instead};
use super::table::{self, Cells, Column};
use super::task_words::minute;
use super::{hint, problem, title};
use crate::domain::landed::{links, parts};
use crate::domain::state::State;
use crate::tui::cells::{counted, fit_middle};
use crate::tui::landed::{Landed, LandedObject};
use crate::tui::layout::Areas;
use crate::tui::list::Fetch;
use crate::tui::model::{Model, Subject};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "Stream", least: 28, most: 110, right: false, drop: 0 },
    Column { head: "Object", least: 13, most: 13, right: false, drop: 0 },
    Column { head: "Size", least: 9, most: 9, right: true, drop: 0 },
    Column { head: "Last modified", least: 19, most: 19, right: false, drop: 1 },
    Column { head: "Class", least: 8, most: 14, right: false, drop: 2 },
];

/// Draws the page.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let Some(landed) = &model.landed else { return };
    let theme = model.settings.theme;
    let name = format!("Objects of {}", landed.folder.group);
    let name = fit_middle(&name, usize::from(areas.title.width / 2));
    title(theme, out, areas.title, &name, &sums(landed), Some(landed.list.filter()));
    let place = links::uri(&landed.folder.bucket, &landed.folder.prefix);
    let words = nothing(model, &landed.of);
    match instead(&landed.list, &[words[0], words[1], &place]) {
        Some(Instead::Problem(trouble)) => problem::page(theme, out, areas.body, trouble),
        Some(Instead::Words(words)) => hint(theme, out, areas.body, words),
        None => table::draw(theme, out, areas.body, COLUMNS, &landed.list, 1, row),
    }
}

/// How many, and how many bytes: of what is listed so far, and passes the filter.
fn sums(landed: &Landed) -> String {
    let list = &landed.list;
    if list.rows().is_empty() {
        return count(list);
    }
    match list.fetch() {
        Fetch::Complete if list.shown_count() == list.rows().len() => {
            format!("{}, {}", counted(list.shown_count(), "object"), landed.bytes())
        }
        Fetch::Complete | Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Failed { .. } => {
            format!("{} · {}", count(list), landed.bytes())
        }
    }
}

/// Why there may be nothing, and what to do.
fn nothing(model: &Model, of: &Subject) -> [&'static str; 2] {
    let goes_on = match of {
        Subject::Task(id) => model.task(*id).is_some_and(|task| !task.state.is_end()),
        Subject::Past(id) => model.past(id).is_some_and(|task| task.status.is_active()),
        Subject::Plan(_) | Subject::Bucket(_) => false,
    };
    let completed = match of {
        Subject::Task(id) => model.task(*id).is_some_and(|task| task.state == State::Completed),
        Subject::Past(_) | Subject::Plan(_) | Subject::Bucket(_) => false,
    };
    match (goes_on, completed) {
        (true, _) => ["Nothing has landed yet.", "Objects appear minutes after they are written: R looks again."],
        (false, true) => ["Nothing landed: the log group had no events in this window.", "R looks again."],
        (false, false) => ["Nothing is there.", "Either nothing landed, or it was removed since. R looks again."],
    }
}

fn row(object: &LandedObject) -> Cells {
    let (stream, own) = parts(&object.name);
    let unknown = || ("–".to_owned(), Role::Muted);
    Cells {
        mark: None,
        columns: vec![
            stream.map_or_else(unknown, |stream| (stream.to_owned(), Role::Text)),
            (own.to_owned(), if stream.is_some() { Role::Text } else { Role::Muted }),
            (object.size.to_string(), Role::Text),
            object.modified.map_or_else(unknown, |at| (minute(at), Role::Muted)),
            object
                .class
                .as_ref()
                .map_or_else(|| ("Standard".to_owned(), Role::Muted), |class| (class.clone(), Role::Warning)),
        ],
        under: None,
    }
}
