//! Facts are folded into tasks: the one place that writes a task after it was queued.

use rusqlite::{Result, params};

use super::checkpoints;
use super::codec::{Amount, At, Code, Id, Json, only};
use super::error::Fault;
use super::plans;
use super::rows::Stored;
use super::timeline::{self, Tail};
use super::transaction::Writing;
use crate::domain::names::TaskId;
use crate::domain::reducer::{Reduced, reduce};
use crate::domain::task::{Fact, State, Task};
use crate::domain::time::Timestamp;

/// Folds `fact` into its task as it stands, and everything that depends on the task with it.
pub(super) fn fold(writing: &mut Writing<'_>, id: TaskId, fact: Fact, at: Timestamp) -> Result<Reduced, Fault> {
    let picked = writing.maybe("SELECT seq FROM tasks WHERE id = ?1", [Id(id.0)], only)?;
    let Some(seq) = picked else { return Ok(Reduced::Ignored) };
    let Stored { plan, mut task } = writing.task(seq)?;
    let tail = Tail::read(writing, seq, task.queued)?;
    task.timeline.clone_from(&tail.moments);
    let before = plans::Share::of(&task);
    let reduced = reduce(&mut task, fact, at);
    if reduced == Reduced::Ignored {
        return Ok(reduced);
    }
    update(writing, seq, &task)?;
    if let Reduced::Moved(left) = reduced {
        let moment = tail.write(writing, seq, &task, at)?;
        timeline::journal(writing, seq, left, &moment)?;
    }
    plans::account(writing, plan, before, &task)?;
    if let Reduced::Moved(_) = reduced {
        plans::strike(writing, plan, &task)?;
        if task.state == State::Completed {
            checkpoints::forget(writing, seq)?;
        }
    }
    Ok(reduced)
}

/// Writes what facts can change; the rest stays as it was queued.
fn update(writing: &mut Writing<'_>, seq: i64, task: &Task) -> Result<()> {
    let stamp = writing.stamp();
    writing.run(
        "UPDATE tasks SET state = ?2, wait = ?3, attempt = ?4, doubt = ?5, remote = ?6, objects = ?7, bytes = ?8,
                          counted = ?9, problem = ?10, uncounted = ?11, accepted = ?12, ended = ?13, headway = ?14,
                          revision = ?15
         WHERE seq = ?1",
        params![
            seq,
            Code(task.state),
            task.wait.as_ref().map(Json),
            task.attempt,
            task.doubt.map(At),
            task.remote.as_ref().map(|remote| &remote.0),
            Amount(task.landed.objects),
            Amount(task.landed.bytes.0),
            task.counted,
            task.problem.as_ref().map(Json),
            task.uncounted.as_ref().map(Json),
            task.accepted.map(At),
            task.ended.map(At),
            task.headway.as_ref().map(Json),
            stamp,
        ],
    )?;
    Ok(())
}
