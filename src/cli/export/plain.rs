//! What `logferry export` writes for eyes and for grep: text in, nothing sent. Whatever comes from outside is escaped.

use super::request::Request;
use super::summary::{Cause, NAMED, Summary};
use crate::cli::output::{Form, fields};
use crate::domain::names::task_name;
use crate::domain::place::Lane;
use crate::domain::plan::PlannedTask;
use crate::domain::task::Task;
use crate::domain::text::escape;
use crate::domain::when::Reading;
use crate::domain::zone::Zone;
use crate::export::Transition;

/// Why an export that AWS completed may hold nothing.
pub const EMPTY_REASONS: &str = "no log event lies in the range, no log stream begins with the stream prefix, or the \
    events are younger than 12 hours and not available to exports yet";

/// The resolved range, the size of the plan, and where it goes.
pub fn plan(request: &Request, lane: &Lane, windows: usize, tasks: usize) -> String {
    let plan = &request.plan;
    let (from, to) = (plan.range.from(), plan.range.to());
    let range = format!("range: {from} to {to} ({} to {} ms)\n", from.millis(), to.millis());
    let echoes = [("from", request.from), ("to", request.to)].map(|(option, reading)| remarks(option, reading));
    let groups = tasks.checked_div(windows).unwrap_or(0);
    let size = format!(
        "plan: {} of {} in {} (split {}, {}), in account {} Region {}\n",
        counted(tasks, "task"),
        counted(groups, "log group"),
        counted(windows, "window"),
        plan.split,
        plan.zone.name(),
        escape(&lane.account.0),
        escape(&lane.region.0),
    );
    [range, echoes.concat(), size].concat()
}

/// What a person might not expect of how an instant was read.
fn remarks(option: &str, reading: Reading) -> String {
    let at = reading.at;
    let digits = reading.digits.map(|digits| format!("{option}: read as {}: {at}\n", digits.words()));
    let twice = reading.twice.then(|| format!("{option}: clocks show this twice, the earlier is taken: {at}\n"));
    [digits, twice].into_iter().flatten().collect()
}

/// The warning for a range that reaches into the hours that may not be exportable yet.
pub fn lag(request: &Request) -> Option<String> {
    let cutoff = request.plan.range.past_availability(request.now)?;
    Some(format!(
        "warning: log data can take 12 hours to become available for export: events after {cutoff} may be missing"
    ))
}

/// A task of a dry run.
pub fn planned(task: &PlannedTask, key: &str) -> String {
    let spec = &task.spec;
    let place = format!("s3://{}/{key}", spec.destination.bucket);
    fields(&[spec.group.to_string(), spec.window.from().to_string(), spec.window.to().to_string(), place])
}

/// A transition: time, task, state, log group, window, and what happened.
pub fn moved(transition: &Transition, form: Form) -> String {
    let task = &transition.task;
    let (at, remark) = (transition.moment.at, transition.moment.remark.as_str());
    let (spec, state) = (&task.spec, transition.moment.state.word());
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

/// The end: counts, what landed, causes with remedies, and what goes on without us.
pub fn summary(summary: &Summary) -> String {
    let done = format!("done: {}; {}\n", counts(summary), summary.landed);
    let empty = (summary.empty > 0).then(|| format!("empty: {}: {EMPTY_REASONS}\n", counted(summary.empty, "task")));
    let interrupted = summary.interrupted.map(|ended| format!("interrupted: by {}\n", ended.name));
    let left = summary.never_launched();
    let never = (left > 0).then(|| format!("never launched: {}\n", counted(left, "task")));
    let mut lines = vec![done];
    lines.extend(summary.causes.iter().map(why));
    lines.extend(empty.into_iter().chain(interrupted));
    lines.extend(summary.in_aws.iter().map(|task| goes_on(task)));
    lines.extend(never);
    lines.concat()
}

fn counts(summary: &Summary) -> String {
    let always = [("completed", summary.completed), ("empty", summary.empty), ("failed", summary.failed)];
    let rare = [("unchecked", summary.unchecked), ("cancelled", summary.cancelled)];
    let told = always.into_iter().chain(rare.into_iter().filter(|(_, count)| *count > 0));
    let told: Vec<_> = told.map(|(word, count)| format!("{count} {word}")).collect();
    format!("{}: {}", counted(summary.tasks, "task"), told.join(", "))
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
        Some(remote) => format!("goes on in AWS: {} ({group})\n", escape(&remote.0)),
        None => format!(
            "may go on in AWS, the answer did not come: look for the task name {} ({group})\n",
            escape(&task_name(task.attempt(), task.spec.label.as_ref()))
        ),
    }
}

/// `1 task`, `2 tasks`.
fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
