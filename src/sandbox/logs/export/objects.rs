//! What an export writes: a log group's events as gzip files, one at a time. Pure work without S3 and without delays;
//! the worker decides when each object lands.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::ops::Range;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::domain::layout::stream_folder;
use crate::domain::time::Timestamp;

use super::super::events::Events;
use super::super::store::Group;
use super::task::Order;

/// A file is closed once it holds this many bytes before compression. AWS's own bound is unknown.
const ROLL_OVER: usize = 32 * 1024 * 1024;

/// How many compressed bytes wait before they are handed to the encoder.
const CHUNK: usize = 64 * 1024;

/// What is left to export of one stream.
#[derive(Debug)]
struct Part {
    /// The stream's name with `/` turned to `-`.
    folder: String,
    events: Events,
    left: Range<u64>,
}

/// All streams of an export task, as they were when it was created, and the numbers of the files written so far.
#[derive(Debug)]
pub(super) struct Streams {
    parts: VecDeque<Part>,
    /// Files by folder: streams `a/b` and `a-b` share one, and neither overwrites the other's (AWS's way is unknown).
    numbers: HashMap<String, u32>,
    roll_over: usize,
}

/// One file.
#[derive(Debug)]
pub(super) struct Object {
    /// Its key after `<prefix>/<taskId>/`.
    pub key: String,
    /// Its lines, gzipped.
    pub body: Bytes,
    /// How many bytes its lines have before compression.
    pub raw: u64,
}

impl Streams {
    /// What `order` asks of `group`: both ends of the range inclusive.
    pub fn of(group: &Group, order: &Order) -> Self {
        let wanted = |name: &str| order.stream_prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix));
        let parts = group.streams.iter().filter(|(name, _)| wanted(name)).filter_map(|(name, stream)| {
            let left = stream.events.between(Some(order.from), order.to.checked_add(1));
            let part = Part { folder: stream_folder(name), events: stream.events.clone(), left };
            (!part.left.is_empty()).then_some(part)
        });
        Self { parts: parts.collect(), numbers: HashMap::new(), roll_over: ROLL_OVER }
    }

    /// The next file, with the events of one stream.
    pub fn next_object(&mut self) -> io::Result<Option<Object>> {
        let Some(part) = self.parts.front_mut() else { return Ok(None) };
        let (body, raw) = part.write(self.roll_over)?;
        let number = self.numbers.entry(part.folder.clone()).or_default();
        let key = format!("{}/{number:06}.gz", part.folder);
        *number += 1;
        if part.left.is_empty() {
            self.parts.pop_front();
        }
        Ok(Some(Object { key, body, raw }))
    }
}

impl Part {
    /// Writes events until the file is large enough or the stream ends: the gzipped file and its size before.
    fn write(&mut self, roll_over: usize) -> io::Result<(Bytes, u64)> {
        let mut file = GzEncoder::new(Vec::new(), Compression::fast());
        let mut lines = String::new();
        let mut raw = 0;
        for index in self.left.by_ref() {
            write_line(&self.events, index, &mut lines);
            if lines.len() >= CHUNK.min(roll_over) {
                raw += lines.len();
                file.write_all(lines.as_bytes())?;
                lines.clear();
            }
            if raw >= roll_over {
                break;
            }
        }
        file.write_all(lines.as_bytes())?;
        raw += lines.len();
        Ok((Bytes::from(file.finish()?), raw as u64))
    }
}

/// Appends one event as an export shows it: later lines of its message carry no timestamp.
fn write_line(events: &Events, index: u64, out: &mut String) {
    let _ = write!(out, "{} ", Timestamp::from_millis(events.timestamp(index))); // Into a String: cannot fail.
    events.write_message(index, out);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::super::super::events::Event;
    use super::super::super::generated::{Generated, Text};
    use super::super::super::store::Stream;
    use super::*;

    fn order(from: i64, to: i64) -> Order {
        Order { name: None, group: "g".to_owned(), stream_prefix: None, from, to, bucket: "b".to_owned(), prefix: None }
    }

    fn group(streams: &[(&str, &[(i64, &str)])]) -> Group {
        let stream = |events: &[(i64, &str)]| {
            let mut stream = Stream::default();
            stream.events.put(events.iter().map(|(at, text)| Event {
                at: *at,
                ingested: *at,
                message: (*text).into(),
            }));
            stream
        };
        let streams = streams.iter().map(|(name, events)| ((*name).to_owned(), stream(events))).collect();
        Group { streams, ..Group::default() }
    }

    fn all(mut streams: Streams) -> Vec<(String, String)> {
        let mut files = Vec::new();
        while let Some(object) = streams.next_object().unwrap() {
            let mut text = String::new();
            GzDecoder::new(&object.body[..]).read_to_string(&mut text).unwrap();
            assert_eq!(object.raw, text.len() as u64);
            files.push((object.key, text));
        }
        files
    }

    #[test]
    fn lines_carry_the_timestamp_once_and_the_message_byte_for_byte() {
        let at = 1_786_298_400_000;
        let group =
            group(&[("2026/08/[$LATEST]a", &[(at, "one"), (at + 5, "Größe 日本 🦀\n\tat Main\n\nend"), (at + 9, "")])]);
        let files = all(Streams::of(&group, &order(0, i64::MAX)));
        let wanted = "2026-08-09T18:00:00.000Z one\n2026-08-09T18:00:00.005Z Größe 日本 🦀\n\tat Main\n\nend\n\
                      2026-08-09T18:00:00.009Z \n";
        assert_eq!(files, [("2026-08-[$LATEST]a/000000.gz".to_owned(), wanted.to_owned())]);
    }

    #[test]
    fn both_ends_of_the_range_are_inclusive_and_streams_without_events_write_nothing() {
        let group = group(&[("a", &[(9, "x"), (10, "first"), (20, "last"), (21, "y")]), ("b", &[(30, "z")])]);
        let files = all(Streams::of(&group, &order(10, 20)));
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].1.matches('\n').count(), 2);
        assert!(files[0].1.contains("first") && files[0].1.contains("last"), "{files:?}");
    }

    #[test]
    fn streams_that_share_a_folder_number_their_files_on() {
        let group = group(&[("a-b", &[(1, "x")]), ("a/b", &[(1, "y")])]);
        let keys: Vec<String> = all(Streams::of(&group, &order(0, 9))).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["a-b/000000.gz", "a-b/000001.gz"]);
    }

    #[test]
    fn only_streams_with_the_prefix_are_exported() {
        let group = group(&[("web-1", &[(1, "x")]), ("db-1", &[(1, "y")])]);
        let order = Order { stream_prefix: Some("db".to_owned()), ..order(0, 9) };
        assert_eq!(all(Streams::of(&group, &order)).len(), 1);
    }

    #[test]
    fn a_large_stream_rolls_over_and_loses_nothing() {
        let generated = Generated { seed: 3, count: 1_000, from: 0, to: 100_000, text: Text::Filler(100) };
        let mut group = Group::default();
        group.streams.insert("s".to_owned(), Stream::from(generated));
        let mut streams = Streams::of(&group, &order(0, i64::MAX));
        streams.roll_over = 10_000;
        let files = all(streams);
        assert!(files.len() > 5, "{}", files.len());
        assert!(files.iter().enumerate().all(|(n, (key, _))| *key == format!("s/{n:06}.gz")));
        let text: String = files.into_iter().map(|(_, text)| text).collect();
        let mut wanted = String::new();
        (0..1_000).for_each(|index| write_line(&generated.into(), index, &mut wanted));
        assert_eq!(text, wanted);
    }
}
