//! Measures what turning events into packed lines costs: formatting, gzip, and both together, on one core.
//!
//! Run by `cargo bench --bench pack`. Prints the best of some rounds a line; the figures in `export::direct::write::pack` and in
//! `Cargo.toml` come from here.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a measurement prints its figures and stops if it cannot measure"
)]

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use libdeflater::{CompressionLvl, Compressor};
use logferry::domain::direct::line::{Format, Scribe};
use logferry::domain::direct::page::{Entry, Page};
use logferry::domain::direct::unit::StreamName;

const ROUNDS: usize = 5;
/// Events of the whole text, and of a page.
const EVENTS: usize = 200_000;
const PAGE: usize = 5_000;
const MESSAGE: usize = 120;

fn main() {
    let pages: Vec<Page> = (0..EVENTS / PAGE).map(page).collect();
    let lines = formatted(Format::Text, &pages);
    println!("{EVENTS} events of {MESSAGE} bytes, {} bytes of lines", lines.len());
    measure("format: lines", || formatted(Format::Text, &pages).len());
    measure("format: jsonl", || formatted(Format::Jsonl, &pages).len());
    for level in 1..=3 {
        for member in [4, 64, 256, 1024].map(|kib| kib * 1024) {
            let name = |packer: &str| format!("gzip: {packer} {level}, members of {} KiB", member / 1024);
            measure(&name("libdeflate"), || lines.chunks(member).map(|text| deflated(text, level)).sum());
            measure(&name("zlib-rs"), || lines.chunks(member).map(|text| zlibbed(text, level)).sum());
        }
    }
    measure("lines and gzip: libdeflate 1, a member a page", || {
        let mut scribe = Scribe::new(Format::Text, "/aws/web");
        let pack = |page: &Page| {
            let mut text = Vec::new();
            page.batches().for_each(|batch| scribe.write(batch, &mut text));
            deflated(&text, 1)
        };
        pages.iter().map(pack).sum()
    });
}

/// Words and numbers as services log them: packs about as well.
fn page(number: usize) -> Page {
    const WORDS: [&str; 12] = [
        "GET",
        "/api/v1/orders",
        "status=200",
        "duration",
        "ms",
        "level=info",
        "user",
        "cache",
        "hit",
        "service=checkout",
        "trace",
        "completed",
    ];
    let mut random = fastrand::Rng::with_seed(number as u64);
    let (mut text, mut entries) = (Vec::new(), Vec::new());
    for event in 0..PAGE {
        let start = text.len();
        while text.len() - start < MESSAGE {
            match random.usize(..16) {
                word @ 0..12 => write!(text, "{} ", WORDS[word]).expect("into a Vec"),
                _ => write!(text, "{:08x} ", random.u32(..)).expect("into a Vec"),
            }
        }
        text.truncate(start + MESSAGE);
        let offset = |at: usize| u32::try_from(at).expect("a small page");
        let at = 1_786_298_400_000 + i64::try_from(number * PAGE + event).expect("few events");
        entries.push(Entry { at, ingested: at, message: offset(start)..offset(text.len()), id: 0..0 });
    }
    Page::of_stream(StreamName::from("web"), text, entries)
}

fn formatted(format: Format, pages: &[Page]) -> Vec<u8> {
    let mut scribe = Scribe::new(format, "/aws/web");
    let mut out = Vec::new();
    pages.iter().flat_map(Page::batches).for_each(|batch| scribe.write(batch, &mut out));
    out
}

fn deflated(text: &[u8], level: i32) -> usize {
    let mut compressor = Compressor::new(CompressionLvl::new(level).expect("a level"));
    let mut out = vec![0; compressor.gzip_compress_bound(text.len())];
    compressor.gzip_compress(text, &mut out).expect("the bound suffices")
}

fn zlibbed(text: &[u8], level: i32) -> usize {
    let mut file = GzEncoder::new(Vec::new(), Compression::new(level.unsigned_abs()));
    file.write_all(text).expect("into a Vec");
    file.finish().expect("into a Vec").len()
}

/// Prints the shortest time `work` took, an event, and how many bytes it made.
fn measure(what: &str, mut work: impl FnMut() -> usize) {
    let mut best = Duration::MAX;
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        bytes = std::hint::black_box(work());
        best = best.min(start.elapsed());
    }
    let each = best.as_secs_f64() * 1e6 / EVENTS as f64;
    println!("{what:<50} {each:>7.3} us an event   {bytes:>10} bytes");
}
