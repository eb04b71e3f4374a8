//! What is written of followed tasks for eyes and for grep: text in, nothing sent. Whatever comes from outside is escaped.

use super::summary::{Cause, NAMED, Summary};
use crate::cli::output::{Form, fields};
use crate::domain::direct::telling::Telling;
use crate::domain::engine::EngineKind;
use crate::domain::names::task_name;
use crate::domain::place::Lane;
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::task::{Moment, State, Task};
use crate::domain::text::escape;
use crate::domain::time::Timestamp;
use crate::domain::zone::Zone;
use crate::export::Transition;

/// Why an export that AWS completed may hold nothing.
pub const EMPTY_REASONS: &str = "no log event lies in the range, no log stream begins with the stream prefix, or the \
    events are younger than 12 hours and not available to exports yet";

/// A transition: time, task, state, log group, window, and what happened.
pub fn moved(transition: &Transition, form: Form) -> String {
    let Moment { at, state, remark } = &transition.moment;
    line(&transition.task, *at, *state, remark, form)
}

fn line(task: &Task, at: Timestamp, state: State, remark: &str, form: Form) -> String {
    let (spec, state) = (&task.spec, state.word());
    match form {
        Form::People => {
            let window = format!("{} to {}", spec.window.from().show(Zone::Utc), spec.window.to().show(Zone::Utc));
            format!(
                "{}  {state:<10}  {}  {window}  {}\n",
                at.show(Zone::Utc),
                escape(spec.group.as_str()),
                escape(remark)
            )
        }
        Form::Fields | Form::Json => fields(&[
            at.to_string(),
            task.id.to_string(),
            state.to_owned(),
            spec.group.to_string(),
            spec.window.from().to_string(),
            spec.window.to().to_string(),
            remark.to_owned(),
        ]),
    }
}

/// How far a direct export has come: in the columns of a transition.
pub fn progress(task: &Task, telling: Telling<'_>, form: Form) -> String {
    let remark = telling.share().into_iter().chain(telling.parts()).collect::<Vec<_>>().join(", ");
    line(task, telling.now, task.state, &remark, form)
}

/// An end, above a bar that shows everything else: short enough for a narrow terminal.
pub fn ended(transition: &Transition) -> String {
    let spec = &transition.task.spec;
    let (from, group) = (spec.window.from().show(Zone::Utc), escape(spec.group.as_str()));
    format!("{from}  {group}  {}\n", escape(&transition.moment.remark))
}

/// The end: counts, what landed, causes with remedies, what goes on without us, and what waits.
pub fn summary(summary: &Summary) -> String {
    let mut lines = vec![format!("{}; {}\n", counts(summary), summary.landed())];
    lines.extend(summary.causes().iter().map(why));
    let empty = summary.tally.empty;
    lines.extend((empty > 0).then(|| format!("empty: {}: {EMPTY_REASONS}\n", counted(empty, "task"))));
    lines.extend(summary.interrupted.map(|ended| format!("interrupted: by {}\n", ended.name)));
    lines.extend(summary.active.iter().map(|task| goes_on(task)));
    lines.extend(summary.paused.iter().map(|plan| paused(plan)));
    lines.extend(summary.paused_lanes.iter().map(|lane| paused_lane(lane)));
    lines.extend((summary.still_queued > 0).then(|| waiting(summary.still_queued)));
    lines.concat()
}

fn counts(summary: &Summary) -> String {
    let tally = summary.tally;
    let always = [("completed", tally.completed), ("empty", tally.empty), ("failed", tally.failed)];
    let rare = [("unchecked", tally.unchecked), ("cancelled", tally.cancelled)];
    let told = always.into_iter().chain(rare.into_iter().filter(|(_, count)| *count > 0));
    let told: Vec<_> = told.map(|(word, count)| format!("{count} {word}")).collect();
    let (ended, all) = (tally.all(), counted(summary.tasks(), "task"));
    let head = if ended == summary.tasks() { format!("done: {all}") } else { format!("{ended} of {all} ended") };
    format!("{head}: {}", told.join(", "))
}

fn why(cause: &Cause) -> String {
    let said = cause.said.as_ref().map(|said| format!("  AWS said: {}\n", escape(said))).unwrap_or_default();
    let more = if cause.groups.len() == NAMED { " (and perhaps more)" } else { "" };
    format!(
        "problem: {}: {}\n{said}  what to do: {}\n  log groups: {}{more}\n",
        counted(cause.tasks, "task"),
        cause.words,
        cause.remedy,
        escape(&cause.groups.join(", "))
    )
}

fn goes_on(task: &Task) -> String {
    let group = escape(task.spec.group.as_str());
    match &task.remote {
        _ if task.spec.engine.kind() == EngineKind::Direct => {
            format!("put down: {} ({group}): `logferry run` or the terminal interface goes on with it\n", task.id)
        }
        Some(remote) => format!("goes on in AWS: {} ({group})\n", escape(&remote.0)),
        None => format!(
            "may go on in AWS, the answer did not come: look for the task name {} ({group})\n",
            escape(&task_name(task.attempt(), task.spec.label.as_ref()))
        ),
    }
}

fn paused(plan: &QueuedPlan) -> String {
    let (id, why) = (plan.id, plan.pause.as_ref().map_or_else(String::new, pause));
    format!(
        "paused: plan {id}: {why}\n  what to do: `logferry tasks resume {id}` or `logferry tasks cancel --plan {id}`\n"
    )
}

fn paused_lane(lane: &Lane) -> String {
    format!("paused: {}\n  what to do: {}\n", super::lane_paused_words(lane), super::lane_remedy(lane))
}

/// Why a plan is held.
pub fn pause(pause: &Pause) -> String {
    match pause {
        Pause::Asked => "somebody paused it".to_owned(),
        Pause::Failures(problem) => {
            format!("it paused itself, its last tasks all failed alike: {}", super::problem_words(problem))
        }
    }
}

fn waiting(tasks: u64) -> String {
    format!("still queued: {}\n", counted(usize::try_from(tasks).unwrap_or(usize::MAX), "task"))
}

/// `1 task`, `2 tasks`.
pub fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
