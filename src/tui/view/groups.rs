//! Screen 1: log groups.

use std::time::Duration;

use ratatui::Frame;

use super::table::{self, Cells, Column};
use super::{hint, problem, task_words, title};
use crate::domain::inventory::{GroupDetails, ListedGroup};
use crate::domain::time::show_span;
use crate::tui::cells::thousands;
use crate::tui::groups::{Detail, Groups, Memory};
use crate::tui::layout::Areas;
use crate::tui::list::{Fetch, List, Row};
use crate::tui::model::{Model, Screen};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "Log group", least: 16, most: 72, right: false, drop: 0 },
    Column { head: "Class", least: 10, most: 10, right: false, drop: 3 },
    Column { head: "Stored", least: 8, most: 8, right: true, drop: 0 },
    Column { head: "Retention", least: 9, most: 9, right: true, drop: 2 },
    Column { head: "Created", least: 10, most: 10, right: false, drop: 1 },
];

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = &model.groups.list;
    let mut counted = match &model.groups.memory {
        Memory::Shown(_, at) => as_of(list, model.now.since(*at)),
        Memory::Unasked | Memory::Asked(_) | Memory::Over => count(list),
    };
    if !model.groups.marks.is_empty() {
        counted = format!("{counted} · {}", marked(&model.groups));
    }
    title(theme, out, areas.title, Screen::Groups.title(), &counted, Some(list.filter()));
    if let Some(lines) = instead(
        list,
        &["No log groups in this account and Region.", "Another one: start with --profile or --region. R loads again."],
    ) {
        return match lines {
            Instead::Problem(trouble) => problem::page(theme, out, areas.body, trouble),
            Instead::Words(words) => hint(theme, out, areas.body, words),
        };
    }
    table::draw(theme, out, areas.body, COLUMNS, list, Screen::Groups.row_height(), |group| row(model, group));
}

/// `3 marked, 1.2 GiB`: what AWS says they hold, as far as it was asked.
fn marked(groups: &Groups) -> String {
    let count = groups.marks.len();
    let number = format!("{} marked", thousands(count));
    match groups.marked_bytes() {
        (_, 0) => number,
        (bytes, known) if known >= count => format!("{number}, {bytes}"),
        (bytes, _) => format!("{number}, {bytes} or more"),
    }
}

fn row(model: &Model, group: &ListedGroup) -> Cells {
    let marked = model.groups.marks.contains(&*group.name);
    let [stored, retention, created] = match model.groups.detail(&group.name) {
        Some(Detail::Known(details)) => known(&details),
        Some(Detail::Untold) => ["–"; 3].map(muted),
        None => ["…"; 3].map(muted),
    };
    Cells {
        mark: marked.then_some('●'),
        columns: vec![
            (group.name.to_string(), if marked { Role::Marked } else { Role::Text }),
            muted(group.class.word()),
            stored,
            retention,
            created,
        ],
        under: None,
    }
}

/// Stored bytes, retention, creation.
fn known(details: &GroupDetails) -> [(String, Role); 3] {
    let unknown = || muted("–");
    [
        details.stored.map_or_else(unknown, |stored| (stored.to_string(), Role::Text)),
        details.retention_days.map_or_else(|| muted("for ever"), |days| (format!("{days} d"), Role::Text)),
        details.created.map_or_else(unknown, |at| muted(task_words::day(at))),
    ]
}

fn muted(text: impl Into<String>) -> (String, Role) {
    (text.into(), Role::Muted)
}

/// How many rows of an earlier listing, and how far the one of now has come: `5,120 as of 2h 05m ago, loading 1,000…`.
fn as_of(list: &List<ListedGroup>, age: Duration) -> String {
    let number = format!("{} as of {} ago", number(list), show_span(age));
    match list.fetch() {
        Fetch::Failed { problem, .. } => format!("{number}, no newer: {} (R tries again)", problem.explain().cause),
        Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Complete => match list.incoming() {
            None | Some(0) => format!("{number}, loading…"),
            Some(incoming) => format!("{number}, loading {}…", thousands(incoming)),
        },
    }
}

/// How many rows are shown, of how many: `412 of 5,120`.
fn number<T: Row>(list: &List<T>) -> String {
    let (shown, all) = (list.shown_count(), list.rows().len());
    match (list.is_sifting(), shown == all) {
        (true, _) => format!("{} so far of {}", thousands(shown), thousands(all)),
        (false, true) => thousands(all),
        (false, false) => format!("{} of {}", thousands(shown), thousands(all)),
    }
}

/// How many rows, and whether more are coming: `412 of 5,120, loading…`.
pub fn count<T: Row>(list: &List<T>) -> String {
    let (number, all) = (number(list), list.rows().len());
    match list.fetch() {
        Fetch::UnderWay { .. } if all == 0 => "loading…".to_owned(),
        Fetch::UnderWay { .. } => format!("{number}, loading…"),
        Fetch::NotAsked | Fetch::More(_) | Fetch::Failed { .. } if all == 0 => String::new(),
        Fetch::NotAsked | Fetch::More(_) => format!("{number}, more to come"),
        Fetch::Complete => number,
        Fetch::Failed { problem, .. } => format!("{number}, not all: {} (R tries again)", problem.explain().cause),
    }
}

/// What is shown when there are no rows to show.
pub enum Instead<'a> {
    /// The listing failed.
    Problem(&'a crate::domain::problem::Problem),
    /// There is nothing, and what to do about it.
    Words(&'a [&'a str]),
}

/// Nothing passes the filter: of what is loaded, which may not be all.
pub const fn unmatched(fetch: &Fetch) -> &'static [&'static str] {
    const SO_FAR: &str = "Nothing that is loaded so far matches the filter.";
    match fetch {
        Fetch::NotAsked | Fetch::UnderWay { .. } => &[SO_FAR, "More is loading. Esc shows everything again."],
        Fetch::More(_) => &[SO_FAR, "There is more to load. Esc shows everything again."],
        Fetch::Failed { .. } => &[SO_FAR, "The rest could not be loaded: R tries again. Esc shows everything again."],
        Fetch::Complete => &["Nothing matches the filter.", "Esc shows everything again."],
    }
}

/// What to show in place of rows; `None` if there are rows.
pub fn instead<'a, T: Row>(list: &'a List<T>, empty: &'a [&'a str]) -> Option<Instead<'a>> {
    if list.shown_count() > 0 {
        return None;
    }
    Some(match list.fetch() {
        Fetch::Failed { problem, .. } if list.rows().is_empty() => Instead::Problem(problem),
        fetch if !list.rows().is_empty() => Instead::Words(unmatched(fetch)),
        Fetch::Complete => Instead::Words(empty),
        Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Failed { .. } => {
            Instead::Words(&["loading…", "The first page is on its way; the other screens work meanwhile."])
        }
    })
}
