//! Cutting a range into windows along the calendar of a zone.
//!
//! Pure and lazy: windows are made one at a time. Back-to-back windows share their boundary (`to` = next `from`), because
//! AWS does not say whether `to` is part of an export: at worst a millisecond twice, never a millisecond lost.

use std::fmt;
use std::time::Duration;

use chrono::{Datelike, Days, Months, NaiveDate, Timelike, Weekday};
use thiserror::Error;

use super::nearest::nearest;
use super::time::{TimeRange, Timestamp};
use super::zone::Zone;

/// How a range is cut: the calendar unit that one window covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Split {
    /// Not at all: one window.
    #[default]
    None,
    /// At every full hour that clocks show; at both when an hour comes twice.
    Hourly,
    /// At every midnight, or where the day begins without one. Days have 23 or 25 hours when clocks change.
    Daily,
    /// At the beginning of every Monday (ISO 8601).
    Weekly,
    /// At the beginning of every first of a month.
    Monthly,
}

/// A word that names no split.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown split {name:?}: {}", .near.map_or_else(|| "none, hourly, daily, weekly or monthly".to_owned(), |near| format!("did you mean {near}?")))]
pub struct UnknownSplit {
    /// What was given.
    pub name: String,
    /// The word nearest to it.
    pub near: Option<&'static str>,
}

impl Split {
    /// All of them, from none to the coarsest.
    pub const ALL: [Self; 5] = [Self::None, Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly];

    /// Its word: `none`, `hourly`, `daily`, `weekly`, `monthly`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// The split that `word` names; upper and lower case count the same.
    pub fn parse(word: &str) -> Result<Self, UnknownSplit> {
        let name = word.trim();
        let found = Self::ALL.into_iter().find(|split| split.word().eq_ignore_ascii_case(name));
        let near = || nearest(name, Self::ALL.map(Self::word));
        found.ok_or_else(|| UnknownSplit { name: name.to_owned(), near: near() })
    }

    /// The windows of `range`, oldest first; the first and the last are cut to the range.
    pub const fn windows(self, range: TimeRange, zone: Zone) -> Windows {
        Windows { split: self, zone, rest: Some(range) }
    }

    /// How many windows `range` has, counted no further than `limit`: a typed year may be thousands of years off.
    pub fn count(self, range: TimeRange, zone: Zone, limit: usize) -> usize {
        self.windows(range, zone).take(limit).count()
    }

    /// The last boundary that is not after `at`: what has begun then is not over yet. `None` without a split.
    pub fn last_boundary(self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        let enough = Duration::from_hours(24 * self.longest_days()?);
        let until = Timestamp::from_millis(at.millis().checked_add(1)?);
        let before = TimeRange::new(at.before(enough), until).ok()?;
        self.windows(before, zone).last().map(TimeRange::from)
    }

    /// More days than lie between two boundaries, jumps of the clocks included.
    const fn longest_days(self) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Hourly => Some(2),
            Self::Daily => Some(4),
            Self::Weekly => Some(16),
            Self::Monthly => Some(66),
        }
    }

    /// The first boundary after `at`; `None` where there is none, or the calendar ends.
    fn next_boundary(self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        match self {
            Self::None => None,
            Self::Hourly => next_hour(at, zone),
            Self::Daily => next_day(at, zone, |day| day.checked_add_days(Days::new(1))),
            Self::Weekly => next_day(at, zone, |day| day.week(Weekday::Mon).checked_last_day()?.succ_opt()),
            Self::Monthly => next_day(at, zone, |day| day.with_day(1)?.checked_add_months(Months::new(1))),
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The windows of a range, oldest first.
#[derive(Clone, Debug)]
pub struct Windows {
    split: Split,
    zone: Zone,
    rest: Option<TimeRange>,
}

impl Iterator for Windows {
    type Item = TimeRange;

    fn next(&mut self) -> Option<TimeRange> {
        let rest = self.rest.take()?;
        let boundary = self.split.next_boundary(rest.from(), self.zone);
        let Some((window, rest)) = boundary.and_then(|at| rest.split_at(at)) else { return Some(rest) };
        self.rest = Some(rest);
        Some(window)
    }
}

/// The first start, after `at`, of a day that `next` leads to from the day clocks show at `at`.
///
/// One step may not be enough: a day that clocks never showed begins and ends at once, and where clocks fall back over
/// midnight the day that follows has begun already.
fn next_day(at: Timestamp, zone: Zone, next: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Option<Timestamp> {
    let mut day = next(zone.wall_clock(at)?.date_naive())?;
    loop {
        let start = zone.day_start(day)?;
        if start > at {
            return Some(start);
        }
        day = next(day)?;
    }
}

/// The first instant after `at` at which clocks show a full hour, or jump over one.
fn next_hour(at: Timestamp, zone: Zone) -> Option<Timestamp> {
    let mut at = at;
    loop {
        let shown = zone.wall_clock(at)?;
        let into_hour = i64::from(shown.minute() * 60 + shown.second()) * 1000 + at.millis().rem_euclid(1000);
        let full = Timestamp::from_millis(at.millis().checked_add(HOUR - into_hour)?);
        // Should the clocks change on the way, what they show then decides, not what they would have shown.
        let reached = zone.offset_change(at, full).unwrap_or(full);
        if reached == full && zone.wall_clock(full)?.offset() == shown.offset() {
            return Some(full);
        }
        let just_before = zone.wall_clock(Timestamp::from_millis(reached.millis() - 1))?.naive_local();
        let then = zone.wall_clock(reached)?.naive_local();
        let hour = |local: chrono::NaiveDateTime| (local.date(), local.hour());
        if hour(then) > hour(just_before) || (then.minute(), then.second()) == (0, 0) {
            return Some(reached);
        }
        at = reached;
    }
}

/// An hour, in milliseconds.
const HOUR: i64 = 3_600_000;

#[cfg(test)]
mod tests;
