//! What lies in the sandbox's bucket, whole, damaged, strange or out of reach.

use bytes::Bytes;
use logferry::domain::amount::{ByteCount, Landed};
use logferry::domain::problem::ProblemKind;
use logferry::domain::store::Store;
use logferry::domain::verify::subject::Subject;
use logferry::export::verify::Verification;
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::{Config, Sandbox, Seed};

use crate::bench::{ACCOUNT, BUCKET, FOLDER, REGION, gz, lines, subject, verify};
use crate::support::session::connect;

async fn sandbox() -> Sandbox {
    let config = Config { seed: Seed::Empty, ..Config::default() };
    let sandbox = Sandbox::start(config).await.expect("a free port on loopback");
    sandbox.world.s3.create_bucket(BUCKET, REGION, ACCOUNT);
    sandbox
}

fn put(sandbox: &Sandbox, key: &str, body: Vec<u8>) {
    assert!(sandbox.world.s3.put_object(BUCKET, &format!("{FOLDER}{key}"), Bytes::from(body)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_objects_than_a_page_lists_come_in_order_and_are_all_counted() {
    let sandbox = sandbox().await;
    let body = gz(&lines(3));
    for stream in 0..1100 {
        put(&sandbox, &format!("s{stream:05}/000000.gz"), body.clone());
    }
    let found = verify(connect(&sandbox.endpoint_url()).await, subject()).await;
    assert_eq!((found.objects.len(), found.tally.events.count, found.findings().len()), (1100, 3300, 0));
    assert!(found.objects.is_sorted_by(|one, next| one.key < next.key));
    let landed = Landed { objects: 1100, bytes: ByteCount(1100 * body.len() as u64) };
    assert_eq!(found.tally.landed, landed);
    let progress = found.progress;
    assert_eq!((progress.listed, progress.listed_all), (landed, true));
    assert_eq!((progress.objects, progress.bytes), (landed.objects, landed.bytes));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_thing_that_is_wrong_is_found_on_its_object() {
    let sandbox = sandbox().await;
    let whole = gz(&lines(500));
    put(&sandbox, "a/000000.gz", whole.clone());
    put(&sandbox, "a/000002.gz", whole[..whole.len() / 2].to_vec());
    put(&sandbox, "b/000000.gz", [whole.clone(), b"rubbish".to_vec()].concat());
    put(&sandbox, "c/000000.gz", gz("2020-01-01T00:00:00.000Z long before\n"));
    put(&sandbox, "d/000000.gz", gz("not a line of an export\n"));
    put(&sandbox, "e/000000.gz", [whole.clone(), gz("  and its second member\n")].concat());
    put(&sandbox, "aws-logs-write-test", b"Permission Check Successful".to_vec());
    put(&sandbox, "manifest.json", b"{}".to_vec());
    put(&sandbox, "readme", b"?".to_vec());
    let found = verify(connect(&sandbox.endpoint_url()).await, subject()).await;
    assert_eq!(
        found.findings(),
        [
            (Some("a/000002.gz"), "gap"),
            (Some("a/000002.gz"), "damaged"),
            (Some("b/000000.gz"), "damaged"),
            (Some("c/000000.gz"), "outside_range"),
            (Some("d/000000.gz"), "no_events"),
            (Some("readme"), "stranger"),
        ]
    );
    assert_eq!(found.tally.landed.objects, 7, "neither the write test nor the manifest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_is_tried_again_and_what_does_not_is_a_finding() {
    let sandbox = sandbox().await;
    put(&sandbox, "a/000000.gz", gz(&lines(10)));
    let faults = &sandbox.world.faults;
    // The SDK gives up after three; so does not the verification.
    faults.add(Fault::new("GetObject", Kind::Refuse(Refusal::ServerError)).times(4));
    faults.add(Fault::new("ListObjectsV2", Kind::CutBefore).times(4));
    let found = verify(connect(&sandbox.endpoint_url()).await, subject()).await;
    assert_eq!((found.findings(), found.body().events.count), (Vec::new(), 10));

    faults.add(Fault::new("GetObject", Kind::Refuse(Refusal::AccessDenied)));
    let found = verify(connect(&sandbox.endpoint_url()).await, subject()).await;
    assert_eq!(found.findings(), [(Some("a/000000.gz"), "unread")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_bucket_is_an_error_and_no_object_a_finding() {
    let sandbox = sandbox().await;
    let session = connect(&sandbox.endpoint_url()).await;
    assert_eq!(verify(session.clone(), subject()).await.findings(), [(None, "empty")]);
    let nowhere = Store::stored("no-such-bucket").expect("a good name");
    let lost = Subject { store: nowhere, ..subject() };
    let problem = Verification::new(session, lost).await.expect_err("it is not there");
    assert_eq!(problem.kind, ProblemKind::NotFound, "{problem}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_in_another_region_is_found_where_it_is() {
    let sandbox = sandbox().await;
    sandbox.world.s3.create_bucket("acme-elsewhere", "us-west-2", ACCOUNT);
    let store = Store::stored("acme-elsewhere").expect("a good name");
    sandbox.world.s3.put_object("acme-elsewhere", &format!("{FOLDER}a/000000.gz"), Bytes::from(gz(&lines(2))));
    let subject = Subject { store, ..subject() };
    let found = verify(connect(&sandbox.endpoint_url()).await, subject).await;
    assert_eq!((found.findings(), found.body().events.count), (Vec::new(), 2));
}
