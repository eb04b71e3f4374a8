//! What is shown before anything is queued: the plan, worked out into the very tasks that will be.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::place::Lane;
use crate::domain::plan::{Plan, PlannedTask, Sharing};
use crate::domain::queued_plan::QueuedPlan;
use crate::tui::list::RequestId;

/// A plan to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Where its tasks will run.
    pub lane: Arc<Lane>,
    /// What is asked for.
    pub plan: Plan,
    /// How far it is worked out.
    pub stage: Stage,
    /// The first task shown.
    pub top: usize,
}

/// How far a plan is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its tasks are being made.
    Expanding(RequestId),
    /// These are they.
    Ready(Arc<Draft>),
}

/// A plan with its tasks, as they will be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The plan.
    pub plan: QueuedPlan,
    /// Its tasks, in the order they will run.
    pub tasks: Vec<PlannedTask>,
    /// What they share in the bucket.
    pub sharing: Option<Sharing>,
    /// Roughly how long they will take at the speed seen so far.
    pub rough: Option<Duration>,
}

impl Review {
    /// The tasks, once they are made.
    pub fn draft(&self) -> Option<&Arc<Draft>> {
        match &self.stage {
            Stage::Expanding(_) => None,
            Stage::Ready(draft) => Some(draft),
        }
    }
}
