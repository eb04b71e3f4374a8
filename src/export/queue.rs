//! The queue: takes tasks in, runs one at a time per lane, tells everybody how they do.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::aws::Session;
use crate::domain::names::TaskId;
use crate::domain::task::{State, Task, TaskSpec};

/// Every task as it stands: what screens show. Cheap to clone, equal snapshots are never sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// All tasks of this run, in the order they were queued.
    pub tasks: Vec<Arc<Task>>,
}

/// A task moved from one state to another. Lossless: the receiver must drain them.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The state it left.
    pub before: State,
    /// The task as it stands after the move.
    pub task: Arc<Task>,
}

/// A handle on a running queue.
#[derive(Clone, Debug)]
pub struct Queue {
    snapshots: watch::Receiver<Arc<Snapshot>>,
}

impl Queue {
    /// Starts a queue that runs its tasks through `session`. Transitions arrive on the receiver.
    pub fn start(_session: Session) -> (Self, mpsc::Receiver<Transition>) {
        let (_, snapshots) = watch::channel(Arc::default());
        let (_, transitions) = mpsc::channel(1);
        (Self { snapshots }, transitions)
    }

    /// Queues tasks, in order; answers their ids.
    pub async fn submit(&self, specs: Vec<TaskSpec>) -> Vec<TaskId> {
        let _ = specs;
        Vec::new()
    }

    /// Asks to cancel a task. A queued one is cancelled without a call to AWS.
    pub async fn cancel(&self, id: TaskId) {
        let _ = id;
    }

    /// The tasks as they stand, now and whenever they change (at most ten times a second).
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Stops driving. Tasks that AWS has go on there; queued ones are given up. Waits for a launch under way, at most
    /// `grace`, so that no CreateExportTask is left without its answer noted.
    pub async fn shutdown(&self, grace: std::time::Duration) {
        let _ = grace;
    }
}
