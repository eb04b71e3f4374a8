//! The three calls of the export service.

use aws_config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::config::Builder as Override;
use aws_sdk_cloudwatchlogs::operation::describe_export_tasks::builders::DescribeExportTasksFluentBuilder;
use aws_sdk_cloudwatchlogs::types::{ExportTask, ExportTaskStatusCode};

use super::Session;
use crate::domain::inventory::{Page, RemoteStatus, RemoteTask};
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::names::{DestinationPrefix, RemoteId, StreamPrefix};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::TaskSpec;
use crate::domain::time::Timestamp;

/// The most DescribeExportTasks gives a page (service model).
const PAGE: i32 = 50;

impl Session {
    /// Asks AWS to export (CreateExportTask), under the taskName `name`.
    ///
    /// One attempt only: the SDK's retries would repeat a call whose reply was lost, and they take
    /// LimitExceededException for throttling. The queue decides what happens after a failure.
    pub async fn create_export_task(&self, name: &str, spec: &TaskSpec) -> Result<RemoteId, Problem> {
        let call = self.call("CreateExportTask", Some(spec.group.as_str()));
        let destination = &spec.destination;
        let request = self
            .logs
            .create_export_task()
            .task_name(name)
            .log_group_name(spec.group.as_str())
            .from(spec.window.from().millis())
            .to(spec.window.to().millis())
            .destination(destination.store.as_str())
            .set_destination_prefix(destination.prefix.as_ref().map(DestinationPrefix::as_str).map(str::to_owned))
            .set_log_stream_name_prefix(spec.stream_prefix.as_ref().map(StreamPrefix::as_str).map(str::to_owned));
        let once = Override::new().retry_config(RetryConfig::disabled());
        let answer = request.customize().config_override(once).send().await.map_err(|error| call.problem(&error))?;
        // Without an id the task may exist all the same: as ambiguous as a lost reply.
        answer.task_id.map(RemoteId).ok_or_else(|| call.says(ProblemKind::Server, "the answer holds no task id"))
    }

    /// Asks AWS to stop an export task (CancelExportTask).
    pub async fn cancel_export_task(&self, id: &RemoteId) -> Result<(), Problem> {
        let call = self.call("CancelExportTask", Some(&id.0));
        let answer = self.logs.cancel_export_task().task_id(&id.0).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }

    /// One export task by its id; `None` if AWS does not know it.
    pub async fn export_task(&self, id: &RemoteId) -> Result<Option<RemoteTask>, Problem> {
        let page = self.describe(self.logs.describe_export_tasks().task_id(&id.0), Some(&id.0)).await?;
        Ok(page.items.into_iter().find(|task| task.id == *id))
    }

    /// One page of the account's export tasks, newest first (DescribeExportTasks, 50 a page), all or of one status.
    pub async fn export_tasks(
        &self,
        status: Option<RemoteStatus>,
        token: Option<String>,
    ) -> Result<Page<RemoteTask>, Problem> {
        let code = status.map(|status| ExportTaskStatusCode::from(status.code()));
        let request = self.logs.describe_export_tasks().limit(PAGE).set_status_code(code).set_next_token(token);
        self.describe(request, None).await
    }

    async fn describe(
        &self,
        request: DescribeExportTasksFluentBuilder,
        resource: Option<&str>,
    ) -> Result<Page<RemoteTask>, Problem> {
        let call = self.call("DescribeExportTasks", resource);
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        let items = answer.export_tasks.unwrap_or_default().into_iter().filter_map(remote_task).collect();
        Ok(Page { items, next: answer.next_token })
    }
}

fn remote_task(task: ExportTask) -> Option<RemoteTask> {
    let (code, message) = task.status.map(|status| (status.code, status.message)).unwrap_or_default();
    let (created, completed) =
        task.execution_info.map(|info| (info.creation_time, info.completion_time)).unwrap_or_default();
    Some(RemoteTask {
        id: RemoteId(task.task_id?),
        name: task.task_name,
        group: task.log_group_name.unwrap_or_default(),
        from: Timestamp::from_millis(task.from.unwrap_or_default()),
        to: Timestamp::from_millis(task.to.unwrap_or_default()),
        bucket: task.destination.unwrap_or_default(),
        prefix: task.destination_prefix.unwrap_or_else(|| DEFAULT_PREFIX.to_owned()),
        status: RemoteStatus::from_code(code.as_ref().map_or("", ExportTaskStatusCode::as_str)),
        message,
        created: created.map(Timestamp::from_millis),
        completed: completed.map(Timestamp::from_millis),
    })
}
