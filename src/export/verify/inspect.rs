//! One object: fetched, hashed, decompressed and its events counted, all as the bytes come.
//!
//! Decompressing takes the processor: it is done on a thread of its own, which the bytes reach through a short channel.

use std::io::{BufRead, Read};

use bytes::Bytes;
use flate2::bufread::GzDecoder;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::body::Pieces;
use super::fetch::{Fetch, Source};
use crate::domain::amount::ByteCount;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::verify::line::{Expected, Lines};
use crate::domain::verify::object::{Body, Damage};

/// Pieces on the way to the thread; of some 16 KiB each, as the connection gives them.
const PIECES: usize = 16;
/// What is decompressed at a time.
const CHUNK: usize = 64 * 1024;
/// How every gzip member begins (RFC 1952).
pub(in crate::export) const MAGIC: u8 = 0x1f;

/// Reads an object back, whose lines are to be as `expected`. `read` hears of bytes as they come.
pub(super) async fn inspect(source: Source<'_>, expected: Expected, read: impl Fn(u64)) -> Result<Body, Problem> {
    let (pieces, mut arriving) = mpsc::channel::<Bytes>(PIECES);
    let work = spawn_blocking(move || examine(move || arriving.blocking_recv(), expected));
    let fetched = feed(source.clone(), pieces, read).await;
    let worked = work.await.map_err(|error| broken(&source, &error.to_string()))?;
    // What could not be fetched whole looks cut off to the thread.
    fetched?;
    Ok(worked)
}

async fn feed(source: Source<'_>, pieces: mpsc::Sender<Bytes>, read: impl Fn(u64)) -> Result<(), Problem> {
    let mut fetch = Fetch::new(source);
    while let Some(piece) = fetch.next().await {
        let piece = piece?;
        read(piece.len() as u64);
        if pieces.send(piece).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn broken(source: &Source<'_>, why: &str) -> Problem {
    Problem::new(ProblemKind::Unknown, "Decompress").on(source.to_string()).saying(why)
}

/// What an object holds whose bytes `next` gives.
fn examine(next: impl FnMut() -> Option<Bytes>, expected: Expected) -> Body {
    let mut pieces = Pieces::new(next);
    let mut lines = Lines::new(expected);
    let mut raw = 0;
    let damage = unpack(&mut pieces, &mut |text: &[u8]| {
        raw += text.len() as u64;
        lines.read(text);
    });
    // All bytes belong to its checksum, those behind damage too.
    let damage = match (damage, pieces.drain()) {
        // A tape's padding: gzip itself passes by it (RFC 1952 does not speak of it).
        (None, Ok((rest @ 1.., false))) => Some(Damage::Trailing(rest)),
        (damage, _) => damage,
    };
    let (events, headless) = lines.end();
    let (size, sha256) = pieces.end();
    Body { size, sha256, raw: ByteCount(raw), events, headless, damage }
}

/// Decompresses member by member, to the end or to where that is not possible any more.
pub(in crate::export) fn unpack(source: &mut impl BufRead, text: &mut impl FnMut(&[u8])) -> Option<Damage> {
    let mut chunk = vec![0; CHUNK];
    let mut first = true;
    loop {
        match source.fill_buf() {
            Ok([]) if first => return Some(Damage::NoBytes),
            // Another member may follow; anything else there is judged by the caller.
            Ok([start, ..]) if first || *start == MAGIC => {}
            Ok(_) | Err(_) => return None,
        }
        match member(source, &mut chunk, text) {
            None => {}
            // It began as a member does, behind one that was whole.
            Some(Damage::NotGzip) if !first => return Some(Damage::Corrupt),
            damage => return damage,
        }
        first = false;
    }
}

fn member(source: &mut impl BufRead, chunk: &mut [u8], text: &mut impl FnMut(&[u8])) -> Option<Damage> {
    let mut decoder = GzDecoder::new(source);
    loop {
        match decoder.read(chunk) {
            Ok(0) => return None,
            Ok(read) => text(&chunk[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Some(Damage::CutOff),
            Err(_) if decoder.header().is_none() => return Some(Damage::NotGzip),
            Err(_) => return Some(Damage::Corrupt),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::time::Duration;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::domain::direct::line::Format;
    use crate::domain::time::{TimeRange, Timestamp};

    const FROM: Timestamp = Timestamp::from_millis(1_786_298_400_000); // 2026-08-09T18:00:00Z

    fn gz(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn lines(count: u64) -> String {
        let line = |n| format!("{} m{n}", FROM.after(Duration::from_millis(n)));
        (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
    }

    /// What is found in these bytes, come in pieces of `size`.
    fn examined(bytes: &[u8], size: usize) -> Body {
        let mut pieces = bytes.chunks(size).map(Bytes::copy_from_slice);
        let range = TimeRange::new(FROM, FROM.after(Duration::from_hours(1))).unwrap();
        examine(|| pieces.next(), Expected { range, with_end: true, format: Format::Text })
    }

    #[test]
    fn a_whole_object_is_hashed_and_counted_however_it_comes() {
        let text = lines(5000);
        let bytes = [gz(&text[..70_000]), gz(&text[70_000..])].concat();
        for size in [1, 7, 4096, bytes.len()] {
            let body = examined(&bytes, size);
            assert_eq!((body.damage, body.headless), (None, false), "pieces of {size}");
            assert_eq!((body.events.count, body.raw.0), (5000, text.len() as u64));
            assert_eq!((body.size.0, body.events.outside), (bytes.len() as u64, 0));
            assert_eq!(body.sha256.0, <[u8; 32]>::from(Sha256::digest(&bytes)));
            assert_eq!(body.events.span, Some((FROM, FROM.after(Duration::from_millis(4999)))));
        }
    }

    #[test]
    fn each_sort_of_damage_is_told_and_all_bytes_are_hashed_all_the_same() {
        let whole = gz(&lines(2000));
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0xff;
        let mut wrong_sum = whole.clone();
        let at = wrong_sum.len() - 6;
        wrong_sum[at] ^= 1;
        let with = |tail: &[u8]| [whole.as_slice(), tail].concat();
        for (bytes, damage) in [
            (Vec::new(), Some(Damage::NoBytes)),
            (b"plain text, no gzip at all".to_vec(), Some(Damage::NotGzip)),
            (whole[..5].to_vec(), Some(Damage::CutOff)),
            (whole[..whole.len() / 2].to_vec(), Some(Damage::CutOff)),
            (whole[..whole.len() - 1].to_vec(), Some(Damage::CutOff)),
            (flipped, Some(Damage::Corrupt)),
            (wrong_sum, Some(Damage::Corrupt)),
            (with(b"rubbish"), Some(Damage::Trailing(7))),
            (with(b"\x1fnot a member"), Some(Damage::Corrupt)),
            (with(&[0; 512]), None),
            (gz(""), None),
        ] {
            for size in [3, bytes.len().max(1)] {
                let body = examined(&bytes, size);
                assert_eq!(body.damage, damage, "{} bytes in pieces of {size}", bytes.len());
                assert_eq!(body.sha256.0, <[u8; 32]>::from(Sha256::digest(&bytes)));
            }
        }
    }

    #[test]
    fn what_stands_before_the_damage_is_counted() {
        let whole = gz(&lines(20_000));
        let body = examined(&whole[..whole.len() / 2], 4096);
        assert!((1..20_000).contains(&body.events.count), "{:?}", body.events);
    }
}
