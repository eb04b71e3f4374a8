//! One unit's chain of pages: asked for, made exact, delivered, until the unit ends or a part of it is given away.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::insist::Attempts;
use super::{Gone, Lost, Shared, Source};
use crate::aws::{EventPage, GroupQuery, StreamQuery};
use crate::domain::direct::choose::{Probe, Verdict};
use crate::domain::direct::interner::Interner;
use crate::domain::direct::mark::{Asked, Mark};
use crate::domain::direct::page::Page;
use crate::domain::direct::progress::{Cursor, Delivery, Step};
use crate::domain::direct::unit::{Streams, Unit, UnitId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::Timestamp;

/// A unit is worth reading from two places at once if about so many pages of it are left.
const WORTH_SPLITTING: f64 = 8.0;

/// A chain to be read, from the start of its unit or from where it stood.
#[derive(Debug)]
pub(super) struct Chain {
    /// Its unit's number.
    pub id: UnitId,
    /// What it covers.
    pub unit: Unit,
    /// How far it was read.
    pub mark: Mark,
    /// Whether it may still turn out that its unit is better read otherwise.
    pub probing: bool,
}

impl Chain {
    /// The instant up to which its unit was read, epoch milliseconds.
    pub fn reached(&self) -> i64 {
        self.mark.last.map_or(self.unit.from, Timestamp::millis).min(self.unit.until)
    }
}

/// How a chain ended.
#[derive(Debug)]
pub(super) enum End {
    /// All of the unit was delivered.
    Whole,
    /// The unit's stream is gone; what of it was read was delivered.
    Lost(Box<Lost>),
    /// The rest of the window is to be read stream by stream, from this instant on.
    ChangedOver(i64),
    /// Nobody takes deliveries any more.
    Unwanted,
}

/// A chain at work.
struct Work {
    shared: Arc<Shared>,
    chain: Chain,
    names: Interner,
    probe: Probe,
    /// Where the unit was cut because the rest is read otherwise.
    changed_over: Option<i64>,
    /// Pages since this chain was taken up, and the instant it was taken up at.
    pages: f64,
    since: i64,
    /// Up to where it was read, as the gauges know it.
    reached: i64,
}

/// Reads `chain` to its end.
pub(super) async fn read(shared: Arc<Shared>, chain: Chain) -> Result<End, Problem> {
    let since = chain.reached();
    let (names, probe) = (Interner::default(), Probe::default());
    Work { shared, chain, names, probe, changed_over: None, pages: 0.0, since, reached: since }.read().await
}

impl Work {
    async fn read(mut self) -> Result<End, Problem> {
        loop {
            let sent = self.chain.mark.token.clone();
            let Unit { from, until, .. } = self.chain.unit;
            let asked = self.chain.mark.query(Asked { from, until });
            let answer = match self.ask(asked, sent.as_deref()).await {
                Ok(answer) => answer,
                Err(problem) if sent.is_some() && is_bad_token(&problem) => {
                    self.chain.mark.restart().map_err(|_| disordered(problem))?;
                    continue;
                }
                Err(problem) => return self.failed(problem),
            };
            match self.take(answer, asked, sent).await {
                Ok(Some(end)) => return Ok(end),
                Ok(None) => {}
                Err(Gone) => return Ok(End::Unwanted),
            }
        }
    }

    fn failed(self, problem: Problem) -> Result<End, Problem> {
        match self.chain.unit.streams {
            // Also said of a group: then the listing that follows says so too.
            Streams::One(stream) if problem.kind == ProblemKind::NotFound => {
                Ok(End::Lost(Box::new(Lost { stream, problem })))
            }
            Streams::One(_) | Streams::All => Err(problem),
        }
    }

    /// The next page.
    async fn ask(&mut self, asked: Asked, token: Option<&str>) -> Result<EventPage, Problem> {
        let Self { shared, chain, names, .. } = self;
        let query = Query { source: &shared.source, unit: &chain.unit, asked, token };
        let mut attempts = Attempts::new(shared.budget(&chain.unit.streams), &shared.gauges);
        loop {
            attempts.turn().await;
            match query.send(names, shared.buffer()).await {
                Ok(page) => return Ok(page),
                Err(problem) => attempts.failed(problem).await?,
            }
        }
    }

    /// Delivers a page; `Some` if it was the last.
    async fn take(&mut self, answer: EventPage, asked: Asked, sent: Option<String>) -> Result<Option<End>, Gone> {
        let EventPage { mut page, next, answered } = answer;
        self.shared.gauges.answered.add(answered);
        self.shared.gauges.pages.add(1);
        self.pages += 1.0;
        // GetLogEvents gives the token back that it was sent, FilterLogEvents none.
        let is_last = next.is_none() || next == sent;
        self.chain.mark.pass(&mut page, next, asked);
        // The unit may have been split since its token was given, by this run or by one before.
        let until = self.chain.unit.until;
        let reaches_past = self.chain.mark.last.is_some_and(|last| last.millis() >= until);
        if reaches_past {
            page.retain(|_, event| event.at.millis() < until);
        }
        let ends_early = reaches_past && self.chain.mark.is_ordered();
        self.shared.gauges.count(&page);
        self.probe.events += page.len() as u64;
        self.probe.bytes += page.message_bytes();
        let ends = is_last || ends_early;
        self.reach(if ends { until } else { self.chain.reached() });
        if ends {
            self.deliver(page, Step::Ended { id: self.chain.id }).await?;
            return Ok(Some(self.changed_over.map_or(End::Whole, End::ChangedOver)));
        }
        self.deliver(page, Step::Reached { id: self.chain.id, mark: self.chain.mark.clone() }).await?;
        if let Some(at) = self.changes_over() {
            return self.change_over(at).await.map(|()| None);
        }
        self.give_away().await.map(|()| None)
    }

    /// Tells the gauges up to where the unit was read.
    fn reach(&mut self, at: i64) {
        self.shared.gauges.extent.add(at - self.reached);
        self.reached = self.reached.max(at);
    }

    async fn deliver(&self, page: Page, step: Step) -> Result<(), Gone> {
        self.shared.deliver(Delivery { page, step }).await
    }

    /// Whether the rest is better read stream by stream: from which instant on.
    fn changes_over(&mut self) -> Option<i64> {
        if !self.chain.probing {
            return None;
        }
        let last = self.chain.mark.last?.millis();
        let Unit { from, until, .. } = self.chain.unit;
        let (get, filter) = self.shared.rates();
        let (streams, all_known) = self.shared.streams_counted();
        let covered = share(last - from, until - from);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pages")]
        let pages = self.pages as u64;
        let probe = Probe { pages, covered, streams, all_known, ..self.probe };
        match probe.judge(get, filter) {
            Verdict::Unsure => None,
            Verdict::Stay => {
                self.chain.probing = false;
                None
            }
            Verdict::ChangeOver => {
                self.chain.probing = false;
                // What was delivered at `last` may not be all of that instant: the unit is read on to its end.
                (last + 1 < until && self.chain.mark.is_ordered()).then_some(last + 1)
            }
        }
    }

    /// Ends the unit before `at`, and leaves the rest of the window to others.
    async fn change_over(&mut self, at: i64) -> Result<(), Gone> {
        self.chain.unit.until = at;
        self.changed_over = Some(at);
        let cursor = Cursor::Streams { after: None, from: at };
        self.deliver(Page::default(), Step::Cut { id: self.chain.id, at, cursor }).await
    }

    /// Gives the later half of what is left to a chain of its own, if there is a place for one and it is worth it.
    async fn give_away(&mut self) -> Result<(), Gone> {
        let Some(last) = self.chain.mark.last.map(Timestamp::millis) else { return Ok(()) };
        let until = self.chain.unit.until;
        let left = until - last;
        let pages_left = self.pages * share(left, last - self.since);
        let is_worth_it = left > 2 && pages_left >= WORTH_SPLITTING && self.chain.mark.is_ordered();
        if self.chain.probing
            || self.changed_over.is_some()
            || !is_worth_it
            || self.shared.is_bound(&self.chain.unit.streams)
        {
            return Ok(());
        }
        let Some(place) = self.shared.claim_place() else { return Ok(()) };
        let (at, rest) = (last + left / 2, self.shared.next_id());
        self.deliver(Page::default(), Step::Split { id: self.chain.id, at, rest }).await?;
        let unit = Unit { from: at, ..self.chain.unit.clone() };
        self.chain.unit.until = at;
        let rest = Chain { id: rest, unit, mark: Mark::default(), probing: false };
        place.send(rest).map_err(|_| Gone)
    }
}

/// What one page is asked for by.
struct Query<'a> {
    source: &'a Source,
    unit: &'a Unit,
    asked: Asked,
    token: Option<&'a str>,
}

impl Query<'_> {
    async fn send(&self, names: &mut Interner, buffer: Vec<u8>) -> Result<EventPage, Problem> {
        let Self { source, unit, asked: Asked { from, until }, token } = *self;
        let group = source.group.as_str();
        match &unit.streams {
            Streams::One(stream) => {
                source.session.stream_events(StreamQuery { group, stream, from, until }, token, buffer).await
            }
            Streams::All => {
                let (prefix, pattern) = (source.stream_prefix.as_deref(), source.pattern.as_deref());
                let query = GroupQuery { group, prefix, pattern, from, until };
                source.session.group_events(query, token, names, buffer).await
            }
        }
    }
}

/// `part` of `whole`, both spans in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn share(part: i64, whole: i64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Whether the service no longer takes the token: it has expired, after 24 hours.
fn is_bad_token(problem: &Problem) -> bool {
    problem.kind == ProblemKind::InvalidRequest
        && problem.message.as_deref().is_some_and(|text| text.to_ascii_lowercase().contains("token"))
}

/// The chain cannot go on by its token nor by time.
fn disordered(problem: Problem) -> Problem {
    let text = problem.message.unwrap_or_default();
    Problem {
        message: Some(format!("{text} (and its events came out of order, so it cannot be taken up by time)")),
        ..problem
    }
}

/// Where chains that were given away go.
pub(super) type Places = mpsc::UnboundedSender<Chain>;
