//! The preflight of a plan that is still being thought of: its destination asked once, its log groups one by one.

use futures::{StreamExt as _, stream};

use super::cache::Freshness;
use super::checker::Checker;
use super::preflight::Choices;
use crate::aws::Session;
use crate::domain::layout::Destination;
use crate::domain::names::LogGroupName;
use crate::domain::place::Lane;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Check, Checklist, Finding};
use crate::domain::time::Timestamp;

/// How far a checklist looks; a plan may have thousands of log groups, and each task is checked again before it is
/// launched.
#[derive(Clone, Copy)]
struct Reach {
    /// Log groups asked about.
    groups: usize,
    /// Whether events are looked for, which may cost ten calls for each log group.
    events: bool,
}

/// While somebody looks on, and may change his mind.
const THINKING: Reach = Reach { groups: 20, events: true };

/// When it is queued, as a rule by cron: some five seconds of DescribeLogGroups at most, and nothing of the quota for
/// events, which people at the console share.
const QUEUEING: Reach = Reach { groups: 50, events: false };

/// Log groups asked about at a time: DescribeLogGroups takes ten calls a second.
const ABREAST: usize = 4;

impl Checker {
    /// What was found of `plan` in `lane` at `now`. The plan may lack log groups yet: then its bucket is looked at alone.
    pub async fn checklist(
        &self,
        session: &Session,
        lane: &Lane,
        plan: &Plan,
        choices: Choices,
        freshness: Freshness,
        now: Timestamp,
    ) -> Checklist {
        self.look(THINKING, (session, lane), plan, choices, freshness, now).await
    }

    /// The same before `plan` is queued, with answers from now on: of more log groups, and without their events.
    pub async fn checklist_to_queue(
        &self,
        session: &Session,
        lane: &Lane,
        plan: &Plan,
        choices: Choices,
        now: Timestamp,
    ) -> Checklist {
        self.look(QUEUEING, (session, lane), plan, choices, Freshness::Now, now).await
    }

    async fn look(
        &self,
        reach: Reach,
        (session, lane): (&Session, &Lane),
        plan: &Plan,
        choices: Choices,
        freshness: Freshness,
        now: Timestamp,
    ) -> Checklist {
        let anywhere = Destination { store: plan.store.clone(), prefix: None };
        // A prefix that cannot be is told by the form, under its field.
        let ways = plan.destinations(lane, reach.groups).unwrap_or_default();
        let range = Some((plan.range.from(), plan.range.to()));
        let of_events = range.filter(|_| reach.events);
        let ask = |(group, _): &'_ (LogGroupName, Destination)| {
            let group = group.clone();
            async move { self.source(session, lane, &group, of_events, freshness).await.0 }
        };
        let sources = stream::iter(ways.iter().map(ask)).buffered(ABREAST);
        let ((facts, _), sources) =
            tokio::join!(self.destination(session, lane, &anywhere, choices, freshness), sources.collect::<Vec<_>>());
        let mut shared = facts.judge(lane, &anywhere, choices);
        if plan.groups.is_empty() && plan.template.is_none() {
            shared.extend(facts.judge_policy(lane, None, &anywhere, choices.engine));
            shared.extend(facts.judge_caller(lane, &anywhere));
        }
        let found = ways.iter().zip(&sources).map(|((group, destination), source)| {
            let mut findings: Vec<Finding> = source.judge(lane, group, range, choices.engine, now, plan.zone);
            findings.extend(facts.judge_policy(lane, Some(group.as_str()), destination, choices.engine));
            findings.extend(facts.judge_caller(lane, destination));
            (group.clone(), findings)
        });
        remark(Checklist::new(shared, found.collect()), lane, plan, &ways)
    }
}

/// What was not looked at.
fn remark(list: Checklist, lane: &Lane, plan: &Plan, ways: &[(LogGroupName, Destination)]) -> Checklist {
    let left = plan.each_group().len().saturating_sub(ways.len());
    let list = if left > 0 && !ways.is_empty() {
        let first = ways.len();
        list.remarking(format!("the first {first} log groups were looked at, {left} more are before each launch"))
    } else {
        list
    };
    if Check::Policy.concerns(plan.engine.kind()) && plan.spreads(lane) {
        list.remarking("the bucket policy was judged for the first prefix; for the others it is before each launch")
    } else {
        list
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::checker::tests::Bench;
    use super::*;
    use crate::domain::engine::Engine;
    use crate::domain::preflight::{Item, Preflight, Verdict};
    use crate::domain::split::Split;
    use crate::domain::store::Store;
    use crate::domain::template::Template;
    use crate::domain::time::TimeRange;
    use crate::domain::zone::Zone;

    fn plan(bench: &Bench, groups: &[&str], bucket: &str, template: Option<&str>) -> Plan {
        let hours = |hours| bench.now.before(Duration::from_hours(hours));
        Plan {
            name: None,
            groups: groups.iter().map(|name| LogGroupName::parse(name).unwrap()).collect(),
            range: TimeRange::new(hours(72), hours(24)).unwrap(),
            split: Split::Daily,
            zone: Zone::Utc,
            store: Store::stored(bucket).unwrap(),
            template: template.map(|template| Template::parse(template).unwrap()),
            stream_prefix: None,
            label: None,
            preflight: Preflight::default(),
            engine: Engine::Managed,
        }
    }

    async fn found(bench: &Bench, groups: &[&str], bucket: &str, template: Option<&str>) -> Checklist {
        let plan = plan(bench, groups, bucket, template);
        let (freshness, choices) = (Freshness::AtMost(Duration::from_mins(1)), Choices::default());
        bench.checker.checklist(&bench.session, &bench.lane, &plan, choices, freshness, bench.now).await
    }

    fn groups(item: &Item) -> Vec<&str> {
        item.groups.iter().map(LogGroupName::as_str).collect()
    }

    #[tokio::test]
    async fn a_bucket_is_asked_once_and_each_log_group_by_itself() {
        let bench = Bench::start().await;
        let list = found(&bench, &["/ecs/shop-web", "/no/such", "/ecs/payments"], "acme-legacy-archive", None).await;
        assert_eq!(bench.calls("GetBucketPolicy"), 1);
        let blocks: Vec<_> = list.of(Verdict::Block).map(|item| (item.finding.check, groups(item))).collect();
        assert_eq!(blocks, [(Check::LogGroup, vec!["/no/such"]), (Check::Policy, vec![])]);
        assert_eq!(list.remarks(), &[] as &[String]);
    }

    #[tokio::test]
    async fn before_queueing_more_log_groups_are_looked_at_and_no_events() {
        let bench = Bench::start().await;
        let names: Vec<String> = (0..49).map(|number| format!("/no/such/{number}")).collect();
        let names: Vec<&str> = std::iter::once("/ecs/shop-web").chain(names.iter().map(String::as_str)).collect();
        let (plan, choices) = (plan(&bench, &names, "acme-log-exports", None), Choices::default());
        let list = bench.checker.checklist_to_queue(&bench.session, &bench.lane, &plan, choices, bench.now).await;
        assert_eq!((list.of(Verdict::Block).count(), list.remarks()), (49, &[] as &[String]));
        assert_eq!((list.worst_of(Check::Events), bench.calls("FilterLogEvents")), (None, 0));
    }

    #[tokio::test]
    async fn a_bucket_alone_is_checked_without_a_log_group() {
        let bench = Bench::start().await;
        let list = found(&bench, &[], "acme-legacy-archive", None).await;
        assert_eq!(list.block().map(|item| item.finding.check), Some(Check::Policy));
        assert_eq!(list.worst_of(Check::LogGroup), None);
        let list = found(&bench, &[], "acme-legacy-archive", Some("{group}/x")).await;
        assert_eq!(list.worst_of(Check::Policy), None, "which prefix it is hangs on the log group");
    }

    #[tokio::test]
    async fn what_is_left_to_each_launch_is_said() {
        let bench = Bench::start().await;
        let names: Vec<String> = (0..25).map(|number| format!("/no/such/{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let list = found(&bench, &names, "acme-log-exports", Some("{group}/{from:%d}")).await;
        assert_eq!(list.of(Verdict::Block).count(), 20, "each has a name of its own");
        assert_eq!(
            list.remarks(),
            [
                "the first 20 log groups were looked at, 5 more are before each launch",
                "the bucket policy was judged for the first prefix; for the others it is before each launch"
            ]
        );
    }
}
