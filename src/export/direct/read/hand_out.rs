//! Handing out units: which chain is read next, and where reading goes on when a unit ends.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::chain::{self, Chain, End};
use super::listing::Listing;
use super::{Lost, ReadBy, Shared, Summary};
use crate::domain::direct::choose::{FEW, is_outside};
use crate::domain::direct::mark::Mark;
use crate::domain::direct::page::Page;
use crate::domain::direct::progress::{Cursor, Delivery, Progress, Step};
use crate::domain::direct::stream::LogStream;
use crate::domain::direct::unit::{StreamName, Streams, Unit};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::Timestamp;
use crate::export::backoff::now;

/// Streams created so shortly before reading began may be missing from the first listing: listings lag, and clocks
/// differ.
const MARGIN: Duration = Duration::from_mins(10);

/// The units of one run, and the chains that read them.
pub(super) struct HandOut {
    shared: Arc<Shared>,
    chains: JoinSet<Result<End, Problem>>,
    /// Chains that others gave away.
    given: mpsc::UnboundedReceiver<Chain>,
    /// Counts streams while the group is read over time.
    counting: JoinSet<()>,
    started: Timestamp,
    /// Young streams that were begun.
    young: HashSet<StreamName>,
    /// Where streams are to be read from instead.
    changed_over: Option<i64>,
    lost: Vec<Lost>,
}

/// What there is to hand out in one phase.
#[derive(Default)]
struct Feed {
    waiting: VecDeque<Chain>,
    listing: Option<Listing>,
    from: i64,
    /// Only streams that have appeared since the first listing.
    is_late: bool,
}

impl HandOut {
    pub fn new(shared: Arc<Shared>, given: mpsc::UnboundedReceiver<Chain>, resume: &Progress) -> Self {
        Self {
            shared,
            chains: JoinSet::new(),
            given,
            counting: JoinSet::new(),
            started: resume.started().unwrap_or_else(now),
            young: resume.young().cloned().collect(),
            changed_over: None,
            lost: Vec::new(),
        }
    }

    /// Reads everything that `resume` leaves to be read.
    pub async fn run(mut self, resume: &Progress) -> Result<Summary, Problem> {
        self.tell(Step::Started(self.started)).await?;
        let mut feed = self.first_feed(resume).await?;
        self.drive(&mut feed).await?;
        if let Some(from) = self.changed_over.take() {
            feed = Feed { listing: Some(Listing::default()), from, ..Feed::default() };
            self.drive(&mut feed).await?;
        }
        if feed.listing.is_some() {
            // Streams that have appeared since.
            let mut late =
                Feed { listing: Some(Listing::default()), is_late: true, from: feed.from, ..Feed::default() };
            self.drive(&mut late).await?;
        }
        Ok(Summary { lost: self.lost })
    }

    /// What to begin with: what was open, and where handing out stood.
    async fn first_feed(&mut self, resume: &Progress) -> Result<Feed, Problem> {
        let chain = |(id, open): (_, &crate::domain::direct::progress::Open)| Chain {
            id,
            unit: open.unit.clone(),
            mark: open.mark.clone(),
            probing: false,
        };
        let waiting: VecDeque<Chain> = resume.open_units().map(chain).collect();
        let from = self.shared.source.window.from().millis();
        match resume.cursor() {
            Cursor::Start => self.choose().await,
            Cursor::Streams { after, from } => {
                let listing = Some(Listing::after(after.clone()));
                Ok(Feed { waiting, listing, from: *from, is_late: false })
            }
            Cursor::Sweep => Ok(Feed { waiting, from, ..Feed::default() }),
            Cursor::Late { from } => {
                Ok(Feed { waiting, listing: Some(Listing::default()), from: *from, is_late: true })
            }
        }
    }

    /// Decides by how many streams there are, as far as that is quickly known.
    async fn choose(&mut self) -> Result<Feed, Problem> {
        let from = self.shared.source.window.from().millis();
        let (mut listing, mut rows) = (Listing::default(), Vec::new());
        let by = if self.shared.source.pattern.is_some() { ReadBy::Group } else { self.shared.source.by };
        if by == ReadBy::Auto {
            while rows.len() <= FEW
                && let Some(row) = listing.next(&self.shared).await?
            {
                rows.extend(self.is_candidate(&row).then_some(row));
            }
        }
        match by {
            ReadBy::Streams => {}
            ReadBy::Auto if rows.len() <= FEW => listing.put_back(rows),
            ReadBy::Auto => {
                self.shared.counted.add(rows.len() as u64);
                self.counting.spawn(count(Arc::clone(&self.shared), listing));
                return self.sweep(true).await;
            }
            ReadBy::Group => return self.sweep(false).await,
        }
        Ok(Feed { listing: Some(listing), from, ..Feed::default() })
    }

    /// The whole window as one unit.
    async fn sweep(&mut self, probing: bool) -> Result<Feed, Problem> {
        let window = self.shared.source.window;
        let from = window.from().millis();
        let unit = Unit { streams: Streams::All, from, until: window.to().millis() };
        let mut chain = self.begin(unit, Cursor::Sweep, false).await?;
        chain.probing = probing;
        Ok(Feed { waiting: VecDeque::from([chain]), from, ..Feed::default() })
    }

    /// Keeps as many chains at work as the source allows, until there is nothing left of `feed`.
    async fn drive(&mut self, feed: &mut Feed) -> Result<(), Problem> {
        loop {
            let room = self.shared.source.chains.saturating_sub(self.chains.len());
            if room > 0 {
                if let Some(chain) = self.next(feed).await? {
                    self.start(chain);
                    continue;
                }
                if let Ok(chain) = self.given.try_recv() {
                    self.start(chain);
                    continue;
                }
                if self.chains.is_empty() {
                    return Ok(());
                }
            }
            self.shared.offer_places(room);
            tokio::select! {
                Some(ended) = self.chains.join_next() => self.ended(ended)?,
                Some(chain) = self.given.recv() => self.start(chain),
            }
        }
    }

    fn start(&mut self, chain: Chain) {
        self.chains.spawn(chain::read(Arc::clone(&self.shared), chain));
    }

    fn ended(&mut self, ended: Result<Result<End, Problem>, tokio::task::JoinError>) -> Result<(), Problem> {
        // A chain that panicked is a defect of ours: what it was to read is missing, so reading has failed.
        let broken =
            |error: tokio::task::JoinError| Problem::new(ProblemKind::Unknown, "ReadEvents").saying(error.to_string());
        match ended.map_err(broken)?? {
            End::Whole => self.shared.gauges.streams_done.add(1),
            End::Lost(lost) => self.lost.push(*lost),
            End::ChangedOver(from) => self.changed_over = Some(from),
            End::Unwanted => return Err(unwanted()),
        }
        Ok(())
    }

    /// The next chain of a phase.
    async fn next(&mut self, feed: &mut Feed) -> Result<Option<Chain>, Problem> {
        if let Some(chain) = feed.waiting.pop_front() {
            return Ok(Some(chain));
        }
        let Some(listing) = &mut feed.listing else { return Ok(None) };
        while let Some(row) = listing.next(&self.shared).await? {
            let young = self.is_young(&row);
            if !self.is_candidate(&row) || feed.is_late && (!young || self.young.contains(&row.name)) {
                continue;
            }
            let until = self.shared.source.window.to().millis();
            let unit = Unit { streams: Streams::One(row.name.clone()), from: feed.from, until };
            let cursor = if feed.is_late {
                Cursor::Late { from: feed.from }
            } else {
                Cursor::Streams { after: Some(row.name.clone()), from: feed.from }
            };
            self.shared.gauges.streams_known.add(1);
            self.young.extend(young.then_some(row.name));
            return self.begin(unit, cursor, young).await.map(Some);
        }
        Ok(None)
    }

    async fn begin(&self, unit: Unit, cursor: Cursor, young: bool) -> Result<Chain, Problem> {
        let id = self.shared.next_id();
        self.tell(Step::Began { id, unit: unit.clone(), cursor, young }).await?;
        Ok(Chain { id, unit, mark: Mark::default(), probing: false })
    }

    async fn tell(&self, step: Step) -> Result<(), Problem> {
        self.shared.out.send(Delivery { page: Page::default(), step }).await.map_err(|_| unwanted())
    }

    fn is_candidate(&self, stream: &LogStream) -> bool {
        !is_outside(stream, self.shared.source.window, self.started)
    }

    fn is_young(&self, stream: &LogStream) -> bool {
        stream.created.is_none_or(|created| created >= self.started.before(MARGIN))
    }
}

/// Counts the rest of the streams.
async fn count(shared: Arc<Shared>, mut listing: Listing) {
    loop {
        match listing.next(&shared).await {
            Ok(Some(_)) => shared.counted.add(1),
            Ok(None) => return shared.all_counted.store(true, std::sync::atomic::Ordering::Relaxed),
            // Only an estimate waits for it.
            Err(problem) => return tracing::debug!(%problem, "streams were not counted"),
        }
    }
}

/// Whoever takes deliveries has stopped: its own failure says why.
fn unwanted() -> Problem {
    Problem::new(ProblemKind::Interrupted, "ReadEvents").saying("nobody takes what is read any more")
}
