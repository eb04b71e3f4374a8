//! What the loop and its background tasks wait for, as futures that may be chosen between.

use std::future::pending;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::aws::Session;
use crate::domain::place::{Lane, Region};
use crate::domain::policy::Export;
use crate::domain::preflight::{self, Check, Finding, Verdict};
use crate::export::Snapshot;
use crate::tui::msg::{BucketDetails, Reply};

/// What the queue answered; nothing if it has ended.
pub async fn answered<T>(answer: oneshot::Receiver<Result<T, String>>) -> Result<T, String> {
    answer.await.unwrap_or_else(|_| Err("the queue has ended".to_owned()))
}

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

pub async fn next_of<T>(channel: Option<&mut mpsc::Receiver<T>>) -> Option<T> {
    match channel {
        Some(channel) => channel.recv().await,
        None => pending().await,
    }
}

/// Whether there is a new snapshot (`false`: there will be none any more).
pub async fn changed(snapshots: Option<&mut watch::Receiver<Arc<Snapshot>>>) -> bool {
    match snapshots {
        Some(snapshots) => snapshots.changed().await.is_ok(),
        None => pending().await,
    }
}

pub async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => pending().await,
    }
}
