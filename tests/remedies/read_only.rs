//! A read-only session looks at everything and changes nothing: refused before anything is sent.

use logferry::aws::ConnectOptions;
use logferry::domain::engine::Engine;
use logferry::domain::layout::Destination;
use logferry::domain::names::{LogGroupName, RemoteId};
use logferry::domain::preflight::Preflight;
use logferry::domain::preflight::Probe;
use logferry::domain::problem::ProblemKind;
use logferry::domain::store::Store;
use logferry::domain::task::TaskSpec;
use logferry::domain::time::{TimeRange, Timestamp};

use crate::bench::{Bench, session};

const BUCKET: &str = "acme-log-exports";

fn spec() -> TaskSpec {
    TaskSpec {
        group: LogGroupName::parse("/ecs/shop-web").expect("a good name"),
        window: TimeRange::new(Timestamp::from_millis(1_790_000_000_000), Timestamp::from_millis(1_790_000_060_000))
            .expect("from lies before to"),
        destination: Destination { store: Store::stored(BUCKET).expect("a good name"), prefix: None },
        stream_prefix: None,
        label: None,
        preflight: Preflight::Off,
        engine: Engine::Managed,
    }
}

#[tokio::test]
async fn what_would_change_aws_is_refused_and_never_sent() {
    let bench = Bench::new().await;
    let session = session(ConnectOptions { read_only: true, ..bench.connect() }).await;
    assert!(session.is_read_only());
    let create = session.create_export_task("logferry/test", &spec()).await.expect_err("refused");
    let cancel = session.cancel_export_task(&RemoteId("7".to_owned())).await.expect_err("refused");
    let Probe::Failed(probe) = session.probe(BUCKET, session.region(), "probe").await else {
        panic!("an object was put");
    };
    for (problem, operation) in [(create, "CreateExportTask"), (cancel, "CancelExportTask"), (probe, "PutObject")] {
        assert_eq!(problem.kind, ProblemKind::ReadOnly, "{problem}");
        assert!(problem.to_string().starts_with(operation), "{problem}");
        assert!(problem.to_string().ends_with("failed: logferry is read-only and changes nothing in AWS"), "{problem}");
        assert_eq!(bench.calls(operation), 0);
    }
}

#[tokio::test]
async fn looking_goes_on() {
    let bench = Bench::new().await;
    let session = session(ConnectOptions { read_only: true, ..bench.connect() }).await;
    session.identity().await.expect("GetCallerIdentity");
    assert!(!session.log_groups(None).await.expect("DescribeLogGroups or ListLogGroups").items.is_empty());
    assert!(!session.buckets(None).await.expect("ListBuckets").items.is_empty());
    session.export_tasks(None, None).await.expect("DescribeExportTasks");
    session.bucket_exists(BUCKET, session.region()).await.expect("HeadBucket");
    assert!(session.bucket_policy(BUCKET, session.region()).await.expect("GetBucketPolicy").is_some());
    session.landed(BUCKET, "exports/").await.expect("ListObjectsV2");
}
