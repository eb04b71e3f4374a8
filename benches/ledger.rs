//! Measures the ledger at the size it is built for: 1,000,000 past and 100,000 queued tasks over 200 lanes.
//!
//! Run by `cargo bench --bench ledger`. Prints each figure beside its bound and fails if one is over it. The past is made
//! by SQL of its own, because a million tasks folded one after the other would take longer than all the rest.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints its figures and stops if it cannot measure"
)]

use std::fs;
use std::future::Future;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use logferry::domain::amount::Landed;
use logferry::domain::engine::{Engine, EngineKind};
use logferry::domain::names::{LogGroupName, PlanId, TaskId};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::plan::{Plan, PlannedTask};
use logferry::domain::preflight::Preflight;
use logferry::domain::queued_plan::{Counts, Pause, QueuedPlan};
use logferry::domain::split::Split;
use logferry::domain::store::Store;
use logferry::domain::task::{Fact, State};
use logferry::domain::template::Template;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::domain::zone::Zone;
use logferry::ledger::{Ledger, Mark, TaskFilter};
use tempfile::TempDir;
use uuid::Uuid;

const LANES: usize = 200;
/// Log groups of each lane.
const GROUPS: usize = 50;
/// Past days of each log group: 200 lanes of 50 log groups of 100 days are a million tasks.
const PAST: u64 = 100;
/// Days still queued: with the past ones 100,000 over all lanes.
const QUEUED: u64 = 10;

/// 2026-01-01T00:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Set for a process of its own that only looks around, so that nothing else is in its memory: where the ledger is.
const LOOK: &str = "LOGFERRY_BENCH_LOOK";

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let kept = match std::env::var_os(LOOK) {
        Some(directory) => runtime.block_on(look_around(Path::new(&directory))),
        None => runtime.block_on(measure_all()),
    };
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure_all() -> bool {
    let mut bounds = Bounds { kept: true };
    add_a_large_plan(&mut bounds).await;
    let home = TempDir::new().expect("a directory");
    fill_queue(&home).await;
    look_from_outside("100,000 queued", &home, &mut bounds);
    fill_past(&home).await;
    look_from_outside("100,000 queued and 1,000,000 past", &home, &mut bounds);
    measure_large(&home, &mut bounds).await;
    idle(&home, &mut bounds).await;
    bounds.kept
}

/// 500 log groups over 30 days, the size the issue calls normal.
async fn add_a_large_plan(bounds: &mut Bounds) {
    let home = TempDir::new().expect("a directory");
    let ledger = Ledger::open(home.path()).await.expect("a ledger");
    let (plan, tasks) = plan(&lane(0), "normal", 500, 0, 30);
    let all: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    let count = tasks.len();
    let start = Instant::now();
    ledger.add(plan, tasks).await.expect("room");
    bounds.check(&format!("add a plan of {count} tasks"), start.elapsed(), Duration::from_secs(2));
    let facts = all.iter().map(|task| (*task, Fact::CancelAsked)).collect();
    let start = Instant::now();
    ledger.fold(facts, START, None).await.expect("room");
    bounds.check("cancel all of them", start.elapsed(), Duration::from_secs(2));
    let start = Instant::now();
    let told = ledger.changes(Mark::default()).await.expect("changes");
    bounds.check(&format!("read {} changes of it", told.tasks.len()), start.elapsed(), Duration::from_secs(1));
}

fn lane(n: usize) -> Lane {
    Lane::new(AccountId(format!("{:012}", 100_000_000_000 + n / 20)), Region(format!("region-{:02}", n % 20)))
}

/// A plan of daily tasks of so many log groups, from `first` days after the start on, and its tasks.
fn plan(lane: &Lane, name: &str, groups: usize, first: u64, days: u64) -> (QueuedPlan, Vec<PlannedTask>) {
    let day = |n: u64| START.after(Duration::from_hours(24 * n));
    let group = |at: usize| LogGroupName::parse(&format!("/aws/{name}/service-{at:03}")).expect("a valid name");
    let plan = Plan {
        name: None,
        groups: (0..groups).map(group).collect(),
        range: TimeRange::new(day(first), day(first + days)).expect("a range"),
        split: Split::Daily,
        zone: Zone::Utc,
        store: Store::stored("logs-archive").expect("a valid name"),
        template: Some(Template::parse("{account}/{region}/{group}/{from:%Y/%m/%d}").expect("a valid template")),
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    let tasks = plan.expand(lane, || TaskId(Uuid::now_v7())).expect("a sound plan");
    let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane.clone()), &plan, tasks.len() as u64, day(first));
    assert_eq!(
        (queued.counts, queued.landed),
        (Counts { queued: tasks.len() as u64, ..Counts::default() }, Landed::default())
    );
    (queued, tasks)
}

async fn fill_queue(home: &TempDir) {
    let ledger = Ledger::open(home.path()).await.expect("a ledger");
    fill(&ledger, PAST, QUEUED).await;
}

async fn fill(ledger: &Ledger, first: u64, days: u64) {
    let start = Instant::now();
    for n in 0..LANES {
        let (plan, tasks) = plan(&lane(n), &format!("team-{n:03}"), GROUPS, first, days);
        ledger.add(plan, tasks).await.expect("room");
    }
    println!("(made {} tasks in {:.1?})", LANES * GROUPS * usize::try_from(days).unwrap_or(0), start.elapsed());
}

/// A million tasks that have all ended: one in fifty failed, one in thirty empty, each with its timeline.
async fn fill_past(home: &TempDir) {
    let ledger = Ledger::open(home.path()).await.expect("a ledger");
    fill(&ledger, 0, PAST).await;
    let file = ledger.file().to_owned();
    drop(ledger);
    let start = Instant::now();
    let conn = rusqlite::Connection::open(file).expect("the ledger");
    conn.execute_batch(
        "PRAGMA cache_size = -200000;
         BEGIN;
         UPDATE tasks SET state = iif(seq % 50 = 0, 6, 5), wait = NULL, remote = hex(id), counted = 1,
                          objects = iif(seq % 30 = 0, 0, 7), bytes = iif(seq % 30 = 0, 0, 7000),
                          accepted = window_to, ended = window_to + 60000
         WHERE seq > 100000;
         INSERT INTO moments SELECT seq, 1, window_to, 1, 'asking AWS to export' FROM tasks WHERE seq > 100000;
         INSERT INTO moments SELECT seq, 2, window_to, 2, 'accepted by AWS as ' || remote FROM tasks WHERE seq > 100000;
         INSERT INTO moments SELECT seq, 3, ended, state, 'completed: 7 objects' FROM tasks WHERE seq > 100000;
         UPDATE plans SET queued = 0, completed = 4900, failed = 100 WHERE queued = 5000;
         COMMIT;",
    )
    .expect("room");
    println!("(ended them in {:.1?})", start.elapsed());
}

/// Looks around in a process of its own, which prints its figures.
fn look_from_outside(what: &str, home: &TempDir, bounds: &mut Bounds) {
    println!("{what}: {} MiB on the disk", size(home) / (1 << 20));
    let this = std::env::current_exe().expect("this program");
    let looked = Command::new(this).env(LOOK, home.path()).status().expect("a process");
    bounds.kept &= looked.success();
}

/// What a face does when it starts and for a while after, and what that takes of memory.
async fn look_around(directory: &Path) -> bool {
    let mut bounds = Bounds { kept: true };
    let before = resident_kib();
    let start = Instant::now();
    let ledger = Ledger::open(directory).await.expect("a ledger");
    let board = ledger.board(500, 100).await.expect("a board");
    let rows = board.tasks.len();
    bounds.check(&format!("open, and the first {rows} rows"), start.elapsed(), Duration::from_millis(300));
    let shown = resident_kib().saturating_sub(before);
    for n in 0..LANES {
        ledger.next_task(&lane(n), EngineKind::Managed).await.expect("a task");
    }
    let filter = TaskFilter { group: Some("service-00".to_owned()), ..TaskFilter::default() };
    ledger.tasks(filter, None, 500).await.expect("a list");
    let after = resident_kib();
    bounds.check_kib("memory for that", shown, 24 * 1024);
    bounds.check_kib(
        &format!("and with every lane and a long list (RSS {before}, {after})"),
        after - before,
        48 * 1024,
    );
    bounds.kept
}

async fn measure_large(home: &TempDir, bounds: &mut Bounds) {
    let ledger = Ledger::open(home.path()).await.expect("a ledger");
    next_task(&ledger, bounds).await;
    history(&ledger, bounds).await;
    let lane = lane(77);
    bounds.time("pace of a lane", 10, async || ledger.pace(&lane).await.map_or(0, |pace| pace.tasks as usize)).await;
    let group = LogGroupName::parse("/aws/team-077/service-007").expect("a valid name");
    let (store, template) = (
        Store::stored("logs-archive").expect("a name"),
        Template::parse("{account}/{region}/{group}/{from:%Y/%m/%d}").expect("a template"),
    );
    let windows = async || {
        ledger.windows(&lane, &group, &store, Some(&template), None, &Engine::Managed).await.map_or(0, |all| all.len())
    };
    bounds.time("windows of a log group", 10, windows).await;
    let first = async || ledger.past(&lane, None, 100, |_| true).await.map_or(0, |page| page.tasks.len());
    bounds.time("first page of a lane's past", 20, first).await;
    let nothing = async || ledger.past(&lane, None, 100, |_| false).await.map_or(0, |page| page.tasks.len());
    bounds.time("a page of it where nothing passes", 50, nothing).await;
    let facts = async || {
        let Ok(Some(task)) = ledger.next_task(&lane, EngineKind::Managed).await else { return 0 };
        let waits = Fact::PutBack { wait: logferry::domain::task::Wait::Slot(None), doubt: false };
        let facts = vec![(task.id, Fact::launching()), (task.id, waits)];
        ledger.fold(facts, START, None).await.map_or(0, |reduced| reduced.len())
    };
    bounds.time("take a task and put it back, on the disk", 50, facts).await;
    let Ok(Some(board)) = ledger.board(1, 0).await.map(Some) else { return };
    bounds
        .time("changes, when there are none", 10, async || {
            ledger.changes(board.mark).await.map_or(0, |some| some.tasks.len())
        })
        .await;
}

async fn next_task(ledger: &Ledger, bounds: &mut Bounds) {
    let lane = lane(77);
    let next = async || ledger.next_task(&lane, EngineKind::Managed).await.map_or(0, |task| task.map_or(0, |_| 1));
    bounds.time("next task of a lane", 1, next).await;
    // In front of the lane's own plan a large one that is held.
    let (held, tasks) = plan(&lane, "held", 500, 0, 20);
    let (id, first) = (held.id, tasks.iter().map(|task| task.id).collect());
    ledger.add(held, tasks).await.expect("room");
    ledger.shift(first, logferry::ledger::Shift::First).await.expect("room");
    ledger.pause_plan(id, Some(Pause::Asked)).await.expect("room");
    bounds.time("the same behind 10,000 held ones", 1, next).await;
}

async fn history(ledger: &Ledger, bounds: &mut Bounds) {
    let day = |n: u64| Some(START.after(Duration::from_hours(24 * n)));
    let group = |part: &str| Some(part.to_owned());
    let one = TaskFilter { group: group("team-077/service-007"), from: day(20), to: day(30), ..TaskFilter::default() };
    let team = TaskFilter { group: group("team-077"), from: day(20), to: day(30), ..TaskFilter::default() };
    let wide = TaskFilter { group: group("service-00"), from: day(0), to: day(10), ..TaskFilter::default() };
    let old = TaskFilter { group: group("service"), from: day(0), to: day(2), ..TaskFilter::default() };
    let all = TaskFilter { group: group("service"), ..TaskFilter::default() };
    let most = TaskFilter { group: group("aws"), from: day(5), ..TaskFilter::default() };
    let old_month = TaskFilter { group: group("aws"), from: day(0), to: day(30), ..TaskFilter::default() };
    let failed = TaskFilter { states: vec![State::Failed], ..TaskFilter::default() };
    let empty = TaskFilter { empty: Some(true), ..TaskFilter::default() };
    // Every log group there is, and few enough matches to find them all: that reads nearly the whole index.
    let worst = async || ledger.tasks(old.clone(), None, 100).await.map_or(0, |tasks| tasks.len());
    bounds.time("history: 10,000 log groups, two days of the oldest", 100, worst).await;
    for (what, filter) in [
        ("one log group, ten days", one),
        ("50 log groups, ten days", team),
        ("2,000 log groups, ten days of the oldest", wide),
        ("10,000 log groups, any day", all),
        ("10,000 log groups, nearly all days", most),
        ("10,000 log groups, the oldest month", old_month),
        ("one lane", TaskFilter { lane: Some(lane(7)), ..TaskFilter::default() }),
        ("a bucket nothing went to", TaskFilter { bucket: group("elsewhere"), ..TaskFilter::default() }),
        ("failed ones of one lane", TaskFilter { lane: Some(lane(7)), ..failed.clone() }),
        ("failed ones", failed),
        ("empty ones", empty),
        ("all", TaskFilter::default()),
    ] {
        let look = async || ledger.tasks(filter.clone(), None, 100).await.map_or(0, |tasks| tasks.len());
        bounds.time(&format!("history: {what}"), 50, look).await;
    }
}

/// A handle that nobody asks anything.
async fn idle(home: &TempDir, bounds: &mut Bounds) {
    let _ledger = Ledger::open(home.path()).await.expect("a ledger");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let before = processor_time();
    tokio::time::sleep(Duration::from_secs(10)).await;
    bounds.check(
        "processor time of ten idle seconds",
        processor_time().saturating_sub(before),
        Duration::from_millis(10),
    );
}

/// What all threads of this process have run for (Linux: proc(5), schedstat).
fn processor_time() -> Duration {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return Duration::ZERO };
    let run = threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
    run.filter_map(|line| line.split(' ').next()?.parse().ok()).map(Duration::from_nanos).sum()
}

/// What this process holds in memory (Linux: proc(5), status).
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn size(home: &TempDir) -> u64 {
    home.path().join("ledger.db").metadata().map_or(0, |meta| meta.len())
}

/// Prints figures beside their bounds, and remembers whether all were kept.
struct Bounds {
    kept: bool,
}

impl Bounds {
    fn check(&mut self, what: &str, took: Duration, bound: Duration) {
        self.line(what, &format!("{took:.2?}"), &format!("{bound:?}"), took < bound);
    }

    fn check_kib(&mut self, what: &str, kib: u64, bound: u64) {
        self.line(what, &format!("{kib} KiB"), &format!("{bound} KiB"), kib < bound);
    }

    fn line(&mut self, what: &str, figure: &str, bound: &str, is_kept: bool) {
        let verdict = if is_kept { "" } else { "  OVER" };
        println!("{what:<52} {figure:>12}   bound {bound}{verdict}");
        self.kept &= is_kept;
    }

    /// The median of some rounds, the first one, from a cold cache, told beside it.
    async fn time<F: Future<Output = usize>>(&mut self, what: &str, bound_ms: u64, mut work: impl FnMut() -> F) {
        const ROUNDS: usize = 15;
        let mut took = Vec::with_capacity(ROUNDS);
        let mut answer = 0;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            answer = work().await;
            took.push(start.elapsed());
        }
        let first = took[0];
        took.sort_unstable();
        let what = format!("{what} ({answer}, first {first:.1?})");
        self.check(&what, took[ROUNDS / 2], Duration::from_millis(bound_ms));
    }
}
