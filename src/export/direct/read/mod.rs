//! Reading: everything a log group holds in a window, exactly once, as pages on a bounded channel.
//!
//! Discovery lists the streams, `hand_out` cuts the work into units, a `chain` reads each page by page within the budget
//! of requests. A unit of which much is left gives a part of itself away while there are places and requests to spare, so
//! that one large stream is read as fast as many. Knows nothing of lines, gzip or objects.

mod budget;
mod chain;
mod gauges;
mod hand_out;
mod insist;
mod listing;
mod open_streams;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::sync::mpsc::{self, error::TrySendError};

use crate::aws::Session;
use crate::domain::direct::progress::{Delivery, Progress};
use crate::domain::direct::unit::{StreamName, Streams, UnitId};
use crate::domain::inventory::GroupClass;
use crate::domain::preflight::GroupAnswer;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::TimeRange;

pub use budget::{Budget, Budgets, SHARE};
pub use gauges::{Counter, Extent, Flag, Gauges, Turns};

use chain::Places;
use hand_out::HandOut;

/// Chains read at once unless told otherwise: enough to hide AWS's answering time, few enough that the pages in hand
/// stay within some tens of megabytes.
pub const CHAINS: usize = 8;

/// What is read, and by what means.
#[derive(Clone, Debug)]
pub struct Source {
    /// Whose credentials and Region.
    pub session: Session,
    /// The log group's name.
    pub group: String,
    /// Events from its start until before its end.
    pub window: TimeRange,
    /// Only streams whose names begin so.
    pub stream_prefix: Option<String>,
    /// A CloudWatch Logs filter pattern: only FilterLogEvents can apply it.
    pub pattern: Option<String>,
    /// Requests that may be sent; shared by all that read in the same account and Region.
    pub budgets: Arc<Budgets>,
    /// Chains read at once, at least one.
    pub chains: usize,
    /// Which call reads.
    pub by: ReadBy,
}

/// Which call reads a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadBy {
    /// Whichever is likely to be faster.
    #[default]
    Auto,
    /// GetLogEvents, stream by stream.
    Streams,
    /// FilterLogEvents, over time.
    Group,
}

/// A stream that could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Which.
    pub stream: StreamName,
    /// Why.
    pub problem: Problem,
}

/// How reading ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Streams that were deleted meanwhile: a task with any of these has failed, for something of them is missing.
    pub lost: Vec<Lost>,
}

/// What the chains of a run have in common.
pub(super) struct Shared {
    source: Source,
    gauges: Arc<Gauges>,
    out: mpsc::Sender<Delivery>,
    next: AtomicU64,
    /// Chains that may be given away at present.
    places: AtomicUsize,
    given: Places,
}

/// Nobody takes deliveries any more.
struct Gone;

/// Reads what `resume` leaves to be read of `source`, and delivers it to `out`. Stops when dropped.
///
/// # Errors
/// What ended it: a failure that does not pass, of any call. What was delivered is good; the progress it makes is where
/// another run goes on.
pub async fn read(
    source: Source,
    resume: &Progress,
    out: mpsc::Sender<Delivery>,
    gauges: Arc<Gauges>,
) -> Result<Summary, Problem> {
    check_class(&source).await?;
    let (given, receiver) = mpsc::unbounded_channel();
    let shared = Shared {
        source: Source { chains: source.chains.max(1), ..source },
        gauges,
        out,
        next: AtomicU64::new(resume.next_id().0),
        places: AtomicUsize::new(0),
        given,
    };
    let shared = Arc::new(shared);
    shared.gauges.extent.begin(shared.source.window);
    let read = HandOut::new(Arc::clone(&shared), receiver, resume).run(resume).await;
    shared.gauges.is_through.set();
    read
}

/// Some classes of log groups can be read by neither call (CloudWatch Logs user guide, "Log classes"): said before anything
/// is begun.
async fn check_class(source: &Source) -> Result<(), Problem> {
    let GroupAnswer::Own(group) = source.session.find_group(&source.group).await? else { return Ok(()) };
    match group.class {
        GroupClass::Standard | GroupClass::Other(_) => Ok(()),
        GroupClass::InfrequentAccess | GroupClass::Delivery => {
            let text = format!(
                "log groups of class {} support neither GetLogEvents nor FilterLogEvents: use the managed engine",
                group.class.word()
            );
            let region = &source.session.region().0;
            Err(Problem::new(ProblemKind::InvalidRequest, "GetLogEvents")
                .on(&source.group)
                .in_region(region)
                .saying(text))
        }
    }
}

impl Shared {
    fn next_id(&self) -> UnitId {
        UnitId(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// So many chains may be given away.
    fn offer_places(&self, places: usize) {
        self.places.store(places, Ordering::Relaxed);
    }

    /// A place for a chain that is given away, if there is one.
    fn claim_place(&self) -> Option<&Places> {
        let less_one = |places: usize| places.checked_sub(1);
        self.places.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less_one).ok().map(|_| &self.given)
    }

    /// Whether the budget holds up the call that reads `streams`: another chain would only wait.
    fn is_bound(&self, streams: &Streams) -> bool {
        self.budget(streams).is_binding()
    }

    /// The budget of the call that reads `streams`.
    fn budget(&self, streams: &Streams) -> &Budget {
        match streams {
            Streams::One(_) => &self.source.budgets.get,
            Streams::All => &self.source.budgets.filter,
        }
    }

    /// Requests a second of GetLogEvents and of FilterLogEvents; the same for both where nothing bounds them.
    fn rates(&self) -> (f64, f64) {
        let budgets = &self.source.budgets;
        (budgets.get.per_second().unwrap_or(f64::MAX), budgets.filter.per_second().unwrap_or(f64::MAX))
    }

    /// Streams counted so far, and whether those are all.
    fn streams_counted(&self) -> (u64, bool) {
        (self.gauges.streams_known.get(), self.gauges.extent.are_all_known())
    }

    /// Delivers, and notes if the writer lets it wait.
    async fn deliver(&self, delivery: Delivery) -> Result<(), Gone> {
        match self.out.try_send(delivery) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(Gone),
            Err(TrySendError::Full(delivery)) => {
                self.gauges.deliveries.during(self.out.send(delivery)).await.map_err(|_| Gone)
            }
        }
    }

    /// A buffer for the next page.
    #[expect(clippy::unused_self, reason = "the pool of buffers is to come")]
    fn buffer(&self) -> Vec<u8> {
        Vec::new()
    }
}
