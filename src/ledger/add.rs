//! A plan and its tasks enter the queue.

use std::collections::HashMap;

use rusqlite::{Result, params};

use super::codec::{Amount, At, Code, Id, Json, only};
use super::error::Fault;
use super::lanes;
use super::transaction::{Reading, Writing};
use crate::domain::names::{DestinationPrefix, Label, LogGroupName, PlanName, StreamPrefix};
use crate::domain::plan::PlannedTask;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, TaskSpec, Wait};
use crate::domain::template::Template;
use crate::domain::time::{TimeRange, Timestamp};

/// Queues `tasks` as `plan`, unless the plan or one of the tasks is there already.
pub(super) fn add(writing: &mut Writing<'_>, plan: &QueuedPlan, tasks: &[PlannedTask]) -> Result<(), Fault> {
    if is_there(writing, plan, tasks)? {
        return Ok(());
    }
    let lane = lanes::number_or_new(writing, &plan.lane)?;
    let count = i64::try_from(tasks.len()).unwrap_or(i64::MAX);
    let first = take_places(writing, lane, count)?;
    let rows = Rows { lane, plan: insert_plan(writing, lane, plan, tasks)?, queued: plan.queued };
    let groups = intern_groups(writing, tasks)?;
    for (task, place) in tasks.iter().zip(first..) {
        rows.insert(writing, task, groups[&task.spec.group], place)?;
    }
    Ok(())
}

fn is_there(reading: &Reading<'_>, plan: &QueuedPlan, tasks: &[PlannedTask]) -> Result<bool> {
    if reading.one("SELECT EXISTS (SELECT 1 FROM plans WHERE id = ?1)", [Id(plan.id.0)], only)? {
        return Ok(true);
    }
    for task in tasks {
        if reading.one("SELECT EXISTS (SELECT 1 FROM tasks WHERE id = ?1)", [Id(task.id.0)], only)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes `count` places behind all that were ever given in a lane, and answers the first.
fn take_places(writing: &Writing<'_>, lane: i64, count: i64) -> Result<i64> {
    let sql = "UPDATE lanes SET high = high + ?2 WHERE seq = ?1 RETURNING high - ?2 + 1";
    writing.one(sql, [lane, count], only)
}

fn insert_plan(writing: &mut Writing<'_>, lane: i64, plan: &QueuedPlan, tasks: &[PlannedTask]) -> Result<i64> {
    let stamp = writing.stamp();
    writing.one(
        "INSERT INTO plans (id, lane, queued_at, name, range_from, range_to, split, zone, bucket, template,
                            stream_prefix, label, preflight, engine, log_groups, pause, queued, revision)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) RETURNING seq",
        params![
            Id(plan.id.0),
            lane,
            At(plan.queued),
            plan.name.as_ref().map(PlanName::as_str),
            At(plan.range.from()),
            At(plan.range.to()),
            plan.split.word(),
            plan.zone.name(),
            plan.store.as_str(),
            plan.template.as_ref().map(Template::as_str),
            plan.stream_prefix.as_ref().map(StreamPrefix::as_str),
            plan.label.as_ref().map(Label::as_str),
            plan.preflight.word(),
            Json(&plan.engine),
            plan.groups,
            plan.pause.as_ref().map(Json),
            Amount(tasks.len() as u64),
            stamp,
        ],
        only,
    )
}

/// The number of every log group in `tasks`; each learns of its longest window.
fn intern_groups<'t>(writing: &Writing<'_>, tasks: &'t [PlannedTask]) -> Result<HashMap<&'t LogGroupName, i64>> {
    let mut longest: HashMap<&LogGroupName, i64> = HashMap::new();
    for PlannedTask { spec, .. } in tasks {
        let span = longest.entry(&spec.group).or_default();
        *span = millis(spec.window).max(*span);
    }
    let sql = "INSERT INTO log_groups (name, longest) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET longest = max(longest, excluded.longest) RETURNING seq";
    longest
        .into_iter()
        .map(|(group, span)| Ok((group, writing.one(sql, params![group.as_str(), span], only)?)))
        .collect()
}

const fn millis(window: TimeRange) -> i64 {
    window.to().millis() - window.from().millis()
}

/// What the tasks of a plan have in common.
struct Rows {
    lane: i64,
    plan: i64,
    queued: Timestamp,
}

impl Rows {
    fn insert(&self, writing: &mut Writing<'_>, task: &PlannedTask, group: i64, place: i64) -> Result<()> {
        let TaskSpec { window, destination, stream_prefix, label, .. } = &task.spec;
        let stamp = writing.stamp();
        writing.run(
            "INSERT INTO tasks (id, plan, lane, log_group, window_from, window_to, bucket, prefix, stream_prefix,
                                label, state, place, wait, attempt, objects, bytes, counted, queued, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, 0, 0, 0, ?14, ?15)",
            params![
                Id(task.id.0),
                self.plan,
                self.lane,
                group,
                At(window.from()),
                At(window.to()),
                destination.store.as_str(),
                destination.prefix.as_ref().map(DestinationPrefix::as_str),
                stream_prefix.as_ref().map(StreamPrefix::as_str),
                label.as_ref().map(Label::as_str),
                Code(State::Queued),
                place,
                Json(Wait::Turn),
                At(self.queued),
                stamp,
            ],
        )?;
        Ok(())
    }
}
