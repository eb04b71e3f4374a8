//! The queue's actor: owns every task, folds facts, keeps the lane busy, publishes.
//!
//! It never awaits AWS: engines do, each in a tokio task of its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::backoff::now;
use super::cancel::CancelWish;
use super::managed::Managed;
use super::queue::{Snapshot, Transition};
use super::report::{Report, Reporter};
use crate::aws::Session;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::{AccountId, Lane};
use crate::domain::plan::PlannedTask;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::reducer::{Reduced, reduce};
use crate::domain::task::{Fact, State, Task};

/// Snapshots at most this often: faster than an eye follows, slow enough that a flood of counters costs nothing.
const PUBLISH: Duration = Duration::from_millis(100);
/// Facts on the way from engines.
const REPORTS: usize = 1024;

/// What a face asks for.
pub(super) enum Command {
    Submit(Vec<PlannedTask>, oneshot::Sender<Vec<TaskId>>),
    Cancel(TaskId),
    TakeIn(PlannedTask, oneshot::Sender<Reporter>),
    Renew(Session),
    Shutdown(oneshot::Sender<()>),
}

/// The engine at work in the lane.
struct AtWork {
    id: TaskId,
    cancel: CancelWish,
}

pub(super) struct Actor {
    session: watch::Sender<Session>,
    tasks: Vec<Arc<Task>>,
    index: HashMap<TaskId, usize>,
    /// The first task that may still be queued: everything before it has been taken up.
    next: usize,
    lane: Option<AtWork>,
    engines: JoinSet<()>,
    reports: (mpsc::Sender<Report>, mpsc::Receiver<Report>),
    transitions: mpsc::Sender<Transition>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    /// When the next snapshot is due, if anything changed since the last.
    due: Option<Instant>,
    published: Instant,
    closing: Option<oneshot::Sender<()>>,
}

impl Actor {
    pub fn new(
        session: Session,
        transitions: mpsc::Sender<Transition>,
        snapshots: watch::Sender<Arc<Snapshot>>,
    ) -> Self {
        Self {
            session: watch::Sender::new(session),
            tasks: Vec::new(),
            index: HashMap::new(),
            next: 0,
            lane: None,
            engines: JoinSet::new(),
            reports: mpsc::channel(REPORTS),
            transitions,
            snapshots,
            due: None,
            published: Instant::now(),
            closing: None,
        }
    }

    /// Runs until every handle is gone or a shutdown is done.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break,
                },
                Some(report) = self.reports.1.recv() => self.fold_all(report).await,
                Some(ended) = self.engines.join_next() => self.engine_ended(ended).await,
                () = until(self.due) => self.publish(),
            }
            self.keep_lane_busy();
            if self.may_close() {
                break;
            }
        }
        self.publish();
        if let Some(done) = self.closing.take() {
            let _ = done.send(());
        }
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Submit(planned, answer) => {
                let ids = planned.into_iter().filter_map(|task| self.add(task)).collect();
                let _ = answer.send(ids);
            }
            Command::Cancel(id) => self.cancel(id).await,
            Command::TakeIn(planned, answer) => {
                if let Some(id) = self.add(planned) {
                    self.fold(id, Fact::Launching).await;
                    let _ = answer.send(self.reporter(id));
                }
            }
            Command::Renew(session) => drop(self.session.send_replace(session)),
            Command::Shutdown(answer) => self.closing = Some(answer),
        }
    }

    /// Queues a task under the id it has; `None` if there is one of that id already, which then stays as it is.
    fn add(&mut self, PlannedTask { id, spec }: PlannedTask) -> Option<TaskId> {
        let Entry::Vacant(place) = self.index.entry(id) else { return None };
        place.insert(self.tasks.len());
        let region = self.session.borrow().region().clone();
        let lane = Arc::new(Lane::new(AccountId(String::new()), region));
        self.tasks.push(Arc::new(Task::new(id, PlanId(id.0), lane, spec, now())));
        self.changed();
        Some(id)
    }

    async fn cancel(&mut self, id: TaskId) {
        let moved = self.fold(id, Fact::CancelAsked).await;
        if let Some(at_work) = self.lane.as_ref().filter(|at_work| moved && at_work.id == id) {
            at_work.cancel.wish();
        }
    }

    /// Folds `first` and whatever else has come meanwhile, so that a flood is paid for once a wake-up.
    async fn fold_all(&mut self, first: Report) {
        let mut next = Some(first);
        let mut left = REPORTS;
        while let Some(Report { id, fact, answer }) = next {
            let held = self.closing.is_some() && matches!(fact, Fact::Launching);
            let recorded = !held && self.fold(id, fact).await;
            if let Some(answer) = answer {
                let _ = answer.send(recorded);
            }
            left -= 1;
            next = if left > 0 { self.reports.1.try_recv().ok() } else { None };
        }
    }

    /// Folds one fact; tells the transition. Answers whether the task moved.
    async fn fold(&mut self, id: TaskId, fact: Fact) -> bool {
        let Some(task) = self.index.get(&id).and_then(|at| self.tasks.get_mut(*at)) else { return false };
        let reduced = reduce(Arc::make_mut(task), fact, now());
        let task = Arc::clone(task);
        match reduced {
            Reduced::Ignored => false,
            Reduced::Changed => {
                self.changed();
                false
            }
            Reduced::Moved(before) => {
                tracing::info!(task = %id, group = %task.spec.group, from = before.word(), to = task.state.word(), "moved");
                self.changed();
                // A face that has gone away needs to hear nothing.
                let _ = self.transitions.send(Transition { before, task }).await;
                true
            }
        }
    }

    /// Starts the next task if the lane is free. One managed task at a time: the account's quota in the Region.
    fn keep_lane_busy(&mut self) {
        if self.lane.is_some() || self.closing.is_some() {
            return;
        }
        let Some(skip) = self.tasks[self.next..].iter().position(|task| task.state == State::Queued) else {
            self.next = self.tasks.len();
            return;
        };
        self.next += skip;
        let task = Arc::clone(&self.tasks[self.next]);
        let cancel = CancelWish::none();
        let engine = Managed {
            session: self.session.subscribe(),
            attempt: task.attempt(),
            spec: task.spec.clone(),
            reporter: self.reporter(task.id),
            cancel: cancel.clone(),
        };
        self.engines.spawn(engine.run());
        self.lane = Some(AtWork { id: task.id, cancel });
    }

    async fn engine_ended(&mut self, ended: Result<(), JoinError>) {
        let Some(at_work) = self.lane.take() else { return };
        // What it reported last may have come while its end was being noticed.
        if let Ok(report) = self.reports.1.try_recv() {
            self.fold_all(report).await;
        }
        self.next += usize::from(self.next < self.tasks.len());
        if let Err(crash) = ended {
            let problem = Problem::new(ProblemKind::Unknown, "Engine").saying(crash.to_string());
            self.fold(at_work.id, Fact::Failed { problem, left: None }).await;
        }
    }

    fn reporter(&self, id: TaskId) -> Reporter {
        Reporter { id, to: self.reports.0.clone() }
    }

    fn changed(&mut self) {
        self.due.get_or_insert_with(|| self.published + PUBLISH);
    }

    fn publish(&mut self) {
        if self.due.take().is_some() {
            self.published = Instant::now();
            self.snapshots.send_replace(Arc::new(Snapshot { tasks: self.tasks.clone() }));
        }
    }

    /// A launch under way holds a closing up, its answer must be noted; so does a cancel not yet passed on to AWS.
    fn may_close(&self) -> bool {
        let held_up = self.lane.as_ref().is_some_and(|at_work| {
            let state = self.index.get(&at_work.id).map(|at| self.tasks[*at].state);
            match state {
                Some(State::Launching) => true,
                Some(State::Cancelling) => at_work.cancel.is_there(),
                _ => false,
            }
        });
        self.closing.is_some() && !held_up
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}
