//! Trying a call again for as long as it makes sense: an export of hours is not to end because of a bad minute.

use std::future::Future;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::sleep;

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::Wait;
use crate::export::backoff::Backoff;
use crate::export::managed::passes;

/// How long one call may go on failing in a way that passes. AWS's own disturbances seldom last longer, and what is
/// durable by then is kept.
const LIMIT: Duration = Duration::from_mins(15);

/// Tries again, and tells why nothing moves.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    waits: watch::Sender<Option<Wait>>,
    limit: Duration,
}

impl Patience {
    pub fn new() -> Self {
        Self { waits: watch::Sender::new(None), limit: LIMIT }
    }

    /// Why nothing moves just now; `None` while it does.
    pub fn waits(&self) -> watch::Receiver<Option<Wait>> {
        self.waits.subscribe()
    }

    /// Makes a call until it succeeds, fails for good, or has failed for too long. For credentials it waits without end:
    /// a person has to renew them.
    pub async fn persist<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Problem>>,
    {
        let begun = Instant::now();
        let mut backoff = Backoff::new();
        loop {
            match attempt().await {
                Ok(answer) => {
                    self.waits.send_if_modified(|wait| wait.take().is_some());
                    return Ok(answer);
                }
                Err(problem) if passes(problem.kind) && self.is_worth_it(problem.kind, begun) => {
                    let (pause, wait) = backoff.step_after(problem);
                    self.waits.send_replace(Some(wait));
                    sleep(pause).await;
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    fn is_worth_it(&self, kind: ProblemKind, begun: Instant) -> bool {
        let credentials = matches!(kind, ProblemKind::NoCredentials | ProblemKind::ExpiredCredentials);
        credentials || begun.elapsed() < self.limit
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A call that fails so often, then succeeds; how often it was made.
    async fn made(patience: &Patience, kind: ProblemKind, failures: u32) -> (bool, u32) {
        let calls = AtomicU32::new(0);
        let attempt = || {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            async move { if call < failures { Err(Problem::new(kind, "PutObject")) } else { Ok(()) } }
        };
        let answer = patience.persist(attempt).await;
        (answer.is_ok(), calls.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_tried_again_and_what_does_not_is_told_at_once() {
        let patience = Patience::new();
        assert_eq!(made(&patience, ProblemKind::Server, 3).await, (true, 4));
        assert_eq!(made(&patience, ProblemKind::ExpiredCredentials, 3).await, (true, 4));
        assert_eq!(made(&patience, ProblemKind::AccessDenied, 3).await, (false, 1));
        assert_eq!(*patience.waits().borrow(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn only_credentials_are_waited_for_without_end() {
        let patience = Patience { limit: Duration::ZERO, ..Patience::new() };
        assert_eq!(made(&patience, ProblemKind::Server, 3).await, (false, 1));
        assert_eq!(made(&patience, ProblemKind::ExpiredCredentials, 3).await, (true, 4));
    }
}
