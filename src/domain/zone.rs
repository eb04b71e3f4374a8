//! Time zones: where a person reads and types times, and where a plan's days, weeks and months begin.
//!
//! Pure but for one thing: [`Zone::Local`] is whatever zone the machine keeps. Everything that turns instants into wall
//! clocks or back goes through here, so that a gap or a repeated hour is understood the same way everywhere.

mod named;

use std::fmt;

use chrono::format::Item;
use chrono::{DateTime, Local, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use thiserror::Error;

pub use named::NamedZone;

use super::nearest::nearest;
use super::time::Timestamp;

/// How a person reads and types times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Coordinated Universal Time: what AWS keeps, and the default.
    #[default]
    Utc,
    /// The zone of the machine this runs on.
    Local,
    /// A zone of the IANA database, such as `Europe/Berlin`.
    Named(NamedZone),
}

/// A name no zone goes by, with the name that was probably meant.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown time zone {name:?}: {}", .near.map_or_else(|| ZONE_FORMS.to_owned(), |near| format!("did you mean {near}?")))]
pub struct UnknownZone {
    /// What was given.
    pub name: String,
    /// The known name nearest to it.
    pub near: Option<&'static str>,
}

/// What to give as a zone, where no known name is near.
const ZONE_FORMS: &str = "UTC, Local or a name such as Europe/Berlin";

/// The names of the two zones that are not of the IANA database.
const UTC: &str = "UTC";
const LOCAL: &str = "Local";

impl Zone {
    /// The other one of UTC and local time; from a named zone, UTC.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::Utc => Self::Local,
            Self::Local | Self::Named(_) => Self::Utc,
        }
    }

    /// The zone called `name`: `UTC`, `Local`, or a name of the IANA database; upper and lower case count the same.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let name = name.trim();
        if name.eq_ignore_ascii_case(UTC) {
            return Ok(Self::Utc);
        }
        if name.eq_ignore_ascii_case(LOCAL) {
            return Ok(Self::Local);
        }
        NamedZone::find(name).map(Self::Named).ok_or_else(|| UnknownZone { name: name.to_owned(), near: near(name) })
    }

    /// The name that [`Zone::parse`] takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utc => UTC,
            Self::Local => LOCAL,
            Self::Named(tz) => tz.name(),
        }
    }

    /// What clocks in this zone show at `at`, with their offset; `None` outside the years chrono can express.
    pub fn wall_clock(self, at: Timestamp) -> Option<DateTime<chrono::FixedOffset>> {
        let utc = at.utc()?;
        let naive = utc.naive_utc();
        let offset = match self {
            Self::Utc => return Some(utc.fixed_offset()),
            Self::Local => Local.offset_from_utc_datetime(&naive).fix(),
            Self::Named(tz) => tz.offset_from_utc_datetime(&naive).fix(),
        };
        // At the very ends of the calendar the offset may lead out of it.
        naive.checked_add_offset(offset).map(|_| utc.with_timezone(&offset))
    }

    /// `at` written in this zone by `items`, with the zone's own abbreviation for `%Z`; `None` if `at` is in no calendar
    /// or an item cannot be written.
    pub fn write(self, at: Timestamp, items: &[Item<'_>]) -> Option<String> {
        use fmt::Write;
        self.wall_clock(at)?;
        let utc = at.utc()?;
        let mut text = String::new();
        match self {
            Self::Utc => write!(text, "{}", utc.format_with_items(items.iter())),
            Self::Local => write!(text, "{}", utc.with_timezone(&Local).format_with_items(items.iter())),
            Self::Named(tz) => write!(text, "{}", utc.with_timezone(&tz).format_with_items(items.iter())),
        }
        .ok()
        .map(|()| text)
    }

    /// The instants at which clocks in this zone show `local`; of two the earlier is first.
    pub fn instants(self, local: NaiveDateTime) -> MappedLocalTime<Timestamp> {
        let found = match self {
            Self::Utc => MappedLocalTime::Single(Utc.from_utc_datetime(&local).into()),
            Self::Local => Local.from_local_datetime(&local).map(Timestamp::from),
            Self::Named(tz) => tz.from_local_datetime(&local).map(Timestamp::from),
        };
        match found {
            MappedLocalTime::Ambiguous(one, other) => MappedLocalTime::Ambiguous(one.min(other), one.max(other)),
            MappedLocalTime::Single(_) | MappedLocalTime::None => found,
        }
    }

    /// The first instant at which clocks in this zone show `local`; where they jump over it, the instant of the jump.
    /// `None` at the ends of the calendar.
    pub fn first_instant(self, local: NaiveDateTime) -> Option<Timestamp> {
        match self.instants(local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at),
            MappedLocalTime::None => self.end_of_gap(local),
        }
    }

    /// The first instant of `day`: its midnight, or the end of the gap where the clocks jump over midnight, as they did
    /// in Brazil and do in Lebanon, or over the whole day, as in Samoa on 2011-12-30.
    pub fn day_start(self, day: NaiveDate) -> Option<Timestamp> {
        self.first_instant(day.and_time(NaiveTime::MIN))
    }

    /// The instant at which the clocks jump over `local`, which they never show.
    fn end_of_gap(self, local: NaiveDateTime) -> Option<Timestamp> {
        let read_as_utc = Timestamp::from(local.and_utc());
        let margin = GAP_MARGIN.to_std().ok()?;
        let shown = |at| self.wall_clock(at).map(|shown| shown.naive_local());
        first_where(read_as_utc.before(margin), read_as_utc.after(margin), |at| shown(at).is_some_and(|at| at >= local))
    }

    /// The first instant after `from`, up to `to`, at which the offset is another than just before.
    pub fn offset_change(self, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        let offset = |at| self.wall_clock(at).map(|shown| *shown.offset());
        let before = offset(from);
        first_where(from, to, |at| offset(at) != before)
    }
}

/// No zone is further from UTC than 14 hours, and no jump was longer than a day.
const GAP_MARGIN: TimeDelta = TimeDelta::hours(48);

/// The instant in (`low`, `high`] from which on `holds`, which does not at `low`; `None` if it does not at `high` either.
fn first_where(low: Timestamp, high: Timestamp, holds: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
    let (mut low, mut high) = (low.millis(), high.millis());
    if low >= high || !holds(Timestamp::from_millis(high)) {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(Timestamp::from_millis(middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(Timestamp::from_millis(high))
}

/// The zone whose name, or whose city alone, is nearest to `name`.
fn near(name: &str) -> Option<&'static str> {
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    nearest(name, NamedZone::names().chain([UTC, LOCAL])).or_else(|| {
        let meant = nearest(name, NamedZone::names().map(city))?;
        NamedZone::names().find(|name| city(name) == meant)
    })
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::format::StrftimeItems;
    use chrono_tz::{America, Asia, Europe, Pacific, TZ_VARIANTS};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn refusal(name: &str) -> String {
        Zone::parse(name).unwrap_err().to_string()
    }

    #[test]
    fn zones_go_by_their_names_in_any_case() {
        assert_eq!(Zone::parse("utc"), Ok(Zone::Utc));
        assert_eq!(Zone::parse(" LOCAL "), Ok(Zone::Local));
        assert_eq!(Zone::parse("europe/berlin"), Ok(Zone::Named(Europe::Berlin.into())));
        assert_eq!(Zone::Named(Europe::Berlin.into()).to_string(), "Europe/Berlin");
    }

    #[test]
    fn an_unknown_zone_names_the_one_that_was_meant() {
        assert_eq!(refusal("Europe/Berln"), "unknown time zone \"Europe/Berln\": did you mean Europe/Berlin?");
        assert_eq!(refusal("berlin"), "unknown time zone \"berlin\": did you mean Europe/Berlin?");
        assert_eq!(refusal("Sao Paulo"), "unknown time zone \"Sao Paulo\": did you mean America/Sao_Paulo?");
        assert_eq!(refusal("lcoal"), "unknown time zone \"lcoal\": did you mean Local?");
        let none = "UTC, Local or a name such as Europe/Berlin";
        assert_eq!(refusal("the moon, far side"), format!("unknown time zone \"the moon, far side\": {none}"));
        assert_eq!(refusal("\u{1b}"), format!("unknown time zone \"\\u{{1b}}\": {none}"));
    }

    #[test]
    fn toggling_goes_between_utc_and_local_time() {
        assert_eq!(Zone::Utc.toggled(), Zone::Local);
        assert_eq!(Zone::Utc.toggled().toggled(), Zone::Utc);
        assert_eq!(Zone::Named(Europe::Berlin.into()).toggled(), Zone::Utc);
    }

    #[test]
    fn a_day_without_a_midnight_begins_where_the_gap_ends() {
        for (zone, date, start) in [
            (America::Sao_Paulo, "2018-11-04", "2018-11-04T03:00:00.000Z"),
            (Asia::Beirut, "2026-03-29", "2026-03-28T22:00:00.000Z"),
            (Pacific::Apia, "2011-12-30", "2011-12-30T10:00:00.000Z"),
        ] {
            let midnight = day(date).and_time(NaiveTime::MIN);
            assert_eq!(Zone::Named(zone.into()).instants(midnight), MappedLocalTime::None, "{zone}");
            assert_eq!(Zone::Named(zone.into()).day_start(day(date)).unwrap().to_string(), start, "{zone}");
        }
    }

    #[test]
    fn a_midnight_that_comes_twice_is_the_earlier() {
        let havana = Zone::Named(America::Havana.into());
        assert_eq!(havana.day_start(day("2025-11-02")).unwrap().to_string(), "2025-11-02T04:00:00.000Z");
    }

    #[test]
    fn instants_are_written_in_the_zone_with_its_abbreviation() {
        let at = Timestamp::from_millis(1_786_298_400_000); // 2026-08-09T18:00:00Z
        let items = StrftimeItems::new("%Y/%m/%d %H %Z").parse_to_owned().unwrap();
        assert_eq!(Zone::Utc.write(at, &items).unwrap(), "2026/08/09 18 UTC");
        assert_eq!(Zone::Named(Asia::Tokyo.into()).write(at, &items).unwrap(), "2026/08/10 03 JST");
        assert_eq!(Zone::Utc.write(Timestamp::from_millis(i64::MAX), &items), None);
    }

    #[test]
    fn an_offset_s_change_is_found_to_the_millisecond() {
        let berlin = Zone::Named(Europe::Berlin.into());
        let at = |text: &str| Timestamp::from(text.parse::<DateTime<Utc>>().unwrap());
        let change = at("2026-03-29T01:00:00Z");
        assert_eq!(berlin.offset_change(at("2026-03-29T00:17:00Z"), at("2026-03-29T02:00:00Z")), Some(change));
        assert_eq!(berlin.offset_change(at("2026-03-29T00:17:00Z"), change), Some(change));
        assert_eq!(berlin.offset_change(change, at("2026-03-29T02:00:00Z")), None);
    }

    proptest! {
        #[test]
        fn every_zone_is_read_back_from_its_name(at in 0..TZ_VARIANTS.len()) {
            let zone = Zone::Named(TZ_VARIANTS[at].into());
            let again = Zone::parse(zone.name());
            // `UTC` itself is in the database too.
            prop_assert!(again == Ok(zone) || (zone.name() == UTC && again == Ok(Zone::Utc)));
        }

        #[test]
        fn what_a_clock_shows_leads_back_to_the_instant(at in 0..TZ_VARIANTS.len(), seconds in 1_136_073_600..4_102_444_800_i64) {
            let (zone, at) = (Zone::Named(TZ_VARIANTS[at].into()), Timestamp::from_millis(seconds * 1000));
            let back = zone.instants(zone.wall_clock(at).unwrap().naive_local());
            prop_assert!(back.earliest() == Some(at) || back.latest() == Some(at));
        }

        #[test]
        fn no_instant_and_no_name_panics(millis: i64, name in any::<String>()) {
            let _ = Zone::parse(&name);
            for zone in [Zone::Utc, Zone::Local, Zone::Named(Asia::Kolkata.into())] {
                let _ = (zone.wall_clock(Timestamp::from_millis(millis)), zone.name());
            }
            for date in [NaiveDate::MIN, NaiveDate::MAX] {
                let _ = Zone::Named(America::Havana.into()).day_start(date);
            }
        }
    }
}
