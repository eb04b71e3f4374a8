//! `logferry tasks retry`: failed and cancelled tasks are queued again, or cut into a new plan of finer windows.

use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::{Report, eyre};
use serde::Serialize;
use uuid::Uuid;

use super::args::Which;
use super::list::word;
use super::resolve::{self, Meant};
use crate::cli::export::{enqueue, who_runs_it};
use crate::cli::follow::plain::counted;
use crate::cli::follow::{Narrator, now};
use crate::cli::outcome::WrongUsage;
use crate::cli::output::{Form, fields, json_line};
use crate::domain::coverage::covers;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::plan::Plan;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::reducer::Reduced;
use crate::domain::split::Split;
use crate::domain::task::{Fact, State, Task};
use crate::export::{Elsewhere, apart};
use crate::ledger::Ledger;

/// The code of a command that could not do all of what was asked.
const NOT_ALL: u8 = 3;

/// What came of one task.
#[derive(Serialize)]
struct Record<'a> {
    event: &'static str,
    task: String,
    outcome: &'a str,
    state: String,
}

/// Runs again.
pub async fn run(
    ledger: &Ledger,
    which: &Which,
    split: Option<Split>,
    even_twice: bool,
    mut narrator: Narrator,
) -> Result<ExitCode, Report> {
    let meant = resolve::which(ledger, which).await?;
    let ids = match &meant {
        Meant::Tasks(ids) => ids.clone(),
        Meant::Plan(plan) => ledger.ids(*plan, vec![State::Failed]).await?,
    };
    if ids.is_empty() {
        narrator.say("nothing of the plan has failed");
    }
    match split {
        Some(split) => finer(ledger, ids, split, even_twice, &mut narrator).await,
        None => again(ledger, &meant, ids, even_twice, &mut narrator).await,
    }
}

/// Sets aside, and tells, the tasks whose windows others have: unless they are wanted twice.
async fn set_aside(
    ledger: &Ledger,
    ids: Vec<TaskId>,
    even_twice: bool,
    narrator: &mut Narrator,
) -> Result<(Vec<TaskId>, usize), Report> {
    let (ids, done) = if even_twice { (ids, Vec::new()) } else { apart(ledger, ids).await? };
    for (task, elsewhere) in &done {
        let outcome = match elsewhere {
            Elsewhere::Exported => "exported_since",
            Elsewhere::Queued => "queued_since",
        };
        tell(task, outcome, narrator);
    }
    if !done.is_empty() {
        narrator.say(&format!("not retried, for others have their windows: {}", counted(done.len(), "task")));
    }
    Ok((ids, done.len()))
}

async fn again(
    ledger: &Ledger,
    meant: &Meant,
    ids: Vec<TaskId>,
    even_twice: bool,
    narrator: &mut Narrator,
) -> Result<ExitCode, Report> {
    let (ids, aside) = set_aside(ledger, ids, even_twice, narrator).await?;
    let facts = ids.iter().map(|id| (*id, Fact::Retry)).collect();
    let folded = ledger.fold(facts, now(), None).await?;
    if let Meant::Plan(plan) = meant {
        // It may have paused itself because of these failures.
        ledger.pause_plan(*plan, None).await?;
    }
    let (mut all, mut queued) = (aside == 0, None);
    for (id, reduced) in ids.into_iter().zip(folded) {
        let task = task(ledger, id).await?;
        let moved = matches!(reduced, Reduced::Moved(_));
        all &= moved;
        tell(&task, if moved { "queued" } else { refusal(&task) }, narrator);
        queued = queued.or(moved.then_some(task.lane));
    }
    if let Some(lane) = queued {
        narrator.say(&who_runs_it(ledger, &lane).await?);
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL) })
}

async fn plan_of(ledger: &Ledger, task: &Task) -> Result<QueuedPlan, Report> {
    ledger.plan(task.plan).await?.ok_or_else(|| eyre!("the plan {} is gone", task.plan))
}

async fn task(ledger: &Ledger, id: TaskId) -> Result<Task, Report> {
    ledger.task(id).await?.ok_or_else(|| eyre!("the task {id} is gone"))
}

/// Why a task is not run again.
const fn refusal(task: &Task) -> &'static str {
    match task.state {
        State::Completed => "completed",
        _ => "not_ended",
    }
}

fn tell(task: &Task, outcome: &str, narrator: &mut Narrator) {
    let text = match narrator.form() {
        Form::Json => json_line(&Record {
            event: "retry",
            task: task.id.to_string(),
            outcome,
            state: task.state.word().to_lowercase(),
        }),
        Form::People | Form::Fields => fields(&[
            task.id.to_string(),
            word(task).to_owned(),
            task.spec.group.to_string(),
            words(outcome).to_owned(),
        ]),
    };
    narrator.tell(&text);
}

fn words(outcome: &str) -> &str {
    match outcome {
        "queued" => "queued again",
        "completed" => "not retried: it completed; `logferry export` exports it once more",
        "exported_since" => "not retried: its window was exported since; --again exports it once more",
        "queued_since" => "not retried: other tasks are to export its window; --again exports it once more",
        _ => "not retried: it has not ended yet",
    }
}

/// A new plan for each task: the same log group and window, cut by `split`.
async fn finer(
    ledger: &Ledger,
    ids: Vec<TaskId>,
    split: Split,
    even_twice: bool,
    narrator: &mut Narrator,
) -> Result<ExitCode, Report> {
    let (ids, aside) = set_aside(ledger, ids, even_twice, narrator).await?;
    let mut plans = Vec::new();
    for id in ids {
        plans.push(finer_plan(ledger, id, split).await?);
    }
    let mut lanes = Vec::new();
    for (lane, plan) in plans {
        let tasks = plan.expand(&lane, || TaskId(Uuid::now_v7())).map_err(|error| WrongUsage(error.to_string()))?;
        let _: PlanId = enqueue(ledger, Arc::clone(&lane), &plan, tasks, narrator).await?;
        lanes.push(lane);
    }
    if let Some(lane) = lanes.first() {
        narrator.say(&who_runs_it(ledger, lane).await?);
    }
    Ok(if aside == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL) })
}

/// The plan that does what `id` was to do. Wrong usage if it need not be done, or cannot be cut so.
async fn finer_plan(
    ledger: &Ledger,
    id: TaskId,
    split: Split,
) -> Result<(Arc<crate::domain::place::Lane>, Plan), Report> {
    let task = task(ledger, id).await?;
    if covers(task.state) {
        return Err(WrongUsage(format!(
            "the task {id} is {}: only failed and cancelled ones are cut",
            word(&task).to_lowercase()
        ))
        .into());
    }
    let whole = plan_of(ledger, &task).await?;
    let spec = task.spec;
    if split.count(spec.window, whole.zone, 2) < 2 {
        return Err(WrongUsage(format!(
            "'--split {split}' leaves the window of {id} in one piece: choose a finer one"
        ))
        .into());
    }
    let plan = Plan {
        name: whole.name,
        groups: vec![spec.group],
        range: spec.window,
        split,
        zone: whole.zone,
        store: spec.destination.store,
        template: whole.template,
        stream_prefix: spec.stream_prefix,
        label: spec.label,
        preflight: spec.preflight,
        engine: spec.engine,
    };
    Ok((task.lane, plan))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_line_is_as_documented() {
        let task = TaskId(Uuid::from_u128(7)).to_string();
        let record = Record { event: "retry", task, outcome: "queued", state: "queued".to_owned() };
        insta::assert_snapshot!(json_line(&record), @r#"{"event":"retry","task":"00000000-0000-0000-0000-000000000007","outcome":"queued","state":"queued"}"#);
    }
}
