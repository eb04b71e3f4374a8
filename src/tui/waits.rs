//! What the loop and its background tasks wait for, as futures that may be chosen between.

use std::future::pending;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::export::Snapshot;

/// What the queue answered; nothing if it has ended.
pub async fn answered<T>(answer: oneshot::Receiver<Result<T, String>>) -> Result<T, String> {
    answer.await.unwrap_or_else(|_| Err("the queue has ended".to_owned()))
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
