//! What `logferry export` writes of a plan for eyes and for grep: text in, nothing sent. Whatever comes from outside is
//! escaped.

use super::request::Request;
use crate::cli::follow::plain::counted;
use crate::cli::output::{Form, fields};
use crate::domain::engine::{Direct, Engine};
use crate::domain::place::Lane;
use crate::domain::plan::PlannedTask;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::text::escape;
use crate::domain::when::Reading;
use crate::domain::zone::Zone;

/// Tasks named to a person; programs hear of all of them.
const SHOWN: usize = 10;

/// The resolved range, the size of the plan, and where it goes.
pub fn plan(request: &Request, lane: &Lane, size: super::Size) -> String {
    let plan = &request.plan;
    let (from, to) = (plan.range.from(), plan.range.to());
    let range = format!("range: {from} to {to} ({} to {} ms)\n", from.millis(), to.millis());
    let readings = [("from", request.from), ("to", Some(request.to))];
    let echoes = readings.map(|(option, reading)| reading.map(|reading| remarks(option, reading)).unwrap_or_default());
    let size = format!(
        "plan: {} of {} in {} (split {}, {}), in account {} Region {}\n",
        counted(size.tasks, "task"),
        counted(size.groups, "log group"),
        counted(size.windows, "window"),
        plan.split,
        plan.zone.name(),
        escape(&lane.account.0),
        escape(&lane.region.0),
    );
    [range, echoes.concat(), size, engine(&plan.engine)].concat()
}

/// What is worth knowing of the engine; nothing of AWS's own.
fn engine(engine: &Engine) -> String {
    let Some(Direct { format, pattern }) = engine.direct() else { return String::new() };
    let pattern = pattern.as_ref().map(|pattern| format!(", events that match {}", escape(pattern.as_str())));
    format!("engine: direct, {format}{}\n", pattern.unwrap_or_default())
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
    let cutoff = request.incomplete_after()?;
    Some(format!(
        "warning: log data can take 12 hours to become available for export: events after {cutoff} may be missing"
    ))
}

/// A task of a dry run.
pub fn planned(task: &PlannedTask, key: &str) -> String {
    let spec = &task.spec;
    let place = spec.destination.store.sketch(key);
    fields(&[spec.group.to_string(), spec.window.from().to_string(), spec.window.to().to_string(), place])
}

/// What is in the queue now.
pub fn queued(plan: &QueuedPlan, tasks: &[PlannedTask], form: Form) -> String {
    let named = plan.name.as_ref().map(|name| format!(" {}", escape(name.as_str()))).unwrap_or_default();
    let head = format!("queued: plan {}{named}, {}\n", plan.id, counted(tasks.len(), "task"));
    let lines = |tasks: &[PlannedTask]| tasks.iter().map(|task| waiting(task, form)).collect::<String>();
    match form {
        Form::People if tasks.len() > SHOWN => {
            let more = format!("  … and {} more: `logferry tasks list --plan {}`\n", tasks.len() - SHOWN, plan.id);
            [head, lines(&tasks[..SHOWN]), more].concat()
        }
        Form::People | Form::Fields | Form::Json => [head, lines(tasks)].concat(),
    }
}

fn waiting(PlannedTask { id, spec }: &PlannedTask, form: Form) -> String {
    let (from, to) = (spec.window.from(), spec.window.to());
    match form {
        Form::People => format!("  {id}  {}  {}\n", from.show(Zone::Utc), escape(spec.group.as_str())),
        Form::Fields | Form::Json => {
            fields(&[id.to_string(), spec.group.to_string(), from.to_string(), to.to_string()])
        }
    }
}
