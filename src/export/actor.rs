//! The queue's actor: keeps the lanes of this process busy and records what their engines report.
//!
//! It never awaits AWS: engines do, each in a tokio task of its own. What it knows of a task it reads from the ledger when
//! it needs it, because another process may have changed it meanwhile. Nothing is launched that was not recorded first,
//! and nothing is recorded of a lane whose lease is not ours.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::backoff::now;
use super::board::Trouble;
use super::checker::Checker;
use super::lane::{DrivenLane, EngineId};
use super::queue::Terms;
use super::report::{Report, Reporter};
use crate::aws::Session;
use crate::domain::names::TaskId;
use crate::domain::place::Lane;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::reducer::Reduced;
use crate::domain::task::Fact;
use crate::ledger::{Driver, Lease, Ledger, LedgerError};

/// Counters are recorded this often at most, which is as often as snapshots are shown: a commit is a write to the disk, and
/// what came in between is nobody's loss.
const COUNTERS: Duration = Duration::from_millis(100);
/// Facts on the way from engines.
const REPORTS: usize = 1024;
/// Before a ledger that refused is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// What a face asks for.
pub(super) enum Command {
    Work(Arc<Lane>, Session),
    ReportOn(TaskId, oneshot::Sender<Reporter>),
    Shutdown(oneshot::Sender<()>),
}

pub(super) struct Actor {
    pub(super) ledger: Ledger,
    pub(super) driver: Driver,
    pub(super) checker: Checker,
    pub(super) terms: Terms,
    pub(super) lanes: HashMap<Arc<Lane>, DrivenLane>,
    pub(super) engines: JoinSet<()>,
    pub(super) last_engine: EngineId,
    reports: (mpsc::Sender<Report>, mpsc::Receiver<Report>),
    /// Reports that are not recorded: the ledger refused them, and nothing goes on before it takes them.
    unrecorded: Vec<Report>,
    /// The latest counters of tasks, to be recorded when [`Self::counters_due`].
    counters: HashMap<TaskId, Report>,
    counters_due: Option<Instant>,
    try_again: Option<Instant>,
    trouble: watch::Sender<Trouble>,
    /// Engines that have ended, and whose last reports may not be recorded yet.
    ended: Vec<(Arc<Lane>, TaskId)>,
    /// Whether something may have changed in the lanes.
    stale: bool,
    pub(super) closing: Option<oneshot::Sender<()>>,
}

impl Actor {
    pub fn new(
        ledger: Ledger,
        driver: Driver,
        checker: Checker,
        terms: Terms,
        trouble: watch::Sender<Trouble>,
    ) -> Self {
        Self {
            ledger,
            driver,
            checker,
            terms,
            lanes: HashMap::new(),
            engines: JoinSet::new(),
            last_engine: EngineId(0),
            reports: mpsc::channel(REPORTS),
            unrecorded: Vec::new(),
            counters: HashMap::new(),
            counters_due: None,
            try_again: None,
            trouble,
            ended: Vec::new(),
            stale: false,
            closing: None,
        }
    }

    /// Runs until every handle is gone or a shutdown is done.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut news = self.ledger.news();
        loop {
            let (deadline, ready) = (self.deadline(), self.unrecorded.is_empty());
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => break,
                },
                Some(report) = self.reports.1.recv(), if ready => self.take(report),
                Some(ended) = self.engines.join_next_with_id(), if ready => self.engine_ended(ended),
                Ok(()) = news.changed() => self.stale = true,
                () = until(deadline) => self.on_time(),
            }
            match self.go_on().await {
                Ok(()) => self.have_no_trouble(),
                Err(error) => self.have_trouble(&error),
            }
            if self.may_close() {
                break;
            }
        }
        self.close().await;
    }

    /// Records what was reported, and then looks at the lanes if something may have changed there.
    async fn go_on(&mut self) -> Result<(), LedgerError> {
        self.record().await?;
        for (lane, id) in self.ended.drain(..) {
            if let Some(lane) = self.lanes.get_mut(&lane) {
                lane.at_work.remove(&id);
            }
        }
        if std::mem::take(&mut self.stale) { self.tend_all().await } else { Ok(()) }
    }

    fn obey(&mut self, command: Command) {
        self.stale = true;
        match command {
            Command::Work(lane, session) => match self.lanes.get(&lane) {
                Some(known) => drop(known.session.send_replace(session)),
                None => drop(self.lanes.insert(Arc::clone(&lane), DrivenLane::new(lane, session))),
            },
            Command::ReportOn(id, answer) => drop(answer.send(self.reporter(id, None))),
            Command::Shutdown(answer) => self.closing = Some(answer),
        }
    }

    pub(super) fn reporter(&self, id: TaskId, driven: Option<(Arc<Lane>, EngineId)>) -> Reporter {
        Reporter { id, driven, to: self.reports.0.clone() }
    }

    /// Takes in `first` and whatever else has come meanwhile, so that a flood is paid for once a wake-up.
    fn take(&mut self, first: Report) {
        self.sort_in(first);
        while let Ok(report) = self.reports.1.try_recv() {
            self.sort_in(report);
        }
    }

    /// Counters wait for their time, unless something else is told of the task: then they go before it.
    fn sort_in(&mut self, report: Report) {
        if matches!(report.fact, Fact::Landed(_) | Fact::Headway(..)) {
            self.counters.insert(report.id, report);
            self.counters_due.get_or_insert_with(|| Instant::now() + COUNTERS);
            return;
        }
        self.unrecorded.extend(self.counters.remove(&report.id));
        self.unrecorded.push(report);
    }

    /// Records what is unrecorded, lane by lane. What the ledger refuses is kept.
    async fn record(&mut self) -> Result<(), LedgerError> {
        self.refuse();
        while let Some(first) = self.unrecorded.first() {
            let lane = first.lane().cloned();
            let (batch, rest): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.unrecorded).into_iter().partition(|report| report.lane() == lane.as_ref());
            self.unrecorded = rest;
            if let Err((error, batch)) = self.record_batch(lane, batch).await {
                self.unrecorded.splice(0..0, batch);
                return Err(error);
            }
        }
        Ok(())
    }

    /// What may not be recorded is answered so: launches that may not happen any more, and whatever comes of an engine
    /// that was stopped, because its lane was another's meanwhile and the task may be at another attempt by now.
    fn refuse(&mut self) {
        let (closing, lanes) = (self.closing.is_some(), &self.lanes);
        self.unrecorded.retain_mut(|report| {
            let Some((lane, engine)) = &report.driven else { return true };
            let driven = lanes.get(lane).filter(|driven| driven.is_at_work(report.id, *engine));
            let launch = matches!(report.fact, Fact::Launching { .. });
            let may = driven.is_some_and(|driven| !launch || (!closing && driven.may_launch(report.id)));
            if let Some(answer) = report.answer.take_if(|_| !may) {
                let _ = answer.send(false);
            }
            may
        });
    }

    async fn record_batch(
        &mut self,
        lane: Option<Arc<Lane>>,
        batch: Vec<Report>,
    ) -> Result<(), (LedgerError, Vec<Report>)> {
        let facts = batch.iter().map(|report| (report.id, report.fact.clone())).collect();
        let lease = lane.clone().map(|lane| Lease { lane, driver: self.driver.id });
        match self.ledger.fold(facts, now(), lease).await {
            Ok(folded) => {
                for (report, reduced) in batch.into_iter().zip(folded) {
                    answer(report, matches!(reduced, Reduced::Moved(_)));
                }
                Ok(())
            }
            Err(LedgerError::LeaseLost(_)) => {
                // Whoever drives the lane now finds out for itself what these engines had seen.
                if let Some(lost) = lane.and_then(|lane| self.lanes.get_mut(&lane)) {
                    tracing::warn!(lane = %lost.lane, "the lane is driven by another process now");
                    lost.lose();
                }
                for report in batch {
                    answer(report, false);
                }
                Ok(())
            }
            Err(error) => Err((error, batch)),
        }
    }

    fn have_trouble(&mut self, error: &LedgerError) {
        tracing::error!(%error, "the ledger refused");
        self.try_again = Some(Instant::now() + TRY_AGAIN);
        self.trouble.send_replace(Some(error.to_string().into()));
    }

    fn have_no_trouble(&mut self) {
        self.try_again = None;
        self.trouble.send_if_modified(|trouble| trouble.take().is_some());
    }

    fn on_time(&mut self) {
        let at = Instant::now();
        if self.counters_due.is_some_and(|due| due <= at) {
            self.counters_due = None;
            self.unrecorded.extend(self.counters.drain().map(|(_, report)| report));
        }
        let due = |lane: &DrivenLane| lane.look_at.is_some_and(|due| due <= at);
        self.stale |= self.try_again.is_some() || self.lanes.values().any(due);
    }

    fn deadline(&self) -> Option<Instant> {
        if self.try_again.is_some() {
            return self.try_again;
        }
        self.lanes.values().filter_map(|lane| lane.look_at).chain(self.counters_due).min()
    }

    /// An engine has ended, or died. What it reported last is recorded before its lane is looked at again.
    fn engine_ended(&mut self, ended: Result<(tokio::task::Id, ()), JoinError>) {
        let (at, crash) = match ended {
            Ok((at, ())) => (at, None),
            Err(error) => (error.id(), Some(error).filter(JoinError::is_panic)),
        };
        let of_lane = |lane: &DrivenLane| {
            let engine = lane.at_work.iter().find(|(_, engine)| engine.handle.id() == at);
            engine.map(|(id, at_work)| (Arc::clone(&lane.lane), *id, at_work.engine))
        };
        // One that was stopped because its lane was lost is not known any more.
        let Some((lane, id, engine)) = self.lanes.values().find_map(of_lane) else { return };
        while let Ok(report) = self.reports.1.try_recv() {
            self.sort_in(report);
        }
        if let Some(crash) = crash {
            let problem = Problem::new(ProblemKind::Unknown, "Engine").saying(crash.to_string());
            let fact = Fact::Failed { problem, left: None };
            self.sort_in(Report { id, driven: Some((Arc::clone(&lane), engine)), fact, answer: None });
        }
        self.ended.push((lane, id));
        self.stale = true;
    }

    /// A launch under way holds a closing up, its answer must be noted; so does a cancel not yet passed on to AWS.
    fn may_close(&self) -> bool {
        let held_up = !self.unrecorded.is_empty() || self.lanes.values().any(|lane| lane.holds_closing_up);
        self.closing.is_some() && !held_up
    }

    async fn close(&mut self) {
        self.unrecorded.extend(self.counters.drain().map(|(_, report)| report));
        // What cannot be recorded any more is found out by whoever drives the lane next; leases run out by themselves.
        let closed = async { self.record().await.and(self.ledger.release(self.driver.id).await) };
        if let Err(error) = closed.await {
            tracing::warn!(%error, "the lanes could not be given up");
        }
        if let Some(done) = self.closing.take() {
            let _ = done.send(());
        }
    }
}

fn answer(report: Report, recorded: bool) {
    if let Some(answer) = report.answer {
        // An engine that was stopped needs no answer.
        let _ = answer.send(recorded);
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}
