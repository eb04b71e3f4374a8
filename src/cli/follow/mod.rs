//! Following tasks to their ends: `export --wait`, `run`, `tasks watch` and `tasks cancel` stand on it.
//!
//! It hears every transition in its [`Scope`], whichever process drives, and has the [`Narrator`] tell it. Whether this
//! process drives as well is its caller's business. Lines are made in [`plain`] and [`record`], the bar at the foot of a
//! terminal in [`bar`]; [`Summary`] counts the ends.

mod bar;
#[cfg(test)]
pub mod fixtures;
pub mod foot;
mod narrator;
pub mod plain;
mod progress;
pub mod record;
pub mod scope;
pub mod summary;
mod words;

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use color_eyre::eyre::{Report, eyre};
use tokio::sync::{mpsc, watch};

use super::signals::Signals;
use crate::domain::names::TaskId;
use crate::domain::place::Lane;
use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;
use crate::export::{Queue, Snapshot, Terms, Transition};
use crate::ledger::{Cursor, Ledger, LedgerError, TaskFilter};
use crate::tui::EndedBySignal;

pub use narrator::Narrator;
pub use progress::Progress;
pub use scope::Scope;
pub use summary::Summary;
pub use words::lane_paused as lane_paused_words;
pub use words::lane_remedy;
pub use words::problem as problem_words;
pub use words::wait as wait_words;

/// How long a launch under way may take to be answered after a signal: one attempt of a call (15 s) and a look whether AWS
/// has the task would be too long for somebody who has pressed Ctrl-C; a second signal ends the wait.
const GRACE: Duration = Duration::from_secs(10);
/// Open and ended tasks that are read once more after the end.
const LAST_LOOK: usize = 500;
/// Tasks read at once.
const PAGE: usize = 500;

/// Something was heard.
#[derive(Debug)]
pub enum Heard {
    /// A task moved.
    Moved(Transition),
    /// The queue as a whole stands differently. What moved before was heard before.
    Stands,
}

/// A queue and what is told of it.
pub struct Follower {
    /// The queue.
    pub queue: Queue,
    /// Who tells it.
    pub narrator: Narrator,
    /// How things ended so far.
    pub summary: Summary,
    scope: Scope,
    transitions: mpsc::Receiver<Transition>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// The last wait told of a task: rounds of waiting for the same slot are told once.
    waits: HashMap<TaskId, String>,
    /// The paused lanes told of while something waits there.
    held: HashSet<Arc<Lane>>,
    progress: Progress,
    started: Timestamp,
}

impl Follower {
    /// Starts a queue on `ledger` and begins to listen. Nothing is driven yet.
    pub async fn start(ledger: Ledger, terms: Terms, scope: Scope, narrator: Narrator) -> Result<Self, LedgerError> {
        let (queue, transitions) = Queue::start(ledger, terms).await?;
        let mut snapshots = queue.snapshots();
        snapshots.mark_changed();
        let (summary, waits, held, progress) =
            (Summary::default(), HashMap::new(), HashSet::new(), Progress::default());
        Ok(Self { queue, narrator, summary, scope, transitions, snapshots, waits, held, progress, started: now() })
    }

    /// Counts what has ended already of the plan that is followed.
    pub async fn take_in_the_past(&mut self) -> Result<(), LedgerError> {
        let Scope::Plan(plan) = self.scope else { return Ok(()) };
        let filter = TaskFilter { plan: Some(plan), ..TaskFilter::default() };
        let mut after = None;
        loop {
            let page = self.queue.ledger().tasks(filter.clone(), after, PAGE).await?;
            for task in &page {
                self.summary.take(task);
            }
            after = page.last().map(Cursor::from);
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// The next thing that happens. Nothing is lost if it is not waited for.
    pub async fn next(&mut self) -> Result<Heard, Report> {
        tokio::select! {
            biased;
            moved = self.transitions.recv() => moved.map(Heard::Moved),
            changed = self.snapshots.changed() => changed.ok().map(|()| Heard::Stands),
        }
        .ok_or_else(|| eyre!("the queue ended by itself"))
    }

    /// Tells and counts what was heard.
    pub fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Moved(moved) => self.moved(&moved),
            Heard::Stands => {
                let snapshot = Arc::clone(&self.snapshots.borrow_and_update());
                self.tell_of_held_lanes(&snapshot);
                let at = now();
                for task in self.progress.take(&snapshot, &self.scope, at) {
                    if let Some(telling) = self.progress.telling(&task, at) {
                        self.narrator.progress(&task, telling);
                    }
                }
                self.narrator.stands(&snapshot, &self.scope, &self.summary, self.started, &self.progress);
            }
        }
    }

    /// Says of each lane that somebody holds that it is why nothing goes on there; once until it was let go on.
    fn tell_of_held_lanes(&mut self, snapshot: &Snapshot) {
        let held = self.scope.held_lanes(&snapshot.plans, &snapshot.lanes);
        for lane in &held {
            if self.held.insert(Arc::clone(lane)) {
                self.narrator.say(&format!("{}: {} lets it go on", words::lane_paused(lane), words::lane_remedy(lane)));
            }
        }
        self.held.retain(|lane| held.contains(lane));
    }

    /// The queue as it stands. What moved before may not have been heard yet.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshots.borrow())
    }

    /// How many tasks are left, lanes out of reach apart.
    pub fn left(&self, out_of_reach: &HashSet<Arc<Lane>>) -> scope::Left {
        self.scope.left(&self.snapshot(), out_of_reach)
    }

    /// Whether nothing that is followed will move any more by itself.
    pub fn has_come_to_rest(&self) -> bool {
        let snapshot = self.snapshot();
        // A plan that was just queued may not have been read yet.
        let known = match &self.scope {
            Scope::Everything => true,
            Scope::Plan(id) => snapshot.plans.iter().any(|plan| plan.id == *id),
            Scope::Tasks(tasks) => tasks.iter().all(|id| self.summary.has_ended(*id)),
        };
        known && self.scope.left(&snapshot, &HashSet::new()).moving == 0
    }

    /// Whether everything that is followed has ended: what is paused has not.
    pub fn has_ended(&self) -> bool {
        self.left(&HashSet::new()) == scope::Left::default()
    }

    /// Follows until `done`, or until a signal comes.
    pub async fn until(&mut self, signals: &mut Signals, done: impl Fn(&Self) -> bool) -> Result<(), Report> {
        while !done(self) {
            tokio::select! {
                biased;
                ended = signals.next() => {
                    self.interrupt(ended);
                    break;
                }
                heard = self.next() => { let heard = heard?; self.hear(heard); }
            }
        }
        Ok(())
    }

    /// Notes that a signal ends it, and says so.
    pub fn interrupt(&mut self, ended: EndedBySignal) {
        self.summary.interrupted = Some(ended);
        self.narrator.say(&format!("logferry: {}: launching nothing more", ended.name));
    }

    /// Ends without a summary.
    pub async fn leave(mut self, signals: &mut Signals) -> Result<(), Report> {
        self.end(signals).await
    }

    /// Ends, tells the summary, and answers its exit code.
    pub async fn conclude(mut self, signals: &mut Signals) -> Result<ExitCode, Report> {
        self.end(signals).await?;
        self.narrator.summary(&self.summary);
        Ok(ExitCode::from(self.summary.exit_code()))
    }

    /// Gives the lanes up, hears what still happens, and completes the summary. A second signal, and nothing is waited for.
    async fn end(&mut self, signals: &mut Signals) -> Result<(), Report> {
        let queue = self.queue.clone();
        let closing = queue.shutdown(GRACE);
        tokio::pin!(closing);
        loop {
            tokio::select! {
                biased;
                _ = signals.next() => break,
                Some(moved) = self.transitions.recv() => self.moved(&moved),
                () = &mut closing => break,
            }
        }
        while let Ok(moved) = self.transitions.try_recv() {
            self.moved(&moved);
        }
        self.narrator.clear();
        self.look_once_more().await?;
        Ok(())
    }

    /// What is left, as the ledger has it now, and ends that were not heard of any more.
    async fn look_once_more(&mut self) -> Result<(), LedgerError> {
        let board = self.queue.ledger().board(LAST_LOOK, LAST_LOOK).await?;
        let (scope, started) = (self.scope.clone(), self.started);
        let followed = |task: &Task| scope.has(task);
        let late = |task: &&Task| followed(task) && task.ended.is_some_and(|ended| ended >= started);
        for task in board.tasks.iter().filter(late) {
            self.summary.take(task);
        }
        let active = board.tasks.iter().filter(|task| task.state.is_in_aws() && followed(task));
        self.summary.active = active.cloned().map(Arc::new).collect();
        let plans = board.plans.into_iter().filter(|plan| scope.counts(plan) && plan.counts.queued > 0);
        let plans: Vec<_> = plans.map(Arc::new).collect();
        self.summary.still_queued = plans.iter().map(|plan| plan.counts.queued).sum();
        let lanes: Vec<_> = board.lanes.into_iter().map(Arc::new).collect();
        self.summary.paused_lanes = self.scope.held_lanes(&plans, &lanes);
        self.summary.paused = plans.into_iter().filter(|plan| plan.pause.is_some()).collect();
        Ok(())
    }

    fn moved(&mut self, moved: &Transition) {
        if !self.scope.has(&moved.task) {
            return;
        }
        if self.is_news(moved) {
            self.narrator.transition(moved);
        }
        self.summary.take(&moved.task);
        if moved.moment.state.is_end() {
            self.waits.remove(&moved.task.id);
        }
    }

    fn is_news(&mut self, Transition { task, moment, .. }: &Transition) -> bool {
        match moment.state {
            State::Launching => !self.waits.contains_key(&task.id),
            State::Queued => {
                let remark = moment.remark.clone();
                self.waits.insert(task.id, remark.clone()) != Some(remark)
            }
            State::Pending
            | State::Running
            | State::Cancelling
            | State::Completed
            | State::Failed
            | State::Cancelled => true,
        }
    }
}

/// The time.
pub fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}
