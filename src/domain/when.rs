//! Instants as people type them: `2026-11-01 14:00`, `2h ago`, `yesterday`, RFC 3339, epoch milliseconds.
//!
//! Pure: "now" and the zone come from the caller. Text that carries no offset is read in the zone; what was understood
//! is for the caller to show, so that nobody exports a range they did not mean.

use chrono::{DateTime, Datelike, Days, MappedLocalTime, Months, NaiveDate, NaiveDateTime, NaiveTime};
use std::time::Duration;
use thiserror::Error;

use super::time::{EARLIEST, Timestamp, Zone};

/// Why a typed instant was not understood. The texts stand under form fields: short, and they say what to type.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WhenError {
    /// Nothing was typed.
    #[error("a time is needed: 2026-11-01 14:00, 2h ago or yesterday")]
    Empty,
    /// No form of writing a time that is known here.
    #[error("not a time: type 2026-11-01 14:00, 2h ago or yesterday")]
    Unknown,
    /// The shape of a date or a time of day, but the calendar has no such thing.
    #[error("no such date or time: check month, day, hour and minute")]
    NotInCalendar,
    /// An offset where it means nothing, or behind a time that is not whole; the same as it can be typed.
    #[error("an offset needs a whole time before it: type {0}")]
    Offset(String),
    /// A relative time in a unit that is not known, or has no fixed length.
    #[error("not a unit of time: type s, m, h, d or w, as in 90m ago")]
    Unit,
    /// Digits that make sense as seconds; the API takes milliseconds.
    #[error("{0} looks like seconds: use {0}000 milliseconds")]
    Seconds(i64),
    /// Digits that make sense neither as milliseconds nor as seconds, where milliseconds alone are taken.
    #[error("not epoch milliseconds: type a date, as in 2026-11-01")]
    Number,
    /// Digits that make sense neither as milliseconds nor as seconds, where both are taken.
    #[error("not epoch seconds or milliseconds: type a date, as in 2026-11-01")]
    EitherNumber,
    /// A time of day that the clocks jumped over.
    #[error("{0} does not exist here: type a later time")]
    Skipped(String),
    /// Understood, but no instant that the API or a calendar holds.
    #[error("that is outside the years 1970 to 9999")]
    OutOfRange,
}

/// An instant as understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The instant.
    pub at: Timestamp,
    /// Whether that time of day comes twice because the clocks go back; the earlier one is taken.
    pub twice: bool,
    /// What digits were taken for, if the instant was given as digits alone: to be echoed.
    pub digits: Option<Epoch>,
}

impl Reading {
    /// An instant that cannot be mistaken for another.
    pub const fn exactly(at: Timestamp) -> Self {
        Self { at, twice: false, digits: None }
    }
}

/// What digits alone count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Epoch {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970, as the API takes them.
    Millis,
}

impl Epoch {
    /// For the echo: `epoch seconds`, `epoch milliseconds`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Seconds => "epoch seconds",
            Self::Millis => "epoch milliseconds",
        }
    }
}

/// What becomes of digits that make sense as seconds alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seconds {
    /// They are an error that says what to type.
    Refused,
    /// They are taken, and the reading says so.
    Taken,
}

/// 2100-01-01T00:00:00Z. Digits up to here are milliseconds; a thousandth of that is taken for seconds.
const LATEST_NUMBER: i64 = 4_102_444_800_000;

/// 9999-12-31T23:59:59.999Z, the last instant RFC 3339 can write.
const LATEST: i64 = 253_402_300_799_999;

/// Ways to write a date with a time of day, without an offset.
const DATE_TIMES: [&str; 4] = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];

/// Ways to write a time of day.
const CLOCKS: [&str; 2] = ["%H:%M:%S%.f", "%H:%M"];

/// The instant meant by `typed`, read at `now` in `zone`.
pub fn parse(typed: &str, now: Timestamp, zone: Zone) -> Result<Timestamp, WhenError> {
    read(typed, now, zone).map(|reading| reading.at)
}

/// Like [`parse`], and tells whether the time of day was ambiguous.
pub fn read(typed: &str, now: Timestamp, zone: Zone) -> Result<Reading, WhenError> {
    read_with(typed, now, zone, Seconds::Refused)
}

/// Like [`read`], but takes epoch seconds too: for the command line and plan files, which echo what was understood.
pub fn read_tolerant(typed: &str, now: Timestamp, zone: Zone) -> Result<Reading, WhenError> {
    read_with(typed, now, zone, Seconds::Taken)
}

fn read_with(typed: &str, now: Timestamp, zone: Zone, seconds: Seconds) -> Result<Reading, WhenError> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(WhenError::Empty);
    }
    let today = zone.wall_clock(now).ok_or(WhenError::OutOfRange)?.date_naive();
    let clock = Clock { now, today, zone, seconds };
    let forms =
        [Clock::number, Clock::word, Clock::ago, Clock::offset_time, Clock::date_time, Clock::date, Clock::time];
    let reading = forms.iter().find_map(|form| form(&clock, text)).unwrap_or_else(|| Err(misread(text)))?;
    if (0..=LATEST).contains(&reading.at.millis()) { Ok(reading) } else { Err(WhenError::OutOfRange) }
}

/// What to say of text that no form recognises.
fn misread(text: &str) -> WhenError {
    if let Some(whole) = with_whole_time(text) {
        return WhenError::Offset(whole);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let dated = digits == 4 && text[digits..].starts_with('-');
    let clocked = (1..=2).contains(&digits) && text[digits..].starts_with(':');
    if dated || clocked { WhenError::NotInCalendar } else { WhenError::Unknown }
}

/// `2026-11-01T00:00:00Z` for `2026-11-01Z`, and `2026-11-01T14:30:00+02:00` for `2026-11-01 14:30+02:00`: RFC 3339 takes
/// nothing shorter.
fn with_whole_time(text: &str) -> Option<String> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']).to_ascii_uppercase();
    let clock = rest.split_at_checked(5).filter(|(clock, _)| NaiveTime::parse_from_str(clock, "%H:%M").is_ok());
    let (clock, offset) = clock.unwrap_or(("00:00", &rest));
    let whole = format!("{date}T{clock}:00{}", offset.trim_start());
    DateTime::parse_from_rfc3339(&whole).is_ok().then_some(whole)
}

/// Where one stands in time while reading.
struct Clock {
    now: Timestamp,
    today: NaiveDate,
    zone: Zone,
    seconds: Seconds,
}

/// `None`: not written in this form. `Some(Err)`: this form, but nothing it can mean.
type Attempt = Option<Result<Reading, WhenError>>;

impl Clock {
    /// Digits alone: epoch milliseconds, or seconds where they are taken. This is the one place that tells them apart;
    /// the two cannot be mistaken, because a plausible count of one is never a plausible count of the other.
    fn number(&self, text: &str) -> Attempt {
        let plausible = |millis: &i64| (EARLIEST.millis()..LATEST_NUMBER).contains(millis);
        let neither = match self.seconds {
            Seconds::Refused => WhenError::Number,
            Seconds::Taken => WhenError::EitherNumber,
        };
        let counted = |millis, unit| Reading { digits: Some(unit), ..Reading::exactly(Timestamp::from_millis(millis)) };
        text.bytes().all(|b| b.is_ascii_digit()).then(|| {
            let number: i64 = text.parse().map_err(|_| neither.clone())?;
            match (number.checked_mul(1000).filter(plausible), self.seconds) {
                _ if plausible(&number) => Ok(counted(number, Epoch::Millis)),
                (Some(millis), Seconds::Taken) => Ok(counted(millis, Epoch::Seconds)),
                (Some(_), Seconds::Refused) => Err(WhenError::Seconds(number)),
                (None, _) => Err(neither),
            }
        })
    }

    /// `now`, or the first instant of a day with a name.
    fn word(&self, text: &str) -> Attempt {
        let month = self.today.with_day(1);
        let day = match text.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>()[..] {
            ["now"] => return Some(Ok(Reading::exactly(self.now))),
            ["today"] => Some(self.today),
            ["yesterday"] => self.today.checked_sub_days(Days::new(1)),
            ["this", "month"] => month,
            ["last", "month"] => month.and_then(|first| first.checked_sub_months(Months::new(1))),
            _ => return None,
        };
        Some(day.ok_or(WhenError::OutOfRange).and_then(|day| self.day_start(day)))
    }

    /// `2h ago`, `90 minutes ago`: that much time before now, days of 24 hours.
    fn ago(&self, text: &str) -> Attempt {
        let lower = text.to_ascii_lowercase();
        let amount = lower.strip_suffix("ago")?.trim_end();
        let digits = amount.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = amount.split_at(digits);
        if number.is_empty() {
            return None;
        }
        let Some(seconds) = unit_seconds(unit.trim_start()) else { return Some(Err(WhenError::Unit)) };
        let span = number.parse::<u64>().ok().and_then(|n| n.checked_mul(seconds)).map(Duration::from_secs);
        Some(span.map(|span| Reading::exactly(self.now.before(span))).ok_or(WhenError::OutOfRange))
    }

    /// RFC 3339, with a `T` or a space: its own offset counts, not the zone.
    #[expect(clippy::unused_self, reason = "one of a table of forms, which share a signature")]
    fn offset_time(&self, text: &str) -> Attempt {
        DateTime::parse_from_rfc3339(text).ok().map(|at| Ok(Reading::exactly(at.into())))
    }

    fn date_time(&self, text: &str) -> Attempt {
        DATE_TIMES.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()).map(|at| self.resolve(at))
    }

    fn date(&self, text: &str) -> Attempt {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| self.day_start(day))
    }

    /// A time of day, today.
    fn time(&self, text: &str) -> Attempt {
        let time = CLOCKS.iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())?;
        Some(self.resolve(self.today.and_time(time)))
    }

    /// The instant at which clocks in the zone show `local`.
    fn resolve(&self, local: NaiveDateTime) -> Result<Reading, WhenError> {
        match self.zone.instants(local) {
            MappedLocalTime::Single(at) => Ok(Reading::exactly(at)),
            MappedLocalTime::Ambiguous(at, _) => Ok(Reading { twice: true, ..Reading::exactly(at) }),
            MappedLocalTime::None => Err(WhenError::Skipped(local.format("%Y-%m-%d %H:%M").to_string())),
        }
    }

    /// The first instant of `day`, which need not be its midnight.
    fn day_start(&self, day: NaiveDate) -> Result<Reading, WhenError> {
        let midnight = day.and_time(NaiveTime::MIN);
        self.resolve(midnight).or_else(|_| self.zone.day_start(day).map(Reading::exactly).ok_or(WhenError::OutOfRange))
    }
}

/// Months and years have no fixed length: they are no units of `ago`.
fn unit_seconds(unit: &str) -> Option<u64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(86_400),
        "w" | "week" | "weeks" => Some(604_800),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{America, Asia, Europe, Tz};
    use proptest::prelude::*;

    /// 2026-11-22T16:57:16.123Z, a Sunday.
    const NOW: Timestamp = Timestamp::from_millis(1_795_366_636_123);

    fn utc(typed: &str) -> String {
        parse(typed, NOW, Zone::Utc).map_or_else(|refused| refused.to_string(), |at| at.to_string())
    }

    fn in_zone(typed: &str, zone: Tz) -> String {
        read(typed, NOW, Zone::Named(zone.into())).unwrap().at.to_string()
    }

    fn tolerant(typed: &str) -> String {
        read_tolerant(typed, NOW, Zone::Utc).map_or_else(
            |refused| refused.to_string(),
            |reading| format!("{} from {}", reading.at, reading.digits.map_or("text", Epoch::words)),
        )
    }

    #[test]
    fn rfc_3339_is_read_by_its_own_offset() {
        assert_eq!(utc("2026-11-01T14:00:00Z"), "2026-11-01T14:00:00.000Z");
        assert_eq!(utc("2026-11-01T14:00:00+02:00"), "2026-11-01T12:00:00.000Z");
        assert_eq!(utc("2026-11-01T14:00:00.1239Z"), "2026-11-01T14:00:00.123Z");
        assert_eq!(utc("2026-11-01 14:00:00Z"), "2026-11-01T14:00:00.000Z");
        assert_eq!(in_zone("2026-11-01T14:00:00Z", Asia::Tokyo), "2026-11-01T14:00:00.000Z");
    }

    #[test]
    fn dates_and_times_are_read_in_the_zone() {
        assert_eq!(utc("2026-11-01 14:00"), "2026-11-01T14:00:00.000Z");
        assert_eq!(utc("2026-11-01 14:00:05"), "2026-11-01T14:00:05.000Z");
        assert_eq!(utc("2026-11-01T14:00:05.250"), "2026-11-01T14:00:05.250Z");
        assert_eq!(utc("  2026-11-01 "), "2026-11-01T00:00:00.000Z");
        assert_eq!(utc("14:00"), "2026-11-22T14:00:00.000Z");
        assert_eq!(in_zone("2026-11-01 14:00", Asia::Beirut), "2026-11-01T12:00:00.000Z");
        assert_eq!(in_zone("2026-11-01", America::Lima), "2026-11-01T05:00:00.000Z");
    }

    #[test]
    fn words_mean_midnights_in_the_zone() {
        assert_eq!(utc("now"), "2026-11-22T16:57:16.123Z");
        assert_eq!(utc("Today"), "2026-11-22T00:00:00.000Z");
        assert_eq!(utc("yesterday"), "2026-11-21T00:00:00.000Z");
        assert_eq!(utc("this month"), "2026-11-01T00:00:00.000Z");
        assert_eq!(utc("last  month"), "2026-10-01T00:00:00.000Z");
        // At 16:57Z it is already Monday in Tokyo.
        assert_eq!(in_zone("today", Asia::Tokyo), "2026-11-22T15:00:00.000Z");
        assert_eq!(in_zone("01:00", Asia::Tokyo), "2026-11-22T16:00:00.000Z");
    }

    #[test]
    fn january_s_last_month_is_december() {
        let january = parse("2026-01-31", NOW, Zone::Utc).unwrap();
        assert_eq!(parse("last month", january, Zone::Utc).unwrap().to_string(), "2025-12-01T00:00:00.000Z");
    }

    #[test]
    fn times_ago_are_counted_back_from_now() {
        assert_eq!(utc("2h ago"), "2026-11-22T14:57:16.123Z");
        assert_eq!(utc("90 minutes ago"), "2026-11-22T15:27:16.123Z");
        assert_eq!(utc("3d ago"), "2026-11-19T16:57:16.123Z");
        assert_eq!(utc("1w ago"), "2026-11-15T16:57:16.123Z");
        assert_eq!(utc("1 Hour AGO"), "2026-11-22T15:57:16.123Z");
        assert_eq!(utc("30s ago"), "2026-11-22T16:56:46.123Z");
        assert_eq!(utc("2 months ago"), "not a unit of time: type s, m, h, d or w, as in 90m ago");
        assert_eq!(utc("99999999999999999999w ago"), "that is outside the years 1970 to 9999");
        assert_eq!(utc("9999w ago"), "that is outside the years 1970 to 9999");
    }

    #[test]
    fn digits_are_epoch_milliseconds_and_never_silently_seconds() {
        assert_eq!(utc("1795366636123"), "2026-11-22T16:57:16.123Z");
        assert_eq!(utc("1136073600000"), "2006-01-01T00:00:00.000Z");
        assert_eq!(utc("1795366636"), "1795366636 looks like seconds: use 1795366636000 milliseconds");
        for neither in ["0", "2026", "20261101", "1795366636123000", "99999999999999999999"] {
            assert_eq!(utc(neither), "not epoch milliseconds: type a date, as in 2026-11-01", "{neither}");
        }
    }

    #[test]
    fn the_tolerant_reading_takes_seconds_and_says_so() {
        assert_eq!(tolerant("1795366636"), "2026-11-22T16:57:16.000Z from epoch seconds");
        assert_eq!(tolerant("1795366636123"), "2026-11-22T16:57:16.123Z from epoch milliseconds");
        assert_eq!(tolerant("1136073600"), "2006-01-01T00:00:00.000Z from epoch seconds");
        assert_eq!(tolerant("1136073600000"), "2006-01-01T00:00:00.000Z from epoch milliseconds");
        assert_eq!(tolerant("last month"), "2026-10-01T00:00:00.000Z from text");
        for neither in ["0", "20261101", "1136073599", "4102444800", "1795366636123000", "99999999999999999999"] {
            let refused = "not epoch seconds or milliseconds: type a date, as in 2026-11-01";
            assert_eq!(tolerant(neither), refused, "{neither}");
        }
    }

    #[test]
    fn what_is_no_time_says_what_to_type() {
        assert_eq!(utc("  "), "a time is needed: 2026-11-01 14:00, 2h ago or yesterday");
        let unknown = "not a time: type 2026-11-01 14:00, 2h ago or yesterday";
        for typed in ["soon", "ago", "2h", "last", "01/11/2026", "-5"] {
            assert_eq!(utc(typed), unknown, "{typed}");
        }
        for typed in ["2026-02-30", "2026-13-01 10:00", "25:00", "2026-11-01 14:61"] {
            assert_eq!(utc(typed), "no such date or time: check month, day, hour and minute", "{typed}");
        }
        for (typed, whole) in [
            ("2026-11-01Z", "2026-11-01T00:00:00Z"),
            ("2026-11-01z", "2026-11-01T00:00:00Z"),
            ("2026-11-01+02:00", "2026-11-01T00:00:00+02:00"),
            ("2026-11-01 14:30Z", "2026-11-01T14:30:00Z"),
            ("2026-11-01T14:30-05:00", "2026-11-01T14:30:00-05:00"),
        ] {
            assert_eq!(utc(typed), format!("an offset needs a whole time before it: type {whole}"), "{typed}");
            assert!(read(whole, NOW, Zone::Utc).is_ok(), "{whole}");
        }
        assert_eq!(utc("1969-12-31"), "that is outside the years 1970 to 9999");
    }

    #[test]
    fn a_time_the_clocks_skip_is_refused() {
        assert_eq!(
            read("2026-03-29 02:30", NOW, Zone::Named(Europe::Berlin.into())).unwrap_err().to_string(),
            "2026-03-29 02:30 does not exist here: type a later time"
        );
        assert_eq!(in_zone("2026-03-29 03:00", Europe::Berlin), "2026-03-29T01:00:00.000Z");
    }

    #[test]
    fn a_time_that_comes_twice_is_the_earlier_and_says_so() {
        let reading = read("2026-10-25 02:30", NOW, Zone::Named(Europe::Berlin.into())).unwrap();
        assert_eq!((reading.at.to_string().as_str(), reading.twice), ("2026-10-25T00:30:00.000Z", true));
        assert!(!read("2026-10-25 03:00", NOW, Zone::Named(Europe::Berlin.into())).unwrap().twice);
    }

    #[test]
    fn a_day_without_a_midnight_begins_where_the_gap_ends() {
        assert_eq!(in_zone("2018-11-04", America::Sao_Paulo), "2018-11-04T03:00:00.000Z");
        assert!(read("2018-11-04 00:00", NOW, Zone::Named(America::Sao_Paulo.into())).is_err());
        let twice = read("2025-11-02", NOW, Zone::Named(America::Havana.into())).unwrap();
        assert_eq!((twice.at.to_string().as_str(), twice.twice), ("2025-11-02T04:00:00.000Z", true));
    }

    proptest! {
        #[test]
        fn whatever_is_printed_is_read_back(millis in EARLIEST.millis()..LATEST_NUMBER, local: bool) {
            let at = Timestamp::from_millis(millis);
            let zone = if local { Zone::Local } else { Zone::Utc };
            prop_assert_eq!(parse(&at.to_string(), NOW, zone), Ok(at));
            prop_assert_eq!(parse(&millis.to_string(), NOW, zone), Ok(at));
            let second = Timestamp::from_millis(millis / 1000 * 1000);
            prop_assert_eq!(parse(&at.show(zone), NOW, zone), Ok(second));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), now: i64) {
            let _ = parse(&text, Timestamp::from_millis(now), Zone::Local);
        }

        #[test]
        fn nothing_like_a_time_panics(text in "[-0-9:TZ+. agohmdwüé]{0,24}", now: i64) {
            for zone in [Zone::Utc, Zone::Local] {
                if let Ok(at) = parse(&text, Timestamp::from_millis(now), zone) {
                    prop_assert!((0..=LATEST).contains(&at.millis()));
                }
            }
            let _ = read_tolerant(&text, NOW, Zone::Named(Europe::Berlin.into()));
        }
    }
}
