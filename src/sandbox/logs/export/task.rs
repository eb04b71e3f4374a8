//! An export task as the service remembers it, and the moves of its status.

use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::domain::inventory::RemoteStatus;
use crate::domain::layout::{DEFAULT_PREFIX, WRITE_TEST};

use super::super::answer::ServiceError;
use super::super::ops::now;

/// What a task was created with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Order {
    /// The free label, if one was given.
    pub name: Option<String>,
    /// The log group.
    pub group: String,
    /// Only streams whose names begin so. DescribeExportTasks does not give it back.
    pub stream_prefix: Option<String>,
    /// First timestamp, inclusive.
    pub from: i64,
    /// Last timestamp, inclusive (API reference; the user guide says otherwise).
    pub to: i64,
    /// The destination bucket.
    pub bucket: String,
    /// The destination prefix, if one was given.
    pub prefix: Option<String>,
}

impl Order {
    /// The prefix its keys begin with, and DescribeExportTasks answers.
    pub fn prefix(&self) -> &str {
        self.prefix.as_deref().unwrap_or(DEFAULT_PREFIX)
    }

    /// Where the service tries whether it may write (observed: at the root when no prefix is given).
    pub fn write_test_key(&self) -> String {
        self.prefix.as_ref().map_or_else(|| WRITE_TEST.to_owned(), |prefix| format!("{prefix}/{WRITE_TEST}"))
    }
}

/// An export task.
#[derive(Clone, Debug)]
pub(in super::super) struct ExportTask {
    /// A random UUID, also the folder its objects land in.
    pub id: String,
    /// What it was created with.
    pub order: Order,
    /// Where it stands.
    pub status: RemoteStatus,
    /// What is said about the status; nothing while PENDING.
    pub message: Option<String>,
    /// When it was accepted, epoch milliseconds.
    pub created: i64,
    /// When it ended.
    pub ended: Option<i64>,
    /// Tells its worker to stop.
    pub stop: CancellationToken,
}

/// A row of DescribeExportTasks.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    task_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_name: Option<String>,
    log_group_name: String,
    from: i64,
    to: i64,
    destination: String,
    destination_prefix: String,
    status: StatusRow,
    execution_info: Times,
}

#[derive(Serialize)]
struct StatusRow {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    completion_time: Option<i64>,
}

impl ExportTask {
    /// A task as it is accepted: PENDING, nothing said.
    pub fn accepted(order: Order) -> Self {
        Self {
            id: Uuid::new_v4().to_string(),
            order,
            status: RemoteStatus::Pending,
            message: None,
            created: now(),
            ended: None,
            stop: CancellationToken::new(),
        }
    }

    /// The work begins; `false` if it may not any more.
    pub fn start(&mut self) -> bool {
        let may = self.status == RemoteStatus::Pending;
        if may {
            self.status = RemoteStatus::Running;
            self.message = Some("Started successfully".to_owned());
        }
        may
    }

    /// The work ended; a task that has ended before stays as it is, and a cancel that was promised is kept.
    pub fn end(&mut self, end: End) {
        let end = if self.status == RemoteStatus::PendingCancel { End::Cancelled } else { end };
        if self.status.is_active() {
            (self.status, self.message) = end.told();
            self.ended = Some(now());
        }
    }

    /// A cancel was asked for.
    pub fn ask_cancel(&mut self) -> Result<(), ServiceError> {
        if !self.status.is_active() {
            return Err(ServiceError::invalid_operation("The specified export task has already finished"));
        }
        self.status = RemoteStatus::PendingCancel;
        self.message = Some("Cancellation requested".to_owned());
        self.stop.cancel();
        Ok(())
    }

    /// How DescribeExportTasks shows it.
    pub(super) fn row(&self) -> Row {
        Row {
            task_id: self.id.clone(),
            task_name: self.order.name.clone(),
            log_group_name: self.order.group.clone(),
            from: self.order.from,
            to: self.order.to,
            destination: self.order.bucket.clone(),
            destination_prefix: self.order.prefix().to_owned(),
            status: StatusRow { code: self.status.code().to_owned(), message: self.message.clone() },
            execution_info: Times { creation_time: self.created, completion_time: self.ended },
        }
    }
}

/// How a task ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum End {
    /// All objects are written.
    Completed,
    /// It failed, for this reason.
    Failed(String),
    /// Somebody cancelled it.
    Cancelled,
}

impl End {
    /// The status and message DescribeExportTasks tells.
    pub fn told(self) -> (RemoteStatus, Option<String>) {
        match self {
            Self::Completed => (RemoteStatus::Completed, Some("Completed successfully".to_owned())),
            Self::Failed(why) => (RemoteStatus::Failed, Some(why)),
            Self::Cancelled => (RemoteStatus::Cancelled, Some("Cancelled by user".to_owned())),
        }
    }
}
