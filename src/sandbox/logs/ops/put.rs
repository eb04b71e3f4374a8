//! PutLogEvents: a batch into one stream, with the limits and the rejections the API reference states.

use serde::{Deserialize, Serialize};

use super::super::answer::{Answer, ServiceError, answer};
use super::super::check::{Checks, GROUP, STREAM};
use super::super::events::{Event, OVERHEAD};
use super::{Call, now};

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;

/// The most bytes of a batch, each event counted with its overhead (PutLogEvents reference).
const MAX_BATCH: usize = 1_048_576;
/// Events further ahead than this are rejected, one by one (same reference).
const MAX_AHEAD: i64 = 2 * HOUR;
/// Events older than this are rejected, one by one (same reference).
const MAX_AGE: i64 = 14 * DAY;

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "logGroupName")]
    group: Option<String>,
    #[serde(rename = "logStreamName")]
    stream: Option<String>,
    #[serde(rename = "logEvents")]
    events: Option<Vec<InputEvent>>,
}

#[derive(Deserialize)]
struct InputEvent {
    timestamp: i64,
    message: String,
}

#[derive(Serialize)]
struct Rejected {
    #[serde(rename = "tooNewLogEventStartIndex", skip_serializing_if = "Option::is_none")]
    too_new_from: Option<usize>,
    #[serde(rename = "tooOldLogEventEndIndex", skip_serializing_if = "Option::is_none")]
    too_old_until: Option<usize>,
    #[serde(rename = "expiredLogEventEndIndex", skip_serializing_if = "Option::is_none")]
    expired_until: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    /// No longer needed by anybody, still answered.
    next_sequence_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_log_events_info: Option<Rejected>,
}

/// PutLogEvents.
pub(super) fn put(call: &Call<'_>) -> Answer {
    let input: Input = call.input()?;
    let mut checks = Checks::default();
    let group = checks.required("logGroupName", input.group, &GROUP);
    let name = checks.required("logStreamName", input.stream, &STREAM);
    let batch = checks.present("logEvents", input.events);
    checks.length("'[…]'", "logEvents", batch.len(), 1..=10_000);
    for (index, event) in batch.iter().enumerate() {
        let field = format!("logEvents.{}.member.message", index + 1);
        checks.length("''", &field, event.message.len(), 1..=MAX_BATCH);
        checks.number(&format!("logEvents.{}.member.timestamp", index + 1), Some(event.timestamp), 0..=i64::MAX);
    }
    checks.finish()?;
    check_batch(&batch)?;
    let now = now();
    call.with_group(&group, |group| {
        let retention = group.retention_days.map(|days| days.saturating_mul(DAY));
        let stream = group.streams.get_mut(&name).ok_or_else(|| ServiceError::not_found("log stream"))?;
        let old = batch.partition_point(|e| e.timestamp < (now - MAX_AGE).max(stream.events.earliest_put()));
        let expired = retention.map_or(0, |age| batch.partition_point(|e| e.timestamp < now - age));
        let new = batch.partition_point(|e| e.timestamp <= now + MAX_AHEAD);
        let good = old.max(expired).min(new)..new;
        let rejected = Rejected {
            too_new_from: (new < batch.len()).then_some(new),
            too_old_until: (old > 0).then_some(old),
            expired_until: (expired > old).then_some(expired),
        };
        let any_rejected = good.len() < batch.len();
        if !good.is_empty() {
            stream.last_ingestion = Some(now);
        }
        let taken = batch.into_iter().skip(good.start).take(good.len());
        stream.events.put(taken.map(|e| Event { at: e.timestamp, ingested: now, message: e.message.into() }));
        answer(&Output {
            next_sequence_token: format!("{:056}", stream.events.len()),
            rejected_log_events_info: any_rejected.then_some(rejected),
        })
    })
}

/// The rules on a batch as a whole.
fn check_batch(batch: &[InputEvent]) -> Result<(), ServiceError> {
    let size: usize = batch.iter().map(|event| event.message.len() + OVERHEAD).sum();
    if size > MAX_BATCH {
        return Err(ServiceError::invalid(format!("Upload too large: {size} bytes exceeds limit of {MAX_BATCH}")));
    }
    if !batch.is_sorted_by_key(|event| event.timestamp) {
        return Err(ServiceError::invalid(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    let span = batch.last().zip(batch.first()).map_or(0, |(last, first)| last.timestamp - first.timestamp);
    if span > DAY {
        return Err(ServiceError::invalid(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ));
    }
    Ok(())
}
