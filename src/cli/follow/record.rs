//! What is written of followed tasks with `--json`: one of these a line. README documents every key; scripts depend on
//! them.

use serde::Serialize;

use super::plain;
use super::summary::{Cause, Summary};
use crate::domain::direct::headway::{Bound, Headway, PerSecond, Share};
use crate::domain::direct::telling::Telling;
use crate::domain::engine::{Engine, EngineKind};
use crate::domain::names::FilterPattern;
use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::domain::time::TimeRange;
use crate::export::Transition;

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Record<'a> {
    /// A task moved.
    Transition(Moved<'a>),
    /// How far a direct export has come.
    Progress(Told<'a>),
    /// Last of all.
    Summary(Ended<'a>),
}

/// An engine and its choices, as every record has it.
#[derive(Serialize)]
pub struct EngineRecord<'a> {
    engine: &'static str,
    format: &'static str,
    filter_pattern: Option<&'a str>,
}

impl<'a> EngineRecord<'a> {
    /// Of `engine`.
    pub fn of(engine: &'a Engine) -> Self {
        let direct = engine.direct();
        Self {
            engine: engine.kind().word(),
            format: direct.map(|direct| direct.format).unwrap_or_default().word(),
            filter_pattern: direct.and_then(|direct| direct.pattern.as_ref()).map(FilterPattern::as_str),
        }
    }
}

/// A range as every record has it.
#[derive(Serialize)]
pub struct Window {
    from: String,
    to: String,
    from_ms: i64,
    to_ms: i64,
}

#[derive(Serialize)]
pub struct Moved<'a> {
    at: String,
    task: String,
    plan: String,
    account: &'a str,
    region: &'a str,
    log_group: &'a str,
    #[serde(flatten)]
    window: Window,
    before: String,
    state: String,
    remark: &'a str,
    attempt: u32,
    remote_id: Option<&'a str>,
    bucket: &'a str,
    folder: Option<String>,
    objects: u64,
    bytes: u64,
}

#[derive(Serialize)]
pub struct Told<'a> {
    at: String,
    task: String,
    plan: String,
    account: &'a str,
    region: &'a str,
    log_group: &'a str,
    #[serde(flatten)]
    window: Window,
    #[serde(flatten)]
    headway: HeadwayRecord,
    events_per_second: Option<u64>,
    seconds_left: Option<u64>,
}

/// Counters of a direct export, as every record has them.
#[derive(Serialize)]
pub struct HeadwayRecord {
    events: u64,
    raw_bytes: u64,
    uploaded_bytes: u64,
    streams_done: u64,
    streams_known: u64,
    all_streams_known: bool,
    over_time: bool,
    percent_read: Option<u32>,
    held_up_by: Option<&'static str>,
    requests_per_second: Option<f64>,
    quota_per_second: Option<f64>,
}

impl From<&Headway> for HeadwayRecord {
    fn from(headway: &Headway) -> Self {
        let (held_up_by, sent, quota) = match headway.bound {
            None => (None, None, None),
            Some(Bound::Quota { call, sent, quota }) => (Some(call.name()), Some(sent), quota),
            Some(Bound::Upload) => (Some("upload"), None, None),
            Some(Bound::Packing) => (Some("packing"), None, None),
            Some(Bound::Answers) => (Some("answers"), None, None),
        };
        Self {
            events: headway.events,
            raw_bytes: headway.raw.0,
            uploaded_bytes: headway.uploaded.0,
            streams_done: headway.streams_done,
            streams_known: headway.streams_known,
            all_streams_known: headway.all_known,
            over_time: headway.over_time,
            percent_read: headway.read.map(Share::percent),
            held_up_by,
            requests_per_second: sent.map(PerSecond::value),
            quota_per_second: quota.map(PerSecond::value),
        }
    }
}

#[derive(Serialize)]
pub struct Ended<'a> {
    tasks: usize,
    completed: usize,
    empty: usize,
    unchecked: usize,
    failed: usize,
    cancelled: usize,
    still_queued: u64,
    objects: u64,
    bytes: u64,
    causes: Vec<Why>,
    in_aws: Vec<GoesOn<'a>>,
    put_down: Vec<GoesOn<'a>>,
    paused: Vec<Held>,
    paused_lanes: Vec<HeldLane<'a>>,
    lanes_unreached: usize,
    interrupted_by: Option<&'static str>,
    exit_code: u8,
}

#[derive(Serialize)]
struct Why {
    cause: &'static str,
    remedy: String,
    aws_said: Option<String>,
    tasks: usize,
    log_groups: Vec<String>,
}

#[derive(Serialize)]
struct GoesOn<'a> {
    task: String,
    remote_id: Option<&'a str>,
    log_group: &'a str,
}

#[derive(Serialize)]
struct Held {
    plan: String,
    why: Option<String>,
    tasks: u64,
}

#[derive(Serialize)]
struct HeldLane<'a> {
    account: &'a str,
    region: &'a str,
    endpoint: Option<&'a str>,
}

impl From<TimeRange> for Window {
    fn from(range: TimeRange) -> Self {
        let (from, to) = (range.from(), range.to());
        Self { from: from.to_string(), to: to.to_string(), from_ms: from.millis(), to_ms: to.millis() }
    }
}

impl<'a> Record<'a> {
    /// A transition.
    pub fn moved(Transition { before, moment, task }: &'a Transition) -> Self {
        let spec = &task.spec;
        // Told late, the task may have come further: what waits for AWS has no id there yet.
        let remote = task.remote.as_ref().filter(|_| !matches!(moment.state, State::Queued | State::Launching));
        Self::Transition(Moved {
            at: moment.at.to_string(),
            task: task.id.to_string(),
            plan: task.plan.to_string(),
            account: &task.lane.account.0,
            region: &task.lane.region.0,
            log_group: spec.group.as_str(),
            window: spec.window.into(),
            before: before.word().to_lowercase(),
            state: moment.state.word().to_lowercase(),
            remark: &moment.remark,
            attempt: task.attempt,
            remote_id: remote.map(|remote| remote.0.as_str()),
            bucket: spec.destination.store.as_str(),
            folder: remote.map(|remote| spec.destination.folder(remote)),
            objects: task.landed.objects,
            bytes: task.landed.bytes.0,
        })
    }

    /// How far a direct export has come.
    pub fn progress(task: &'a Task, telling: Telling<'_>) -> Self {
        Self::Progress(Told {
            at: telling.now.to_string(),
            task: task.id.to_string(),
            plan: task.plan.to_string(),
            account: &task.lane.account.0,
            region: &task.lane.region.0,
            log_group: task.spec.group.as_str(),
            window: task.spec.window.into(),
            headway: telling.headway.into(),
            events_per_second: telling.speed.and_then(|speed| speed.per_second(telling.now)),
            seconds_left: telling.speed.and_then(|speed| speed.left(telling.now)).map(|left| left.as_secs()),
        })
    }

    /// The end.
    pub fn summary(summary: &'a Summary) -> Self {
        let (tally, landed) = (summary.tally, summary.landed());
        Self::Summary(Ended {
            tasks: summary.tasks(),
            completed: tally.completed,
            empty: tally.empty,
            unchecked: tally.unchecked,
            failed: tally.failed,
            cancelled: tally.cancelled,
            still_queued: summary.still_queued,
            objects: landed.objects,
            bytes: landed.bytes.0,
            causes: summary.causes().into_iter().map(Why::from).collect(),
            in_aws: active(summary, EngineKind::Managed),
            put_down: active(summary, EngineKind::Direct),
            paused: summary.paused.iter().map(|plan| held(plan)).collect(),
            paused_lanes: summary.paused_lanes.iter().map(|lane| held_lane(lane)).collect(),
            lanes_unreached: summary.unreached,
            interrupted_by: summary.interrupted.map(|ended| ended.name),
            exit_code: summary.exit_code(),
        })
    }
}

impl From<Cause> for Why {
    fn from(cause: Cause) -> Self {
        let Cause { words, remedy, said, tasks, groups } = cause;
        Self { cause: words, remedy, aws_said: said, tasks, log_groups: groups }
    }
}

/// What has not ended, by its engine.
fn active(summary: &Summary, engine: EngineKind) -> Vec<GoesOn<'_>> {
    let of_it = summary.active.iter().filter(|task| task.spec.engine.kind() == engine);
    of_it.map(|task| goes_on(task)).collect()
}

fn goes_on(task: &Task) -> GoesOn<'_> {
    GoesOn { task: task.id.to_string(), remote_id: remote(task), log_group: task.spec.group.as_str() }
}

fn held(plan: &QueuedPlan) -> Held {
    Held { plan: plan.id.to_string(), why: plan.pause.as_ref().map(plain::pause), tasks: plan.counts.queued }
}

fn held_lane(lane: &Lane) -> HeldLane<'_> {
    HeldLane { account: &lane.account.0, region: &lane.region.0, endpoint: lane.endpoint.as_deref() }
}

/// AWS's id of a task, once known.
pub fn remote(task: &Task) -> Option<&str> {
    task.remote.as_ref().map(|remote| remote.0.as_str())
}
