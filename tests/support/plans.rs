//! Plans made of tasks, where a test has tasks in mind and no plan.

use std::sync::Arc;
use std::time::SystemTime;

use logferry::domain::names::{PlanId, TaskId};
use logferry::domain::place::Lane;
use logferry::domain::plan::{Plan, PlannedTask};
use logferry::domain::queued_plan::QueuedPlan;
use logferry::domain::split::Split;
use logferry::domain::task::TaskSpec;
use logferry::domain::time::{Timestamp, Zone};
use uuid::Uuid;

/// A plan of just these tasks, of which there must be one.
pub fn plan_of(lane: Lane, specs: Vec<TaskSpec>) -> (QueuedPlan, Vec<PlannedTask>) {
    let first = specs.first().expect("a task");
    let plan = Plan {
        name: None,
        groups: specs.iter().map(|spec| spec.group.clone()).collect(),
        range: first.window,
        split: Split::None,
        zone: Zone::Utc,
        store: first.destination.store.clone(),
        template: None,
        stream_prefix: None,
        label: None,
        preflight: first.preflight,
        engine: first.engine.clone(),
    };
    let now = Timestamp::from(SystemTime::now());
    let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane), &plan, specs.len() as u64, now);
    (queued, specs.into_iter().map(|spec| PlannedTask { id: TaskId(Uuid::now_v7()), spec }).collect())
}
