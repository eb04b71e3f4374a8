//! Instants and ranges, in the unit CloudWatch Logs uses: milliseconds since the Unix epoch.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use super::zone::Zone;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch, as the API's `from` and `to` take them.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The calendar time in UTC; `None` outside the years chrono can express.
    pub fn utc(self) -> Option<DateTime<Utc>> {
        Utc.timestamp_millis_opt(self.0).single()
    }

    /// This instant in `zone`, to the second, with its offset: `2026-08-09 18:00:00Z`, `2026-08-09 20:00:00+02:00`.
    pub fn show(self, zone: Zone) -> String {
        let Some(shown) = zone.wall_clock(self) else { return format!("{} ms", self.0) };
        let form = if zone == Zone::Utc { "%Y-%m-%d %H:%M:%SZ" } else { "%Y-%m-%d %H:%M:%S%:z" };
        shown.format(form).to_string()
    }

    /// The span from `earlier` to this instant; zero if it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This instant, moved back by `span`.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This instant, moved forward by `span`.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self(time.duration_since(UNIX_EPOCH).map_or_else(|before| -millis(before.duration()), millis))
    }
}

impl<Z: TimeZone> From<DateTime<Z>> for Timestamp {
    fn from(time: DateTime<Z>) -> Self {
        Self(time.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-08-09T18:00:00.000Z`, the form exported lines begin with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.utc() {
            Some(utc) => f.pad(&utc.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => write!(f, "{} ms", self.0),
        }
    }
}

/// No log event can be older: S3 itself began in March 2006, CloudWatch Logs in 2014. An instant before this is a
/// seconds value read as milliseconds (today's seconds are January 1970 in milliseconds), which AWS accepts and
/// answers with an empty export.
pub const EARLIEST: Timestamp = Timestamp(1_136_073_600_000); // 2006-01-01T00:00:00Z

/// AWS: "Log data can take up to 12 hours to become available for export."
pub const AVAILABILITY_LAG: Duration = Duration::from_hours(12);

/// A task's window: `from` inclusive, `to` after it. Back-to-back windows share their boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeRange {
    from: Timestamp,
    to: Timestamp,
}

/// Why two instants are no range to export.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RangeError {
    /// Nothing lies between them.
    #[error("from must be before to")]
    NotBefore,
    /// A seconds value where milliseconds belong.
    #[error("{0} is before 2006: no log is that old")]
    BeforeLogs(Timestamp),
}

impl TimeRange {
    /// The range from `from` to `to`.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, RangeError> {
        if let Some(early) = [from, to].into_iter().find(|at| *at < EARLIEST) {
            return Err(RangeError::BeforeLogs(early));
        }
        if from >= to {
            return Err(RangeError::NotBefore);
        }
        Ok(Self { from, to })
    }

    /// The start, inclusive.
    pub const fn from(self) -> Timestamp {
        self.from
    }

    /// The end.
    pub const fn to(self) -> Timestamp {
        self.to
    }

    /// How long it spans.
    pub fn span(self) -> Duration {
        self.to.since(self.from)
    }

    /// The range up to `at` and the range from it on, sharing that boundary; `None` unless `at` lies strictly inside.
    pub fn split_at(self, at: Timestamp) -> Option<(Self, Self)> {
        (self.from < at && at < self.to).then_some((Self { to: at, ..self }, Self { from: at, ..self }))
    }

    /// The latest `to` whose events are all certain to be exported at `now`, if this range reaches past it.
    pub fn past_availability(self, now: Timestamp) -> Option<Timestamp> {
        let cutoff = now.before(AVAILABILITY_LAG);
        (self.to > cutoff).then_some(cutoff)
    }
}

/// A span for people, in its two largest units: `0s`, `42s`, `3m 07s`, `2h 05m`, `3d 04h`.
pub fn show_span(span: Duration) -> String {
    let s = span.as_secs();
    match s {
        0..60 => format!("{s}s"),
        60..3_600 => format!("{}m {:02}s", s / 60, s % 60),
        3_600..86_400 => format!("{}h {:02}m", s / 3_600, s % 3_600 / 60),
        _ => format!("{}d {:02}h", s / 86_400, s % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NINTH: Timestamp = Timestamp::from_millis(1_786_298_400_000); // 2026-08-09T18:00:00Z
    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn an_instant_reads_as_exported_lines_begin() {
        assert_eq!(NINTH.to_string(), "2026-08-09T18:00:00.000Z");
        assert_eq!(NINTH.after(Duration::from_millis(7)).to_string(), "2026-08-09T18:00:00.007Z");
        assert_eq!(NINTH.show(Zone::Utc), "2026-08-09 18:00:00Z");
    }

    #[test]
    fn an_instant_no_calendar_holds_shows_its_milliseconds() {
        let beyond = Timestamp::from_millis(i64::MAX);
        assert_eq!(beyond.to_string(), "9223372036854775807 ms");
        assert_eq!(beyond.show(Zone::Local), "9223372036854775807 ms");
    }

    #[test]
    fn spans_never_run_backwards() {
        assert_eq!(NINTH.since(NINTH.before(HOUR)), HOUR);
        assert_eq!(NINTH.since(NINTH.after(HOUR)), Duration::ZERO);
    }

    #[test]
    fn times_before_the_epoch_are_negative() {
        assert_eq!(Timestamp::from(UNIX_EPOCH - HOUR).millis(), -3_600_000);
        assert_eq!(Timestamp::from(UNIX_EPOCH + HOUR).millis(), 3_600_000);
    }

    #[test]
    fn a_range_needs_something_in_it() {
        assert_eq!(TimeRange::new(NINTH, NINTH), Err(RangeError::NotBefore));
        assert_eq!(TimeRange::new(NINTH, NINTH.before(HOUR)), Err(RangeError::NotBefore));
        assert_eq!(TimeRange::new(NINTH.before(HOUR), NINTH).map(TimeRange::span), Ok(HOUR));
    }

    #[test]
    fn a_range_is_cut_only_strictly_inside() {
        let whole = TimeRange::new(NINTH, NINTH.after(2 * HOUR)).unwrap();
        let (first, second) = whole.split_at(NINTH.after(HOUR)).unwrap();
        assert_eq!((first.from(), first.to()), (NINTH, NINTH.after(HOUR)));
        assert_eq!((second.from(), second.to()), (NINTH.after(HOUR), whole.to()));
        assert_eq!([whole.split_at(NINTH), whole.split_at(whole.to())], [None, None]);
    }

    #[test]
    fn seconds_read_as_milliseconds_are_refused() {
        let seconds = Timestamp::from_millis(1_786_298_400);
        let refused = TimeRange::new(seconds, seconds.after(HOUR)).unwrap_err();
        assert_eq!(refused, RangeError::BeforeLogs(seconds));
        assert_eq!(refused.to_string(), "1970-01-21T16:11:38.400Z is before 2006: no log is that old");
        assert!(TimeRange::new(EARLIEST, NINTH).is_ok());
        assert_eq!(EARLIEST.to_string(), "2006-01-01T00:00:00.000Z");
    }

    #[test]
    fn only_a_range_that_ends_within_twelve_hours_reaches_past_availability() {
        let range = |to| TimeRange::new(NINTH.before(48 * HOUR), to).unwrap();
        let cutoff = NINTH.before(12 * HOUR);
        assert_eq!(range(cutoff).past_availability(NINTH), None);
        assert_eq!(range(cutoff.after(Duration::from_millis(1))).past_availability(NINTH), Some(cutoff));
        assert_eq!(range(NINTH.after(HOUR)).past_availability(NINTH), Some(cutoff));
    }

    #[test]
    fn spans_show_their_two_largest_units() {
        let shown = |s: u64| show_span(Duration::from_secs(s));
        assert_eq!([shown(0), shown(59), shown(60), shown(3_599)], ["0s", "59s", "1m 00s", "59m 59s"]);
        assert_eq!([shown(3_600), shown(86_399)], ["1h 00m", "23h 59m"]);
        assert_eq!([shown(86_400), shown(31 * 86_400 + 7_200)], ["1d 00h", "31d 02h"]);
    }

    proptest! {
        #[test]
        fn no_instant_panics_when_shown_or_moved(millis: i64, span: u64) {
            let at = Timestamp::from_millis(millis);
            let moved = [at.before(Duration::from_millis(span)), at.after(Duration::from_millis(span))];
            prop_assert!(moved.iter().all(|at| !at.to_string().is_empty() && !at.show(Zone::Local).is_empty()));
            prop_assert!(moved[0] <= at && at <= moved[1]);
        }

        #[test]
        fn a_range_keeps_what_it_was_given(from: i64, to: i64) {
            let (from, to) = (Timestamp::from_millis(from), Timestamp::from_millis(to));
            if let Ok(range) = TimeRange::new(from, to) {
                prop_assert!(EARLIEST <= from && from < to);
                prop_assert_eq!((range.from(), range.to()), (from, to));
            }
        }
    }
}
