//! Answers that are kept for a while, so that many askers of one thing cost one call.
//!
//! Bounded, and shared by whoever holds it. Whoever asks while the same is being asked waits for that answer; should the
//! first give up, the next one asks in its place.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::backoff::now;
use crate::domain::time::Timestamp;

/// An answer that may be another one in a moment, because a call failed in a way that passes, is kept this long at most.
const BRIEFLY: Duration = Duration::from_secs(3);

/// How old an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Asked for at most so long ago.
    AtMost(Duration),
    /// Asked for from now on.
    Now,
}

/// An answer, and since when it is known.
#[derive(Clone, Debug)]
pub(super) struct Known<V> {
    pub value: V,
    /// When it was asked for.
    pub asked: Timestamp,
    begun: Instant,
    ended: Instant,
    lasts: bool,
}

/// The place of one answer. Whoever holds its lock is asking.
type Place<V> = Arc<tokio::sync::Mutex<Option<Known<V>>>>;

/// Answers by what was asked for.
pub(super) struct Cache<K, V> {
    bound: usize,
    places: Mutex<HashMap<K, (Instant, Place<V>)>>,
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    /// Holds `bound` answers at most; the one that was asked for longest ago makes room.
    pub fn new(bound: usize) -> Self {
        Self { bound, places: Mutex::default() }
    }

    /// The answer for `key` if it is as fresh as `freshness` wants, or else what `ask` gives. `lasts`: whether an answer is
    /// to be kept for more than a moment.
    pub async fn get(
        &self,
        key: &K,
        freshness: Freshness,
        lasts: impl FnOnce(&V) -> bool,
        ask: impl Future<Output = V>,
    ) -> Known<V> {
        let since = match freshness {
            // A machine that is not up for so long has no older answer.
            Freshness::AtMost(age) => Instant::now().checked_sub(age),
            Freshness::Now => Some(Instant::now()),
        };
        let place = self.place(key);
        let mut known = place.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.is_good(since)) {
            return known.clone();
        }
        let (asked, begun) = (now(), Instant::now());
        let value = ask.await;
        let lasts = lasts(&value);
        known.insert(Known { value, asked, begun, ended: Instant::now(), lasts }).clone()
    }

    fn place(&self, key: &K) -> Place<V> {
        // Nothing panics while it is locked, and half a change is not possible.
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((used, place)) = places.get_mut(key) {
            *used = Instant::now();
            return Arc::clone(place);
        }
        if places.len() >= self.bound {
            let oldest = places.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| places.remove(&oldest));
        }
        let place = Place::default();
        places.insert(key.clone(), (Instant::now(), Arc::clone(&place)));
        place
    }
}

impl<V> Known<V> {
    fn is_good(&self, since: Option<Instant>) -> bool {
        since.is_none_or(|since| self.begun >= since) && (self.lasts || self.ended.elapsed() <= BRIEFLY)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::time::{advance, sleep};

    use super::*;

    const MINUTE: Freshness = Freshness::AtMost(Duration::from_mins(1));
    const CALL: Duration = Duration::from_millis(300);

    /// A server that counts its calls, and answers with their number.
    struct Bench {
        cache: Cache<&'static str, usize>,
        calls: AtomicUsize,
    }

    impl Bench {
        fn new() -> Self {
            Self { cache: Cache::new(2), calls: AtomicUsize::new(0) }
        }

        async fn get(&self, key: &'static str, freshness: Freshness, lasts: bool) -> usize {
            let ask = async {
                sleep(CALL).await;
                self.calls.fetch_add(1, Ordering::Relaxed) + 1
            };
            self.cache.get(&key, freshness, |_| lasts, ask).await.value
        }
    }

    #[tokio::test(start_paused = true)]
    async fn askers_at_the_same_time_share_one_call() {
        let bench = Bench::new();
        let answers = join_all((0..100).map(|_| bench.get("a", MINUTE, true))).await;
        assert_eq!(answers, vec![1; 100]);
        assert_eq!(join_all((0..100).map(|_| bench.get("b", MINUTE, false))).await, vec![2; 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_asked_for_again_once_it_is_too_old() {
        let bench = Bench::new();
        assert_eq!(bench.get("a", MINUTE, true).await, 1);
        advance(Duration::from_secs(59)).await;
        assert_eq!(bench.get("a", MINUTE, true).await, 1);
        advance(Duration::from_secs(1)).await;
        assert_eq!(bench.get("a", MINUTE, true).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_wanted_from_now_on_was_not_asked_for_before() {
        let bench = Bench::new();
        assert_eq!(bench.get("a", Freshness::Now, true).await, 1);
        advance(Duration::from_millis(1)).await;
        let begun_before = bench.get("a", Freshness::Now, true);
        let asked_meanwhile = async {
            sleep(CALL / 2).await;
            join_all((0..10).map(|_| bench.get("a", Freshness::Now, true))).await
        };
        let (before, meanwhile) = tokio::join!(begun_before, asked_meanwhile);
        assert_eq!((before, meanwhile), (2, vec![3; 10]));
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_kept_for_a_moment() {
        let bench = Bench::new();
        assert_eq!(bench.get("a", MINUTE, false).await, 1);
        advance(Duration::from_secs(2)).await;
        assert_eq!(bench.get("a", MINUTE, false).await, 1);
        advance(Duration::from_secs(2)).await;
        assert_eq!(bench.get("a", MINUTE, false).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_asks_where_the_first_gave_up() {
        let bench = Bench::new();
        let gives_up = tokio::time::timeout(CALL / 2, bench.get("a", MINUTE, true));
        let (gave_up, waited) = tokio::join!(gives_up, bench.get("a", MINUTE, true));
        assert!(gave_up.is_err());
        assert_eq!(waited, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_asked_for_longest_ago_makes_room() {
        let bench = Bench::new();
        for (key, answer) in [("a", 1), ("b", 2), ("a", 1), ("c", 3), ("a", 1), ("b", 4)] {
            assert_eq!(bench.get(key, MINUTE, true).await, answer, "{key}");
        }
    }
}
