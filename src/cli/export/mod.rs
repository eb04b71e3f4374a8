//! `logferry export`: a plan is expanded, told, queued and driven to its end.
//!
//! Arguments become a [`Request`] in [`request`]; [`drive`] holds the queue; [`summary`] counts the ends; [`tell`] says all
//! of it on stdout, as [`plain`] lines or JSON [`record`]s. There is no ledger yet: what is queued is driven here or
//! not at all.

mod drive;
mod plain;
mod record;
mod request;
mod summary;
mod tell;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::Report;
use uuid::Uuid;

use super::Target;
use super::connection::Place;
use super::outcome::say;
use super::signals::Signals;
use crate::aws::Session;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::ledger::Ledger;
use crate::tui::EndedBySignal;
use tell::Teller;

pub use request::{Request, Wanted, Wrong};

/// The code of wrong usage, as clap has it.
const USAGE: u8 = 2;

/// The end of `logferry export --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry export --group /aws/lambda/checkout,web --from 2026-11-01 --to 2026-11-08 \\
      --split daily --bucket logs-archive --prefix '{group}/{from:%Y/%m/%d}'
  logferry export --group web --from 'last month' --to 'this month' --bucket logs-archive --dry-run
  logferry export plan.toml --json

Exit codes:
  0    every task completed, with log objects in the bucket
  1    an error: no connection, no credentials
  2    wrong usage: nothing was launched
  3    some tasks failed or were cancelled
  4    all completed, but some are empty or could not be checked
  130  interrupted (129 by SIGHUP, 143 by SIGTERM): AWS goes on with the tasks it has";

/// Exports what `request` asks for. Usage that only the account shows to be wrong is refused before anything is launched.
pub async fn run(target: Target, request: Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    let mut signals = Signals::listen()?;
    let state = target.state(state_dir)?;
    let place = target.open().await?;
    let (session, lane) = tokio::select! {
        biased;
        ended = signals.next() => return Ok(before_launch(ended)),
        connected = connect(&place) => connected?,
    };
    let tasks = match request.plan.expand(&lane, || TaskId(Uuid::now_v7())) {
        Ok(tasks) => tasks,
        Err(error) => {
            say(&format!("error: {}\n\nFor more information, try '--help'.", request.blame(&error)));
            return Ok(ExitCode::from(USAGE));
        }
    };
    let mut teller = Teller::new(request.json);
    teller.plan(&request, &lane, &tasks);
    if request.dry_run {
        teller.dry_run(&request.plan, &lane, &tasks);
        return Ok(ExitCode::SUCCESS);
    }
    let ledger = Ledger::open(state.path()).await?;
    let plan = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane), &request.plan, tasks.len() as u64, request.now);
    let summary = drive::to_the_end(ledger, session, plan, tasks, &mut signals, &mut teller).await?;
    teller.summary(&summary);
    Ok(ExitCode::from(summary.exit_code()))
}

async fn connect(place: &Place) -> Result<(Session, Lane), Report> {
    let session = place.session().await?;
    let lane = session.lane(session.identity().await?.account);
    Ok((session, lane))
}

fn before_launch(ended: EndedBySignal) -> ExitCode {
    say(&format!("logferry: ended by {}: nothing was launched", ended.name));
    ExitCode::from(ended.exit_code)
}
