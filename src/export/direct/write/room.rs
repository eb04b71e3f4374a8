//! Room in memory for what is on its way to the sink, and how much of it has arrived.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::export::direct::lately::Lately;

/// What may be on its way at once, in units of [`UNIT`]: 16 MiB, which keep a link of 1 Gbit/s busy that answers after a tenth
/// of a second. Twice as much brought a task above 150 MiB when its bucket was slow (`cargo bench --bench direct memory`).
const UNITS: usize = 256;

const UNIT: usize = 64 * 1024;

/// The least an object takes, however small: 32 of them may be on their way at once.
const LEAST: usize = UNITS / 32;

/// The room. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Room {
    free: Arc<Semaphore>,
    sent: Arc<AtomicU64>,
    waits: Arc<Lately>,
}

/// A piece of it, given back when dropped.
#[derive(Debug)]
pub(super) struct Taken {
    sent: Arc<AtomicU64>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Room {
    pub fn new() -> Self {
        Self { free: Arc::new(Semaphore::new(UNITS)), sent: Arc::default(), waits: Arc::default() }
    }

    /// Waits for room for `bytes`. What is larger than all of it takes all of it.
    pub async fn take(&self, bytes: usize) -> Taken {
        let units = bytes.div_ceil(UNIT).clamp(LEAST, UNITS);
        let (free, units) = (Arc::clone(&self.free), u32::try_from(units).unwrap_or(u32::MAX));
        let permit = match Arc::clone(&free).try_acquire_many_owned(units) {
            Ok(permit) => Some(permit),
            // Nobody closes the semaphore.
            Err(_) => self.waits.during(free.acquire_many_owned(units)).await.ok(),
        };
        Taken { sent: Arc::clone(&self.sent), _permit: permit }
    }

    /// Waits for room: while there are any, uploads hold everything up.
    pub fn waits(&self) -> Arc<Lately> {
        Arc::clone(&self.waits)
    }

    /// So many bytes have arrived for which no room was taken.
    pub fn count(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes that have arrived so far.
    pub fn arrived(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Taken {
    /// So many bytes have arrived.
    pub fn sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn small_objects_are_bounded_in_number_and_large_ones_in_bytes() {
        let room = Room::new();
        let mut taken = Vec::new();
        for _ in 0..32 {
            taken.push(room.take(1).await);
        }
        assert_eq!(room.free.available_permits(), 0);
        taken.truncate(16);
        let large = room.take(8 * 1024 * 1024).await;
        assert_eq!(room.free.available_permits(), 0);
        drop((taken, large));
        drop(room.take(usize::MAX).await);
        assert_eq!(room.free.available_permits(), UNITS);
    }

    #[tokio::test]
    async fn what_arrives_is_counted() {
        let room = Room::new();
        room.take(5).await.sent(5);
        assert_eq!(room.arrived(), 5);
    }
}
