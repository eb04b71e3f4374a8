//! How fast the direct engine exports, from log group to bucket, and how it compares with what else a person could run.
//!
//! `cargo bench --bench direct` measures, in this order, each section with the bound of the specification beside its figures:
//! - `speed`: groups of three shapes, as fast as server and client go, both on this machine;
//! - `quota`: how near an export comes to what AWS's rates allow, with a server that keeps to them;
//! - `memory`: whether the peak of memory stays where it is when there is more to export;
//! - `rivals`: the AWS CLI, awslogs and a loop over boto3, on the same group, server and machine.
//!
//! `-- SECTION …` measures only those; `STREAMSxEVENTS …` other shapes for `speed`; `--scale PERCENT` smaller ones; `--long`
//! lets `memory` go to 10 GB. Figures mean something only on a quiet machine, so the load is printed too.
//!
//! The server is the sandbox in a process of its own, its groups computed on the fly. Every export is a process of its own
//! too, so that CPU and memory of either are told apart, and start-up counts. Linux: processes are looked at in `/proc`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking and reports on stdout"
)]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod export;
mod group;
mod memory;
mod process;
mod quota;
mod report;
mod rivals;
mod server;
mod speed;
#[path = "../../tests/support/venv.rs"]
mod venv;

use std::process::ExitCode;

use group::Shape;
use report::Report;

/// What the command line asks for.
#[derive(Debug)]
struct Wanted {
    sections: Vec<String>,
    shapes: Vec<Shape>,
    percent: u64,
    long: bool,
}

const SECTIONS: [&str; 4] = ["speed", "quota", "memory", "rivals"];

impl Wanted {
    fn of(arguments: &[String]) -> Self {
        let scale = arguments.iter().skip_while(|text| *text != "--scale").nth(1);
        let shapes: Vec<Shape> = arguments.iter().filter_map(|text| Shape::parse(text)).collect();
        let mut sections: Vec<String> =
            arguments.iter().filter(|text| SECTIONS.contains(&text.as_str())).cloned().collect();
        if sections.is_empty() {
            let all = if shapes.is_empty() { &SECTIONS[..] } else { &SECTIONS[..1] };
            sections = all.iter().map(|&name| name.to_owned()).collect();
        }
        Self {
            sections,
            shapes,
            percent: scale.map_or(100, |text| text.parse().unwrap()),
            long: arguments.iter().any(|text| text == "--long"),
        }
    }

    fn has(&self, section: &str) -> bool {
        self.sections.iter().any(|name| name == section)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| text != "--bench").collect();
    match arguments.split_first() {
        Some((role, rest)) if role == server::ROLE => server::serve(rest),
        Some((role, rest)) if role == export::ROLE => export::run(rest),
        Some(_) | None => return measure(&Wanted::of(&arguments)),
    }
    ExitCode::SUCCESS
}

/// Everything that is wanted; fails if a bound was missed.
fn measure(wanted: &Wanted) -> ExitCode {
    let mut report = Report::new();
    if wanted.has("speed") {
        speed::measure(&mut report, &wanted.shapes, wanted.percent);
    }
    if wanted.has("quota") {
        quota::measure(&mut report, wanted.percent);
    }
    if wanted.has("memory") {
        memory::measure(&mut report, wanted.long);
    }
    if wanted.has("rivals") {
        rivals::measure(&mut report, wanted.percent);
    }
    report.end()
}
