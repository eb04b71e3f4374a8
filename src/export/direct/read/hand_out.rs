//! Handing out units: which chain is read next, and where reading goes on when a unit ends.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};

use super::chain::{self, Chain, End};
use super::listing::{Listed, Listing};
use super::open_streams::OpenStreams;
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
    chains: JoinSet<(Streams, Result<End, Problem>)>,
    /// Chains that others gave away.
    given: mpsc::UnboundedReceiver<Chain>,
    /// Counts streams while the group is read over time.
    counting: JoinSet<()>,
    open: OpenStreams,
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
    /// Streams that were looked at ahead.
    ahead: VecDeque<LogStream>,
    listing: Option<Listing>,
    from: i64,
    /// Only streams that have appeared since the first listing.
    is_late: bool,
    /// Whether streams are passed over here that nobody has counted: earlier runs read them.
    resumes: bool,
    /// Whether its streams were counted already.
    is_counted: bool,
}

impl HandOut {
    pub fn new(shared: Arc<Shared>, given: mpsc::UnboundedReceiver<Chain>, resume: &Progress) -> Self {
        Self {
            shared,
            chains: JoinSet::new(),
            given,
            counting: JoinSet::new(),
            open: OpenStreams::default(),
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
            self.shared.gauges.extent.change_over(self.shared.gauges.streams_known.get());
            feed = Feed { listing: Some(Listing::default()), from, is_counted: true, ..Feed::default() };
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
        let (listing, from, is_late) = match resume.cursor() {
            Cursor::Start => return self.choose().await,
            Cursor::Streams { after, from } => (Some(Listing::after(after.clone())), *from, false),
            Cursor::Sweep => (None, from, false),
            Cursor::Late { from } => (Some(Listing::default()), *from, true),
        };
        self.take_up(&waiting, listing.is_none());
        let mut feed = Feed { waiting, listing, from, is_late, resumes: true, ..Feed::default() };
        self.look_ahead(&mut feed).await?;
        Ok(feed)
    }

    /// Counts what earlier runs have read of units that were not read to their ends.
    fn take_up(&mut self, waiting: &VecDeque<Chain>, over_time: bool) {
        let extent = &self.shared.gauges.extent;
        if over_time {
            extent.sweep();
        }
        let left = |chain: &Chain| chain.unit.until - chain.reached();
        let of_sort = waiting.iter().filter(|chain| (chain.unit.streams == Streams::All) == over_time);
        let left: i64 = of_sort.map(left).sum();
        for chain in waiting {
            self.open.add(&chain.unit.streams);
        }
        let begun = if over_time { 1 } else { i64::try_from(self.open.len()).unwrap_or(i64::MAX) };
        extent.add(self.window_millis().saturating_mul(begun) - left);
    }

    fn window_millis(&self) -> i64 {
        let window = self.shared.source.window;
        window.to().millis() - window.from().millis()
    }

    /// Looks at so many streams that it can be told whether they are few.
    async fn look_ahead(&mut self, feed: &mut Feed) -> Result<(), Problem> {
        while feed.ahead.len() <= FEW
            && let Some(stream) = self.find(feed).await?
        {
            feed.ahead.push_back(stream);
        }
        Ok(())
    }

    /// Decides by how many streams there are, as far as that is quickly known.
    async fn choose(&mut self) -> Result<Feed, Problem> {
        let from = self.shared.source.window.from().millis();
        let mut feed = Feed { listing: Some(Listing::default()), from, ..Feed::default() };
        let by = if self.shared.source.pattern.is_some() { ReadBy::Group } else { self.shared.source.by };
        match by {
            ReadBy::Streams => return Ok(feed),
            ReadBy::Group => return self.sweep(false).await,
            ReadBy::Auto => self.look_ahead(&mut feed).await?,
        }
        if feed.ahead.len() <= FEW {
            return Ok(feed);
        }
        self.counting.spawn(count(Arc::clone(&self.shared), feed.listing.unwrap_or_default(), self.started));
        self.sweep(true).await
    }

    /// The whole window as one unit.
    async fn sweep(&mut self, probing: bool) -> Result<Feed, Problem> {
        let window = self.shared.source.window;
        let from = window.from().millis();
        let unit = Unit { streams: Streams::All, from, until: window.to().millis() };
        self.shared.gauges.extent.sweep();
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
                    self.start_given(chain);
                    continue;
                }
                if self.chains.is_empty() {
                    return Ok(());
                }
            }
            self.shared.offer_places(room);
            tokio::select! {
                Some(ended) = self.chains.join_next() => self.ended(ended)?,
                Some(chain) = self.given.recv() => self.start_given(chain),
            }
        }
    }

    fn start(&mut self, chain: Chain) {
        let (shared, streams) = (Arc::clone(&self.shared), chain.unit.streams.clone());
        self.chains.spawn(async move { (streams, chain::read(shared, chain).await) });
    }

    fn start_given(&mut self, chain: Chain) {
        self.open.add(&chain.unit.streams);
        self.start(chain);
    }

    fn ended(&mut self, ended: Result<(Streams, Result<End, Problem>), JoinError>) -> Result<(), Problem> {
        // What the chain has given away before it ended is of the same stream. It has a place.
        while let Ok(chain) = self.given.try_recv() {
            self.start_given(chain);
        }
        // A chain that panicked is a defect of ours: what it was to read is missing, so reading has failed.
        let broken = |error: JoinError| Problem::new(ProblemKind::Unknown, "ReadEvents").saying(error.to_string());
        let (streams, ended) = ended.map_err(broken)?;
        match ended? {
            End::Whole => self.shared.gauges.streams_done.add(u64::from(self.open.end(&streams))),
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
        let ahead = feed.ahead.pop_front();
        let found = if ahead.is_some() { ahead } else { self.find(feed).await? };
        let Some(row) = found else { return Ok(None) };
        let young = self.is_young(&row);
        let until = self.shared.source.window.to().millis();
        let unit = Unit { streams: Streams::One(row.name.clone()), from: feed.from, until };
        let cursor = if feed.is_late {
            Cursor::Late { from: feed.from }
        } else {
            Cursor::Streams { after: Some(row.name.clone()), from: feed.from }
        };
        self.young.extend(young.then_some(row.name));
        self.begin(unit, cursor, young).await.map(Some)
    }

    /// The next stream of `feed` that is to be read. It is known from now on.
    async fn find(&self, feed: &mut Feed) -> Result<Option<LogStream>, Problem> {
        let Some(listing) = &mut feed.listing else { return Ok(None) };
        while let Some(Listed { stream, was_handed_out }) = listing.next(&self.shared).await? {
            let is_old = feed.is_late && (!self.is_young(&stream) || self.young.contains(&stream.name));
            if !self.is_candidate(&stream) {
                continue;
            }
            if !was_handed_out && !is_old {
                if !feed.is_counted {
                    self.count(feed.from);
                }
                return Ok(Some(stream));
            }
            if feed.resumes {
                self.count_begun(&stream);
            }
        }
        self.shared.gauges.extent.know_all();
        Ok(None)
    }

    /// Counts a stream that is to be read, from this instant on.
    fn count(&self, from: i64) {
        let gauges = &self.shared.gauges;
        gauges.streams_known.add(1);
        gauges.extent.add(from - self.shared.source.window.from().millis());
    }

    /// Counts a stream that an earlier run has begun. What is still open of it was counted.
    fn count_begun(&self, stream: &LogStream) {
        let gauges = &self.shared.gauges;
        gauges.streams_known.add(1);
        if !self.open.has(&stream.name) {
            gauges.streams_done.add(1);
            gauges.extent.add(self.window_millis());
        }
    }

    async fn begin(&mut self, unit: Unit, cursor: Cursor, young: bool) -> Result<Chain, Problem> {
        let id = self.shared.next_id();
        self.open.add(&unit.streams);
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

/// Counts the rest of the streams that are to be read.
async fn count(shared: Arc<Shared>, mut listing: Listing, started: Timestamp) {
    let (gauges, window) = (&shared.gauges, shared.source.window);
    loop {
        match listing.next(&shared).await {
            Ok(Some(Listed { stream, .. })) => {
                gauges.streams_known.add(u64::from(!is_outside(&stream, window, started)));
            }
            Ok(None) => return gauges.extent.know_all(),
            // Only an estimate waits for it.
            Err(problem) => return tracing::debug!(%problem, "streams were not counted"),
        }
    }
}

/// Whoever takes deliveries has stopped: its own failure says why.
fn unwanted() -> Problem {
    Problem::new(ProblemKind::Interrupted, "ReadEvents").saying("nobody takes what is read any more")
}
