//! What else a person could run, on the same group, server and machine: the AWS CLI, awslogs and a loop over boto3, each
//! piped to gzip. They write a file here; the direct engine writes to the bucket.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use flate2::read::MultiGzDecoder;

use super::export::export;
use super::group::{FROM, REGION, Shape, UNTIL};
use super::process::{Cost, run_into_gzip};
use super::report::Report;
use super::server::{Rates, Server};
use super::venv::tool;

/// Small: awslogs takes a minute for as many events as the direct engine reads in half a second.
const SHAPE: Shape = Shape::new(20, 10_000);

/// Reads a group's streams one by one, as a person would write it.
const LOOP: &str = include_str!("get_log_events.py");

/// Something else a person could run, and how many times as many events a second are to be exported.
struct Rival {
    name: &'static str,
    bound: f64,
    command: fn(&str) -> Command,
}

const RIVALS: [Rival; 3] = [
    Rival { name: "AWS CLI filter-log-events", bound: 10.0, command: aws },
    Rival { name: "awslogs", bound: 50.0, command: awslogs },
    Rival { name: "boto3 get_log_events", bound: 3.0, command: boto3 },
];

pub fn measure(report: &mut Report, percent: u64) {
    let shape = SHAPE.scaled(percent);
    Report::section(&format!("Rivals: {} events in {} streams; times ours in brackets", shape.events(), shape.streams));
    let head = ["events/s", "wall s", "client CPU s", "peak MiB"];
    let head = head.iter().fold(format!("{:<28}", ""), |row, title| format!("{row}{title:>20}"));
    report.row(&head, None);
    let server = Server::start(shape, Rates::Free);
    let ours = export(&server, shape, Rates::Free).cost;
    report.row(&row("logferry", shape, ours, ours), None);
    let home = tempfile::tempdir().unwrap();
    for Rival { name, bound, command } in RIVALS {
        let mut command = command(&shape.name());
        surround(&mut command, &server.url, home.path());
        let file = home.path().join("events.gz");
        let cost = run_into_gzip(command, &file);
        assert_eq!(lines(&file), shape.events(), "{name} has not read every event");
        let times = cost.wall.as_secs_f64() / ours.wall.as_secs_f64();
        report.row(&row(name, shape, cost, ours), Some((&format!("at least {bound}x"), times >= bound)));
    }
}

fn aws(group: &str) -> Command {
    let mut command = Command::new(tool("aws"));
    command.args(["logs", "filter-log-events", "--output", "text", "--log-group-name", group]);
    command.args(["--start-time", &FROM.to_string(), "--end-time", &UNTIL.to_string()]);
    command
}

fn awslogs(group: &str) -> Command {
    let mut command = Command::new(tool("awslogs"));
    command.args(["get", group, "ALL", "--timestamp", "--color", "never"]);
    command.args(["--start", "2026-08-09T18:00:00", "--end", "2026-08-10T18:00:00"]);
    command
}

fn boto3(group: &str) -> Command {
    let mut command = Command::new(tool("python"));
    command.args(["-c", LOOP, group, &FROM.to_string(), &UNTIL.to_string()]);
    command
}

/// Nothing of this machine's AWS configuration, and the server as AWS.
fn surround(command: &mut Command, url: &str, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("HOME", home).env("PATH", path);
    for (name, value) in [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("PYTHONWARNINGS", "ignore"),
    ] {
        command.env(name, OsStr::new(value));
    }
}

/// Lines of a gzip file.
fn lines(file: &Path) -> u64 {
    let text = BufReader::new(MultiGzDecoder::new(File::open(file).unwrap()));
    text.split(b'\n').map(Result::unwrap).count() as u64
}

fn row(name: &str, shape: Shape, cost: Cost, ours: Cost) -> String {
    let times = |figure: String, theirs: f64, ours: f64| format!("{figure} ({:.1})", theirs / ours);
    let (wall, cpu) = (cost.wall.as_secs_f64(), cost.cpu.as_secs_f64());
    let speed = shape.events() as f64 / wall;
    let figures = [
        format!("{speed:.0}"),
        times(format!("{wall:.2}"), wall, ours.wall.as_secs_f64()),
        times(format!("{cpu:.2}"), cpu, ours.cpu.as_secs_f64()),
        times(cost.mib().to_string(), cost.peak as f64, ours.peak as f64),
    ];
    figures.iter().fold(format!("{name:<28}"), |row, figure| format!("{row}{figure:>20}"))
}
