//! The queue at one moment, counted up; and the moment that a person has stopped the screen at.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::direct::speed::Speeds;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::queued_plan::{Counts, QueuedPlan};
use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;
use crate::export::Snapshot;
use crate::ledger::LaneRecord;
use crate::tui::rates::Rates;

/// The queue at one moment. Cheap to clone but for the table of plans.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) plans: HashMap<PlanId, Arc<QueuedPlan>>,
    counts: Counts,
    cancelling: u64,
}

impl Picture {
    /// Of this snapshot.
    pub fn of(snapshot: Arc<Snapshot>) -> Self {
        let plans = snapshot.plans.iter().map(|plan| (plan.id, Arc::clone(plan))).collect();
        let mut picture = Self { snapshot, plans, ..Self::default() };
        picture.count();
        picture
    }

    /// The tasks held, in the order of the queue.
    pub fn tasks(&self) -> &[Arc<Task>] {
        &self.snapshot.tasks
    }

    /// Every lane the ledger knows.
    pub fn lanes(&self) -> &[Arc<LaneRecord>] {
        &self.snapshot.lanes
    }

    /// What the ledger knows of `lane`.
    pub fn lane(&self, lane: &Lane) -> Option<&Arc<LaneRecord>> {
        self.snapshot.lanes.iter().find(|record| *record.lane == *lane)
    }

    /// Queued tasks that are not listed.
    pub fn beyond(&self) -> u64 {
        self.snapshot.beyond
    }

    /// Where all tasks stand, those that are not listed included; and how many of the active ones are being cancelled.
    pub const fn counts(&self) -> (Counts, u64) {
        (self.counts, self.cancelling)
    }

    fn count(&mut self) {
        let mut all = Counts::default();
        for Counts { queued, active, completed, empty, failed, cancelled } in
            self.plans.values().map(|plan| plan.counts)
        {
            all.queued += queued;
            all.active += active;
            all.completed += completed;
            all.empty += empty;
            all.failed += failed;
            all.cancelled += cancelled;
        }
        for task in self.snapshot.tasks.iter().filter(|task| !self.plans.contains_key(&task.plan)) {
            *all.of(task.state, task.is_empty()) += 1;
        }
        let cancelling = self.snapshot.tasks.iter().filter(|task| task.state == State::Cancelling).count();
        (self.counts, self.cancelling) = (all, cancelling as u64);
    }
}

/// The moment that a person has stopped the screen at; the queue goes on.
#[derive(Clone, Debug)]
pub struct Frozen {
    pub(super) picture: Picture,
    pub(super) rates: Rates,
    pub(super) speeds: Speeds,
    at: Timestamp,
    tasks: HashMap<TaskId, Arc<Task>>,
    waiting: usize,
}

impl Frozen {
    /// At `at`, when the queue stood like this.
    pub fn new(picture: Picture, rates: Rates, speeds: Speeds, at: Timestamp) -> Self {
        let tasks = picture.tasks().iter().map(|task| (task.id, Arc::clone(task))).collect();
        Self { picture, rates, speeds, at, tasks, waiting: 0 }
    }

    /// When it was.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How many tasks have changed, come or gone since.
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Counts what is different by now.
    pub(super) fn compare(&mut self, now: &Picture) {
        let (mut changed, mut known) = (0, 0);
        for task in now.tasks() {
            let before = self.tasks.get(&task.id);
            known += usize::from(before.is_some());
            // Most are the very same: they need not be looked through.
            changed += usize::from(before.is_none_or(|before| !Arc::ptr_eq(before, task) && before != task));
        }
        self.waiting = changed + self.tasks.len().saturating_sub(known);
    }
}
