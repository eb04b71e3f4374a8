//! A task of the direct engine from the log group to the bucket: what lies there is what the server holds, whatever fails,
//! and wherever a run is stopped.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use logferry::aws::{ConnectOptions, Session};
use logferry::domain::amount::ByteCount;
use logferry::domain::direct::checkpoint::Checkpoint;
use logferry::domain::direct::line::Format;
use logferry::domain::names::BucketName;
use logferry::domain::place::Region;
use logferry::domain::problem::ProblemKind;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::direct::job::{Job, Outcome};
use logferry::export::direct::read::{Budgets, ReadBy, Source};
use logferry::export::direct::write::{Bucket, Plan, Sink};
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::logs::Whims;
use logferry::sandbox::{Caller, Config, Sandbox, Seed, logs};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

const BUCKET: &str = "acme-logs";
const REGION: &str = "eu-central-1";
const GROUP: &str = "/acme/web";
const ROOT: &str = "nightly/4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e/";
/// Streams, and events of each; one a millisecond.
const STREAMS: i64 = 4;
const EVENTS: i64 = 400;

struct Desk {
    sandbox: Sandbox,
    session: Session,
    from: i64,
}

impl Desk {
    /// A bucket, and a log group of streams two of which share a folder.
    async fn new() -> Self {
        let sandbox = Sandbox::start(Config { seed: Seed::Empty, ..Config::default() }).await.unwrap();
        sandbox.world.s3.create_bucket(BUCKET, REGION, &sandbox.world.config.account);
        let options = ConnectOptions {
            region: Some(REGION.to_owned()),
            endpoint_url: Some(sandbox.endpoint_url()),
            fixed_keys: Some(("test".to_owned(), "secret".to_owned())),
            ..ConnectOptions::default()
        };
        let session = Session::connect(options).await.unwrap();
        let from = Timestamp::from(SystemTime::now()).before(Duration::from_hours(1)).millis();
        let desk = Self { sandbox, session, from };
        desk.call("CreateLogGroup", &json!({"logGroupName": GROUP}));
        for stream in ["a/b", "a-b", "c", "d"] {
            let mut name = json!({"logGroupName": GROUP, "logStreamName": stream});
            desk.call("CreateLogStream", &name);
            let event = |n| json!({"timestamp": from + n, "message": format!("{stream} {n}")});
            name["logEvents"] = (0..EVENTS).map(event).collect();
            desk.call("PutLogEvents", &name);
        }
        desk.sandbox.world.logs.set_whims(Whims { most_events: 20, empty_every: 7, ..Whims::default() });
        desk
    }

    fn call(&self, operation: &str, input: &Value) {
        let account = self.sandbox.world.config.account.clone();
        let caller = Caller { access_key: "test".into(), account, region: REGION.into() };
        let reply = logs::handle(&self.sandbox.world, &caller, operation, &Bytes::from(input.to_string()));
        assert_eq!(reply.status, 200, "{operation}: {:?}", reply.body);
    }

    async fn job(&self, by: ReadBy, resume: Option<Checkpoint>, save: mpsc::Sender<Checkpoint>) -> Job {
        let at = Timestamp::from_millis;
        let source = Source {
            session: self.session.clone(),
            group: GROUP.to_owned(),
            window: TimeRange::new(at(self.from), at(self.from + EVENTS)).unwrap(),
            stream_prefix: None,
            pattern: None,
            budgets: Arc::new(Budgets::unbounded()),
            chains: 3,
            by,
        };
        // Objects of few lines, so that there are many of them.
        let plan =
            Plan { group: GROUP.to_owned(), format: Format::Text, roll_over: ByteCount(1_000), sink: self.sink() };
        Job::begin(source, plan, resume, save).await.unwrap()
    }

    fn sink(&self) -> Sink {
        let session = watch::Sender::new(self.session.clone()).subscribe();
        Sink::Bucket(Bucket::new(session, BucketName::parse(BUCKET).unwrap(), Region(REGION.to_owned()), ROOT))
    }

    /// The lines of all objects, and that no upload is left.
    async fn lines(&self) -> Vec<String> {
        let objects = self.session.objects(&BucketName::parse(BUCKET).unwrap(), &Region(REGION.to_owned()));
        assert_eq!(objects.uploads(ROOT).await.unwrap(), []);
        let mut lines = Vec::new();
        let mut token = None;
        loop {
            let page = objects.list(ROOT, token).await.unwrap();
            for object in page.items {
                let body = self.sandbox.world.s3.object(BUCKET, &object.key).unwrap();
                let mut text = String::new();
                MultiGzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
                lines.extend(text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()));
            }
            token = page.next;
            if token.is_none() {
                return lines;
            }
        }
    }

    async fn check(&self) {
        let lines = self.lines().await;
        let distinct: BTreeSet<&String> = lines.iter().collect();
        assert_eq!((lines.len(), distinct.len()), (usize::try_from(STREAMS * EVENTS).unwrap(), lines.len()));
    }
}

/// How a task ends that can be written.
async fn finish(job: Job) -> Outcome {
    Box::pin(job.run()).await.unwrap()
}

#[tokio::test]
async fn what_lies_in_the_bucket_is_what_the_log_group_holds_although_calls_fail() {
    for by in [ReadBy::Streams, ReadBy::Group] {
        let desk = Desk::new().await;
        for (operation, kind) in [
            ("GetLogEvents", Kind::CutWithin),
            ("FilterLogEvents", Kind::CutWithin),
            ("PutObject", Kind::Refuse(Refusal::ServerError)),
        ] {
            desk.sandbox.world.faults.add(Fault::new(operation, kind).every(5).times(2));
        }
        let (save, mut saved) = mpsc::channel(1);
        let taking = tokio::spawn(async move {
            let mut last = None;
            while let Some(checkpoint) = saved.recv().await {
                last = Some(checkpoint);
            }
            last
        });
        let job = desk.job(by, None, save).await;
        let (gauges, tally) = (job.gauges(), job.tally());
        let outcome = finish(job).await;
        assert!(outcome.lost.is_empty() && outcome.failed.is_none());
        let events = u64::try_from(STREAMS * EVENTS).unwrap();
        assert_eq!((gauges.events.get(), tally.borrow().durable.events), (events, events), "{by:?}");
        assert_eq!(taking.await.unwrap().as_ref(), Some(&outcome.checkpoint), "the last checkpoint was saved");
        desk.check().await;
    }
}

#[tokio::test]
async fn a_failure_of_reading_keeps_what_was_read_and_another_run_reads_the_rest() {
    let desk = Desk::new().await;
    desk.sandbox.world.faults.add(Fault::new("GetLogEvents", Kind::Refuse(Refusal::ExpiredToken)).every(30).times(1));
    let (save, mut saved) = mpsc::channel(100);
    let outcome = finish(desk.job(ReadBy::Streams, None, save.clone()).await).await;
    assert_eq!(outcome.failed.map(|problem| problem.kind), Some(ProblemKind::ExpiredCredentials));
    assert!(outcome.checkpoint.written.events > 0);
    let read = desk.sandbox.world.faults.calls()["GetLogEvents"];
    let outcome = finish(desk.job(ReadBy::Streams, Some(outcome.checkpoint), save).await).await;
    assert!(outcome.failed.is_none() && saved.try_recv().is_ok());
    let pages = u64::try_from(STREAMS * EVENTS / 20).unwrap();
    assert!(desk.sandbox.world.faults.calls()["GetLogEvents"] - read < pages, "what was read is not read again");
    desk.check().await;
}

/// As `kill -9` would: the run is dropped between two of its steps, and what it has not saved is forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_anywhere_is_taken_up_without_loss_and_nothing_comes_twice() {
    for (round, by) in [ReadBy::Streams, ReadBy::Group].into_iter().cycle().take(12).enumerate() {
        let desk = Desk::new().await;
        let mut checkpoint = None;
        for kill in 1..4_u64 {
            let (save, mut saved) = mpsc::channel(1);
            let job = desk.job(by, checkpoint.clone(), save).await;
            let gauges = job.gauges();
            let run = tokio::spawn(Box::pin(job.run()));
            let enough = (round as u64 * 37 + kill * 170) % 1_500;
            while gauges.events.get() < enough && !run.is_finished() {
                tokio::task::yield_now().await;
                checkpoint = saved.try_recv().ok().or(checkpoint);
            }
            run.abort();
            let _ = run.await;
            checkpoint = saved.try_recv().ok().or(checkpoint);
        }
        let (save, mut saved) = mpsc::channel(1);
        tokio::spawn(async move { while saved.recv().await.is_some() {} });
        let resume = checkpoint.unwrap_or_default();
        let resume: Checkpoint = serde_json::from_str(&serde_json::to_string(&resume).unwrap()).unwrap();
        let outcome = finish(desk.job(by, Some(resume), save).await).await;
        assert!(outcome.failed.is_none());
        desk.check().await;
    }
}
