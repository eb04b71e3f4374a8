//! How near an export comes to what AWS's rates allow.
//!
//! The optimum is the time in which a call could bring all pages if each were full and came as soon as the quota lets it,
//! and no request were spent on learning that a stream has ended. The whole quota is used (a share of 1.0), so that the
//! optimum is the quota's.

use logferry::domain::direct::quota::Operation;
use logferry::domain::place::Region;

use super::export::export;
use super::group::{REGION, Shape};
use super::report::Report;
use super::server::{Rates, Server};

/// A page of events at its fullest (GetLogEvents and FilterLogEvents references: 1 MB).
const PAGE: f64 = 1_048_576.0;

/// A shape, the call whose optimum counts, and the share of it that is to be reached. Parts of what `speed` reads, with fewer
/// streams rather than shorter ones: the last look at each is to weigh no more than there.
struct Case {
    shape: Shape,
    call: Operation,
    bound: f64,
}

const CASES: [Case; 3] = [
    Case { shape: Shape::new(1, 2_000_000), call: Operation::GetLogEvents, bound: 0.95 },
    Case { shape: Shape::new(4, 500_000), call: Operation::GetLogEvents, bound: 0.95 },
    // The better of the two by far: GetLogEvents needs a request a stream.
    Case { shape: Shape::new(20_000, 100), call: Operation::FilterLogEvents, bound: 0.9 },
];

pub fn measure(report: &mut Report, percent: u64) {
    Report::section("Quota: a server that keeps to AWS's rates, all of them used (a share of 1.0)");
    let head = format!("{:<18}{:>18}{:>12}", "streams x events", "call", "calls/s");
    report.row(&format!("{head}{:>12}{:>12}{:>12}", "wall s", "optimum s", "reached"), None);
    for Case { shape, call, bound } in CASES {
        let shape = shape.scaled(percent);
        let server = Server::start(shape, Rates::Enforced);
        let exported = export(&server, shape, Rates::Enforced);
        let rate = call.per_second(&Region(REGION.to_owned()));
        // Lines count as much as the events they are of.
        let optimum = (exported.raw as f64 / PAGE).ceil() / rate;
        let seconds = exported.cost.wall.as_secs_f64();
        let reached = optimum / seconds;
        let what = format!("{:<18}{:>18}{rate:>12}", shape.name(), call.name());
        let figures = format!("{what}{seconds:>12.2}{optimum:>12.2}{reached:>12.3}");
        report.row(&figures, Some((&format!("at least {bound}"), reached >= bound)));
    }
}
