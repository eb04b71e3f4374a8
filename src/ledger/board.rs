//! What faces show: where they begin, and what has changed since.

use std::collections::HashSet;

use rusqlite::Result;

use super::codec::{Amount, only};
use super::lanes;
use super::plans;
use super::records::{Board, Changes, Mark};
use super::timeline;
use super::transaction::Reading;
use crate::domain::names::PlanId;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::Task;

/// At most `open` open tasks and the `ended` last ended ones, with their plans and every lane.
pub(super) fn board(reading: &Reading<'_>, open: usize, ended: usize) -> Result<Board> {
    let mut tasks = open_tasks(reading, open)?;
    tasks.extend(reading.tasks(
        "SELECT seq FROM tasks INDEXED BY tasks_ended WHERE ended IS NOT NULL ORDER BY ended DESC, seq DESC LIMIT ?1",
        [Amount(ended as u64)],
    )?);
    let plans = plans_of(reading, &tasks)?;
    Ok(Board { mark: mark(reading)?, tasks, plans, lanes: lanes::changed_after(reading, 0)? })
}

/// Those in AWS first, then the queued ones.
fn open_tasks(reading: &Reading<'_>, limit: usize) -> Result<Vec<Task>> {
    let mut tasks = reading.tasks(
        "SELECT seq FROM tasks INDEXED BY tasks_at_work WHERE state IN (1, 2, 3, 4) ORDER BY lane, seq LIMIT ?1",
        [Amount(limit as u64)],
    )?;
    let left = limit.saturating_sub(tasks.len());
    tasks.extend(reading.tasks(
        "SELECT seq FROM tasks INDEXED BY tasks_in_line WHERE state = 0 ORDER BY lane, place LIMIT ?1",
        [Amount(left as u64)],
    )?);
    Ok(tasks)
}

/// Every plan with open tasks, and those of `tasks`; the order means nothing.
fn plans_of(reading: &Reading<'_>, tasks: &[Task]) -> Result<Vec<QueuedPlan>> {
    let mut plans = reading.plans("INDEXED BY plans_open WHERE p.queued + p.active > 0", [])?;
    let mut known: HashSet<PlanId> = plans.iter().map(|plan| plan.id).collect();
    for task in tasks.iter().filter(|task| known.insert(task.plan)) {
        plans.extend(plans::by_id(reading, task.plan)?);
    }
    Ok(plans)
}

/// What is different since `since`.
pub(super) fn changes(reading: &Reading<'_>, since: Mark) -> Result<Changes> {
    let pick = "SELECT seq FROM tasks WHERE revision > ?1 ORDER BY revision, seq";
    Ok(Changes {
        mark: mark(reading)?,
        tasks: reading.tasks(pick, [since.revision])?,
        moves: timeline::moves_after(reading, since.moved)?,
        plans: reading.plans("WHERE p.revision > ?1 ORDER BY p.revision, p.seq", [since.revision])?,
        lanes: lanes::changed_after(reading, since.revision)?,
    })
}

fn mark(reading: &Reading<'_>) -> Result<Mark> {
    let revision = reading.one("SELECT revision FROM counter", [], only)?;
    Ok(Mark { revision, moved: timeline::last_move(reading)? })
}
