//! The checks before each launch: what they keep from AWS, what they let through, and what they cost.

use logferry::domain::preflight::Preflight;
use logferry::domain::task::{Moment, State, TaskSpec};
use logferry::sandbox::faults::{Fault, Kind, Refusal};

use tokio::time::sleep;

use super::*;

/// What the demo's ready bucket has for a policy.
fn ready_policy(bench: &Bench) -> String {
    let ready = bench.sandbox.world.s3.bucket("acme-log-exports").unwrap().policy.unwrap();
    ready.replace("acme-log-exports", "acme-legacy-archive")
}

/// What the timeline says of the launch.
async fn launch_line(bench: &Bench, id: TaskId) -> String {
    let task = bench.queue.ledger().task(id).await.unwrap().unwrap();
    let launching = |moment: &&Moment| moment.state == State::Launching;
    task.timeline.iter().find(launching).expect("it was launched").remark.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_blocked_fails_with_its_finding_and_never_reaches_aws() {
    let mut bench = Bench::at(60.0).await;
    let cases = [
        ("/demo/orders", "acme-legacy-archive", "policy", "add the missing statements"),
        ("/demo/orders", "acme-no-such-bucket", "the bucket cannot", "create it"),
        ("/demo/no-such-group", "acme-log-exports", "log group", "check its name"),
        ("/demo/orders", "acme-secure-kms", "encryption", "SSE-S3"),
    ];
    for (group, bucket, cause, remedy) in cases {
        let id = bench.submit(export_of(group, bucket)).await;
        let failed = bench.reach(id, State::Failed).await;
        let problem = failed.problem.clone().unwrap();
        assert_eq!(problem.kind, ProblemKind::Blocked, "{problem}");
        assert!(problem.explain().cause.contains(cause), "{problem}");
        assert!(problem.explain().remedy.contains(remedy), "{:?}", problem.explain());
        assert_eq!((failed.doubt, failed.accepted), (None, None));
    }
    assert_eq!(bench.calls("CreateExportTask"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_task_completes_once_its_bucket_is_mended_and_it_is_run_again() {
    let mut bench = Bench::at(60.0).await;
    let id = bench.submit(export_of("/demo/orders", "acme-legacy-archive")).await;
    bench.reach(id, State::Failed).await;
    let policy = ready_policy(&bench);
    bench.sandbox.world.s3.set_policy("acme-legacy-archive", Some(policy));
    bench.queue.retry(vec![id]).await.unwrap();
    let done = bench.reach(id, State::Completed).await;
    assert_eq!((done.attempt, done.problem.clone()), (2, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_of_one_check_pause_the_plan() {
    let mut bench = Bench::at(200.0).await;
    let specs = (0..8).map(|_| export_of("/demo/orders", "acme-legacy-archive")).collect();
    let ids = bench.submit_all(specs).await;
    for id in &ids[..3] {
        bench.reach(*id, State::Failed).await;
    }
    let mut snapshots = bench.queue.snapshots();
    let paused =
        |snapshot: &Arc<logferry::export::Snapshot>| snapshot.plans.first().is_some_and(|plan| plan.pause.is_some());
    let snapshot = timeout(PATIENCE, snapshots.wait_for(paused)).await.unwrap().unwrap().clone();
    assert_eq!((snapshot.plans[0].counts.failed, snapshot.plans[0].counts.queued), (3, 5));
    assert_eq!(bench.calls("CreateExportTask"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_said_to_let_the_service_in_goes_through_with_a_warning_noted() {
    let mut bench = Bench::at(60.0).await;
    bench.control("kms", &serde_json::json!({"accept": true}));
    let spec = export_of("/demo/orders", "acme-secure-kms");
    let refused = bench.submit(spec.clone()).await;
    bench.reach(refused, State::Failed).await;
    let id = bench.submit(TaskSpec { preflight: Preflight::AllowKms, ..spec }).await;
    bench.reach(id, State::Completed).await;
    let line = launch_line(&bench, id).await;
    assert_eq!(line, "asking AWS to export; checks that warn: range, encryption");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_checked_holds_nothing_up() {
    for refusal in [Refusal::AccessDenied, Refusal::Throttle, Refusal::ServerError] {
        let mut bench = Bench::at(200.0).await;
        for call in ["GetBucketPolicy", "GetBucketEncryption", "GetBucketLocation", "HeadBucket", "DescribeLogGroups"] {
            bench.sandbox.world.faults.add(Fault::new(call, Kind::Refuse(refusal)));
        }
        let id = bench.submit(orders()).await;
        bench.reach(id, State::Completed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_task_is_checked_while_the_one_before_it_runs() {
    let mut bench = Bench::at(2.0).await;
    let ids = bench.submit_all(vec![orders(), export_of("/demo/orders", "acme-legacy-archive")]).await;
    bench.reach(ids[0], State::Pending).await;
    let asked = async {
        while bench.calls("GetBucketPolicy") < 2 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, asked).await.expect("the second bucket is asked");
    let first = bench.queue.ledger().task(ids[0]).await.unwrap().unwrap();
    assert!(!first.state.is_end(), "before the first has ended: {first:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tasks_into_one_bucket_ask_it_once() {
    let mut bench = Bench::at(200.0).await;
    let ids = bench.submit_all((0..6).map(|_| orders()).collect()).await;
    for id in &ids {
        bench.reach(*id, State::Completed).await;
    }
    // Answers are renewed now and then while tasks wait, should this take long.
    for call in ["GetBucketPolicy", "GetBucketEncryption", "DescribeLogGroups"] {
        assert!((1..=2).contains(&bench.calls(call)), "{call}: {}", bench.calls(call));
    }
    assert_eq!(bench.calls("FilterLogEvents"), 0, "that would cost others their quota");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_checks_nothing_is_asked_of_the_bucket() {
    let mut bench = Bench::at(200.0).await;
    let id = bench.submit(TaskSpec { preflight: Preflight::Off, ..orders() }).await;
    bench.reach(id, State::Completed).await;
    assert_eq!(launch_line(&bench, id).await, "asking AWS to export");
    assert_eq!(bench.calls("GetBucketPolicy"), 0);
}
