//! Direct exports through the queue: what lands is what AWS's own export would have left, they take no slot, and wherever one
//! is stopped, another run goes on.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use logferry::domain::amount::ByteCount;
use logferry::domain::direct::headway::{Bound, Headway, Share};
use logferry::domain::direct::line::began;
use logferry::domain::direct::quota::Operation;
use logferry::domain::engine::Direct;
use logferry::sandbox::logs::{SyntheticGroup, Whims};

use super::*;

const GROUP: &str = "/synthetic";
const STREAMS: u32 = 6;
const EVENTS: u64 = 500;

fn direct(spec: TaskSpec) -> TaskSpec {
    TaskSpec { engine: Engine::Direct(Direct::default()), ..spec }
}

/// The lines of every object of a task, by its key below the task's folder.
async fn objects_of(bench: &Bench, task: &Task) -> BTreeMap<String, Vec<String>> {
    let destination = &task.spec.destination;
    let folder = destination.folder(task.remote.as_ref().expect("it was begun"));
    let Some(bucket) = destination.store.bucket() else { return files_of(&destination.store.place(&folder)) };
    let objects = bench.session.objects(bucket, &Region("eu-central-1".to_owned()));
    assert_eq!(objects.uploads(&folder).await.unwrap(), [], "no upload is left");
    let (mut lines, mut token) = (BTreeMap::new(), None);
    loop {
        let page = objects.list(&folder, token).await.unwrap();
        for object in page.items {
            let body = bench.sandbox.world.s3.object(destination.store.as_str(), &object.key).unwrap();
            lines.insert(object.key[folder.len()..].to_owned(), sorted_lines(&body));
        }
        token = page.next;
        if token.is_none() {
            return lines;
        }
    }
}

/// The same of a task's own directory, in which every file is whole.
fn files_of(root: &str) -> BTreeMap<String, Vec<String>> {
    let files = |directory: &Path| fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    let streams: Vec<PathBuf> = files(Path::new(root));
    let files = streams.iter().flat_map(|stream| files(stream));
    let key = |file: &Path| file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let lines: BTreeMap<_, _> = files.map(|file| (key(&file), sorted_lines(&fs::read(&file).unwrap()))).collect();
    assert!(
        lines.keys().all(|key| Path::new(key).extension().is_some_and(|extension| extension == "gz")),
        "{:?}",
        lines.keys()
    );
    lines
}

fn sorted_lines(body: &[u8]) -> Vec<String> {
    let mut text = String::new();
    MultiGzDecoder::new(body).read_to_string(&mut text).unwrap();
    let mut sorted: Vec<String> = text.lines().map(str::to_owned).collect();
    sorted.sort_unstable();
    sorted
}

/// A group of many small pages, each of which takes a moment; and its export.
fn slow_group(bench: &Bench) -> TaskSpec {
    slow_group_of(bench, STREAMS, EVENTS)
}

fn slow_group_of(bench: &Bench, streams: u32, events_per_stream: u64) -> TaskSpec {
    let (from, to) = (now().before(Duration::from_hours(2)), now().before(Duration::from_hours(1)));
    let group = SyntheticGroup {
        name: GROUP.to_owned(),
        streams,
        events_per_stream,
        message_bytes: 60,
        from: from.millis(),
        to: to.millis(),
        seed: 7,
    };
    let place = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
    bench.sandbox.world.logs.plant_synthetic_group(&place, &group);
    bench.sandbox.world.logs.set_whims(Whims { most_events: 20, ..Whims::default() });
    for call in ["GetLogEvents", "FilterLogEvents"] {
        bench.sandbox.world.faults.add(Fault::new(call, Kind::Latency(Duration::from_millis(20))));
    }
    direct(TaskSpec { window: TimeRange::new(from, to).unwrap(), ..export_of(GROUP, "acme-log-exports") })
}

/// The next task that ends once another queue has taken up what lies in the ledger.
async fn gone_on_with(bench: &Bench) -> Arc<Task> {
    let (queue, mut transitions) = queue_on(&bench.state, Terms::default()).await;
    queue.work(bench.lane(), bench.session.clone()).await;
    let ended = async {
        loop {
            let moved = transitions.recv().await.unwrap();
            if moved.moment.state.is_end() {
                return moved.task;
            }
        }
    };
    timeout(PATIENCE, ended).await.expect("it ends")
}

/// Everything of the slow group is there, and once.
async fn whole(bench: &Bench, task: &Task) {
    let lines: Vec<String> = objects_of(bench, task).await.into_values().flatten().collect();
    assert_eq!(lines.len() as u64, u64::from(STREAMS) * EVENTS);
    assert_eq!(task.headway.unwrap().events, lines.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lands_is_what_an_export_of_aws_leaves_also_in_a_bucket_that_aws_cannot_write_to() {
    let mut bench = Bench::at(200.0).await;
    let window =
        TimeRange::new(now().before(Duration::from_hours(96)), now().before(Duration::from_hours(24))).unwrap();
    let managed = bench.submit(TaskSpec { window, ..orders() }).await;
    let spec = TaskSpec { window, ..export_of("/demo/orders", "acme-secure-kms") };
    let id = bench.submit(direct(spec)).await;
    let (managed, done) =
        (bench.reach(managed, State::Completed).await, bench.see(id, |task| task.state.is_end()).await);
    assert_eq!((done.state, done.counted), (State::Completed, true), "{done:#?}");
    assert_eq!(done.remote.as_ref().unwrap().0, id.to_string(), "its folder has our own id");
    let (expected, found) = (objects_of(&bench, &managed).await, objects_of(&bench, &done).await);
    assert!(!expected.is_empty() && found == expected, "the same keys, the same lines");
    assert_eq!(done.landed.objects, found.len() as u64);
    let begins_event = |line: &&String| began(line.as_bytes()).is_some();
    let events = found.values().flatten().filter(begins_event).count();
    assert_eq!(done.headway.unwrap().events, events as u64);
    assert_eq!(bench.queue.ledger().checkpoint(id).await.unwrap(), None, "nobody goes on with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_of_what_is_known_and_what_holds_it_up_is_told_while_it_runs() {
    // More streams than are read at once, so that they end one after the other.
    const MANY: u32 = 24;
    let mut bench = Bench::at(60.0).await;
    bench.sandbox.world.faults.enforce_rates(true);
    let id = bench.submit(slow_group_of(&bench, MANY, 100)).await;
    let throttled = |bound| matches!(bound, Some(Bound::Quota { call: Operation::GetLogEvents, quota: None, .. }));
    let bound = bench.see(id, |task| task.headway.is_some_and(|headway| throttled(headway.bound))).await;
    let headway = bound.headway.unwrap();
    assert_eq!((headway.streams_known, headway.all_known, headway.over_time), (u64::from(MANY), true, false));
    let further = |now: Headway| now.streams_done > headway.streams_done && now.events > headway.events;
    let later = bench.see(id, |task| task.headway.is_some_and(further)).await.headway.unwrap();
    assert!(later.streams_done < u64::from(MANY), "one after the other: {later:?}");
    assert!(later.read > headway.read && later.read < Some(Share::of(1, 1)), "{headway:?} {later:?}");
    let done = bench.reach(id, State::Completed).await.headway.unwrap();
    assert_eq!((done.streams_done, done.read), (u64::from(MANY), Some(Share::of(1, 1))));
    assert!(done.uploaded > ByteCount(0) && done.raw > done.uploaded, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_export_takes_no_slot_and_waits_for_none() {
    let bench = Bench::at(60.0).await;
    bench.control("foreign-tasks", &serde_json::json!({"group": "/theirs", "name": "theirs", "seconds": 600}));
    let waiting = bench.submit(orders()).await;
    bench.see(waiting, |task| matches!(task.wait, Some(Wait::Slot(Some(_))))).await;
    let ids = bench.submit_all(vec![direct(orders()), direct(orders()), direct(orders())]).await;
    for id in ids {
        bench.see(id, |task| task.state == State::Completed).await;
    }
    let still = bench.queue.ledger().task(waiting).await.unwrap().unwrap();
    assert!(!still.state.is_end() && bench.calls("CancelExportTask") == 0, "{still:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_export_that_is_put_down_when_the_queue_closes_is_gone_on_with_by_the_next() {
    let bench = Bench::at(60.0).await;
    let id = bench.submit(slow_group(&bench)).await;
    bench.see(id, |task| task.headway.is_some_and(|headway| headway.events > 0)).await;
    bench.queue.shutdown(PATIENCE).await;
    let left = bench.queue.ledger().task(id).await.unwrap().unwrap();
    assert_eq!(left.state, State::Running, "{left:#?}");
    let done = gone_on_with(&bench).await;
    assert_eq!((done.state, done.attempt), (State::Completed, 1), "{done:#?}");
    whole(&bench, &done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_direct_export_tells_what_it_leaves_and_is_run_again_from_there() {
    let mut bench = Bench::at(60.0).await;
    let id = bench.submit(slow_group(&bench)).await;
    bench.see(id, |task| task.headway.is_some_and(|headway| headway.events > 0)).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    let cancelled = bench.reach(id, State::Cancelled).await;
    assert!(cancelled.counted, "what is left was counted: {cancelled:#?}");
    assert_eq!(objects_of(&bench, &cancelled).await.len() as u64, cancelled.landed.objects);
    bench.queue.retry(vec![id]).await.unwrap();
    let done = bench.reach(id, State::Completed).await;
    assert_eq!((done.attempt, &done.remote), (2, &cancelled.remote));
    whole(&bench, &done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_does_not_pass_fails_the_task_and_another_attempt_reads_the_rest() {
    let mut bench = Bench::at(60.0).await;
    let spec = slow_group(&bench);
    bench.sandbox.world.faults.add(Fault::new("GetLogEvents", Kind::Refuse(Refusal::AccessDenied)).every(20).times(1));
    let id = bench.submit(spec).await;
    let failed = bench.reach(id, State::Failed).await;
    assert_eq!(failed.problem.as_ref().map(|problem| problem.kind), Some(ProblemKind::AccessDenied), "{failed:#?}");
    let left = objects_of(&bench, &failed).await;
    assert_eq!((failed.counted, failed.landed.objects), (true, left.len() as u64));
    bench.queue.retry(vec![id]).await.unwrap();
    let done = bench.reach(id, State::Completed).await;
    whole(&bench, &done).await;
    let kept = objects_of(&bench, &done).await;
    assert!(left.iter().all(|(key, lines)| kept.get(key) == Some(lines)), "what was there stays as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_whose_events_no_call_reads_is_refused_before_anything_is_begun() {
    let mut bench = Bench::at(60.0).await;
    let id = bench.submit(direct(export_of("/archive/audit-2025", "acme-log-exports"))).await;
    let failed = bench.reach(id, State::Failed).await;
    let problem = failed.problem.as_ref().unwrap();
    assert!(problem.kind == ProblemKind::Blocked && problem.to_string().contains("INFREQUENT_ACCESS"), "{problem}");
    assert_eq!((failed.accepted, bench.calls("GetLogEvents")), (None, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_gets_the_same_files_as_a_bucket_gets_keys() {
    let bench = Bench::at(60.0).await;
    let home = tempfile::tempdir().unwrap();
    let window =
        TimeRange::new(now().before(Duration::from_hours(96)), now().before(Duration::from_hours(24))).unwrap();
    let to = format!("file:{}", home.path().join("not/there/yet").display());
    let specs = [&to, "acme-log-exports"].map(|to| direct(TaskSpec { window, ..export_of("/demo/orders", to) }));
    let ids = bench.submit_all(specs.to_vec()).await;
    let mut found = Vec::new();
    for id in ids {
        let done = bench.see(id, |task| task.state.is_end()).await;
        assert_eq!((done.state, done.counted), (State::Completed, true), "{done:#?}");
        let objects = objects_of(&bench, &done).await;
        assert_eq!(done.landed.objects, objects.len() as u64);
        found.push(objects);
    }
    assert!(!found[0].is_empty() && found[0] == found[1], "the same names, the same lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_a_directory_is_told_before_anything_is_read() {
    let mut bench = Bench::at(60.0).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    let id = bench.submit(direct(export_of("/demo/orders", &format!("file:{}/below", file.display())))).await;
    let failed = bench.reach(id, State::Failed).await;
    let problem = failed.problem.as_ref().unwrap();
    assert_eq!(problem.kind, ProblemKind::Blocked, "{problem}");
    assert!(problem.to_string().contains("is no directory"), "{problem}");
    assert_eq!(bench.calls("GetLogEvents"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_into_a_directory_is_cancelled_put_down_and_gone_on_with_like_any_other() {
    let mut bench = Bench::at(60.0).await;
    let home = tempfile::tempdir().unwrap();
    let mut spec = slow_group(&bench);
    spec.destination.store = Store::stored(&format!("file:{}", home.path().display())).unwrap();
    let id = bench.submit(spec).await;
    bench.see(id, |task| task.headway.is_some_and(|headway| headway.events > 0)).await;
    bench.queue.cancel(vec![id]).await.unwrap();
    let cancelled = bench.reach(id, State::Cancelled).await;
    assert!(cancelled.counted, "what is left was counted: {cancelled:#?}");
    let folder = cancelled.spec.destination.folder(cancelled.remote.as_ref().unwrap());
    let root = cancelled.spec.destination.store.place(&folder);
    let left = if Path::new(&root).exists() { files_of(&root).len() as u64 } else { 0 };
    assert_eq!(left, cancelled.landed.objects);
    bench.queue.retry(vec![id]).await.unwrap();
    bench.reach(id, State::Running).await;
    bench.queue.shutdown(PATIENCE).await;
    // On a busy machine it may have ended before it could be put down.
    let left = bench.queue.ledger().task(id).await.unwrap().unwrap();
    let done = if left.state.is_end() { Arc::new(left) } else { gone_on_with(&bench).await };
    assert_eq!((done.state, done.attempt, &done.remote), (State::Completed, 2, &cancelled.remote), "{done:#?}");
    whole(&bench, &done).await;
}
