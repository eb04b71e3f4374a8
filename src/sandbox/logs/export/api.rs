//! The three calls: CreateExportTask with its checks in AWS's order, DescribeExportTasks, CancelExportTask.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::runtime::Handle;

use crate::domain::inventory::RemoteStatus;
use crate::domain::layout::KEY_LIMIT;

use super::super::answer::{Answer, ServiceError, answer, nothing};
use super::super::check::{Checks, FREE, GROUP, STREAM};
use super::super::ops::Call;
use super::super::store::Shelf;
use super::super::token;
use super::objects::Streams;
use super::task::{ExportTask, Order};
use super::{permission, worker};

const KIND: char = 'x';

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateInput {
    task_name: Option<String>,
    log_group_name: Option<String>,
    log_stream_name_prefix: Option<String>,
    from: Option<i64>,
    to: Option<i64>,
    destination: Option<String>,
    destination_prefix: Option<String>,
}

impl CreateInput {
    /// The checks on the parameters alone. Seconds for milliseconds and a `to` in the future pass, as with AWS.
    fn order(self) -> Result<Order, ServiceError> {
        let mut checks = Checks::default();
        checks.optional("taskName", self.task_name.as_deref(), &FREE);
        let group = checks.required("logGroupName", self.log_group_name, &GROUP);
        checks.optional("logStreamNamePrefix", self.log_stream_name_prefix.as_deref(), &STREAM);
        checks.number("from", self.from, 0..=i64::MAX);
        checks.number("to", self.to, 0..=i64::MAX);
        let (from, to) = (checks.present("from", self.from), checks.present("to", self.to));
        let bucket = checks.required("destination", self.destination, &FREE);
        checks.finish()?;
        if from > to {
            return Err(ServiceError::invalid("Start time must be less than or equal to end time."));
        }
        let prefix = self.destination_prefix.filter(|prefix| !prefix.is_empty());
        // The task id and the file name, with their slashes; streams' names come on top.
        if prefix.as_ref().is_some_and(|prefix| prefix.len() + "/".len() + 36 + "/000000.gz".len() > KEY_LIMIT) {
            return Err(ServiceError::invalid("The destination prefix makes keys longer than 1024 bytes."));
        }
        let stream_prefix = self.log_stream_name_prefix;
        Ok(Order { name: self.task_name, group, stream_prefix, from, to, bucket, prefix })
    }
}

/// CreateExportTask.
pub(in super::super) fn create(call: &Call<'_>) -> Answer {
    let order = call.input::<CreateInput>()?.order()?;
    let streams = call.with_group(&order.group, |group| Ok(Streams::of(group, &order)))?;
    permission::check(call.world, &call.lane, &order)?;
    let runtime = Handle::try_current()
        .map_err(|_| ServiceError::new("ServiceUnavailableException", "The export service needs a tokio runtime."))?;
    let task = ExportTask::accepted(order);
    call.with(|shelf| occupy(shelf, task.clone()))?;
    // By this object the service sees whether it may write; its body is the observed one.
    let body = Bytes::from_static(b"Permission Check Successful");
    call.world.s3.put_object(&task.order.bucket, &task.order.write_test_key(), body);
    runtime.spawn(worker::run(call.world.clone(), call.lane.clone(), task.clone(), streams));
    answer(&json!({"taskId": task.id}))
}

/// Puts a task into the one slot (AWS: one active task per account and Region, quota L-EEC839DF).
pub(super) fn occupy(shelf: &mut Shelf, task: ExportTask) -> Result<(), ServiceError> {
    if shelf.tasks.iter().rev().any(|other| other.status.is_active()) {
        return Err(ServiceError::new("LimitExceededException", "Resource limit exceeded."));
    }
    shelf.tasks.push(task);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeInput {
    task_id: Option<String>,
    status_code: Option<String>,
    limit: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tasks {
    export_tasks: Vec<super::task::Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// DescribeExportTasks: newest first.
pub(in super::super) fn describe(call: &Call<'_>) -> Answer {
    let input: DescribeInput = call.input()?;
    let codes = RemoteStatus::KNOWN.map(|status| status.code().to_owned());
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut checks = Checks::default();
    checks.optional("taskId", input.task_id.as_deref(), &FREE);
    checks.word("statusCode", input.status_code.as_deref(), &codes);
    let limit = checks.limit(input.limit, 50, 50);
    checks.finish()?;
    if input.task_id.is_some() && input.status_code.is_some() {
        return Err(ServiceError::invalid("taskId and statusCode are mutually exclusive parameters."));
    }
    let before = token::decode_optional(KIND, input.next_token.as_deref())?;
    let before = before.map(|place| place.parse::<usize>().map_err(|_| ServiceError::bad_token())).transpose()?;
    let fits = |task: &ExportTask| {
        input.task_id.as_ref().is_none_or(|id| *id == task.id)
            && input.status_code.as_ref().is_none_or(|code| code == task.status.code())
    };
    let page = call.with(|shelf| {
        let before = before.unwrap_or(shelf.tasks.len()).min(shelf.tasks.len());
        let mut fitting = shelf.tasks[..before].iter().enumerate().rev().filter(|(_, task)| fits(task)).peekable();
        let taken: Vec<_> = fitting.by_ref().take(limit).collect();
        let last = taken.last().filter(|_| fitting.peek().is_some());
        let next_token = last.map(|(place, _)| token::encode(KIND, &place.to_string()));
        Tasks { export_tasks: taken.iter().map(|(_, task)| task.row()).collect(), next_token }
    });
    answer(&page)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CancelInput {
    task_id: Option<String>,
}

/// CancelExportTask.
pub(in super::super) fn cancel(call: &Call<'_>) -> Answer {
    let input: CancelInput = call.input()?;
    let mut checks = Checks::default();
    let id = checks.required("taskId", input.task_id, &FREE);
    checks.finish()?;
    call.with(|shelf| {
        let task = shelf.tasks.iter_mut().rev().find(|task| task.id == id);
        task.ok_or_else(|| ServiceError::not_found("export task"))?.ask_cancel()
    })?;
    Ok(nothing())
}
