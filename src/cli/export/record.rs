//! What `logferry export --json` writes of a plan: one of these a line. README documents every key; scripts depend on them.

use serde::Serialize;

use super::request::Request;
use crate::cli::advice::{advice, statement};
use crate::cli::follow::record::{EngineRecord, Window};
use crate::domain::names::{LogGroupName, PlanName};
use crate::domain::place::Lane;
use crate::domain::plan::PlannedTask;
use crate::domain::preflight::Item;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::store::Store;
use crate::domain::template::Template;
use crate::domain::when::{Epoch, Reading};

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Record<'a> {
    /// First of all: what was understood.
    Plan(Plan<'a>),
    /// What a check found that warns or blocks.
    Finding(Finding<'a>),
    /// A task that was queued, or would be launched by what a dry run shows.
    Task(Planned<'a>),
    /// The plan is in the queue.
    Queued(Queued<'a>),
}

#[derive(Serialize)]
pub struct Plan<'a> {
    account: &'a str,
    region: &'a str,
    #[serde(flatten)]
    window: Window,
    from_read_as: Option<&'static str>,
    to_read_as: Option<&'static str>,
    timezone: &'static str,
    split: &'static str,
    log_groups: usize,
    windows: usize,
    tasks: usize,
    bucket: &'a str,
    prefix: Option<&'a str>,
    incomplete_after: Option<String>,
    #[serde(flatten)]
    engine: EngineRecord<'a>,
    since_last: bool,
    dry_run: bool,
}

#[derive(Serialize)]
pub struct Finding<'a> {
    check: &'static str,
    verdict: &'static str,
    reason: &'a str,
    remedy: Option<String>,
    statement: Option<serde_json::Value>,
    log_groups: Vec<&'a str>,
}

#[derive(Serialize)]
pub struct Planned<'a> {
    task: Option<String>,
    log_group: &'a str,
    #[serde(flatten)]
    window: Window,
    bucket: &'a str,
    key: &'a str,
}

#[derive(Serialize)]
pub struct Queued<'a> {
    plan: String,
    name: Option<&'a str>,
    tasks: usize,
}

impl<'a> Record<'a> {
    /// What was understood of `request`.
    pub fn plan(request: &'a Request, lane: &'a Lane, size: super::Size) -> Self {
        let plan = &request.plan;
        let read_as = |reading: Reading| reading.digits.map(Epoch::words);
        Self::Plan(Plan {
            account: &lane.account.0,
            region: &lane.region.0,
            window: plan.range.into(),
            from_read_as: request.from.and_then(read_as),
            to_read_as: read_as(request.to),
            timezone: plan.zone.name(),
            split: plan.split.word(),
            log_groups: size.groups,
            windows: size.windows,
            tasks: size.tasks,
            bucket: plan.store.as_str(),
            prefix: plan.template.as_ref().map(Template::as_str),
            incomplete_after: request.incomplete_after().map(|at| at.to_string()),
            engine: EngineRecord::of(&plan.engine),
            since_last: request.since_last,
            dry_run: request.is_dry_run(),
        })
    }

    /// What was found of an export into `store`.
    pub fn finding(Item { finding, groups }: &'a Item, store: &Store) -> Self {
        Self::Finding(Finding {
            check: finding.check.word(),
            verdict: finding.verdict.word(),
            reason: &finding.reason,
            remedy: finding.remedy.as_ref().map(|remedy| advice(remedy, store.as_str())),
            statement: statement(finding),
            log_groups: groups.iter().map(LogGroupName::as_str).collect(),
        })
    }

    /// A task with the key its first object will have; of a dry run it has no id, because it will never be.
    pub fn planned(task: &'a PlannedTask, key: &'a str, dry_run: bool) -> Self {
        let spec = &task.spec;
        Self::Task(Planned {
            task: (!dry_run).then(|| task.id.to_string()),
            log_group: spec.group.as_str(),
            window: spec.window.into(),
            bucket: spec.destination.store.as_str(),
            key,
        })
    }

    /// The plan is in the queue.
    pub fn queued(plan: &'a QueuedPlan, tasks: usize) -> Self {
        let name = plan.name.as_ref().map(PlanName::as_str);
        Self::Queued(Queued { plan: plan.id.to_string(), name, tasks })
    }
}
