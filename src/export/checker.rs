//! The checks before an export, for everybody in one process who wants them made: the queue before it launches, the form
//! while it is filled in, the command line.
//!
//! What AWS answered is kept, so that many exports into one bucket cost it a few calls a minute. What is made of the
//! answers is the judges' business, each time anew.

use std::fmt;
use std::sync::Arc;

use super::cache::{Cache, Freshness, Known};
use super::preflight::{Choices, DestinationFacts, SourceFacts, Subject, Typed, lasts, own};
use crate::aws::Session;
use crate::domain::layout::Destination;
use crate::domain::names::LogGroupName;
use crate::domain::place::Lane;
use crate::domain::preflight::{EventsSeen, GroupAnswer, Report};
use crate::domain::problem::Problem;
use crate::domain::store::Store;
use crate::domain::time::{TimeRange, Timestamp};

/// Answers that are kept of each sort: far more buckets and log groups than a queue works on in one minute.
const BUCKETS: usize = 256;
const GROUPS: usize = 2048;

/// A destination as it is asked: by its bucket, or its directory. Only the probe depends on the prefix too: its object goes there.
type Asked = (Lane, Store, Option<String>);

/// What was asked of AWS, shared by all clones.
#[derive(Clone)]
pub struct Checker {
    answers: Arc<Answers>,
}

struct Answers {
    destinations: Cache<Asked, Arc<DestinationFacts>>,
    groups: Cache<(Lane, LogGroupName), Result<GroupAnswer, Problem>>,
    events: Cache<(Lane, LogGroupName, TimeRange), Result<EventsSeen, Problem>>,
}

/// Findings, and how old they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What was found.
    pub report: Report,
    /// When the oldest of the answers was asked for.
    pub asked: Timestamp,
}

impl Default for Checker {
    /// Nothing known yet.
    fn default() -> Self {
        let (destinations, groups, events) = (Cache::new(BUCKETS), Cache::new(GROUPS), Cache::new(GROUPS));
        Self { answers: Arc::new(Answers { destinations, groups, events }) }
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker").finish_non_exhaustive()
    }
}

impl Checker {
    /// What AWS answers of `destination`, and when it was asked.
    pub async fn destination(
        &self,
        session: &Session,
        lane: &Lane,
        destination: &Destination,
        choices: Choices,
        freshness: Freshness,
    ) -> (Arc<DestinationFacts>, Timestamp) {
        let prefix = choices.probe.then(|| destination.prefix().to_owned());
        let key = (lane.clone(), destination.store.clone(), prefix);
        let ask = async { Arc::new(DestinationFacts::ask(session, lane, destination, choices).await) };
        let known = self.answers.destinations.get(&key, freshness, |facts| facts.lasts(), ask).await;
        (known.value, known.asked)
    }

    /// What AWS answers of a log group, and when it was asked. Its events are looked for where a range is `typed`.
    pub async fn source(
        &self,
        session: &Session,
        lane: &Lane,
        name: &LogGroupName,
        typed: Option<Typed>,
        freshness: Freshness,
    ) -> (SourceFacts, Timestamp) {
        let group = self.group(session, lane, name, freshness).await;
        let range = typed.and_then(|(from, to)| TimeRange::new(from, to).ok());
        let (Some(own), Some(range)) = (own(&group.value), range) else {
            return (SourceFacts { group: group.value, events: None }, group.asked);
        };
        let key = (lane.clone(), name.clone(), range);
        let ask = session.look_for_events(name.as_str(), &own.class, range);
        let events = self.answers.events.get(&key, freshness, lasts, ask).await;
        (SourceFacts { group: group.value, events: Some(events.value) }, group.asked.min(events.asked))
    }

    async fn group(
        &self,
        session: &Session,
        lane: &Lane,
        name: &LogGroupName,
        freshness: Freshness,
    ) -> Known<Result<GroupAnswer, Problem>> {
        let key = (lane.clone(), name.clone());
        self.answers.groups.get(&key, freshness, lasts, session.find_group(name.as_str())).await
    }

    /// The whole preflight of one export at `now`, source and destination asked side by side.
    pub async fn preflight(
        &self,
        session: &Session,
        lane: &Lane,
        subject: &Subject,
        choices: Choices,
        freshness: Freshness,
        now: Timestamp,
    ) -> Checked {
        let Subject { group, range, destination, .. } = subject;
        let ((to, bucket_asked), (from, group_asked)) = tokio::join!(
            self.destination(session, lane, destination, choices, freshness),
            self.source(session, lane, group, Some(*range), freshness),
        );
        Checked { report: subject.judge(lane, choices, now, &to, &from), asked: bucket_asked.min(group_asked) }
    }
}

#[cfg(test)]
pub mod tests {
    use std::time::{Duration, SystemTime};

    use futures::future::join_all;

    use super::*;
    use crate::aws::ConnectOptions;
    use crate::domain::names::DestinationPrefix;
    use crate::domain::preflight::{Check, Verdict};
    use crate::domain::zone::Zone;
    use crate::sandbox::faults::{Fault, Kind, Refusal};
    use crate::sandbox::{Config, Sandbox};

    const MINUTE: Freshness = Freshness::AtMost(Duration::from_mins(1));

    /// Somebody who checks, and the sandbox.
    pub struct Bench {
        pub sandbox: Sandbox,
        pub session: Session,
        pub lane: Lane,
        pub checker: Checker,
        pub now: Timestamp,
    }

    impl Bench {
        pub async fn start() -> Self {
            let config = Config::default();
            let region = config.region.clone();
            let sandbox = Sandbox::start(config).await.unwrap();
            let session = Session::connect(ConnectOptions {
                region: Some(region),
                endpoint_url: Some(sandbox.endpoint_url()),
                fixed_keys: Some(("tests".to_owned(), "tests".to_owned())),
                profile: None,
                read_only: false,
            });
            let session = session.await.unwrap();
            let lane = session.lane(session.identity().await.unwrap().account);
            Self { sandbox, session, lane, checker: Checker::default(), now: Timestamp::from(SystemTime::now()) }
        }

        fn subject(&self, bucket: &str, prefix: &str) -> Subject {
            let hours = |hours| self.now.before(Duration::from_hours(hours));
            Subject {
                group: LogGroupName::parse("/ecs/shop-web").unwrap(),
                range: (hours(48), hours(24)),
                destination: Destination {
                    store: Store::stored(bucket).unwrap(),
                    prefix: Some(DestinationPrefix::parse(prefix).unwrap()),
                },
                zone: Zone::Utc,
            }
        }

        async fn check(&self, bucket: &str, prefix: &str, choices: Choices, freshness: Freshness) -> Report {
            let subject = self.subject(bucket, prefix);
            let checked =
                self.checker.preflight(&self.session, &self.lane, &subject, choices, freshness, self.now).await;
            assert!(checked.asked >= self.now);
            checked.report
        }

        pub fn calls(&self, operation: &str) -> u64 {
            self.sandbox.world.faults.calls().get(operation).copied().unwrap_or_default()
        }
    }

    #[tokio::test]
    async fn one_export_is_checked_from_its_log_group_to_its_bucket() {
        let bench = Bench::start().await;
        let ready = bench.check("acme-log-exports", "web", Choices::default(), MINUTE).await;
        let checks: Vec<Check> = ready.findings().iter().map(|finding| finding.check).collect();
        let all: Vec<Check> = Check::ALL.into_iter().filter(|check| check.is_of_bucket()).collect();
        assert_eq!(checks, all);
        assert_eq!(ready.worst(), Verdict::Unchecked, "{ready:?}");
        let closed = bench.check("acme-legacy-archive", "web", Choices::default(), MINUTE).await;
        assert!(closed.blocks() && closed.count(Verdict::Block) == 1, "{closed:?}");
    }

    #[tokio::test]
    async fn a_bucket_is_asked_once_whatever_the_prefix_and_again_on_demand() {
        let bench = Bench::start().await;
        let prefixes = ["a", "b", "c", "d"];
        let check = |prefix, freshness| bench.check("acme-log-exports", prefix, Choices::default(), freshness);
        join_all(prefixes.map(|prefix| check(prefix, MINUTE))).await;
        check("e", MINUTE).await;
        for operation in ["GetBucketPolicy", "GetBucketEncryption", "DescribeLogGroups", "FilterLogEvents"] {
            assert_eq!(bench.calls(operation), 1, "{operation}");
        }
        check("a", Freshness::Now).await;
        for operation in ["GetBucketPolicy", "GetBucketEncryption", "DescribeLogGroups", "FilterLogEvents"] {
            assert_eq!(bench.calls(operation), 2, "{operation}");
        }
    }

    #[tokio::test]
    async fn a_probe_is_made_once_for_each_prefix() {
        let bench = Bench::start().await;
        let probe = Choices { probe: true, ..Choices::default() };
        for prefix in ["a", "a", "b"] {
            let report = bench.check("acme-log-exports", prefix, probe, MINUTE).await;
            assert_eq!(report.worst(), Verdict::Pass, "{report:?}");
        }
        assert_eq!(bench.calls("PutObject"), 2);
    }

    #[tokio::test]
    async fn only_a_call_that_failed_in_a_way_that_passes_makes_answers_short_lived() {
        let bench = Bench::start().await;
        let facts = async |refusal| {
            let fault = Fault::new("GetBucketPolicy", Kind::Refuse(refusal));
            bench.sandbox.world.faults.add(fault);
            let subject = bench.subject("acme-log-exports", "web");
            let choices = Choices::default();
            let (facts, _) = bench
                .checker
                .destination(&bench.session, &bench.lane, &subject.destination, choices, Freshness::Now)
                .await;
            bench.sandbox.world.faults.clear();
            facts
        };
        assert!(facts(Refusal::AccessDenied).await.lasts());
        assert!(!facts(Refusal::Throttle).await.lasts());
    }
}
