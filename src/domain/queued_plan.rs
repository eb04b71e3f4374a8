//! A plan as it stands in the queue: what was asked for, how far it is, and whether it is held.
//!
//! Made from a [`Plan`] when its tasks are queued; the ledger keeps it, faces show it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::amount::Landed;
use super::engine::Engine;
use super::names::{Label, PlanId, PlanName, StreamPrefix};
use super::place::Lane;
use super::plan::Plan;
use super::preflight::Preflight;
use super::problem::Problem;
use super::split::Split;
use super::state::State;
use super::store::Store;
use super::template::Template;
use super::time::{TimeRange, Timestamp};
use super::zone::Zone;

/// After so many permanent failures in a row with one cause a plan pauses itself: the next ones would fail alike.
pub const STRIKES: u32 = 3;

/// A plan whose tasks are in the queue, or were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedPlan {
    /// Its id; ids of this version are in the order they were made.
    pub id: PlanId,
    /// Where its tasks run.
    pub lane: Arc<Lane>,
    /// When it was queued.
    pub queued: Timestamp,
    /// What the person calls it.
    pub name: Option<PlanName>,
    /// Which events.
    pub range: TimeRange,
    /// How the range was cut.
    pub split: Split,
    /// On whose calendar.
    pub zone: Zone,
    /// Where to.
    pub store: Store,
    /// The prefix of each task, before it was filled in.
    pub template: Option<Template>,
    /// Only streams whose name begins with this.
    pub stream_prefix: Option<StreamPrefix>,
    /// The person's own label.
    pub label: Option<Label>,
    /// Which checks are made before each launch.
    pub preflight: Preflight,
    /// Who moves the bytes.
    pub engine: Engine,
    /// How many log groups.
    pub groups: u32,
    /// Why none of its queued tasks is launched, while that is so.
    pub pause: Option<Pause>,
    /// Where its tasks stand.
    pub counts: Counts,
    /// What its tasks have landed, as last counted.
    pub landed: Landed,
}

impl QueuedPlan {
    /// `plan` as it enters the queue of `lane`.
    pub fn new(id: PlanId, lane: Arc<Lane>, plan: &Plan, tasks: u64, now: Timestamp) -> Self {
        Self {
            id,
            lane,
            queued: now,
            name: plan.name.clone(),
            range: plan.range,
            split: plan.split,
            zone: plan.zone,
            store: plan.store.clone(),
            template: plan.template.clone(),
            stream_prefix: plan.stream_prefix.clone(),
            label: plan.label.clone(),
            preflight: plan.preflight,
            engine: plan.engine.clone(),
            groups: u32::try_from(plan.groups.len()).unwrap_or(u32::MAX),
            pause: None,
            counts: Counts { queued: tasks, ..Counts::default() },
            landed: Landed::default(),
        }
    }
}

/// Why a plan is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pause {
    /// A person paused it.
    Asked,
    /// It paused itself: its last tasks all failed for this one cause.
    Failures(Problem),
}

/// How many tasks stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting in the queue.
    pub queued: u64,
    /// With AWS, or on the way there.
    pub active: u64,
    /// Ended well, with log objects, or with what landed uncounted.
    pub completed: u64,
    /// Ended well, and no log object landed.
    pub empty: u64,
    /// Ended with a failure.
    pub failed: u64,
    /// Ended by a cancel.
    pub cancelled: u64,
}

impl Counts {
    /// All of them.
    pub const fn total(self) -> u64 {
        self.open() + self.ended()
    }

    /// Those that have not ended.
    pub const fn open(self) -> u64 {
        self.queued + self.active
    }

    /// Those that have ended.
    pub const fn ended(self) -> u64 {
        self.completed + self.empty + self.failed + self.cancelled
    }

    /// The count a task in `state` belongs to; `empty`: it completed and nothing landed.
    pub const fn of(&mut self, state: State, empty: bool) -> &mut u64 {
        match state {
            State::Queued => &mut self.queued,
            State::Launching | State::Pending | State::Running | State::Cancelling => &mut self.active,
            State::Completed if empty => &mut self.empty,
            State::Completed => &mut self.completed,
            State::Failed => &mut self.failed,
            State::Cancelled => &mut self.cancelled,
        }
    }
}
