//! Which call reads a log group: GetLogEvents stream by stream, or FilterLogEvents over all streams at once.
//!
//! Both give a megabyte a page. What differs is what they waste: GetLogEvents asks once more of every stream to learn
//! that it ends, which is nothing beside large streams and everything beside small ones; FilterLogEvents may give pages
//! that are hardly filled, and its quota is a fifth in some Regions.

use super::stream::LogStream;
use crate::domain::time::{TimeRange, Timestamp};
use std::time::Duration;

/// Up to so many streams are read one by one: the last look at each costs ten seconds in all at 10 requests a second.
pub const FEW: usize = 100;

/// A page of events at its fullest, as CloudWatch Logs counts (GetLogEvents reference: 1 MB).
const FULL: f64 = 1_048_576.0;

/// What CloudWatch Logs counts for an event besides its message, in bytes (PutLogEvents reference).
const OVERHEAD: u64 = 26;

/// Pages before FilterLogEvents is judged.
const PROBE: u64 = 8;

/// The other reader must be this much faster to be changed over to: an estimate is no more than that.
const MARGIN: f64 = 2.0;

/// Events are at most so much ahead of the time they are put (PutLogEvents reference).
const AHEAD: Duration = Duration::from_hours(2);

/// How old what a listing says of a stream may be: "usually less than an hour, in rare situations longer" (LogStream
/// reference).
const STALE: Duration = Duration::from_hours(24);

/// What reading by FilterLogEvents has shown so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Probe {
    /// Pages read.
    pub pages: u64,
    /// Events in them.
    pub events: u64,
    /// Bytes of their messages.
    pub bytes: u64,
    /// What share of the window they cover.
    pub covered: f64,
    /// Streams known so far.
    pub streams: u64,
    /// Whether those are all.
    pub all_known: bool,
}

/// What a probe says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It cannot be said yet.
    Unsure,
    /// FilterLogEvents stays.
    Stay,
    /// GetLogEvents is to read the rest of the window, stream by stream.
    ChangeOver,
}

impl Probe {
    /// What it says, where `get` and `filter` are the requests a second of either call.
    pub fn judge(self, get: f64, filter: f64) -> Verdict {
        if self.pages < PROBE || self.covered <= 0.0 {
            return Verdict::Unsure;
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let [pages, counted, streams] =
            [self.pages, self.bytes + self.events * OVERHEAD, self.streams].map(|n| n as f64);
        let left = (1.0 - self.covered).max(0.0) / self.covered;
        let by_filter = pages * left / filter;
        // A last look at every stream, and on average half a page that is not filled.
        let by_get = streams.mul_add(1.5, counted / FULL * left) / get;
        match by_get * MARGIN < by_filter {
            true if self.all_known => Verdict::ChangeOver,
            // More streams only make it worse.
            true => Verdict::Unsure,
            false => Verdict::Stay,
        }
    }
}

/// Whether none of a stream's events can lie in `window`, by what a listing says at `now`. In doubt it is read.
pub fn is_outside(stream: &LogStream, window: TimeRange, now: Timestamp) -> bool {
    // What a listing says is believed of times long enough ago.
    let settled = window.to() <= now.before(STALE);
    let (Some(last), Some(ingested)) = (stream.last_event, stream.last_ingestion) else { return false };
    settled && last < window.from() && ingested.after(AHEAD) < window.from()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_786_298_400_000);
    const HOUR: Duration = Duration::from_hours(1);

    fn stream(last: Option<Timestamp>, ingested: Option<Timestamp>) -> LogStream {
        LogStream { name: "s".into(), created: None, first_event: None, last_event: last, last_ingestion: ingested }
    }

    #[test]
    fn a_stream_is_left_out_only_if_it_ended_long_before_the_window() {
        let window = TimeRange::new(NOW.before(50 * HOUR), NOW.before(30 * HOUR)).unwrap();
        let at = |hours: u32| Some(NOW.before(hours * HOUR));
        assert!(is_outside(&stream(at(60), at(60)), window, NOW));
        assert!(!is_outside(&stream(at(60), at(51)), window, NOW), "taken in shortly before, it may be ahead");
        assert!(!is_outside(&stream(at(49), at(60)), window, NOW));
        assert!(!is_outside(&stream(None, at(60)), window, NOW), "not said");
        let recent = TimeRange::new(NOW.before(50 * HOUR), NOW.before(HOUR)).unwrap();
        assert!(!is_outside(&stream(at(60), at(60)), recent, NOW), "the listing may not know yet");
    }

    #[test]
    fn a_group_of_large_streams_changes_over_where_filter_is_slow_and_only_once_they_are_counted() {
        let full = Probe { pages: 10, events: 70_000, bytes: 8_600_000, covered: 0.01, streams: 300, all_known: true };
        assert_eq!(full.judge(25.0, 5.0), Verdict::ChangeOver);
        assert_eq!(Probe { all_known: false, ..full }.judge(25.0, 5.0), Verdict::Unsure);
        assert_eq!(full.judge(25.0, 25.0), Verdict::Stay, "nothing is won");
        assert_eq!(Probe { streams: 20_000, all_known: false, ..full }.judge(25.0, 5.0), Verdict::Stay);
        assert_eq!(Probe { pages: 3, ..full }.judge(25.0, 5.0), Verdict::Unsure);
        let sparse = Probe { events: 700, bytes: 86_000, ..full };
        assert_eq!(sparse.judge(25.0, 25.0), Verdict::ChangeOver, "its pages are hardly filled");
    }
}
