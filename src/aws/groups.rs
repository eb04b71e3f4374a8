//! Listing log groups.

use aws_sdk_cloudwatchlogs::types::{LogGroup as SdkGroup, LogGroupClass};

use super::Session;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::{GroupClass, LogGroup, Page};
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;

/// The most DescribeLogGroups gives a page (service model).
const PAGE: i32 = 50;

impl Session {
    /// One page of log groups (DescribeLogGroups, 50 a page), by name.
    pub async fn log_groups(&self, token: Option<String>) -> Result<Page<LogGroup>, Problem> {
        let call = self.call("DescribeLogGroups", None);
        let answer = self.logs.describe_log_groups().limit(PAGE).set_next_token(token).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        let items = answer.log_groups.unwrap_or_default().into_iter().filter_map(log_group).collect();
        Ok(Page { items, next: answer.next_token })
    }
}

pub(super) fn log_group(group: SdkGroup) -> Option<LogGroup> {
    Some(LogGroup {
        name: group.log_group_name?,
        class: class(group.log_group_class.as_ref()),
        stored: group.stored_bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(ByteCount),
        retention_days: group.retention_in_days.and_then(|days| u32::try_from(days).ok()),
        created: group.creation_time.map(Timestamp::from_millis),
    })
}

fn class(class: Option<&LogGroupClass>) -> GroupClass {
    match class {
        None | Some(LogGroupClass::Standard) => GroupClass::Standard,
        Some(LogGroupClass::InfrequentAccess) => GroupClass::InfrequentAccess,
        Some(LogGroupClass::Delivery) => GroupClass::Delivery,
        Some(other) => GroupClass::Other(other.as_str().to_owned()),
    }
}
