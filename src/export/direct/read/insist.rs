//! One call, asked until it is answered: in its turn by the budget, and again after failures that pass.

use std::time::{Duration, Instant};

use super::budget::Budget;
use super::gauges::Gauges;
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::backoff::Backoff;
use crate::export::direct::lately::Lately;

/// How long a call may fail in a row before reading is given up: an outage of the service or of the network here is told
/// to people rather than waited for in silence.
const PATIENCE: Duration = Duration::from_mins(10);

/// The attempts of one call.
pub(super) struct Attempts<'a> {
    budget: &'a Budget,
    waits: &'a Lately,
    backoff: Backoff,
    failing: Option<Instant>,
}

impl<'a> Attempts<'a> {
    /// Attempts paid for by `budget`; the gauges learn how they wait for their turns.
    pub const fn new(budget: &'a Budget, gauges: &'a Gauges) -> Self {
        Self { budget, waits: gauges.turns.of(budget.call()), backoff: Backoff::new(), failing: None }
    }

    /// Waits until the next attempt may be made.
    pub async fn turn(&self) {
        self.budget.permit(self.waits).await;
    }

    /// An attempt failed: waits as long as is seemly before the next.
    ///
    /// # Errors
    /// `problem` itself: it does not pass, or has not for too long.
    pub async fn failed(&mut self, problem: Problem) -> Result<(), Problem> {
        let since = *self.failing.get_or_insert_with(Instant::now);
        if !problem.kind.is_transient() || since.elapsed() > PATIENCE {
            return Err(problem);
        }
        if problem.kind == ProblemKind::Throttled {
            // The budget slows everybody down; this call just takes its next turn.
            self.budget.throttled();
        } else {
            tokio::time::sleep(self.backoff.step()).await;
        }
        Ok(())
    }
}
