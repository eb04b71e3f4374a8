//! The direct engine's writing side through the real SDK against the embedded S3, and into a directory: what lies there is
//! exactly what was delivered, whatever fails meanwhile and wherever a run ends.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use futures::StreamExt as _;
use logferry::aws::{ConnectOptions, Session};
use logferry::domain::amount::ByteCount;
use logferry::domain::direct::checkpoint::Checkpoint;
use logferry::domain::direct::line::Format;
use logferry::domain::direct::mark::Mark;
use logferry::domain::direct::page::{Entry, Page};
use logferry::domain::direct::progress::{Cursor, Delivery, Step};
use logferry::domain::direct::unit::{StreamName, Streams, Unit, UnitId};
use logferry::domain::names::BucketName;
use logferry::domain::place::Region;
use logferry::domain::problem::{Problem, ProblemKind};
use logferry::export::direct::write::{Bucket, Directory, Plan, ROLL_OVER, Sink, Writer};
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::{Config, Sandbox, Seed};
use tokio::sync::{mpsc, watch};

const BUCKET: &str = "acme-logs";
const ROOT: &str = "nightly/4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e/";
/// 2026-08-09T18:00:00Z.
const NINTH: i64 = 1_786_298_400_000;

struct Desk {
    sandbox: Sandbox,
    session: watch::Sender<Session>,
}

impl Desk {
    async fn new() -> Self {
        let config = Config { seed: Seed::Empty, ..Config::default() };
        let sandbox = Sandbox::start(config).await.expect("a free port on loopback");
        sandbox.world.s3.create_bucket(BUCKET, "eu-central-1", &sandbox.world.config.account);
        let options = ConnectOptions {
            region: Some("eu-central-1".to_owned()),
            endpoint_url: Some(sandbox.endpoint_url()),
            fixed_keys: Some(("AKIAEXAMPLE".to_owned(), "any".to_owned())),
            ..ConnectOptions::default()
        };
        let session = Session::connect(options).await.expect("the sandbox");
        Self { sandbox, session: watch::Sender::new(session) }
    }

    fn sink(&self) -> Sink {
        let bucket = BucketName::parse(BUCKET).expect("a valid name");
        Sink::Bucket(Bucket::new(self.session.subscribe(), bucket, Region("eu-central-1".to_owned()), ROOT))
    }

    /// The objects below the task's folder, unpacked.
    async fn objects(&self) -> BTreeMap<String, String> {
        let bucket = BucketName::parse(BUCKET).expect("a valid name");
        let objects = self.session.borrow().objects(&bucket, &Region("eu-central-1".to_owned()));
        let page = objects.list(ROOT, None).await.expect("a listing");
        assert_eq!(objects.uploads(ROOT).await.expect("a listing"), [], "no upload is left behind");
        let unpack = |key: String| {
            let body = self.sandbox.world.s3.object(BUCKET, &key).expect("it was listed");
            (key[ROOT.len()..].to_owned(), unpacked(&body))
        };
        page.items.into_iter().map(|object| unpack(object.key)).collect()
    }
}

fn unpacked(body: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(body).read_to_string(&mut text).expect("gzip of UTF-8");
    text
}

fn plan(sink: Sink, roll_over: u64) -> Plan {
    Plan { group: "/aws/web".to_owned(), format: Format::Text, roll_over: ByteCount(roll_over), sink }
}

/// A page of one event a name, and the lines it is to become.
fn page(events: &[(&str, i64, String)]) -> Page {
    let mut text = Vec::new();
    let mut entries = Vec::new();
    let streams: Vec<StreamName> = events.iter().map(|(stream, ..)| StreamName::from(*stream)).collect();
    for (_, at, message) in events {
        let start = u32::try_from(text.len()).expect("a small page");
        text.extend_from_slice(message.as_bytes());
        let message = start..u32::try_from(text.len()).expect("a small page");
        entries.push(Entry { at: *at, ingested: *at, message, id: 0..0 });
    }
    let of: Vec<u32> = (0..).take(entries.len()).collect();
    Page::of_streams(&streams, &of, text, entries)
}

fn began(id: u64, streams: Streams) -> Delivery {
    let unit = Unit { streams, from: 0, until: i64::MAX };
    let step = Step::Began { id: UnitId(id), unit, cursor: Cursor::default(), young: false };
    Delivery { page: Page::default(), step }
}

fn reached(id: u64, token: usize, page: Page) -> Delivery {
    let mut mark = Mark::default();
    mark.token = Some(token.to_string());
    Delivery { page, step: Step::Reached { id: UnitId(id), mark } }
}

fn ended(id: u64) -> Delivery {
    Delivery { page: Page::default(), step: Step::Ended { id: UnitId(id) } }
}

/// Delivers everything and waits for the end.
async fn write(plan: Plan, resume: Option<Checkpoint>, deliveries: Vec<Delivery>) -> Result<Checkpoint, Problem> {
    let (save, _saved) = mpsc::channel(1);
    let writer = Writer::begin(plan, resume, save).await?;
    let (to, from) = mpsc::channel(4);
    let deliver = async move {
        for delivery in deliveries {
            if to.send(delivery).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(writer.run(from), deliver).0
}

/// Text that does not pack well, so that parts fill up.
fn noise(seed: u64, bytes: usize) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| random.alphanumeric()).take(bytes).collect()
}

/// A stream of `pages` pages of one large message each, as unit 0; with the lines it is to become.
fn large(pages: usize, bytes: usize) -> (Vec<Delivery>, String) {
    let mut deliveries = vec![began(0, Streams::One("web".into()))];
    let mut lines = String::new();
    for number in 0..pages {
        let message = noise(number as u64, bytes);
        writeln!(lines, "2026-08-09T18:00:00.{number:03}Z {message}").expect("into a String");
        let at = NINTH + i64::try_from(number).expect("few pages");
        deliveries.push(reached(0, number, page(&[("web", at, message)])));
    }
    deliveries.push(ended(0));
    (deliveries, lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_both_kinds_land_line_for_line_under_aws_s_keys() {
    let desk = Desk::new().await;
    let deliveries = vec![
        began(0, Streams::One("a/b".into())),
        began(1, Streams::All),
        reached(0, 1, page(&[("a/b", NINTH + 5, "one\n\tat Main".to_owned())])),
        reached(1, 1, page(&[("a-b", NINTH, "two".to_owned()), ("c", NINTH, "Größe 🦀".to_owned())])),
        reached(0, 2, Page::default()),
        ended(0),
        reached(1, 2, page(&[("c", NINTH + 1, "later".to_owned())])),
        ended(1),
    ];
    let end = write(plan(desk.sink(), ROLL_OVER.0), None, deliveries).await.expect("it succeeds");
    let objects = desk.objects().await;
    let expected = [
        ("a-b/000000.gz", "2026-08-09T18:00:00.005Z one\n\tat Main\n"),
        ("a-b/000001.gz", "2026-08-09T18:00:00.000Z two\n"),
        ("c/000000.gz", "2026-08-09T18:00:00.000Z Größe 🦀\n2026-08-09T18:00:00.001Z later\n"),
    ];
    assert_eq!(objects, expected.map(|(key, text)| (key.to_owned(), text.to_owned())).into());
    assert_eq!((end.landed().objects, end.written.events), (3, 4));
    assert_eq!(end.progress.open_units().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_stream_goes_up_in_parts_whatever_fails_meanwhile() {
    let desk = Desk::new().await;
    let faults = &desk.sandbox.world.faults;
    faults.add(Fault::new("CreateMultipartUpload", Kind::Refuse(Refusal::Throttle)).times(1));
    faults.add(Fault::new("UploadPart", Kind::Refuse(Refusal::ServerError)).times(1));
    faults.add(Fault::new("UploadPart", Kind::CutAfter).times(1));
    faults.add(Fault::new("UploadPart", Kind::CutBefore).times(1));
    faults.add(Fault::new("CompleteMultipartUpload", Kind::CutAfter).times(1));
    let (deliveries, lines) = large(24, 1_000_000);
    let end = write(plan(desk.sink(), ROLL_OVER.0), None, deliveries).await.expect("it succeeds");
    assert!(faults.calls()["UploadPart"] > 3, "{:?}", faults.calls());
    let objects = desk.objects().await;
    assert_eq!(objects.keys().collect::<Vec<_>>(), ["web/000000.gz"]);
    assert!(objects["web/000000.gz"] == lines, "every byte as it was delivered");
    assert_eq!(end.written.raw, lines.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_anywhere_is_taken_up_with_nothing_lost_and_nothing_twice() {
    let (deliveries, lines) = large(24, 700_000);
    for stop in [1, 5, 12, 19, 25] {
        let desk = Desk::new().await;
        let (save, mut saved) = mpsc::channel(1);
        let writer = Writer::begin(plan(desk.sink(), 3_000_000), None, save).await.expect("it begins");
        let (to, from) = mpsc::channel(1);
        let run = tokio::spawn(writer.run(from));
        for delivery in deliveries.iter().take(stop) {
            to.send(delivery.clone()).await.expect("the writer takes it");
        }
        // As a crash would: nothing is finished, nothing given up.
        run.abort();
        let _ = run.await;
        let checkpoint = saved.try_recv().unwrap_or_default();
        // Reading goes on where the checkpoint says.
        let resumed: Vec<Delivery> = match checkpoint.progress.open_units().next() {
            None => deliveries.clone(),
            Some((_, open)) => {
                let token = open.mark.token.clone();
                let after = token.map_or(0, |token| token.parse::<usize>().expect("a number") + 1);
                deliveries[after + 1..].to_vec()
            }
        };
        let end = write(plan(desk.sink(), 3_000_000), Some(checkpoint), resumed).await.expect("it succeeds");
        let objects = desk.objects().await;
        assert_eq!(end.landed().objects, objects.len() as u64, "stopped after {stop}");
        assert!(objects.into_values().collect::<String>() == lines, "stopped after {stop}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_run_left_is_removed_or_emptied_and_nothing_else_is() {
    let desk = Desk::new().await;
    let store = &desk.sandbox.world.s3;
    let other = format!("{ROOT}manifest.json");
    let left = format!("{ROOT}web/000007.gz");
    for key in [&other, &left] {
        assert!(store.put_object(BUCKET, key, "x".into()));
    }
    desk.sandbox.world.faults.add(Fault::new("DeleteObject", Kind::Refuse(Refusal::AccessDenied)));
    write(plan(desk.sink(), 1), Some(Checkpoint::default()), Vec::new()).await.expect("it succeeds");
    assert_eq!(store.object(BUCKET, &left).map(|body| unpacked(&body)), Some(String::new()));
    desk.sandbox.world.faults.clear();
    write(plan(desk.sink(), 1), Some(Checkpoint::default()), Vec::new()).await.expect("it succeeds");
    assert_eq!((store.object(BUCKET, &left), store.object(BUCKET, &other)), (None, Some("x".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_good_is_told_and_giving_up_leaves_no_upload() {
    let desk = Desk::new().await;
    desk.sandbox.world.faults.add(Fault::new("CompleteMultipartUpload", Kind::Refuse(Refusal::AccessDenied)));
    // Enough for parts however far packing lags behind.
    let (deliveries, _) = large(24, 1_000_000);
    let problem = write(plan(desk.sink(), ROLL_OVER.0), None, deliveries).await.expect_err("it is refused");
    assert_eq!((problem.kind, problem.operation.as_ref()), (ProblemKind::AccessDenied, "CompleteMultipartUpload"));
    desk.sink().give_up().await.expect("it is given up");
    assert_eq!(desk.objects().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_of_a_dead_run_are_found_beyond_the_first_page_of_the_listing() {
    const UPLOADS: usize = 1_100;
    let desk = Desk::new().await;
    let bucket = BucketName::parse(BUCKET).expect("a valid name");
    let objects = desk.session.borrow().objects(&bucket, &Region("eu-central-1".to_owned()));
    // Some under one key, so that a page ends in the middle of it.
    let keys = (0..UPLOADS).map(|n| format!("{ROOT}web/{:06}.gz", n / 7));
    let begun = keys.map(|key| {
        let objects = objects.clone();
        async move { objects.begin(&key).await.expect("it is begun") }
    });
    let mut begun: Vec<_> = futures::stream::iter(begun).buffered(16).collect().await;
    let mut found = objects.uploads(ROOT).await.expect("a listing");
    for all in [&mut begun, &mut found] {
        all.sort_by(|one, other| (&one.key, &one.id).cmp(&(&other.key, &other.id)));
    }
    assert!(found == begun, "{} of {UPLOADS} were found", found.len());
    desk.sink().give_up().await.expect("they are given up");
    assert_eq!(objects.uploads(ROOT).await.expect("a listing"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_takes_the_same_objects_and_lets_no_stream_out() {
    let home = tempfile::tempdir().expect("a directory");
    let root = home.path().join("task");
    let sink = || Sink::Directory(Directory::new(root.clone()));
    let (mut deliveries, lines) = large(12, 1_000_000);
    deliveries.push(began(1, Streams::All));
    let names = ["..", "../../etc/passwd", "Web", "%~x"];
    let events: Vec<_> = names.iter().map(|name| (*name, NINTH, (*name).to_owned())).collect();
    deliveries.extend([reached(1, 1, page(&events)), ended(1)]);
    let end = write(plan(sink(), ROLL_OVER.0), None, deliveries).await.expect("it succeeds");
    assert_eq!(end.landed().objects, 5);
    assert_eq!(
        std::fs::read_dir(home.path()).expect("readable").count(),
        1,
        "nothing lies beside the task's directory"
    );
    let mut found = files(&root);
    assert!(found.remove("web/000000.gz").is_some_and(|text| text == lines));
    // `Web` counts with `web`: some file systems take them for one.
    assert_eq!(found["Web/000001.gz"], "2026-08-09T18:00:00.000Z Web\n");
    let mut texts: Vec<String> = found.into_values().collect();
    texts.sort();
    let mut expected = names.map(|name| format!("2026-08-09T18:00:00.000Z {name}\n"));
    expected.sort();
    assert_eq!(texts, expected);
    std::fs::write(root.join("web/000009.gz"), "left over").expect("writable");
    std::fs::write(root.join("web/000001.gz.unfinished"), "left over").expect("writable");
    let again = write(plan(sink(), 1), Some(end.clone()), Vec::new()).await.expect("it succeeds");
    assert_eq!(again, end);
    assert_eq!(files(&root).len(), 5);
}

/// Every file of a task's directory, unpacked.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for directory in std::fs::read_dir(root).expect("readable") {
        let directory = directory.expect("readable").path();
        for file in std::fs::read_dir(&directory).expect("readable") {
            let path = file.expect("readable").path();
            let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
            found.insert(name, unpacked(&std::fs::read(&path).expect("readable")));
        }
    }
    found
}
