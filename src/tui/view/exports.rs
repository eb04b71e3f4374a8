//! Screen 3: the queue, live: plans with their tasks, and tasks that are plans of their own.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::plan_details::{self, Cause};
use super::table::{self, Cells, Column, Under};
use super::task_words::{
    beside, day, is_uncounted, narrow_window, progress, second, short_window, sparkline, state_sign, turn, wait,
};
use super::{headway, hint, plan_words, task_words, title};
use crate::domain::place::Lane;
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::task::{State, Task, Wait};
use crate::domain::time::{Timestamp, show_span};
use crate::tui::cells::{counted as counted_as, fit_end, thousands};
use crate::tui::exports::{ExportRow, Frozen, PlanRow, TaskRow};
use crate::tui::layout::Areas;
use crate::tui::model::{Model, Screen};
use crate::tui::rates::CELLS;
use crate::tui::theme::{Role, Theme};

/// Cells of ` ~3.4 MiB/s`.
const A_SECOND: usize = 12;

/// Screens at least this wide show how many bytes a second come in, beside the picture of it.
const BROAD: usize = 150;

/// With so many cells for the rate.
const fn columns(rate: usize) -> [Column; 7] {
    [
        Column { head: "State", least: 12, most: 12, right: false, drop: 0 },
        Column { head: "Log group", least: 12, most: 72, right: false, drop: 0 },
        Column { head: "Objects", least: 7, most: 7, right: true, drop: 3 },
        Column { head: "Bytes", least: 8, most: 8, right: true, drop: 0 },
        Column { head: "Rate", least: rate, most: rate, right: false, drop: 5 },
        Column { head: "Elapsed", least: 7, most: 7, right: true, drop: 2 },
        Column { head: "", least: 10, most: 10, right: false, drop: 4 },
    ]
}

/// Screens at least this wide show a plan's dates beside its name.
const WIDE: usize = 110;

/// Cells of a second line that stay blank: its indent, and one at the right edge.
const UNDER_FRAME: usize = 6;

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = model.exports.list();
    let summary = summary(model);
    match model.exports.frozen() {
        Some(frozen) => still(theme, out, areas.title, frozen, &summary),
        None => title(theme, out, areas.title, Screen::Exports.title(), &summary, Some(model.exports.filter())),
    }
    if model.exports.shown().tasks().is_empty() {
        let empty = if model.exports.is_known() {
            ["No exports yet.", "Press 1, go to a log group and press Enter; past exports are on 4."]
        } else {
            ["Reading the queue …", "It is kept on this machine; the other screens work meanwhile."]
        };
        return hint(theme, out, areas.body, &empty);
    }
    if list.shown_count() == 0 {
        return hint(theme, out, areas.body, &["Nothing matches the filter.", "Esc shows everything again."]);
    }
    let width = usize::from(areas.body.width);
    let columns = columns(if width < BROAD { CELLS } else { CELLS + A_SECOND });
    table::draw(theme, out, areas.body, &columns, list, Screen::Exports.row_height(), |row| match row {
        ExportRow::Plan(row) => plan(model, row, width),
        ExportRow::Task(row) => task(model, row, width),
    });
}

/// The title of a screen that stands still.
fn still(theme: Theme, out: &mut Frame<'_>, area: Rect, frozen: &Frozen, summary: &str) {
    let waiting = match frozen.waiting() {
        0 => "nothing has changed since".to_owned(),
        many => format!("{} changed since", counted_as(many, "task")),
    };
    let mark = format!(" FROZEN at {} ", second(frozen.at()));
    let told = format!("  {waiting}; f goes on  {summary}");
    let room = usize::from(area.width).saturating_sub(Screen::Exports.title().len() + 3 + mark.len() + 1);
    let spans = vec![
        Span::styled(format!(" {}  ", Screen::Exports.title()), theme.style(Role::Title)),
        Span::styled(mark, theme.style(Role::Badge)),
        Span::styled(fit_end(&told, room), theme.style(Role::Muted)),
    ];
    out.render_widget(Line::from(spans), area);
}

/// The clock of what is shown.
fn clock(model: &Model) -> Timestamp {
    model.exports.frozen().map_or(model.now, Frozen::at)
}

/// `2 queued · 1 active · 3 completed`, without the zeros, and who holds them up.
fn summary(model: &Model) -> String {
    let shown = model.exports.shown();
    let (counts, cancelling) = shown.counts();
    let parts = [
        (counts.queued, "queued"),
        (counts.active.saturating_sub(cancelling), "active"),
        (cancelling, "cancelling"),
        (counts.completed + counts.empty, "completed"),
        (counts.failed, "failed"),
        (counts.cancelled, "cancelled"),
    ];
    let beyond = Some(shown.beyond()).filter(|beyond| *beyond > 0);
    let beyond = beyond.map(|beyond| format!("the last {} queued are not listed", thousands(beyond)));
    let told = parts.into_iter().filter(|(number, _)| *number > 0);
    let told = told.map(|(number, word)| format!("{} {word}", thousands(number)));
    beyond.into_iter().chain(told).chain(held_up(model)).collect::<Vec<_>>().join(" · ")
}

/// Who holds the lane up, if its head waits for somebody else's task.
fn held_up(model: &Model) -> Option<String> {
    let head = model.exports.shown().tasks().iter().find(|task| !task.state.is_end())?;
    match &head.wait {
        Some(Wait::Slot(Some(holder))) => Some(format!("held up by the export of {}", holder.group)),
        Some(Wait::Slot(None)) => Some("held up by another export task".to_owned()),
        Some(Wait::Turn | Wait::Retry { .. }) | None => None,
    }
}

fn counted(text: String, is_known: bool, is_empty: bool) -> (String, Role) {
    match (is_known, is_empty) {
        (false, _) => ("?".to_owned(), Role::Muted),
        (true, true) => ("–".to_owned(), Role::Muted),
        (true, false) => (text, Role::Text),
    }
}

fn plan(model: &Model, row: &PlanRow, width: usize) -> Cells {
    let plan = &row.plan;
    let (sign, word, role) = plan_words::state(plan);
    let landed = |text: String| counted(text, true, plan.landed.is_empty());
    let counts = plan_words::counts(plan.counts);
    let room = width.saturating_sub(UNDER_FRAME + counts.width() + 2);
    Cells {
        mark: Some(if row.folded { '▸' } else { '▾' }),
        columns: vec![
            (format!("{sign} {word}"), role),
            (name_of(row, width), Role::Title),
            landed(thousands(plan.landed.objects)),
            landed(plan.landed.bytes.to_string()),
            (String::new(), Role::Muted),
            (String::new(), Role::Muted),
            (plan_words::bar(plan.counts), role),
        ],
        under: Some(Under {
            cut: format!("  {}{}", standing(model, plan, row.at.as_deref(), room), whereabouts(model, &plan.lane)),
            narrow: counts.clone(),
            whole: counts,
        }),
    }
}

/// In which lane, where there are several.
fn whereabouts(model: &Model, lane: &Lane) -> String {
    let lanes = model.exports.shown().lanes();
    let several = lanes.len() > 1;
    let one_account = lanes.iter().all(|record| record.lane.account == lane.account);
    match (several, one_account) {
        (false, _) => String::new(),
        (true, true) => format!("  · {}", lane.region),
        (true, false) => format!("  · {lane}"),
    }
}

/// What holds a plan, or what it is at.
fn standing(model: &Model, plan: &QueuedPlan, at: Option<&Task>, room: usize) -> String {
    let open = plan.counts.open() > 0;
    match &plan.pause {
        Some(Pause::Failures(problem)) if open => {
            format!("stopped itself: {}. p goes on, i tells more", problem.explain().cause)
        }
        Some(Pause::Asked) if open => "paused by a person: p lets it go on".to_owned(),
        Some(Pause::Failures(_) | Pause::Asked) | None if is_held(model, plan) => {
            "its lane is paused: P lets it go on".to_owned()
        }
        Some(Pause::Failures(_) | Pause::Asked) | None => {
            at.map_or_else(|| lost(model, plan), |task| now(model, task, room))
        }
    }
}

/// Why tasks of a plan that has ended failed.
fn lost(model: &Model, plan: &QueuedPlan) -> String {
    let causes = plan_details::causes(model.exports.shown().tasks(), plan);
    causes.iter().map(Cause::head).collect::<Vec<_>>().join(" · ")
}

fn is_held(model: &Model, plan: &QueuedPlan) -> bool {
    plan.counts.open() > 0 && model.exports.shown().lane(&plan.lane).is_some_and(|record| record.paused)
}

fn now(model: &Model, task: &Task, room: usize) -> String {
    match &task.wait {
        Some(reason @ (Wait::Slot(_) | Wait::Retry { .. })) => wait(reason, clock(model), room),
        Some(Wait::Turn) | None => {
            let verb = if task.state == State::Queued { "next" } else { "now" };
            let window = narrow_window(task.spec.window.from(), task.spec.window.to());
            beside(&format!("{verb} {}", task.spec.group), &window, room)
        }
    }
}

fn task(model: &Model, row: &TaskRow, width: usize) -> Cells {
    let task = &row.task;
    let (sign, role) = state_sign(task.state);
    let landed = |text: String| counted(text, !is_uncounted(task), task.landed.is_empty());
    let now = clock(model);
    let elapsed = task.elapsed(now).map(show_span);
    let rate = model.exports.shown_rates().of(task.id, now);
    let rate = rate.map(|rate| if width < BROAD { sparkline(&rate) } else { task_words::rate(&rate) });
    let indent = if row.nested { "  " } else { "" };
    Cells {
        mark: None,
        columns: vec![
            (format!("{sign} {}", task.state.word()), role),
            (format!("{indent}{}", task.spec.group), Role::Text),
            landed(thousands(task.landed.objects)),
            landed(task.landed.bytes.to_string()),
            (rate.unwrap_or_default(), Role::Active),
            elapsed.map_or_else(|| ("–".to_owned(), Role::Muted), |span| (span, Role::Text)),
            progress(task, now),
        ],
        under: Some(under(model, row, width.saturating_sub(UNDER_FRAME))),
    }
}

/// The second line: whom or what the task waits for, or else what goes where.
fn under(model: &Model, row: &TaskRow, room: usize) -> Under {
    let task = &row.task;
    let (window, to) = (task.spec.window, &task.spec.destination);
    let (from, until) = (window.from(), window.to());
    let indent = if row.nested { "  " } else { "" };
    let place = if row.nested { String::new() } else { whereabouts(model, &task.lane) };
    let with_window = |cut: String| Under {
        whole: format!("{indent}{}", short_window(from, until)),
        narrow: format!("{indent}{}", narrow_window(from, until)),
        cut: format!("  {cut}{place}"),
    };
    match task.wait.as_ref().filter(|_| !task.state.is_end()) {
        Some(reason @ (Wait::Slot(_) | Wait::Retry { .. })) => {
            let room = room.saturating_sub(indent.len());
            Under { whole: indent.to_owned(), narrow: indent.to_owned(), cut: wait(reason, clock(model), room) }
        }
        Some(Wait::Turn) if task.state == State::Queued => with_window(turn(row.before, row.after.as_deref())),
        Some(Wait::Turn) | None => {
            let used = indent.len() + narrow_window(from, until).width() + place.width() + 2;
            let told = headway::brief(model, task, clock(model), room.saturating_sub(used));
            with_window(told.unwrap_or_else(|| to.store.place(to.prefix())))
        }
    }
}

/// What a plan's row is called: with its days wherever they fit.
fn name_of(row: &PlanRow, width: usize) -> String {
    let group = row.group.as_ref();
    if width < WIDE {
        return plan_words::short_title(&row.plan, group);
    }
    let range = row.plan.range;
    format!("{}, {} to {}", plan_words::title_in(&row.plan, group), day(range.from()), day(range.to()))
}
