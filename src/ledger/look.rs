//! Looking for tasks and plans, where an index leads straight to them. Lists by any filter are in [`super::history`].

use std::time::Duration;

use rusqlite::{Result, params, params_from_iter};

use super::codec::{Amount, At, Code, Id, Json, code, only};
use super::lanes;
use super::plans;
use super::rows::Stored;
use super::timeline;
use super::transaction::Reading;
use crate::domain::coverage::Known;
use crate::domain::engine::{Engine, EngineKind};
use crate::domain::names::{LogGroupName, PlanId, StreamPrefix, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::Pace;
use crate::domain::state::State;
use crate::domain::store::Store;
use crate::domain::task::Task;
use crate::domain::template::Template;

/// A task with its whole timeline.
pub(super) fn task(reading: &Reading<'_>, id: TaskId) -> Result<Option<Task>> {
    let picked = reading.maybe("SELECT seq FROM tasks WHERE id = ?1", [Id(id.0)], only)?;
    let Some(seq) = picked else { return Ok(None) };
    let Stored { mut task, .. } = reading.task(seq)?;
    task.timeline.extend(timeline::stored(reading, seq)?);
    Ok(Some(task))
}

/// The queued tasks of a lane behind `place`.
pub(super) fn queued_after(reading: &Reading<'_>, lane: &Lane, place: i64, limit: usize) -> Result<Vec<Task>> {
    let Some(lane) = lanes::number(reading, lane)? else { return Ok(Vec::new()) };
    let waiting = "SELECT seq FROM tasks INDEXED BY tasks_in_line
                WHERE lane = ?1 AND place > ?2 AND state = 0 ORDER BY place LIMIT ?3";
    reading.tasks(waiting, params![lane, place, Amount(limit as u64)])
}

/// The tasks of a lane that AWS has or may have.
pub(super) fn at_work(reading: &Reading<'_>, lane: &Lane) -> Result<Vec<Task>> {
    let Some(lane) = lanes::number(reading, lane)? else { return Ok(Vec::new()) };
    let pick = "SELECT seq FROM tasks INDEXED BY tasks_at_work WHERE lane = ?1 AND state IN (1, 2, 3, 4) ORDER BY seq";
    reading.tasks(pick, [lane])
}

/// The first queued task of a lane and an engine whose plan is not paused; none while the lane is.
pub(super) fn next_task(reading: &Reading<'_>, lane: &Lane, engine: EngineKind) -> Result<Option<Task>> {
    let Some(lane) = lanes::number(reading, lane)? else { return Ok(None) };
    if reading.one("SELECT paused FROM lanes WHERE seq = ?1", [lane], only)? {
        return Ok(None);
    }
    let next = match in_front(reading, lane, engine)? {
        Front::Found(seq) => Some(seq),
        Front::AllThereIs => None,
        Front::Held => by_plan(reading, lane, engine)?,
    };
    next.map(|seq| Ok(reading.task(seq)?.task)).transpose()
}

/// Whether an engine, as plans have it, is the managed one.
const IS_MANAGED: &str = r#"(p.engine = '"managed"')"#;

/// How many of the first in line are looked at before their plans are. Few enough to be quick when all are held, and
/// most lanes are served without asking every plan.
const IN_FRONT: i64 = 32;

/// What the first in line are.
enum Front {
    /// This one may go.
    Found(i64),
    /// All are held, and there are no more.
    AllThereIs,
    /// All are held, and there are more.
    Held,
}

fn in_front(reading: &Reading<'_>, lane: i64, engine: EngineKind) -> Result<Front> {
    let sql = format!(
        "SELECT t.seq, p.pause IS NULL AND {IS_MANAGED} = ?3
         FROM tasks t INDEXED BY tasks_in_line CROSS JOIN plans p ON p.seq = t.plan
         WHERE t.lane = ?1 AND t.state = 0 ORDER BY t.place LIMIT ?2"
    );
    let front = reading.all(&sql, params![lane, IN_FRONT, engine == EngineKind::Managed], |columns| {
        Ok((columns.take()?, columns.take::<bool>()?))
    })?;
    let is_all = (front.len() as u64) < IN_FRONT.unsigned_abs();
    Ok(match front.into_iter().find(|(_, may_go)| *may_go) {
        Some((seq, _)) => Front::Found(seq),
        None if is_all => Front::AllThereIs,
        None => Front::Held,
    })
}

/// The first of the first tasks of each plan that may go: what stands in line for held plans is never walked through.
fn by_plan(reading: &Reading<'_>, lane: i64, engine: EngineKind) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT first.seq
         FROM plans p INDEXED BY plans_to_launch
              CROSS JOIN tasks first ON first.seq = (SELECT t.seq FROM tasks t INDEXED BY tasks_in_line_by_plan
                                                     WHERE t.plan = p.seq AND t.state = 0 ORDER BY t.place LIMIT 1)
         WHERE p.lane = ?1 AND p.queued > 0 AND p.pause IS NULL AND {IS_MANAGED} = ?2
         ORDER BY first.place LIMIT 1"
    );
    reading.maybe(&sql, params![lane, engine == EngineKind::Managed], only)
}

/// The tasks of a plan in any of `states`; none stands for all.
pub(super) fn ids(reading: &Reading<'_>, plan: PlanId, states: &[State]) -> Result<Vec<TaskId>> {
    let Some(plan) = plans::number(reading, plan)? else { return Ok(Vec::new()) };
    let states = if states.is_empty() { &State::ALL } else { states };
    let places = vec!["?"; states.len()].join(", ");
    let sql = format!("SELECT id FROM tasks WHERE plan = ? AND state IN ({places}) ORDER BY seq");
    let values = std::iter::once(plan).chain(states.iter().map(|state| code(*state)));
    reading.all(&sql, params_from_iter(values), |columns| Ok(TaskId(columns.take::<Id>()?.0)))
}

/// The log groups of a plan, in the order their first tasks were queued.
pub(super) fn groups_of(reading: &Reading<'_>, plan: PlanId) -> Result<Vec<LogGroupName>> {
    let Some(plan) = plans::number(reading, plan)? else { return Ok(Vec::new()) };
    let sql = "SELECT g.name FROM (SELECT log_group, min(seq) AS first FROM tasks WHERE plan = ?1 GROUP BY log_group) t
                    CROSS JOIN log_groups g ON g.seq = t.log_group
               ORDER BY t.first";
    reading.all(sql, [plan], |columns| columns.parsed(LogGroupName::parse))
}

/// How many a person is offered to choose from.
const HANDFUL: i64 = 10;

/// The tasks whose id's text begins with `start`.
pub(super) fn tasks_beginning(reading: &Reading<'_>, start: &str) -> Result<Vec<TaskId>> {
    let Some((low, high)) = id_range(start) else { return Ok(Vec::new()) };
    let sql = "SELECT id FROM tasks WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3";
    reading.all(sql, params![low.as_slice(), high.as_slice(), HANDFUL], |columns| Ok(TaskId(columns.take::<Id>()?.0)))
}

/// The plans whose id's text begins with `start`, or whose name it is, the newest first.
pub(super) fn plans_beginning(reading: &Reading<'_>, start: &str) -> Result<Vec<PlanId>> {
    let sql = "SELECT id FROM plans WHERE name = ?1 OR id BETWEEN ?2 AND ?3 ORDER BY seq DESC LIMIT ?4";
    // No id is shorter than another: from the highest to the lowest there is none.
    let (low, high) = id_range(start).unwrap_or(([0xff; 16], [0; 16]));
    let values = params![start, low.as_slice(), high.as_slice(), HANDFUL];
    reading.all(sql, values, |columns| Ok(PlanId(columns.take::<Id>()?.0)))
}

/// The lowest and the highest id whose text begins with `start`; `None` if no id's does.
fn id_range(start: &str) -> Option<([u8; 16], [u8; 16])> {
    /// Where an id's text has its hyphens.
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let (mut low, mut high, mut digits) = ([0; 16], [0xff; 16], 0);
    for (at, letter) in start.chars().enumerate() {
        if HYPHENS.contains(&at) {
            (letter == '-').then_some(())?;
            continue;
        }
        let digit = u8::try_from(letter.to_digit(16)?).ok()?;
        let (byte, shift) = (digits / 2, if digits % 2 == 0 { 4 } else { 0 });
        let (lowest, highest) = (low.get_mut(byte)?, high.get_mut(byte)?);
        *lowest |= digit << shift;
        *highest &= !(0x0f << shift) | (digit << shift);
        digits += 1;
    }
    Some((low, high))
}

/// The destination of an incremental export.
pub(super) struct Destination {
    pub store: Store,
    pub template: Option<Template>,
    pub stream_prefix: Option<StreamPrefix>,
    pub engines: [Engine; 2],
}

/// What is known of every task of a log group to one destination, by the start of their windows.
pub(super) fn windows(
    reading: &Reading<'_>,
    lane: &Lane,
    group: &LogGroupName,
    to: &Destination,
) -> Result<Vec<Known>> {
    let Some(lane) = lanes::number(reading, lane)? else { return Ok(Vec::new()) };
    let sql = "SELECT t.window_from, t.window_to, t.state, t.accepted
               FROM log_groups g
                    CROSS JOIN tasks t INDEXED BY tasks_of_group ON t.log_group = g.seq
                    CROSS JOIN plans p ON p.seq = t.plan
               WHERE g.name = ?1 AND t.lane = ?2 AND t.bucket = ?3 AND p.template IS ?4 AND t.stream_prefix IS ?5
                     AND p.engine IN (?6, ?7)
               ORDER BY t.window_from, t.window_to, t.seq";
    let values = params![
        group.as_str(),
        lane,
        to.store.as_str(),
        to.template.as_ref().map(Template::as_str),
        to.stream_prefix.as_ref().map(StreamPrefix::as_str),
        Json(&to.engines[0]),
        Json(&to.engines[1]),
    ];
    reading.all(sql, values, |columns| {
        Ok(Known { window: columns.range()?, state: columns.take::<Code>()?.0, accepted: columns.maybe_at()? })
    })
}

/// How many tasks a lane's pace is taken from: enough to be steady, few enough to follow a change.
const PACED: i64 = 50;

/// How quickly a lane got through the managed tasks it completed last.
pub(super) fn pace(reading: &Reading<'_>, lane: &Lane) -> Result<Pace> {
    let Some(lane) = lanes::number(reading, lane)? else { return Ok(Pace::default()) };
    let sql = format!(
        "SELECT t.accepted, t.ended FROM tasks t INDEXED BY tasks_completed CROSS JOIN plans p ON p.seq = t.plan
         WHERE t.lane = ?1 AND t.state = 5 AND t.accepted IS NOT NULL AND {IS_MANAGED}
         ORDER BY t.ended DESC LIMIT ?2"
    );
    let spans = reading.all(&sql, [lane, PACED], |columns| {
        let (At(accepted), At(ended)) = (columns.take()?, columns.take()?);
        Ok(ended.since(accepted))
    })?;
    let tasks = u32::try_from(spans.len()).unwrap_or(u32::MAX);
    Ok(Pace { tasks, busy: spans.into_iter().sum::<Duration>() })
}
