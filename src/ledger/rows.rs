//! Whole rows: tasks and plans as the domain knows them.

use rusqlite::Result;

use super::codec::{Amount, At, Code, Columns, Id, Json};
use super::transaction::Reading;
use crate::domain::engine::Engine;
use crate::domain::layout::Destination;
use crate::domain::names::{DestinationPrefix, Label, LogGroupName, PlanId, PlanName, RemoteId};
use crate::domain::names::{StreamPrefix, TaskId};
use crate::domain::preflight::Preflight;
use crate::domain::queued_plan::{Counts, QueuedPlan};
use crate::domain::split::Split;
use crate::domain::store::Store;
use crate::domain::task::{Moment, Task, TaskSpec};
use crate::domain::template::Template;
use crate::domain::zone::Zone;

/// A task with the number its plan goes by.
pub(super) struct Stored {
    pub plan: i64,
    pub task: Task,
}

/// The query for [`task`]: the one of that number.
pub(super) const TASK: &str = "
    SELECT t.plan, t.id, p.id, t.lane,
           g.name, t.window_from, t.window_to, t.bucket, t.prefix, t.stream_prefix, t.label, p.preflight, p.engine,
           t.state, t.place, t.wait, t.attempt, t.doubt, t.remote, t.objects, t.bytes, t.counted,
           t.problem, t.uncounted, t.queued, t.accepted, t.ended, t.headway
    FROM tasks t JOIN plans p ON p.seq = t.plan JOIN log_groups g ON g.seq = t.log_group
    WHERE t.seq = ?1";

/// Reads what [`TASK`] selects. The timeline has its first line alone.
pub(super) fn task(reading: &Reading<'_>, columns: &mut Columns<'_, '_>) -> Result<Stored> {
    let plan = columns.take()?;
    let (Id(id), Id(plan_id)) = (columns.take()?, columns.take()?);
    let lane = reading.lane(columns.take()?)?;
    let spec = spec(columns)?;
    let Code(state) = columns.take()?;
    let task = Task {
        id: TaskId(id),
        plan: PlanId(plan_id),
        lane,
        spec,
        state,
        place: columns.take()?,
        wait: columns.maybe_json()?,
        attempt: columns.take()?,
        doubt: columns.maybe_at()?,
        remote: columns.take::<Option<String>>()?.map(RemoteId),
        landed: columns.landed()?,
        counted: columns.take()?,
        problem: columns.maybe_json()?,
        uncounted: columns.maybe_json()?,
        queued: columns.take::<At>()?.0,
        accepted: columns.maybe_at()?,
        ended: columns.maybe_at()?,
        headway: columns.maybe_json()?,
        timeline: Vec::new(),
    };
    let timeline = vec![Moment::queued(task.queued)];
    Ok(Stored { plan, task: Task { timeline, ..task } })
}

fn spec(columns: &mut Columns<'_, '_>) -> Result<TaskSpec> {
    Ok(TaskSpec {
        group: columns.parsed(LogGroupName::parse)?,
        window: columns.range()?,
        destination: Destination {
            store: columns.parsed(Store::stored)?,
            prefix: columns.maybe_parsed(DestinationPrefix::parse)?,
        },
        stream_prefix: columns.maybe_parsed(StreamPrefix::parse)?,
        label: columns.maybe_parsed(Label::parse)?,
        preflight: columns.parsed(Preflight::parse)?,
        engine: columns.take::<Json<Engine>>()?.0,
    })
}

/// A query for [`plan`]; `which` begins after `FROM plans p`.
pub(super) fn select_plans(which: &str) -> String {
    format!(
        "SELECT p.id, p.lane, p.queued_at, p.name, p.range_from, p.range_to, p.split, p.zone, p.bucket, p.template,
                p.stream_prefix, p.label, p.preflight, p.engine, p.log_groups, p.pause,
                p.queued, p.active, p.completed, p.empty, p.failed, p.cancelled, p.objects, p.bytes
         FROM plans p {which}"
    )
}

/// Reads what [`select_plans`] selects.
pub(super) fn plan(reading: &Reading<'_>, columns: &mut Columns<'_, '_>) -> Result<QueuedPlan> {
    Ok(QueuedPlan {
        id: PlanId(columns.take::<Id>()?.0),
        lane: reading.lane(columns.take()?)?,
        queued: columns.take::<At>()?.0,
        name: columns.maybe_parsed(PlanName::parse)?,
        range: columns.range()?,
        split: columns.parsed(Split::parse)?,
        zone: columns.parsed(Zone::parse)?,
        store: columns.parsed(Store::stored)?,
        template: columns.maybe_parsed(Template::parse)?,
        stream_prefix: columns.maybe_parsed(StreamPrefix::parse)?,
        label: columns.maybe_parsed(Label::parse)?,
        preflight: columns.parsed(Preflight::parse)?,
        engine: columns.take::<Json<Engine>>()?.0,
        groups: columns.take()?,
        pause: columns.maybe_json()?,
        counts: counts(columns)?,
        landed: columns.landed()?,
    })
}

/// Reads the six counts of a plan.
pub(super) fn counts(columns: &mut Columns<'_, '_>) -> Result<Counts> {
    let mut next = || Ok::<u64, rusqlite::Error>(columns.take::<Amount>()?.0);
    Ok(Counts {
        queued: next()?,
        active: next()?,
        completed: next()?,
        empty: next()?,
        failed: next()?,
        cancelled: next()?,
    })
}
