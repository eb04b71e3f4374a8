//! The ledger as others hold it: a cheap handle whose methods hand their work to the ledger's two threads.
//!
//! A write goes on although its caller stops waiting for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;
use uuid::Uuid;

use super::error::LedgerError;
use super::records::{Board, Changes, Cursor, Driver, LaneRecord, Lease, Mark, Shift, TaskFilter};
use crate::domain::names::{BucketName, LogGroupName, PlanId, StreamPrefix, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::{Pace, PlannedTask};
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::reducer::Reduced;
use crate::domain::task::{Fact, State, Task};
use crate::domain::template::Template;
use crate::domain::time::{TimeRange, Timestamp};

/// A handle on an open ledger. The threads behind it end with its last clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    file: Arc<PathBuf>,
    news: Arc<watch::Sender<u64>>,
}

impl Ledger {
    /// Opens the ledger in `state_dir`, and makes both if they are not there yet. A ledger of an older version is
    /// brought up to this one.
    pub async fn open(state_dir: &Path) -> Result<Self, LedgerError> {
        let _ = state_dir;
        Ok(Self { file: Arc::new(state_dir.join("ledger.db")), news: Arc::new(watch::Sender::new(0)) })
    }

    /// The ledger's file.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

/// Writing. Each call is one transaction, on the disk when it answers.
impl Ledger {
    /// Queues `tasks` as `plan`, behind what is in the lane already. How many there are is counted here, whatever the plan
    /// says. If the plan or one of its tasks is there already, everything stays as it was: a repetition is no error.
    pub async fn add(&self, plan: QueuedPlan, tasks: Vec<PlannedTask>) -> Result<(), LedgerError> {
        let _ = (plan, tasks);
        Err(self.closed())
    }

    /// Folds `facts`, learnt at `at`, into their tasks, in order, and answers what each did. A fact of an unknown task is
    /// ignored. With a lease: [`LedgerError::LeaseLost`], and nothing is written, unless its driver holds the lane.
    ///
    /// A task that is run again keeps its place: it comes before whatever was queued after it.
    pub async fn fold(
        &self,
        facts: Vec<(TaskId, Fact)>,
        at: Timestamp,
        lease: Option<Lease>,
    ) -> Result<Vec<Reduced>, LedgerError> {
        let _ = (facts, at, lease);
        Err(self.closed())
    }

    /// Holds a plan, or lets it go on (`None`), which also forgets its failures so far.
    pub async fn pause_plan(&self, plan: PlanId, pause: Option<Pause>) -> Result<(), LedgerError> {
        let _ = (plan, pause);
        Err(self.closed())
    }

    /// Holds a lane, or lets it go on.
    pub async fn pause_lane(&self, lane: &Lane, paused: bool) -> Result<(), LedgerError> {
        let _ = (lane, paused);
        Err(self.closed())
    }

    /// Moves queued tasks within their lanes; several keep their order among themselves. Others stay where they are.
    pub async fn shift(&self, tasks: Vec<TaskId>, shift: Shift) -> Result<(), LedgerError> {
        let _ = (tasks, shift);
        Err(self.closed())
    }

    /// Notes how to connect to a lane again. Writes nothing if that is known.
    pub async fn know_lane(&self, lane: &Lane, profile: Option<&str>) -> Result<(), LedgerError> {
        let _ = (lane, profile);
        Err(self.closed())
    }

    /// Takes or renews `driver`'s lease of a lane until `until`. `false`: another holds it, and at `at` it has not run out.
    pub async fn take_lease(
        &self,
        lane: &Lane,
        driver: &Driver,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LedgerError> {
        let _ = (lane, driver, at, until);
        Err(self.closed())
    }

    /// Gives up all leases of a driver.
    pub async fn release(&self, driver: Uuid) -> Result<(), LedgerError> {
        let _ = driver;
        Err(self.closed())
    }
}

/// Reading. Tasks in lists have the first line of their timelines alone; [`Ledger::task`] gives all of it.
impl Ledger {
    /// Ticks whenever the ledger has changed, through whatever process. The number means nothing by itself.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// What a face begins with: at most `open` open tasks and the `ended` last ended ones.
    pub async fn board(&self, open: usize, ended: usize) -> Result<Board, LedgerError> {
        let _ = (open, ended);
        Err(self.closed())
    }

    /// What is different since `since`, as of one moment.
    pub async fn changes(&self, since: Mark) -> Result<Changes, LedgerError> {
        let _ = since;
        Err(self.closed())
    }

    /// The queued tasks of a lane behind `place`, in the order they are to run.
    pub async fn queued_after(&self, lane: &Lane, place: i64, limit: usize) -> Result<Vec<Task>, LedgerError> {
        let _ = (lane, place, limit);
        Err(self.closed())
    }

    /// The task a lane launches next: the first queued one whose plan is not paused; none while the lane is.
    pub async fn next_task(&self, lane: &Lane) -> Result<Option<Task>, LedgerError> {
        let _ = lane;
        Err(self.closed())
    }

    /// The tasks of a lane that AWS has or may have.
    pub async fn at_work(&self, lane: &Lane) -> Result<Vec<Task>, LedgerError> {
        let _ = lane;
        Err(self.closed())
    }

    /// A task with its whole timeline.
    pub async fn task(&self, id: TaskId) -> Result<Option<Task>, LedgerError> {
        let _ = id;
        Err(self.closed())
    }

    /// Tasks that pass `filter`, the last queued first, from behind `after` on.
    pub async fn tasks(
        &self,
        filter: TaskFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Task>, LedgerError> {
        let _ = (filter, after, limit);
        Err(self.closed())
    }

    /// The tasks of a plan in any of `states` (none stands for all), in the order they were queued.
    pub async fn ids(&self, plan: PlanId, states: Vec<State>) -> Result<Vec<TaskId>, LedgerError> {
        let _ = (plan, states);
        Err(self.closed())
    }

    /// The tasks whose id's text begins with `start`; a handful at most.
    pub async fn resolve_task(&self, start: &str) -> Result<Vec<TaskId>, LedgerError> {
        let _ = start;
        Err(self.closed())
    }

    /// The plans whose id's text begins with `start`, or whose name it is, the newest first; a handful at most.
    pub async fn resolve_plan(&self, start: &str) -> Result<Vec<PlanId>, LedgerError> {
        let _ = start;
        Err(self.closed())
    }

    /// A plan.
    pub async fn plan(&self, id: PlanId) -> Result<Option<QueuedPlan>, LedgerError> {
        let _ = id;
        Err(self.closed())
    }

    /// The newest plans.
    pub async fn plans(&self, limit: usize) -> Result<Vec<QueuedPlan>, LedgerError> {
        let _ = limit;
        Err(self.closed())
    }

    /// Every lane, in the order they became known.
    pub async fn lanes(&self) -> Result<Vec<LaneRecord>, LedgerError> {
        Err(self.closed())
    }

    /// The window and state of every task of a log group to one destination, by their start. A destination is a bucket
    /// and the template of the plan.
    pub async fn windows(
        &self,
        lane: &Lane,
        group: &LogGroupName,
        bucket: &BucketName,
        template: Option<&Template>,
        stream_prefix: Option<&StreamPrefix>,
    ) -> Result<Vec<(TimeRange, State)>, LedgerError> {
        let _ = (lane, group, bucket, template, stream_prefix);
        Err(self.closed())
    }

    /// How quickly a lane got through the tasks it completed last.
    pub async fn pace(&self, lane: &Lane) -> Result<Pace, LedgerError> {
        let _ = lane;
        Err(self.closed())
    }

    fn closed(&self) -> LedgerError {
        LedgerError::Closed { file: self.file().to_owned() }
    }
}
