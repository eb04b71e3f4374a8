//! FilterLogEvents: events of several streams interleaved by time. A page looks at a bounded number of events, so a
//! page may be empty though matches lie further on: as AWS does, the token then says to go on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::super::answer::{Answer, ServiceError, answer};
use super::super::check::{Checks, GROUP, STREAM};
use super::super::events::Events;
use super::super::pattern::Pattern;
use super::super::store::Group;
use super::super::token;
use super::super::whims::Oddity;
use super::get::readable;
use super::page::{EventPage, MAX_EVENTS, Shown};
use super::{Call, named};

const KIND: char = 'e';

/// How many events a page looks at before it gives up for now. AWS's own bound is unknown; this one is more than a full
/// page and small enough that a rare match in a busy group makes for empty pages.
const SCAN: usize = 20_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    limit: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    event_id: String,
    log_stream_name: &'a str,
    #[serde(flatten)]
    event: Shown<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Output<'a> {
    events: Vec<Found<'a>>,
    /// AWS: always empty since 2019.
    searched_log_streams: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// FilterLogEvents.
pub(super) fn filter(call: &Call<'_>) -> Answer {
    let input: Input = call.input()?;
    let mut checks = Checks::default();
    let name = named(input.log_group_name, input.log_group_identifier);
    let name = checks.required("logGroupName", name, &GROUP);
    checks.optional("logStreamNamePrefix", input.log_stream_name_prefix.as_deref(), &STREAM);
    if let Some(names) = &input.log_stream_names {
        checks.length(&format!("'{names:?}'"), "logStreamNames", names.len(), 1..=100);
    }
    checks.number("startTime", input.start_time, 0..=i64::MAX);
    checks.number("endTime", input.end_time, 0..=i64::MAX);
    let limit = checks.limit(input.limit, MAX_EVENTS, 10_000);
    checks.finish()?;
    let choice = Choice::new(input.log_stream_names, input.log_stream_name_prefix)?;
    let pattern = Pattern::parse(input.filter_pattern.as_deref().unwrap_or_default())?;
    let token = token::decode_optional(KIND, input.next_token.as_deref())?;
    let after = token.as_deref().map(unsalted);
    let after = after.map(Place::parse).transpose()?;
    let streams = call.with_group(&name, |group| readable(group).and_then(|()| choice.streams(group)))?;
    if call.world.logs.take_empty_page() {
        let next = input.next_token.unwrap_or_else(|| token::encode(KIND, START));
        return answer(&Output { events: Vec::new(), searched_log_streams: [], next_token: Some(next) });
    }
    let turn = call.world.logs.next_turn(after.is_some());
    let place = token.as_deref().map_or(START, unsalted);
    let again = || Some(token::encode(KIND, &format!("{}{SALT}{place}", turn.salt)));
    let mut search = Search::new(streams, (input.start_time, input.end_time), after.as_ref());
    let mut page = EventPage::new(limit.min(turn.most_events));
    let hits = search.fill(&mut page, &pattern);
    let events = page.iter().zip(&hits).map(|(event, hit)| Found {
        event_id: format!("{:020}{:012}{:024}", event.timestamp, hit.stream, hit.index),
        log_stream_name: &search.streams[hit.stream].0,
        event,
    });
    answer(&match turn.oddity {
        Oddity::Refused => return Err(ServiceError::bad_token()),
        Oddity::Empty => Output { events: Vec::new(), searched_log_streams: [], next_token: again() },
        Oddity::Repeated => Output { events: events.collect(), searched_log_streams: [], next_token: again() },
        Oddity::None => Output { events: events.collect(), searched_log_streams: [], next_token: search.next_token() },
    })
}

/// The place before every event.
const START: &str = "-9223372036854775808:0:";

/// Stands behind what makes tokens for the same place differ.
const SALT: char = ';';

/// The place in a token's text. A stream's name stands last and may hold anything, digits and colons come before it.
fn unsalted(text: &str) -> &str {
    let salt = text.bytes().take_while(u8::is_ascii_digit).count();
    text[salt..].strip_prefix(SALT).unwrap_or(text)
}

/// Which streams to search.
enum Choice {
    All,
    Named(Vec<String>),
    Prefix(String),
}

impl Choice {
    fn new(names: Option<Vec<String>>, prefix: Option<String>) -> Result<Self, ServiceError> {
        match (names, prefix) {
            (None, None) => Ok(Self::All),
            (Some(names), None) => Ok(Self::Named(names)),
            (None, Some(prefix)) => Ok(Self::Prefix(prefix)),
            (Some(_), Some(_)) => {
                Err(ServiceError::invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."))
            }
        }
    }

    /// Snapshots of the streams, in the order of their names.
    fn streams(&self, group: &Group) -> Result<Vec<(String, Events)>, ServiceError> {
        let wanted = |name: &str| match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|wanted| wanted == name),
            Self::Prefix(prefix) => name.starts_with(prefix),
        };
        if let Self::Named(names) = self
            && names.iter().any(|name| !group.streams.contains_key(name))
        {
            return Err(ServiceError::not_found("log stream"));
        }
        let chosen = group.streams.iter().filter(|(name, _)| wanted(name));
        Ok(chosen.map(|(name, stream)| (name.clone(), stream.events.clone())).collect())
    }
}

/// The last event a page looked at: everything up to it, in the order of time, stream and place, is done with.
struct Place {
    at: i64,
    index: u64,
    stream: String,
}

impl Place {
    fn parse(text: &str) -> Result<Self, ServiceError> {
        let mut parts = text.splitn(3, ':');
        let mut next = || parts.next().ok_or_else(ServiceError::bad_token);
        let (at, index, stream) = (next()?, next()?, next()?.to_owned());
        match (at.parse(), index.parse()) {
            (Ok(at), Ok(index)) => Ok(Self { at, index, stream }),
            (Err(_), _) | (_, Err(_)) => Err(ServiceError::bad_token()),
        }
    }
}

/// An event of a search: by time, then by stream, then by place. The order of events across streams.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    at: i64,
    stream: usize,
    index: u64,
}

/// Several streams read as one.
struct Search {
    streams: Vec<(String, Events)>,
    /// Where each stream's range ends.
    ends: Vec<u64>,
    /// The next event of every stream that has one.
    heads: BinaryHeap<Reverse<Head>>,
    /// The last event looked at.
    last: Option<Head>,
}

impl Search {
    fn new(streams: Vec<(String, Events)>, time: (Option<i64>, Option<i64>), after: Option<&Place>) -> Self {
        let mut search = Self { streams, ends: Vec::new(), heads: BinaryHeap::new(), last: None };
        for stream in 0..search.streams.len() {
            let (name, events) = &search.streams[stream];
            // API reference: events "later than" endTime are left out, so it is inclusive here, unlike in GetLogEvents.
            let range = events.between(time.0, time.1.map(|end| end.saturating_add(1)));
            let start = after.map_or(0, |after| match name.as_str().cmp(&after.stream) {
                std::cmp::Ordering::Less => events.first_from(after.at.saturating_add(1)),
                std::cmp::Ordering::Equal => after.index.saturating_add(1),
                std::cmp::Ordering::Greater => events.first_from(after.at),
            });
            search.ends.push(range.end);
            search.queue(stream, start.max(range.start));
        }
        search
    }

    fn queue(&mut self, stream: usize, index: u64) {
        if index < self.ends[stream] {
            let at = self.streams[stream].1.timestamp(index);
            self.heads.push(Reverse(Head { at, stream, index }));
        }
    }

    /// Takes matches until the page is full, the streams end, or enough was looked at; answers where the matches stood.
    fn fill(&mut self, page: &mut EventPage, pattern: &Pattern) -> Vec<Head> {
        let mut hits = Vec::new();
        for _ in 0..SCAN {
            let Some(Reverse(head)) = self.heads.peek().copied() else { break };
            let before = page.len();
            if !page.take(&self.streams[head.stream].1, head.index, |message| pattern.matches(message)) {
                break;
            }
            hits.extend((page.len() > before).then_some(head));
            self.heads.pop();
            self.last = Some(head);
            self.queue(head.stream, head.index + 1);
        }
        hits
    }

    /// The token of the next page, while there is anything left to look at.
    fn next_token(&self) -> Option<String> {
        let last = self.last.filter(|_| !self.heads.is_empty())?;
        Some(token::encode(KIND, &format!("{}:{}:{}", last.at, last.index, self.streams[last.stream].0)))
    }
}
