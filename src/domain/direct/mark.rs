//! How far a chain of pages has been read, and what keeps it whole when it has to be taken up again without its token.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::super::time::Timestamp;
use super::page::{Batch, Event, Page};
use super::unit::StreamName;

/// Where a unit's chain goes on.
///
/// Both calls give events sorted by time (FilterLogEvents reference), so all events before `last` were delivered, and of
/// those at `last` the ones in `at_last`. A service that breaks this order is noticed, and then only its tokens are
/// trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The service's token of the next page; it is good for 24 hours.
    pub token: Option<String>,
    /// The latest event so far.
    pub last: Option<Timestamp>,
    /// Fingerprints of the delivered events at `last`.
    at_last: Vec<u64>,
    /// Fingerprints of events that were delivered and will come again, because the chain was taken up at their time.
    again: Vec<u64>,
    /// Whether events came out of order.
    disordered: bool,
    /// What the page before looked like, to notice one that is answered twice.
    shape: u64,
    /// The instant at which a page was suspected of that, and the chain taken up anew to find out.
    doubted: Option<Timestamp>,
    /// What the token was asked with: it goes with the same query only.
    asked: Asked,
}

/// The bounds of a query, in epoch milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The first instant asked for.
    pub from: i64,
    /// The first instant no longer asked for.
    pub until: i64,
}

/// The chain cannot be taken up by time: its events were not in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disordered;

impl Mark {
    /// What the next page is to be asked with, of a unit with these bounds.
    pub fn query(&self, unit: Asked) -> Asked {
        if self.token.is_some() {
            return self.asked;
        }
        Asked { from: self.last.map_or(unit.from, |last| last.millis().max(unit.from)), ..unit }
    }

    /// Takes a page in that was asked with `asked`: leaves out of it what was delivered already, and goes on to `token`.
    pub fn pass(&mut self, page: &mut Page, token: Option<String>, asked: Asked) {
        self.token = token;
        self.asked = asked;
        let Some((first, last)) = span(page) else { return };
        let shape = shape(page);
        if self.is_repeated(page, shape, first, last) {
            page.retain(|_, _| false);
            return;
        }
        self.shape = shape;
        if self.last.is_some_and(|before| first <= before) {
            self.leave_out(page);
        }
        self.disordered |= self.last.is_some_and(|before| first < before);
        if self.last.is_none_or(|before| before < last) {
            self.at_last.clear();
            self.again.clear();
            self.last = Some(last);
        }
        let now_last = self.last;
        for batch in page.batches() {
            let latest = batch.events().filter(|event| Some(event.at) == now_last);
            self.at_last.extend(latest.map(|event| fingerprint(batch.stream(), event)));
        }
    }

    /// Whether `page` is the one before once more. Sorted events that begin before the last one cannot look the same,
    /// unless it is that page. Where all have the last one's time, equal events may just as well follow equal ones: then
    /// the chain is taken up at that time, once, and what comes is counted.
    fn is_repeated(&mut self, page: &Page, shape: u64, first: Timestamp, last: Timestamp) -> bool {
        if self.shape != shape {
            return false;
        }
        if self.last.is_some_and(|before| first < before) {
            return true;
        }
        let has_ids = page.batches().flat_map(Batch::events).any(|event| !event.id.is_empty());
        if has_ids || self.last != Some(last) || self.doubted == Some(last) || self.restart().is_err() {
            return false;
        }
        self.doubted = Some(last);
        true
    }

    /// Leaves out of `page` the events that come again: those without an id each as often as it had come, for equal ones
    /// may follow.
    fn leave_out(&mut self, page: &mut Page) {
        let with_ids: HashSet<u64> = self.at_last.iter().copied().collect();
        let mut again: HashMap<u64, usize> = HashMap::new();
        for print in self.again.drain(..) {
            *again.entry(print).or_default() += 1;
        }
        let last = self.last;
        page.retain(|stream, event| {
            if Some(event.at) != last {
                return true;
            }
            let print = fingerprint(stream, event);
            if !event.id.is_empty() {
                return !with_ids.contains(&print);
            }
            match again.get_mut(&print) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                Some(_) | None => true,
            }
        });
        self.again.extend(again.into_iter().flat_map(|(print, left)| std::iter::repeat_n(print, left)));
    }

    /// Gives up the token: the chain is taken up at the time of the last event, and what was delivered of it is left out.
    pub fn restart(&mut self) -> Result<(), Disordered> {
        if self.disordered {
            return Err(Disordered);
        }
        self.token = None;
        self.shape = 0;
        self.again.clone_from(&self.at_last);
        Ok(())
    }

    /// Whether events came in order so far, so that everything before the last one is known to have come.
    pub const fn is_ordered(&self) -> bool {
        !self.disordered
    }
}

/// The earliest and the latest event.
fn span(page: &Page) -> Option<(Timestamp, Timestamp)> {
    let times = || page.batches().flat_map(|batch| batch.events().map(|event| event.at));
    times().min().zip(times().max())
}

/// What tells one event from another: its id; without one, equal events are told apart only by how many there are.
fn fingerprint(stream: &StreamName, event: Event<'_>) -> u64 {
    let numbers = [event.at.millis(), event.ingested.millis()].map(i64::to_le_bytes);
    let hash = numbers.iter().fold(OFFSET, |hash, number| fold(hash, number));
    fold(fold(fold(hash, stream.as_str().as_bytes()), &[0]), if event.id.is_empty() { event.message } else { event.id })
}

/// What a page looks like, without reading every message of it: their times and lengths.
fn shape(page: &Page) -> u64 {
    let events = page.batches().flat_map(Batch::events);
    events.fold(OFFSET, |hash, event| {
        let mixed = event.at.millis() ^ event.ingested.millis().rotate_left(20);
        (hash ^ mixed.cast_unsigned()).wrapping_mul(PRIME) ^ event.message.len() as u64
    })
}

/// FNV-1a, 64 bits: the same in every version of this program, because marks are saved.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

fn fold(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::page::Entry;
    use super::*;

    /// A page of one stream: times and one-letter messages.
    fn page(events: &[(i64, u8)]) -> Page {
        let text: Vec<u8> = events.iter().map(|(_, letter)| *letter).collect();
        let entries =
            events.iter().zip(0..).map(|((at, _), n)| Entry { at: *at, message: n..n + 1, ..Entry::default() });
        Page::of_stream(StreamName::from("s"), text, entries.collect())
    }

    fn rows(page: &Page) -> Vec<(i64, u8)> {
        page.batches().flat_map(|batch| batch.events().map(|event| (event.at.millis(), event.message[0]))).collect()
    }

    proptest! {
        /// However the chain is cut into pages, and wherever its tokens are lost and the mark was saved and loaded.
        #[test]
        fn every_event_comes_once_wherever_the_chain_is_taken_up_by_time(
            mut all in prop::collection::vec((0_i64..12, b'a'..b'd'), 0..60),
            cuts in prop::collection::vec((1_usize..9, any::<bool>()), 0..200),
        ) {
            all.sort_by_key(|(at, _)| *at);
            let (mut mark, mut read, mut place) = (Mark::default(), Vec::new(), 0);
            for (length, restarts) in cuts.into_iter().chain(std::iter::repeat_n((9, false), 60)) {
                if restarts {
                    mark.restart().unwrap();
                }
                if mark.token.is_none() {
                    let from = mark.last.map_or(i64::MIN, Timestamp::millis);
                    place = all.partition_point(|(at, _)| *at < from);
                }
                let end = all.len().min(place + length);
                let mut next = page(&all[place..end]);
                place = end;
                mark.pass(&mut next, Some("token".to_owned()), Asked::default());
                read.extend(rows(&next));
                mark = serde_json::from_str(&serde_json::to_string(&mark).unwrap()).unwrap();
            }
            prop_assert_eq!(read, all);
        }
    }

    #[test]
    fn a_page_that_is_answered_twice_is_delivered_once() {
        let mut mark = Mark::default();
        let mut delivered = Vec::new();
        for events in [&[(1, b'a'), (2, b'b')], &[(1, b'a'), (2, b'b')], &[(2, b'b'), (2, b'c')]] {
            let mut page = page(events);
            mark.pass(&mut page, Some("token".to_owned()), Asked::default());
            delivered.extend(rows(&page));
        }
        assert_eq!(delivered, [(1, b'a'), (2, b'b'), (2, b'b'), (2, b'c')]);
        assert!(mark.is_ordered());
    }

    #[test]
    fn a_page_that_may_be_the_one_before_is_asked_for_anew_once() {
        let mut mark = Mark::default();
        let mut delivered = Vec::new();
        // The second is doubted; asked for by time there are indeed four, in two pages that look the same.
        for (events, is_doubted) in [(b"ab", false), (b"ab", true), (b"ab", false), (b"ab", false)] {
            let mut page = page(&[(1, events[0]), (1, events[1])]);
            mark.pass(&mut page, Some("token".to_owned()), Asked::default());
            assert_eq!(mark.token.is_none(), is_doubted);
            delivered.extend(rows(&page));
        }
        assert_eq!(delivered, [(1, b'a'), (1, b'b'), (1, b'a'), (1, b'b')]);
    }

    #[test]
    fn a_chain_out_of_order_cannot_be_taken_up_by_time() {
        let mut mark = Mark::default();
        for events in [[(5, b'a'), (6, b'b')], [(4, b'c'), (7, b'd')]] {
            mark.pass(&mut page(&events), None, Asked::default());
        }
        assert_eq!(mark.restart(), Err(Disordered));
    }
}
