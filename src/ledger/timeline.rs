//! Timelines, and the journal of moves that faces are told from.
//!
//! A timeline keeps what a person wants to read later; the reducer takes out what only repeats. The journal has every
//! move of late, so that none is left untold, and forgets the old ones.

use rusqlite::{Result, params};

use super::codec::{At, Code, Columns, Id, only};
use super::transaction::{Reading, Writing};
use crate::domain::names::TaskId;
use crate::domain::task::{Moment, Move, State, Task};
use crate::domain::time::Timestamp;

/// How many moves the journal keeps: more than two plans of the largest size make by being cancelled at once, and a
/// reader looks every fraction of a second.
const KEPT: i64 = 250_000;

/// How many lines the reducer looks back.
const LOOKED_AT: usize = 2;

/// The end of a stored timeline.
pub(super) struct Tail {
    /// The number of the last stored line; 0 if none is.
    last: i64,
    /// The last lines, oldest first.
    pub moments: Vec<Moment>,
}

impl Tail {
    /// Reads the lines that the reducer looks at of a task queued at `queued`.
    pub fn read(reading: &Reading<'_>, task: i64, queued: Timestamp) -> Result<Self> {
        let sql = "SELECT n, at, state, remark FROM moments WHERE task = ?1 ORDER BY n DESC LIMIT ?2";
        let limit = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
        let mut lines = reading.all(sql, [task, limit], |columns| Ok((columns.take::<i64>()?, moment(columns)?)))?;
        let last = lines.first().map_or(0, |(n, _)| *n);
        lines.reverse();
        let first = (lines.len() < LOOKED_AT).then(|| Moment::queued(queued));
        Ok(Self { last, moments: first.into_iter().chain(lines.into_iter().map(|(_, moment)| moment)).collect() })
    }

    /// Writes what a move, made at `at`, did to the end of the timeline, and answers the move's line: it may be one that
    /// the timeline does not keep.
    pub fn write(&self, writing: &Writing<'_>, seq: i64, task: &Task, at: Timestamp) -> Result<Moment> {
        let Some(last) = task.timeline.last() else { return Ok(Moment::queued(at)) };
        if task.timeline.len() > self.moments.len() {
            let sql = "INSERT INTO moments (task, n, at, state, remark) VALUES (?1, ?2, ?3, ?4, ?5)";
            writing.run(sql, params![seq, self.last + 1, At(last.at), Code(last.state), last.remark])?;
            return Ok(last.clone());
        }
        // A round of waiting was the same as the one before: its launch goes, and its end was never written.
        writing.run("DELETE FROM moments WHERE task = ?1 AND n = ?2", [seq, self.last])?;
        Ok(Moment { at, ..last.clone() })
    }
}

/// Adds a move to the journal and drops one that is too old.
pub(super) fn journal(writing: &Writing<'_>, task: i64, before: State, moment: &Moment) -> Result<()> {
    let number: i64 = writing.one(
        "INSERT INTO moves (task, before, at, state, remark) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING seq",
        params![task, Code(before), At(moment.at), Code(moment.state), moment.remark],
        only,
    )?;
    writing.run("DELETE FROM moves WHERE seq <= ?1", [number - KEPT])?;
    Ok(())
}

/// The moves after the one of that number, in order.
pub(super) fn moves_after(reading: &Reading<'_>, moved: i64) -> Result<Vec<Move>> {
    let sql = "SELECT t.id, m.before, m.at, m.state, m.remark FROM moves m CROSS JOIN tasks t ON t.seq = m.task
               WHERE m.seq > ?1 ORDER BY m.seq";
    reading.all(sql, [moved], |columns| {
        let (Id(id), Code(before)) = (columns.take()?, columns.take()?);
        Ok(Move { task: TaskId(id), before, moment: moment(columns)? })
    })
}

/// The number of the last move.
pub(super) fn last_move(reading: &Reading<'_>) -> Result<i64> {
    reading.one("SELECT ifnull(max(seq), 0) FROM moves", [], only)
}

/// A task's whole timeline, but for its first line.
pub(super) fn stored(reading: &Reading<'_>, task: i64) -> Result<Vec<Moment>> {
    reading.all("SELECT at, state, remark FROM moments WHERE task = ?1 ORDER BY n", [task], moment)
}

fn moment(columns: &mut Columns<'_, '_>) -> Result<Moment> {
    let (At(at), Code(state)) = (columns.take()?, columns.take()?);
    Ok(Moment { at, state, remark: columns.take()? })
}
