//! A sample of a log group's events: one page of FilterLogEvents, for a look before an export.

use aws_config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::config::Builder as Override;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::Session;
use crate::domain::amount::ByteCount;
use crate::domain::names::{LogGroupName, StreamPrefix};
use crate::domain::peek::{Amount, Ask, Glimpse, PAGE, Sample};
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;

/// Characters of a message that are kept: more than a line shows.
const SHOWN: usize = 500;

impl Session {
    /// What FilterLogEvents reads of `group` for `ask`: one call, which is not repeated.
    pub async fn sample(
        &self,
        group: &LogGroupName,
        streams: Option<&StreamPrefix>,
        ask: &Ask,
    ) -> Result<Sample, Problem> {
        let call = self.call("FilterLogEvents", Some(group.as_str()));
        let request = self
            .logs
            .filter_log_events()
            .log_group_name(group.as_str())
            .set_log_stream_name_prefix(streams.map(|prefix| prefix.as_str().to_owned()))
            .start_time(ask.range.from().millis())
            // Its end belongs to the range; that of an export does not.
            .end_time(ask.range.to().millis() - 1)
            .limit(i32::try_from(PAGE).unwrap_or(i32::MAX))
            .set_next_token(ask.token.clone());
        let once = Override::new().retry_config(RetryConfig::disabled());
        let answer = request.customize().config_override(once).send().await.map_err(|error| call.problem(&error))?;
        let events = answer.events.unwrap_or_default();
        let bytes = |event: &FilteredLogEvent| event.message.as_ref().map_or(0, |message| message.len() as u64);
        let seen = Amount { events: events.len() as u64, bytes: ByteCount(events.iter().map(bytes).sum()) };
        let first = events.iter().min_by_key(|event| event.timestamp).map(glimpse);
        let last = events.iter().max_by_key(|event| event.timestamp).map(glimpse);
        Ok(Sample { first, last, seen, next: answer.next_token })
    }
}

fn glimpse(event: &FilteredLogEvent) -> Glimpse {
    Glimpse {
        at: Timestamp::from_millis(event.timestamp.unwrap_or_default()),
        stream: event.log_stream_name.clone().unwrap_or_default(),
        message: event.message.as_deref().unwrap_or_default().chars().take(SHOWN).collect(),
    }
}
