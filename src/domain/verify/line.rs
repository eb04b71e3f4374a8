//! Finding the events in the lines of an export: `2026-08-09T18:00:00.123Z message`.
//!
//! A line that begins with a timestamp is an event, any other continues the message before it. This runs once a line of
//! everything that is read back, and keeps nothing but the beginning of the line it is in.

use chrono::NaiveDate;

use crate::domain::time::{TimeRange, Timestamp};

/// `2026-08-09T18:00:00.123Z ` with the blank behind it.
const STAMP: usize = 25;

/// What stands between the digits of a timestamp, and where.
const FIXED: [(usize, u8); 8] =
    [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z'), (24, b' ')];

/// When the event happened that `line` begins; `None` if it begins none.
pub fn began(line: &[u8]) -> Option<Timestamp> {
    let stamp = line.first_chunk::<STAMP>()?;
    if FIXED.iter().any(|(at, byte)| stamp[*at] != *byte) {
        return None;
    }
    let digits = |from: usize, to: usize| {
        stamp[from..to]
            .iter()
            .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let day = NaiveDate::from_ymd_opt(i32::try_from(digits(0, 4)?).ok()?, digits(5, 7)?, digits(8, 10)?)?;
    let time = day.and_hms_milli_opt(digits(11, 13)?, digits(14, 16)?, digits(17, 19)?, digits(20, 23)?)?;
    Some(Timestamp::from_millis(time.and_utc().timestamp_millis()))
}

/// The events of one object, or of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// How many.
    pub count: u64,
    /// The earliest and the latest; `None` without any.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How many lie outside the range that was exported.
    pub outside: u64,
    /// The first of those.
    pub example: Option<Timestamp>,
}

impl Events {
    fn see(&mut self, at: Timestamp, range: TimeRange) {
        self.count += 1;
        self.widen(at, at);
        // Whether `to` itself belongs to a managed export, AWS's documents disagree (aws-facts section 6).
        if at < range.from() || at > range.to() {
            self.outside += 1;
            self.example.get_or_insert(at);
        }
    }

    fn widen(&mut self, first: Timestamp, last: Timestamp) {
        let (earliest, latest) = self.span.unwrap_or((first, last));
        self.span = Some((earliest.min(first), latest.max(last)));
    }

    /// Adds those of another object.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.outside += other.outside;
        self.example = self.example.or(other.example);
        if let Some((first, last)) = other.span {
            self.widen(first, last);
        }
    }
}

/// Where in a line the text that is read has come to.
#[derive(Debug)]
enum Within {
    /// Among the bytes that may be a timestamp; so many are kept.
    Beginning(usize),
    /// Behind them.
    Rest,
}

/// Reads text in pieces of any size and counts the events in it.
#[derive(Debug)]
pub struct Lines {
    range: TimeRange,
    within: Within,
    beginning: [u8; STAMP],
    events: Events,
    /// The first line is there, and begins no event.
    headless: bool,
    first: bool,
}

impl Lines {
    /// At the beginning of a text of which all events are to lie in `range`, both its ends included.
    pub fn new(range: TimeRange) -> Self {
        Self {
            range,
            within: Within::Beginning(0),
            beginning: [0; STAMP],
            events: Events::default(),
            headless: false,
            first: true,
        }
    }

    /// Reads on.
    pub fn read(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            text = match self.within {
                Within::Beginning(kept) => self.begin(kept, text),
                Within::Rest => self.skip(text),
            };
        }
    }

    /// Takes what belongs to the beginning of the line; answers what is left.
    fn begin<'a>(&mut self, kept: usize, text: &'a [u8]) -> &'a [u8] {
        let wanted = &text[..text.len().min(STAMP - kept)];
        let end = memchr::memchr(b'\n', wanted);
        let taken = &wanted[..end.unwrap_or(wanted.len())];
        let kept = kept + taken.len();
        self.beginning[kept - taken.len()..kept].copy_from_slice(taken);
        self.within = Within::Beginning(kept);
        if end.is_some() {
            self.end_line(kept);
        } else if kept == STAMP {
            self.judge(kept);
            self.within = Within::Rest;
        }
        &text[taken.len() + usize::from(end.is_some())..]
    }

    fn skip<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let Some(end) = memchr::memchr(b'\n', text) else { return &[] };
        self.within = Within::Beginning(0);
        &text[end + 1..]
    }

    /// A line that ended, or the text did, among its first bytes.
    fn end_line(&mut self, kept: usize) {
        self.judge(kept);
        self.within = Within::Beginning(0);
    }

    fn judge(&mut self, kept: usize) {
        let event = began(&self.beginning[..kept]);
        if let Some(at) = event {
            self.events.see(at, self.range);
        }
        self.headless |= self.first && event.is_none();
        self.first = false;
    }

    /// The end of the text: its events, and whether its first line begins none.
    pub fn end(mut self) -> (Events, bool) {
        if let Within::Beginning(kept @ 1..) = self.within {
            self.end_line(kept);
        }
        (self.events, self.headless)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    const FROM: Timestamp = Timestamp::from_millis(1_786_298_400_000); // 2026-08-09T18:00:00Z

    fn range() -> TimeRange {
        TimeRange::new(FROM, FROM.after(Duration::from_hours(1))).unwrap()
    }

    fn read(pieces: &[&[u8]]) -> (Events, bool) {
        let mut lines = Lines::new(range());
        for piece in pieces {
            lines.read(piece);
        }
        lines.end()
    }

    #[test]
    fn only_what_an_export_writes_before_a_message_begins_an_event() {
        assert_eq!(began(b"2026-08-09T18:00:00.123Z x"), Some(Timestamp::from_millis(FROM.millis() + 123)));
        assert_eq!(began(b"2024-02-29T00:00:00.000Z "), Some(Timestamp::from_millis(1_709_164_800_000)));
        for line in [
            "",
            "2026-08-09T18:00:00.123Z",
            "2026-08-09T18:00:00.123456789Z stdout F",
            "2026-08-09 18:00:00.123Z x",
            "2026-13-09T18:00:00.123Z x",
            "2023-02-29T18:00:00.123Z x",
            "2026-08-09T24:00:00.123Z x",
            "\tat com.example.Main",
            "+026-08-09T18:00:00.123Z x",
        ] {
            assert_eq!(began(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn later_lines_of_a_message_are_no_events() {
        let (events, headless) = read(&[b"2026-08-09T18:00:00.000Z boom\n  at a\n\n2026-08-09T18:30:00.000Z b"]);
        let expected =
            Events { count: 2, span: Some((FROM, FROM.after(Duration::from_mins(30)))), ..Events::default() };
        assert_eq!((events, headless), (expected, false));
        assert!(read(&[b" at a\n2026-08-09T18:00:00.000Z b\n"]).1);
        assert_eq!(read(&[]), (Events::default(), false));
        assert_eq!(read(&[b"x"]), (Events::default(), true));
    }

    #[test]
    fn both_ends_belong_to_the_range_and_nothing_beyond_them() {
        let line = |at: Timestamp| format!("{at} m\n").into_bytes();
        let outside = |at| read(&[&line(at)]).0.outside;
        let ms = Duration::from_millis(1);
        let range = range();
        assert_eq!([range.from(), range.to()].map(outside), [0, 0]);
        assert_eq!([range.from().before(ms), range.to().after(ms)].map(outside), [1, 1]);
    }

    #[test]
    fn sums_span_everything_and_keep_the_first_example() {
        let (mut sum, _) = read(&[b"2026-08-09T18:10:00.000Z a\n2020-01-01T00:00:00.000Z b\n"]);
        let (other, _) = read(&[b"2026-08-09T18:20:00.000Z a\n2030-01-01T00:00:00.000Z b\n"]);
        sum.add(&other);
        let [early, late] = [1_577_836_800_000, 1_893_456_000_000].map(Timestamp::from_millis);
        assert_eq!(sum, Events { count: 4, span: Some((early, late)), outside: 2, example: Some(early) });
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_read_as_the_whole(
            lines in prop::collection::vec(prop_oneof![
                (0_i64..7_200_000, "[a-z \\t]{0,40}").prop_map(|(ms, text)| {
                    format!("{} {text}", Timestamp::from_millis(FROM.millis() - 1_800_000 + ms))
                }),
                "[ -~]{0,60}",
            ], 0..20),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
            ended: bool,
        ) {
            let mut text = lines.join("\n");
            if ended { text.push('\n'); }
            let stamped: Vec<Timestamp> = text.lines().filter_map(|line| began(line.as_bytes())).collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            let (events, headless) = read(&pieces);
            prop_assert_eq!(events.count, stamped.len() as u64);
            prop_assert_eq!(events.span, stamped.iter().min().copied().zip(stamped.iter().max().copied()));
            let strays = |at: &&Timestamp| **at < range().from() || **at > range().to();
            prop_assert_eq!(events.outside, stamped.iter().filter(strays).count() as u64);
            prop_assert_eq!(headless, text.lines().next().is_some_and(|line| began(line.as_bytes()).is_none()));
        }
    }
}
