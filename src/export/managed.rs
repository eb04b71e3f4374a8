//! The managed engine: CreateExportTask, and AWS moves the bytes.
//!
//! One [`Managed`] drives one task from the queue to its end: [launch](super::launch), follow, cancel, count. It calls
//! AWS and reports facts; it decides nothing about other tasks.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::cancel::Wishes;
use super::clearance::Clearance;
use super::report::Reporter;
use crate::aws::Session;
use crate::domain::amount::Landed;
use crate::domain::inventory::{RemoteStatus, RemoteTask};
use crate::domain::names::{Attempt, RemoteId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::{Fact, State, Task, TaskSpec};
use crate::domain::time::Timestamp;

/// Between two looks at an active task. AWS allows 5 DescribeExportTasks a second per account and Region, shared with
/// colleagues; one a second sees every end soon enough.
pub(super) const LOOK: Duration = Duration::from_secs(1);
/// Between two counts of what has landed, at least. S3 bills each listing.
const COUNT: Duration = Duration::from_secs(2);
/// A count may take at most this share of the time: big listings are taken more rarely.
const COUNT_SHARE: u32 = 10;
/// How long AWS may not know a task it has accepted before that is believed.
const UNKNOWN_FOR: Duration = Duration::from_mins(1);
/// Tries of the final count.
const FINAL_COUNTS: u32 = 3;

/// The engine of one task.
pub(super) struct Managed {
    pub session: watch::Receiver<Session>,
    pub attempt: Attempt,
    pub spec: TaskSpec,
    /// How often a task is tried again by itself.
    pub retries: u32,
    pub clearance: Clearance,
    pub reporter: Reporter,
    pub wishes: Wishes,
}

/// Where a task is taken up.
#[derive(Debug)]
pub(super) enum Start {
    /// In the queue; if in doubt since then, AWS may have it all the same.
    Queued(Option<Timestamp>),
    /// While AWS was being asked to create it: whoever asked has not noted the answer.
    Asked(Timestamp),
    /// In AWS.
    Accepted(RemoteId),
}

impl Start {
    /// Where `task` stands.
    pub fn of(task: &Task) -> Self {
        match (&task.remote, task.state) {
            (Some(remote), _) => Self::Accepted(remote.clone()),
            (None, State::Queued) => Self::Queued(task.doubt),
            (None, _) => Self::Asked(task.doubt.unwrap_or(task.queued)),
        }
    }
}

/// How a followed task ended.
enum End {
    Completed,
    Failed(Problem),
    Cancelled,
}

impl Managed {
    /// Drives the task to its end, or until it may not be launched any more.
    pub async fn run(self, start: Start) {
        let launched = match start {
            Start::Queued(doubt) => self.launch(doubt).await,
            Start::Asked(since) => self.take_up(since).await,
            Start::Accepted(remote) => Some(remote),
        };
        if let Some(remote) = launched {
            // Boxed: it holds three calls at once.
            let end = Box::pin(self.watch(&remote)).await;
            self.settle(&remote, end).await;
        }
    }

    /// The session as it is now: its credentials may have been renewed since the last call.
    pub(super) fn session(&self) -> Session {
        self.session.borrow().clone()
    }

    /// Follows the task, counts what lands and passes cancels on, side by side, until it ends: none of them waits for
    /// another's answer.
    async fn watch(&self, remote: &RemoteId) -> End {
        let begun = watch::Sender::new(false);
        let counter = Counter { session: self.session.clone(), reporter: self.reporter.clone() };
        let (bucket, folder) = self.place(remote);
        tokio::select! {
            end = self.follow(remote, &begun) => end,
            never = counter.count_once_begun(begun.subscribe(), &bucket, &folder) => match never {},
            never = self.pass_cancels_on(remote, &begun) => match never {},
        }
    }

    /// Looks at the task until it has ended. `begun`: AWS was seen to be at work on it.
    async fn follow(&self, remote: &RemoteId, begun: &watch::Sender<bool>) -> End {
        let mut backoff = Backoff::new();
        let mut unknown_since: Option<Instant> = None;
        loop {
            let mut pause = LOOK;
            match self.session().export_task(remote).await {
                Ok(Some(task)) => {
                    unknown_since = None;
                    backoff.reset();
                    if let Some(end) = self.see(&task, begun).await {
                        return end;
                    }
                }
                Ok(None) => {
                    if unknown_since.get_or_insert_with(Instant::now).elapsed() > UNKNOWN_FOR {
                        return End::Failed(self.vanished(remote));
                    }
                }
                // The task itself goes on in AWS: not being able to look is no failure of it, whatever the reason.
                Err(problem) => pause = self.wait_after(problem, &mut backoff).await,
            }
            sleep(pause).await;
        }
    }

    /// What one look says.
    async fn see(&self, task: &RemoteTask, begun: &watch::Sender<bool>) -> Option<End> {
        self.reporter.tell(Fact::Seen).await;
        match &task.status {
            RemoteStatus::Pending | RemoteStatus::PendingCancel | RemoteStatus::Other(_) => None,
            RemoteStatus::Running => {
                begun.send_replace(true);
                self.reporter.tell(Fact::Started).await;
                None
            }
            RemoteStatus::Completed => Some(End::Completed),
            RemoteStatus::Failed => Some(End::Failed(self.failed(task))),
            RemoteStatus::Cancelled => Some(End::Cancelled),
        }
    }

    /// Asks AWS to cancel whenever a person wishes it, until AWS has answered.
    async fn pass_cancels_on(&self, remote: &RemoteId, begun: &watch::Sender<bool>) -> Infallible {
        loop {
            self.wishes.cancel_comes().await;
            let mut backoff = Backoff::new();
            while self.wishes.is_cancel() {
                match self.session().cancel_export_task(remote).await {
                    Ok(()) => self.wishes.take_cancel(),
                    // The next look sees how it ended.
                    Err(problem) if problem.kind == ProblemKind::AlreadyFinished => self.wishes.take_cancel(),
                    Err(problem) if passes(problem.kind) => sleep(self.wait_after(problem, &mut backoff).await).await,
                    Err(problem) => {
                        // Taken before it is told: a wish that comes because of the refusal is a new one.
                        self.wishes.take_cancel();
                        let running = *begun.borrow();
                        self.reporter.tell(Fact::CancelRefused { problem, running }).await;
                    }
                }
            }
        }
    }

    /// Reports the end, with what lies in the bucket.
    async fn settle(&self, remote: &RemoteId, end: End) {
        let count = self.final_count(remote).await;
        let fact = match end {
            End::Completed => Fact::Completed(count),
            End::Cancelled => Fact::Cancelled(count),
            End::Failed(problem) if problem.kind.is_transient() && self.attempt.number <= self.retries => {
                Fact::Again(problem)
            }
            End::Failed(problem) => Fact::Failed { problem, left: count.ok() },
        };
        self.reporter.tell(fact).await;
    }

    async fn final_count(&self, remote: &RemoteId) -> Result<Landed, Problem> {
        let (bucket, folder) = self.place(remote);
        let mut backoff = Backoff::new();
        for _ in 1..FINAL_COUNTS {
            match self.session().landed(&bucket, &folder).await {
                Err(problem) if passes(problem.kind) => sleep(self.wait_after(problem, &mut backoff).await).await,
                settled => return settled,
            }
        }
        self.session().landed(&bucket, &folder).await
    }

    fn place(&self, remote: &RemoteId) -> (String, String) {
        (self.spec.destination.store.as_str().to_owned(), self.spec.destination.folder(remote))
    }

    /// Tells why nothing moves and answers how long to wait.
    pub(super) async fn wait_after(&self, problem: Problem, backoff: &mut Backoff) -> Duration {
        let (pause, wait) = backoff.step_after(problem);
        self.reporter.tell(Fact::Waiting(wait)).await;
        pause
    }

    /// Rests for `pause`, or until there is nothing to wait for any more.
    pub(super) async fn rest(&self, pause: Duration) {
        // Both ends of the race lead to the next look.
        let _ = timeout(pause, self.wishes.any_comes()).await;
    }

    fn failed(&self, task: &RemoteTask) -> Problem {
        match &task.message {
            Some(message) => self.problem(why_failed(message)).saying(message),
            None => self.problem(ProblemKind::ExportFailed),
        }
    }

    fn vanished(&self, remote: &RemoteId) -> Problem {
        self.problem(ProblemKind::Vanished).on(format!("export task {remote}"))
    }

    fn problem(&self, kind: ProblemKind) -> Problem {
        Problem::new(kind, "DescribeExportTasks").on(self.spec.group.as_str()).in_region(&self.session().region().0)
    }
}

/// What sort of failure AWS's message of a failed task tells. AWS publishes no list of them: these two words stand in the
/// one that its guide quotes for the 24 hours, and in what its services say of failures of their own.
fn why_failed(message: &str) -> ProblemKind {
    let words = message.to_lowercase();
    if words.contains("timed out") {
        ProblemKind::ExportTimedOut
    } else if words.contains("internal") {
        ProblemKind::ExportBroke
    } else {
        ProblemKind::ExportFailed
    }
}

/// Whether a call that failed like this is worth repeating: it passes by itself, or once a person has renewed the
/// credentials or set the clock.
pub(super) const fn passes(kind: ProblemKind) -> bool {
    kind.is_transient()
        || matches!(kind, ProblemKind::NoCredentials | ProblemKind::ExpiredCredentials | ProblemKind::ClockSkew)
}

/// Counts what has landed while a task runs.
struct Counter {
    session: watch::Receiver<Session>,
    reporter: Reporter,
}

impl Counter {
    async fn count_once_begun(&self, mut begun: watch::Receiver<bool>, bucket: &str, folder: &str) -> Infallible {
        // The other end is held for as long as this is waited for.
        let _ = begun.wait_for(|begun| *begun).await;
        loop {
            let begun = Instant::now();
            let session = self.session.borrow().clone();
            match session.landed(bucket, folder).await {
                Ok(landed) => self.reporter.tell(Fact::Landed(landed)).await,
                Err(problem) => self.reporter.tell(Fact::Uncounted(problem)).await,
            }
            sleep(COUNT.max(begun.elapsed() * COUNT_SHARE)).await;
        }
    }
}
