//! Everything about one plan: what was asked for, where its tasks stand, what holds it, and why tasks of it failed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::text::Line;

use super::details::{fields, heading, in_the};
use super::plan_words::{self, bar};
use super::problem::{self, field};
use super::task_words::minute;
use crate::domain::names::{Label, StreamPrefix};
use crate::domain::problem::Explanation;
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::split::Split;
use crate::domain::task::{State, Task};
use crate::domain::template::Template;
use crate::tui::cells::{counted, thousands};
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};

/// What to do with a plan that stopped itself.
const STOPPED: &str = "mend the cause, then T queues the failed tasks again and lets the plan go on; p goes on without them; C cancels the rest";

/// Its lines, of at most `width` cells.
pub fn lines(model: &Model, plan: &QueuedPlan, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut lines = fields(theme, &rows(plan), width);
    lines.extend(held(theme, plan, width));
    lines.extend(failures(model, plan, width));
    lines
}

fn rows(plan: &QueuedPlan) -> Vec<(&'static str, String, Role)> {
    let (sign, word, role) = plan_words::state(plan);
    let counts = plan.counts;
    let range = format!("{} → {}", plan.range.from(), plan.range.to());
    let split = match plan.split {
        Split::None => String::new(),
        split @ (Split::Hourly | Split::Daily | Split::Weekly | Split::Monthly) => {
            format!("{split}, on the calendar of {}", plan.zone)
        }
    };
    let optional = |text: Option<&str>| text.unwrap_or_default().to_owned();
    vec![
        ("State", format!("{sign} {word}"), role),
        ("Tasks", format!("{}  {}", bar(counts), plan_words::counts(counts)), Role::Text),
        ("Queued", if counts.queued > 0 { counted(counts.queued, "task") } else { String::new() }, Role::Text),
        (in_the(&plan.store), if plan.landed.is_empty() { String::new() } else { plan.landed.to_string() }, Role::Text),
        ("Log groups", thousands(plan.groups), Role::Text),
        ("Range", range, Role::Text),
        ("Split", split, Role::Text),
        ("Bucket", plan.store.to_string(), Role::Text),
        ("Prefix", optional(plan.template.as_ref().map(Template::as_str)), Role::Text),
        ("Stream prefix", optional(plan.stream_prefix.as_ref().map(StreamPrefix::as_str)), Role::Text),
        ("Task name", optional(plan.label.as_ref().map(Label::as_str)), Role::Text),
        ("Lane", plan.lane.to_string(), Role::Text),
        ("Endpoint", optional(plan.lane.endpoint.as_deref()), Role::Text),
        ("Asked for", format!("{} UTC", minute(plan.queued)), Role::Text),
        ("Our id", plan.id.to_string(), Role::Muted),
    ]
}

/// Why it is held, and what lets it go on.
fn held(theme: Theme, plan: &QueuedPlan, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    match plan.pause.as_ref().filter(|_| plan.counts.open() > 0) {
        Some(Pause::Failures(trouble)) => {
            lines.extend(heading(theme, "It stopped itself: its last tasks all failed for this one cause"));
            lines.extend(problem::lines(theme, trouble, width));
            lines.extend(field(theme, "Then", STOPPED, Role::Title, width));
        }
        Some(Pause::Asked) => {
            lines.extend(heading(theme, "It was paused by a person"));
            let text = "what AWS has goes on, nothing more of it is launched; p lets it go on";
            lines.extend(field(theme, "", text, Role::Text, width));
        }
        None => {}
    }
    lines
}

/// Why tasks of a plan failed.
pub struct Cause {
    /// How many of those that are listed.
    pub tasks: usize,
    /// What it was.
    pub words: &'static str,
    /// What mends it.
    pub remedy: Cow<'static, str>,
}

impl Cause {
    /// `[37] the bucket's policy lets nobody in`.
    pub fn head(&self) -> String {
        format!("[{}] {}", thousands(self.tasks), self.words)
    }
}

/// The causes of the failures of `plan` among `tasks`, the most frequent first.
pub fn causes(tasks: &[Arc<Task>], plan: &QueuedPlan) -> Vec<Cause> {
    if plan.counts.failed == 0 {
        return Vec::new();
    }
    let failed = tasks.iter().filter(|task| task.plan == plan.id && task.state == State::Failed);
    let mut causes: BTreeMap<&'static str, Cause> = BTreeMap::new();
    for problem in failed.filter_map(|task| task.problem.as_ref()) {
        let Explanation { cause, remedy } = problem.explain();
        causes.entry(cause).or_insert(Cause { tasks: 0, words: cause, remedy }).tasks += 1;
    }
    let mut causes: Vec<Cause> = causes.into_values().collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.tasks));
    causes
}

/// Each cause with its remedy. Of very many tasks only the last that ended are listed.
fn failures(model: &Model, plan: &QueuedPlan, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let causes = causes(model.exports.tasks(), plan);
    let listed: usize = causes.iter().map(|cause| cause.tasks).sum();
    let mut lines = Vec::new();
    if listed > 0 {
        let rest = if (listed as u64) < plan.counts.failed {
            format!(", of the last {} that did", thousands(listed))
        } else {
            String::new()
        };
        lines.extend(heading(theme, &format!("Why tasks failed{rest}")));
    }
    for cause in causes {
        lines.extend(field(theme, "", &cause.head(), Role::Bad, width));
        lines.extend(field(theme, "", &cause.remedy, Role::Text, width));
    }
    lines
}
