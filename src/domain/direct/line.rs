//! How an event is written: as the line an export task of AWS's writes, or as one JSON object.
//!
//! This runs once an event. What is the same for neighbours is made once and copied: the text of a second, the names in
//! a JSON object.

use std::fmt;
use std::io::Write as _;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::super::time::Timestamp;
use super::page::{Batch, Event};
use super::unit::StreamName;

/// What an event becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `2026-08-09T18:00:00.123Z message`, byte for byte what AWS's own export writes: later lines of a message carry no
    /// timestamp (aws-facts section 5).
    #[default]
    Text,
    /// One JSON object a line: timestamp, ingestionTime, stream, group, eventId (where the service gives one), message.
    Jsonl,
}

/// A word that is no format's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown format {0:?}: known are text and jsonl")]
pub struct FormatError(String);

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Text, Self::Jsonl];

    /// The word in options, plan files and `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Jsonl => "jsonl",
        }
    }

    /// The format that `typed` is the word of.
    ///
    /// # Errors
    /// It is no word of either.
    pub fn parse(typed: &str) -> Result<Self, FormatError> {
        Self::ALL.into_iter().find(|format| format.word() == typed).ok_or_else(|| FormatError(typed.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Writes events of one log group.
#[derive(Debug)]
pub struct Scribe {
    format: Format,
    clock: Clock,
    /// `,"stream":"…","group":"…"` of the stream written last.
    names: Vec<u8>,
    stream: Option<StreamName>,
    group: String,
}

impl Scribe {
    /// Writes events of `group` in `format`.
    pub fn new(format: Format, group: &str) -> Self {
        Self { format, clock: Clock::new(), names: Vec::new(), stream: None, group: group.to_owned() }
    }

    /// Appends every event of `batch` to `out`.
    pub fn write(&mut self, batch: Batch<'_>, out: &mut Vec<u8>) {
        match self.format {
            Format::Text => batch.events().for_each(|event| self.line(event, out)),
            Format::Jsonl => {
                self.name(batch.stream());
                batch.events().for_each(|event| self.object(event, out));
            }
        }
    }

    fn line(&mut self, event: Event<'_>, out: &mut Vec<u8>) {
        self.clock.write(event.at, out);
        out.push(b' ');
        out.extend_from_slice(event.message);
        out.push(b'\n');
    }

    fn object(&self, event: Event<'_>, out: &mut Vec<u8>) {
        // Into a Vec: cannot fail.
        let _ = write!(out, "{{\"timestamp\":{},\"ingestionTime\":{}", event.at.millis(), event.ingested.millis());
        out.extend_from_slice(&self.names);
        if !event.id.is_empty() {
            out.extend_from_slice(b",\"eventId\":");
            quote(event.id, out);
        }
        out.extend_from_slice(b",\"message\":");
        quote(event.message, out);
        out.extend_from_slice(b"}\n");
    }

    fn name(&mut self, stream: &StreamName) {
        if self.stream.as_ref() == Some(stream) {
            return;
        }
        self.names.clear();
        self.names.extend_from_slice(b",\"stream\":");
        quote(stream.as_str().as_bytes(), &mut self.names);
        self.names.extend_from_slice(b",\"group\":");
        quote(self.group.as_bytes(), &mut self.names);
        self.stream = Some(stream.clone());
    }
}

/// Appends `text` as a JSON string. Bytes that are no UTF-8, which the service never sends, become U+FFFD.
fn quote(text: &[u8], out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(text);
    // Into a Vec: cannot fail.
    let _ = serde_json::to_writer(out, text.as_ref());
}

/// `2026-08-09T18:00:00.123Z`, with the text of the last second kept: events of a page lie close together, and turning
/// days into a date costs more than all the rest of a line.
#[derive(Debug)]
struct Clock {
    second: i64,
    /// Up to the dot, that included.
    text: [u8; PREFIX],
}

/// `2026-08-09T18:00:00.`
const PREFIX: usize = 20;

impl Clock {
    const fn new() -> Self {
        Self { second: 0, text: *b"1970-01-01T00:00:00." }
    }

    fn write(&mut self, at: Timestamp, out: &mut Vec<u8>) {
        let second = at.millis().div_euclid(1000);
        if second != self.second && !self.turn(second, at) {
            // Into a Vec: cannot fail.
            let _ = write!(out, "{at}");
            return;
        }
        let digit = |value: i64| b'0' + u8::try_from(value % 10).unwrap_or_default();
        let millis = at.millis().rem_euclid(1000);
        out.extend_from_slice(&self.text);
        out.extend_from_slice(&[digit(millis / 100), digit(millis / 10), digit(millis), b'Z']);
    }

    /// Turns to another second; `false` where its text is not of the usual length (beyond the years 0 to 9999).
    fn turn(&mut self, second: i64, at: Timestamp) -> bool {
        let text = at.to_string();
        match text.as_bytes().first_chunk::<PREFIX>() {
            Some(prefix) if text.len() == PREFIX + "123Z".len() && prefix.ends_with(b".") => {
                (self.second, self.text) = (second, *prefix);
                true
            }
            Some(_) | None => false,
        }
    }
}

/// Whether `line` begins as an event does in [`Format::Text`], and when that event happened. Later lines of a message
/// do not, unless the message itself holds such text.
pub fn began(line: &[u8]) -> Option<Timestamp> {
    let [stamp @ .., b'Z', b' '] = line.first_chunk::<{ PREFIX + 5 }>()? else { return None };
    let digits = |from: usize, to: usize| {
        stamp[from..to]
            .iter()
            .try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let fixed = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.')];
    if fixed.iter().any(|(at, byte)| stamp[*at] != *byte) {
        return None;
    }
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_from_civil(digits(0, 4)?, digits(5, 7)?, digits(8, 10)?)?;
    let millis = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + digits(20, 23)?;
    Some(Timestamp::from_millis(millis))
}

/// Days since 1970-01-01 of a date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"); `None` for a date no
/// calendar has.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    // Years begin in March here: the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::super::page::{Entry, Page};
    use super::*;
    use proptest::prelude::*;

    /// 2026-08-09T18:00:00Z.
    const NINTH: i64 = 1_786_298_400_000;

    fn page(events: &[(i64, &str, &str)]) -> Page {
        let mut text = Vec::new();
        let mut put = |part: &str| {
            let start = u32::try_from(text.len()).unwrap();
            text.extend_from_slice(part.as_bytes());
            start..u32::try_from(text.len()).unwrap()
        };
        let entries = events
            .iter()
            .map(|(at, id, message)| Entry { at: *at, ingested: at + 1, message: put(message), id: put(id) })
            .collect();
        Page::of_stream("web/\"1\"".into(), text, entries)
    }

    fn written(format: Format, events: &[(i64, &str, &str)]) -> String {
        let mut out = Vec::new();
        let page = page(events);
        let mut scribe = Scribe::new(format, "/aws/web");
        page.batches().for_each(|batch| scribe.write(batch, &mut out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_carry_the_timestamp_once_and_the_message_byte_for_byte() {
        let events = [
            (NINTH, "", "one"),
            (NINTH + 5, "", "Größe 日本 🦀\n\tat Main\n\nend"),
            (NINTH + 999, "", ""),
            (NINTH - 1, "", "before"),
            (-1, "", "before the epoch"),
        ];
        assert_eq!(
            written(Format::Text, &events),
            "2026-08-09T18:00:00.000Z one\n2026-08-09T18:00:00.005Z Größe 日本 🦀\n\tat Main\n\nend\n\
             2026-08-09T18:00:00.999Z \n2026-08-09T17:59:59.999Z before\n1969-12-31T23:59:59.999Z before the epoch\n"
        );
    }

    #[test]
    fn json_objects_hold_all_that_is_known_of_an_event() {
        let text = written(Format::Jsonl, &[(NINTH, "3789", "a \"b\"\n\u{7}"), (NINTH + 1, "", "c")]);
        assert_eq!(
            text,
            "{\"timestamp\":1786298400000,\"ingestionTime\":1786298400001,\"stream\":\"web/\\\"1\\\"\",\
             \"group\":\"/aws/web\",\"eventId\":\"3789\",\"message\":\"a \\\"b\\\"\\n\\u0007\"}\n\
             {\"timestamp\":1786298400001,\"ingestionTime\":1786298400002,\"stream\":\"web/\\\"1\\\"\",\
             \"group\":\"/aws/web\",\"message\":\"c\"}\n"
        );
    }

    #[test]
    fn only_a_real_instant_begins_an_event() {
        assert_eq!(began(b"2026-08-09T18:00:00.123Z x"), Some(Timestamp::from_millis(NINTH + 123)));
        assert_eq!(began(b"2024-02-29T00:00:00.000Z "), Some(Timestamp::from_millis(1_709_164_800_000)));
        for line in [
            "2026-08-09T18:00:00.123Z",
            "2026-08-09 18:00:00.123Z x",
            "2026-13-09T18:00:00.123Z x",
            "2026-02-29T18:00:00.123Z x",
            "2026-08-09T24:00:00.123Z x",
            "2026-08-0aT18:00:00.123Z x",
            "\tat Main",
            "",
        ] {
            assert_eq!(began(line.as_bytes()), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn a_line_begins_as_the_house_shows_instants(times in prop::collection::vec(any::<i64>(), 1..9), near: i64) {
            let mut clock = Clock::new();
            for at in times.iter().copied().chain((0..9).map(|step| near.saturating_add(step * 400))) {
                let mut out = Vec::new();
                clock.write(Timestamp::from_millis(at), &mut out);
                prop_assert_eq!(String::from_utf8(out).unwrap(), Timestamp::from_millis(at).to_string());
            }
        }

        #[test]
        fn what_a_line_begins_with_is_read_back(at in 0_i64..253_402_300_800_000, message in ".*") {
            let line = format!("{} {message}", Timestamp::from_millis(at));
            prop_assert_eq!(began(line.as_bytes()), Some(Timestamp::from_millis(at)));
        }

        #[test]
        fn a_json_object_is_read_back_by_serde(at: i64, id in "[0-9]{0,9}", message: String) {
            let text = written(Format::Jsonl, &[(at.saturating_sub(1), &id, &message)]);
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(value["message"].as_str(), Some(message.as_str()));
            prop_assert_eq!(value["stream"].as_str(), Some("web/\"1\""));
            prop_assert_eq!(value["timestamp"].as_i64(), Some(at.saturating_sub(1)));
            prop_assert_eq!(value["eventId"].as_str().unwrap_or_default(), id);
            prop_assert_eq!(text.matches('\n').count(), 1);
        }
    }
}
