//! A page of log events, packed: one buffer of bytes and a short entry an event, so that an event costs no allocation.
//!
//! `aws` builds pages from what the service answered; the direct engine's writer reads them batch by batch.

use std::ops::Range;

use super::super::time::Timestamp;
use super::unit::StreamName;

/// One answer of GetLogEvents or FilterLogEvents: its events, sorted by log stream, in the service's order within each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    text: Vec<u8>,
    entries: Vec<Entry>,
    runs: Vec<Run>,
}

/// One event of a page under construction: its times in epoch milliseconds, and where its texts lie in the page's buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// When it happened.
    pub at: i64,
    /// When CloudWatch Logs took it in.
    pub ingested: i64,
    /// Where its message lies.
    pub message: Range<u32>,
    /// Where its id lies; empty where the service gives none (GetLogEvents).
    pub id: Range<u32>,
}

/// Neighbouring entries of one log stream.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    stream: StreamName,
    entries: Range<usize>,
}

/// A page's events of one log stream.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    stream: &'a StreamName,
    text: &'a [u8],
    entries: &'a [Entry],
}

/// One log event, borrowed from its page. Its texts are UTF-8, and untrusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// When it happened.
    pub at: Timestamp,
    /// When CloudWatch Logs took it in.
    pub ingested: Timestamp,
    /// AWS's id of it; empty where the service gives none (GetLogEvents).
    pub id: &'a [u8],
    /// What it says, without a line feed at its end unless it was put with one.
    pub message: &'a [u8],
}

impl Page {
    /// A page of events of one stream, in the order of `entries`, whose ranges lie within `text`.
    pub fn of_stream(stream: StreamName, text: Vec<u8>, entries: Vec<Entry>) -> Self {
        let run = Run { stream, entries: 0..entries.len() };
        let runs = if entries.is_empty() { Vec::new() } else { vec![run] };
        Self { text, entries, runs }
    }

    /// A page of events of several streams: entry `n` belongs to `streams[of[n]]`. Sorted by stream here, each stream's
    /// events in the order given. An entry whose stream does not exist is a defect of the caller and left out.
    pub fn of_streams(streams: &[StreamName], of: &[u32], text: Vec<u8>, entries: Vec<Entry>) -> Self {
        // A counting sort: how many each stream has, where each begins, then every entry into its place.
        let mut ends = vec![0_usize; streams.len()];
        for stream in of {
            ends[*stream as usize] += 1;
        }
        let mut runs = Vec::with_capacity(streams.len());
        let mut start = 0;
        for (stream, end) in streams.iter().zip(&mut ends) {
            let count = std::mem::replace(end, start);
            if count > 0 {
                runs.push(Run { stream: stream.clone(), entries: start..start + count });
            }
            start += count;
        }
        let mut sorted = vec![Entry::default(); of.len()];
        for (stream, entry) in of.iter().zip(entries) {
            let place = &mut ends[*stream as usize];
            sorted[*place] = entry;
            *place += 1;
        }
        Self { text, entries: sorted, runs }
    }

    /// How many events it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none; a page may be empty although more events follow.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes of all messages.
    pub fn message_bytes(&self) -> u64 {
        self.entries.iter().map(|entry| u64::from(entry.message.end - entry.message.start)).sum()
    }

    /// How many bytes of memory it holds on to.
    pub fn footprint(&self) -> usize {
        self.text.capacity() + self.entries.capacity() * size_of::<Entry>() + self.runs.capacity() * size_of::<Run>()
    }

    /// Its events stream by stream.
    pub fn batches(&self) -> impl Iterator<Item = Batch<'_>> {
        self.runs.iter().map(|run| Batch {
            stream: &run.stream,
            text: &self.text,
            entries: &self.entries[run.entries.clone()],
        })
    }

    /// Leaves out the events that `keep` does not want.
    pub fn retain(&mut self, mut keep: impl FnMut(&StreamName, Event<'_>) -> bool) {
        let (text, mut left) = (&self.text, 0);
        for run in &mut self.runs {
            let start = left;
            for place in run.entries.clone() {
                if keep(&run.stream, self.entries[place].event(text)) {
                    self.entries.swap(left, place);
                    left += 1;
                }
            }
            run.entries = start..left;
        }
        self.entries.truncate(left);
        self.runs.retain(|run| !run.entries.is_empty());
    }

    /// Gives its buffer back, to be used for another page.
    pub fn into_buffer(self) -> Vec<u8> {
        self.text
    }
}

impl<'a> Batch<'a> {
    /// The log stream all of them belong to.
    pub const fn stream(&self) -> &'a StreamName {
        self.stream
    }

    /// How many events; at least one.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Never: a batch has at least one event.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The events in the service's order.
    pub fn events(self) -> impl Iterator<Item = Event<'a>> {
        self.entries.iter().map(move |entry| entry.event(self.text))
    }
}

impl Entry {
    /// The event, its texts cut from its page's buffer.
    fn event<'a>(&self, text: &'a [u8]) -> Event<'a> {
        let cut = |range: &Range<u32>| &text[range.start as usize..range.end as usize];
        Event {
            at: Timestamp::from_millis(self.at),
            ingested: Timestamp::from_millis(self.ingested),
            id: cut(&self.id),
            message: cut(&self.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(at: i64) -> Entry {
        Entry { at, ..Entry::default() }
    }

    fn rows(page: &Page) -> Vec<(String, i64)> {
        let of =
            |batch: Batch<'_>| batch.events().map(|event| (batch.stream().to_string(), event.at.millis())).collect();
        page.batches().flat_map(|batch| -> Vec<_> { of(batch) }).collect()
    }

    proptest! {
        #[test]
        fn events_are_sorted_by_stream_and_keep_their_order_within(of in prop::collection::vec(0_u32..5, 0..50), gone in 0_i64..7) {
            let names: Vec<StreamName> = (0..5).map(|n| StreamName::from(format!("s{n}"))).collect();
            let entries: Vec<Entry> = (0..).take(of.len()).map(entry).collect();
            let mut page = Page::of_streams(&names, &of, Vec::new(), entries);
            let mut wanted: Vec<(String, i64)> = of.iter().zip(0..).map(|(n, at)| (format!("s{n}"), at)).collect();
            wanted.sort_by_key(|(name, _)| name.clone());
            prop_assert_eq!(rows(&page), wanted.clone());
            page.retain(|_, event| event.at.millis() % 7 != gone);
            wanted.retain(|(_, at)| at % 7 != gone);
            prop_assert_eq!(page.len(), wanted.len());
            prop_assert_eq!(rows(&page), wanted);
            prop_assert!(page.batches().all(|batch| !batch.is_empty()));
        }
    }
}
