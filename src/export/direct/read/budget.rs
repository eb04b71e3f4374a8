//! The budget of requests: what one account may ask of one Region, shared by every task of this process that reads there.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::direct::quota::Operation;
use crate::domain::direct::rate::Rate;
use crate::domain::place::Region;

/// How long after a wait a budget counts as what holds reading up.
const BINDING: Duration = Duration::from_secs(2);

/// The share of a quota that is used unless told otherwise, so that others still get through.
pub const SHARE: f64 = 0.8;

/// The budgets of the calls that read.
#[derive(Debug)]
pub struct Budgets {
    /// GetLogEvents.
    pub get: Budget,
    /// FilterLogEvents.
    pub filter: Budget,
    /// DescribeLogStreams.
    pub list: Budget,
}

/// The budget of one call.
#[derive(Debug)]
pub struct Budget {
    operation: Operation,
    /// What the schedule's instants are counted from.
    epoch: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rate: Rate,
    waited: Option<Instant>,
}

impl Budgets {
    /// `share` of what AWS documents for `region`.
    pub fn of_quota(region: &Region, share: f64) -> Self {
        Self::with(|operation| Some(operation.per_second(region) * share))
    }

    /// No bounds until the service throttles: for emulators.
    pub fn unbounded() -> Self {
        Self::with(|_| None)
    }

    fn with(rate: impl Fn(Operation) -> Option<f64>) -> Self {
        let budget = |operation| Budget::new(operation, rate(operation));
        Self {
            get: budget(Operation::GetLogEvents),
            filter: budget(Operation::FilterLogEvents),
            list: budget(Operation::DescribeLogStreams),
        }
    }

    /// The call whose budget holds reading up at present, if one does.
    pub fn binding(&self) -> Option<Operation> {
        [&self.get, &self.filter, &self.list]
            .into_iter()
            .find(|budget| budget.is_binding())
            .map(|budget| budget.operation)
    }
}

impl Budget {
    fn new(operation: Operation, per_second: Option<f64>) -> Self {
        Self {
            operation,
            epoch: Instant::now(),
            state: Mutex::new(State { rate: Rate::new(per_second), waited: None }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of one request.
    pub async fn permit(&self) {
        let wait = {
            let now = Instant::now();
            let mut state = self.state();
            let wait = state.rate.reserve(now.saturating_duration_since(self.epoch));
            if !wait.is_zero() {
                state.waited = Some(now + wait);
            }
            wait
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// A request was refused for its rate.
    pub fn throttled(&self) {
        self.state().rate.throttled(self.epoch.elapsed());
    }

    /// Requests a second at present; `None`: as many as come.
    pub fn per_second(&self) -> Option<f64> {
        self.state().rate.per_second()
    }

    /// Whether requests have been waiting lately: more of them at once would read no faster.
    pub fn is_binding(&self) -> bool {
        self.state().waited.is_some_and(|until| until + BINDING > Instant::now())
    }
}
