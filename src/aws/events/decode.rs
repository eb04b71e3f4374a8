//! Pages of events out of the service's JSON, without an allocation an event.
//!
//! The SDK's own path makes a `String` of every message and unescapes it byte by byte; that is most of what reading
//! costs (`benches/direct.rs` compares). Here the answer is decoded in its own buffer: an unescaped text is never longer
//! than its escaped form, so it takes its place, and an event is two numbers and two ranges. The texts in between are
//! found by `memchr`. Members may come in any order and unknown ones are passed over, as in the SDK.

use std::ops::Range;
use std::str::Utf8Error;

use thiserror::Error;

use crate::domain::direct::interner::Interner;
use crate::domain::direct::page::{Entry, Page};
use crate::domain::direct::unit::StreamName;

use super::json::Json;

/// Why an answer is no page.
#[derive(Debug, Error, PartialEq, Eq)]
pub(super) enum DecodeError {
    /// Not text.
    #[error("the answer is not UTF-8: {0}")]
    Utf8(#[from] Utf8Error),
    /// Not JSON, or not of the shape the service model gives.
    #[error("the answer is not the JSON expected: {what} at byte {at}")]
    Json {
        /// What was wrong.
        what: &'static str,
        /// Where in the answer.
        at: usize,
    },
}

/// A page of events and how to go on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The events.
    pub page: Page,
    /// `nextForwardToken` of GetLogEvents, `nextToken` of FilterLogEvents.
    pub next: Option<String>,
}

/// Whose events an answer holds.
pub(super) enum Owner<'a> {
    /// All of one stream: GetLogEvents.
    One(&'a StreamName),
    /// Each names its own: FilterLogEvents.
    Named(&'a mut Interner),
}

/// The page in `body`, without the events that lie outside `within` (epoch milliseconds): services differ in which ends
/// they count in, and whoever joins ranges must not get an event twice.
pub(super) fn decode(mut body: Vec<u8>, mut owner: Owner<'_>, within: Range<i64>) -> Result<Decoded, DecodeError> {
    std::str::from_utf8(&body)?;
    let mut found = Found { within, ..Found::default() };
    if let Owner::Named(names) = &mut owner {
        names.turn();
    }
    let mut json = Json::new(&mut body);
    json.members(|json, key| match json.text(&key) {
        b"events" => json.items(|json| found.event(json, &mut owner)),
        b"nextForwardToken" | b"nextToken" => {
            let token = json.text_or_null()?;
            found.next = token.map(|token| String::from_utf8_lossy(json.text(&token)).into_owned());
            Ok(())
        }
        _ => json.skip(),
    })?;
    json.finish()?;
    let Found { entries, of, next, .. } = found;
    let page = match owner {
        Owner::One(stream) => Page::of_stream(stream.clone(), body, entries),
        Owner::Named(names) => Page::of_streams(names.page(), &of, body, entries),
    };
    Ok(Decoded { page, next })
}

/// What was found so far.
#[derive(Default)]
struct Found {
    within: Range<i64>,
    entries: Vec<Entry>,
    of: Vec<u32>,
    next: Option<String>,
}

impl Found {
    fn event(&mut self, json: &mut Json<'_>, owner: &mut Owner<'_>) -> Result<(), DecodeError> {
        let mut entry = Entry::default();
        let mut stream = 0..0;
        json.members(|json, key| {
            match json.text(&key) {
                b"message" => entry.message = short(json.text_or_null()?.unwrap_or_default()),
                b"timestamp" => entry.at = json.integer_or_null()?.unwrap_or_default(),
                b"ingestionTime" => entry.ingested = json.integer_or_null()?.unwrap_or_default(),
                b"eventId" => entry.id = short(json.text_or_null()?.unwrap_or_default()),
                b"logStreamName" => stream = json.text_or_null()?.unwrap_or_default(),
                _ => json.skip()?,
            }
            Ok(())
        })?;
        if !self.within.contains(&entry.at) {
            return Ok(());
        }
        self.entries.push(entry);
        if let Owner::Named(names) = owner {
            // UTF-8 as a whole and cut at quotes: what does not pass here does not exist.
            self.of.push(names.number(std::str::from_utf8(json.text(&stream))?));
        }
        Ok(())
    }
}

/// A range of a body: `super::body` takes none of 4 GiB.
fn short(range: Range<usize>) -> Range<u32> {
    let end = |end| u32::try_from(end).unwrap_or(u32::MAX);
    end(range.start)..end(range.end)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::time::Timestamp;

    const ALL: Range<i64> = i64::MIN..i64::MAX;

    /// What a page says, as plain values: stream, timestamp, ingestion time, id and message.
    type Row = (String, i64, i64, String, String);

    fn rows(page: &Page) -> Vec<Row> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let of = |event: crate::domain::direct::page::Event<'_>, stream: &StreamName| {
            (stream.to_string(), event.at.millis(), event.ingested.millis(), text(event.id), text(event.message))
        };
        page.batches().flat_map(|batch| batch.events().map(move |event| of(event, batch.stream()))).collect()
    }

    fn named(body: impl Into<Vec<u8>>) -> Result<Decoded, DecodeError> {
        decode(body.into(), Owner::Named(&mut Interner::default()), ALL)
    }

    /// JSON with every character outside ASCII escaped, as many serialisers write it.
    fn ascii(text: &str) -> String {
        let mut out = String::new();
        for unit in text.encode_utf16() {
            match u8::try_from(unit) {
                Ok(byte @ 0..=0x7f) => out.push(char::from(byte)),
                Ok(_) | Err(_) => write!(out, "\\u{unit:04x}").unwrap(),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn a_page_holds_what_the_answer_says_however_it_is_escaped(
            given in prop::collection::vec(("[ab日🦀]{1,3}", any::<i64>(), any::<i64>(), any::<String>()), 0..40),
            token in prop::option::of(any::<String>()),
            pretty: bool,
        ) {
            let events: Vec<Value> = given.iter().map(|(stream, at, ingested, message)| json!({
                "logStreamName": stream, "timestamp": at, "ingestionTime": ingested, "message": message, "eventId": format!("id{at}"),
            })).collect();
            let answer = json!({"searchedLogStreams": [{"a": [1.5e3, true, null]}], "events": events, "nextToken": token});
            let plain = if pretty { serde_json::to_string_pretty(&answer) } else { serde_json::to_string(&answer) }.unwrap();
            for body in [ascii(&plain), plain] {
                let found = named(body).unwrap();
                // Sorted by stream as they are met, each stream's events in order: so a stable sort of both compares them.
                let mut wanted: Vec<Row> = given.iter()
                    .filter(|(_, at, _, _)| ALL.contains(at))
                    .map(|(s, at, ingested, m)| (s.clone(), *at, *ingested, format!("id{at}"), m.clone()))
                    .collect();
                let mut read = rows(&found.page);
                wanted.sort_by(|one, other| one.0.cmp(&other.0));
                read.sort_by(|one, other| one.0.cmp(&other.0));
                prop_assert_eq!(read, wanted);
                prop_assert_eq!(&found.next, &token);
            }
        }

        #[test]
        fn no_bytes_panic_and_what_is_cut_short_is_refused(mut bytes: Vec<u8>, cut: prop::sample::Index) {
            let _ = named(bytes.clone());
            bytes = br#"{"events":[{"message":"a\u00e9\n","timestamp":12}],"nextForwardToken":"f/1"}"#.to_vec();
            let length = cut.index(bytes.len());
            prop_assert!(named(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn events_outside_the_range_are_left_out() {
        let body = br#"{"events":[{"timestamp":9,"message":"a"},{"timestamp":10,"message":"b"},{"timestamp":20,"message":"c"}]}"#;
        let stream = StreamName::from("s");
        let found = decode(body.to_vec(), Owner::One(&stream), 10..20).unwrap();
        assert_eq!(rows(&found.page), [("s".to_owned(), 10, 0, String::new(), "b".to_owned())]);
        let batch = found.page.batches().next().unwrap();
        assert_eq!((batch.len(), batch.events().next().unwrap().at), (1, Timestamp::from_millis(10)));
    }

    #[test]
    fn half_a_pair_becomes_the_replacement_character_and_nothing_else_is_lost() {
        let body = r#"{"events":[{"timestamp":1,"message":"\ud83d x \ud83d\ude00 \udc00\u0041 \ud83d\u0042"}]}"#;
        let found = named(body).unwrap();
        assert_eq!(rows(&found.page)[0].4, "\u{fffd} x 😀 \u{fffd}A \u{fffd}B");
    }

    #[test]
    fn what_is_no_answer_says_where() {
        for (body, what) in [
            ("", "no object"),
            ("[]", "no object"),
            ("{\"events\":{}}", "no array"),
            ("{\"events\":[{\"timestamp\":1.5}]}", "no whole number"),
            ("{\"events\":[{\"timestamp\":99999999999999999999}]}", "a number out of range"),
            ("{\"events\":[{\"message\":\"\\x\"}]}", "an escape that is none"),
            ("{} {}", "more than one value"),
        ] {
            let error = named(body).unwrap_err().to_string();
            assert!(error.contains(what), "{body}: {error}");
        }
        assert!(matches!(named([b'{', 0xff, b'}']), Err(DecodeError::Utf8(_))));
        let deep = format!("{{\"x\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(named(deep).unwrap_err().to_string().contains("nested too deeply"));
    }

    #[test]
    fn absent_and_null_members_are_empty() {
        let found =
            named(r#"{"events":[{"timestamp":1,"message":null,"eventId":null}, {}],"nextToken":null}"#).unwrap();
        assert_eq!(found.next, None);
        assert_eq!(rows(&found.page).len(), 2);
        for body in [r#"{"events":null}"#, "{}"] {
            let found = named(body).unwrap();
            assert!(found.page.is_empty() && found.next.is_none(), "{body}");
        }
    }
}
