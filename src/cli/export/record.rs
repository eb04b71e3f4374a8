//! What `logferry export --json` writes: one of these a line. README documents every key; scripts depend on them.

use serde::Serialize;

use super::request::Request;
use super::summary::{Cause, Summary};
use crate::domain::place::Lane;
use crate::domain::plan::PlannedTask;
use crate::domain::task::Task;
use crate::domain::template::Template;
use crate::domain::time::TimeRange;
use crate::domain::when::{Epoch, Reading};
use crate::export::Transition;

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Record<'a> {
    /// First of all: what was understood.
    Plan(Plan<'a>),
    /// Of a dry run: a task that would be launched.
    Task(Planned<'a>),
    /// A task moved.
    Transition(Moved<'a>),
    /// Last of all.
    Summary(Ended<'a>),
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
    dry_run: bool,
}

#[derive(Serialize)]
struct Window {
    from: String,
    to: String,
    from_ms: i64,
    to_ms: i64,
}

#[derive(Serialize)]
pub struct Planned<'a> {
    log_group: &'a str,
    #[serde(flatten)]
    window: Window,
    bucket: &'a str,
    key: &'a str,
}

#[derive(Serialize)]
pub struct Moved<'a> {
    at: String,
    task: String,
    log_group: &'a str,
    #[serde(flatten)]
    window: Window,
    before: String,
    state: String,
    remark: &'a str,
    remote_id: Option<&'a str>,
    bucket: &'a str,
    folder: Option<String>,
    objects: u64,
    bytes: u64,
}

#[derive(Serialize)]
pub struct Ended<'a> {
    tasks: usize,
    completed: usize,
    empty: usize,
    unchecked: usize,
    failed: usize,
    cancelled: usize,
    never_launched: usize,
    objects: u64,
    bytes: u64,
    causes: Vec<Why<'a>>,
    in_aws: Vec<GoesOn<'a>>,
    interrupted_by: Option<&'static str>,
    exit_code: u8,
}

#[derive(Serialize)]
struct Why<'a> {
    cause: &'a str,
    remedy: &'a str,
    aws_said: Option<&'a str>,
    tasks: usize,
    log_groups: &'a [String],
}

#[derive(Serialize)]
struct GoesOn<'a> {
    task: String,
    remote_id: Option<&'a str>,
    log_group: &'a str,
}

impl From<TimeRange> for Window {
    fn from(range: TimeRange) -> Self {
        let (from, to) = (range.from(), range.to());
        Self { from: from.to_string(), to: to.to_string(), from_ms: from.millis(), to_ms: to.millis() }
    }
}

impl<'a> Record<'a> {
    /// What was understood of `request`.
    pub fn plan(request: &'a Request, lane: &'a Lane, windows: usize, tasks: usize) -> Self {
        let plan = &request.plan;
        let read_as = |reading: Reading| reading.digits.map(Epoch::words);
        Self::Plan(Plan {
            account: &lane.account.0,
            region: &lane.region.0,
            window: plan.range.into(),
            from_read_as: read_as(request.from),
            to_read_as: read_as(request.to),
            timezone: plan.zone.name(),
            split: plan.split.word(),
            log_groups: tasks.checked_div(windows).unwrap_or(0),
            windows,
            tasks,
            bucket: plan.bucket.as_str(),
            prefix: plan.template.as_ref().map(Template::as_str),
            incomplete_after: plan.range.past_availability(request.now).map(|at| at.to_string()),
            dry_run: request.dry_run,
        })
    }

    /// A task of a dry run, with the key its first object would have.
    pub fn planned(task: &'a PlannedTask, key: &'a str) -> Self {
        let spec = &task.spec;
        Self::Task(Planned {
            log_group: spec.group.as_str(),
            window: spec.window.into(),
            bucket: spec.destination.bucket.as_str(),
            key,
        })
    }

    /// A transition.
    pub fn moved(Transition { before, moment, task }: &'a Transition) -> Self {
        let spec = &task.spec;
        Self::Transition(Moved {
            at: moment.at.to_string(),
            task: task.id.to_string(),
            log_group: spec.group.as_str(),
            window: spec.window.into(),
            before: before.word().to_lowercase(),
            state: moment.state.word().to_lowercase(),
            remark: &moment.remark,
            remote_id: remote(task),
            bucket: spec.destination.bucket.as_str(),
            folder: task.remote.as_ref().map(|remote| spec.destination.folder(remote)),
            objects: task.landed.objects,
            bytes: task.landed.bytes.0,
        })
    }

    /// The end.
    pub fn summary(summary: &'a Summary) -> Self {
        Self::Summary(Ended {
            tasks: summary.tasks,
            completed: summary.completed,
            empty: summary.empty,
            unchecked: summary.unchecked,
            failed: summary.failed,
            cancelled: summary.cancelled,
            never_launched: summary.never_launched(),
            objects: summary.landed.objects,
            bytes: summary.landed.bytes.0,
            causes: summary.causes.iter().map(why).collect(),
            in_aws: summary.in_aws.iter().map(|task| goes_on(task)).collect(),
            interrupted_by: summary.interrupted.map(|ended| ended.name),
            exit_code: summary.exit_code(),
        })
    }
}

fn why(cause: &Cause) -> Why<'_> {
    Why {
        cause: cause.words,
        remedy: &cause.remedy,
        aws_said: cause.said.as_deref(),
        tasks: cause.tasks,
        log_groups: &cause.groups,
    }
}

fn goes_on(task: &Task) -> GoesOn<'_> {
    GoesOn { task: task.id.to_string(), remote_id: remote(task), log_group: task.spec.group.as_str() }
}

fn remote(task: &Task) -> Option<&str> {
    task.remote.as_ref().map(|remote| remote.0.as_str())
}
