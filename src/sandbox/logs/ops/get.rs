//! GetLogEvents: one stream, page by page, in either direction. A token names a place in the stream: `f/…` goes on
//! from it forwards, `b/…` backwards; getting the same token back means the end.

use serde::{Deserialize, Serialize};

use super::super::answer::{Answer, ServiceError, answer};
use super::super::check::{Checks, GROUP, STREAM};
use super::super::events::Events;
use super::super::store::{Class, Group};
use super::page::{EventPage, MAX_EVENTS};
use super::{Call, named};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    start_from_head: Option<bool>,
    limit: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    events: EventPage,
    next_forward_token: String,
    next_backward_token: String,
}

/// GetLogEvents.
pub(super) fn get(call: &Call<'_>) -> Answer {
    let input: Input = call.input()?;
    let mut checks = Checks::default();
    let group = checks.required("logGroupName", named(input.log_group_name, input.log_group_identifier), &GROUP);
    let stream = checks.required("logStreamName", input.log_stream_name, &STREAM);
    checks.number("startTime", input.start_time, 0..=i64::MAX);
    checks.number("endTime", input.end_time, 0..=i64::MAX);
    let limit = checks.limit(input.limit, MAX_EVENTS, 10_000);
    checks.finish()?;
    let direction = input.next_token.as_deref().map(Direction::parse).transpose()?;
    let events = call.with_group(&group, |group| {
        readable(group)?;
        let stream = group.streams.get(&stream).ok_or_else(|| ServiceError::not_found("log stream"))?;
        Ok(stream.events.clone())
    })?;
    let range = events.between(input.start_time, input.end_time);
    let direction = direction.unwrap_or(if input.start_from_head.unwrap_or(false) {
        Direction::Forward(range.start)
    } else {
        Direction::Backward(range.end)
    });
    answer(&direction.read(&events, &range, limit))
}

/// `INFREQUENT_ACCESS` supports neither GetLogEvents nor FilterLogEvents.
pub(super) fn readable(group: &Group) -> Result<(), ServiceError> {
    match group.class {
        Class::Standard => Ok(()),
        Class::InfrequentAccess | Class::Delivery => Err(ServiceError::invalid(format!(
            "The specified operation is not supported for log groups of log class {}.",
            group.class.word()
        ))),
    }
}

/// Which way to read, and from which place in the stream.
#[derive(Clone, Copy)]
enum Direction {
    /// From this event on.
    Forward(u64),
    /// The events before this one.
    Backward(u64),
}

/// How many digits AWS's tokens have.
const DIGITS: usize = 56;

impl Direction {
    fn parse(token: &str) -> Result<Self, ServiceError> {
        let place = |digits: &str| {
            let plain = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten().ok_or_else(ServiceError::bad_token)
        };
        match token.split_once('/') {
            Some(("f", digits)) => place(digits).map(Self::Forward),
            Some(("b", digits)) => place(digits).map(Self::Backward),
            Some(_) | None => Err(ServiceError::bad_token()),
        }
    }

    fn token(self) -> String {
        match self {
            Self::Forward(place) => format!("f/{place:0DIGITS$}"),
            Self::Backward(place) => format!("b/{place:0DIGITS$}"),
        }
    }

    fn read(self, events: &Events, range: &std::ops::Range<u64>, limit: usize) -> Output {
        let mut page = EventPage::new(limit);
        let (start, end) = match self {
            Self::Forward(place) => {
                let start = place.clamp(range.start, range.end);
                let unread = (start..range.end).find(|index| !page.take(events, *index, |_| true));
                (start, unread.unwrap_or(range.end))
            }
            Self::Backward(place) => {
                let end = place.clamp(range.start, range.end);
                let unread = (range.start..end).rev().find(|index| !page.take(events, *index, |_| true));
                page.reverse();
                (unread.map_or(range.start, |index| index + 1), end)
            }
        };
        Output {
            events: page,
            next_forward_token: Self::Forward(end).token(),
            next_backward_token: Self::Backward(start).token(),
        }
    }
}
