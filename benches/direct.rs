//! How fast the direct engine reads: events and megabytes a second, client and server CPU, and the client's peak memory.
//!
//! The server is the sandbox in a process of its own, its groups computed on the fly, so that its CPU and memory are told
//! apart from the client's. Run with `cargo bench --bench direct`; figures mean something only on a quiet machine.
//! Arguments: `[--enforce] [--by streams|group|auto] [--scale PERCENT] [SHAPE …]`, a shape being
//! `STREAMSxEVENTS`. Without a shape: the three that matter. `--enforce` has the server keep to AWS's rates.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark fails by panicking and reports on stdout")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use logferry::aws::{ConnectOptions, Session};
use logferry::domain::direct::progress::Progress;
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::direct::read::{self, Budgets, CHAINS, Gauges, ReadBy, Source};
use logferry::sandbox::logs::SyntheticGroup;
use logferry::sandbox::{Config, Sandbox, Seed};
use tokio::sync::mpsc;

/// 10 GetLogEvents a second: the lowest that AWS documents.
const REGION: &str = "eu-west-1";
const FROM: i64 = 1_786_298_400_000;
const UNTIL: i64 = FROM + 24 * 3_600_000;
/// A message's bytes, on average.
const MESSAGE: u32 = 120;

/// So many streams of so many events.
#[derive(Clone, Copy, Debug)]
struct Shape {
    streams: u32,
    events: u64,
}

impl Shape {
    fn parse(text: &str) -> Option<Self> {
        let (streams, events) = text.split_once('x')?;
        Some(Self { streams: streams.parse().ok()?, events: events.parse().ok()? })
    }

    fn name(self) -> String {
        format!("{}x{}", self.streams, self.events)
    }
}

/// What the command line asks for.
#[derive(Debug)]
struct Wanted {
    shapes: Vec<Shape>,
    enforce: bool,
    by: ReadBy,
}

fn wanted(arguments: &[String]) -> Wanted {
    let after = |flag: &str| arguments.iter().skip_while(|text| *text != flag).nth(1).map(String::as_str);
    let percent: u64 = after("--scale").map_or(100, |text| text.parse().unwrap());
    let mut shapes: Vec<Shape> = arguments.iter().filter_map(|text| Shape::parse(text)).collect();
    if shapes.is_empty() {
        shapes = ["1x10000000", "20x500000", "20000x100"].iter().filter_map(|text| Shape::parse(text)).collect();
        for shape in &mut shapes {
            shape.events = (shape.events * percent / 100).max(1);
        }
    }
    let by = match after("--by") {
        Some("streams") => ReadBy::Streams,
        Some("group") => ReadBy::Group,
        Some(_) | None => ReadBy::Auto,
    };
    let has = |flag: &str| arguments.iter().any(|text| text == flag);
    Wanted { shapes, enforce: has("--enforce"), by }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let wanted = wanted(&arguments);
    if arguments.iter().any(|text| text == "--serve") {
        return runtime.block_on(serve(&wanted));
    }
    let server = Server::start(&arguments);
    println!(
        "{:<14} {:>10} {:>9} {:>8} {:>8} {:>10} {:>10} {:>9}",
        "shape", "events", "events/s", "MB/s", "wall s", "client µs", "server µs", "peak MiB"
    );
    for shape in &wanted.shapes {
        reset_peak();
        let before = (cpu("self"), cpu(&server.child.id().to_string()), Instant::now());
        let (events, bytes) = runtime.block_on(run(&server.url, *shape, &wanted));
        let wall = before.2.elapsed();
        let client = cpu("self").saturating_sub(before.0);
        let server_cpu = cpu(&server.child.id().to_string()).saturating_sub(before.1);
        report(*shape, events, bytes, wall, client, server_cpu);
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn report(shape: Shape, events: u64, bytes: u64, wall: Duration, client: Duration, served: Duration) {
    assert_eq!(events, u64::from(shape.streams) * shape.events, "events were lost or read twice");
    let (seconds, each) = (wall.as_secs_f64(), |span: Duration| span.as_secs_f64() * 1e6 / events as f64);
    println!(
        "{:<14} {events:>10} {:>9.0} {:>8.1} {seconds:>8.2} {:>10.3} {:>10.3} {:>9}",
        shape.name(),
        events as f64 / seconds,
        bytes as f64 / seconds / 1e6,
        each(client),
        each(served),
        status_kib("VmHWM:") / 1024
    );
}

/// Reads a group once: events and bytes of messages.
async fn run(url: &str, shape: Shape, wanted: &Wanted) -> (u64, u64) {
    let options = ConnectOptions {
        profile: None,
        region: Some(REGION.to_owned()),
        endpoint_url: Some(url.to_owned()),
        fixed_keys: Some(("test".to_owned(), "secret".to_owned())),
        read_only: false,
    };
    let session = Session::connect(options).await.unwrap();
    let budgets = if wanted.enforce { Budgets::of_quota(session.region(), 1.0) } else { Budgets::unbounded() };
    let source = Source {
        session,
        group: shape.name(),
        window: TimeRange::new(Timestamp::from_millis(FROM), Timestamp::from_millis(UNTIL)).unwrap(),
        stream_prefix: None,
        pattern: None,
        budgets: Arc::new(budgets),
        chains: CHAINS,
        by: wanted.by,
    };
    let (gauges, (out, mut pages)) = (Arc::new(Gauges::default()), mpsc::channel(4));
    let reading = tokio::spawn({
        let gauges = Arc::clone(&gauges);
        async move { read::read(source, &Progress::default(), out, gauges).await }
    });
    let mut progress = Progress::default();
    while let Some(delivery) = pages.recv().await {
        progress.apply(delivery.step);
    }
    let summary = reading.await.unwrap().unwrap();
    assert!(summary.lost.is_empty() && progress.open_units().next().is_none(), "something is left");
    println!("  {} pages, {} streams read one by one", gauges.pages.get(), gauges.streams_done.get());
    (gauges.events.get(), gauges.bytes.get())
}

/// The sandbox in a process of its own.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(arguments: &[String]) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut child = Command::new(program).arg("--serve").args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Serves the groups until it is killed.
async fn serve(wanted: &Wanted) {
    let config = Config { seed: Seed::Empty, region: REGION.to_owned(), ..Config::default() };
    let lane = Lane::new(AccountId(config.account.clone()), Region(REGION.to_owned()));
    let sandbox = Sandbox::start(config).await.unwrap();
    for shape in &wanted.shapes {
        let group = SyntheticGroup {
            name: shape.name(),
            streams: shape.streams,
            events_per_stream: shape.events,
            message_bytes: MESSAGE,
            from: FROM,
            to: UNTIL,
            seed: 7,
        };
        sandbox.world.logs.plant_synthetic_group(&lane, &group);
    }
    sandbox.world.faults.enforce_rates(wanted.enforce);
    println!("{}", sandbox.endpoint_url());
    std::future::pending::<()>().await;
}

/// User and system time of a process so far, in clock ticks of 10 ms (proc(5); `USER_HZ` is 100 on every Linux).
fn cpu(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// Forgets the peak of memory (proc(5), `clear_refs`); where that is not allowed, the peak of all shapes is told.
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn status_kib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
