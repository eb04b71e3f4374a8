//! Exactly once: the driver is killed (SIGKILL) again and again around CreateExportTask, and AWS's own list afterwards
//! shows each task once. The real binary on a real ledger, against the embedded AWS over HTTP.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use flate2::read::MultiGzDecoder;
use logferry::aws::Session;
use logferry::domain::engine::{Direct, Engine};
use logferry::domain::inventory::{RemoteStatus, RemoteTask};
use logferry::domain::layout::Destination;
use logferry::domain::names::{DestinationPrefix, LogGroupName, PlanId, TaskId, task_id_in};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::preflight::Preflight;
use logferry::domain::store::Store;
use logferry::domain::task::{Fact, State, Task, TaskSpec};
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::{Queue, Terms};
use logferry::ledger::Ledger;
use logferry::sandbox::faults::{Fault, Kind};
use logferry::sandbox::logs::{SyntheticGroup, Whims};
use logferry::sandbox::{Config, Sandbox};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::{Instant, interval, timeout};

mod support {
    pub mod plans;
    pub mod session;
}

use support::plans::plan_of;
use support::session::connect;

/// How often the driver is killed.
const KILLS: usize = 200;
/// More than can be done between so many kills.
const TASKS: usize = 600;
/// Far beyond what any step takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// What CreateExportTask takes: wide enough to be hit before, within and after. A hit before it has done its work costs the
/// next driver ten seconds of looking for a task that is not there.
const LATENCY: Duration = Duration::from_millis(5);

/// When a driver is killed.
enum Moment {
    /// So long after its start: before it has the lane, or while it takes tasks up.
    AfterStart(Duration),
    /// So long after AWS has been asked to create another task.
    AfterCall(Duration),
}

impl Moment {
    fn any() -> Self {
        let within = |millis: u64| Duration::from_micros(fastrand::u64(0..millis * 1000));
        if fastrand::bool() { Self::AfterStart(within(500)) } else { Self::AfterCall(within(30)) }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_driver_that_is_killed_again_and_again_does_each_task_once() {
    let seed = fastrand::u64(..);
    fastrand::seed(seed);
    // A task takes a few milliseconds.
    let sandbox = Sandbox::start(Config { clock: 5_000.0, ..Config::default() }).await.unwrap();
    sandbox.world.faults.add(Fault::new("CreateExportTask", Kind::Latency(LATENCY)));
    sandbox.world.faults.add(Fault::new("CreateExportTask", Kind::CutAfter).every(9));
    let session = connect(&sandbox.endpoint_url()).await;
    let state = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(state.path()).await.unwrap();
    let (plan, tasks) = plan_of(session.lane(AccountId("123456789012".to_owned())), specs());
    let (plan_id, ids) = (plan.id, tasks.iter().map(|task| task.id).collect::<Vec<_>>());
    ledger.add(plan, tasks).await.unwrap();

    for round in 0..KILLS {
        let driver = drive(&sandbox, state.path());
        assert!(kill(driver, Moment::any(), &sandbox).await, "seed {seed}: no work was left in round {round}");
    }
    // What no driver has taken up by now need not be done: cancelling it calls nobody.
    let queued = ledger.ids(plan_id, vec![State::Queued]).await.unwrap();
    let facts = queued.into_iter().map(|id| (id, Fact::CancelAsked)).collect();
    ledger.fold(facts, now(), None).await.unwrap();
    let last = timeout(PATIENCE, drive(&sandbox, state.path()).wait()).await.expect("it ends").unwrap();
    assert!(last.code().is_some(), "seed {seed}: the last driver ends by itself");

    accounted_for(&ledger, plan_id, &ids, &ours_in_aws(&session).await, seed).await;
}

/// Log streams of the group that direct exports read, and events of each.
const STREAMS: u32 = 4;
const EVENTS: u64 = 1000;
/// How often a driver of direct exports is killed.
const DIRECT_KILLS: usize = 100;

/// Wherever a driver dies, in the middle of a page, an object or a checkpoint: what lies there in the end is all of it, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn direct_exports_whose_driver_is_killed_again_and_again_are_whole_and_nothing_comes_twice() {
    let seed = fastrand::u64(..);
    fastrand::seed(seed);
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let specs = direct_specs(&sandbox, DIRECT_KILLS);
    let session = connect(&sandbox.endpoint_url()).await;
    let state = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(state.path()).await.unwrap();
    let (plan, tasks) = plan_of(session.lane(AccountId("123456789012".to_owned())), specs);
    let plan_id = plan.id;
    ledger.add(plan, tasks).await.unwrap();
    for round in 0..DIRECT_KILLS {
        let mut driver = drive(&sandbox, state.path());
        let pause = Duration::from_millis(fastrand::u64(0..900));
        let ended = timeout(pause, driver.wait()).await.is_ok();
        assert!(!ended, "seed {seed}: no work was left in round {round}");
        driver.kill().await.ok();
    }
    let queued = ledger.ids(plan_id, vec![State::Queued]).await.unwrap();
    ledger.fold(queued.into_iter().map(|id| (id, Fact::CancelAsked)).collect(), now(), None).await.unwrap();
    timeout(PATIENCE, drive(&sandbox, state.path()).wait()).await.expect("it ends").unwrap();

    let completed = ledger.ids(plan_id, vec![State::Completed]).await.unwrap();
    assert!(completed.len() > 2, "seed {seed}: the kills left time for work: {} done", completed.len());
    assert_eq!(ledger.ids(plan_id, vec![State::Failed]).await.unwrap(), [], "seed {seed}");
    for id in completed {
        let task = ledger.task(id).await.unwrap().unwrap();
        let lines = lines_of(&sandbox, &session, &task).await;
        let distinct: HashSet<&String> = lines.iter().collect();
        let expected = usize::try_from(u64::from(STREAMS) * EVENTS).unwrap();
        assert_eq!((lines.len(), distinct.len()), (expected, expected), "seed {seed}: {id}");
        assert_eq!(task.headway.map(|headway| headway.events), Some(lines.len() as u64), "seed {seed}: {id}");
    }
}

/// As many exports of one group, which is answered in small pages that take a moment.
fn direct_specs(sandbox: &Sandbox, count: usize) -> Vec<TaskSpec> {
    let window = TimeRange::new(now().before(Duration::from_hours(2)), now().before(Duration::from_hours(1))).unwrap();
    let group = SyntheticGroup {
        name: "/synthetic".to_owned(),
        streams: STREAMS,
        events_per_stream: EVENTS,
        message_bytes: 60,
        from: window.from().millis(),
        to: window.to().millis(),
        seed: 7,
    };
    let place = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
    sandbox.world.logs.plant_synthetic_group(&place, &group);
    sandbox.world.logs.set_whims(Whims { most_events: 20, ..Whims::default() });
    for call in ["GetLogEvents", "FilterLogEvents", "PutObject"] {
        sandbox.world.faults.add(Fault::new(call, Kind::Latency(Duration::from_millis(15))));
    }
    let spec = TaskSpec {
        group: LogGroupName::parse(&group.name).unwrap(),
        window,
        engine: Engine::Direct(Direct::default()),
        ..specs().remove(0)
    };
    vec![spec; count]
}

/// The lines of all objects of a direct export, of which no upload is left.
async fn lines_of(sandbox: &Sandbox, session: &Session, task: &Task) -> Vec<String> {
    let destination = &task.spec.destination;
    let folder = destination.folder(task.remote.as_ref().unwrap());
    let objects = session.objects(destination.store.bucket().unwrap(), &task.lane.region);
    assert_eq!(objects.uploads(&folder).await.unwrap(), []);
    let (mut lines, mut token) = (Vec::new(), None);
    loop {
        let page = objects.list(&folder, token).await.unwrap();
        for object in page.items {
            let body = sandbox.world.s3.object(destination.store.as_str(), &object.key).unwrap();
            let mut text = String::new();
            MultiGzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
            let stream = object.key.rsplit('/').nth(1).unwrap();
            lines.extend(text.lines().map(|line| format!("{stream} {line}")));
        }
        token = page.next;
        if token.is_none() {
            return lines;
        }
    }
}

/// A driver that hangs until another has taken its lane over, cancelled its task and begun it anew, must not take its own
/// task's end for the new one's when it wakes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_driver_that_slept_takes_its_tasks_up_as_they_stand_when_it_wakes() {
    let sandbox = Sandbox::start(Config { clock: 2.0, ..Config::default() }).await.unwrap();
    let session = connect(&sandbox.endpoint_url()).await;
    let lane = session.lane(AccountId("123456789012".to_owned()));
    let state = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(state.path()).await.unwrap();
    let (plan, tasks) = plan_of(lane.clone(), specs().into_iter().take(1).collect());
    let id = tasks[0].id;
    ledger.add(plan, tasks).await.unwrap();
    let mut sleeper = drive(&sandbox, state.path());
    reach(&ledger, id, |task| task.state == State::Pending).await;
    signal(&sleeper, Signal::STOP);

    let (queue, _transitions) = Queue::start(ledger.clone(), Terms::default()).await.unwrap();
    queue.work(lane, session.clone()).await;
    queue.cancel(vec![id]).await.unwrap();
    reach(&ledger, id, |task| task.state == State::Cancelled).await;
    queue.retry(vec![id]).await.unwrap();
    let begun = reach(&ledger, id, |task| task.state == State::Pending && task.attempt == 2).await;
    queue.shutdown(PATIENCE).await;

    signal(&sleeper, Signal::CONT);
    let ended = reach(&ledger, id, |task| task.state.is_end()).await;
    assert_eq!((ended.state, ended.attempt, &ended.remote), (State::Completed, 2, &begun.remote), "{ended:#?}");
    let in_aws = session.export_task(begun.remote.as_ref().unwrap()).await.unwrap().unwrap();
    assert_eq!(in_aws.status, RemoteStatus::Completed);
    timeout(PATIENCE, sleeper.wait()).await.expect("it ends").unwrap();
}

fn signal(process: &Child, signal: Signal) {
    let id = i32::try_from(process.id().expect("it runs")).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
}

/// The task once it is as `wanted`.
async fn reach(ledger: &Ledger, id: TaskId, wanted: impl Fn(&Task) -> bool) -> Task {
    let mut news = ledger.news();
    let reached = async {
        loop {
            let task = ledger.task(id).await.unwrap().unwrap();
            if wanted(&task) {
                return task;
            }
            news.changed().await.unwrap();
        }
    };
    timeout(PATIENCE, reached).await.expect("it gets there")
}

/// Every task has ended; the completed ones are in AWS once, the cancelled ones not at all.
async fn accounted_for(ledger: &Ledger, plan: PlanId, ids: &[TaskId], in_aws: &HashMap<TaskId, usize>, seed: u64) {
    let completed = ledger.ids(plan, vec![State::Completed]).await.unwrap();
    let cancelled = ledger.ids(plan, vec![State::Cancelled]).await.unwrap();
    assert_eq!(completed.len() + cancelled.len(), ids.len(), "seed {seed}: every task has ended as it should");
    assert!(completed.len() > KILLS / 4, "seed {seed}: the kills left time for work: {} done", completed.len());
    for id in &completed {
        assert_eq!(in_aws.get(id), Some(&1), "seed {seed}: {id} is once in AWS");
    }
    assert_eq!(in_aws.len(), completed.len(), "seed {seed}: nothing else is in AWS");
    #[expect(clippy::print_stdout, reason = "the figures are the point; cargo test -- --nocapture shows them")]
    {
        println!("{KILLS} kills: {} tasks done, each once", completed.len());
    }
}

/// Kills `driver` at `moment`. `false`: it had ended before, because there was nothing left to do.
async fn kill(mut driver: Child, moment: Moment, sandbox: &Sandbox) -> bool {
    let ended = match moment {
        Moment::AfterStart(pause) => timeout(pause, driver.wait()).await.is_ok(),
        Moment::AfterCall(pause) => {
            one_more_call(sandbox, &mut driver).await || timeout(pause, driver.wait()).await.is_ok()
        }
    };
    driver.kill().await.ok();
    !ended
}

/// Waits until AWS was asked to create another task; `true` if the driver ended instead.
async fn one_more_call(sandbox: &Sandbox, driver: &mut Child) -> bool {
    let (before, limit) = (creates(sandbox), Instant::now() + PATIENCE);
    let mut look = interval(Duration::from_millis(1));
    while creates(sandbox) == before {
        assert!(Instant::now() < limit, "no driver takes the queue up");
        tokio::select! {
            _ = driver.wait() => return true,
            _ = look.tick() => {}
        }
    }
    false
}

fn creates(sandbox: &Sandbox) -> u64 {
    sandbox.world.faults.calls().get("CreateExportTask").copied().unwrap_or_default()
}

fn drive(sandbox: &Sandbox, state: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
    command
        .env_clear()
        .env("HOME", state)
        .envs([("AWS_ACCESS_KEY_ID", "tests"), ("AWS_SECRET_ACCESS_KEY", "tests")])
        .arg("run")
        .arg("--state-dir")
        .arg(state)
        .args(["--region", "eu-central-1", "--endpoint-url", &sandbox.endpoint_url()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command.spawn().expect("the binary starts")
}

/// How often AWS has each of our tasks, all attempts together.
async fn ours_in_aws(session: &Session) -> HashMap<TaskId, usize> {
    let (mut counts, mut token) = (HashMap::new(), None);
    loop {
        let page = session.export_tasks(None, token).await.unwrap();
        let ours = page.items.iter().filter_map(|task: &RemoteTask| task_id_in(task.name.as_deref()?));
        ours.for_each(|id| *counts.entry(id).or_default() += 1);
        token = page.next;
        if token.is_none() {
            return counts;
        }
    }
}

/// An hour of a small group each.
fn specs() -> Vec<TaskSpec> {
    let hour = |number: u32| {
        let to = now().before(Duration::from_hours(24) + Duration::from_mins(u64::from(number)));
        TimeRange::new(to.before(Duration::from_hours(1)), to).unwrap()
    };
    let spec = |number| TaskSpec {
        group: LogGroupName::parse("/demo/orders").unwrap(),
        window: hour(number),
        destination: Destination {
            store: Store::stored("acme-log-exports").unwrap(),
            prefix: Some(DestinationPrefix::parse("crash").unwrap()),
        },
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    (0..u32::try_from(TASKS).unwrap()).map(spec).collect()
}

fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}
