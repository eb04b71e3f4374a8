//! Log streams made, deleted and listed.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::super::answer::{Answer, ServiceError, answer, nothing};
use super::super::check::{Checks, GROUP, STREAM};
use super::super::store::Stream;
use super::super::token;
use super::{Call, named, now};

const KIND: char = 's';

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NameInput {
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
}

fn names(call: &Call<'_>) -> Result<(String, String), ServiceError> {
    let input: NameInput = call.input()?;
    let mut checks = Checks::default();
    let group = checks.required("logGroupName", input.log_group_name, &GROUP);
    let stream = checks.required("logStreamName", input.log_stream_name, &STREAM);
    checks.finish().map(|()| (group, stream))
}

/// CreateLogStream.
pub(super) fn create(call: &Call<'_>) -> Answer {
    let (group, name) = names(call)?;
    call.with_group(&group, |group| {
        if group.streams.contains_key(&name) {
            return Err(ServiceError::already_exists("log stream"));
        }
        group.streams.insert(name, Stream { created: now(), ..Stream::default() });
        Ok(nothing())
    })
}

/// DeleteLogStream.
pub(super) fn delete(call: &Call<'_>) -> Answer {
    let (group, name) = names(call)?;
    call.with_group(&group, |group| {
        group.streams.remove(&name).ok_or_else(|| ServiceError::not_found("log stream")).map(|_| nothing())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeInput {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    descending: Option<bool>,
    limit: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    log_stream_name: String,
    arn: String,
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ingestion_time: Option<i64>,
    /// AWS: always 0 since 2019.
    stored_bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Streams {
    log_streams: Vec<Described>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// DescribeLogStreams.
pub(super) fn describe(call: &Call<'_>) -> Answer {
    let input: DescribeInput = call.input()?;
    let mut checks = Checks::default();
    let name = checks.required("logGroupName", named(input.log_group_name, input.log_group_identifier), &GROUP);
    checks.optional("logStreamNamePrefix", input.log_stream_name_prefix.as_deref(), &STREAM);
    checks.word("orderBy", input.order_by.as_deref(), &["LogStreamName", "LastEventTime"]);
    let limit = checks.limit(input.limit, 50, 50);
    checks.finish()?;
    let by_time = input.order_by.as_deref() == Some("LastEventTime");
    if by_time && input.log_stream_name_prefix.is_some() {
        return Err(ServiceError::invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let after = token::decode_optional(KIND, input.next_token.as_deref())?;
    let after = after.as_deref().map(parse_place).transpose()?;
    let prefix = input.log_stream_name_prefix.unwrap_or_default();
    let order = Order { by_time, descending: input.descending.unwrap_or(false) };
    let arn = call.group_arn(&name);
    call.with_group(&name, |group| {
        let fitting = group.streams.iter().filter(|(name, _)| name.starts_with(&prefix));
        let mut places: Vec<(Place<'_>, &Stream)> =
            fitting.map(|(name, stream)| (order.place(name, stream), stream)).collect();
        places.sort_by(|(one, _), (other, _)| order.compare(one, other));
        let start = after
            .map_or(0, |after| places.partition_point(|(place, _)| order.compare(place, &after) != Ordering::Greater));
        let rest = &places[start..];
        let shown = &rest[..limit.min(rest.len())];
        let last = shown.last().filter(|_| shown.len() < rest.len());
        answer(&Streams {
            log_streams: shown.iter().map(|((_, name), stream)| described(&arn, name, stream)).collect(),
            next_token: last.map(|((last, name), _)| token::encode(KIND, &format!("{last}:{name}"))),
        })
    })
}

fn described(group_arn: &str, name: &str, stream: &Stream) -> Described {
    let span = stream.events.span();
    Described {
        log_stream_name: name.to_owned(),
        arn: format!("{group_arn}:log-stream:{name}"),
        creation_time: stream.created,
        first_event_timestamp: span.map(|span| span.0),
        last_event_timestamp: span.map(|span| span.1),
        last_ingestion_time: stream.last_ingestion,
        stored_bytes: 0,
    }
}

/// Where a stream stands in a listing: its last event, where that is the order, and its name.
type Place<'a> = (i64, &'a str);

fn parse_place(text: &str) -> Result<Place<'_>, ServiceError> {
    let parts = text.split_once(':').and_then(|(last, name)| Some((last.parse().ok()?, name)));
    parts.ok_or_else(ServiceError::bad_token)
}

/// The order of a listing.
struct Order {
    by_time: bool,
    descending: bool,
}

impl Order {
    fn place<'a>(&self, name: &'a str, stream: &Stream) -> Place<'a> {
        let last = if self.by_time { stream.events.span().map_or(i64::MIN, |span| span.1) } else { 0 };
        (last, name)
    }

    fn compare(&self, one: &Place<'_>, other: &Place<'_>) -> Ordering {
        if self.descending { other.cmp(one) } else { one.cmp(other) }
    }
}
