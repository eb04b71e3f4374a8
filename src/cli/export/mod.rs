//! `logferry export`: a plan is expanded, told, and queued; with `--wait` it is driven to its end.
//!
//! Arguments become a [`Request`] in [`request`]; [`since`] finds what is missing for `--since-last`; [`checks`] are made
//! before anything is queued; [`tell`] says what the plan is, as [`plain`] lines or JSON [`record`]s. Following it is [`follow`](super::follow)'s.

mod checks;
mod plain;
mod record;
mod request;
mod since;
mod tell;

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::Report;
use uuid::Uuid;

use super::Target;
use super::follow::{Follower, Narrator, Scope, now};
use super::lanes::{Way, driver_of};
use super::outcome::{WrongUsage, say};
use super::signals::Signals;
use crate::domain::coverage;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::{Plan, PlannedTask};
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::text::escape;
use crate::export::Terms;
use crate::ledger::{Ledger, LedgerError};
use crate::tui::EndedBySignal;
use checks::Checks;
use since::Turn;

use request::Then;
pub use request::{Request, Retries, Wanted, Wrong, instant};

/// The end of `logferry export --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry export --group /aws/lambda/checkout,web --from 2026-11-01 --to 2026-11-08 \\
      --split daily --bucket logs-archive --prefix '{group}/{from:%Y/%m/%d}'
  logferry export --group web --from 'last month' --to 'this month' --bucket logs-archive --dry-run
  logferry export plan.toml --wait --json
  logferry export --group web --bucket logs-archive --split daily --since-last --wait

Exit codes:
  0    queued; with --wait: every task completed, with log objects in the bucket
  1    an error: no connection, no credentials
  2    wrong usage: nothing was queued
  3    some tasks failed or were cancelled, or wait because their plan is paused
  4    all completed, but some are empty or could not be checked
  5    a check blocks it: AWS would refuse it, and nothing was queued
  130  interrupted (129 by SIGHUP, 143 by SIGTERM): AWS goes on with the tasks it has, the others stay queued";

/// How large a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    tasks: usize,
    groups: usize,
    windows: usize,
}

impl Size {
    fn of(tasks: &[PlannedTask]) -> Self {
        let groups: HashSet<_> = tasks.iter().map(|task| &task.spec.group).collect();
        let windows: HashSet<_> = tasks.iter().map(|task| task.spec.window).collect();
        Self { tasks: tasks.len(), groups: groups.len(), windows: windows.len() }
    }
}

/// Exports what `request` asks for. Usage that only the account shows to be wrong is refused before anything is queued.
pub async fn run(target: Target, mut request: Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    let mut signals = Signals::listen()?;
    let state = target.state(state_dir)?;
    let place = target.open().await?;
    let way = tokio::select! {
        biased;
        ended = signals.next() => return Ok(before_queueing(ended)),
        way = Way::given(&place) => way?,
    };
    let needs_ledger = !request.is_dry_run() || request.since_last;
    let ledger = if needs_ledger { Some(Ledger::open(state.path()).await?) } else { None };
    let turn = tokio::select! {
        biased;
        ended = signals.next() => return Ok(before_queueing(ended)),
        turn = Turn::of(&request, state.path()) => turn?,
    };
    let tasks = expand(&mut request, &way.lane, ledger.as_ref()).await?;
    let mut narrator = Narrator::new(request.json);
    if tasks.is_empty() {
        let to = request.to.at;
        narrator.say(&format!(
            "nothing is missing: from its first known window on every log group is exported or queued up to {to}"
        ));
        return Ok(ExitCode::SUCCESS);
    }
    tell::plan(&mut narrator, &request, &way.lane, &tasks);
    let checks = tokio::select! {
        biased;
        ended = signals.next() => return Ok(before_queueing(ended)),
        checks = Checks::make(&way, &request.plan) => checks,
    };
    checks.tell(&mut narrator, &request);
    if checks.block() && !request.is_dry_run() {
        return Ok(checks.exit_code());
    }
    let Some(ledger) = ledger.filter(|_| !request.is_dry_run()) else {
        tell::dry_run(&mut narrator, &request.plan, &way.lane, &tasks);
        return Ok(checks.exit_code());
    };
    ledger.know_lane(&way.lane, way.session.profile()).await?;
    let plan = enqueue(&ledger, Arc::new(way.lane.clone()), &request.plan, tasks, &mut narrator).await?;
    drop(turn);
    if let Then::Drive(terms) = request.then {
        return drive(ledger, way, plan, terms, narrator, &mut signals).await;
    }
    narrator.say(&who_runs_it(&ledger, &way.lane).await?);
    Ok(ExitCode::SUCCESS)
}

/// The tasks: of the whole range, or of what is missing of it.
async fn expand(request: &mut Request, lane: &Lane, ledger: Option<&Ledger>) -> Result<Vec<PlannedTask>, Report> {
    let next_id = || TaskId(Uuid::now_v7());
    let tasks = match ledger.filter(|_| request.since_last) {
        None => request.plan.expand(lane, next_id),
        Some(ledger) => {
            let found = since::look(ledger, lane, request).await?;
            found.unused_from().iter().for_each(|note| say(note));
            let gaps = found.gaps;
            request.plan.range = coverage::extent(&gaps).unwrap_or(request.plan.range);
            request.plan.groups = gaps.iter().map(|(group, _)| group.clone()).collect();
            coverage::expand(&request.plan, lane, &gaps, next_id)
        }
    };
    tasks.map_err(|error| WrongUsage(request.blame(&error)).into())
}

/// Puts the tasks of `plan` into the queue of `lane`, and tells it.
pub async fn enqueue(
    ledger: &Ledger,
    lane: Arc<Lane>,
    plan: &Plan,
    tasks: Vec<PlannedTask>,
    narrator: &mut Narrator,
) -> Result<PlanId, LedgerError> {
    let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), lane, plan, tasks.len() as u64, now());
    ledger.add(queued.clone(), tasks.clone()).await?;
    tell::queued(narrator, &queued, &tasks);
    Ok(queued.id)
}

/// Who will run what is queued in `lane`: a hint for people.
pub async fn who_runs_it(ledger: &Ledger, lane: &Lane) -> Result<String, LedgerError> {
    let lanes = ledger.lanes().await?;
    let record = lanes.iter().find(|record| *record.lane == *lane);
    Ok(match record.and_then(|record| driver_of(record, now())) {
        Some(driver) => format!("{} runs it", escape(&driver.label)),
        None => "nobody runs it yet: `logferry run` does, or the terminal interface".to_owned(),
    })
}

/// Drives the plan's lane until nothing of the plan is left to run.
async fn drive(
    ledger: Ledger,
    way: Way,
    plan: PlanId,
    terms: Terms,
    mut narrator: Narrator,
    signals: &mut Signals,
) -> Result<ExitCode, Report> {
    narrator.show_progress();
    let mut follower = Follower::start(ledger, terms, Scope::Plan(plan), narrator).await?;
    follower.summary.all_wanted = true;
    follower.queue.work(way.lane, way.session).await;
    follower.until(signals, Follower::has_come_to_rest).await?;
    follower.conclude(signals).await
}

fn before_queueing(ended: EndedBySignal) -> ExitCode {
    say(&format!("logferry: ended by {}: nothing was queued", ended.name));
    ExitCode::from(ended.exit_code)
}
