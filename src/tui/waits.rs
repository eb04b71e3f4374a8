//! What the loop and its background tasks wait for, as futures that may be chosen between.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::aws::Session;
use crate::domain::time::Timestamp;
use crate::export::{Checker, Freshness, Snapshot};
use crate::tui::checks::Subject;
use crate::tui::msg::Reply;

/// How old the answers may be that the form is checked by: whoever has changed a bucket elsewhere asks again by a key.
const STILL_TRUE: Freshness = Freshness::AtMost(Duration::from_mins(1));

/// What the queue answered; nothing if it has ended.
pub async fn answered<T>(answer: oneshot::Receiver<Result<T, String>>) -> Result<T, String> {
    answer.await.unwrap_or_else(|_| Err("the queue has ended".to_owned()))
}

/// The checks of what stands in the form.
pub async fn checked(checker: Checker, session: Session, subject: Subject, fresh: bool, now: Timestamp) -> Reply {
    let freshness = if fresh { Freshness::Now } else { STILL_TRUE };
    let Subject { lane, wish } = subject;
    let list = checker.checklist(&session, &lane, &wish.plan, wish.choices, freshness, now).await;
    Reply::Checklist(Arc::new(list))
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
