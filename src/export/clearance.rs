//! The checks of one task before its launch: made while it waits for its turn or for the slot, and looked up when that
//! comes, so that the slot never stands idle for them.
//!
//! What could not be checked holds nothing up: AWS itself is the last to judge. What was found to block is asked
//! again before it is believed: whoever has mended the bucket runs the task again and should not have to wait.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::backoff::now;
use super::cache::Freshness;
use super::cancel::Wishes;
use super::checker::{Checked, Checker};
use super::preflight::{Choices, Subject};
use super::report::Reporter;
use crate::aws::Session;
use crate::domain::place::Lane;
use crate::domain::preflight::{Check, Preflight, Verdict};
use crate::domain::problem::Problem;
use crate::domain::task::{Fact, TaskSpec};
use crate::domain::zone::Zone;

/// Answers this old decide over a launch. A bucket that is changed in between is judged by AWS.
const RECENT: Duration = Duration::from_mins(1);
/// While a task waits, answers are renewed at this age: when its turn comes they are recent.
const RENEW: Duration = Duration::from_secs(40);
/// How often a waiting task's answers are looked at. Cheap: most of the time nothing is asked.
const LOOK: Duration = Duration::from_secs(5);
/// A launch waits this long for answers at most. Reached only when the first task of a lane comes upon a bucket that does
/// not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the checks say of a launch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cleared {
    /// It may be launched; these checks warn.
    Go(Vec<Check>),
    /// AWS would refuse it, or it would be worthless.
    Blocked(Box<Problem>),
}

/// The checks of one task.
#[derive(Clone)]
pub(super) struct Clearance {
    pub checker: Checker,
    pub lane: Arc<Lane>,
    pub session: watch::Receiver<Session>,
    pub spec: TaskSpec,
    /// When the task was taken up: of what was asked before, no block is believed.
    pub since: Instant,
}

impl Clearance {
    /// The checks that warn of the launch; `None`: it is blocked, and that is told, or nobody waits for it any more.
    pub async fn pass(&self, wishes: &Wishes, reporter: &Reporter) -> Option<Vec<Check>> {
        let cleared = tokio::select! {
            biased;
            cleared = Box::pin(self.get()) => cleared,
            () = wishes.any_comes() => return None,
        };
        match cleared {
            Cleared::Go(warned) => Some(warned),
            // What is held or cancelled meanwhile is not failed.
            Cleared::Blocked(_) if wishes.is_any() => None,
            Cleared::Blocked(problem) => {
                reporter.tell(Fact::Failed { problem: *problem, left: None }).await;
                None
            }
        }
    }

    /// What they say.
    async fn get(&self) -> Cleared {
        match timeout(PATIENCE, self.judge()).await {
            Ok(cleared) => cleared,
            Err(_) => Cleared::Go(Vec::new()),
        }
    }

    async fn judge(&self) -> Cleared {
        let Some(mut checked) = self.ask(Freshness::AtMost(RECENT)).await else { return Cleared::Go(Vec::new()) };
        if checked.report.blocks() {
            checked = self.ask(Freshness::AtMost(self.since.elapsed())).await.unwrap_or(checked);
        }
        let findings = checked.report.into_findings();
        let warned = findings.iter().filter(|finding| finding.verdict == Verdict::Warn && finding.check != Check::Slot);
        let mut warned: Vec<Check> = warned.map(|finding| finding.check).collect();
        // A report has its findings in the order of the checks.
        warned.dedup();
        match findings.into_iter().find(|finding| finding.verdict == Verdict::Block) {
            Some(block) => Cleared::Blocked(Box::new(block.into_problem(self.spec.group.as_str(), &self.lane))),
            None => Cleared::Go(warned),
        }
    }

    /// Keeps the answers recent for as long as this is waited for.
    pub async fn keep_recent(&self) -> Infallible {
        loop {
            self.ask(Freshness::AtMost(RENEW)).await;
            sleep(LOOK).await;
        }
    }

    /// Events are not looked for: a task that exports none says so when it has completed, and each look may cost ten calls
    /// of a quota that people at the console share.
    async fn ask(&self, freshness: Freshness) -> Option<Checked> {
        let TaskSpec { group, window, destination, preflight, engine, .. } = &self.spec;
        let choices = match preflight {
            Preflight::Off => return None,
            Preflight::Full | Preflight::AllowKms => {
                Choices { allow_kms: preflight.allows_kms(), engine: engine.kind(), ..Choices::default() }
            }
        };
        let (session, lane) = (self.session.borrow().clone(), &*self.lane);
        let ((to, bucket_asked), (from, group_asked)) = tokio::join!(
            self.checker.destination(&session, lane, destination, choices, freshness),
            self.checker.source(&session, lane, group, None, freshness),
        );
        let range = (window.from(), window.to());
        let subject = Subject { group: group.clone(), range, destination: destination.clone(), zone: Zone::Utc };
        let report = subject.judge(lane, choices, now(), &to, &from);
        Some(Checked { report, asked: bucket_asked.min(group_asked) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::checker::tests::Bench;
    use super::*;
    use crate::domain::engine::Engine;
    use crate::domain::layout::Destination;
    use crate::domain::names::LogGroupName;
    use crate::domain::store::Store;
    use crate::domain::time::TimeRange;

    #[tokio::test]
    async fn two_hundred_launches_into_one_bucket_ask_it_once() {
        let bench = Bench::start().await;
        let session = watch::Sender::new(bench.session.clone());
        for number in 0..200_u64 {
            let end = bench.now.before(Duration::from_hours(24 + number));
            let spec = TaskSpec {
                group: LogGroupName::parse("/ecs/shop-web").unwrap(),
                window: TimeRange::new(end.before(Duration::from_hours(1)), end).unwrap(),
                destination: Destination { store: Store::stored("acme-log-exports").unwrap(), prefix: None },
                stream_prefix: None,
                label: None,
                preflight: Preflight::Full,
                engine: Engine::Managed,
            };
            let (checker, lane) = (bench.checker.clone(), Arc::new(bench.lane.clone()));
            let clearance = Clearance { checker, lane, session: session.subscribe(), spec, since: Instant::now() };
            assert!(matches!(clearance.get().await, Cleared::Go(_)));
        }
        // Answers are renewed at an age that a busy machine may come to.
        for call in ["GetBucketPolicy", "GetBucketEncryption", "DescribeLogGroups"] {
            assert!((1..=5).contains(&bench.calls(call)), "{call}: {}", bench.calls(call));
        }
    }
}
