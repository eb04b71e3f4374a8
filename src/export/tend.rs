//! Looking after the lanes: who drives them, what is adopted, and what is launched next.
//!
//! What the lanes hold is read from the ledger each time; the rest of the actor records what engines report.

use std::sync::Arc;

use tokio::time::Instant;

use super::actor::Actor;
use super::backoff::now;
use super::cancel::Wishes;
use super::clearance::Clearance;
use super::lane::{DrivenLane, LEASE, Standing};
use super::managed::{Managed, Start};
use super::queue::Drive;
use crate::domain::place::Lane;
use crate::domain::task::{Task, TaskSpec};
use crate::ledger::LedgerError;

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
        if begun.is_empty() && next.is_none() && lane.at_work.is_empty() {
            return self.give_up(lane).await;
        }
        if !self.have_lease(lane).await? {
            return Ok(());
        }
        for task in begun.iter().filter(|task| !lane.at_work.contains_key(&task.id)).collect::<Vec<_>>() {
            self.set_to_work(lane, task);
        }
        lane.pass_on(&begun, next.as_ref().map(|task| task.id));
        if let Some(task) = next.filter(|_| lane.at_work.is_empty()) {
            self.set_to_work(lane, &task);
        }
        if begun.is_empty() { Ok(()) } else { self.look_ahead(lane).await }
    }

    /// While AWS has a task of the lane, the checks of the one behind it are made.
    async fn look_ahead(&self, lane: &mut DrivenLane) -> Result<(), LedgerError> {
        match self.next(lane, &[]).await? {
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

    /// The task to launch next: none while AWS has another of ours, or while nothing may be launched.
    async fn next(&self, lane: &DrivenLane, begun: &[Task]) -> Result<Option<Task>, LedgerError> {
        if self.closing.is_some() || self.terms.drive == Drive::Begun || !begun.is_empty() {
            return Ok(None);
        }
        self.ledger.next_task(&lane.lane).await
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

    fn set_to_work(&mut self, lane: &mut DrivenLane, task: &Task) {
        let wishes = Wishes::none();
        self.last_engine.0 += 1;
        let id = self.last_engine;
        let engine = Managed {
            session: lane.session.subscribe(),
            attempt: task.attempt(),
            spec: task.spec.clone(),
            retries: self.terms.retries,
            clearance: self.clearance(lane, &task.spec),
            reporter: self.reporter(task.id, Some((Arc::clone(&lane.lane), id))),
            wishes: wishes.clone(),
        };
        let handle = self.engines.spawn(engine.run(Start::of(task)));
        lane.put_to_work(task.id, id, wishes, handle);
    }
}
