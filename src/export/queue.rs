//! The queue as faces hold it: commands in, transitions and snapshots out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;
use uuid::Uuid;

use super::actor::{Actor, Command};
use super::report::Reporter;
use crate::aws::Session;
use crate::domain::names::TaskId;
use crate::domain::plan::PlannedTask;
use crate::domain::task::{State, Task, TaskSpec};

/// Commands a face may have on the way at once.
const COMMANDS: usize = 64;
/// Transitions on the way to a face. A face that is behind slows the queue down; nothing is dropped.
const TRANSITIONS: usize = 1024;

/// Every task as it stands: what screens show. Cheap to clone; one that equals the last is never sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// A handle on a running queue. The queue ends with its last handle; tasks that AWS has go on there.
#[derive(Clone, Debug)]
pub struct Queue {
    commands: mpsc::Sender<Command>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
}

impl Queue {
    /// Starts a queue that runs its tasks through `session`. Transitions arrive on the receiver.
    pub fn start(session: Session) -> (Self, mpsc::Receiver<Transition>) {
        let (commands, orders) = mpsc::channel(COMMANDS);
        let (moved, transitions) = mpsc::channel(TRANSITIONS);
        let (show, snapshots) = watch::channel(Arc::default());
        tokio::spawn(Actor::new(session, moved, show).run(orders));
        (Self { commands, snapshots }, transitions)
    }

    /// Queues tasks under new ids, in order; answers the ids. None if the queue has been shut down.
    pub async fn submit(&self, specs: Vec<TaskSpec>) -> Vec<TaskId> {
        self.submit_planned(specs.into_iter().map(planned).collect()).await
    }

    /// Queues tasks under the ids they were planned with, in order: prefixes may hold the id. Answers the ids of those it
    /// has taken: all but such as are queued already, none if the queue has been shut down.
    pub async fn submit_planned(&self, tasks: Vec<PlannedTask>) -> Vec<TaskId> {
        self.ask(|answer| Command::Submit(tasks, answer)).await.unwrap_or_default()
    }

    /// Asks to cancel a task. A queued one is cancelled at once, without a call to AWS; one that has ended stays as it is.
    pub async fn cancel(&self, id: TaskId) {
        let _ = self.commands.send(Command::Cancel(id)).await;
    }

    /// Takes in a task that something else drives: it is listed and its transitions are told like those of any other,
    /// but the lane leaves it alone. `None` if the queue has been shut down.
    pub async fn take_in(&self, spec: TaskSpec) -> Option<Reporter> {
        self.ask(|answer| Command::TakeIn(planned(spec), answer)).await
    }

    /// Goes on through another session of the same lane: its credentials were renewed. What engines are doing goes on.
    pub async fn renew(&self, session: Session) {
        let _ = self.commands.send(Command::Renew(session)).await;
    }

    /// The tasks as they stand, now and whenever they change (at most ten times a second).
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Stops driving. Tasks that AWS has go on there; queued ones are given up. Waits for a launch under way, at most
    /// `grace`, so that no CreateExportTask is left without its answer noted.
    pub async fn shutdown(&self, grace: Duration) {
        // Past the grace the launch's outcome stays unknown: the caller has said how long it can wait.
        let _ = timeout(grace, self.ask(Command::Shutdown)).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(answer)).await.ok()?;
        answered.await.ok()
    }
}

/// The task gets a new id; ids of this version are in the order they were made.
fn planned(spec: TaskSpec) -> PlannedTask {
    PlannedTask { id: TaskId(Uuid::now_v7()), spec }
}
