//! Listing a log group's streams.

use aws_sdk_cloudwatchlogs::types::LogStream as SdkStream;

use super::Session;
use crate::domain::direct::stream::LogStream;
use crate::domain::inventory::Page;
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;

/// The most DescribeLogStreams gives a page (service model).
const PAGE: i32 = 50;

impl Session {
    /// One page of a group's log streams by name (DescribeLogStreams, 50 a page), all or those whose names begin with
    /// `prefix`. One attempt: the caller spends its own budget of requests.
    pub async fn log_streams(
        &self,
        group: &str,
        prefix: Option<&str>,
        token: Option<String>,
    ) -> Result<Page<LogStream>, Problem> {
        let call = self.call("DescribeLogStreams", Some(group));
        let request = self
            .logs_once
            .describe_log_streams()
            .log_group_name(group)
            .limit(PAGE)
            .set_log_stream_name_prefix(prefix.map(str::to_owned))
            .set_next_token(token);
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        let items = answer.log_streams.unwrap_or_default().into_iter().filter_map(log_stream).collect();
        Ok(Page { items, next: answer.next_token })
    }
}

fn log_stream(stream: SdkStream) -> Option<LogStream> {
    let time = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    Some(LogStream {
        name: stream.log_stream_name?.into(),
        created: time(stream.creation_time),
        first_event: time(stream.first_event_timestamp),
        last_event: time(stream.last_event_timestamp),
        last_ingestion: time(stream.last_ingestion_time),
    })
}
