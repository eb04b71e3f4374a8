//! `logferry tasks`: looking into the queue and the history of the ledger, and changing what is queued.
//!
//! Arguments become a [`Request`] in [`args`]; every other file is one command. They work on the ledger alone; only a
//! cancel of what AWS has may have to connect.

mod args;
mod cancel;
mod detail;
mod lanes;
mod list;
mod plans;
mod record;
pub mod resolve;
mod retry;
mod watch;

use std::path::Path;
use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::Target;
use super::follow::Narrator;
use crate::ledger::Ledger;
use args::Held;

pub use args::{AFTER_HELP, Request, TasksArguments};

/// Does what was asked for.
pub async fn run(target: Target, request: Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    let state = target.state(state_dir)?;
    let ledger = Ledger::open(state.path()).await?;
    let narrator = Narrator::new(request.json());
    match request {
        Request::List { wanted, .. } => list::run(&ledger, &wanted, narrator).await,
        Request::Plans { limit, .. } => plans::list(&ledger, limit, narrator).await,
        Request::Show { ids, .. } => detail::run(&ledger, &ids, narrator).await,
        Request::Cancel { which, .. } => cancel::run(target, ledger, &which, narrator).await,
        Request::Retry { which, split, again, .. } => retry::run(&ledger, &which, split, again, narrator).await,
        Request::Watch { plan, .. } => watch::run(ledger, plan.as_deref(), narrator).await,
        Request::Pause { held: Held::Plan(plan), .. } => plans::pause(&ledger, &plan, narrator).await,
        Request::Resume { held: Held::Plan(plan), .. } => plans::resume(&ledger, &plan, narrator).await,
        Request::Pause { held: Held::Lanes(lanes), .. } => lanes::hold(&ledger, &lanes, true, narrator).await,
        Request::Resume { held: Held::Lanes(lanes), .. } => lanes::hold(&ledger, &lanes, false, narrator).await,
    }
}
