//! Referee: moto, an AWS emulator nobody here wrote. Logferry's own library lists, exports and is checked by reading back with
//! the AWS CLI. Where moto departs from AWS is listed, with a check each, in `support/py/moto_deviations.py`.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use logferry::aws::{ConnectOptions, Session};
use logferry::domain::amount::Landed;
use logferry::domain::bucket_name::NewBucketName;
use logferry::domain::direct::line::Format;
use logferry::domain::engine::{Direct, Engine};
use logferry::domain::inventory::{Encryption, Page, RemoteStatus};
use logferry::domain::layout::Destination;
use logferry::domain::lifecycle::{Actions, Archive, ArchiveClass, Edit, NewRule};
use logferry::domain::names::{DestinationPrefix, Label, LogGroupName, TaskId};
use logferry::domain::place::{Lane, Region};
use logferry::domain::policy::{Document, Export, missing};
use logferry::domain::preflight::Preflight;
use logferry::domain::problem::Problem;
use logferry::domain::store::Store;
use logferry::domain::task::{State, Task, TaskSpec};
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::direct::job::Job;
use logferry::export::direct::read::{Budgets, ReadBy, Source};
use logferry::export::direct::write::{Directory, Plan as DirectPlan, ROLL_OVER, Sink};
use logferry::export::remedy::{NewBucket, Remedies, Setting};
use logferry::export::{Queue, Terms};
use logferry::ledger::Ledger;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

mod support {
    pub mod client;
    pub mod exported;
    pub mod moto;
    pub mod plans;
    pub mod server;
    pub mod venv;
}

use support::client::Client;
use support::exported::lines_under;
use support::moto::moto;
use support::plans::plan_of;

const REGION: &str = "eu-central-1";
const GROUP: &str = "/moto/orders";
const BUCKET: &str = "moto-exports";
const PREFIX: &str = "referee/moto";

/// Events of a stream where any will do.
const FEW: usize = 120;

/// More than one page of either call holds.
const MANY: usize = 12_000;

/// How long a task may take on a busy machine: moto itself exports at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// What `seed_moto.py` has put in.
#[derive(Deserialize)]
struct Seeded {
    from: i64,
    to: i64,
    lines: Vec<String>,
}

#[test]
fn moto_departs_from_aws_where_the_table_says() {
    let server = moto();
    let said = Client::new(&server.url, REGION).run("python", &[&script("moto_deviations.py")]);
    said.unwrap_or_else(|error| panic!("the table of deviations is out of date: {error}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logferry_lists_what_moto_holds() {
    let server = moto();
    seed(&Client::new(&server.url, REGION), FEW);
    let session = connect(&server.url).await;
    assert_eq!(session.region(), &Region(REGION.to_owned()));
    assert_eq!(session.identity().await.expect("STS answers").account.0, "123456789012", "moto's account");

    let groups = all_pages(async |token| session.log_groups(token).await).await;
    assert_eq!(groups.len(), 120, "three pages of at most 50");
    let orders = groups.iter().find(|group| group.name == GROUP).expect("the group is listed");
    assert_eq!(orders.retention_days, Some(30));
    assert!(orders.created.is_some());

    let buckets = all_pages(async |token| session.buckets(token).await).await;
    assert_eq!(buckets.iter().map(|bucket| bucket.name.as_str()).collect::<Vec<_>>(), [BUCKET]);
    assert_eq!(session.bucket_region(BUCKET).await, Ok(Region(REGION.to_owned())));
    assert_eq!(session.bucket_encryption(BUCKET, session.region()).await, Ok(Encryption::S3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logferry_exports_through_moto_and_every_line_is_there() {
    let server = moto();
    let client = Client::new(&server.url, REGION);
    let seeded = seed(&client, FEW);
    let session = connect(&server.url).await;
    let bench = Bench::on(&session).await;
    let (state, to) = (tempfile::tempdir().expect("a state directory"), spec(&seeded).destination);
    let remedies = Remedies::new(session.clone(), bench.lane.clone(), state.path().to_owned());
    let grant = remedies.propose_grant(&to, &[], None).await.expect("a proposal").expect("it is needed");
    remedies.apply(&grant).await.expect("the checks before the launch let it pass now");
    let ids = bench.submit(vec![spec(&seeded)], Preflight::Full).await;
    let task = ended(&bench.queue, ids[0]).await;
    assert_eq!((task.state, &task.problem), (State::Completed, &None), "{:?}", task.timeline);
    // A row of the table: moto's keys do not carry the task's id, so nothing lies in the task's folder.
    assert_eq!(task.landed, Landed::default());

    let remote = task.remote.clone().expect("moto gave an id");
    let history = all_pages(async |token| session.export_tasks(None, token).await).await;
    let past = history.iter().find(|past| past.id == remote).expect("the task is in the history");
    assert_eq!((past.group.as_str(), past.bucket.as_str(), past.prefix.as_str()), (GROUP, BUCKET, PREFIX));
    assert_eq!((past.from.millis(), past.to.millis()), (seeded.from, seeded.to));
    assert_eq!(past.status, RemoteStatus::Completed);
    assert!(past.is_ours(), "the task name came back: {:?}", past.name);

    let download = client.directory().join("download");
    let source = format!("s3://{BUCKET}/{PREFIX}/");
    let target = download.to_str().expect("a UTF-8 path");
    client.aws(&["s3", "cp", "--quiet", "--recursive", &source, target]);
    assert_eq!(lines_under(&download), seeded.lines);

    bench.end().await;
}

/// Relies on none of the table's rows on events: that moto takes both ends of a range as inclusive is known there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_direct_engine_reads_from_moto_what_moto_holds_by_either_call() {
    let server = moto();
    let client = Client::new(&server.url, REGION);
    let seeded = seed(&client, MANY);
    let session = connect(&server.url).await;
    for by in [ReadBy::Streams, ReadBy::Group] {
        let home = tempfile::tempdir().expect("a directory");
        let source = Source {
            session: session.clone(),
            group: GROUP.to_owned(),
            window: spec(&seeded).window,
            stream_prefix: None,
            pattern: None,
            budgets: Arc::new(Budgets::unbounded()),
            chains: 4,
            by,
        };
        let sink = Sink::Directory(Directory::new(home.path().to_owned()));
        let plan = DirectPlan { group: GROUP.to_owned(), format: Format::Text, roll_over: ROLL_OVER, sink };
        let (save, mut saved) = mpsc::channel(1);
        let saving = tokio::spawn(async move { while saved.recv().await.is_some() {} });
        let job = Job::begin(source, plan, None, save).await.expect("it begins");
        let outcome = Box::pin(job.run()).await.expect("it is written");
        assert_eq!((outcome.failed, outcome.lost), (None, Vec::new()), "{by:?}");
        assert!(lines_under(home.path()) == seeded.lines, "{by:?}: what was read is not what moto holds");
        saving.await.expect("it ends with the job");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_export_through_moto_lands_line_for_line_in_a_bucket_and_in_a_directory() {
    let server = moto();
    let client = Client::new(&server.url, REGION);
    let seeded = seed(&client, MANY);
    let bench = Bench::on(&connect(&server.url).await).await;
    let home = tempfile::tempdir().expect("a directory");
    let mut specs = vec![spec(&seeded); 2];
    for (spec, to) in specs.iter_mut().zip([BUCKET.to_owned(), format!("file:{}", home.path().display())]) {
        spec.engine = Engine::Direct(Direct::default());
        spec.destination.store = Store::stored(&to).expect("a place");
    }
    for id in bench.submit(specs, Preflight::Full).await {
        let task = ended(&bench.queue, id).await;
        assert_eq!((task.state, &task.problem), (State::Completed, &None), "{:?}", task.timeline);
        assert_eq!(task.landed.objects, 2, "one of each stream");
    }
    let download = client.directory().join("download");
    let source = format!("s3://{BUCKET}/{PREFIX}/");
    client.aws(&["s3", "cp", "--quiet", "--recursive", &source, download.to_str().expect("a UTF-8 path")]);
    for place in [&download, home.path()] {
        assert!(lines_under(place) == seeded.lines, "{}: not what moto holds", place.display());
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_by_moto_fails_the_task_and_says_why() {
    let server = moto();
    let seeded = seed(&Client::new(&server.url, REGION), FEW);
    let bench = Bench::on(&connect(&server.url).await).await;
    let mut nowhere = spec(&seeded);
    nowhere.group = LogGroupName::parse("/no/such/group").expect("a good name");
    let ids = bench.submit(vec![nowhere, spec(&seeded)], Preflight::Off).await;
    let refused = ended(&bench.queue, ids[0]).await;
    assert_eq!(refused.state, State::Failed);
    let problem = refused.problem.clone().expect("a failed task has a problem");
    assert_eq!(problem.code.as_deref(), Some("ResourceNotFoundException"), "{problem}");
    assert_eq!(ended(&bench.queue, ids[1]).await.state, State::Completed, "the next task runs all the same");
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logferry_creates_grants_and_edits_rules_on_moto_and_the_aws_cli_reads_it_back() {
    let server = moto();
    let client = Client::new(&server.url, REGION);
    let session = connect(&server.url).await;
    let lane = session.lane(session.identity().await.expect("STS answers").account);
    let state = tempfile::tempdir().expect("a state directory");
    let remedies = Remedies::new(session, lane.clone(), state.path().to_owned());
    let about = |name: &str, operation: &str| client.aws(&["s3api", operation, "--bucket", name]);

    let rule = NewRule::new("expire", "", Actions { expire: Some(400), ..Actions::default() }).expect("a good rule");
    let name = NewBucketName::parse("moto-made").expect("a good name");
    let new = NewBucket { name, versioned: true, exports: true, accounts: Vec::new(), rule: Some(rule) };
    let made = remedies.create_bucket(&new).await.expect("it is created");
    assert!(made.failure().is_none(), "{made:?}");
    let block = about("moto-made", "get-public-access-block");
    let switches = block["PublicAccessBlockConfiguration"].as_object().expect("switches");
    assert!(switches.len() == 4 && switches.values().all(|on| on == true), "{block}");
    let rules = about("moto-made", "get-bucket-encryption");
    let default = &rules["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"];
    assert_eq!(default["SSEAlgorithm"], "AES256", "{rules}");
    assert_eq!(about("moto-made", "get-bucket-versioning")["Status"], "Enabled");
    assert_eq!(about("moto-made", "get-bucket-location")["LocationConstraint"], REGION);
    let lifecycle = about("moto-made", "get-bucket-lifecycle-configuration");
    assert_eq!(lifecycle["Rules"][0]["Expiration"]["Days"], 400, "{lifecycle}");
    let ownership = about("moto-made", "get-bucket-ownership-controls");
    assert_eq!(ownership["OwnershipControls"]["Rules"][0]["ObjectOwnership"], "BucketOwnerEnforced");

    let constraint = format!("LocationConstraint={REGION}");
    client.aws(&["s3api", "create-bucket", "--bucket", BUCKET, "--create-bucket-configuration", &constraint]);
    let theirs = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::moto-exports/*"}]}"#;
    client.aws(&["s3api", "put-bucket-policy", "--bucket", BUCKET, "--policy", theirs]);
    let to = Destination { store: Store::stored(BUCKET).expect("a good name"), prefix: None };
    let policy = || about(BUCKET, "get-bucket-policy")["Policy"].as_str().expect("a policy").to_owned();
    let grant = remedies.propose_grant(&to, &[], None).await.expect("a proposal").expect("it is needed");
    remedies.apply(&grant).await.expect("it is applied");
    let document = Document::parse(&policy()).expect("a policy");
    assert!(missing(Some(&document), &Export::new(&lane, None, &to)).is_empty());
    assert!(policy().contains("\"Theirs\"") && remedies.propose_grant(&to, &[], None).await.expect("a look").is_none());
    let undo =
        remedies.propose_undo(to.store.bucket().expect("a bucket"), Setting::Policy).await.expect("something to undo");
    remedies.apply(&undo).await.expect("undone");
    assert_eq!(
        serde_json::from_str::<Value>(&policy()).expect("JSON"),
        serde_json::from_str::<Value>(theirs).expect("JSON")
    );

    let tidy = r#"{"Rules":[{"ID":"tidy","Status":"Enabled","Filter":{"Prefix":"tmp/"},"Expiration":{"Days":3}}]}"#;
    let put = ["s3api", "put-bucket-lifecycle-configuration", "--bucket", BUCKET, "--lifecycle-configuration", tidy];
    client.aws(&put);
    let archive = Some(Archive { class: ArchiveClass::Instant, days: 30 });
    let actions = Actions { archive, expire: Some(90), abort: Some(7) };
    let add = Edit::Add(NewRule::new("exports", "exports/", actions).expect("a good rule"));
    let add = remedies.propose_lifecycle(to.store.bucket().expect("a bucket"), &add).await.expect("a proposal");
    remedies.apply(&add).await.expect("it is added");
    let rules = about(BUCKET, "get-bucket-lifecycle-configuration")["Rules"].clone();
    let ids: Vec<&str> = rules.as_array().expect("rules").iter().filter_map(|rule| rule["ID"].as_str()).collect();
    assert_eq!(ids, ["tidy", "exports"], "{rules}");
    assert_eq!(rules[1]["Transitions"][0]["StorageClass"], "GLACIER_IR", "{rules}");
    assert_eq!(rules[1]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"], 7, "{rules}");
    for id in ["tidy", "exports"] {
        let remove = remedies
            .propose_lifecycle(to.store.bucket().expect("a bucket"), &Edit::Remove(id.to_owned()))
            .await
            .expect("a proposal");
        remedies.apply(&remove).await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }
    let none = client.run("aws", &["s3api", "get-bucket-lifecycle-configuration", "--bucket", BUCKET]);
    assert!(none.expect_err("no rule is left").contains("NoSuchLifecycleConfiguration"));
}

/// A queue that drives moto's lane, on a ledger of its own.
struct Bench {
    queue: Queue,
    lane: Lane,
    drained: JoinHandle<()>,
    _state: TempDir,
}

impl Bench {
    async fn on(session: &Session) -> Self {
        let state = tempfile::tempdir().expect("a state directory");
        let ledger = Ledger::open(state.path()).await.expect("a ledger");
        let (queue, mut transitions) = Queue::start(ledger, Terms::default()).await.expect("a queue");
        let drained = tokio::spawn(async move { while transitions.recv().await.is_some() {} });
        let lane = session.lane(session.identity().await.expect("STS answers").account);
        queue.work(lane.clone(), session.clone()).await;
        Self { queue, lane, drained, _state: state }
    }

    async fn submit(&self, specs: Vec<TaskSpec>, preflight: Preflight) -> Vec<TaskId> {
        let (mut plan, tasks) = plan_of(self.lane.clone(), specs);
        plan.preflight = preflight;
        let ids = tasks.iter().map(|task| task.id).collect();
        self.queue.submit(plan, tasks).await.expect("they are queued");
        ids
    }

    async fn end(self) {
        self.queue.shutdown(PATIENCE).await;
        drop(self.queue);
        self.drained.await.expect("the transitions end with the queue");
    }
}

fn script(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/py").join(name);
    path.to_str().expect("a UTF-8 path").to_owned()
}

/// Has `events` in the first stream of the group.
fn seed(client: &Client, events: usize) -> Seeded {
    let said = client.run("python", &[&script("seed_moto.py"), GROUP, BUCKET, &events.to_string()]);
    let said = said.expect("moto takes the seed");
    serde_json::from_str(&said).expect("JSON")
}

async fn connect(url: &str) -> Session {
    let options = ConnectOptions {
        profile: None,
        region: Some(REGION.to_owned()),
        endpoint_url: Some(url.to_owned()),
        fixed_keys: Some(("referee".to_owned(), "referee".to_owned())),
        read_only: false,
    };
    Session::connect(options).await.expect("everything needed is given")
}

fn spec(seeded: &Seeded) -> TaskSpec {
    let range = TimeRange::new(Timestamp::from_millis(seeded.from), Timestamp::from_millis(seeded.to));
    TaskSpec {
        group: LogGroupName::parse(GROUP).expect("a good name"),
        window: range.expect("from lies before to"),
        destination: Destination {
            store: Store::stored(BUCKET).expect("a good name"),
            prefix: Some(DestinationPrefix::parse(PREFIX).expect("a good prefix")),
        },
        stream_prefix: None,
        label: Some(Label::parse("referee").expect("a good label")),
        preflight: Preflight::default(),
        engine: Engine::Managed,
    }
}

/// Every item of a listing, page after page.
async fn all_pages<T>(page: impl AsyncFn(Option<String>) -> Result<Page<T>, Problem>) -> Vec<T> {
    let mut items = Vec::new();
    let mut token = None;
    loop {
        let next = page(token).await.expect("moto answers");
        items.extend(next.items);
        token = next.next;
        if token.is_none() {
            return items;
        }
    }
}

/// The task once it has come to its end.
async fn ended(queue: &Queue, id: TaskId) -> Arc<Task> {
    let mut snapshots = queue.snapshots();
    let end = |task: &&Arc<Task>| task.id == id && task.state.is_end();
    let wait = snapshots.wait_for(|snapshot| snapshot.tasks.iter().any(|task| end(&task)));
    let snapshot = tokio::time::timeout(PATIENCE, wait).await.expect("it ends in time").expect("the queue lives");
    Arc::clone(snapshot.tasks.iter().find(end).expect("it has just been there"))
}
