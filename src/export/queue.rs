//! The queue as faces hold it: orders go to the ledger, transitions and snapshots come from it.
//!
//! An order is a fact that a person adds: it is recorded by whichever process it was given in, and carried out by
//! whichever process drives the lane. That may be this one, another one, or none yet.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;
use uuid::Uuid;

use super::actor::{Actor, Command};
use super::backoff::now;
use super::board::BoardKeeper;
use super::checker::Checker;
use super::report::Reporter;
use crate::aws::Session;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::PlannedTask;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::reducer::Reduced;
use crate::domain::task::{Fact, Moment, State, Task};
use crate::ledger::{Driver, LaneRecord, Ledger, LedgerError};

/// Commands a face may have on the way at once.
const COMMANDS: usize = 64;
/// Transitions on the way to a face. A face that is behind slows their telling down, never the queue; nothing is dropped.
const TRANSITIONS: usize = 1024;

/// What this process does with the lanes it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drive {
    /// Launches what is queued and carries it to its end.
    Everything,
    /// Carries to its end what AWS has, or may have, and launches nothing.
    Begun,
}

/// How a queue works.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// What is driven.
    pub drive: Drive,
    /// How often a task is tried again by itself when it failed for a reason that passes.
    pub retries: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { drive: Drive::Everything, retries: 3 }
    }
}

/// The queue as it stands: what screens show. Cheap to clone; one that equals the last is never sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Tasks: first what AWS has, then the queued ones by their place, then the ended ones, newest first. Of very many
    /// only the first of each sort; [`Snapshot::beyond`] counts the queued ones that are left out.
    pub tasks: Vec<Arc<Task>>,
    /// Queued tasks behind those listed.
    pub beyond: u64,
    /// The plans of these tasks and all that have not ended, oldest first, with the counts of all their tasks.
    pub plans: Vec<Arc<QueuedPlan>>,
    /// Every lane the ledger knows.
    pub lanes: Vec<Arc<LaneRecord>>,
    /// Why the ledger cannot be read or written just now. Nothing is launched while that is so.
    pub trouble: Option<Arc<str>>,
}

/// A task moved from one state to another. Lossless: the receiver must drain them.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The state it left.
    pub before: State,
    /// The line of the timeline, with the state it moved into.
    pub moment: Moment,
    /// The task as it stands by now: it may have moved on.
    pub task: Arc<Task>,
}

/// A handle on a running queue. The queue ends with its last handle; tasks that AWS has go on there.
#[derive(Clone, Debug)]
pub struct Queue {
    ledger: Ledger,
    driver: Driver,
    checker: Checker,
    commands: mpsc::Sender<Command>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
}

impl Queue {
    /// Starts a queue on `ledger`. It drives no lane until it is [given](Self::work) one. The first snapshot is there when
    /// this returns; every transition after it arrives on the receiver.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub async fn start(ledger: Ledger, terms: Terms) -> Result<(Self, mpsc::Receiver<Transition>), LedgerError> {
        let (commands, orders) = mpsc::channel(COMMANDS);
        let (moved, transitions) = mpsc::channel(TRANSITIONS);
        let (show, snapshots) = watch::channel(Arc::default());
        let (trouble, troubles) = watch::channel(None);
        let board = BoardKeeper::open(ledger.clone(), moved, show, troubles).await?;
        tokio::spawn(board.run());
        let driver = this_process();
        let checker = Checker::default();
        tokio::spawn(Actor::new(ledger.clone(), driver.clone(), checker.clone(), terms, trouble).run(orders));
        Ok((Self { ledger, driver, checker, commands, snapshots }, transitions))
    }

    /// The ledger it stands on.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// This queue as a driver of lanes.
    pub const fn driver(&self) -> &Driver {
        &self.driver
    }

    /// What this process knows of buckets and log groups: faces ask it too, so that nothing is asked twice.
    pub const fn checker(&self) -> &Checker {
        &self.checker
    }

    /// Drives `lane` through `session`, or goes on through another session of it: its credentials were renewed. Lanes
    /// that another process drives are left to it until it ends.
    pub async fn work(&self, lane: Lane, session: Session) {
        let _ = self.commands.send(Command::Work(Arc::new(lane), session)).await;
    }

    /// Queues the tasks of a plan, in order: recorded when this returns.
    ///
    /// # Errors
    /// The ledger cannot be written: nothing is queued then.
    pub async fn submit(&self, plan: QueuedPlan, tasks: Vec<PlannedTask>) -> Result<(), LedgerError> {
        self.ledger.add(plan, tasks).await
    }

    /// Asks to cancel tasks. A queued one is cancelled at once, without a call to AWS; one that has ended stays as it is.
    /// Answers how many moved.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub async fn cancel(&self, ids: Vec<TaskId>) -> Result<usize, LedgerError> {
        self.tell_all(ids, &Fact::CancelAsked).await
    }

    /// Asks to cancel everything of a plan that has not ended. Answers how many moved.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub async fn cancel_plan(&self, plan: PlanId) -> Result<usize, LedgerError> {
        let open = State::ALL.into_iter().filter(|state| !state.is_end()).collect();
        self.cancel(self.ledger.ids(plan, open).await?).await
    }

    /// Queues failed or cancelled tasks again, each as another attempt. Answers how many moved.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub async fn retry(&self, ids: Vec<TaskId>) -> Result<usize, LedgerError> {
        self.tell_all(ids, &Fact::Retry).await
    }

    async fn tell_all(&self, ids: Vec<TaskId>, fact: &Fact) -> Result<usize, LedgerError> {
        let facts = ids.into_iter().map(|id| (id, fact.clone())).collect();
        let folded = self.ledger.fold(facts, now(), None).await?;
        Ok(folded.iter().filter(|reduced| matches!(reduced, Reduced::Moved(_))).count())
    }

    /// A line for something else that drives `id`: what it tells is recorded like an engine's facts. The task's lane must
    /// not be one that a queue drives.
    pub async fn report_on(&self, id: TaskId) -> Option<Reporter> {
        self.ask(|answer| Command::ReportOn(id, answer)).await
    }

    /// The queue as it stands, now and whenever it changes (at most ten times a second).
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Stops driving and gives the lanes up. Tasks that AWS has go on there; queued ones wait in the ledger. Waits for a
    /// launch under way, at most `grace`, so that no CreateExportTask is left without its answer noted.
    pub async fn shutdown(&self, grace: Duration) {
        // Past the grace the launch's outcome stays unknown: whoever drives the lane next looks for it by its name.
        let _ = timeout(grace, self.ask(Command::Shutdown)).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(answer)).await.ok()?;
        answered.await.ok()
    }
}

/// This process as a holder of leases.
fn this_process() -> Driver {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Driver { id: Uuid::new_v4(), label: format!("process {} on {host}", std::process::id()) }
}
