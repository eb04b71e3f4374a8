//! Counters of reading, for whoever shows progress.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::direct::headway::Share;
use crate::domain::direct::page::Page;
use crate::domain::direct::quota::Operation;
use crate::domain::time::TimeRange;
use crate::export::direct::lately::Lately;

/// What was read so far. Counted up by the chains, read by whoever likes.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Events delivered.
    pub events: Counter,
    /// Bytes of their messages.
    pub bytes: Counter,
    /// Bytes of the answers they came in.
    pub answered: Counter,
    /// Requests answered, listings not counted.
    pub pages: Counter,
    /// Streams known to have to be read.
    pub streams_known: Counter,
    /// Streams read to their end; stays 0 while the whole group is read over time.
    pub streams_done: Counter,
    /// How much of the range was read.
    pub extent: Extent,
    /// Waits for the turn of a request, by its call.
    pub turns: Turns,
    /// Waits until the writer takes what was read.
    pub deliveries: Lately,
    /// Whether reading has ended.
    pub is_through: Flag,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Counts `n` more.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// The number now.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Something that becomes true once.
#[derive(Debug, Default)]
pub struct Flag(AtomicBool);

impl Flag {
    /// It is true from now on.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Waits of each call.
#[derive(Debug, Default)]
pub struct Turns {
    get: Lately,
    filter: Lately,
    list: Lately,
}

impl Turns {
    /// Those of `call`.
    pub const fn of(&self, call: Operation) -> &Lately {
        match call {
            Operation::GetLogEvents => &self.get,
            Operation::FilterLogEvents => &self.filter,
            Operation::DescribeLogStreams => &self.list,
        }
    }

    /// The call that had to wait for its turn of late, if one had; of several the first that reads events.
    pub fn lately(&self) -> Option<Operation> {
        Operation::ALL.into_iter().find(|call| self.of(*call).is_so())
    }
}

/// How much of the range was read, in milliseconds of it: each stream has all of the window, and so has the whole group
/// while it is read over time.
#[derive(Debug, Default)]
pub struct Extent(Mutex<Parts>);

#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    window: u64,
    over_time: bool,
    all_known: bool,
    read: u64,
}

impl Extent {
    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reading begins.
    pub(super) fn begin(&self, window: TimeRange) {
        self.parts().window = millis(window.to().millis() - window.from().millis());
    }

    /// The whole group is read over time.
    pub(super) fn sweep(&self) {
        self.parts().over_time = true;
    }

    /// The rest is read stream by stream: `known` of them.
    pub(super) fn change_over(&self, known: u64) {
        let mut parts = self.parts();
        parts.read = parts.read.saturating_mul(known);
        parts.over_time = false;
    }

    /// No more streams are looked for.
    pub(super) fn know_all(&self) {
        self.parts().all_known = true;
    }

    /// So many milliseconds more were read.
    pub(super) fn add(&self, read: i64) {
        let mut parts = self.parts();
        parts.read = parts.read.saturating_add(millis(read));
    }

    /// Whether no more streams are looked for.
    pub fn are_all_known(&self) -> bool {
        self.parts().all_known
    }

    /// Whether the whole group is read over time.
    pub fn is_over_time(&self) -> bool {
        self.parts().over_time
    }

    /// How much of all was read, of so many streams; `None` while more of them are looked for.
    pub fn share(&self, known: u64) -> Option<Share> {
        let Parts { window, over_time, all_known, read } = *self.parts();
        match (over_time, all_known) {
            (true, _) => Some(Share::of(read, window)),
            (false, true) => Some(Share::of(read, window.saturating_mul(known))),
            (false, false) => None,
        }
    }
}

fn millis(span: i64) -> u64 {
    u64::try_from(span).unwrap_or(0)
}

impl Gauges {
    /// Counts a page that is delivered.
    pub fn count(&self, page: &Page) {
        self.events.add(page.len() as u64);
        self.bytes.add(page.message_bytes());
    }

    /// How much of all was read, as far as it can be said.
    pub fn share(&self) -> Option<Share> {
        self.extent.share(self.streams_known.get().max(self.streams_done.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn begun() -> Gauges {
        let gauges = Gauges::default();
        let at = Timestamp::from_millis;
        gauges.extent.begin(TimeRange::new(at(1_786_298_400_000), at(1_786_298_401_000)).unwrap());
        gauges
    }

    fn percent(gauges: &Gauges) -> Option<u32> {
        gauges.share().map(Share::percent)
    }

    #[test]
    fn a_share_of_streams_is_told_once_all_are_known() {
        let gauges = begun();
        gauges.streams_known.add(4);
        gauges.extent.add(1_000);
        assert_eq!(percent(&gauges), None);
        gauges.extent.know_all();
        assert_eq!(percent(&gauges), Some(25));
    }

    #[test]
    fn what_was_read_over_time_counts_for_every_stream_once_they_are_read_one_by_one() {
        let gauges = begun();
        gauges.extent.sweep();
        gauges.extent.add(500);
        assert_eq!(percent(&gauges), Some(50), "no stream needs to be known");
        gauges.streams_known.add(200);
        gauges.extent.know_all();
        gauges.extent.change_over(200);
        assert_eq!(percent(&gauges), Some(50));
        gauges.extent.add(50_000);
        assert_eq!(percent(&gauges), Some(75));
    }
}
