//! Screen 4: past export tasks, as AWS remembers them and as the ledger has them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::groups::{Instead, unmatched};
use super::table::{self, Cells, Column, Under};
use super::task_words::{minute, narrow_window, remote_sign, short_window, state_sign};
use super::{hint, problem, title};
use crate::domain::state::State;
use crate::domain::time::show_span;
use crate::tui::cells::{fit_end, thousands};
use crate::tui::history::{History, Memory, PastRow};
use crate::tui::layout::Areas;
use crate::tui::list::Fetch;
use crate::tui::model::{Model, Screen};
use crate::tui::sorting::Order;
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "State", least: 12, most: 12, right: false, drop: 0 },
    Column { head: "Log group", least: 24, most: 64, right: false, drop: 0 },
    Column { head: "Created", least: 19, most: 19, right: false, drop: 2 },
    Column { head: "Took", least: 7, most: 7, right: true, drop: 3 },
    Column { head: "Landed", least: 9, most: 9, right: true, drop: 6 },
    Column { head: "Plan or name", least: 16, most: 40, right: false, drop: 4 },
    Column { head: "Known to", least: 8, most: 8, right: false, drop: 5 },
];

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let history = &model.history;
    title(theme, out, areas.title, Screen::History.title(), &counted(history), Some(history.filter()));
    if let Some(wrong) = history.wrong() {
        // Under the filter, where there is a line for it.
        let y = (areas.title.y + 1).min(areas.body.y);
        let line = Line::styled(fit_end(&format!(" {wrong}"), areas.title.width.into()), theme.style(Role::Bad));
        out.render_widget(line, Rect { y, ..areas.title });
    }
    let body = below(areas, history.wrong().is_some());
    if history.list().shown_count() > 0 {
        let format = |task: &PastRow| row(model, task);
        return table::draw(theme, out, body, COLUMNS, history.list(), Screen::History.row_height(), format);
    }
    match in_place(history) {
        Instead::Problem(trouble) => problem::page(theme, out, body, trouble),
        Instead::Words(words) => hint(theme, out, body, words),
    }
}

/// The rows, a line lower where what is wrong with the filter has no line of its own.
const fn below(areas: Areas, is_wrong: bool) -> Rect {
    let Areas { title, body, .. } = areas;
    if is_wrong && title.y + 1 == body.y {
        Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body }
    } else {
        body
    }
}

/// How many, of how many, and whether there are more.
fn counted(history: &History) -> String {
    let (shown, loaded) = (thousands(history.list().shown_count()), thousands(history.loaded()));
    let number = if history.is_filtered() { format!("{shown} of {loaded} loaded match") } else { shown };
    if let Some(why) = history.trouble() {
        return format!("{number}; the ledger cannot be read: {why}");
    }
    match history.aws.fetch() {
        Fetch::Failed { problem, .. } => format!("{number}, not all: {} (R tries again)", problem.explain().cause),
        _ if history.is_loading() && history.loaded() == 0 => "loading…".to_owned(),
        _ if history.is_loading() => format!("{number}, loading…"),
        _ if history.is_filtered() && history.has_more() => format!("{number}; more of AWS's on ↓"),
        _ if history.has_more() && history.order() != Order::default() => {
            format!("{number} loaded and sorted, more to come")
        }
        _ if history.has_more() => format!("{number}, more to come"),
        Fetch::More(_) | Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::Complete => number,
    }
}

/// What stands where rows would be.
fn in_place(history: &History) -> Instead<'_> {
    match history.aws.fetch() {
        Fetch::Failed { problem, .. } if history.loaded() == 0 => Instead::Problem(problem),
        _ if history.is_loading() && history.loaded() == 0 => {
            Instead::Words(&["loading…", "The first page is on its way; the other screens work meanwhile."])
        }
        _ if history.is_filtered() && history.is_loading() => Instead::Words(&[
            "Nothing that is loaded so far matches the filter.",
            "More is loading. Esc shows everything again.",
        ]),
        _ if history.is_filtered() && history.has_more() => Instead::Words(&[
            "Nothing that is loaded so far matches the filter.",
            "AWS has older tasks: ↓ looks through more of them. Esc shows everything again.",
        ]),
        fetch @ Fetch::Failed { .. } if history.is_filtered() => Instead::Words(unmatched(fetch)),
        _ if history.is_filtered() => Instead::Words(unmatched(&Fetch::Complete)),
        Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Complete | Fetch::Failed { .. } => {
            Instead::Words(&["No past export tasks in this account and Region.", "Press 1 and export a log group."])
        }
    }
}

fn row(model: &Model, past: &PastRow) -> Cells {
    let unknown = || ("–".to_owned(), Role::Muted);
    let (from, to) = past.window();
    Cells {
        mark: past.is_ours().then_some('*'),
        columns: vec![
            state(past),
            (past.group().to_owned(), Role::Text),
            (minute(past.begun), Role::Muted),
            past.took().map_or_else(unknown, |took| (show_span(took), Role::Text)),
            past.landed().map_or_else(unknown, |landed| (landed.bytes.to_string(), Role::Text)),
            (named(&model.history, past).to_owned(), Role::Muted),
            (known_to(past.memory()).to_owned(), Role::Muted),
        ],
        under: Some(Under {
            whole: short_window(from, to),
            narrow: narrow_window(from, to),
            cut: format!("  {}", past.place()),
        }),
    }
}

fn state(past: &PastRow) -> (String, Role) {
    match (past.state(), past.task(), &past.remote) {
        (Some(State::Completed), Some(task), _) if task.is_empty() => ("✓ Empty".to_owned(), Role::Warning),
        (Some(state), _, _) => {
            let (sign, role) = state_sign(state);
            (format!("{sign} {}", state.word()), role)
        }
        (None, _, Some(remote)) => {
            let (sign, role) = remote_sign(&remote.status);
            (format!("{sign} {}", remote.status.code()), role)
        }
        (None, _, None) => (String::new(), Role::Muted),
    }
}

/// What a person calls the plan, or else the task.
fn named<'a>(history: &'a History, past: &'a PastRow) -> &'a str {
    let plan = past.plan().and_then(|id| history.plan(id)).and_then(|plan| plan.name.as_ref());
    plan.map_or_else(|| past.label(), |name| name.as_str())
}

const fn known_to(memory: Memory) -> &'static str {
    match memory {
        Memory::Aws => "AWS",
        Memory::Both => "AWS+us",
        Memory::Ledger => "us",
    }
}
