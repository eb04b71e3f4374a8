//! A lane as this process drives it: the session, the lease, and the engines at work.
//!
//! What the lane holds is read from the ledger each time; nothing here is truth but the engines themselves.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::cancel::Wishes;
use super::clearance::Clearance;
use super::direct::read::{Budgets, SHARE};
use crate::aws::Session;
use crate::domain::engine::EngineKind;
use crate::domain::names::TaskId;
use crate::domain::place::Lane;
use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;

/// How long a lane is ours without a sign of life. Another process takes over when it has run out: within 15 seconds of
/// our death, its own rhythm of looking included.
pub(super) const LEASE: Duration = Duration::from_secs(10);
/// How often the lease is renewed.
const RENEW: Duration = Duration::from_secs(3);
/// How often a lane that another process drives is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How the lease of a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is ours for a while yet.
    Ours,
    /// It was another's a moment ago.
    Anothers,
    /// The ledger is to be asked for it, or to renew it.
    ToBeAsked,
}

/// The number of an engine, counted by the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EngineId(pub u64);

/// Direct exports at once in a lane. They share its quotas: the second fills the gaps the first leaves, and more would
/// only take longer each.
pub(super) const DIRECT_AT_ONCE: usize = 2;

/// An engine at work on a task of the lane.
pub(super) struct AtWork {
    /// Which of all engines: what one reports that was stopped since is not of the lane as it stands.
    pub engine: EngineId,
    /// Of which kind it is.
    pub kind: EngineKind,
    /// What it is to heed.
    pub wishes: Wishes,
    /// Its tokio task.
    pub handle: AbortHandle,
    /// It waits for the slot with a task that is not the next any more: it may not launch it.
    pub withdrawn: bool,
    /// The wish was handed over; AWS is not asked twice because of one.
    asked: bool,
}

/// Makes the checks of the task whose turn is next. Ends when it is dropped.
struct Scout {
    task: TaskId,
    handle: AbortHandle,
}

impl Drop for Scout {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

/// A lane this process can reach.
pub(super) struct DrivenLane {
    /// Which.
    pub lane: Arc<Lane>,
    /// The way there; credentials are renewed by putting another one in.
    pub session: watch::Sender<Session>,
    /// The engines, by their tasks.
    pub at_work: HashMap<TaskId, AtWork>,
    /// Until when the lane is ours; `None`: it is not.
    pub held_until: Option<Timestamp>,
    /// When it is to be looked at again although nothing is heard of it.
    pub look_at: Option<Instant>,
    /// Requests that direct exports may send, all together.
    pub budgets: Arc<Budgets>,
    /// Whether a launch is unanswered, a cancel not passed on, or a direct export not put down: a closing waits for all
    /// three.
    pub holds_closing_up: bool,
    scout: Option<Scout>,
}

impl DrivenLane {
    /// Nothing known yet.
    pub fn new(lane: Arc<Lane>, session: Session) -> Self {
        let budgets = match lane.endpoint {
            // An emulator says by itself what is too much for it.
            Some(_) => Budgets::unbounded(),
            None => Budgets::of_quota(&lane.region, SHARE),
        };
        Self {
            lane,
            budgets: Arc::new(budgets),
            session: watch::Sender::new(session),
            at_work: HashMap::new(),
            held_until: None,
            look_at: None,
            holds_closing_up: false,
            scout: None,
        }
    }

    /// Whether the lane was ours and the lease has run out by `now`: another may have had it since.
    pub fn has_run_out(&self, now: Timestamp) -> bool {
        self.held_until.is_some_and(|until| now >= until)
    }

    /// How the lease stands at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        let due = self.look_at.is_none_or(|at| at <= Instant::now());
        match self.held_until {
            // The clock on the wall goes on while a machine sleeps; the other one does not.
            Some(until) if !due && now < until => Standing::Ours,
            None if !due => Standing::Anothers,
            Some(_) | None => Standing::ToBeAsked,
        }
    }

    /// It is ours until then.
    pub fn hold(&mut self, until: Timestamp) {
        self.held_until = Some(until);
        self.look_at = Some(Instant::now() + RENEW);
    }

    /// It is another's: whatever engines do here must stop.
    pub fn lose(&mut self) {
        self.held_until = None;
        self.holds_closing_up = false;
        self.look_at = Some(Instant::now() + LOOK);
        self.look_at_nothing();
        for (_, engine) in self.at_work.drain() {
            engine.handle.abort();
        }
    }

    /// Nothing is left to do here.
    pub fn rest(&mut self) {
        self.look_at = None;
        self.holds_closing_up = false;
        self.look_at_nothing();
    }

    /// Has the checks of `task`, which is next, made and kept recent, unless that is done already.
    pub fn look_ahead(&mut self, task: TaskId, clearance: Clearance) {
        if self.scout.as_ref().is_none_or(|scout| scout.task != task) {
            let handle = tokio::spawn(async move { clearance.keep_recent().await }).abort_handle();
            self.scout = Some(Scout { task, handle });
        }
    }

    /// Nothing is next.
    pub fn look_at_nothing(&mut self) {
        self.scout = None;
    }

    /// Whether there is room for another engine of this kind.
    pub fn has_room(&self, kind: EngineKind) -> bool {
        let most = match kind {
            EngineKind::Managed => 1,
            EngineKind::Direct => DIRECT_AT_ONCE,
        };
        self.at_work.values().filter(|engine| engine.kind == kind).count() < most
    }

    /// Has direct exports put themselves down.
    pub fn stop_direct(&mut self) {
        for engine in self.at_work.values().filter(|engine| engine.kind == EngineKind::Direct) {
            engine.wishes.stop();
            self.holds_closing_up = true;
        }
    }

    /// Hands wishes to cancel over; withdraws tasks that wait in the queue and are not among the `next` any more.
    /// `begun`: the tasks that are, or may be, at work.
    pub fn pass_on(&mut self, begun: &[Task], next: &[Task]) {
        for (id, engine) in &mut self.at_work {
            match begun.iter().find(|task| task.id == *id) {
                Some(task) => engine.heed(task.state),
                None if next.iter().all(|task| task.id != *id) => engine.withdraw(),
                None => {}
            }
        }
        let unanswered = |task: &Task| match task.state {
            State::Launching => true,
            State::Cancelling => self.at_work.get(&task.id).is_some_and(|engine| engine.wishes.is_cancel()),
            _ => false,
        };
        self.holds_closing_up = begun.iter().any(unanswered);
    }

    /// Whether `engine` is the one at work on `id`.
    pub fn is_at_work(&self, id: TaskId, engine: EngineId) -> bool {
        self.at_work.get(&id).is_some_and(|at_work| at_work.engine == engine)
    }

    /// Whether the engine of `id` may launch it.
    pub fn may_launch(&self, id: TaskId) -> bool {
        self.at_work.get(&id).is_some_and(|at_work| !at_work.withdrawn)
    }
}

impl AtWork {
    /// Just put to work.
    pub const fn new(engine: EngineId, kind: EngineKind, wishes: Wishes, handle: AbortHandle) -> Self {
        Self { engine, kind, wishes, handle, withdrawn: false, asked: false }
    }

    fn heed(&mut self, state: State) {
        let cancelling = state == State::Cancelling;
        if cancelling && !self.asked {
            self.wishes.cancel();
        }
        self.asked = cancelling;
    }

    /// Wakes it, so that it asks whether it may launch, and is told that it may not.
    fn withdraw(&mut self) {
        if !self.withdrawn {
            self.withdrawn = true;
            self.wishes.withdraw();
        }
    }
}
