//! Measures the terminal interface from outside: the real binary in a pseudo-terminal, on a sandbox in this process.
//!
//! Run by `cargo bench --bench ui`; `-- 1000000` measures a million log groups too. Prints what a person waits for and what
//! the machine pays, and fails when a bound of the specification is missed. Linux: processes are looked at in `/proc`.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints its figures and stops if it cannot measure"
)]

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use logferry::domain::place::{AccountId, Lane, Region};
use logferry::sandbox::{Config, Sandbox, Seed};
use tempfile::TempDir;
use tokio::runtime::Runtime;

#[path = "ui/past.rs"]
mod past;
#[expect(dead_code, reason = "the tests do more with it")]
#[path = "../tests/support/pty.rs"]
mod pty;

use pty::{ESCAPE, Terminal};

const SIZE: (u16, u16) = (160, 45);
const REGION: &str = "eu-central-1";
const KEYS: &[(&str, &str)] = &[("AWS_ACCESS_KEY_ID", "bench"), ("AWS_SECRET_ACCESS_KEY", "bench")];

/// Starts that are timed.
const STARTS: usize = 9;
/// What is typed into the filter, letter by letter: short and long words, several of them, letters left out, nothing found.
const TYPED: &[&str] =
    &["checkout", "pay work prod", "04217", "lmbdbill", "^/ecs !dev", "zzzz", "/aws/rds/cluster/search"];
/// Long enough without a byte to say that a screen has come to rest.
const REST: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(20);
const FLOOD: Duration = Duration::from_secs(10);
/// F10 with `LOGFERRY_TEST_HOOKS=1`: eight tasks report a thousand facts a second each.
const FLOOD_KEY: &str = "\x1b[21~";
const MIB: u64 = 1024 * 1024;

/// What was missed.
#[derive(Default)]
struct Report {
    missed: usize,
}

impl Report {
    fn line(&mut self, what: &str, figures: &str, bound: Option<(&str, bool)>) {
        let (bound, verdict) = match bound {
            Some((bound, true)) => (format!("   (bound {bound})"), ""),
            Some((bound, false)) => (format!("   (bound {bound})"), "   MISSED"),
            None => (String::new(), ""),
        };
        self.missed += usize::from(!verdict.is_empty());
        println!("{what:44} {figures}{bound}{verdict}");
    }
}

fn main() -> ExitCode {
    let mut report = Report::default();
    let runtime = Runtime::new().expect("a runtime");
    let mut sizes = vec![1_000, 10_000, 100_000];
    sizes.extend(std::env::args().filter_map(|argument| argument.parse::<u32>().ok()));
    for groups in sizes {
        let desk = Desk::new(&runtime, groups);
        println!("\n{groups} log groups");
        if groups == 10_000 {
            starts(&desk, &mut report);
        }
        listing(&desk, &mut report);
        if groups == 10_000 {
            idle(&desk, &mut report);
        }
        sort(&desk, &mut report);
    }
    println!("\n{} past tasks in AWS, as many in the ledger", past::TASKS);
    history(&runtime, &mut report);
    println!();
    flood(&mut report);
    if report.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// An account with so many log groups.
struct Desk {
    groups: u32,
    url: String,
    lane: Lane,
    sandbox: Sandbox,
}

impl Desk {
    fn new(runtime: &Runtime, groups: u32) -> Self {
        let config = Config { seed: Seed::Empty, region: REGION.to_owned(), ..Config::default() };
        let account = AccountId(config.account.clone());
        let sandbox = runtime.block_on(Sandbox::start(config)).expect("a sandbox");
        let lane = Lane::new(account, Region(REGION.to_owned()));
        sandbox.world.logs.plant_crowd(&lane, groups);
        Self { groups, url: sandbox.endpoint_url(), lane, sandbox }
    }

    fn start(&self, state: &TempDir) -> Terminal {
        let state = state.path().to_str().expect("a UTF-8 path");
        Terminal::start(SIZE, &["--endpoint-url", &self.url, "--region", REGION, "--state-dir", state], KEYS)
    }

    /// The title of a listing that is whole.
    fn whole(&self) -> String {
        format!("Log groups  {}", grouped(self.groups))
    }
}

/// From the start to the first frame and to the first rows: from AWS, and as they were listed the last time.
fn starts(desk: &Desk, report: &mut Report) {
    let kept = tempfile::tempdir().expect("a directory");
    load(desk, &desk.start(&kept));
    let (mut frames, mut rows, mut recalled) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let fresh = tempfile::tempdir().expect("a directory");
        let begun = Instant::now();
        let terminal = desk.start(&fresh);
        terminal.wait_for(" logferry ");
        frames.push(begun.elapsed());
        terminal.wait_for("-dev-");
        rows.push(begun.elapsed());
        drop(terminal);
        let begun = Instant::now();
        let terminal = desk.start(&kept);
        terminal.wait_for("-dev-");
        recalled.push(begun.elapsed());
    }
    let bound = |spans: &[Duration], bound: u64| spans[spans.len() / 2] < Duration::from_millis(bound);
    for (what, spans, limit) in [("first frame", &mut frames, 40), ("first rows", &mut rows, 150)] {
        let shown = spread(spans);
        report.line(&format!("start to {what}"), &shown, Some((&format!("{limit} ms"), bound(spans, limit))));
    }
    let shown = spread(&mut recalled);
    report.line("start to first rows, of the last listing", &shown, Some(("150 ms", bound(&recalled, 150))));
}

/// Loading all, memory, and the filter.
fn listing(desk: &Desk, report: &mut Report) {
    let state = tempfile::tempdir().expect("a directory");
    let begun = Instant::now();
    let mut terminal = desk.start(&state);
    load(desk, &terminal);
    report.line("start to all rows", &format!("{:.0?}", begun.elapsed()), None);
    terminal.settle(REST);
    let (now, peak) = (memory(&terminal, "VmRSS"), memory(&terminal, "VmHWM"));
    let limit = match desk.groups {
        10_000 => Some(40),
        100_000 => Some(80),
        _ => None,
    };
    let bound = limit.map(|limit| (format!("{limit} MiB"), now < limit));
    let bound = bound.as_ref().map(|(text, met)| (text.as_str(), *met));
    report.line("resident memory, all loaded", &format!("{now} MiB, peak {peak} MiB"), bound);
    let (mut frames, mut wholes) = filter(&mut terminal, TYPED);
    let shown = spread(&mut frames);
    let met = at(&frames, 99) < Duration::from_millis(16);
    let bound = (desk.groups == 100_000).then_some(("p99 16 ms", met));
    report.line(&format!("{} keys of the filter, to a frame", frames.len()), &shown, bound);
    report.line("   to a frame with all that match", &spread(&mut wholes), None);
}

/// From each key typed into the filter to the frame that shows it, and to the one in which every row was looked at.
fn filter(terminal: &mut Terminal, texts: &[&str]) -> (Vec<Duration>, Vec<Duration>) {
    let (mut frames, mut wholes) = (Vec::new(), Vec::new());
    for typed in texts.iter().cycle().take(texts.len() * 3) {
        terminal.keys("/");
        terminal.wait_for("Enter keep");
        for end in 1..=typed.len() {
            let shown = format!("/ {}", typed[..end].trim_end());
            let begun = Instant::now();
            terminal.keys(&typed[end - 1..end]);
            if typed[..end].ends_with(' ') {
                continue; // It shows nowhere.
            }
            terminal.wait_for(&shown);
            frames.push(begun.elapsed());
            terminal.wait_gone("so far of");
            wholes.push(begun.elapsed());
        }
        terminal.keys(ESCAPE);
        terminal.wait_gone("Enter keep");
    }
    (frames, wholes)
}

fn load(desk: &Desk, terminal: &Terminal) {
    let whole = desk.whole();
    terminal.wait_long(Duration::from_mins(5), "all is loaded", |screen| {
        screen.lines.iter().any(|line| line.trim() == whole)
    });
}

/// From a key that sorts to the frame in another order.
fn sort(desk: &Desk, report: &mut Report) {
    let state = tempfile::tempdir().expect("a directory");
    let mut terminal = desk.start(&state);
    load(desk, &terminal);
    terminal.settle(REST);
    let mut spans = Vec::new();
    for _ in 0..STARTS {
        for (key, shown) in [("S", "Log group ▼"), ("s", "Class ▲"), ("S", "Class ▼"), ("s", "Log group ▲")] {
            let begun = Instant::now();
            terminal.keys(key);
            terminal.wait_for(shown);
            spans.push(begun.elapsed());
        }
    }
    let shown = spread(&mut spans);
    let bound = (desk.groups == 100_000).then_some(("p99 33 ms", at(&spans, 99) < Duration::from_millis(33)));
    report.line(&format!("{} keys that sort, to a frame", spans.len()), &shown, bound);
}

/// The history: its first rows, all of it page by page, and the filter.
fn history(runtime: &Runtime, report: &mut Report) {
    let state = tempfile::tempdir().expect("a directory");
    let desk = Desk::new(runtime, 10);
    let lane = Lane { endpoint: Some(desk.url.clone()), ..desk.lane.clone() };
    let remembered = runtime.block_on(past::remember(&state, &lane));
    desk.sandbox.world.logs.plant_past(&desk.lane, remembered);
    let mut terminal = desk.start(&state);
    load(&desk, &terminal);
    terminal.settle(REST);
    let begun = Instant::now();
    terminal.keys("4");
    terminal.wait_for("/theirs/");
    report.line("history, to the first rows", &format!("{:.1?}", begun.elapsed()), None);
    terminal.settle(REST);
    let mut frames = Vec::new();
    let all = u32::try_from(past::TASKS * 3 / 2).expect("a small number");
    let whole = format!(" History  {}", grouped(all));
    let begun = Instant::now();
    while !terminal.screen().lines.iter().any(|line| line.starts_with(&whole)) {
        let before = title(&terminal);
        let pressed = Instant::now();
        terminal.keys("G");
        terminal.wait_until("there is more", |screen| screen.lines.get(TITLE) != before.as_ref());
        frames.push(pressed.elapsed());
    }
    report.line("   scrolled to its end, page by page", &format!("{:.1?}", begun.elapsed()), None);
    report.line(&format!("   {} keys at the end, to more rows", frames.len()), &spread(&mut frames), None);
    terminal.settle(REST);
    let memory = memory(&terminal, "VmRSS");
    report.line("   resident memory, all loaded", &format!("{memory} MiB"), None);
    let (mut frames, _) = filter(&mut terminal, PAST_TYPED);
    let shown = spread(&mut frames);
    report.line(&format!("   {} keys of the filter, to a frame", frames.len()), &shown, None);
}

/// The line of the title.
const TITLE: usize = 3;

fn title(terminal: &Terminal) -> Option<String> {
    terminal.screen().lines.get(TITLE).cloned()
}

/// Some rows, and all rows: words, prefixes, a date.
const PAST_TYPED: &[&str] = &["service-042", "plan:plan-07 state:comp", "nightly bucket:arch since:2d", "zzzz"];

/// What it costs to show a screen on which nothing happens.
fn idle(desk: &Desk, report: &mut Report) {
    let state = tempfile::tempdir().expect("a directory");
    let terminal = desk.start(&state);
    load(desk, &terminal);
    terminal.settle(REST);
    let before = terminal.cpu_time();
    let bytes = terminal.written_within(IDLE);
    let cpu = terminal.cpu_time().saturating_sub(before);
    let met = bytes == 0 && cpu < Duration::from_millis(1);
    report.line("idle for 20 s", &format!("{bytes} bytes written, {cpu:.1?} of CPU"), Some(("0, 0", met)));
}

/// What it costs to show eight tasks that report a thousand facts a second each; the reporting is part of it.
fn flood(report: &mut Report) {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[("LOGFERRY_TEST_HOOKS", "1")]);
    terminal.wait_for("/aws/lambda/");
    terminal.keys("3");
    terminal.keys(FLOOD_KEY);
    terminal.wait_until("all eight are running", |screen| (0..8).all(|n| screen.shows(&format!("/flood/{n}"))));
    let (begun, before) = (Instant::now(), terminal.cpu_time());
    while begun.elapsed() < FLOOD {
        terminal.written_within(REST);
    }
    let (span, cpu) = (begun.elapsed(), terminal.cpu_time().saturating_sub(before));
    let met = cpu <= Duration::from_millis(200);
    report.line("8,000 facts a second", &format!("{cpu:.0?} of CPU in {span:.1?}"), Some(("200 ms", met)));
}

/// A line of `/proc/<id>/status`, in mebibytes.
fn memory(terminal: &Terminal, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", terminal.process_id())).expect("the process is alive");
    let line = status.lines().find(|line| line.starts_with(what)).expect("the line is there");
    let kib: u64 = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number");
    kib * 1024 / MIB
}

/// Of sorted spans, the one that so many of a hundred do not exceed.
fn at(spans: &[Duration], share: usize) -> Duration {
    spans.get((spans.len() * share / 100).min(spans.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Sorts, and tells the middle, the last but few and the worst.
fn spread(spans: &mut [Duration]) -> String {
    spans.sort_unstable();
    let worst = spans.last().copied().unwrap_or_default();
    format!("median {:.1?}, p99 {:.1?}, worst {worst:.1?}", at(spans, 50), at(spans, 99))
}

/// `100,000`.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    groups.iter().map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(",")
}
