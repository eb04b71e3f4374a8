//! A peek at a log group before it is exported: its first and last events of a range and how much there is, from a bounded
//! number of calls.
//!
//! Pure: [`Peek`] says what to read next and takes in what was read. It cuts the range into [`SLICES`] and reads the
//! beginning of each; where a slice goes on, what is not seen is taken to come as densely as what is, and told as an
//! estimate. What calls are left look for what is not found yet: the first event behind pages that came empty, the last
//! event where a slice was not read to its end.

use std::time::Duration;

use super::amount::ByteCount;
use super::time::{TimeRange, Timestamp};

/// Parts of the range: bars of the histogram.
pub const SLICES: usize = 8;

/// The most calls of one peek.
pub const MOST_CALLS: usize = 12;

/// Events asked for in one call: enough to tell how densely they come, and read in a moment.
pub const PAGE: u32 = 1_000;

/// An event, as far as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    /// Its timestamp.
    pub at: Timestamp,
    /// Its log stream (outside text).
    pub stream: String,
    /// Its message, or the beginning of a long one (outside text).
    pub message: String,
}

/// What one call read: events by time, and whether there may be more of what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The first event of the page.
    pub first: Option<Glimpse>,
    /// The last event of the page.
    pub last: Option<Glimpse>,
    /// How many there are.
    pub seen: Amount,
    /// The token of the next page; `None` if this was all.
    pub next: Option<String>,
}

/// Events and the bytes of their messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many events.
    pub events: u64,
    /// Bytes of their messages.
    pub bytes: ByteCount,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.events = self.events.saturating_add(other.events);
        self.bytes += other.bytes;
    }

    /// As many times as `whole` holds `part`.
    fn scaled(self, whole: u64, part: u64) -> Self {
        let scale = |count: u64| {
            let scaled = u128::from(count) * u128::from(whole) / u128::from(part.max(1));
            u64::try_from(scaled).unwrap_or(u64::MAX)
        };
        Self { events: scale(self.events), bytes: ByteCount(scale(self.bytes.0)) }
    }
}

/// How much a part of the range holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volume {
    /// Counted to its end.
    Exact(Amount),
    /// Some was seen; the rest is taken to be like it.
    Estimate(Amount),
    /// Nothing was seen, and it was not read to its end.
    Unknown,
}

impl Volume {
    /// The amount, nothing where it is unknown.
    pub fn amount(self) -> Amount {
        match self {
            Self::Exact(amount) | Self::Estimate(amount) => amount,
            Self::Unknown => Amount::default(),
        }
    }
}

/// An end of what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge<'a> {
    /// Nothing was seen.
    Nothing,
    /// This is it.
    Sure(&'a Glimpse),
    /// None further out was seen, and there may be one.
    Seen(&'a Glimpse),
}

/// What to read next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Events of these times; the end does not belong to it.
    pub range: TimeRange,
    /// Where a page before this one ended.
    pub token: Option<String>,
    part: Part,
}

/// What an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A slice, from its start or from where it was left.
    Slice(usize),
    /// The end of the range.
    Tail,
}

/// One part of the range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Which.
    pub range: TimeRange,
    seen: Amount,
    /// Up to where it was read, if anything was seen.
    reached: Option<Timestamp>,
    /// How it goes on; `None` before it was asked for and at its end.
    next: Option<String>,
    asked: bool,
}

impl Slice {
    const fn new(range: TimeRange) -> Self {
        Self { range, seen: Amount { events: 0, bytes: ByteCount(0) }, reached: None, next: None, asked: false }
    }

    const fn is_read(&self) -> bool {
        self.asked && self.next.is_none()
    }

    /// How much it holds.
    pub fn volume(&self) -> Volume {
        let seen_span = self.reached.map(|at| at.since(self.range.from()).as_millis());
        match (self.is_read(), seen_span) {
            (true, _) => Volume::Exact(self.seen),
            (false, None) => Volume::Unknown,
            // All of what was seen came at one instant: nothing can be said of the rest but that it is there.
            (false, Some(0)) => Volume::Estimate(self.seen),
            (false, Some(part)) => {
                let whole = self.range.span().as_millis();
                let millis = |span: u128| u64::try_from(span).unwrap_or(u64::MAX);
                Volume::Estimate(self.seen.scaled(millis(whole), millis(part)))
            }
        }
    }

    fn learn(&mut self, sample: &Sample) {
        self.seen.add(sample.seen);
        self.reached = sample.last.as_ref().map(|last| last.at).or(self.reached);
        self.next.clone_from(&sample.next);
        self.asked = true;
    }
}

/// What is known by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peek {
    slices: Vec<Slice>,
    calls: usize,
    first: Option<Glimpse>,
    last: Option<Glimpse>,
    /// Where the next look for the last event is, and how it goes on there; `None` before the first.
    tail: Option<(TimeRange, Option<String>)>,
    /// Whether there is nothing behind `last`.
    is_last_sure: bool,
}

impl Peek {
    /// Nothing is known of `range` yet.
    pub fn new(range: TimeRange) -> Self {
        let (from, span) = (range.from().millis(), range.to().millis() - range.from().millis());
        let parts = i64::try_from(SLICES).unwrap_or(1).min(span);
        let cut = |part: i64| {
            Timestamp::from_millis(
                from + i64::try_from(i128::from(span) * i128::from(part) / i128::from(parts)).unwrap_or(span),
            )
        };
        let slices = (0..parts).filter_map(|part| TimeRange::new(cut(part), cut(part + 1)).ok().map(Slice::new));
        Self { slices: slices.collect(), calls: 0, first: None, last: None, tail: None, is_last_sure: false }
    }

    /// The parts of the range, oldest first.
    pub fn slices(&self) -> &[Slice] {
        &self.slices
    }

    /// How many calls were made.
    pub const fn calls(&self) -> usize {
        self.calls
    }

    /// What to read next; `None` if all is known or no call is left.
    pub fn next(&self) -> Option<Ask> {
        if self.calls >= MOST_CALLS {
            return None;
        }
        let of =
            |(at, slice): (usize, &Slice)| Ask { range: slice.range, token: slice.next.clone(), part: Part::Slice(at) };
        let slices = || self.slices.iter().enumerate();
        if let Some(unread) = slices().find(|(_, slice)| !slice.asked) {
            return Some(of(unread));
        }
        // The first event is behind the first slices that were not read to their ends and showed nothing yet.
        let silent = slices().take_while(|(_, slice)| slice.reached.is_none()).find(|(_, slice)| !slice.is_read());
        if let Some(silent) = silent {
            return Some(of(silent));
        }
        self.tail().map(|(range, token)| Ask { range, token, part: Part::Tail })
    }

    /// Where to look for the last event: in as much of the end as may hold half a page.
    fn tail(&self) -> Option<(TimeRange, Option<String>)> {
        if self.is_last_sure || self.tail.is_some() {
            return self.tail.clone().filter(|_| !self.is_last_sure);
        }
        let open = self.slices.iter().rev().find(|slice| !slice.is_read() || slice.seen.events > 0)?;
        if open.is_read() {
            return None;
        }
        let (events, span) = (open.volume().amount().events.max(1), open.range.span());
        let wanted = u128::from(PAGE / 2) * span.as_millis() / u128::from(events);
        let wanted = Duration::from_millis(u64::try_from(wanted).unwrap_or(u64::MAX));
        let begin = open.range.to().before(wanted.clamp(Duration::from_millis(1), span));
        Some((TimeRange::new(begin, open.range.to()).ok()?, None))
    }

    /// Takes in what `ask` has read.
    pub fn learn(&mut self, ask: &Ask, sample: Sample) {
        self.calls += 1;
        match ask.part {
            Part::Slice(at) => {
                if let Some(slice) = self.slices.get_mut(at) {
                    slice.learn(&sample);
                }
            }
            Part::Tail => self.learn_tail(ask.range, &sample),
        }
        let earlier = |one: &Glimpse, other: &Glimpse| one.at < other.at;
        self.first = match (self.first.take(), sample.first) {
            (Some(known), Some(new)) if earlier(&new, &known) => Some(new),
            (known, new) => known.or(new),
        };
        self.last = match (self.last.take(), sample.last) {
            (Some(known), Some(new)) if !earlier(&new, &known) => Some(new),
            (known, new) => known.or(new),
        };
        if let Part::Slice(_) = ask.part {
            let closing = self.slices.iter().rev().find(|slice| !slice.is_read() || slice.seen.events > 0);
            self.is_last_sure = closing.is_some_and(Slice::is_read);
        }
    }

    /// Nearer to the end where a page was not enough for it, further back where it was empty.
    fn learn_tail(&mut self, range: TimeRange, sample: &Sample) {
        match (&sample.last, &sample.next) {
            (Some(_), None) => self.is_last_sure = true,
            // It is read from its beginning: what was seen last is as near to the end as that page led.
            (Some(last), Some(_)) => self.tail = TimeRange::new(last.at, range.to()).ok().map(|range| (range, None)),
            (None, Some(token)) => self.tail = Some((range, Some(token.clone()))),
            (None, None) => {
                let begin = range.to().before(range.span().saturating_mul(8));
                self.tail = TimeRange::new(begin, range.to()).ok().map(|range| (range, None));
            }
        }
    }

    /// The first event.
    pub fn first(&self) -> Edge<'_> {
        let silent = self.slices.iter().take_while(|slice| slice.reached.is_none()).any(|slice| !slice.is_read());
        edge(self.first.as_ref(), !silent)
    }

    /// The last event.
    pub fn last(&self) -> Edge<'_> {
        edge(self.last.as_ref(), self.is_last_sure)
    }

    /// How much there is in all of the range.
    pub fn volume(&self) -> Volume {
        let mut sum = Amount::default();
        let mut all = (true, true);
        for volume in self.slices.iter().map(Slice::volume) {
            sum.add(volume.amount());
            all = (all.0 && matches!(volume, Volume::Exact(_)), all.1 && volume == Volume::Unknown);
        }
        match all {
            (true, _) => Volume::Exact(sum),
            (false, true) => Volume::Unknown,
            (false, false) => Volume::Estimate(sum),
        }
    }

    /// How many events were looked at to know this.
    pub fn sampled(&self) -> u64 {
        self.slices.iter().map(|slice| slice.seen.events).sum()
    }
}

fn edge(seen: Option<&Glimpse>, is_sure: bool) -> Edge<'_> {
    match seen {
        None => Edge::Nothing,
        Some(glimpse) if is_sure => Edge::Sure(glimpse),
        Some(glimpse) => Edge::Seen(glimpse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-01T00:00:00Z.
    const START: i64 = 1_793_491_200_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(START + millis)
    }

    fn range(span: i64) -> TimeRange {
        TimeRange::new(at(0), at(span)).unwrap()
    }

    /// A log group with an event of ten bytes at each of these instants, in order, read as the service does: `page` events
    /// a page, and before each page as many empty ones as `holes`.
    struct Group {
        events: Vec<i64>,
        page: usize,
        holes: usize,
    }

    impl Group {
        fn read(&self, ask: &Ask) -> Sample {
            let (skip, empty) = match ask.token.as_deref().and_then(|token| token.split_once(':')) {
                Some((skip, empty)) => (skip.parse().unwrap(), empty.parse::<usize>().unwrap()),
                None => (0, 0),
            };
            if empty < self.holes {
                return Sample { next: Some(format!("{skip}:{}", empty + 1)), ..Sample::default() };
            }
            let within = |event: &&i64| (ask.range.from()..ask.range.to()).contains(&at(**event));
            let all: Vec<i64> = self.events.iter().filter(within).skip(skip).copied().collect();
            let shown = &all[..all.len().min(self.page)];
            let glimpse =
                |event: &i64| Glimpse { at: at(*event), stream: "s".to_owned(), message: format!("event {event}") };
            let events = shown.len() as u64;
            Sample {
                first: shown.first().map(glimpse),
                last: shown.last().map(glimpse),
                seen: Amount { events, bytes: ByteCount(events * 10) },
                next: (all.len() > self.page).then(|| format!("{}:0", skip + self.page)),
            }
        }

        fn peek(&self, span: i64) -> Peek {
            let mut peek = Peek::new(range(span));
            while let Some(ask) = peek.next() {
                let sample = self.read(&ask);
                peek.learn(&ask, sample);
            }
            peek
        }
    }

    fn every(step: i64, span: i64) -> Vec<i64> {
        (0..span / step).map(|n| n * step).collect()
    }

    fn millis(edge: Edge<'_>) -> Option<(i64, bool)> {
        match edge {
            Edge::Nothing => None,
            Edge::Sure(glimpse) => Some((glimpse.at.millis() - START, true)),
            Edge::Seen(glimpse) => Some((glimpse.at.millis() - START, false)),
        }
    }

    #[test]
    fn a_small_group_is_counted_to_the_last_event() {
        let group = Group { events: vec![5, 700, 710, 7_999], page: 100, holes: 0 };
        let peek = group.peek(8_000);
        assert_eq!((millis(peek.first()), millis(peek.last())), (Some((5, true)), Some((7_999, true))));
        assert_eq!(peek.volume(), Volume::Exact(Amount { events: 4, bytes: ByteCount(40) }));
        let bars: Vec<u64> = peek.slices().iter().map(|slice| slice.volume().amount().events).collect();
        assert_eq!((bars, peek.calls()), (vec![3, 0, 0, 0, 0, 0, 0, 1], SLICES));
    }

    #[test]
    fn an_empty_range_is_known_to_be_empty() {
        let peek = Group { events: Vec::new(), page: 100, holes: 0 }.peek(8_000);
        assert_eq!((peek.first(), peek.last()), (Edge::Nothing, Edge::Nothing));
        assert_eq!(peek.volume(), Volume::Exact(Amount::default()));
        assert_eq!(peek.calls(), SLICES);
    }

    #[test]
    fn a_busy_group_is_estimated_and_its_ends_are_found() {
        let group = Group { events: every(10, 8_000_000), page: 1_000, holes: 0 };
        let peek = group.peek(8_000_000);
        let Volume::Estimate(amount) = peek.volume() else { panic!("{:?}", peek.volume()) };
        assert!((780_000..=820_000).contains(&amount.events), "{amount:?}");
        assert_eq!(amount.bytes.0 / 10, amount.events);
        assert_eq!((millis(peek.first()), millis(peek.last())), (Some((0, true)), Some((7_999_990, true))));
        assert!(peek.calls() <= MOST_CALLS);
    }

    #[test]
    fn pages_that_come_empty_are_gone_behind_for_the_first_event() {
        let peek = Group { events: every(100, 8_000), page: 1_000, holes: 1 }.peek(8_000);
        assert_eq!(millis(peek.first()), Some((0, true)));
        let patient = Group { events: every(100, 8_000), page: 1_000, holes: 99 }.peek(8_000);
        assert_eq!((patient.first(), patient.volume(), patient.calls()), (Edge::Nothing, Volume::Unknown, MOST_CALLS));
    }

    #[test]
    fn a_range_shorter_than_its_parts_is_cut_into_milliseconds() {
        let peek = Group { events: vec![1], page: 10, holes: 0 }.peek(3);
        assert_eq!(
            (peek.slices().len(), peek.volume()),
            (3, Volume::Exact(Amount { events: 1, bytes: ByteCount(10) }))
        );
    }

    proptest! {
        #[test]
        fn what_is_said_to_be_sure_is_and_calls_are_bounded(
            mut events in proptest::collection::vec(0..10_000_i64, 0..400),
            page in 1..60_usize,
            holes in 0..3_usize,
        ) {
            events.sort_unstable();
            let group = Group { events: events.clone(), page, holes };
            let peek = group.peek(10_000);
            prop_assert!(peek.calls() <= MOST_CALLS);
            if let Some((first, true)) = millis(peek.first()) {
                prop_assert_eq!(Some(first), events.first().copied());
            }
            if let Some((last, true)) = millis(peek.last()) {
                prop_assert_eq!(Some(last), events.last().copied());
            }
            for slice in peek.slices() {
                let within = |event: &&i64| (slice.range.from()..slice.range.to()).contains(&at(**event));
                let there = events.iter().filter(within).count() as u64;
                match slice.volume() {
                    Volume::Exact(amount) => prop_assert_eq!(amount.events, there),
                    Volume::Estimate(amount) => prop_assert!(amount.events >= slice.seen.events && there > 0),
                    Volume::Unknown => {}
                }
            }
            let parts: Vec<_> = peek.slices().windows(2).map(|pair| (pair[0].range.to(), pair[1].range.from())).collect();
            prop_assert!(parts.iter().all(|(end, begin)| end == begin));
        }
    }
}
