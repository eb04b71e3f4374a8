//! Finding the events in the lines of an export: `2026-08-09T18:00:00.123Z message`, or one JSON object each.
//!
//! A line that begins with a timestamp is an event, any other continues the message before it. This runs once a line of
//! everything that is read back, and keeps nothing but the beginning of the line it is in.

use crate::domain::direct::line::{Format, began};
use crate::domain::time::{TimeRange, Timestamp};

/// Bytes of a line's beginning that hold its timestamp in either format: `{"timestamp":` and as many digits as there are.
const HEAD: usize = 40;

/// How a JSON object of the direct engine begins.
const OBJECT: &[u8] = b"{\"timestamp\":";

/// What the lines of an export are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// When all of their events happened.
    pub range: TimeRange,
    /// Whether the very end of the range belongs to it.
    pub with_end: bool,
    /// How they are written.
    pub format: Format,
}

impl Expected {
    fn has(&self, at: Timestamp) -> bool {
        let (from, to) = (self.range.from(), self.range.to());
        from <= at && (at < to || (self.with_end && at == to))
    }

    /// When the event happened that a line with this beginning begins; `None` if it begins none.
    fn began(&self, head: &[u8]) -> Option<Timestamp> {
        match self.format {
            Format::Text => began(head),
            Format::Jsonl => {
                let digits = head.strip_prefix(OBJECT)?.split(|byte| *byte == b',').next()?;
                std::str::from_utf8(digits).ok()?.parse().ok().map(Timestamp::from_millis)
            }
        }
    }
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
    fn see(&mut self, at: Timestamp, expected: &Expected) {
        self.count += 1;
        self.widen(at, at);
        if !expected.has(at) {
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
    expected: Expected,
    within: Within,
    beginning: [u8; HEAD],
    events: Events,
    /// The first line is there, and begins no event.
    headless: bool,
    first: bool,
}

impl Lines {
    /// At the beginning of a text.
    pub fn new(expected: Expected) -> Self {
        Self {
            expected,
            within: Within::Beginning(0),
            beginning: [0; HEAD],
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
        let wanted = &text[..text.len().min(HEAD - kept)];
        let end = memchr::memchr(b'\n', wanted);
        let taken = &wanted[..end.unwrap_or(wanted.len())];
        let kept = kept + taken.len();
        self.beginning[kept - taken.len()..kept].copy_from_slice(taken);
        self.within = Within::Beginning(kept);
        if end.is_some() {
            self.end_line(kept);
        } else if kept == HEAD {
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
        let event = self.expected.began(&self.beginning[..kept]);
        if let Some(at) = event {
            self.events.see(at, &self.expected);
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

    fn expected() -> Expected {
        Expected { range: range(), with_end: true, format: Format::Text }
    }

    fn read(pieces: &[&[u8]]) -> (Events, bool) {
        let mut lines = Lines::new(expected());
        for piece in pieces {
            lines.read(piece);
        }
        lines.end()
    }

    #[test]
    fn each_json_object_is_an_event() {
        let expected = Expected { format: Format::Jsonl, ..expected() };
        let mut lines = Lines::new(expected);
        lines.read(b"{\"timestamp\":1786298400000,\"ingestionTime\":1,\"message\":\"2020-01-01T00:00:00.000Z x\"}\n");
        lines.read(b"{\"timestamp\":1786298400");
        lines.read(b"001}\n{\"timestamp\":1786298400002,\"message\":\"\"}\nnot one\n{\"timestamp\":x}\n");
        let (events, headless) = lines.end();
        let last = FROM.after(Duration::from_millis(2));
        assert_eq!(
            (events.count, events.span, headless),
            (2, Some((FROM, last)), false),
            "an object cut short is none"
        );
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
    fn both_ends_of_a_managed_export_belong_to_it_and_of_a_direct_one_the_first() {
        let line = |at: Timestamp| format!("{at} m\n").into_bytes();
        let outside = |at| read(&[&line(at)]).0.outside;
        let ms = Duration::from_millis(1);
        let range = range();
        assert_eq!([range.from(), range.to()].map(outside), [0, 0]);
        assert_eq!([range.from().before(ms), range.to().after(ms)].map(outside), [1, 1]);
        let direct = Expected { with_end: false, ..expected() };
        assert!(direct.has(range.from()) && direct.has(range.to().before(ms)) && !direct.has(range.to()));
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
