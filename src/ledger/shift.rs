//! Queued tasks change places within their lanes.
//!
//! No two tasks of a lane ever have the same place, ended ones included: one that is run again finds its own still free.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Result, params};

use super::codec::{Id, only};
use super::error::Fault;
use super::records::Shift;
use super::transaction::{Reading, Writing};
use crate::domain::names::TaskId;

/// A queued task: its number and its place.
#[derive(Clone, Copy)]
struct Standing {
    seq: i64,
    place: i64,
}

/// Moves those of `tasks` that are queued.
pub(super) fn shift(writing: &mut Writing<'_>, tasks: &[TaskId], shift: Shift) -> Result<(), Fault> {
    for (lane, chosen) in by_lane(writing, tasks)? {
        match shift {
            Shift::First => to_front(writing, lane, &chosen)?,
            Shift::Last => to_back(writing, lane, &chosen)?,
            Shift::Earlier => one_step(writing, lane, chosen, BEFORE)?,
            Shift::Later => one_step(writing, lane, chosen.into_iter().rev().collect(), BEHIND)?,
        }
    }
    Ok(())
}

/// The queued ones of `tasks` by lane, in their order there, each once.
fn by_lane(reading: &Reading<'_>, tasks: &[TaskId]) -> Result<BTreeMap<i64, Vec<Standing>>> {
    let mut lanes: BTreeMap<i64, Vec<Standing>> = BTreeMap::new();
    for task in tasks {
        let sql = "SELECT lane, seq, place FROM tasks WHERE id = ?1 AND state = 0";
        let found = reading.maybe(sql, [Id(task.0)], |columns| {
            Ok((columns.take()?, Standing { seq: columns.take()?, place: columns.take()? }))
        })?;
        if let Some((lane, standing)) = found {
            lanes.entry(lane).or_default().push(standing);
        }
    }
    for chosen in lanes.values_mut() {
        chosen.sort_unstable_by_key(|standing| standing.place);
        chosen.dedup_by_key(|standing| standing.seq);
    }
    Ok(lanes)
}

fn to_front(writing: &mut Writing<'_>, lane: i64, chosen: &[Standing]) -> Result<()> {
    let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    let sql = "UPDATE lanes SET low = low - ?2 WHERE seq = ?1 RETURNING low";
    let first: i64 = writing.one(sql, [lane, count], only)?;
    put_all(writing, chosen, first)
}

fn to_back(writing: &mut Writing<'_>, lane: i64, chosen: &[Standing]) -> Result<()> {
    let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    let sql = "UPDATE lanes SET high = high + ?2 WHERE seq = ?1 RETURNING high - ?2 + 1";
    let first: i64 = writing.one(sql, [lane, count], only)?;
    put_all(writing, chosen, first)
}

fn put_all(writing: &mut Writing<'_>, chosen: &[Standing], first: i64) -> Result<()> {
    chosen.iter().zip(first..).try_for_each(|(standing, place)| put(writing, standing.seq, place))
}

fn put(writing: &mut Writing<'_>, seq: i64, place: i64) -> Result<()> {
    let stamp = writing.stamp();
    writing.run("UPDATE tasks SET place = ?2, revision = ?3 WHERE seq = ?1", params![seq, place, stamp]).map(drop)
}

/// The queued task just before a place of a lane, and just behind it.
const BEFORE: &str = "SELECT seq, place FROM tasks INDEXED BY tasks_in_line
                      WHERE lane = ?1 AND place < ?2 AND state = 0 ORDER BY place DESC LIMIT 1";
const BEHIND: &str = "SELECT seq, place FROM tasks INDEXED BY tasks_in_line
                      WHERE lane = ?1 AND place > ?2 AND state = 0 ORDER BY place LIMIT 1";

/// Each of `chosen`, the foremost in the direction of the move first, changes places with its `neighbour`, unless that
/// was chosen too: those at the end of the line stay there and keep their order.
fn one_step(writing: &mut Writing<'_>, lane: i64, chosen: Vec<Standing>, neighbour: &str) -> Result<()> {
    let fixed: HashSet<i64> = chosen.iter().map(|standing| standing.seq).collect();
    for Standing { seq, place } in chosen {
        let other = writing
            .maybe(neighbour, [lane, place], |columns| Ok(Standing { seq: columns.take()?, place: columns.take()? }))?;
        if let Some(other) = other.filter(|other| !fixed.contains(&other.seq)) {
            put(writing, seq, other.place)?;
            put(writing, other.seq, place)?;
        }
    }
    Ok(())
}
