//! Whether somebody else has the window of a task that is to be run again: asked before it is, so that nothing is exported
//! twice unawares.

use crate::domain::coverage::{covers, holds};
use crate::domain::names::TaskId;
use crate::domain::state::State;
use crate::domain::task::Task;
use crate::ledger::{Ledger, LedgerError};

/// What other tasks have made of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// They have exported all of it.
    Exported,
    /// They have, or are to.
    Queued,
}

/// What other tasks have made of the window of `task`, since it failed or was cancelled; `None` unless they hold all of it.
pub async fn elsewhere(ledger: &Ledger, task: &Task) -> Result<Option<Elsewhere>, LedgerError> {
    // One that is on its way or done is no candidate: the ledger refuses it by itself.
    let plan = if covers(task.state) { None } else { ledger.plan(task.plan).await? };
    let Some(plan) = plan else { return Ok(None) };
    let (spec, template) = (&task.spec, plan.template.as_ref());
    let (store, streams) = (&spec.destination.store, spec.stream_prefix.as_ref());
    let known = ledger.windows(&task.lane, &spec.group, store, template, streams, &spec.engine).await?;
    let completed: Vec<_> = known.iter().filter(|known| known.state == State::Completed).copied().collect();
    Ok(if holds(&completed, spec.window) {
        Some(Elsewhere::Exported)
    } else if holds(&known, spec.window) {
        Some(Elsewhere::Queued)
    } else {
        None
    })
}

/// The tasks to run again, and those whose windows others have.
pub async fn apart(ledger: &Ledger, ids: Vec<TaskId>) -> Result<(Vec<TaskId>, Vec<(Task, Elsewhere)>), LedgerError> {
    let (mut left, mut done) = (Vec::new(), Vec::new());
    for id in ids {
        let Some(task) = ledger.task(id).await? else { continue };
        match elsewhere(ledger, &task).await? {
            Some(how) => done.push((task, how)),
            None => left.push(id),
        }
    }
    Ok((left, done))
}
