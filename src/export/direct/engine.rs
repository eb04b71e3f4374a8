//! The direct engine of one task: from the queue to its end, as the managed engine is for AWS's own exports.
//!
//! It reports facts and keeps checkpoints; reading and writing are the [`Job`]'s. A run that ends before its task has, in
//! whatever way, is taken up from the last checkpoint the ledger has.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use super::job::{Job, Outcome};
use super::lately::Lately;
use super::read::{Budgets, CHAINS, Gauges, Lost, ReadBy, Source};
use super::write::{Bucket, Directory, Plan, ROLL_OVER, Sink, Tally};
use crate::aws::Session;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::direct::checkpoint::{Checkpoint, Written};
use crate::domain::direct::headway::{Bound, Headway};
use crate::domain::engine;
use crate::domain::names::{RemoteId, StreamPrefix, TaskId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::store::Store;
use crate::domain::task::{Fact, State, Task, TaskSpec};
use crate::export::backoff::{Backoff, now};
use crate::export::cancel::Wishes;
use crate::export::clearance::Clearance;
use crate::export::managed::passes;
use crate::export::report::Reporter;
use crate::ledger::{Lease, Ledger};

/// Between two reports of how far it has come.
const SHOW: Duration = Duration::from_millis(250);

/// How long the destination is tidied up after a failure, before that is left to the next run.
const TIDY: Duration = Duration::from_secs(20);

/// The engine of one task.
pub(in crate::export) struct Direct {
    pub session: watch::Receiver<Session>,
    /// Of the lane: all its tasks read within them together.
    pub budgets: Arc<Budgets>,
    pub spec: TaskSpec,
    pub choices: engine::Direct,
    /// How often it goes on by itself after a failure of AWS's own.
    pub retries: u32,
    pub clearance: Clearance,
    pub reporter: Reporter,
    pub wishes: Wishes,
    /// Where checkpoints are kept, while the lane is ours.
    pub ledger: Ledger,
    pub lease: Lease,
}

/// Where a task is taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export) enum From {
    /// In the queue, for the first time.
    Queue,
    /// In the queue, after an attempt that may have written something.
    QueueAgain,
    /// Where a run before this one left it.
    Midway,
}

impl From {
    /// Where `task` stands.
    pub const fn of(task: &Task) -> Self {
        match (task.state, task.attempt) {
            (State::Queued, 1) => Self::Queue,
            (State::Queued, _) => Self::QueueAgain,
            _ => Self::Midway,
        }
    }
}

/// How a task ended.
enum End {
    Completed(Landed),
    Failed {
        problem: Problem,
        left: Option<Landed>,
    },
    Cancelled,
    /// Not at all: this process is closing, and another run goes on.
    Stopped,
}

impl Direct {
    /// Drives the task to its end, or until it may not go on here.
    pub async fn run(self, from: From) {
        if from != From::Midway && !self.launch().await {
            return;
        }
        self.reporter.tell(Fact::Accepted(self.remote())).await;
        self.reporter.tell(Fact::Started).await;
        let end = tokio::select! {
            biased;
            () = self.wishes.cancel_comes() => End::Cancelled,
            () = self.wishes.stop_comes() => End::Stopped,
            end = Box::pin(self.export(from)) => end,
        };
        Box::pin(self.settle(end)).await;
    }

    /// Whether it may begin: it is recorded then.
    async fn launch(&self) -> bool {
        match self.clearance.pass(&self.wishes, &self.reporter).await {
            Some(warned) => self.reporter.declare(Fact::Launching { warned }).await,
            None => false,
        }
    }

    /// What stands for AWS's task id in keys: our own, the same for all attempts, so that each goes on where the one before
    /// it stopped.
    fn remote(&self) -> RemoteId {
        RemoteId(self.id().to_string())
    }

    const fn id(&self) -> TaskId {
        self.reporter.id()
    }

    fn session(&self) -> Session {
        self.session.borrow().clone()
    }

    /// Reads and writes to the end, however long credentials or the network are missing meanwhile.
    async fn export(&self, from: From) -> End {
        let (mut backoff, mut failures) = (Backoff::new(), 0);
        let mut is_first = from == From::Queue;
        loop {
            let (problem, left) = match Box::pin(self.run_once(is_first)).await {
                Ok(Outcome { failed: Some(problem), checkpoint, .. }) => (problem, Some(checkpoint.landed())),
                Ok(Outcome { checkpoint, lost, failed: None }) => return self.read_through(&checkpoint, &lost),
                Err(problem) => (problem, None),
            };
            is_first = false;
            failures += u32::from(problem.kind == ProblemKind::Server);
            if !passes(problem.kind) || failures > self.retries {
                return End::Failed { problem, left };
            }
            let (pause, wait) = backoff.step_after(problem);
            self.reporter.tell(Fact::Waiting(wait)).await;
            sleep(pause).await;
        }
    }

    /// One run from the last checkpoint on.
    async fn run_once(&self, is_first: bool) -> Result<Outcome, Problem> {
        let sink = self.sink().await?;
        let resume = self.last_checkpoint().await?;
        let before = resume.as_ref().map(|checkpoint| checkpoint.written).unwrap_or_default();
        let resume = if is_first { resume } else { Some(resume.unwrap_or_default()) };
        let (save, checkpoints) = mpsc::channel(1);
        let job = self.telling(&sink, Box::pin(Job::begin(self.source(), self.plan(&sink), resume, save))).await?;
        self.reporter.tell(Fact::Seen).await;
        let (gauges, tally, uploads) = (job.gauges(), job.tally(), job.uploads());
        let view = View { before, budgets: Arc::clone(&self.budgets), gauges, tally, uploads };
        // Boxed: it holds the whole of reading and writing.
        let work = Box::pin(async { tokio::join!(job.run(), self.keep(checkpoints)).0 });
        let done = tokio::select! {
            done = self.telling(&sink, work) => done,
            never = self.show(&view) => match never {},
        };
        self.reporter.tell(view.fact()).await;
        done
    }

    fn source(&self) -> Source {
        let TaskSpec { group, window, stream_prefix, .. } = &self.spec;
        Source {
            session: self.session(),
            group: group.as_str().to_owned(),
            window: *window,
            stream_prefix: stream_prefix.as_ref().map(StreamPrefix::as_str).map(str::to_owned),
            pattern: self.choices.pattern.as_ref().map(|pattern| pattern.as_str().to_owned()),
            budgets: Arc::clone(&self.budgets),
            chains: CHAINS,
            by: ReadBy::Auto,
        }
    }

    fn plan(&self, sink: &Sink) -> Plan {
        let group = self.spec.group.as_str().to_owned();
        Plan { group, format: self.choices.format, roll_over: ROLL_OVER, sink: sink.clone() }
    }

    /// The task's folder: in its bucket, wherever that is, or on this machine.
    async fn sink(&self) -> Result<Sink, Problem> {
        let destination = &self.spec.destination;
        let folder = destination.folder(&self.remote());
        let bucket = match &destination.store {
            Store::Directory(directory) => {
                return Ok(Sink::Directory(Directory::new(directory.path_to(&folder).into())));
            }
            Store::Bucket(name) => name.clone(),
        };
        let session = self.session();
        let region = match session.find_bucket(bucket.as_str()).await {
            // Whoever may not ask where a bucket is may still write into it: it is most likely near its logs.
            Err(problem) if problem.kind == ProblemKind::AccessDenied => session.region().clone(),
            answer => answer?,
        };
        Ok(Sink::Bucket(Bucket::new(self.session.clone(), bucket, region, &folder)))
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, Problem> {
        self.ledger.checkpoint(self.id()).await.map_err(|error| {
            Problem::new(ProblemKind::Disk, "ReadCheckpoint").on(self.spec.group.as_str()).saying(error.to_string())
        })
    }

    /// Keeps checkpoints as they come. One that cannot be kept is no loss: what came after the last kept one is read again.
    async fn keep(&self, mut checkpoints: mpsc::Receiver<Checkpoint>) {
        while let Some(checkpoint) = checkpoints.recv().await {
            if let Err(error) = self.ledger.save_checkpoint(self.id(), checkpoint, now(), self.lease.clone()).await {
                tracing::warn!(%error, task = %self.id(), "a checkpoint was not kept");
            }
        }
    }

    /// Waits for `work`, and tells why nothing moves at the destination meanwhile.
    async fn telling<T>(&self, sink: &Sink, work: impl Future<Output = T>) -> T {
        let mut waits = sink.waits();
        tokio::pin!(work);
        loop {
            let wait = tokio::select! {
                done = &mut work => return done,
                Ok(()) = waits.changed() => waits.borrow_and_update().clone(),
            };
            self.reporter.tell(wait.map_or(Fact::Seen, Fact::Waiting)).await;
        }
    }

    async fn show(&self, view: &View) -> Infallible {
        let mut told = None;
        loop {
            let fact = view.fact();
            if told.as_ref() != Some(&fact) {
                self.reporter.tell(fact.clone()).await;
                told = Some(fact);
            }
            sleep(SHOW).await;
        }
    }

    /// Everything that could be read was.
    fn read_through(&self, checkpoint: &Checkpoint, lost: &[Lost]) -> End {
        let landed = checkpoint.landed();
        match lost {
            [] => End::Completed(landed),
            [first, others @ ..] => {
                let more =
                    if others.is_empty() { String::new() } else { format!(", and so were {} more", others.len()) };
                let text = format!("the log stream {} was deleted before all of it was read{more}", first.stream);
                let problem = Problem::new(ProblemKind::NotFound, "GetLogEvents")
                    .on(self.spec.group.as_str())
                    .in_region(&self.session().region().0)
                    .saying(text);
                End::Failed { problem, left: Some(landed) }
            }
        }
    }

    /// Reports the end.
    async fn settle(&self, end: End) {
        let fact = match end {
            End::Completed(landed) => Fact::Completed(Ok(landed)),
            End::Failed { problem, left: Some(left) } => Fact::Failed { problem, left: Some(left) },
            End::Failed { problem, left: None } => {
                let left = timeout(TIDY, self.tidy()).await.ok().and_then(Result::ok);
                Fact::Failed { problem, left }
            }
            End::Cancelled => Fact::Cancelled(self.tidy().await),
            End::Stopped => return self.put_down().await,
        };
        self.reporter.tell(fact).await;
    }

    /// Removes what is only written in part, and what the last checkpoint does not know: another attempt writes it again.
    /// Answers what is left: the export as far as it has come.
    async fn tidy(&self) -> Result<Landed, Problem> {
        let sink = self.sink().await?;
        let checkpoint = self.last_checkpoint().await?.unwrap_or_default();
        self.telling(&sink, Box::pin(sink.clear(&checkpoint.numbers))).await
    }

    /// Removes what is only written in part: nobody may go on for a long time, and S3 bills uploads that are not finished.
    async fn put_down(&self) {
        let given_up = async { self.sink().await?.give_up().await };
        if let Err(problem) = given_up.await {
            tracing::warn!(%problem, task = %self.id(), "uploads are left to the next run");
        }
    }
}

/// What can be seen of a run from outside.
struct View {
    /// What was durable when it began.
    before: Written,
    budgets: Arc<Budgets>,
    gauges: Arc<Gauges>,
    tally: watch::Receiver<Tally>,
    uploads: Arc<Lately>,
}

impl View {
    fn fact(&self) -> Fact {
        let (tally, gauges) = (*self.tally.borrow(), &self.gauges);
        let headway = Headway {
            events: self.before.events + tally.taken.events,
            raw: ByteCount(self.before.raw + tally.taken.raw),
            uploaded: ByteCount(self.before.packed) + tally.arrived,
            streams_done: gauges.streams_done.get(),
            streams_known: gauges.streams_known.get().max(gauges.streams_done.get()),
            all_known: gauges.extent.are_all_known(),
            over_time: gauges.extent.is_over_time(),
            read: gauges.share(),
            bound: self.bound(),
        };
        Fact::Headway(headway, tally.landed)
    }

    /// What holds it up: whatever waits lately, from the front of the pipeline to its end.
    fn bound(&self) -> Option<Bound> {
        if self.gauges.is_through.get() {
            return Some(Bound::Upload);
        }
        if let Some(call) = self.gauges.turns.lately() {
            return Some(self.budgets.of(call).bound());
        }
        if self.uploads.is_so() {
            return Some(Bound::Upload);
        }
        if self.gauges.deliveries.is_so() {
            return Some(Bound::Packing);
        }
        (self.gauges.pages.get() > 0).then_some(Bound::Answers)
    }
}
