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

/// Log groups asked about; a plan may have thousands, and each task is checked again before it is launched.
const MOST_GROUPS: usize = 20;

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
        let bucket = Destination { bucket: plan.bucket.clone(), prefix: None };
        // A prefix that cannot be is told by the form, under its field.
        let ways = plan.destinations(lane, MOST_GROUPS).unwrap_or_default();
        let range = Some((plan.range.from(), plan.range.to()));
        let ask = |(group, _): &'_ (LogGroupName, Destination)| {
            let group = group.clone();
            async move { self.source(session, lane, &group, range, freshness).await.0 }
        };
        let sources = stream::iter(ways.iter().map(ask)).buffered(ABREAST);
        let ((facts, _), sources) =
            tokio::join!(self.destination(session, lane, &bucket, choices, freshness), sources.collect::<Vec<_>>());
        let mut shared = facts.judge(lane, &bucket, choices);
        let asks_policy = Check::Policy.concerns(choices.engine);
        if asks_policy && plan.groups.is_empty() && plan.template.is_none() {
            shared.extend(facts.judge_policy(lane, None, &bucket));
        }
        let found = ways.iter().zip(&sources).map(|((group, destination), source)| {
            let mut findings: Vec<Finding> = source.judge(lane, group, range, choices.engine, now, plan.zone);
            findings.extend(facts.judge_policy(lane, Some(group.as_str()), destination).filter(|_| asks_policy));
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
    if plan.spreads(lane) {
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
    use crate::domain::names::BucketName;
    use crate::domain::preflight::{Item, Preflight, Verdict};
    use crate::domain::split::Split;
    use crate::domain::template::Template;
    use crate::domain::time::TimeRange;
    use crate::domain::zone::Zone;

    async fn found(bench: &Bench, groups: &[&str], bucket: &str, template: Option<&str>) -> Checklist {
        let hours = |hours| bench.now.before(Duration::from_hours(hours));
        let plan = Plan {
            name: None,
            groups: groups.iter().map(|name| LogGroupName::parse(name).unwrap()).collect(),
            range: TimeRange::new(hours(72), hours(24)).unwrap(),
            split: Split::Daily,
            zone: Zone::Utc,
            bucket: BucketName::parse(bucket).unwrap(),
            template: template.map(|template| Template::parse(template).unwrap()),
            stream_prefix: None,
            label: None,
            preflight: Preflight::default(),
            engine: Engine::Managed,
        };
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
