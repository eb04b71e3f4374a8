//! A page of events in the making: one buffer for all messages, one short entry for each event, until the page is full.

use serde::{Serialize, Serializer};
use std::ops::Range;

use super::super::events::{Events, OVERHEAD};

/// The most events a page has (GetLogEvents and FilterLogEvents references).
pub(super) const MAX_EVENTS: i64 = 10_000;

/// The most bytes a page has, counted as CloudWatch Logs counts events (same references: 1 MB).
const MAX_BYTES: usize = 1_048_576;

/// What one event needs besides its message.
struct Entry {
    at: i64,
    ingested: i64,
    text: Range<usize>,
}

/// Events taken so far.
pub(super) struct EventPage {
    limit: usize,
    entries: Vec<Entry>,
    text: String,
}

/// One event, borrowed from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown<'a> {
    /// When it happened.
    pub timestamp: i64,
    /// What it says.
    pub message: &'a str,
    /// When it was taken in.
    pub ingestion_time: i64,
}

impl EventPage {
    /// An empty page for at most `limit` events.
    pub fn new(limit: usize) -> Self {
        Self { limit, entries: Vec::new(), text: String::new() }
    }

    /// Takes event `index` if the page has room for it and `wanted` says so of its message; `false` if it is full. A
    /// first event always has room, so that reading goes on.
    pub fn take(&mut self, events: &Events, index: u64, wanted: impl FnOnce(&str) -> bool) -> bool {
        if self.entries.len() >= self.limit {
            return false;
        }
        let start = self.text.len();
        events.write_message(index, &mut self.text);
        if !wanted(&self.text[start..]) {
            self.text.truncate(start);
            return true;
        }
        if !self.entries.is_empty() && self.text.len() + (self.entries.len() + 1) * OVERHEAD > MAX_BYTES {
            self.text.truncate(start);
            return false;
        }
        let text = start..self.text.len();
        self.entries.push(Entry { at: events.timestamp(index), ingested: events.ingested(index), text });
        true
    }

    /// Turns the order round: a page read backwards is still shown forwards.
    pub fn reverse(&mut self) {
        self.entries.reverse();
    }

    /// How many events it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The events in order.
    pub fn iter(&self) -> impl Iterator<Item = Shown<'_>> {
        self.entries.iter().map(|entry| Shown {
            timestamp: entry.at,
            message: &self.text[entry.text.clone()],
            ingestion_time: entry.ingested,
        })
    }
}

impl Serialize for EventPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
