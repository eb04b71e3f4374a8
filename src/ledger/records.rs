//! What is asked of the ledger and what it answers, beside the domain's own words.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{Move, State, Task};
use crate::domain::time::Timestamp;

/// A process that drives lanes: who a lease belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Driver {
    /// Made anew by each process.
    pub id: Uuid,
    /// What people know it by: `pid 4711 on build-3`.
    pub label: String,
}

/// Up to where changes were read; the default is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The last transaction seen.
    pub(super) revision: i64,
    /// The last move seen.
    pub(super) moved: i64,
}

/// What is different since a [`Mark`]. Tasks have the first line of their timelines alone.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Where to go on from.
    pub mark: Mark,
    /// New and changed tasks as they stand, in the order they changed.
    pub tasks: Vec<Task>,
    /// What tasks went through meanwhile, in order. None is left out, not even when a task moved more than once.
    pub moves: Vec<Move>,
    /// New and changed plans as they stand.
    pub plans: Vec<QueuedPlan>,
    /// New and changed lanes as they stand.
    pub lanes: Vec<LaneRecord>,
}

/// What a face begins with. Tasks have the first line of their timelines alone.
#[derive(Clone, Debug)]
pub struct Board {
    /// Where changes go on from.
    pub mark: Mark,
    /// Open tasks, those in AWS first, the queued ones by lane and place; then ended ones, the last first.
    pub tasks: Vec<Task>,
    /// Every plan with open tasks, and those of the ended tasks.
    pub plans: Vec<QueuedPlan>,
    /// Every lane.
    pub lanes: Vec<LaneRecord>,
}

/// A lane as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneRecord {
    /// Which.
    pub lane: Arc<Lane>,
    /// The profile that reaches it, if one was needed.
    pub profile: Option<String>,
    /// Whether a person holds it: nothing new is launched.
    pub paused: bool,
    /// Who drives it, or drove it last: a lease may have run out.
    pub driver: Option<Driver>,
    /// When the driver's lease runs out unless it is renewed.
    pub until: Option<Timestamp>,
}

/// Where queued tasks are moved to within their lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
    /// One place forward.
    Earlier,
    /// One place back.
    Later,
}

/// Which tasks are looked for; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Part of the log group's name; upper and lower case count the same unless it has a capital.
    pub group: Option<String>,
    /// Any of these states; none stands for all.
    pub states: Vec<State>,
    /// Whether nothing landed, among completed tasks.
    pub empty: Option<bool>,
    /// The destination bucket's whole name.
    pub bucket: Option<String>,
    /// Of this plan.
    pub plan: Option<PlanId>,
    /// In this lane.
    pub lane: Option<Lane>,
    /// The window ends after this.
    pub from: Option<Timestamp>,
    /// The window begins before this.
    pub to: Option<Timestamp>,
}

/// Where a list of tasks goes on: after this task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub TaskId);

impl From<&Task> for Cursor {
    fn from(last: &Task) -> Self {
        Self(last.id)
    }
}

/// Where the past of a lane goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastMark {
    pub(super) ended: Timestamp,
    pub(super) seq: i64,
}

impl PastMark {
    /// Before everything.
    pub(super) const START: Self = Self { ended: Timestamp::from_millis(i64::MAX), seq: i64::MAX };

    /// Nothing behind it ended later than this.
    pub const fn ended(self) -> Timestamp {
        self.ended
    }
}

/// A page of the past of a lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Tasks that pass. Their timelines have the first line alone.
    pub tasks: Vec<Task>,
    /// Their plans.
    pub plans: Vec<QueuedPlan>,
    /// Where it goes on; `None` at the end.
    pub next: Option<PastMark>,
}

/// "Only while this driver holds the lane."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The lane.
    pub lane: Arc<Lane>,
    /// The holder's [`Driver::id`].
    pub driver: Uuid,
}
