//! What will be queued, before it is: how much, over what, in which order, and what is worth knowing first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::problem::field;
use super::task_words::{self, narrow_window};
use super::title;
use crate::domain::engine::EngineKind;
use crate::domain::layout::example_key;
use crate::domain::names::LogGroupName;
use crate::domain::plan::PlannedTask;
use crate::domain::split::Split;
use crate::domain::time::{TimeRange, Zone, show_span};
use crate::tui::cells::{counted, fit_end, fit_middle, pad, thousands};
use crate::tui::checks::{self, warns_of_range};
use crate::tui::layout::Areas;
use crate::tui::model::Model;
use crate::tui::review::{Draft, Review};
use crate::tui::theme::{Role, Theme};

/// Where facts begin, after their labels.
const FACT_AT: usize = 18;

/// Fewer lines of tasks than this are not worth a list; then the facts are cut.
const LEAST_LIST: usize = 4;

/// Draws the page.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas, review: &Review) {
    let theme = model.settings.theme;
    let Some(draft) = review.draft() else {
        title(theme, out, areas.title, "Export?", "working out its tasks …", None);
        return;
    };
    let count = format!("{} into {}; nothing is queued yet", counted(draft.tasks.len(), "task"), review.plan.store);
    title(theme, out, areas.title, "Export?", &count, None);
    let facts = facts(model, review, draft, usize::from(areas.body.width));
    let (above, list) = split(areas.body, facts.len(), draft.tasks.len());
    out.render_widget(Paragraph::new(facts), above);
    out.render_widget(Paragraph::new(rows(theme, draft, review.top, list)), list);
}

/// Tasks, and how many of them are seen at once.
pub fn extent(model: &Model, review: &Review, body: Rect) -> (usize, usize) {
    let Some(draft) = review.draft() else { return (0, 1) };
    let facts = facts(model, review, draft, usize::from(body.width)).len();
    let (_, list) = split(body, facts, draft.tasks.len());
    (draft.tasks.len(), usize::from(list.height).saturating_sub(1).max(1))
}

/// Where the facts stand, and where the list. One task needs no list: the facts tell all of it.
fn split(body: Rect, facts: usize, tasks: usize) -> (Rect, Rect) {
    let height = usize::from(body.height);
    let list = if tasks > 1 { height.saturating_sub(facts + 1).max(LEAST_LIST.min(height)) } else { 0 };
    let list = u16::try_from(list).unwrap_or(body.height);
    let above = body.height.saturating_sub(list);
    (Rect { height: above, ..body }, Rect { y: body.y + above, height: list, ..body })
}

fn facts(model: &Model, review: &Review, draft: &Draft, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut facts = vec![("Log groups", groups(review), Role::Text), ("Range", range(review.plan.range), Role::Text)];
    if review.plan.split != Split::None {
        facts.push(("Split", cut(review, draft), Role::Text));
    }
    if let Some(direct) = review.plan.engine.direct() {
        facts.push(("Engine", task_words::direct(direct), Role::Text));
    }
    let key = |task: &PlannedTask| example_key(task.spec.destination.prefix(), None, None);
    facts.extend(draft.tasks.first().map(|first| ("First key", key(first), Role::Text)));
    facts.extend(draft.tasks.last().filter(|_| draft.tasks.len() > 1).map(|last| ("Last key", key(last), Role::Text)));
    facts.push(("Before it", ahead(model, review), Role::Text));
    facts.push(("Takes", takes(draft), Role::Text));
    let warned = model.checks.answer().is_some_and(warns_of_range);
    let waits_for_aws = review.plan.engine.kind() == EngineKind::Managed;
    if let Some(since) = review.plan.range.past_availability(model.now).filter(|_| waits_for_aws && !warned) {
        let since = since.show(Zone::Utc);
        facts.push(("! Recent", format!("events since {since} may be missing (12 h lag)"), Role::Warning));
    }
    if let Some(sharing) = draft.sharing.as_ref().filter(|sharing| sharing.groups > 1) {
        facts.push(("! Shared", sharing.to_string(), Role::Warning));
    }
    facts.extend(checks::facts(&model.checks, model.is_unchecked()));
    let room = width.saturating_sub(FACT_AT + 1);
    facts.iter().flat_map(|(label, text, role)| field(theme, label, &fit_end(text, room), *role, width)).collect()
}

/// The names, as many as make one line worth reading.
fn groups(review: &Review) -> String {
    let names: Vec<&str> = review.plan.groups.iter().map(LogGroupName::as_str).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, .., last] if names.len() > 3 => format!("{}: {one} … {last}", thousands(names.len())),
        several => several.join(", "),
    }
}

fn range(range: TimeRange) -> String {
    format!("{} → {} ({})", range.from(), range.to(), show_span(range.span()))
}

fn cut(review: &Review, draft: &Draft) -> String {
    let groups = draft.plan.groups.max(1) as usize;
    let windows = counted(draft.tasks.len() / groups, "window");
    format!("{}, {windows} of each log group, days of {}", review.plan.split, review.plan.zone)
}

/// What the lane has to do before.
fn ahead(model: &Model, review: &Review) -> String {
    let load = model.exports.load(&review.lane);
    let (queued, active) = load.map_or((0, 0), |load| (load.queued, load.active));
    let paused = model.exports.lane(&review.lane).is_some_and(|record| record.paused);
    let held = if paused { "; the lane is paused" } else { "" };
    match (queued, active) {
        (0, 0) => format!("nothing of ours{held}"),
        (0, active) => format!("{} with AWS{held}", counted(active, "task")),
        (queued, 0) => format!("{} queued{held}", counted(queued, "task")),
        (queued, active) => format!("{} queued, {} with AWS{held}", counted(queued, "task"), thousands(active)),
    }
}

fn takes(draft: &Draft) -> String {
    match draft.rough {
        Some(span) => format!("roughly {}, at the speed seen in this lane so far", show_span(span)),
        None => "not known yet: nothing has ended in this lane so far".to_owned(),
    }
}

/// The tasks in sight, under a head.
fn rows(theme: Theme, draft: &Draft, top: usize, area: Rect) -> Vec<Line<'static>> {
    if area.height == 0 {
        return Vec::new();
    }
    let (width, room) = (usize::from(area.width), usize::from(area.height).saturating_sub(1));
    let number = thousands(draft.tasks.len()).len().max(2);
    let window = draft.tasks.iter().skip(top).take(room).map(|task| window(task).chars().count()).max().unwrap_or(0);
    let head = format!("   {}  {}  Log group, prefix", pad("#", number, true), pad("Window, UTC", window, false));
    let mut lines = vec![Line::styled(fit_end(&head, width), theme.style(Role::Muted))];
    for (at, task) in draft.tasks.iter().enumerate().skip(top).take(room) {
        let before =
            format!("   {}  {}  ", pad(&thousands(at + 1), number, true), pad(&self::window(task), window, false));
        let left = width.saturating_sub(before.chars().count() + 1);
        let prefix = format!("  {}", task.spec.destination.prefix());
        let group = fit_middle(task.spec.group.as_str(), left);
        let prefix = fit_middle(&prefix, left.saturating_sub(group.chars().count()));
        lines.push(Line::from(vec![
            Span::styled(before, theme.style(Role::Muted)),
            Span::styled(group, theme.style(Role::Text)),
            Span::styled(prefix, theme.style(Role::Muted)),
        ]));
    }
    lines
}

fn window(task: &PlannedTask) -> String {
    let shown = narrow_window(task.spec.window.from(), task.spec.window.to());
    shown.trim_end_matches(" UTC").to_owned()
}
