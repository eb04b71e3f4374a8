//! A task and a plan as JSON objects. README documents every key; scripts depend on them.

use serde::Serialize;

use crate::cli::follow::plain::pause;
use crate::cli::follow::record::{EngineRecord, HeadwayRecord, Window, remote};
use crate::cli::follow::wait_words;
use crate::cli::outcome::remedy;
use crate::domain::names::{DestinationPrefix, Label, PlanName, StreamPrefix};
use crate::domain::problem::Problem;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{Moment, Task};
use crate::domain::template::Template;
use crate::domain::time::Timestamp;

/// A task.
#[derive(Serialize)]
pub struct TaskRecord<'a> {
    task: String,
    plan: String,
    account: &'a str,
    region: &'a str,
    endpoint: Option<&'a str>,
    log_group: &'a str,
    #[serde(flatten)]
    window: Window,
    state: String,
    empty: bool,
    waiting: Option<String>,
    attempt: u32,
    remote_id: Option<&'a str>,
    bucket: &'a str,
    prefix: Option<&'a str>,
    #[serde(flatten)]
    engine: EngineRecord<'a>,
    folder: Option<String>,
    stream_prefix: Option<&'a str>,
    name: Option<&'a str>,
    objects: u64,
    bytes: u64,
    counted: bool,
    events: Option<u64>,
    progress: Option<HeadwayRecord>,
    queued_at: String,
    accepted_at: Option<String>,
    ended_at: Option<String>,
    problem: Option<ProblemRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<Vec<MomentRecord<'a>>>,
}

#[derive(Serialize)]
struct ProblemRecord<'a> {
    operation: &'a str,
    resource: Option<&'a str>,
    region: Option<&'a str>,
    account: Option<&'a str>,
    cause: &'static str,
    remedy: String,
    code: Option<&'a str>,
    aws_said: Option<&'a str>,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct MomentRecord<'a> {
    at: String,
    state: String,
    remark: &'a str,
}

impl<'a> TaskRecord<'a> {
    /// For a list, and why it is held if something holds it.
    pub fn brief(task: &'a Task, held: Option<String>) -> Self {
        let spec = &task.spec;
        let shown = |at: Timestamp| at.to_string();
        Self {
            task: task.id.to_string(),
            plan: task.plan.to_string(),
            account: &task.lane.account.0,
            region: &task.lane.region.0,
            endpoint: task.lane.endpoint.as_deref(),
            log_group: spec.group.as_str(),
            window: spec.window.into(),
            state: task.state.word().to_lowercase(),
            empty: task.is_empty(),
            waiting: held.or_else(|| task.wait.as_ref().map(wait_words)),
            attempt: task.attempt,
            remote_id: remote(task),
            bucket: spec.destination.store.as_str(),
            prefix: spec.destination.prefix.as_ref().map(DestinationPrefix::as_str),
            engine: EngineRecord::of(&spec.engine),
            folder: task.remote.as_ref().map(|remote| spec.destination.folder(remote)),
            stream_prefix: spec.stream_prefix.as_ref().map(StreamPrefix::as_str),
            name: spec.label.as_ref().map(Label::as_str),
            objects: task.landed.objects,
            bytes: task.landed.bytes.0,
            counted: task.counted,
            events: task.headway.map(|headway| headway.events),
            progress: task.headway.as_ref().map(HeadwayRecord::from),
            queued_at: shown(task.queued),
            accepted_at: task.accepted.map(shown),
            ended_at: task.ended.map(shown),
            problem: task.problem.as_ref().or(task.uncounted.as_ref()).map(ProblemRecord::from),
            timeline: None,
        }
    }

    /// With its timeline.
    pub fn whole(task: &'a Task, held: Option<String>) -> Self {
        let timeline = task.timeline.iter().map(MomentRecord::from).collect();
        Self { timeline: Some(timeline), ..Self::brief(task, held) }
    }
}

impl<'a> From<&'a Problem> for ProblemRecord<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self {
            operation: &problem.operation,
            resource: problem.resource.as_deref(),
            region: problem.region.as_deref(),
            account: problem.context.account.as_deref(),
            cause: problem.explain().cause,
            remedy: remedy(problem),
            code: problem.code.as_deref(),
            aws_said: problem.message.as_deref(),
            request_id: problem.request_id.as_deref(),
        }
    }
}

impl<'a> From<&'a Moment> for MomentRecord<'a> {
    fn from(moment: &'a Moment) -> Self {
        let state = moment.state.word().to_lowercase();
        Self { at: moment.at.to_string(), state, remark: &moment.remark }
    }
}

/// A plan.
#[derive(Serialize)]
pub struct PlanRecord<'a> {
    plan: String,
    name: Option<&'a str>,
    account: &'a str,
    region: &'a str,
    #[serde(flatten)]
    window: Window,
    split: &'static str,
    timezone: &'static str,
    bucket: &'a str,
    prefix: Option<&'a str>,
    log_groups: u32,
    queued_at: String,
    paused: Option<String>,
    tasks: u64,
    queued: u64,
    active: u64,
    completed: u64,
    empty: u64,
    failed: u64,
    cancelled: u64,
    objects: u64,
    bytes: u64,
}

impl<'a> From<&'a QueuedPlan> for PlanRecord<'a> {
    fn from(plan: &'a QueuedPlan) -> Self {
        let counts = plan.counts;
        Self {
            plan: plan.id.to_string(),
            name: plan.name.as_ref().map(PlanName::as_str),
            account: &plan.lane.account.0,
            region: &plan.lane.region.0,
            window: plan.range.into(),
            split: plan.split.word(),
            timezone: plan.zone.name(),
            bucket: plan.store.as_str(),
            prefix: plan.template.as_ref().map(Template::as_str),
            log_groups: plan.groups,
            queued_at: plan.queued.to_string(),
            paused: plan.pause.as_ref().map(pause),
            tasks: counts.total(),
            queued: counts.queued,
            active: counts.active,
            completed: counts.completed,
            empty: counts.empty,
            failed: counts.failed,
            cancelled: counts.cancelled,
            objects: plan.landed.objects,
            bytes: plan.landed.bytes.0,
        }
    }
}
