//! What is asked of buckets, as futures for the driver's background tasks.

use std::sync::Arc;
use std::time::Duration;

use crate::aws::Session;
use crate::domain::layout::Destination;
use crate::domain::place::{Lane, Region};
use crate::domain::policy::Export;
use crate::domain::preflight::{self, Check, Finding, Report, Verdict};
use crate::export::remedy::{Change, Remedies};
use crate::export::{Checker, Choices, Freshness};
use crate::tui::change::{Refusal, Wish};
use crate::tui::msg::{BucketDetails, Reply};

/// How old an answer may be that a page shows: whoever opens it again after a change elsewhere has `R`.
const RECENT: Duration = Duration::from_mins(1);

/// What the listing of buckets leaves out, its policy judged for `lane`.
pub async fn bucket_details(session: Session, bucket: String, region: Option<Region>, lane: Option<Lane>) -> Reply {
    let region = match region {
        Some(region) => Ok(region),
        None => session.bucket_region(&bucket).await,
    };
    // A bucket whose Region cannot be had is most likely ours to ask all the same: in the session's own.
    let place = region.as_ref().unwrap_or(session.region());
    let (encryption, policy) =
        tokio::join!(session.bucket_encryption(&bucket, place), session.bucket_policy(&bucket, place));
    let policy = match lane {
        Some(Lane { account, region, .. }) => {
            preflight::policy(&Export { account, region, group: None, bucket: bucket.clone(), prefix: None }, &policy)
        }
        None => of_nobody(),
    };
    Reply::BucketDetails(BucketDetails { bucket, region, encryption, policy })
}

/// The finding of a policy that cannot be judged: AWS does not tell for whom.
fn of_nobody() -> Finding {
    let reason = "AWS does not tell whose account this is, so it is not known whom the policy must let in";
    Finding { check: Check::Policy, verdict: Verdict::Unchecked, reason: reason.to_owned(), remedy: None }
}

/// The checks of a bucket for exports out of `lane`, made `anew` or as they were made lately. Of the slot nothing is told:
/// it is not the bucket's.
pub async fn check_bucket(session: Session, checker: Checker, lane: Lane, to: Destination, anew: bool) -> Reply {
    let freshness = if anew { Freshness::Now } else { Freshness::AtMost(RECENT) };
    let choices = Choices::default();
    let (facts, _) = checker.destination(&session, &lane, &to, choices, freshness).await;
    let findings = facts.judge(&lane, &to, choices).into_iter().chain(facts.judge_policy(&lane, None, &to));
    let report: Report = findings.filter(|finding| finding.check != Check::Slot).collect();
    Reply::BucketChecked(to.bucket.to_string(), report)
}

/// What would come of a wish.
pub async fn propose(remedies: Remedies, wish: Wish) -> Reply {
    let change = match wish {
        Wish::Grant(to, groups) => remedies.propose_grant(&to, &groups, None).await,
        Wish::Undo(bucket, setting) => remedies.propose_undo(&bucket, setting).await.map(Some),
    };
    Reply::Proposed(change.map(|change| change.map(Arc::new)).map_err(Refusal::from))
}

/// Makes the change.
pub async fn apply(remedies: Remedies, change: Arc<Change>) -> Reply {
    let applied = remedies.apply(&change).await;
    Reply::Applied(change, applied.map_err(Refusal::from))
}
