//! Plans: how far they are, when they pause themselves, and how they are found.

use rusqlite::{Result, params};

use super::codec::{Amount, Id, Json, only};
use super::error::Fault;
use super::rows;
use super::transaction::{Reading, Writing};
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::names::PlanId;
use crate::domain::queued_plan::{Counts, Pause, QueuedPlan, STRIKES};
use crate::domain::state::State;
use crate::domain::task::Task;

/// What one task counts for in its plan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    state: State,
    empty: bool,
    landed: Landed,
}

impl Share {
    /// What `task` counts for as it stands.
    pub const fn of(task: &Task) -> Self {
        Self { state: task.state, empty: task.is_empty(), landed: task.landed }
    }
}

/// Corrects the counts of a plan for a task that counted for `before` and stands as `task` now.
pub(super) fn account(writing: &mut Writing<'_>, plan: i64, before: Share, task: &Task) -> Result<()> {
    let after = Share::of(task);
    if before == after {
        return Ok(());
    }
    let (mut counts, landed) = sums(writing, plan)?;
    let left = counts.of(before.state, before.empty);
    *left = left.saturating_sub(1);
    *counts.of(after.state, after.empty) += 1;
    let landed = Landed {
        objects: landed.objects.saturating_sub(before.landed.objects).saturating_add(after.landed.objects),
        bytes: ByteCount(landed.bytes.0.saturating_sub(before.landed.bytes.0)) + after.landed.bytes,
    };
    write_sums(writing, plan, counts, landed)
}

fn sums(reading: &Reading<'_>, plan: i64) -> Result<(Counts, Landed)> {
    let sql = "SELECT queued, active, completed, empty, failed, cancelled, objects, bytes FROM plans WHERE seq = ?1";
    reading.one(sql, [plan], |columns| Ok((rows::counts(columns)?, columns.landed()?)))
}

fn write_sums(writing: &mut Writing<'_>, plan: i64, counts: Counts, landed: Landed) -> Result<()> {
    let Counts { queued, active, completed, empty, failed, cancelled } = counts;
    let stamp = writing.stamp();
    writing.run(
        "UPDATE plans SET queued = ?2, active = ?3, completed = ?4, empty = ?5, failed = ?6, cancelled = ?7,
                          objects = ?8, bytes = ?9, revision = ?10
         WHERE seq = ?1",
        params![
            plan,
            Amount(queued),
            Amount(active),
            Amount(completed),
            Amount(empty),
            Amount(failed),
            Amount(cancelled),
            Amount(landed.objects),
            Amount(landed.bytes.0),
            stamp,
        ],
    )?;
    Ok(())
}

/// Counts permanent failures in a row of a task that has just moved. At [`STRIKES`] with one cause its plan pauses
/// itself, if anything is left to hold; a task that completes begins the count anew.
pub(super) fn strike(writing: &mut Writing<'_>, plan: i64, task: &Task) -> Result<()> {
    match (task.state, &task.problem) {
        (State::Completed, _) => forget_strikes(writing, plan),
        (State::Failed, Some(problem)) if !problem.kind.is_transient() => {
            let strikes = add_strike(writing, plan, problem.explain().cause)?;
            if strikes >= STRIKES {
                let pause = Pause::Failures(problem.clone());
                let sql = "UPDATE plans SET pause = ?2 WHERE seq = ?1 AND pause IS NULL AND queued > 0";
                writing.run(sql, params![plan, Json(pause)])?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Notes one more failure; answers how many of that cause there are in a row.
fn add_strike(writing: &mut Writing<'_>, plan: i64, cause: &str) -> Result<u32> {
    let stamp = writing.stamp();
    writing.one(
        "UPDATE plans SET strikes = iif(strike_cause IS ?2, strikes + 1, 1), strike_cause = ?2, revision = ?3
         WHERE seq = ?1 RETURNING strikes",
        params![plan, cause, stamp],
        only,
    )
}

fn forget_strikes(writing: &Writing<'_>, plan: i64) -> Result<()> {
    let sql = "UPDATE plans SET strikes = 0, strike_cause = NULL WHERE seq = ?1 AND strikes > 0";
    writing.run(sql, [plan]).map(drop)
}

/// Holds a plan, or lets it go on and forgets its failures.
pub(super) fn pause(writing: &mut Writing<'_>, id: PlanId, pause: Option<&Pause>) -> Result<(), Fault> {
    let sql = "SELECT seq, pause FROM plans WHERE id = ?1";
    let found = writing.maybe(sql, [Id(id.0)], |columns| Ok((columns.take::<i64>()?, columns.maybe_json()?)))?;
    let Some((seq, already)) = found else { return Ok(()) };
    if already.as_ref() == pause {
        return Ok(());
    }
    if pause.is_none() {
        forget_strikes(writing, seq)?;
    }
    let stamp = writing.stamp();
    writing.run("UPDATE plans SET pause = ?2, revision = ?3 WHERE seq = ?1", params![seq, pause.map(Json), stamp])?;
    Ok(())
}

/// The number of a plan, if there is one of that id.
pub(super) fn number(reading: &Reading<'_>, id: PlanId) -> Result<Option<i64>> {
    reading.maybe("SELECT seq FROM plans WHERE id = ?1", [Id(id.0)], only)
}

/// One plan.
pub(super) fn by_id(reading: &Reading<'_>, id: PlanId) -> Result<Option<QueuedPlan>> {
    Ok(reading.plans("WHERE p.id = ?1", [Id(id.0)])?.pop())
}

/// The newest plans.
pub(super) fn newest(reading: &Reading<'_>, limit: usize) -> Result<Vec<QueuedPlan>> {
    reading.plans("ORDER BY p.seq DESC LIMIT ?1", [Amount(limit as u64)])
}
