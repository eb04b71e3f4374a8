//! Failures on demand: which of the coming calls are delayed, refused or cut, and how many were made.
//!
//! Decides, and waits where a fault asks for it; it writes no answer itself. The server and the S3 gate ask
//! [`Faults::meet`] once per call; tests and the control endpoint add rules.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::rates::Rates;
use super::world::{Caller, lock};

/// Which service a call is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// CloudWatch Logs.
    Logs,
    /// S3.
    S3,
    /// STS.
    Sts,
}

/// How a service says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Too many calls: `ThrottlingException`, `SlowDown`.
    Throttle,
    /// The service failed: a 500.
    ServerError,
    /// The credentials' session has ended.
    ExpiredToken,
    /// A policy denies the call.
    AccessDenied,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It takes this much longer.
    Latency(Duration),
    /// It is never answered.
    Hang,
    /// The connection is closed before the work is done.
    CutBefore,
    /// The work is done, then the connection is closed without an answer.
    CutAfter,
    /// The work is done, and the connection closed in the middle of the answer (CloudWatch Logs alone; elsewhere as
    /// [`Kind::CutAfter`]).
    CutWithin,
    /// It is refused.
    Refuse(Refusal),
}

/// One rule: which calls it befalls, what happens to them, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    service: Option<Service>,
    operation: String,
    kind: Kind,
    times: Option<u32>,
    every: u32,
    seen: u32,
}

impl Fault {
    /// `kind` for every call of `operation` (AWS's name, such as `CreateExportTask`; `*` for all), for ever.
    pub fn new(operation: impl Into<String>, kind: Kind) -> Self {
        Self { service: None, operation: operation.into(), kind, times: None, every: 1, seen: 0 }
    }

    /// Only calls to `service`.
    #[must_use]
    pub const fn at(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Only this many times, then never again.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only each `nth` matching call; 0 counts as 1.
    #[must_use]
    pub const fn every(mut self, nth: u32) -> Self {
        self.every = if nth == 0 { 1 } else { nth };
        self
    }

    fn matches(&self, service: Service, operation: &str) -> bool {
        self.service.is_none_or(|only| only == service) && (self.operation == "*" || self.operation == operation)
    }

    /// Whether this matching call is one that the rule befalls; counts it.
    fn befalls(&mut self) -> bool {
        if self.times == Some(0) {
            return false;
        }
        self.seen = self.seen.wrapping_add(1);
        let hit = self.seen.is_multiple_of(self.every);
        if hit {
            self.times = self.times.map(|left| left - 1);
        }
        hit
    }
}

/// What a call is to do after it has met its faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Do the work and answer.
    Proceed,
    /// Do the work, then cut the connection.
    ProceedThenCut,
    /// Do the work, then cut the connection in the middle of the answer.
    ProceedThenCutWithin,
    /// Cut the connection.
    Cut,
    /// Refuse.
    Refuse(Refusal),
}

/// The failures to inject into coming calls.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Fault>,
    calls: BTreeMap<String, u64>,
    enforce: bool,
    rates: Rates,
}

impl Faults {
    /// Adds a rule behind those already there.
    pub fn add(&self, fault: Fault) {
        lock(&self.state).rules.push(fault);
    }

    /// Forgets all rules.
    pub fn clear(&self) {
        lock(&self.state).rules.clear();
    }

    /// Whether calls above AWS's documented rates are throttled; off at the start.
    pub fn enforce_rates(&self, enforce: bool) {
        lock(&self.state).enforce = enforce;
    }

    /// How many calls of each operation arrived since the start, refused and cut ones included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        lock(&self.state).calls.clone()
    }

    /// Counts a call and lets it meet its faults. Waits as long as they say: for ever, if one hangs.
    pub async fn meet(&self, service: Service, operation: &str, caller: &Caller) -> Verdict {
        let kinds = self.befalling(service, operation, caller, Instant::now());
        for kind in kinds {
            match kind {
                Kind::Latency(delay) => tokio::time::sleep(delay).await,
                Kind::Hang => std::future::pending().await,
                Kind::CutBefore => return Verdict::Cut,
                Kind::CutAfter => return Verdict::ProceedThenCut,
                Kind::CutWithin => return Verdict::ProceedThenCutWithin,
                Kind::Refuse(refusal) => return Verdict::Refuse(refusal),
            }
        }
        Verdict::Proceed
    }

    /// What befalls this call, in the rules' order and no further than the first that decides its fate.
    fn befalling(&self, service: Service, operation: &str, caller: &Caller, now: Instant) -> Vec<Kind> {
        let mut guard = lock(&self.state);
        let state = &mut *guard;
        *state.calls.entry(operation.to_owned()).or_default() += 1;
        let mut kinds = Vec::new();
        for rule in state.rules.iter_mut().filter(|rule| rule.matches(service, operation)) {
            if rule.befalls() {
                kinds.push(rule.kind);
                if !matches!(rule.kind, Kind::Latency(_)) {
                    return kinds;
                }
            }
        }
        if state.enforce && service == Service::Logs && !state.rates.admits(caller, operation, now) {
            kinds.push(Kind::Refuse(Refusal::Throttle));
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller() -> Caller {
        Caller { access_key: "AKIA".into(), account: "123456789012".into(), region: "eu-central-1".into() }
    }

    fn fate(faults: &Faults, service: Service, operation: &str) -> Vec<Kind> {
        faults.befalling(service, operation, &caller(), Instant::now())
    }

    #[test]
    fn a_rule_befalls_only_its_operation_and_service() {
        let faults = Faults::default();
        faults.add(Fault::new("ListObjectsV2", Kind::Hang).at(Service::S3));
        assert_eq!(fate(&faults, Service::S3, "ListObjectsV2"), [Kind::Hang]);
        assert_eq!(fate(&faults, Service::S3, "GetObject"), []);
        assert_eq!(fate(&faults, Service::Logs, "ListObjectsV2"), []);
    }

    #[test]
    fn a_rule_with_times_stops_when_they_are_used_up() {
        let faults = Faults::default();
        faults.add(Fault::new("*", Kind::CutAfter).times(2));
        let hits: Vec<bool> = (0..4).map(|_| !fate(&faults, Service::Sts, "GetCallerIdentity").is_empty()).collect();
        assert_eq!(hits, [true, true, false, false]);
    }

    #[test]
    fn every_nth_call_counts_matching_calls_only() {
        let faults = Faults::default();
        faults.add(Fault::new("A", Kind::CutBefore).every(3));
        let hits: Vec<bool> = (0..6)
            .map(|_| {
                fate(&faults, Service::Logs, "B");
                !fate(&faults, Service::Logs, "A").is_empty()
            })
            .collect();
        assert_eq!(hits, [false, false, true, false, false, true]);
    }

    #[test]
    fn latencies_add_up_until_the_first_rule_that_decides() {
        let faults = Faults::default();
        let slow = Kind::Latency(Duration::from_millis(5));
        faults.add(Fault::new("*", slow));
        faults.add(Fault::new("*", slow));
        faults.add(Fault::new("*", Kind::Refuse(Refusal::ServerError)));
        faults.add(Fault::new("*", Kind::Hang));
        assert_eq!(fate(&faults, Service::S3, "GetObject"), [slow, slow, Kind::Refuse(Refusal::ServerError)]);
    }

    #[test]
    fn rates_are_enforced_only_when_asked_for_and_calls_are_counted_either_way() {
        let faults = Faults::default();
        let now = Instant::now();
        let refused = |n: usize| {
            (0..n).filter(|_| !faults.befalling(Service::Logs, "CreateExportTask", &caller(), now).is_empty()).count()
        };
        assert_eq!(refused(20), 0);
        faults.enforce_rates(true);
        assert_eq!(refused(20), 15);
        assert_eq!(faults.calls()["CreateExportTask"], 40);
    }
}
