//! What is asked of buckets, as futures for the driver's background tasks.

use std::sync::Arc;
use std::time::Duration;

use crate::aws::{BucketAt, Session};
use crate::domain::layout::Destination;
use crate::domain::lifecycle::Lifecycle;
use crate::domain::place::{Lane, Region};
use crate::domain::policy::Export;
use crate::domain::preflight::{self, Check, Finding, Report, Verdict};
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::remedy::{Change, NewBucket, Remedies};
use crate::export::{Checker, Choices, Freshness};
use crate::tui::change::{Refusal, Wish};
use crate::tui::msg::{BucketDetails, Reply};

/// How old an answer may be that a page shows: whoever opens it again after a change elsewhere has `R`.
const RECENT: Duration = Duration::from_mins(1);

/// The call that reads lifecycle rules.
const RULES_CALL: &str = "GetBucketLifecycleConfiguration";

/// Why something of a bucket is not judged or asked for.
const NOBODY: &str = "AWS does not tell whose account this is";

/// What the listing of buckets leaves out, its policy judged for `lane`.
pub async fn bucket_details(session: Session, bucket: String, region: Option<Region>, lane: Option<Lane>) -> Reply {
    let region = match region {
        Some(region) => Ok(region),
        None => session.bucket_region(&bucket).await,
    };
    // A bucket whose Region cannot be had is most likely ours to ask all the same: in the session's own.
    let place = region.as_ref().unwrap_or(session.region());
    let (encryption, policy, lifecycle) = tokio::join!(
        session.bucket_encryption(&bucket, place),
        session.bucket_policy(&bucket, place),
        lifecycle(&session, &bucket, place, lane.as_ref())
    );
    let policy = match lane {
        Some(Lane { account, region, .. }) => {
            preflight::policy(&Export { account, region, group: None, bucket: bucket.clone(), prefix: None }, &policy)
        }
        None => of_nobody(),
    };
    Reply::BucketDetails(BucketDetails { bucket, region, encryption, policy, lifecycle })
}

/// The lifecycle rules of a bucket that is `lane`'s account's own.
async fn lifecycle(
    session: &Session,
    bucket: &str,
    region: &Region,
    lane: Option<&Lane>,
) -> Result<Option<Lifecycle>, Problem> {
    let untold = |why: String| Problem::new(ProblemKind::Unknown, RULES_CALL).on(bucket).saying(why);
    let lane = lane.ok_or_else(|| untold(NOBODY.to_owned()))?;
    let text = session.lifecycle(BucketAt { bucket, region, owner: &lane.account }).await?;
    text.map(|text| Lifecycle::parse(&text.xml)).transpose().map_err(|error| untold(error.to_string()))
}

/// The finding of a policy that cannot be judged: AWS does not tell for whom.
fn of_nobody() -> Finding {
    let reason = format!("{NOBODY}, so it is not known whom the policy must let in");
    Finding { check: Check::Policy, verdict: Verdict::Unchecked, reason, remedy: None }
}

/// The checks of a bucket for exports out of `lane`, made `anew` or as they were made lately. Of the slot nothing is told:
/// it is not the bucket's.
pub async fn check_bucket(session: Session, checker: Checker, lane: Lane, to: Destination, anew: bool) -> Reply {
    let freshness = if anew { Freshness::Now } else { Freshness::AtMost(RECENT) };
    let choices = Choices::default();
    let (facts, _) = checker.destination(&session, &lane, &to, choices, freshness).await;
    let findings =
        facts.judge(&lane, &to, choices).into_iter().chain(facts.judge_policy(&lane, None, &to, choices.engine));
    let report: Report = findings.filter(|finding| finding.check != Check::Slot).collect();
    Reply::BucketChecked(to.store.to_string(), report)
}

/// What would come of a wish.
pub async fn propose(remedies: Remedies, wish: Wish) -> Reply {
    let change = match wish {
        Wish::Grant(to, groups) => remedies.propose_grant(&to, &groups, None).await,
        Wish::Undo(bucket, setting) => remedies.propose_undo(&bucket, setting).await.map(Some),
        Wish::Lifecycle(bucket, edit) => remedies.propose_lifecycle(&bucket, &edit).await.map(Some),
    };
    Reply::Proposed(change.map(|change| change.map(Arc::new)).map_err(Refusal::from))
}

/// Makes the change.
pub async fn apply(remedies: Remedies, change: Arc<Change>) -> Reply {
    let applied = remedies.apply(&change).await;
    Reply::Applied(change, applied.map_err(Refusal::from))
}

/// Creates a bucket, or goes on with it, and has each step `told` when it is done.
pub async fn create<F>(remedies: Remedies, new: NewBucket, told: impl Fn(Reply) -> F + Send) -> Reply
where
    F: Future<Output = ()> + Send,
{
    let created = match remedies.begin_bucket(&new).await {
        Ok(mut creating) => {
            while let Some((step, outcome)) = creating.next().await {
                told(Reply::BucketStep(step, outcome)).await;
            }
            Ok(creating.end())
        }
        Err(error) => Err(error.into()),
    };
    Reply::BucketCreated(new.name.name().clone(), created)
}
