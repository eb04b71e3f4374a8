//! Whether memory stays where it is when there is more to export.

use super::export::export;
use super::group::Shape;
use super::report::Report;
use super::server::{Rates, Server};

const MB: u64 = 1_000_000;

/// Bytes of lines that are compared with.
const LITTLE: u64 = 100 * MB;

/// Bytes of lines, usually and at length.
const MUCH: u64 = 2_000 * MB;
const VERY_MUCH: u64 = 10_000 * MB;

/// By how much the peak may grow.
const GROWTH: f64 = 1.1;

/// The most that is allowed, whatever the size, in MiB.
const MOST: u64 = 150;

/// Streams of a group: read by GetLogEvents, and by FilterLogEvents.
const STREAMS: [u32; 2] = [20, 2_000];

pub fn measure(report: &mut Report, long: bool) {
    Report::section("Memory: the peak of an export's resident memory");
    report.row(&format!("{:<10}{:>12}{:>12}{:>12}", "streams", "raw MB", "peak MiB", "grown to"), None);
    for streams in STREAMS {
        let base = peak(streams, LITTLE);
        report.row(&row(streams, LITTLE, base, base), Some((&bound(), base <= MOST)));
        let much = if long { VERY_MUCH } else { MUCH };
        let peak = peak(streams, much);
        let met = peak <= MOST && peak as f64 <= base as f64 * GROWTH;
        report.row(&row(streams, much, peak, base), Some((&format!("{}, at most 1.10", bound()), met)));
    }
}

fn bound() -> String {
    format!("at most {MOST} MiB")
}

fn peak(streams: u32, bytes: u64) -> u64 {
    let shape = Shape::of_bytes(streams, bytes);
    let server = Server::start(shape, Rates::Free);
    export(&server, shape, Rates::Free).cost.mib()
}

fn row(streams: u32, raw: u64, peak: u64, base: u64) -> String {
    format!("{streams:<10}{:>12}{peak:>12}{:>12.2}", raw / MB, peak as f64 / base as f64)
}
