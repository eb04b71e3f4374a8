//! `logferry tasks show`: everything the ledger knows of a task.

use std::process::ExitCode;

use color_eyre::eyre::{Report, eyre};

use super::list::word;
use super::record::TaskRecord;
use super::resolve;
use crate::cli::follow::plain::EMPTY_REASONS;
use crate::cli::follow::{Narrator, lane_paused_words, problem_words, wait_words};
use crate::cli::outcome::remedy;
use crate::cli::output::{Form, json_line};
use crate::domain::direct::headway::Headway;
use crate::domain::direct::telling::streams;
use crate::domain::engine::{Direct, Engine, EngineKind};
use crate::domain::names::task_name;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::domain::text::escape;
use crate::domain::time::show_span;
use crate::ledger::{LaneRecord, Ledger};

/// Tells everything about each.
pub async fn run(ledger: &Ledger, typed: &[String], mut narrator: Narrator) -> Result<ExitCode, Report> {
    let lanes = ledger.lanes().await?;
    for (at, id) in resolve::tasks(ledger, typed).await?.into_iter().enumerate() {
        let task = ledger.task(id).await?.ok_or_else(|| eyre!("the task {id} is gone"))?;
        let plan = ledger.plan(task.plan).await?;
        let held = held(&lanes, &task);
        let text = match narrator.form() {
            Form::Json => json_line(&TaskRecord::whole(&task, held)),
            Form::People | Form::Fields if at == 0 => whole(&task, plan.as_ref(), held),
            Form::People | Form::Fields => format!("\n{}", whole(&task, plan.as_ref(), held)),
        };
        narrator.tell(&text);
    }
    Ok(ExitCode::SUCCESS)
}

/// That the lane is held, if that is what a queued task waits for.
pub fn held(lanes: &[LaneRecord], task: &Task) -> Option<String> {
    let lane = lanes.iter().find(|record| record.lane == task.lane)?;
    (lane.paused && task.state == State::Queued).then(|| lane_paused_words(&lane.lane))
}

/// One fact a line, by its name; then what happened.
fn whole(task: &Task, plan: Option<&QueuedPlan>, held: Option<String>) -> String {
    let facts = [asked_for(task, plan), standing(task, held), trouble(task)].concat();
    let lines = facts.into_iter().map(|(name, value)| format!("{name:<14}{}\n", escape(&value)));
    let happened = task
        .timeline
        .iter()
        .map(|moment| format!("  {}  {:<10}  {}\n", moment.at, moment.state.word(), escape(&moment.remark)));
    lines.chain(std::iter::once("timeline\n".to_owned())).chain(happened).collect()
}

type Facts = Vec<(&'static str, String)>;

fn asked_for(task: &Task, plan: Option<&QueuedPlan>) -> Facts {
    let (spec, lane) = (&task.spec, &task.lane);
    let window = spec.window;
    let span = format!("{} to {} ({})", window.from(), window.to(), show_span(window.span()));
    let name = plan.and_then(|plan| plan.name.as_ref()).map(|name| format!(" {name}")).unwrap_or_default();
    let mut facts = vec![
        ("task", task.id.to_string()),
        ("plan", format!("{}{name}", task.plan)),
        ("log group", spec.group.to_string()),
        ("window", span),
        ("milliseconds", format!("{} to {}", window.from().millis(), window.to().millis())),
        ("account", lane.account.to_string()),
        ("region", lane.region.to_string()),
        ("destination", spec.destination.store.place(spec.destination.prefix())),
    ];
    facts.extend(lane.endpoint.as_ref().map(|url| ("endpoint", url.clone())));
    facts.extend(spec.stream_prefix.as_ref().map(|prefix| ("stream prefix", prefix.to_string())));
    facts.push(("engine", engine(&spec.engine)));
    match spec.engine.kind() {
        EngineKind::Managed => facts.push(("task name", task_name(task.attempt(), spec.label.as_ref()))),
        EngineKind::Direct => facts.extend(spec.label.as_ref().map(|label| ("name", label.to_string()))),
    }
    facts
}

/// Who moves the bytes, and how.
fn engine(engine: &Engine) -> String {
    match engine {
        Engine::Managed => "managed: AWS exports".to_owned(),
        Engine::Direct(Direct { format, pattern }) => {
            let pattern = pattern.as_ref().map(|pattern| format!(", events that match {pattern}")).unwrap_or_default();
            format!("direct: logferry reads and writes, {format}{pattern}")
        }
    }
}

fn standing(task: &Task, held: Option<String>) -> Facts {
    let mut facts = vec![("state", word(task).to_owned()), ("attempt", task.attempt.to_string())];
    let waiting = held.or_else(|| task.wait.as_ref().map(wait_words));
    facts.extend(waiting.map(|why| ("waiting", why)));
    let managed = task.remote.as_ref().filter(|_| task.spec.engine == Engine::Managed);
    facts.extend(managed.map(|remote| ("export task", remote.to_string())));
    let folder = |remote| task.spec.destination.store.place(&task.spec.destination.folder(remote));
    facts.extend(task.remote.as_ref().map(|remote| ("folder", folder(remote))));
    let final_count = if task.counted || task.remote.is_none() { "" } else { " (not the final count)" };
    facts.push(("landed", format!("{}{final_count}", task.landed)));
    facts.extend(task.headway.iter().flat_map(read));
    facts.extend(task.elapsed(task.ended.unwrap_or(task.queued)).map(|span| ("took", show_span(span))));
    facts.retain(|(name, _)| *name != "took" || task.ended.is_some());
    facts
}

/// How far a direct export has come. How fast it is, `tasks watch` tells.
fn read(headway: &Headway) -> Facts {
    vec![
        ("read", format!("{} events, {} of lines", headway.events, headway.raw)),
        ("uploaded", format!("{} compressed", headway.uploaded)),
        ("streams", streams(headway)),
    ]
}

fn trouble(task: &Task) -> Facts {
    let mut facts = Facts::new();
    for problem in task.problem.iter().chain(&task.uncounted) {
        facts.push(("problem", problem_words(problem)));
        facts.push(("what to do", remedy(problem)));
        facts.extend(problem.request_id.as_ref().map(|id| ("request id", id.clone())));
    }
    if task.is_empty() {
        facts.push(("empty because", EMPTY_REASONS.to_owned()));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::follow::fixtures::{NOW, plan, task};
    use crate::domain::amount::{ByteCount, Landed};
    use crate::domain::names::RemoteId;
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::domain::task::Moment;
    use std::time::Duration;

    #[test]
    fn a_failed_task_is_told_with_cause_remedy_and_timeline() {
        let problem = Problem::new(ProblemKind::ExportTimedOut, "DescribeExportTasks").saying("timed out\u{1b}[2J");
        let ended = NOW.after(Duration::from_hours(24));
        let mut task = Task {
            state: State::Failed,
            wait: None,
            remote: Some(RemoteId("0e4c2ad4".to_owned())),
            landed: Landed { objects: 2, bytes: ByteCount(2048) },
            counted: true,
            problem: Some(problem),
            accepted: Some(NOW),
            ended: Some(ended),
            ..task("web")
        };
        task.timeline.push(Moment { at: ended, state: State::Failed, remark: "failed: \u{202e}".to_owned() });
        let shown = [whole(&task, Some(&plan(1)), None), json_line(&TaskRecord::whole(&task, None))];
        insta::assert_snapshot!(shown.join("\n"));
    }
}
