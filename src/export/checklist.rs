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
use crate::domain::preflight::{Checklist, Finding};
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
        if plan.groups.is_empty() && plan.template.is_none() {
            shared.extend(facts.judge_policy(lane, None, &bucket));
        }
        let found = ways.iter().zip(&sources).map(|((group, destination), source)| {
            let mut findings: Vec<Finding> = source.judge(lane, group, range, now, plan.zone);
            findings.extend(facts.judge_policy(lane, Some(group.as_str()), destination));
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
