//! Checkpoints of direct exports: what is durable, and where another run goes on.

use rusqlite::{Result, params};

use super::codec::{Id, Json};
use super::error::Fault;
use super::transaction::{Reading, Writing};
use crate::domain::direct::checkpoint::Checkpoint;
use crate::domain::names::TaskId;

/// Keeps the checkpoint of a task in place of the one before.
pub(super) fn save(writing: &mut Writing<'_>, task: TaskId, checkpoint: &Checkpoint) -> Result<(), Fault> {
    // No row that others look at changes, but a transaction that changes nothing is not written.
    writing.stamp();
    let sql = "INSERT INTO checkpoints (task, value) SELECT seq, ?2 FROM tasks WHERE id = ?1
               ON CONFLICT (task) DO UPDATE SET value = excluded.value";
    writing.run(sql, params![Id(task.0), Json(checkpoint)])?;
    Ok(())
}

/// The last checkpoint of a task.
pub(super) fn last(reading: &Reading<'_>, task: TaskId) -> Result<Option<Checkpoint>> {
    let sql = "SELECT value FROM checkpoints WHERE task = (SELECT seq FROM tasks WHERE id = ?1)";
    reading.maybe(sql, [Id(task.0)], |columns| Ok(columns.take::<Json<Checkpoint>>()?.0))
}

/// Forgets the checkpoint of the task of that number.
pub(super) fn forget(writing: &Writing<'_>, seq: i64) -> Result<()> {
    writing.run("DELETE FROM checkpoints WHERE task = ?1", [seq]).map(drop)
}
