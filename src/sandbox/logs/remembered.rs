//! Export tasks of the past as whoever plants them wants them: a history as long as a large account's.

use tokio_util::sync::CancellationToken;

use crate::domain::inventory::RemoteTask;
use crate::domain::place::Lane;

use super::export::task::{ExportTask, Order};
use super::store::Store;

impl Store {
    /// Plants tasks in `lane`, before what is there, from the oldest to the newest.
    pub fn plant_past(&self, lane: &Lane, tasks: impl IntoIterator<Item = RemoteTask>) {
        let tasks = tasks.into_iter().map(remembered);
        self.with(lane, |shelf| drop(shelf.tasks.splice(..0, tasks)));
    }
}

fn remembered(task: RemoteTask) -> ExportTask {
    let RemoteTask { id, name, group, from, to, bucket, prefix, status, message, created, completed } = task;
    let (from, to) = (from.millis(), to.millis());
    ExportTask {
        id: id.0,
        order: Order { name, group, stream_prefix: None, from, to, bucket, prefix: Some(prefix) },
        status,
        message,
        created: created.unwrap_or_default().millis(),
        ended: completed.map(crate::domain::time::Timestamp::millis),
        stop: CancellationToken::new(),
    }
}
