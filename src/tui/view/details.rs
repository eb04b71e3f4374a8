//! Everything about one task: fields, timeline, and what its end means.

use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::problem::{self, field};
use super::task_words::{self, direct, is_uncounted, minute, state_sign, turn, wait, window};
use super::{bucket_page, headway, plan_details, plan_words};
use crate::domain::engine::EngineKind;
use crate::domain::inventory::RemoteTask;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::store::Store;
use crate::domain::task::{State, Task, TaskSpec, Wait};
use crate::domain::time::{Timestamp, Zone, show_span};
use crate::tui::cells::wrap;
use crate::tui::exports::ExportRow;
use crate::tui::model::{Model, Subject};
use crate::tui::theme::{Role, Theme};

/// Whether something can be so for a task.
type Applies = fn(&Task) -> bool;

/// Why a completed task may have exported nothing, likeliest first.
const EMPTY_REASONS: &[(&str, Applies)] = &[
    ("no log events lie in the window: check the dates, and UTC against local time", |_| true),
    ("no log stream's name begins with the stream prefix", |task| task.spec.stream_prefix.is_some()),
    (
        "the window ended less than 12 hours before: log data can take that long to become available for export",
        |task| task.spec.window.past_availability(task.accepted.unwrap_or(task.queued)).is_some(),
    ),
];

/// A remark of the timeline that has less room than this beside its time goes under it.
const REMARK_CELLS: usize = 24;

/// Title and lines of at most `width` cells.
pub fn page(model: &Model, subject: &Subject, width: usize) -> (String, Vec<Line<'static>>) {
    let theme = model.settings.theme;
    let gone = || vec![Line::styled("   This task is not among those loaded any more.", theme.style(Role::Muted))];
    match subject {
        Subject::Task(id) => match model.task(*id) {
            Some(task) => (format!("Task · {}", task.spec.group), task_lines(model, task, width)),
            None => ("Task".to_owned(), gone()),
        },
        Subject::Past(id) => match model.past(id) {
            Some(task) => (format!("Past task · {}", task.group), past_lines(theme, task, width)),
            None => ("Past task".to_owned(), gone()),
        },
        Subject::Plan(id) => match model.exports.plan(*id) {
            Some(plan) => (format!("Plan · {}", plan_words::title(plan)), plan_details::lines(model, plan, width)),
            None => ("Plan".to_owned(), gone()),
        },
        Subject::Bucket(name) => (format!("Bucket · {name}"), bucket_page::lines(model, name, width)),
    }
}

fn task_lines(model: &Model, task: &Task, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let (sign, role) = state_sign(task.state);
    let to = &task.spec.destination;
    let folder = task.remote.as_ref().map_or_else(|| format!("{}/…/", to.prefix()), |remote| to.folder(remote));
    let said = task.uncounted.as_ref().map(problem::said);
    let optional = |text: Option<String>| text.unwrap_or_default();
    let [read, uploaded, streams, speed, held_up, left] =
        headway::rows(model, task).map(|(label, text)| (label, text, Role::Text));
    let rows = [
        ("State", format!("{sign} {}", task.state.word()), role),
        (
            "Waits",
            optional(task.wait.as_ref().filter(|_| !task.state.is_end()).map(|reason| waits(model, task, reason))),
            Role::Warning,
        ),
        ("In doubt", optional(task.doubt.filter(|_| !task.state.is_end()).map(doubt)), Role::Warning),
        ("Log group", task.spec.group.to_string(), Role::Text),
        ("Window", window(task.spec.window.from(), task.spec.window.to()), Role::Text),
        ("Destination", to.store.place(&folder), Role::Text),
        ("Stream prefix", optional(task.spec.stream_prefix.as_ref().map(ToString::to_string)), Role::Text),
        ("Label", optional(task.spec.label.as_ref().map(ToString::to_string)), Role::Text),
        ("Engine", optional(task.spec.engine.direct().map(direct)), Role::Text),
        read,
        uploaded,
        streams,
        speed,
        held_up,
        left,
        ("Rate", optional(rate(model, task)), Role::Text),
        (
            in_the(&task.spec.destination.store),
            landed(task),
            if is_uncounted(task) { Role::Warning } else { Role::Text },
        ),
        said.map_or(("", String::new(), Role::Muted), |(label, words)| (label, words, Role::Muted)),
        ("Attempt", if task.attempt > 1 { task.attempt.to_string() } else { String::new() }, Role::Text),
        ("Elapsed", optional(task.elapsed(model.now).map(show_span)), Role::Text),
        ("Plan", optional(plan_of(model, task)), Role::Text),
        ("Lane", task.lane.to_string(), Role::Text),
        ("AWS said", optional(model.history.told(task).map(told)), Role::Muted),
        ("Remote id", optional(task.remote.as_ref().map(ToString::to_string)), Role::Muted),
        ("Our id", task.id.to_string(), Role::Muted),
    ];
    let mut lines = fields(theme, &rows, width);
    lines.extend(meaning(theme, task, width));
    let whole = model.whole.as_ref().and_then(|whole| whole.task.as_deref()).filter(|whole| whole.id == task.id);
    lines.extend(timeline(theme, whole.unwrap_or(task), width));
    lines
}

/// What AWS remembers of it, beside what the ledger knows.
fn told(past: &RemoteTask) -> String {
    let message = past.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
    let name = past.name.as_deref().map(|name| format!(", under the name {name}")).unwrap_or_default();
    format!("{}{message}{name}", past.status.code())
}

/// The plan it is one of several tasks of.
fn plan_of(model: &Model, task: &Task) -> Option<String> {
    let plan = model.exports.plan(task.plan).filter(|plan| plan.counts.total() > 1)?;
    Some(format!("{} ({}; i tells more)", plan_words::title(plan), plan_words::counts(plan.counts)))
}

/// How its bytes have come in, while AWS is at work on it; a direct export tells its speed.
fn rate(model: &Model, task: &Task) -> Option<String> {
    if task.spec.engine.direct().is_some() {
        return None;
    }
    let rate = model.exports.rates().of(task.id, model.now)?;
    Some(format!("{}, over the last minute", task_words::rate(&rate)))
}

/// Why it is looked for before it is launched.
fn doubt(since: Timestamp) -> String {
    format!("since {} UTC AWS may have it without our knowing: it is looked for by its name first", minute(since))
}

/// What lies in the bucket; nothing if AWS never had the task.
fn landed(task: &Task) -> String {
    match (&task.remote, &task.uncounted) {
        (None, _) => String::new(),
        (Some(_), Some(trouble)) => format!("what landed is not known: {}", uncounted(trouble, &task.spec)),
        (Some(_), None) if is_uncounted(task) => format!("{} when last counted, before its end", task.landed),
        (Some(_), None) if task.state.is_end() => task.landed.to_string(),
        (Some(_), None) => format!("{} so far", task.landed),
    }
}

/// Before what has landed.
pub(super) const fn in_the(store: &Store) -> &'static str {
    match store {
        Store::Bucket(_) => "In the bucket",
        Store::Directory(_) => "On the disk",
    }
}

/// Why it could not be counted, by which call, and what to do about it. The general remedy for what is not allowed
/// names no action: S3 lists objects under another name than that of the call.
fn uncounted(trouble: &Problem, spec: &TaskSpec) -> String {
    let (explanation, bucket) = (trouble.explain(), &spec.destination.store);
    let remedy = if trouble.kind == ProblemKind::AccessDenied {
        format!("allow s3:ListBucket on {bucket}")
    } else {
        explanation.remedy.into_owned()
    };
    format!("{} ({}); {remedy}", explanation.cause, trouble.operation)
}

pub(super) fn fields(theme: Theme, rows: &[(&'static str, String, Role)], width: usize) -> Vec<Line<'static>> {
    let told = rows.iter().filter(|(_, text, _)| !text.is_empty());
    told.flat_map(|(label, text, role)| field(theme, label, text, *role, width)).collect()
}

pub(super) fn heading(theme: Theme, text: &str) -> [Line<'static>; 2] {
    [Line::default(), Line::styled(format!(" {text}"), theme.style(Role::Title))]
}

/// What the end, or a refused cancel, means.
fn meaning(theme: Theme, task: &Task, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(trouble) = &task.problem {
        lines.extend(heading(theme, "What went wrong"));
        lines.extend(problem::lines(theme, trouble, width));
    }
    if task.is_empty() {
        lines.extend(heading(theme, "Completed, but no log object landed. Likely because"));
        let reasons = EMPTY_REASONS.iter().filter(|(_, applies)| applies(task));
        lines.extend(reasons.flat_map(|(reason, _)| field(theme, "", reason, Role::Warning, width)));
    }
    if task.state == State::Cancelled {
        lines.extend(heading(theme, "After the cancel"));
        lines.extend(field(theme, "", &left_behind(task), Role::Text, width));
    }
    lines
}

fn left_behind(task: &Task) -> String {
    let place = task.spec.destination.store.word();
    let test = match task.spec.engine.kind() {
        EngineKind::Managed => " but AWS's write test",
        EngineKind::Direct => "",
    };
    match (&task.remote, task.counted, task.landed.is_empty()) {
        (None, _, _) => "cancelled before AWS had it: nothing was written".to_owned(),
        (Some(_), true, true) => format!("nothing was left in the {place}{test}"),
        (Some(_), true, false) => format!("{} were left in the {place}: delete them or keep them", task.landed),
        (Some(_), false, _) => format!("what was left in the {place} could not be counted"),
    }
}

fn waits(model: &Model, task: &Task, reason: &Wait) -> String {
    match reason {
        Wait::Turn => {
            let rows = model.exports.list().rows().iter();
            let mut row = rows.filter_map(|row| match row {
                ExportRow::Task(row) if row.task.id == task.id => Some(row),
                ExportRow::Task(_) | ExportRow::Plan(_) => None,
            });
            row.next().map_or_else(|| wait(reason, model.now, usize::MAX), |row| turn(row.before, row.after.as_deref()))
        }
        Wait::Slot(_) | Wait::Retry { .. } => wait(reason, model.now, usize::MAX),
    }
}

fn timeline(theme: Theme, task: &Task, width: usize) -> Vec<Line<'static>> {
    let mut lines = heading(theme, "Timeline").to_vec();
    for moment in &task.timeline {
        let style = theme.style(state_sign(moment.state).1);
        let when = format!("   {}  {:<10}  ", moment.at.show(Zone::Utc), moment.state.word());
        let beside = width.saturating_sub(when.width() + 1);
        let (first, indent) = if beside < REMARK_CELLS { (None, 6) } else { (Some(when.as_str()), when.width()) };
        if first.is_none() {
            lines.push(Line::styled(when.clone(), style));
        }
        let remark = wrap(&moment.remark, width.saturating_sub(indent + 1)).into_iter().enumerate();
        lines.extend(remark.map(|(at, text)| {
            let lead = first.filter(|_| at == 0).map_or_else(|| " ".repeat(indent), str::to_owned);
            Line::styled(format!("{lead}{text}"), style)
        }));
    }
    lines
}

fn past_lines(theme: Theme, task: &RemoteTask, width: usize) -> Vec<Line<'static>> {
    let time = |at: Option<_>| at.map(minute).map(|at| format!("{at} UTC")).unwrap_or_default();
    let took = task.created.zip(task.completed).map(|(from, to)| show_span(to.since(from)));
    let launched = if task.is_ours() { "by logferry" } else { "by somebody else, or outside logferry" };
    let (sign, role) = super::task_words::remote_sign(&task.status);
    let rows = [
        ("Status", format!("{sign} {}", task.status.code()), role),
        ("AWS said", task.message.clone().unwrap_or_default(), Role::Text),
        ("Log group", task.group.clone(), Role::Text),
        ("Window", window(task.from, task.to), Role::Text),
        (
            "Destination",
            format!("s3://{}/{}", task.bucket, crate::domain::layout::folder(&task.prefix, &task.id)),
            Role::Text,
        ),
        ("Created", time(task.created), Role::Text),
        ("Ended", time(task.completed), Role::Text),
        ("Took", took.unwrap_or_default(), Role::Text),
        ("Task name", task.name.clone().unwrap_or_default(), Role::Text),
        ("Launched", launched.to_owned(), Role::Muted),
        ("Remote id", task.id.to_string(), Role::Muted),
    ];
    fields(theme, &rows, width)
}
