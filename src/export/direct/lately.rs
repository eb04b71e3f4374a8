//! Whether somebody has had to wait lately: what a wait is for holds the export up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long after a wait it still counts as lately.
const LATELY: Duration = Duration::from_secs(2);

/// Waits for one thing, now and lately.
#[derive(Debug, Default)]
pub struct Lately {
    waiting: AtomicUsize,
    ended: Mutex<Option<Instant>>,
}

/// One wait; over when dropped.
struct Wait<'a>(&'a Lately);

impl Lately {
    /// Does `work`, which is a wait.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _wait = Wait(self);
        work.await
    }

    /// Whether somebody waits, or has until lately.
    pub fn is_so(&self) -> bool {
        let ended = *self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.load(Ordering::Relaxed) > 0 || ended.is_some_and(|at| at.elapsed() < LATELY)
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        *self.0.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_is_noticed_while_it_lasts_and_for_a_while_after() {
        let lately = Lately::default();
        assert!(!lately.is_so());
        lately.during(async { assert!(lately.is_so()) }).await;
        assert!(lately.is_so());
        *lately.ended.lock().unwrap() = Instant::now().checked_sub(LATELY);
        assert!(!lately.is_so());
    }
}
