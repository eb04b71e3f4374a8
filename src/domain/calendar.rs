//! Months as calendars show them: weeks from Monday to Sunday (ISO 8601), and what a day is to somebody who looks for logs.
//!
//! Pure: today and how far back there are logs come from the caller.

use std::time::Duration;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};

use super::time::Timestamp;
use super::zone::Zone;

/// The heads of a week's days.
pub const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// A step from one day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A day back.
    DayBack,
    /// A day on.
    DayOn,
    /// A week back.
    WeekBack,
    /// A week on.
    WeekOn,
    /// A month back; to its last day where it has no such day.
    MonthBack,
    /// A month on; to its last day where it has no such day.
    MonthOn,
}

impl Step {
    /// The day it leads to; the same at the ends of the calendar.
    pub fn from(self, day: NaiveDate) -> NaiveDate {
        let to = match self {
            Self::DayBack => day.checked_sub_days(Days::new(1)),
            Self::DayOn => day.checked_add_days(Days::new(1)),
            Self::WeekBack => day.checked_sub_days(Days::new(7)),
            Self::WeekOn => day.checked_add_days(Days::new(7)),
            Self::MonthBack => day.checked_sub_months(Months::new(1)),
            Self::MonthOn => day.checked_add_months(Months::new(1)),
        };
        // Later years are no dates that can be typed.
        to.filter(|to| (1970..=9999).contains(&to.year())).unwrap_or(day)
    }
}

/// The weeks of the month that `day` is in; what is not of the month is `None`.
pub fn weeks(day: NaiveDate) -> Vec<[Option<NaiveDate>; 7]> {
    let first = day.with_day(1).unwrap_or(day);
    let days = first.iter_days().take_while(|other| other.month() == day.month() && other.year() == day.year());
    let mut weeks: Vec<[Option<NaiveDate>; 7]> = Vec::new();
    for day in days {
        let column = day.weekday().num_days_from_monday() as usize;
        if column == 0 || weeks.is_empty() {
            weeks.push([None; 7]);
        }
        if let Some(slot) = weeks.last_mut().and_then(|week| week.get_mut(column)) {
            *slot = Some(day);
        }
    }
    weeks
}

/// What a day is to somebody who looks for logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// It may hold some.
    Open,
    /// It has not begun.
    Future,
    /// All of it is older than what is kept.
    Gone,
}

/// What `day` in `zone` is at `now`, where events are kept for `retention`; `None` keeps them for ever, or it is not known.
pub fn kind(day: NaiveDate, zone: Zone, now: Timestamp, retention: Option<Duration>) -> DayKind {
    let begins = zone.day_start(day);
    let ends = day.succ_opt().and_then(|next| zone.day_start(next));
    let kept = retention.map(|span| now.before(span));
    match (begins, ends, kept) {
        (Some(begins), _, _) if begins > now => DayKind::Future,
        (_, Some(ends), Some(kept)) if ends <= kept => DayKind::Gone,
        _ => DayKind::Open,
    }
}

/// The last day that has begun before `at` in `zone`: of the end of a range that ends at midnight, the day before.
pub fn day_before(at: Timestamp, zone: Zone) -> Option<NaiveDate> {
    let shown = zone.wall_clock(at)?;
    if shown.time() == NaiveTime::MIN { shown.date_naive().pred_opt() } else { Some(shown.date_naive()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_begins_under_its_weekday_and_ends_with_its_last_day() {
        // The first of November 2026 is a Sunday.
        let weeks = weeks(day("2026-11-22"));
        assert_eq!(weeks.len(), 6);
        assert_eq!((weeks[0][6], weeks[0][5]), (Some(day("2026-11-01")), None));
        assert_eq!((weeks[5][0], weeks[5][1]), (Some(day("2026-11-30")), None));
    }

    #[test]
    fn steps_stay_in_the_calendar_and_months_end_where_they_end() {
        for (step, to) in [
            (Step::DayBack, "2026-03-30"),
            (Step::DayOn, "2026-04-01"),
            (Step::WeekBack, "2026-03-24"),
            (Step::WeekOn, "2026-04-07"),
            (Step::MonthBack, "2026-02-28"),
            (Step::MonthOn, "2026-04-30"),
        ] {
            assert_eq!(step.from(day("2026-03-31")), day(to), "{step:?}");
        }
        assert_eq!(Step::DayBack.from(day("1970-01-01")), day("1970-01-01"));
        assert_eq!(Step::MonthOn.from(day("9999-12-31")), day("9999-12-31"));
    }

    #[test]
    fn days_ahead_and_days_that_are_not_kept_are_told_apart() {
        // 2026-11-22T16:57:16Z; in Tokyo it is the 23rd already.
        let now = Timestamp::from_millis(1_795_366_636_123);
        let three_days = Some(Duration::from_hours(72));
        let utc = |text| kind(day(text), Zone::Utc, now, three_days);
        assert_eq!([utc("2026-11-22"), utc("2026-11-23")], [DayKind::Open, DayKind::Future]);
        assert_eq!([utc("2026-11-19"), utc("2026-11-18")], [DayKind::Open, DayKind::Gone], "half of it is kept still");
        assert_eq!(kind(day("2026-11-23"), Zone::parse("Asia/Tokyo").unwrap(), now, None), DayKind::Open);
        assert_eq!(kind(day("1990-01-01"), Zone::Utc, now, None), DayKind::Open);
    }

    #[test]
    fn a_range_that_ends_at_midnight_ends_with_the_day_before() {
        let at = |text: &str| Timestamp::from(text.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
        assert_eq!(day_before(at("2026-11-22T00:00:00Z"), Zone::Utc), Some(day("2026-11-21")));
        assert_eq!(day_before(at("2026-11-22T00:00:00.001Z"), Zone::Utc), Some(day("2026-11-22")));
    }

    proptest! {
        #[test]
        fn every_day_of_a_month_is_there_once_in_order(offset in 0_u64..30_000) {
            let some = day("1990-01-01") + Days::new(offset);
            let days: Vec<NaiveDate> = weeks(some).into_iter().flatten().flatten().collect();
            prop_assert!(days.contains(&some));
            prop_assert!(days.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])));
            prop_assert_eq!((days[0].day(), days[days.len() - 1].succ_opt().unwrap().day()), (1, 1));
        }
    }
}
