//! Which tasks a command follows, and whether some of them will still move. Pure.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::Task;
use crate::export::Snapshot;
use crate::ledger::LaneRecord;

/// What is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole queue.
    Everything,
    /// One plan.
    Plan(PlanId),
    /// Some tasks.
    Tasks(HashSet<TaskId>),
}

/// How many tasks are left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Those that will move by themselves once somebody drives their lanes.
    pub moving: u64,
    /// Queued ones that somebody has to let go on first: their plan or their lane is paused.
    pub held: u64,
}

impl Scope {
    /// Whether `task` is followed.
    pub fn has(&self, task: &Task) -> bool {
        match self {
            Self::Everything => true,
            Self::Plan(plan) => task.plan == *plan,
            Self::Tasks(tasks) => tasks.contains(&task.id),
        }
    }

    /// Whether the tasks of `plan` are counted; those of a choice of tasks never are.
    pub fn counts(&self, plan: &QueuedPlan) -> bool {
        match self {
            Self::Everything => true,
            Self::Plan(id) => plan.id == *id,
            Self::Tasks(_) => false,
        }
    }

    /// The paused lanes in which something of it is queued.
    pub fn held_lanes(&self, plans: &[Arc<QueuedPlan>], lanes: &[Arc<LaneRecord>]) -> Vec<Arc<Lane>> {
        let waits_in = |lane: &Arc<Lane>| {
            plans.iter().any(|plan| self.counts(plan) && plan.counts.queued > 0 && plan.lane == *lane)
        };
        let held = lanes.iter().filter(|record| record.paused && waits_in(&record.lane));
        held.map(|record| Arc::clone(&record.lane)).collect()
    }

    /// What is left of it, the lanes in `out_of_reach` apart: what waits there waits for nothing we can do.
    pub fn left(&self, snapshot: &Snapshot, out_of_reach: &HashSet<Arc<Lane>>) -> Left {
        let plans = snapshot.plans.iter().filter(|plan| self.counts(plan) && !out_of_reach.contains(&plan.lane));
        plans.fold(Left::default(), |left, plan| {
            let held = if is_held(plan, snapshot) { plan.counts.queued } else { 0 };
            Left { moving: left.moving + plan.counts.open() - held, held: left.held + held }
        })
    }
}

/// Whether nothing of `plan` is launched just now.
pub fn is_held(plan: &QueuedPlan, snapshot: &Snapshot) -> bool {
    plan.pause.is_some() || lane_of(plan, snapshot).is_some_and(|record| record.paused)
}

fn lane_of<'s>(plan: &QueuedPlan, snapshot: &'s Snapshot) -> Option<&'s LaneRecord> {
    snapshot.lanes.iter().find(|record| record.lane == plan.lane).map(Arc::as_ref)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{plan, record};
    use super::*;
    use crate::domain::queued_plan::{Counts, Pause};

    #[test]
    fn what_is_paused_does_not_move() {
        let (mut one, mut other) = (plan(1), plan(2));
        one.counts = Counts { queued: 3, active: 1, ..Counts::default() };
        other.counts = Counts { queued: 5, ..Counts::default() };
        let left = |one: &QueuedPlan, lane_paused| {
            let lanes = vec![Arc::new(LaneRecord { paused: lane_paused, ..record() })];
            let plans = vec![Arc::new(one.clone()), Arc::new(other.clone())];
            let snapshot = Snapshot { plans, lanes, ..Snapshot::default() };
            (Scope::Everything.left(&snapshot, &HashSet::new()), Scope::Plan(one.id).left(&snapshot, &HashSet::new()))
        };
        assert_eq!(left(&one, false), (Left { moving: 9, held: 0 }, Left { moving: 4, held: 0 }));
        assert_eq!(left(&one, true), (Left { moving: 1, held: 8 }, Left { moving: 1, held: 3 }));
        one.pause = Some(Pause::Asked);
        assert_eq!(left(&one, false), (Left { moving: 6, held: 3 }, Left { moving: 1, held: 3 }));
    }

    #[test]
    fn lanes_out_of_reach_are_left_out() {
        let mut one = plan(1);
        one.counts.queued = 3;
        let out = HashSet::from([Arc::clone(&one.lane)]);
        let snapshot = Snapshot { plans: vec![Arc::new(one)], ..Snapshot::default() };
        assert_eq!(Scope::Everything.left(&snapshot, &out), Left::default());
    }
}
