//! Splits on the calendars of real zones: examples first, then what holds for every range and zone.

use super::*;
use chrono::{DateTime, MappedLocalTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::{America, Asia, Australia, Europe, Pacific, TZ_VARIANTS, Tz};
use proptest::prelude::*;

const MINUTE: i64 = 60_000;

fn at(text: &str) -> Timestamp {
    let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { format!("{text}:00Z") };
    text.parse::<DateTime<Utc>>().unwrap().into()
}

fn range(from: &str, to: &str) -> TimeRange {
    TimeRange::new(at(from), at(to)).unwrap()
}

/// The starts of the windows as clocks in `zone` show them, with the length of each in hours.
fn cut(split: Split, zone: Zone, range: TimeRange) -> Vec<String> {
    let shown = |window: TimeRange| {
        let start = zone.wall_clock(window.from()).unwrap().format("%m-%d %H:%M");
        format!("{start} {:.1}h", window.span().as_secs_f64() / 3600.0)
    };
    split.windows(range, zone).map(shown).collect()
}

#[test]
fn a_range_that_is_not_split_is_its_only_window() {
    let range = range("2026-11-01", "2026-12-01");
    assert_eq!(Split::None.windows(range, Zone::Utc).collect::<Vec<_>>(), [range]);
}

#[test]
fn the_first_and_the_last_window_are_cut_to_the_range() {
    let days = cut(Split::Daily, Zone::Utc, range("2026-11-01T18:00", "2026-11-03T06:00"));
    assert_eq!(days, ["11-01 18:00 6.0h", "11-02 00:00 24.0h", "11-03 00:00 6.0h"]);
    let hours = cut(Split::Hourly, Zone::Utc, range("2026-11-01T18:30", "2026-11-01T20:00"));
    assert_eq!(hours, ["11-01 18:30 0.5h", "11-01 19:00 1.0h"]);
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    let weeks = cut(Split::Weekly, Zone::Utc, range("2026-11-01", "2026-11-12"));
    assert_eq!(weeks, ["11-01 00:00 24.0h", "11-02 00:00 168.0h", "11-09 00:00 72.0h"], "2026-11-01 is a Sunday");
    let months = cut(Split::Monthly, Zone::Utc, range("2027-12-31", "2028-03-02"));
    assert_eq!(
        months,
        ["12-31 00:00 24.0h", "01-01 00:00 744.0h", "02-01 00:00 696.0h", "03-01 00:00 24.0h"],
        "February 2028 has 29 days"
    );
}

#[test]
fn a_leap_day_is_a_day() {
    let days = cut(Split::Daily, Zone::Utc, range("2028-02-28", "2028-03-02"));
    assert_eq!(days, ["02-28 00:00 24.0h", "02-29 00:00 24.0h", "03-01 00:00 24.0h"]);
}

#[test]
fn days_have_23_or_25_hours_when_clocks_change() {
    let berlin = Zone::Named(Europe::Berlin.into());
    let spring = cut(Split::Daily, berlin, range("2026-03-27T23:00", "2026-03-30T22:00"));
    assert_eq!(spring, ["03-28 00:00 24.0h", "03-29 00:00 23.0h", "03-30 00:00 24.0h"]);
    let autumn = cut(Split::Daily, berlin, range("2026-10-24T22:00", "2026-10-26T23:00"));
    assert_eq!(autumn, ["10-25 00:00 25.0h", "10-26 00:00 24.0h"]);
}

#[test]
fn a_day_whose_midnight_was_skipped_begins_after_the_gap() {
    let brazil =
        cut(Split::Daily, Zone::Named(America::Sao_Paulo.into()), range("2018-11-03T03:00", "2018-11-06T02:00"));
    assert_eq!(brazil, ["11-03 00:00 24.0h", "11-04 01:00 23.0h", "11-05 00:00 24.0h"]);
    let lebanon = cut(Split::Daily, Zone::Named(Asia::Beirut.into()), range("2026-03-27T22:00", "2026-03-29T21:00"));
    assert_eq!(lebanon, ["03-28 00:00 24.0h", "03-29 01:00 23.0h"]);
}

#[test]
fn a_day_that_clocks_repeat_part_of_is_one_window() {
    // At midnight of the 18th clocks went back to 23:00 of the 17th.
    let brazil =
        cut(Split::Daily, Zone::Named(America::Sao_Paulo.into()), range("2018-02-17T02:00", "2018-02-19T03:00"));
    assert_eq!(brazil, ["02-17 00:00 25.0h", "02-18 00:00 24.0h"]);
}

#[test]
fn a_range_that_begins_after_a_midnight_that_will_come_again_waits_for_the_day_after() {
    // In Newfoundland clocks went back at one minute past midnight: at 03:00Z they show 23:30 of the 6th, and the 7th
    // has begun half an hour ago.
    let days = cut(Split::Daily, Zone::Named(America::St_Johns.into()), range("2010-11-07T03:00", "2010-11-09T03:30"));
    assert_eq!(days, ["11-06 23:30 24.5h", "11-08 00:00 24.0h"]);
}

#[test]
fn a_day_that_never_was_has_no_window() {
    let samoa = cut(Split::Daily, Zone::Named(Pacific::Apia.into()), range("2011-12-29T10:00", "2011-12-31T10:00"));
    assert_eq!(samoa, ["12-29 00:00 24.0h", "12-31 00:00 24.0h"], "Samoa went from the 29th to the 31st");
}

#[test]
fn hours_follow_the_clocks_through_a_change() {
    let berlin = Zone::Named(Europe::Berlin.into());
    let spring = cut(Split::Hourly, berlin, range("2026-03-29T00:00", "2026-03-29T02:00"));
    assert_eq!(spring, ["03-29 01:00 1.0h", "03-29 03:00 1.0h"]);
    let autumn = cut(Split::Hourly, berlin, range("2026-10-25T00:00", "2026-10-25T03:00"));
    assert_eq!(autumn, ["10-25 02:00 1.0h", "10-25 02:00 1.0h", "10-25 03:00 1.0h"], "both hours that are called two");
    let india = cut(Split::Hourly, Zone::Named(Asia::Kolkata.into()), range("2026-11-01T00:00", "2026-11-01T01:30"));
    assert_eq!(india, ["11-01 05:30 0.5h", "11-01 06:00 1.0h"]);
}

#[test]
fn clocks_that_move_by_half_an_hour_still_cut_at_full_hours() {
    let lord_howe = Zone::Named(Australia::Lord_Howe.into());
    // From 02:00 back to 01:30 on 2026-04-05; from 02:00 on to 02:30 on 2026-10-04.
    let autumn = cut(Split::Hourly, lord_howe, range("2026-04-04T14:00", "2026-04-04T16:30"));
    assert_eq!(autumn, ["04-05 01:00 1.5h", "04-05 02:00 1.0h"]);
    let spring = cut(Split::Hourly, lord_howe, range("2026-10-03T14:30", "2026-10-03T16:30"));
    assert_eq!(spring, ["10-04 01:00 1.0h", "10-04 02:30 0.5h", "10-04 03:00 0.5h"]);
}

#[test]
fn windows_are_counted_no_further_than_asked() {
    let month = range("2026-11-01", "2026-12-01");
    assert_eq!(Split::Hourly.count(month, Zone::Utc, 10_000), 720);
    assert_eq!(Split::Hourly.count(month, Zone::Utc, 100), 100);
}

#[test]
fn a_range_beyond_the_calendar_ends_in_one_window() {
    let beyond = TimeRange::new(at("2026-11-01"), Timestamp::from_millis(i64::MAX)).unwrap();
    let from = Timestamp::from_millis(i64::MAX - 1);
    let outside = TimeRange::new(from, Timestamp::from_millis(i64::MAX)).unwrap();
    for split in Split::ALL {
        assert_eq!(split.windows(outside, Zone::Named(Europe::Berlin.into())).count(), 1, "{split}");
        assert!(split.count(beyond, Zone::Utc, 3) <= 3, "{split}");
    }
}

#[test]
fn splits_go_by_their_words() {
    for split in Split::ALL {
        assert_eq!(Split::parse(&split.to_string().to_uppercase()), Ok(split));
    }
    let refused = |word: &str| Split::parse(word).unwrap_err().to_string();
    assert_eq!(refused("dayly"), "unknown split \"dayly\": did you mean daily?");
    assert_eq!(refused("every day"), "unknown split \"every day\": none, hourly, daily, weekly or monthly");
}

/// Zones with an unusual calendar, so that random ones do not miss them, and every other.
fn zones() -> impl Strategy<Value = Tz> {
    let odd =
        [America::Sao_Paulo, Asia::Beirut, America::Havana, Australia::Lord_Howe, Pacific::Apia, America::St_Johns];
    prop_oneof![proptest::sample::select(odd.to_vec()), proptest::sample::select(TZ_VARIANTS.to_vec())]
}

/// Whether `boundary` is where `split` cuts: clocks show the beginning of a unit then, or jump over it.
fn is_boundary(split: Split, zone: Zone, boundary: Timestamp) -> bool {
    let shown = zone.wall_clock(boundary).unwrap().naive_local();
    let begins = match split {
        Split::None => return false,
        Split::Hourly => shown.with_minute(0).unwrap().with_second(0).unwrap(),
        Split::Daily | Split::Weekly | Split::Monthly => shown.date().and_time(NaiveTime::MIN),
    };
    let skipped = zone.instants(begins) == MappedLocalTime::None;
    let before = zone.wall_clock(Timestamp::from_millis(boundary.millis() - 1)).unwrap().naive_local();
    let at_the_beginning = shown == begins || (skipped && before < begins);
    // A whole day that was skipped may have held the Monday or the first of the month.
    let mut held = std::iter::successors(Some(shown.date()), NaiveDate::pred_opt)
        .take_while(|day| *day == shown.date() || (*day > before.date() && before < day.and_time(NaiveTime::MIN)));
    at_the_beginning
        && match split {
            Split::None => false,
            Split::Hourly | Split::Daily => true,
            Split::Weekly => held.any(|day| day.weekday() == Weekday::Mon),
            Split::Monthly => held.any(|day| day.day() == 1),
        }
}

/// The longest a window may be: its unit, and what clocks that fall back within it add. Mostly an hour; those of Antarctica's
/// Casey Station have fallen back by three.
fn longest(split: Split, zone: Zone, window: TimeRange) -> TimeDelta {
    let ahead = |at| TimeDelta::seconds(zone.wall_clock(at).unwrap().offset().local_minus_utc().into());
    let fallen = (ahead(window.from()) - ahead(window.to())).max(TimeDelta::zero());
    match split {
        Split::None => TimeDelta::MAX,
        // Full hours come whatever clocks do; only a part of one can be left over before a change.
        Split::Hourly => TimeDelta::minutes(119),
        Split::Daily => TimeDelta::hours(24) + fallen,
        Split::Weekly => TimeDelta::hours(7 * 24) + fallen,
        Split::Monthly => TimeDelta::hours(31 * 24) + fallen,
    }
}

#[test]
fn a_day_is_as_long_as_clocks_make_it() {
    let casey = Zone::Named(chrono_tz::Antarctica::Casey.into());
    let range = TimeRange::new(at("2021-03-12T13:00"), at("2021-03-14T16:00")).unwrap();
    let days: Vec<_> = Split::Daily.windows(range, casey).map(|day| day.span().as_secs() / 3600).collect();
    assert_eq!(days, [27, 24], "clocks fell back from midnight to nine in the evening");
}

#[test]
fn what_has_begun_and_is_not_over_is_cut_off_at_the_last_boundary() {
    let berlin = Zone::Named(Europe::Berlin.into());
    let last = |split: Split, zone, text| split.last_boundary(at(text), zone).map(|at| at.to_string());
    assert_eq!(last(Split::None, Zone::Utc, "2026-11-05T14:23"), None);
    assert_eq!(last(Split::Hourly, Zone::Utc, "2026-11-05T14:23").unwrap(), "2026-11-05T14:00:00.000Z");
    assert_eq!(last(Split::Daily, berlin, "2026-11-05T23:30").unwrap(), "2026-11-05T23:00:00.000Z");
    assert_eq!(last(Split::Weekly, Zone::Utc, "2026-11-05").unwrap(), "2026-11-02T00:00:00.000Z");
    assert_eq!(last(Split::Monthly, Zone::Utc, "2026-11-01").unwrap(), "2026-11-01T00:00:00.000Z", "it is one itself");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn between_the_last_boundary_and_now_is_no_other(
        tz in zones(),
        at_split in 1..Split::ALL.len(),
        now in 1_236_073_600_000..2_524_608_000_000_i64,
    ) {
        let (zone, split, now) = (Zone::Named(tz.into()), Split::ALL[at_split], Timestamp::from_millis(now));
        let last = split.last_boundary(now, zone).unwrap();
        prop_assert!(last <= now && is_boundary(split, zone, last), "{} in {}", last, zone);
        let until = Timestamp::from_millis(now.millis() + 1);
        prop_assert_eq!(split.count(TimeRange::new(last, until).unwrap(), zone, 9), 1);
    }

    #[test]
    fn windows_cover_the_range_and_meet_at_boundaries_of_the_calendar(
        tz in zones(),
        at_split in 0..Split::ALL.len(),
        from in 1_136_073_600_000..2_524_608_000_000_i64,
        minutes in 1..60_i64 * 24 * 100,
        rest in 0..MINUTE,
    ) {
        let (zone, split) = (Zone::Named(tz.into()), Split::ALL[at_split]);
        let minutes = if split == Split::Hourly { minutes / 20 + 1 } else { minutes };
        let to = from + minutes * MINUTE + rest;
        let range = TimeRange::new(Timestamp::from_millis(from), Timestamp::from_millis(to)).unwrap();
        let windows: Vec<_> = split.windows(range, zone).collect();
        prop_assert_eq!(windows[0].from(), range.from());
        prop_assert_eq!(windows[windows.len() - 1].to(), range.to());
        prop_assert_eq!(split.count(range, zone, usize::MAX), windows.len());
        for pair in windows.windows(2) {
            prop_assert_eq!(pair[0].to(), pair[1].from(), "no gap and no overlap");
            prop_assert!(is_boundary(split, zone, pair[0].to()), "{} in {}", pair[0].to(), zone);
        }
        for window in &windows {
            prop_assert!(window.from() < window.to());
            prop_assert!(window.span() <= longest(split, zone, *window).to_std().unwrap(), "{:?} in {}", window, zone);
        }
    }

    #[test]
    fn ranges_around_a_change_of_the_clocks_are_cut_as_well(
        tz in zones(),
        year in 2006..2040_i32,
        at_split in 1..Split::ALL.len(),
        back in 0..180_i64,
    ) {
        let zone = Zone::Named(tz.into());
        let split = Split::ALL[at_split];
        let days = (0..366).map(|day| at(&format!("{year}-01-01")).millis() + day * 24 * HOUR).map(Timestamp::from_millis);
        for (day, next) in days.clone().zip(days.skip(1)) {
            let Some(change) = zone.offset_change(day, next) else { continue };
            let from = Timestamp::from_millis(change.millis() - back * MINUTE);
            let range = TimeRange::new(from, Timestamp::from_millis(change.millis() + 3 * HOUR)).unwrap();
            let windows: Vec<_> = split.windows(range, zone).collect();
            for pair in windows.windows(2) {
                prop_assert!(pair[0].to() == pair[1].from() && is_boundary(split, zone, pair[0].to()), "{:?}", pair);
            }
            prop_assert_eq!((windows[0].from(), windows[windows.len() - 1].to()), (range.from(), range.to()));
        }
    }
}
