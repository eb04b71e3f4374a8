//! Looking after the lanes: who drives them, what is adopted, and what is launched next.
//!
//! What the lanes hold is read from the ledger each time; the rest of the actor records what engines report.

use std::sync::Arc;

use tokio::time::Instant;

use super::actor::Actor;
use super::backoff::now;
use super::cancel::Wishes;
use super::clearance::Clearance;
use super::direct;
use super::lane::{AtWork, DIRECT_AT_ONCE, DrivenLane, LEASE, Standing};
use super::managed::{Managed, Start};
use super::queue::Drive;
use crate::domain::engine::{Engine, EngineKind};
use crate::domain::place::Lane;
use crate::domain::task::{Task, TaskSpec};
use crate::ledger::{Lease, LedgerError};

impl Actor {
    pub(super) async fn tend_all(&mut self) -> Result<(), LedgerError> {
        let lanes: Vec<Arc<Lane>> = self.lanes.keys().cloned().collect();
        for lane in lanes {
            let Some(mut driven) = self.lanes.remove(&lane) else { continue };
            let tended = self.tend(&mut driven).await;
            self.lanes.insert(lane, driven);
            tended?;
        }
        Ok(())
    }

    /// Takes the lane if there is something to do in it, adopts what AWS has, and launches what is next.
    async fn tend(&mut self, lane: &mut DrivenLane) -> Result<(), LedgerError> {
        let begun = self.ledger.at_work(&lane.lane).await?;
        let next = self.next(lane, &begun).await?;
        if begun.is_empty() && next.is_empty() && lane.at_work.is_empty() {
            return self.give_up(lane).await;
        }
        if !self.have_lease(lane).await? {
            return Ok(());
        }
        for task in &begun {
            if self.goes_on(task) {
                self.set_to_work(lane, task);
            }
        }
        lane.pass_on(&begun, &next);
        if self.closing.is_some() {
            lane.stop_direct();
        }
        for task in next {
            if lane.has_room(task.spec.engine.kind()) {
                self.set_to_work(lane, &task);
            }
        }
        if is_slot_ours(&begun) { self.look_ahead(lane).await } else { Ok(()) }
    }

    /// Whether a task that was begun is carried on here. AWS goes on with what it has in any case.
    const fn goes_on(&self, task: &Task) -> bool {
        match task.spec.engine.kind() {
            EngineKind::Managed => true,
            EngineKind::Direct => self.closing.is_none(),
        }
    }

    /// While AWS has a task of the lane, the checks of the one behind it are made.
    async fn look_ahead(&self, lane: &mut DrivenLane) -> Result<(), LedgerError> {
        match self.next_of(lane, EngineKind::Managed).await? {
            Some(task) => {
                let clearance = self.clearance(lane, &task.spec);
                lane.look_ahead(task.id, clearance);
            }
            None => lane.look_at_nothing(),
        }
        Ok(())
    }

    fn clearance(&self, lane: &DrivenLane, spec: &TaskSpec) -> Clearance {
        Clearance {
            checker: self.checker.clone(),
            lane: Arc::clone(&lane.lane),
            session: lane.session.subscribe(),
            spec: spec.clone(),
            since: Instant::now(),
        }
    }

    /// The tasks to launch next: no managed one while AWS has another of ours, and a direct one while there is room.
    async fn next(&self, lane: &DrivenLane, begun: &[Task]) -> Result<Vec<Task>, LedgerError> {
        let mut next = Vec::new();
        if !is_slot_ours(begun) {
            next.extend(self.next_of(lane, EngineKind::Managed).await?);
        }
        if begun.iter().filter(|task| task.spec.engine.kind() == EngineKind::Direct).count() < DIRECT_AT_ONCE {
            next.extend(self.next_of(lane, EngineKind::Direct).await?);
        }
        Ok(next)
    }

    /// The next task of an engine; none while nothing may be launched.
    async fn next_of(&self, lane: &DrivenLane, engine: EngineKind) -> Result<Option<Task>, LedgerError> {
        if self.closing.is_some() || self.terms.drive == Drive::Begun {
            return Ok(None);
        }
        self.ledger.next_task(&lane.lane, engine).await
    }

    /// Whether the lane is ours and was when it was last looked at.
    async fn have_lease(&self, lane: &mut DrivenLane) -> Result<bool, LedgerError> {
        let at = now();
        match lane.standing(at) {
            Standing::Ours => return Ok(true),
            Standing::Anothers => return Ok(false),
            Standing::ToBeAsked => {}
        }
        if lane.has_run_out(at) {
            // Whoever had it since may have ended these tasks and begun them anew: they are taken up as they stand now.
            lane.lose();
        }
        let (renewed, until) = (lane.held_until.is_some(), at.after(LEASE));
        if !self.ledger.take_lease(&lane.lane, &self.driver, at, until).await? {
            lane.lose();
            return Ok(false);
        }
        lane.hold(until);
        // What was read of a lane before it was ours may be old. Taking it is news: it is read again at once.
        Ok(renewed)
    }

    async fn give_up(&self, lane: &mut DrivenLane) -> Result<(), LedgerError> {
        lane.rest();
        if lane.held_until.take().is_some() {
            let at = now();
            self.ledger.take_lease(&lane.lane, &self.driver, at, at).await?;
        }
        Ok(())
    }

    /// Sets an engine to work on a task, unless one is.
    fn set_to_work(&mut self, lane: &mut DrivenLane, task: &Task) {
        if lane.at_work.contains_key(&task.id) {
            return;
        }
        let wishes = Wishes::none();
        self.last_engine.0 += 1;
        let id = self.last_engine;
        let (spec, reporter) = (task.spec.clone(), self.reporter(task.id, Some((Arc::clone(&lane.lane), id))));
        let clearance = self.clearance(lane, &task.spec);
        let handle = match &task.spec.engine {
            Engine::Managed => {
                let engine = Managed {
                    session: lane.session.subscribe(),
                    attempt: task.attempt(),
                    spec,
                    retries: self.terms.retries,
                    clearance,
                    reporter,
                    wishes: wishes.clone(),
                };
                self.engines.spawn(engine.run(Start::of(task)))
            }
            Engine::Direct(choices) => {
                let engine = direct::Direct {
                    session: lane.session.subscribe(),
                    budgets: Arc::clone(&lane.budgets),
                    spec,
                    choices: choices.clone(),
                    retries: self.terms.retries,
                    clearance,
                    reporter,
                    wishes: wishes.clone(),
                    ledger: self.ledger.clone(),
                    lease: Lease { lane: Arc::clone(&lane.lane), driver: self.driver.id },
                };
                self.engines.spawn(engine.run(direct::From::of(task)))
            }
        };
        lane.at_work.insert(task.id, AtWork::new(id, task.spec.engine.kind(), wishes, handle));
    }
}

/// Whether a task of ours has the lane's slot, or may have it.
fn is_slot_ours(begun: &[Task]) -> bool {
    begun.iter().any(|task| task.spec.engine.kind() == EngineKind::Managed)
}
