//! Measures how well a lane's slot is used: how long it stands idle between two of our tasks, and how often
//! DescribeExportTasks is asked meanwhile. Against the embedded AWS, over HTTP.
//!
//! Run by `cargo bench --bench slot`. Fails when the median idle time or the calls a second are over their bounds.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints its figures and stops if it cannot measure"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use logferry::aws::{ConnectOptions, Session};
use logferry::domain::engine::Engine;
use logferry::domain::inventory::RemoteTask;
use logferry::domain::names::{LogGroupName, PlanId, TaskId};
use logferry::domain::plan::Plan;
use logferry::domain::preflight::Preflight;
use logferry::domain::queued_plan::QueuedPlan;
use logferry::domain::split::Split;
use logferry::domain::store::Store;
use logferry::domain::template::Template;
use logferry::domain::time::{TimeRange, Timestamp, Zone};
use logferry::export::{Queue, Terms};
use logferry::ledger::Ledger;
use logferry::sandbox::{Config, Sandbox};
use uuid::Uuid;

/// Log groups of the demo account, and days of each.
const GROUPS: usize = 20;
const DAYS: u64 = 3;
/// A task of a small group takes about a second and a half then.
const CLOCK: f64 = 20.0;

/// The bounds: the slot is taken within a second of its becoming free, at no more than two calls a second.
const IDLE: Duration = Duration::from_secs(1);
const CALLS: f64 = 2.0;

#[tokio::main]
async fn main() -> ExitCode {
    let sandbox = Sandbox::start(Config { clock: CLOCK, ..Config::default() }).await.expect("a sandbox");
    let session = Session::connect(ConnectOptions {
        profile: None,
        region: Some("eu-central-1".to_owned()),
        endpoint_url: Some(sandbox.endpoint_url()),
        fixed_keys: Some(("sandbox".to_owned(), "sandbox".to_owned())),
        read_only: false,
    });
    let session = session.await.expect("a session");
    let lane = session.lane(session.identity().await.expect("an identity").account);
    let groups = session.log_groups(None).await.expect("log groups").items;
    let now = Timestamp::from(SystemTime::now());
    let to = Timestamp::from_millis(now.millis() / DAY * DAY);
    let names = groups.iter().filter(|group| group.name != "/ecs/shop-web").take(GROUPS);
    let plan = Plan {
        name: None,
        groups: names.map(|group| LogGroupName::parse(&group.name).expect("a valid name")).collect(),
        range: TimeRange::new(to.before(Duration::from_hours(24 * DAYS)), to).expect("a range"),
        split: Split::Daily,
        zone: Zone::Utc,
        store: Store::stored("acme-log-exports").expect("a valid name"),
        template: Some(Template::parse("slot/{group}/{from:%Y-%m-%d}").expect("a valid template")),
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    let tasks = plan.expand(&lane, || TaskId(Uuid::now_v7())).expect("tasks");
    let count = tasks.len();
    let state = tempfile::tempdir().expect("a directory");
    let ledger = Ledger::open(state.path()).await.expect("a ledger");
    let (queue, mut transitions) = Queue::start(ledger, Terms::default()).await.expect("a queue");
    let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane.clone()), &plan, count as u64, now);
    queue.submit(queued, tasks).await.expect("they are queued");

    let (begun, before) = (Instant::now(), describes(&sandbox));
    queue.work(lane, session.clone()).await;
    let mut open = count;
    while open > 0 {
        open -= usize::from(transitions.recv().await.expect("the queue runs").moment.state.is_end());
    }
    let (span, calls) = (begun.elapsed(), describes(&sandbox) - before);
    queue.shutdown(IDLE).await;
    report(count, span, calls, &ours(&session, now).await)
}

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;

fn describes(sandbox: &Sandbox) -> u64 {
    sandbox.world.faults.calls().get("DescribeExportTasks").copied().unwrap_or_default()
}

/// What AWS has of this run, oldest first.
async fn ours(session: &Session, since: Timestamp) -> Vec<RemoteTask> {
    let (mut tasks, mut token) = (Vec::new(), None);
    loop {
        let page = session.export_tasks(None, token).await.expect("a page of tasks");
        tasks.extend(page.items.into_iter().filter(|task| task.created.is_some_and(|created| created >= since)));
        token = page.next;
        if token.is_none() {
            tasks.sort_by_key(|task| task.created);
            return tasks;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "calls of a minute")]
fn report(count: usize, span: Duration, calls: u64, tasks: &[RemoteTask]) -> ExitCode {
    let idle = |pair: &[RemoteTask]| Some(pair[1].created?.since(pair[0].completed?));
    let mut idle: Vec<Duration> = tasks.windows(2).filter_map(idle).collect();
    idle.sort_unstable();
    let at = |share: usize| idle.get(idle.len() * share / 100).copied().unwrap_or(Duration::MAX);
    let (median, late, rate) = (at(50), at(95), calls as f64 / span.as_secs_f64());
    println!("{count} tasks in {span:.1?}, {} export tasks created", tasks.len());
    println!("slot idle between tasks: median {median:.0?}, 95 of 100 within {late:.0?}   (bound {IDLE:?})");
    println!("DescribeExportTasks: {calls} calls, {rate:.2} a second   (bound {CALLS})");
    if tasks.len() == count && median < IDLE && rate <= CALLS { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
