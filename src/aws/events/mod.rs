//! Reading log events in bulk: GetLogEvents and FilterLogEvents, one page a call.
//!
//! One attempt a call and no waiting: whoever reads decides what a failure means. Callers: the direct engine.

use super::Session;
use super::error::Call;
use crate::domain::direct::interner::Interner;
use crate::domain::direct::page::Page;
use crate::domain::direct::unit::StreamName;
use crate::domain::problem::{Problem, ProblemKind};
use body::{BodyError, Taken};
use decode::{Decoded, Owner};

mod body;
mod decode;
mod json;

/// The most events a page has (GetLogEvents and FilterLogEvents references).
const LIMIT: i32 = 10_000;

/// What a chain of GetLogEvents reads.
#[derive(Clone, Copy, Debug)]
pub struct StreamQuery<'a> {
    /// The log group.
    pub group: &'a str,
    /// The log stream.
    pub stream: &'a StreamName,
    /// The first instant wanted, epoch milliseconds.
    pub from: i64,
    /// The first instant no longer wanted.
    pub until: i64,
}

/// What a chain of FilterLogEvents reads.
#[derive(Clone, Copy, Debug)]
pub struct GroupQuery<'a> {
    /// The log group.
    pub group: &'a str,
    /// Only streams whose names begin so.
    pub prefix: Option<&'a str>,
    /// A CloudWatch Logs filter pattern.
    pub pattern: Option<&'a str>,
    /// The first instant wanted, epoch milliseconds.
    pub from: i64,
    /// The first instant no longer wanted.
    pub until: i64,
}

/// One page, and how to go on.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct EventPage {
    /// The events.
    pub page: Page,
    /// The token of the next page. GetLogEvents always gives one, at the end the one that was sent; FilterLogEvents gives
    /// none at the end.
    pub next: Option<String>,
    /// How many bytes the answer had.
    pub answered: u64,
}

impl Session {
    /// One page of a stream's events, oldest first (GetLogEvents), from its start or from `token` on. A token that was given
    /// for a later end may bring events past `until`. `buffer` is used for the page, whatever it holds.
    pub async fn stream_events(
        &self,
        query: StreamQuery<'_>,
        token: Option<&str>,
        buffer: Vec<u8>,
    ) -> Result<EventPage, Problem> {
        let call = self.call("GetLogEvents", Some(query.stream.as_str()));
        let request = self
            .logs_once
            .get_log_events()
            .log_group_name(query.group)
            .log_stream_name(query.stream.as_str())
            .start_time(query.from)
            .end_time(query.until)
            .start_from_head(true)
            .limit(LIMIT)
            .set_next_token(token.map(str::to_owned));
        let body = Taken::default();
        let sent = request.customize().interceptor(body.clone()).send().await;
        sent.map_err(|error| call.problem(&error))?;
        page(&call, body, buffer, Owner::One(query.stream), query.from).await
    }

    /// One page of the events of several streams (FilterLogEvents), from the start or from `token` on. `names` are kept
    /// from page to page.
    pub async fn group_events(
        &self,
        query: GroupQuery<'_>,
        token: Option<&str>,
        names: &mut Interner,
        buffer: Vec<u8>,
    ) -> Result<EventPage, Problem> {
        let call = self.call("FilterLogEvents", Some(query.group));
        let request = self
            .logs_once
            .filter_log_events()
            .log_group_name(query.group)
            .start_time(query.from)
            // Inclusive, unlike that of GetLogEvents (API reference: events "later than this time" are left out).
            .end_time(query.until - 1)
            .limit(LIMIT)
            .set_filter_pattern(query.pattern.map(str::to_owned))
            .set_log_stream_name_prefix(query.prefix.map(str::to_owned))
            .set_next_token(token.map(str::to_owned));
        let body = Taken::default();
        let sent = request.customize().interceptor(body.clone()).send().await;
        sent.map_err(|error| call.problem(&error))?;
        page(&call, body, buffer, Owner::Named(names), query.from).await
    }
}

/// The page in an answer's body.
async fn page(call: &Call, body: Taken, buffer: Vec<u8>, owner: Owner<'_>, from: i64) -> Result<EventPage, Problem> {
    let bytes = body.read(buffer).await.map_err(|error| {
        let kind = match error {
            BodyError::Broken(_) => ProblemKind::Network,
            BodyError::Stalled => ProblemKind::Timeout,
            BodyError::TooLarge => ProblemKind::Unknown,
        };
        call.says(kind, error.to_string())
    })?;
    let answered = bytes.len() as u64;
    let Decoded { page, next } = decode::decode(bytes, owner, from..i64::MAX)
        // An answer cut short by a proxy may well come whole the next time.
        .map_err(|error| call.says(ProblemKind::Server, error.to_string()))?;
    Ok(EventPage { page, next, answered })
}
