//! As fast as server and client go.

use super::export::{Exported, export};
use super::group::Shape;
use super::report::Report;
use super::server::{Rates, Server};

/// One large stream, some of them, and very many small ones.
const SHAPES: [Shape; 3] = [Shape::new(1, 10_000_000), Shape::new(20, 500_000), Shape::new(20_000, 100)];

/// Events a second, on two cores, client and server together.
const TARGET: f64 = 500_000.0;

pub fn measure(report: &mut Report, shapes: &[Shape], percent: u64) {
    Report::section("Speed: from log group to bucket, client and server on this machine");
    let head = ["events/s", "raw MB/s", "wall s", "client CPU s", "server CPU s", "peak MiB", "packed to", "objects"];
    report.row(&row("streams x events", &head.map(str::to_owned)), None);
    let chosen = if shapes.is_empty() { &SHAPES } else { shapes };
    for shape in chosen.iter().map(|shape| shape.scaled(percent)) {
        let server = Server::start(shape, Rates::Free);
        let before = server.cpu();
        let Exported { events, raw, packed, objects, cost } = export(&server, shape, Rates::Free);
        let spent = server.cpu().saturating_sub(before).as_secs_f64();
        let seconds = cost.wall.as_secs_f64();
        let speed = events as f64 / seconds;
        let figures = [
            format!("{speed:.0}"),
            format!("{:.0}", raw as f64 / seconds / 1e6),
            format!("{seconds:.2}"),
            format!("{:.2}", cost.cpu.as_secs_f64()),
            format!("{spent:.2}"),
            cost.mib().to_string(),
            format!("{:.1} %", packed as f64 * 100.0 / raw as f64),
            objects.to_string(),
        ];
        report.row(&row(&shape.name(), &figures), Some(("at least 500,000 events/s", speed >= TARGET)));
    }
}

fn row(name: &str, figures: &[String; 8]) -> String {
    figures.iter().fold(format!("{name:<18}"), |row, figure| format!("{row}{figure:>14}"))
}
