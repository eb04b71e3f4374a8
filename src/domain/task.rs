//! A task: what is asked for, what engines report of it, and everything known. Its moves are in [`super::state`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::amount::Landed;
use super::direct::headway::Headway;
use super::engine::Engine;
use super::inventory::RemoteTask;
use super::layout::Destination;
use super::names::{Attempt, Label, LogGroupName, PlanId, RemoteId, StreamPrefix, TaskId};
use super::place::Lane;
use super::preflight::{Check, Preflight};
use super::problem::Problem;
pub use super::state::{Event, State};
use super::time::{TimeRange, Timestamp};

/// What a person asked for: one log group over one window into one destination.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaskSpec {
    /// Whose events.
    pub group: LogGroupName,
    /// Which events.
    pub window: TimeRange,
    /// Where to.
    pub destination: Destination,
    /// Only streams whose name begins with this.
    pub stream_prefix: Option<StreamPrefix>,
    /// The person's own label.
    pub label: Option<Label>,
    /// Which checks are made before it is launched.
    pub preflight: Preflight,
    /// Who moves the bytes.
    pub engine: Engine,
}

/// Who holds the slot a task waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The holder's remote id.
    pub remote: RemoteId,
    /// The log group it exports.
    pub group: String,
    /// Its taskName.
    pub name: Option<String>,
    /// When AWS accepted it.
    pub created: Option<Timestamp>,
}

impl From<RemoteTask> for Holder {
    fn from(task: RemoteTask) -> Self {
        Self { remote: task.id, group: task.group, name: task.name, created: task.created }
    }
}

/// Why a task that could move does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wait {
    /// Another task of ours is before it in the lane.
    Turn,
    /// The lane's slot is taken; by whom, if AWS tells.
    Slot(Option<Holder>),
    /// A call failed in a way that passes; the next try is at `until`.
    Retry {
        /// What failed.
        problem: Problem,
        /// When it is tried again.
        until: Timestamp,
    },
}

/// What an engine reports about a task. Small, complete in itself, harmless when repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The lane has taken it up and CreateExportTask is about to be called.
    Launching {
        /// The checks that warn of what may come of it.
        warned: Vec<Check>,
    },
    /// Not now: back to the queue.
    PutBack {
        /// Why.
        wait: Wait,
        /// Whether AWS may have it all the same: the reply to a launch was lost and the task was not found since.
        doubt: bool,
    },
    /// AWS has it, under this id.
    Accepted(RemoteId),
    /// AWS says RUNNING.
    Started,
    /// What lies in the bucket by now. A counter: no transition.
    Landed(Landed),
    /// How far a direct export has come, and what of it lies at the destination for good. Counters: no transition.
    Headway(Headway, Landed),
    /// Why nothing moves just now; the task stays where it is. No transition.
    Waiting(Wait),
    /// What has landed could not be counted. No transition.
    Uncounted(Problem),
    /// A look at the task succeeded: whatever was waited for is over. No transition.
    Seen,
    /// AWS says COMPLETED; what landed, counted after the end, or why it could not be counted.
    Completed(Result<Landed, Problem>),
    /// AWS says FAILED, or refuses for good.
    Failed {
        /// Why.
        problem: Problem,
        /// What lies in the bucket all the same, counted after the end; `None`: it could not be counted, or AWS never
        /// had the task.
        left: Option<Landed>,
    },
    /// A person asked to cancel.
    CancelAsked,
    /// AWS refused the cancel, and the task goes on.
    CancelRefused {
        /// Why.
        problem: Problem,
        /// Whether AWS was seen to be at work on it already.
        running: bool,
    },
    /// AWS says CANCELLED; what was left in the bucket, or why that could not be counted.
    Cancelled(Result<Landed, Problem>),
    /// A person wants it to be run again, as another attempt.
    Retry,
    /// AWS ended it as failed for a reason that passes: it is queued again by itself, as another attempt.
    Again(Problem),
}

impl Fact {
    /// A launch that no check warns of.
    pub const fn launching() -> Self {
        Self::Launching { warned: Vec::new() }
    }

    /// The move in the table this fact stands for; `None` for counters.
    pub const fn event(&self) -> Option<Event> {
        match self {
            Self::Launching { .. } => Some(Event::Launch),
            Self::PutBack { .. } => Some(Event::PutBack),
            Self::Accepted(_) => Some(Event::Accepted),
            Self::Started => Some(Event::Started),
            Self::Landed(_) | Self::Headway(..) | Self::Uncounted(_) | Self::Waiting(_) | Self::Seen => None,
            Self::Completed(_) => Some(Event::Finish),
            Self::Failed { .. } => Some(Event::Fail),
            Self::CancelAsked => Some(Event::AskCancel),
            Self::CancelRefused { running: false, .. } => Some(Event::StillPending),
            Self::CancelRefused { running: true, .. } => Some(Event::StillRunning),
            Self::Cancelled(_) => Some(Event::Cancel),
            Self::Retry => Some(Event::Retry),
            Self::Again(_) => Some(Event::Again),
        }
    }
}

/// One line of a task's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// The state from then on.
    pub state: State,
    /// What happened, as a sentence for people (untrusted parts in it: escape before it reaches a cell).
    pub remark: String,
}

/// A line of a task's timeline as it happened: what faces are told, in order and without loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub task: TaskId,
    /// The state it left.
    pub before: State,
    /// The line; its state is the one the task moved into.
    pub moment: Moment,
}

impl Moment {
    /// The first line of every timeline.
    pub fn queued(at: Timestamp) -> Self {
        Self { at, state: State::Queued, remark: "queued".to_owned() }
    }
}

/// A task and everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Our own id.
    pub id: TaskId,
    /// The plan it is part of.
    pub plan: PlanId,
    /// Where it runs.
    pub lane: Arc<Lane>,
    /// What was asked for.
    pub spec: TaskSpec,
    /// Where it stands.
    pub state: State,
    /// Its place in the lane's queue: the lowest is launched next. The ledger gives it.
    pub place: i64,
    /// Why it waits, while it does.
    pub wait: Option<Wait>,
    /// How often it was begun, this time included: 1 until it is run again.
    pub attempt: u32,
    /// Since when AWS may have this attempt without our knowing: it must be looked for before it is created.
    pub doubt: Option<Timestamp>,
    /// AWS's id, once known.
    pub remote: Option<RemoteId>,
    /// What lies in the bucket, as last counted.
    pub landed: Landed,
    /// Whether [`Task::landed`] was counted after the end, and so is final.
    pub counted: bool,
    /// Why it failed, or why its cancel was refused.
    pub problem: Option<Problem>,
    /// Why [`Task::landed`] is not to be relied on: the last count was refused.
    pub uncounted: Option<Problem>,
    /// How far a direct export has come, once it has begun.
    pub headway: Option<Headway>,
    /// When it was queued.
    pub queued: Timestamp,
    /// When AWS accepted it.
    pub accepted: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<Moment>,
}

impl Task {
    /// A task as it enters the queue.
    pub fn new(id: TaskId, plan: PlanId, lane: Arc<Lane>, spec: TaskSpec, now: Timestamp) -> Self {
        Self {
            id,
            plan,
            lane,
            spec,
            state: State::Queued,
            place: 0,
            wait: Some(Wait::Turn),
            attempt: 1,
            doubt: None,
            remote: None,
            landed: Landed::default(),
            counted: false,
            problem: None,
            uncounted: None,
            headway: None,
            queued: now,
            accepted: None,
            ended: None,
            timeline: vec![Moment::queued(now)],
        }
    }

    /// What its `taskName` says.
    pub const fn attempt(&self) -> Attempt {
        Attempt { task: self.id, number: self.attempt }
    }

    /// Completed, and AWS left nothing but its write test in the bucket.
    pub const fn is_empty(&self) -> bool {
        matches!(self.state, State::Completed) && self.counted && self.landed.is_empty()
    }

    /// Whether it has its lane's slot in AWS, or may have it.
    pub const fn holds_slot(&self) -> bool {
        self.state.is_in_aws() && matches!(self.spec.engine, Engine::Managed)
    }

    /// How long it has been with AWS: from acceptance to its end, or to `now`.
    pub fn elapsed(&self, now: Timestamp) -> Option<std::time::Duration> {
        self.accepted.map(|accepted| self.ended.unwrap_or(now).since(accepted))
    }
}
