//! The ledger as others hold it: a cheap handle whose methods hand their work to the ledger's two threads.
//!
//! A write goes on although its caller stops waiting for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use super::error::{Fault, LedgerError};
use super::life::Life;
use super::open::Identity;
use super::records::{Board, Changes, Cursor, Driver, LaneRecord, Lease, Mark, Past, PastMark, Shift, TaskFilter};
use super::threads::{self, Job};
use super::transaction::{self, Reading, Writing};
use super::{add, board, checkpoints, fold, history, lanes, look, open, past, plans, shift};
use crate::domain::coverage::Known;
use crate::domain::direct::checkpoint::Checkpoint;
use crate::domain::engine::{Engine, EngineKind};
use crate::domain::names::{LogGroupName, PlanId, StreamPrefix, TaskId};
use crate::domain::past::Glance;
use crate::domain::place::Lane;
use crate::domain::plan::{Pace, PlannedTask};
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::reducer::Reduced;
use crate::domain::store::Store;
use crate::domain::task::{Fact, State, Task};
use crate::domain::template::Template;
use crate::domain::time::Timestamp;

/// A handle on an open ledger. The threads behind it end with its last clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    file: Arc<PathBuf>,
    writer: Sender<Job>,
    reader: Sender<Job>,
    news: Arc<watch::Sender<u64>>,
    life: Life,
    identity: Identity,
}

impl Ledger {
    /// Opens the ledger in `state_dir`, and makes both if they are not there yet. A ledger of an older version is
    /// brought up to this one.
    pub async fn open(state_dir: &Path) -> Result<Self, LedgerError> {
        let file = Arc::new(open::prepare(state_dir)?);
        let news = Arc::new(watch::Sender::new(0));
        let writer = threads::start("ledger-write", &file, threads::write).await?;
        let told = Arc::clone(&news);
        let path = Arc::clone(&file);
        let read = move |conn, jobs: &_| threads::read(conn, jobs, &path, &told);
        let reader = threads::start("ledger-read", &file, read).await?;
        let identity = open::identity(&file)?;
        Ok(Self { file, writer, reader, news, life: Life::beside(state_dir), identity })
    }

    /// The ledger's file.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

/// Writing. Each call is one transaction, on the disk when it answers.
impl Ledger {
    /// Queues `tasks` as `plan`, behind what is in the lane already; they go to its bucket. How many there are is counted here, whatever the plan
    /// says. If the plan or one of its tasks is there already, everything stays as it was: a repetition is no error.
    pub async fn add(&self, plan: QueuedPlan, tasks: Vec<PlannedTask>) -> Result<(), LedgerError> {
        self.write(move |ledger| add::add(ledger, &plan, &tasks)).await
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
        self.write(move |ledger| {
            if let Some(lease) = lease {
                lanes::expect_held(ledger, &lease, at)?;
            }
            facts.into_iter().map(|(task, fact)| fold::fold(ledger, task, fact, at)).collect()
        })
        .await
    }

    /// Keeps the checkpoint of a direct export, learnt at `at`, until it has completed. [`LedgerError::LeaseLost`], and
    /// nothing is written, unless the lease's driver holds the lane.
    pub async fn save_checkpoint(
        &self,
        task: TaskId,
        checkpoint: Checkpoint,
        at: Timestamp,
        lease: Lease,
    ) -> Result<(), LedgerError> {
        self.write(move |ledger| {
            lanes::expect_held(ledger, &lease, at)?;
            checkpoints::save(ledger, task, &checkpoint)
        })
        .await
    }

    /// Holds a plan, or lets it go on (`None`), which also forgets its failures so far.
    pub async fn pause_plan(&self, plan: PlanId, pause: Option<Pause>) -> Result<(), LedgerError> {
        self.write(move |ledger| plans::pause(ledger, plan, pause.as_ref())).await
    }

    /// Holds a lane, or lets it go on.
    pub async fn pause_lane(&self, lane: &Lane, paused: bool) -> Result<(), LedgerError> {
        let lane = lane.clone();
        self.write(move |ledger| lanes::pause(ledger, &lane, paused)).await
    }

    /// Moves queued tasks within their lanes; several keep their order among themselves. Others stay where they are.
    pub async fn shift(&self, tasks: Vec<TaskId>, shift: Shift) -> Result<(), LedgerError> {
        self.write(move |ledger| shift::shift(ledger, &tasks, shift)).await
    }

    /// Notes how to connect to a lane again. Writes nothing if that is known.
    pub async fn know_lane(&self, lane: &Lane, profile: Option<&str>) -> Result<(), LedgerError> {
        let (lane, profile) = (lane.clone(), profile.map(str::to_owned));
        self.write(move |ledger| lanes::know(ledger, &lane, profile.as_deref())).await
    }

    /// Takes or renews `driver`'s lease of a lane until `until`. `false`: another holds it, its process lives, and at `at` it
    /// has not run out.
    pub async fn take_lease(
        &self,
        lane: &Lane,
        driver: &Driver,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LedgerError> {
        let (lane, driver, life) = (lane.clone(), driver.clone(), self.life.clone());
        self.write(move |ledger| {
            life.show(driver.id);
            lanes::take(ledger, &life, &lane, &driver, at, until)
        })
        .await
    }

    /// Gives up all leases of a driver.
    pub async fn release(&self, driver: Uuid) -> Result<(), LedgerError> {
        self.write(move |ledger| lanes::release(ledger, driver)).await?;
        self.life.withdraw(driver);
        Ok(())
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
        self.read(move |ledger| board::board(ledger, open, ended)).await
    }

    /// What is different since `since`, as of one moment.
    pub async fn changes(&self, since: Mark) -> Result<Changes, LedgerError> {
        self.read(move |ledger| board::changes(ledger, since)).await
    }

    /// The queued tasks of a lane behind `place`, in the order they are to run.
    pub async fn queued_after(&self, lane: &Lane, place: i64, limit: usize) -> Result<Vec<Task>, LedgerError> {
        let lane = lane.clone();
        self.read(move |ledger| look::queued_after(ledger, &lane, place, limit)).await
    }

    /// The task of an engine that a lane launches next: the first queued one whose plan is not paused; none while the
    /// lane is.
    pub async fn next_task(&self, lane: &Lane, engine: EngineKind) -> Result<Option<Task>, LedgerError> {
        let lane = lane.clone();
        self.read(move |ledger| look::next_task(ledger, &lane, engine)).await
    }

    /// The last checkpoint of a direct export that has not completed.
    pub async fn checkpoint(&self, task: TaskId) -> Result<Option<Checkpoint>, LedgerError> {
        self.read(move |ledger| checkpoints::last(ledger, task)).await
    }

    /// The tasks of a lane that AWS has or may have.
    pub async fn at_work(&self, lane: &Lane) -> Result<Vec<Task>, LedgerError> {
        let lane = lane.clone();
        self.read(move |ledger| look::at_work(ledger, &lane)).await
    }

    /// A task with its whole timeline.
    pub async fn task(&self, id: TaskId) -> Result<Option<Task>, LedgerError> {
        self.read(move |ledger| look::task(ledger, id)).await
    }

    /// Tasks that pass `filter`, the last queued first, from behind `after` on.
    pub async fn tasks(
        &self,
        filter: TaskFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Task>, LedgerError> {
        self.read(move |ledger| history::tasks(ledger, &filter, after, limit)).await
    }

    /// What `passes` of the past of a lane, from behind `after` on: what is at work first, then what has ended, the last
    /// first. At most `limit` of what has ended; fewer, or none, where many do not pass.
    pub async fn past(
        &self,
        lane: &Lane,
        after: Option<PastMark>,
        limit: usize,
        passes: impl FnMut(&Glance<'_>) -> bool + Send + 'static,
    ) -> Result<Past, LedgerError> {
        let lane = lane.clone();
        self.read(move |ledger| past::page(ledger, &lane, after, limit, passes)).await
    }

    /// The tasks of a plan in any of `states` (none stands for all), in the order they were queued.
    pub async fn ids(&self, plan: PlanId, states: Vec<State>) -> Result<Vec<TaskId>, LedgerError> {
        self.read(move |ledger| look::ids(ledger, plan, &states)).await
    }

    /// The tasks whose id's text begins with `start`; a handful at most.
    pub async fn resolve_task(&self, start: &str) -> Result<Vec<TaskId>, LedgerError> {
        let start = start.to_owned();
        self.read(move |ledger| look::tasks_beginning(ledger, &start)).await
    }

    /// The plans whose id's text begins with `start`, or whose name it is, the newest first; a handful at most.
    pub async fn resolve_plan(&self, start: &str) -> Result<Vec<PlanId>, LedgerError> {
        let start = start.to_owned();
        self.read(move |ledger| look::plans_beginning(ledger, &start)).await
    }

    /// A plan.
    pub async fn plan(&self, id: PlanId) -> Result<Option<QueuedPlan>, LedgerError> {
        self.read(move |ledger| plans::by_id(ledger, id)).await
    }

    /// The newest plans.
    pub async fn plans(&self, limit: usize) -> Result<Vec<QueuedPlan>, LedgerError> {
        self.read(move |ledger| plans::newest(ledger, limit)).await
    }

    /// The log groups of a plan, in the order they were asked for.
    pub async fn groups_of(&self, plan: PlanId) -> Result<Vec<LogGroupName>, LedgerError> {
        self.read(move |ledger| look::groups_of(ledger, plan)).await
    }

    /// Every lane, in the order they became known.
    pub async fn lanes(&self) -> Result<Vec<LaneRecord>, LedgerError> {
        self.read(|ledger| lanes::changed_after(ledger, 0)).await
    }

    /// What is known of every task of a log group to one destination, by the start of their windows. A destination is a
    /// bucket or a directory and the template of the plan; what lies there is the same only if the engine writes [alike](Engine::alike).
    pub async fn windows(
        &self,
        lane: &Lane,
        group: &LogGroupName,
        store: &Store,
        template: Option<&Template>,
        stream_prefix: Option<&StreamPrefix>,
        engine: &Engine,
    ) -> Result<Vec<Known>, LedgerError> {
        let (lane, group) = (lane.clone(), group.clone());
        let to = look::Destination {
            store: store.clone(),
            template: template.cloned(),
            stream_prefix: stream_prefix.cloned(),
            engines: engine.alike(),
        };
        self.read(move |ledger| look::windows(ledger, &lane, &group, &to)).await
    }

    /// How quickly a lane got through the tasks it completed last.
    pub async fn pace(&self, lane: &Lane) -> Result<Pace, LedgerError> {
        let lane = lane.clone();
        self.read(move |ledger| look::pace(ledger, &lane)).await
    }
}

/// The way to the threads and back.
impl Ledger {
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (news, file, identity) = (Arc::clone(&self.news), Arc::clone(&self.file), self.identity);
        let job = move |conn: &mut _| {
            open::expect_in_place(&file, identity)?;
            transaction::write(conn, &news, work)
        };
        self.ask(&self.writer, |answer| Box::new(move |conn| drop(answer.send(job(conn))))).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.ask(&self.reader, |answer| Box::new(move |conn| drop(answer.send(transaction::read(conn, work))))).await
    }

    async fn ask<T>(
        &self,
        thread: &Sender<Job>,
        job: impl FnOnce(oneshot::Sender<Result<T, Fault>>) -> Job,
    ) -> Result<T, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let closed = || LedgerError::Closed { file: self.file().to_owned() };
        thread.send(job(answer)).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?.map_err(|fault| fault.on(&self.file))
    }
}
