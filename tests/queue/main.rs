//! The queue and the managed engine on a ledger of their own, against the embedded AWS, over HTTP through the real SDKs,
//! with faults injected.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use logferry::aws::{ConnectOptions, Session};
use logferry::domain::engine::Engine;
use logferry::domain::inventory::{Encryption, RemoteStatus};
use logferry::domain::layout::Destination;
use logferry::domain::names::{DestinationPrefix, LogGroupName, TaskId, task_id_in};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::preflight::Preflight;
use logferry::domain::problem::ProblemKind;
use logferry::domain::queued_plan::Pause;
use logferry::domain::store::Store;
use logferry::domain::task::{State, Task, TaskSpec, Wait};
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::{Queue, Terms, Transition};
use logferry::ledger::Ledger;
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::{Caller, Config, Sandbox, logs};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

mod checks;
mod direct;

#[path = "../support"]
mod support {
    pub mod plans;
}

use support::plans::plan_of;

/// Far beyond what any of these takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A sandbox with demo data at `clock`, a ledger, and a queue on both.
struct Bench {
    sandbox: Sandbox,
    session: Session,
    state: TempDir,
    queue: Queue,
    transitions: mpsc::Receiver<Transition>,
}

impl Bench {
    async fn at(clock: f64) -> Self {
        let bench = Self::idle(clock).await;
        bench.queue.work(bench.lane(), bench.session.clone()).await;
        bench
    }

    /// With a queue that drives nothing yet.
    async fn idle(clock: f64) -> Self {
        let sandbox = Sandbox::start(Config { clock, ..Config::default() }).await.unwrap();
        let session = connect(&sandbox.endpoint_url()).await;
        let state = tempfile::tempdir().unwrap();
        let (queue, transitions) = queue_on(&state, Terms::default()).await;
        Self { sandbox, session, state, queue, transitions }
    }

    fn lane(&self) -> Lane {
        self.session.lane(AccountId("123456789012".to_owned()))
    }

    async fn submit(&self, spec: TaskSpec) -> TaskId {
        self.submit_all(vec![spec]).await[0]
    }

    /// Queues tasks as one plan.
    async fn submit_all(&self, specs: Vec<TaskSpec>) -> Vec<TaskId> {
        let (plan, tasks) = plan_of(self.lane(), specs);
        let ids = tasks.iter().map(|task| task.id).collect();
        self.queue.submit(plan, tasks).await.unwrap();
        ids
    }

    /// The next transition into `state` of `id`; everything before it is passed over.
    async fn reach(&mut self, id: TaskId, state: State) -> Arc<Task> {
        let reached = async {
            loop {
                let moved = self.transitions.recv().await.expect("the queue is running");
                if moved.task.id == id && moved.moment.state == state {
                    return moved.task;
                }
                assert!(moved.task.id != id || !moved.moment.state.is_end(), "ended otherwise: {:#?}", moved.task);
            }
        };
        timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("{id} never became {state:?}"))
    }

    /// The first snapshot in which `id` satisfies `wanted`.
    async fn see(&self, id: TaskId, wanted: impl Fn(&Task) -> bool) -> Arc<Task> {
        let mut snapshots = self.queue.snapshots();
        let seen = async {
            loop {
                let found = snapshots.borrow_and_update().tasks.iter().find(|task| task.id == id).cloned();
                if let Some(task) = found.filter(|task| wanted(task)) {
                    return task;
                }
                snapshots.changed().await.unwrap();
            }
        };
        timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("never seen: {:#?}", self.queue.snapshots().borrow()))
    }

    /// AWS's own list of the tasks this program named, newest first.
    async fn ours_in_aws(&self) -> Vec<(TaskId, RemoteStatus)> {
        let page = self.session.export_tasks(None, None).await.unwrap();
        page.items.into_iter().filter_map(|task| Some((task_id_in(&task.name?)?, task.status))).collect()
    }

    fn control(&self, path: &str, body: &serde_json::Value) {
        let caller = Caller {
            access_key: "sandbox".to_owned(),
            account: "123456789012".to_owned(),
            region: "eu-central-1".to_owned(),
        };
        let reply = logs::control(&self.sandbox.world, &caller, "POST", path, &Bytes::from(body.to_string()));
        assert_eq!(reply.status, 200, "{:?}", reply.body);
    }

    fn calls(&self, operation: &str) -> u64 {
        self.sandbox.world.faults.calls().get(operation).copied().unwrap_or_default()
    }
}

async fn connect(endpoint_url: &str) -> Session {
    let options = ConnectOptions {
        region: Some("eu-central-1".to_owned()),
        endpoint_url: Some(endpoint_url.to_owned()),
        fixed_keys: Some(("sandbox".to_owned(), "sandbox".to_owned())),
        profile: None,
        read_only: false,
    };
    Session::connect(options).await.unwrap()
}

async fn queue_on(state: &TempDir, terms: Terms) -> (Queue, mpsc::Receiver<Transition>) {
    Queue::start(Ledger::open(state.path()).await.unwrap(), terms).await.unwrap()
}

fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

/// The last four days of a demo group into the bucket that is ready.
fn export_of(group: &str, bucket: &str) -> TaskSpec {
    TaskSpec {
        group: LogGroupName::parse(group).unwrap(),
        window: TimeRange::new(now().before(Duration::from_hours(96)), now()).unwrap(),
        destination: Destination {
            store: Store::stored(bucket).unwrap(),
            prefix: Some(DestinationPrefix::parse("logs/orders").unwrap()),
        },
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    }
}

fn orders() -> TaskSpec {
    export_of("/demo/orders", "acme-log-exports")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_goes_through_its_life_and_its_objects_are_counted() {
    // Slow enough that a look a second sees every state.
    let mut bench = Bench::at(4.0).await;
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Pending).await;
    bench.reach(id, State::Running).await;
    let done = bench.reach(id, State::Completed).await;
    assert_eq!(done.landed.objects, 3, "one object a stream, and no write test");
    assert!(done.counted && !done.is_empty());
    let remote = done.remote.clone().unwrap();
    let listed = bench.session.landed("acme-log-exports", &done.spec.destination.folder(&remote)).await.unwrap();
    assert_eq!(listed, done.landed);
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_nothing_is_told_as_empty() {
    let mut bench = Bench::at(60.0).await;
    let mut spec = orders();
    let long_ago = now().before(Duration::from_hours(24 * 400));
    spec.window = TimeRange::new(long_ago, long_ago.after(Duration::from_hours(1))).unwrap();
    let id = bench.submit(spec).await;
    let done = bench.reach(id, State::Completed).await;
    assert!(done.is_empty(), "{done:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_take_turns_in_the_lane() {
    let mut bench = Bench::at(200.0).await;
    let ids = bench.submit_all(vec![orders(), orders(), orders()]).await;
    for id in &ids {
        bench.reach(*id, State::Completed).await;
    }
    let refused = bench.calls("CreateExportTask") - 3;
    assert_eq!(refused, 0, "a lane never runs into its own slot");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_queued_twice_is_queued_once() {
    let mut bench = Bench::at(200.0).await;
    let (plan, tasks) = plan_of(bench.lane(), vec![orders()]);
    for _ in 0..2 {
        bench.queue.submit(plan.clone(), tasks.clone()).await.unwrap();
    }
    bench.reach(tasks[0].id, State::Completed).await;
    assert_eq!(bench.ours_in_aws().await, [(tasks[0].id, RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_slot_is_waited_for_and_its_holder_is_named() {
    let mut bench = Bench::at(200.0).await;
    bench.control("foreign-tasks", &serde_json::json!({"group": "/aws/lambda/theirs", "name": "theirs", "seconds": 3}));
    let id = bench.submit(orders()).await;
    let waiting = bench.see(id, |task| matches!(task.wait, Some(Wait::Slot(Some(_))))).await;
    let Some(Wait::Slot(Some(holder))) = &waiting.wait else { unreachable!() };
    assert_eq!((holder.group.as_str(), holder.name.as_deref()), ("/aws/lambda/theirs", Some("theirs")));
    assert_eq!(waiting.state, State::Queued);
    let done = bench.reach(id, State::Completed).await;
    assert!(done.timeline.len() < 10, "waiting does not flood the timeline: {:#?}", done.timeline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_waiting_for_the_slot_is_cancelled_without_a_call() {
    let mut bench = Bench::at(60.0).await;
    bench.control("foreign-tasks", &serde_json::json!({"group": "/theirs", "name": "theirs", "seconds": 600}));
    let id = bench.submit(orders()).await;
    bench.see(id, |task| matches!(task.wait, Some(Wait::Slot(Some(_))))).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    bench.reach(id, State::Cancelled).await;
    assert_eq!(bench.calls("CancelExportTask"), 0);
    assert_eq!(bench.ours_in_aws().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_task_is_cancelled_and_what_is_left_is_told() {
    let mut bench = Bench::at(2.0).await;
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Pending).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    bench.reach(id, State::Cancelling).await;
    let done = bench.reach(id, State::Cancelled).await;
    assert!(done.counted, "what is left was counted: {done:#?}");
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Cancelled)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_cancelled_at_work_tells_the_objects_it_leaves() {
    let mut bench = Bench::at(2.0).await;
    let mut spec = export_of("/ecs/shop-web", "acme-log-exports");
    spec.window = TimeRange::new(now().before(Duration::from_hours(24 * 8)), now()).unwrap();
    let id = bench.submit(spec).await;
    bench.see(id, |task| task.state == State::Running && task.landed.objects > 0).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    let done = bench.reach(id, State::Cancelled).await;
    let folder = done.spec.destination.folder(done.remote.as_ref().unwrap());
    let left = bench.session.landed("acme-log-exports", &folder).await.unwrap();
    assert!(done.counted && left.objects > 0);
    assert_eq!(done.landed, left);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_during_the_launch_is_passed_on_once_the_task_is_known() {
    let mut bench = Bench::at(2.0).await;
    let latency = Kind::Latency(Duration::from_millis(700));
    bench.sandbox.world.faults.add(Fault::new("CreateExportTask", latency).times(1));
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Launching).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    bench.reach(id, State::Cancelled).await;
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Cancelled)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_passes_a_cancel_on_first() {
    for state in [State::Launching, State::Pending] {
        let mut bench = Bench::at(2.0).await;
        let latency = Kind::Latency(Duration::from_millis(500));
        bench.sandbox.world.faults.add(Fault::new("CreateExportTask", latency));
        bench.sandbox.world.faults.add(Fault::new("CancelExportTask", latency));
        let id = bench.submit(orders()).await;
        bench.reach(id, state).await;
        bench.queue.cancel(vec![id]).await.unwrap();
        bench.queue.shutdown(PATIENCE).await;
        let ours = bench.ours_in_aws().await;
        assert!(
            matches!(ours.as_slice(), [(_, RemoteStatus::PendingCancel | RemoteStatus::Cancelled)]),
            "cancelled while {state:?}: {ours:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_aws_forbids_is_told_and_the_task_goes_on() {
    let mut bench = Bench::at(6.0).await;
    bench.sandbox.world.faults.add(Fault::new("CancelExportTask", Kind::Refuse(Refusal::AccessDenied)));
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Pending).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    bench.reach(id, State::Cancelling).await;
    let refused = bench.reach(id, State::Pending).await;
    assert_eq!(refused.problem.as_ref().map(|problem| problem.kind), Some(ProblemKind::AccessDenied));
    bench.reach(id, State::Completed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_whose_reply_is_lost_creates_one_task_only() {
    let mut bench = Bench::at(60.0).await;
    bench.sandbox.world.faults.add(Fault::new("CreateExportTask", Kind::CutAfter).times(1));
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Completed).await;
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_never_arrived_is_made_again() {
    let mut bench = Bench::at(60.0).await;
    bench.sandbox.world.faults.add(Fault::new("CreateExportTask", Kind::CutBefore).times(1));
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Completed).await;
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_and_expired_credentials_delay_a_launch_and_fail_nothing() {
    let mut bench = Bench::at(60.0).await;
    for refusal in [Refusal::Throttle, Refusal::ExpiredToken, Refusal::ServerError] {
        bench.sandbox.world.faults.add(Fault::new("CreateExportTask", Kind::Refuse(refusal)).times(1));
    }
    let id = bench.submit(orders()).await;
    let done = bench.reach(id, State::Completed).await;
    assert!(done.problem.is_none());
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_session_is_used_by_the_engine_at_work() {
    let mut bench = Bench::idle(60.0).await;
    let nowhere = connect("http://127.0.0.1:1").await;
    bench.queue.work(bench.lane(), nowhere).await;
    let id = bench.submit(orders()).await;
    bench.see(id, |task| matches!(task.wait, Some(Wait::Retry { .. }))).await;
    bench.queue.work(bench.lane(), bench.session.clone()).await;
    bench.reach(id, State::Completed).await;
    assert_eq!(bench.ours_in_aws().await, [(id, RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_that_fail_do_not_fail_the_task() {
    let mut bench = Bench::at(60.0).await;
    bench.sandbox.world.faults.add(Fault::new("DescribeExportTasks", Kind::Refuse(Refusal::ExpiredToken)).times(3));
    let id = bench.submit(orders()).await;
    let waiting = bench.see(id, |task| matches!(task.wait, Some(Wait::Retry { .. }))).await;
    let Some(Wait::Retry { problem, .. }) = &waiting.wait else { unreachable!() };
    assert_eq!(problem.kind, ProblemKind::ExpiredCredentials);
    bench.reach(id, State::Completed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_export_fails_with_its_explanation() {
    let mut bench = Bench::at(60.0).await;
    let cases = [
        ("/demo/orders", "acme-legacy-archive", ProblemKind::BucketAccess, "policy"),
        ("/demo/orders", "acme-no-such-bucket", ProblemKind::NotFound, "bucket"),
        ("/demo/no-such-group", "acme-log-exports", ProblemKind::NotFound, "log group"),
        ("/demo/orders", "acme-secure-kms", ProblemKind::InvalidRequest, "SSE-KMS"),
    ];
    for (group, bucket, kind, word) in cases {
        let id = bench.submit(TaskSpec { preflight: Preflight::Off, ..export_of(group, bucket) }).await;
        let failed = bench.reach(id, State::Failed).await;
        let problem = failed.problem.clone().unwrap();
        assert_eq!(problem.kind, kind, "{problem}");
        assert!(problem.explain().cause.contains(word), "{problem}");
        assert!(problem.message.is_some(), "AWS's own words are kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_aws_fails_says_what_aws_said() {
    let mut bench = Bench::at(60.0).await;
    let rule = serde_json::json!({"group": "/demo/orders", "message": "The bucket policy changed", "times": 1});
    bench.control("fail-tasks", &rule);
    let id = bench.submit(orders()).await;
    let failed = bench.reach(id, State::Failed).await;
    let problem = failed.problem.clone().unwrap();
    assert_eq!(problem.kind, ProblemKind::ExportFailed);
    assert_eq!(problem.message.as_deref(), Some("The bucket policy changed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_starts_nothing_more_and_leaves_aws_to_its_work() {
    let mut bench = Bench::at(2.0).await;
    let ids = bench.submit_all(vec![orders(), orders()]).await;
    bench.reach(ids[0], State::Pending).await;
    bench.queue.shutdown(Duration::from_secs(5)).await;
    let ours = bench.ours_in_aws().await;
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0].0, ids[0]);
    assert!(ours[0].1.is_active());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_waits_for_the_answer_to_a_launch() {
    let bench = Bench::at(60.0).await;
    let latency = Kind::Latency(Duration::from_millis(700));
    bench.sandbox.world.faults.add(Fault::new("CreateExportTask", latency).times(1));
    let id = bench.submit(orders()).await;
    bench.see(id, |task| task.state == State::Launching).await;
    bench.queue.shutdown(PATIENCE).await;
    let last = bench.queue.ledger().task(id).await.unwrap().unwrap();
    assert_eq!(last.state, State::Pending);
    assert!(last.remote.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listings_answer_in_domains_words() {
    let bench = Bench::at(60.0).await;
    let who = bench.session.identity().await.unwrap();
    assert_eq!(who.account.0, "123456789012");
    let mut groups = Vec::new();
    let mut token = None;
    loop {
        let page = bench.session.log_groups(token).await.unwrap();
        groups.extend(page.items);
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    assert!(groups.len() >= 35, "{}", groups.len());
    assert!(groups.iter().any(|group| group.name == "/demo/orders" && group.stored.is_some()));
    let buckets = bench.session.buckets(None).await.unwrap().items;
    assert!(buckets.iter().any(|bucket| bucket.name == "acme-log-exports" && bucket.created.is_some()));
    assert_eq!(bench.session.bucket_region("acme-us-backups").await.unwrap().0, "us-east-1");
    let (here, there) = (bench.session.region(), Region("us-east-1".to_owned()));
    assert_eq!(bench.session.bucket_encryption("acme-log-exports", here).await.unwrap(), Encryption::S3);
    assert_eq!(bench.session.bucket_encryption("acme-us-backups", &there).await.unwrap(), Encryption::S3);
    let kms = bench.session.bucket_encryption("acme-secure-kms", here).await.unwrap();
    assert!(matches!(kms, Encryption::Kms(Some(_))));
    let failed = bench.session.export_tasks(Some(RemoteStatus::Failed), None).await.unwrap().items;
    assert!(!failed.is_empty() && failed.iter().all(|task| task.status == RemoteStatus::Failed));
    let first = bench.session.export_tasks(None, None).await.unwrap();
    assert_eq!(first.items.len(), 50);
    assert!(first.next.is_some(), "the demo's history has a second page");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_queued_goes_on_with_another_queue_on_the_same_ledger() {
    let mut bench = Bench::at(20.0).await;
    let ids = bench.submit_all(vec![orders(), orders()]).await;
    bench.reach(ids[0], State::Pending).await;
    bench.queue.shutdown(PATIENCE).await;
    (bench.queue, bench.transitions) = queue_on(&bench.state, Terms::default()).await;
    bench.queue.work(bench.lane(), bench.session.clone()).await;
    for id in &ids {
        bench.reach(*id, State::Completed).await;
    }
    let ours = bench.ours_in_aws().await;
    assert_eq!(ours, [(ids[1], RemoteStatus::Completed), (ids[0], RemoteStatus::Completed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_drives_nothing_sees_and_orders_what_another_drives() {
    let mut bench = Bench::at(4.0).await;
    let (watcher, mut told) = queue_on(&bench.state, Terms::default()).await;
    let (plan, tasks) = plan_of(bench.lane(), vec![orders(), orders()]);
    watcher.submit(plan, tasks.clone()).await.unwrap();
    bench.reach(tasks[0].id, State::Pending).await;
    watcher.cancel(vec![tasks[0].id, tasks[1].id]).await.unwrap();
    bench.reach(tasks[0].id, State::Cancelled).await;
    let mut ends = Vec::new();
    while ends.len() < 2 {
        let moved = timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
        ends.extend(moved.moment.state.is_end().then_some((moved.task.id, moved.moment.state)));
    }
    assert_eq!(ends, [(tasks[1].id, State::Cancelled), (tasks[0].id, State::Cancelled)]);
    assert_eq!(bench.ours_in_aws().await.len(), 1, "a queued task that is cancelled never reaches AWS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_passes_is_tried_again_under_another_name() {
    let mut bench = Bench::at(60.0).await;
    let rule = serde_json::json!({"group": "/demo/orders", "message": "Internal error: try again", "times": 2});
    bench.control("fail-tasks", &rule);
    let id = bench.submit(orders()).await;
    let done = bench.reach(id, State::Completed).await;
    assert_eq!(done.attempt, 3);
    let ours = bench.ours_in_aws().await;
    let expected = [RemoteStatus::Completed, RemoteStatus::Failed, RemoteStatus::Failed];
    assert_eq!(ours, expected.map(|status| (id, status)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_task_is_run_again_when_asked() {
    let mut bench = Bench::at(60.0).await;
    let rule = serde_json::json!({"group": "/demo/orders", "message": "The bucket policy changed", "times": 1});
    bench.control("fail-tasks", &rule);
    let id = bench.submit(orders()).await;
    bench.reach(id, State::Failed).await;
    assert_eq!(bench.queue.retry(vec![id]).await.unwrap(), 1);
    let done = bench.reach(id, State::Completed).await;
    assert_eq!((done.attempt, done.problem.clone()), (2, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_keeps_failing_for_one_cause_pauses_itself() {
    let mut bench = Bench::at(200.0).await;
    let spec = TaskSpec { preflight: Preflight::Off, ..export_of("/demo/orders", "acme-legacy-archive") };
    let specs = (0..8).map(|_| spec.clone()).collect();
    let ids = bench.submit_all(specs).await;
    for id in &ids[..3] {
        bench.reach(*id, State::Failed).await;
    }
    let mut snapshots = bench.queue.snapshots();
    let paused = |snapshot: &Arc<logferry::export::Snapshot>| snapshot.plans[0].pause.is_some();
    let snapshot = timeout(PATIENCE, snapshots.wait_for(paused)).await.unwrap().unwrap().clone();
    assert!(
        matches!(&snapshot.plans[0].pause, Some(Pause::Failures(problem)) if problem.kind == ProblemKind::BucketAccess)
    );
    assert_eq!((snapshot.plans[0].counts.failed, snapshot.plans[0].counts.queued), (3, 5));
    assert_eq!(bench.calls("CreateExportTask"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_plan_lets_another_pass_even_while_it_waits_for_the_slot() {
    let mut bench = Bench::at(200.0).await;
    bench.control("foreign-tasks", &serde_json::json!({"group": "/theirs", "name": "theirs", "seconds": 4}));
    let (first, held) = plan_of(bench.lane(), vec![orders()]);
    let (second, free) = plan_of(bench.lane(), vec![orders()]);
    let plan = first.id;
    bench.queue.submit(first, held.clone()).await.unwrap();
    bench.queue.submit(second, free.clone()).await.unwrap();
    bench.see(held[0].id, |task| matches!(task.wait, Some(Wait::Slot(Some(_))))).await;
    bench.queue.ledger().pause_plan(plan, Some(Pause::Asked)).await.unwrap();
    bench.reach(free[0].id, State::Completed).await;
    assert_eq!(bench.ours_in_aws().await, [(free[0].id, RemoteStatus::Completed)]);
    bench.queue.ledger().pause_plan(plan, None).await.unwrap();
    bench.reach(held[0].id, State::Completed).await;
}
