//! GetLogEvents: one stream, page by page, in either direction. A token names a place in the stream: `f/…` goes on
//! from it forwards, `b/…` backwards; getting the same token back means the end.

use serde::{Deserialize, Serialize};

use super::super::answer::{Answer, ServiceError, answer};
use super::super::check::{Checks, GROUP, STREAM};
use super::super::events::Events;
use super::super::store::{Class, Group};
use super::super::whims::Oddity;
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
    let turn = call.world.logs.next_turn(input.next_token.is_some());
    let limit = limit.min(turn.most_events);
    answer(&match turn.oddity {
        Oddity::Refused => return Err(ServiceError::bad_token()),
        Oddity::None => direction.read(&events, &range, limit),
        Oddity::Repeated => {
            Output { next_forward_token: direction.salted(turn.salt), ..direction.read(&events, &range, limit) }
        }
        Oddity::Empty => {
            Output { next_forward_token: direction.salted(turn.salt), ..direction.read(&events, &range, 0) }
        }
    })
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

/// The last digits are the place; those before make tokens for the same place differ.
const PLACE_DIGITS: usize = 20;
const SALT_DIGITS: usize = DIGITS - PLACE_DIGITS;

impl Direction {
    fn parse(token: &str) -> Result<Self, ServiceError> {
        let place = |digits: &str| {
            let plain = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| digits[DIGITS - PLACE_DIGITS..].parse().ok()).flatten().ok_or_else(ServiceError::bad_token)
        };
        match token.split_once('/') {
            Some(("f", digits)) => place(digits).map(Self::Forward),
            Some(("b", digits)) => place(digits).map(Self::Backward),
            Some(_) | None => Err(ServiceError::bad_token()),
        }
    }

    fn token(self) -> String {
        self.salted(0)
    }

    /// A token for the same place that is unlike the plain one.
    fn salted(self, salt: u64) -> String {
        let (letter, place) = match self {
            Self::Forward(place) => ('f', place),
            Self::Backward(place) => ('b', place),
        };
        format!("{letter}/{salt:0SALT_DIGITS$}{place:0PLACE_DIGITS$}")
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
