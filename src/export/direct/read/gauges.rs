//! Counters of reading, for whoever shows progress.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::direct::page::Page;

/// What was read so far. Counted up by the chains, read by whoever likes.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Events delivered.
    pub events: Counter,
    /// Bytes of their messages.
    pub bytes: Counter,
    /// Bytes of the answers they came in.
    pub answered: Counter,
    /// Requests answered, listings not counted.
    pub pages: Counter,
    /// Streams known to have to be read.
    pub streams_known: Counter,
    /// Streams read to their end; stays 0 while the whole group is read over time.
    pub streams_done: Counter,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Counts `n` more.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// The number now.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Gauges {
    /// Counts a page that is delivered.
    pub fn count(&self, page: &Page) {
        self.events.add(page.len() as u64);
        self.bytes.add(page.message_bytes());
    }
}
