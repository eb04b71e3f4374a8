//! The budget of requests: what one account may ask of one Region, shared by every task of this process that reads there.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::domain::direct::headway::{Bound, PerSecond};
use crate::domain::direct::quota::Operation;
use crate::domain::direct::rate::Rate;
use crate::domain::place::Region;
use crate::export::direct::lately::Lately;

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
    call: Operation,
    /// Requests a second that AWS documents, if this is AWS.
    quota: Option<f64>,
    /// What the schedule's instants are counted from.
    epoch: Instant,
    rate: Mutex<Rate>,
    waits: Lately,
}

impl Budgets {
    /// `share` of what AWS documents for `region`.
    pub fn of_quota(region: &Region, share: f64) -> Self {
        Self::with(|call| Budget::new(call, Some(call.per_second(region)), share))
    }

    /// No bounds until the service throttles: for emulators.
    pub fn unbounded() -> Self {
        Self::with(|call| Budget::new(call, None, 1.0))
    }

    fn with(budget: impl Fn(Operation) -> Budget) -> Self {
        Self {
            get: budget(Operation::GetLogEvents),
            filter: budget(Operation::FilterLogEvents),
            list: budget(Operation::DescribeLogStreams),
        }
    }

    /// That of `call`.
    pub const fn of(&self, call: Operation) -> &Budget {
        match call {
            Operation::GetLogEvents => &self.get,
            Operation::FilterLogEvents => &self.filter,
            Operation::DescribeLogStreams => &self.list,
        }
    }
}

impl Budget {
    fn new(call: Operation, quota: Option<f64>, share: f64) -> Self {
        let rate = Rate::new(quota.map(|quota| quota * share));
        Self { call, quota, epoch: Instant::now(), rate: Mutex::new(rate), waits: Lately::default() }
    }

    fn rate(&self) -> MutexGuard<'_, Rate> {
        self.rate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The call it is for.
    pub const fn call(&self) -> Operation {
        self.call
    }

    /// Waits for the turn of one request; `waits` learns of it if that takes time.
    pub async fn permit(&self, waits: &Lately) {
        let wait = self.rate().reserve(self.epoch.elapsed());
        if !wait.is_zero() {
            self.waits.during(waits.during(tokio::time::sleep(wait))).await;
        }
    }

    /// A request was refused for its rate.
    pub fn throttled(&self) {
        self.rate().throttled(self.epoch.elapsed());
    }

    /// Requests a second at present; `None`: as many as come.
    pub fn per_second(&self) -> Option<f64> {
        self.rate().per_second()
    }

    /// Whether requests have been waiting lately: more of them at once would read no faster.
    pub fn is_binding(&self) -> bool {
        self.waits.is_so()
    }

    /// What is told of it while it holds reading up.
    pub fn bound(&self) -> Bound {
        let sent = PerSecond::of(self.per_second().unwrap_or_default());
        Bound::Quota { call: self.call, sent, quota: self.quota.map(PerSecond::of) }
    }
}
