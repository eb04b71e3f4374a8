//! How long to wait before asking again: exponential with jitter, so that many waiters do not come back at once
//! (AWS Architecture Blog, "Exponential Backoff And Jitter").

use std::time::{Duration, SystemTime};

use crate::domain::problem::Problem;
use crate::domain::task::Wait;
use crate::domain::time::Timestamp;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// The waits of one repeated call.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub const fn new() -> Self {
        Self { next: FIRST }
    }

    /// Begins anew: the call has succeeded.
    pub const fn reset(&mut self) {
        self.next = FIRST;
    }

    /// The next wait: between half and the whole of a span that doubles up to half a minute.
    pub fn step(&mut self) -> Duration {
        let span = self.next;
        self.next = (span * 2).min(LONGEST);
        span.mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// The next wait, and how it is told to people.
    pub fn step_after(&mut self, problem: Problem) -> (Duration, Wait) {
        let pause = self.step();
        (pause, Wait::Retry { problem, until: now().after(pause) })
    }
}

/// The clock of the engine room.
pub(super) fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_a_minute_and_no_further() {
        let mut backoff = Backoff::new();
        let waits: Vec<_> = (0..12).map(|_| backoff.step()).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST);
        assert!(waits.iter().all(|wait| *wait <= LONGEST));
        assert!(waits[11] >= LONGEST / 2);
        backoff.reset();
        assert!(backoff.step() <= FIRST);
    }
}
