//! The direct engine's reading side through the real SDK against the embedded CloudWatch Logs: what is delivered is exactly
//! what the server holds in the window, whichever call reads, whatever fails meanwhile and wherever a run ends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use logferry::aws::{ConnectOptions, Session};
use logferry::domain::direct::headway::{Bound, Share};
use logferry::domain::direct::progress::{Delivery, Progress, Step};
use logferry::domain::direct::quota::Operation;
use logferry::domain::place::Region;
use logferry::domain::problem::{Problem, ProblemKind};
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::direct::read::{self, Budgets, Gauges, ReadBy, Source, Summary};
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::logs::Whims;
use logferry::sandbox::{Caller, Config, Sandbox, Seed, logs};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const GROUP: &str = "/acme/web";
const BOTH: [ReadBy; 2] = [ReadBy::Streams, ReadBy::Group];

/// Stream, timestamp and message of an event.
type Row = (String, i64, String);

/// A sandbox, a session on it, and what was put into it.
struct Desk {
    sandbox: Sandbox,
    session: Session,
    /// The first instant of the window; an hour ago.
    from: i64,
    held: Vec<Row>,
}

/// A run of the reader under way.
struct Run {
    reading: JoinHandle<Result<Summary, Problem>>,
    deliveries: mpsc::Receiver<Delivery>,
    gauges: Arc<Gauges>,
}

impl Desk {
    async fn new() -> Self {
        let config = Config { seed: Seed::Empty, ..Config::default() };
        let sandbox = Sandbox::start(config).await.unwrap();
        let options = ConnectOptions {
            region: Some("eu-central-1".to_owned()),
            endpoint_url: Some(sandbox.endpoint_url()),
            fixed_keys: Some(("test".to_owned(), "secret".to_owned())),
            ..ConnectOptions::default()
        };
        let session = Session::connect(options).await.unwrap();
        let from = Timestamp::from(SystemTime::now()).before(Duration::from_hours(1)).millis();
        let desk = Self { sandbox, session, from, held: Vec::new() };
        desk.call("CreateLogGroup", &json!({"logGroupName": GROUP}));
        desk
    }

    #[track_caller]
    fn call(&self, operation: &str, input: &Value) {
        let config = &self.sandbox.world.config;
        let caller =
            Caller { access_key: "test".into(), account: config.account.clone(), region: config.region.clone() };
        let reply = logs::handle(&self.sandbox.world, &caller, operation, &Bytes::from(input.to_string()));
        assert_eq!(reply.status, 200, "{operation} {input}: {:?}", reply.body);
    }

    /// Puts events, `at` counted from the start of the window, into a new stream.
    fn put(&mut self, stream: &str, events: &[(i64, String)]) {
        let mut name = json!({"logGroupName": GROUP, "logStreamName": stream});
        self.call("CreateLogStream", &name);
        let mut events: Vec<(i64, &String)> = events.iter().map(|(at, text)| (self.from + at, text)).collect();
        events.sort_by_key(|(at, _)| *at);
        let rows: Vec<Value> = events.iter().map(|(at, text)| json!({"timestamp": at, "message": text})).collect();
        if !rows.is_empty() {
            name["logEvents"] = json!(rows);
            self.call("PutLogEvents", &name);
        }
        self.held.extend(events.into_iter().map(|(at, text)| (stream.to_owned(), at, text.clone())));
    }

    fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        faults.into_iter().for_each(|fault| self.sandbox.world.faults.add(fault));
    }

    fn calls(&self, operation: &str) -> u64 {
        self.sandbox.world.faults.calls().get(operation).copied().unwrap_or_default()
    }

    fn source(&self, by: ReadBy, length: i64) -> Source {
        let at = Timestamp::from_millis;
        Source {
            session: self.session.clone(),
            group: GROUP.to_owned(),
            window: TimeRange::new(at(self.from), at(self.from + length)).unwrap(),
            stream_prefix: None,
            pattern: None,
            budgets: Arc::new(Budgets::unbounded()),
            chains: 4,
            by,
        }
    }

    /// What the server holds in the window, sorted.
    fn wanted(&self, length: i64) -> Vec<Row> {
        let within = self.from..self.from + length;
        let mut rows: Vec<Row> = self.held.iter().filter(|(_, at, _)| within.contains(at)).cloned().collect();
        rows.sort();
        rows
    }
}

impl Run {
    fn of(source: Source, resume: Progress) -> Self {
        let ((out, deliveries), gauges) = (mpsc::channel(1), Arc::new(Gauges::default()));
        let counted = Arc::clone(&gauges);
        let reading = tokio::spawn(async move { read::read(source, &resume, out, counted).await });
        Self { reading, deliveries, gauges }
    }

    /// Takes the next delivery in: its events, and its step.
    async fn next(&mut self, rows: &mut Vec<Row>, progress: &mut Progress) -> bool {
        let Some(Delivery { page, step }) = self.deliveries.recv().await else { return false };
        for batch in page.batches() {
            let text = |message: &[u8]| String::from_utf8(message.to_vec()).unwrap();
            let row = |event: logferry::domain::direct::page::Event<'_>| {
                (batch.stream().to_string(), event.at.millis(), text(event.message))
            };
            rows.extend(batch.events().map(row));
        }
        progress.apply(step);
        true
    }

    async fn rest(mut self, rows: &mut Vec<Row>, progress: &mut Progress) -> Result<Summary, Problem> {
        while self.next(rows, progress).await {}
        self.reading.await.unwrap()
    }
}

/// Everything `source` delivers, sorted.
async fn all(source: Source) -> Vec<Row> {
    let (mut rows, mut progress) = (Vec::new(), Progress::default());
    let summary = Run::of(source, Progress::default()).rest(&mut rows, &mut progress).await.unwrap();
    assert_eq!(summary, Summary::default());
    assert_eq!(progress.open_units().count(), 0, "every unit has ended");
    rows.sort();
    rows
}

fn saved(progress: &Progress) -> Progress {
    serde_json::from_str(&serde_json::to_string(progress).unwrap()).unwrap()
}

fn block_on<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Streams with events, many of them at the same instant, some outside of a window of 40 ms.
fn groups() -> impl Strategy<Value = Vec<(String, Vec<(i64, String)>)>> {
    let message = prop_oneof!["[a-c]{1,2}", any::<String>().prop_filter("not empty", |text| !text.is_empty())];
    let events = prop::collection::vec((-5_i64..50, message), 0..40);
    let name = "[ab/\\-é🦀]{1,4}";
    prop::collection::btree_map(name, events, 1..6).prop_map(|streams| streams.into_iter().collect())
}

fn whims() -> impl Strategy<Value = Whims> {
    // A token outlives the events of one instant, or else nobody could ever read on.
    (4_usize..12, 0_u64..4, 5_u64..12).prop_map(|(most_events, empty, refuse)| Whims {
        most_events,
        empty_every: if empty == 1 { 0 } else { empty },
        refuse_token_every: if refuse < 7 { 0 } else { refuse },
        ..Whims::default()
    })
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let kind = prop_oneof![
        Just(Kind::Refuse(Refusal::Throttle)),
        Just(Kind::Refuse(Refusal::ServerError)),
        Just(Kind::CutBefore),
        Just(Kind::CutAfter),
        Just(Kind::CutWithin),
    ];
    let operation = prop_oneof![Just("GetLogEvents"), Just("FilterLogEvents"), Just("DescribeLogStreams")];
    let fault = (operation, kind, 1_u32..8)
        .prop_map(|(operation, kind, every)| Fault::new(operation, kind).every(every).times(1));
    prop::collection::vec(fault, 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_readers_deliver_what_the_server_holds(streams in groups(), whims in whims(), faults in faults()) {
        block_on(async {
            let mut desk = Desk::new().await;
            for (name, events) in &streams {
                desk.put(name, events);
            }
            desk.sandbox.world.logs.set_whims(whims);
            desk.faults(faults);
            for by in BOTH {
                assert_eq!(all(desk.source(by, 40)).await, desk.wanted(40), "{by:?}");
            }
        });
    }

    /// A run ends after any delivery, its progress is saved, and others go on from there.
    #[test]
    fn a_run_goes_on_where_another_has_ended(streams in groups(), whims in whims(), ends in prop::collection::vec(0_usize..30, 1..4)) {
        block_on(async {
            let mut desk = Desk::new().await;
            for (name, events) in &streams {
                desk.put(name, events);
            }
            desk.sandbox.world.logs.set_whims(whims);
            for by in BOTH {
                let (mut rows, mut progress) = (Vec::new(), Progress::default());
                for end in &ends {
                    let mut run = Run::of(desk.source(by, 40), saved(&progress));
                    for _ in 0..*end {
                        run.next(&mut rows, &mut progress).await;
                    }
                    run.reading.abort();
                }
                let last = Run::of(desk.source(by, 40), saved(&progress));
                let gauges = Arc::clone(&last.gauges);
                last.rest(&mut rows, &mut progress).await.unwrap();
                assert_eq!(gauges.share(), Some(Share::of(1, 1)), "{by:?}: all of it was read");
                let expected = if by == ReadBy::Streams { streams.len() as u64 } else { 0 };
                assert_eq!((gauges.streams_known.get(), gauges.streams_done.get()), (expected, expected), "{by:?}");
                rows.sort();
                assert_eq!(rows, desk.wanted(40), "{by:?}");
            }
        });
    }
}

fn numbered(count: i64) -> Vec<(i64, String)> {
    (0..count).map(|at| (at, format!("event {at}"))).collect()
}

#[tokio::test]
async fn a_page_answered_twice_is_delivered_once() {
    let mut desk = Desk::new().await;
    desk.put("a", &numbered(60));
    desk.put("b", &numbered(60));
    desk.sandbox.world.logs.set_whims(Whims { most_events: 7, repeat_every: 3, ..Whims::default() });
    for by in BOTH {
        // One chain and whole pages: of a lone event nobody can tell whether it came twice or there were two.
        assert_eq!(all(Source { chains: 1, ..desk.source(by, 49) }).await, desk.wanted(49), "{by:?}");
    }
}

#[tokio::test]
async fn credentials_that_expire_end_the_run_and_another_goes_on() {
    let mut desk = Desk::new().await;
    desk.put("a", &numbered(60));
    desk.put("b", &numbered(60));
    desk.sandbox.world.logs.set_whims(Whims { most_events: 5, ..Whims::default() });
    for (by, operation) in BOTH.into_iter().zip(["GetLogEvents", "FilterLogEvents"]) {
        desk.faults([Fault::new(operation, Kind::Refuse(Refusal::ExpiredToken)).every(7).times(1)]);
        let (mut rows, mut progress) = (Vec::new(), Progress::default());
        let ended = Run::of(desk.source(by, 60), Progress::default()).rest(&mut rows, &mut progress).await;
        assert_eq!(ended.unwrap_err().kind, ProblemKind::ExpiredCredentials);
        Run::of(desk.source(by, 60), saved(&progress)).rest(&mut rows, &mut progress).await.unwrap();
        rows.sort();
        assert_eq!(rows, desk.wanted(60), "{by:?}");
    }
}

#[tokio::test]
async fn a_stream_that_is_deleted_meanwhile_is_named_and_the_others_are_read() {
    let mut desk = Desk::new().await;
    for name in ["a", "b", "c"] {
        desk.put(name, &numbered(50));
    }
    desk.sandbox.world.logs.set_whims(Whims { most_events: 5, ..Whims::default() });
    let (mut rows, mut progress) = (Vec::new(), Progress::default());
    let mut run = Run::of(Source { chains: 1, ..desk.source(ReadBy::Streams, 50) }, Progress::default());
    while rows.is_empty() {
        assert!(run.next(&mut rows, &mut progress).await);
    }
    desk.call("DeleteLogStream", &json!({"logGroupName": GROUP, "logStreamName": "a"}));
    let summary = run.rest(&mut rows, &mut progress).await.unwrap();
    assert_eq!(summary.lost.iter().map(|lost| lost.stream.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(summary.lost[0].problem.kind, ProblemKind::NotFound);
    assert_eq!(progress.open_units().count(), 1, "what is missing is not taken for read");
    let whole: BTreeSet<&str> = ["b", "c"].into();
    rows.retain(|(stream, ..)| whole.contains(stream.as_str()));
    rows.sort();
    desk.held.retain(|(stream, ..)| whole.contains(stream.as_str()));
    assert_eq!(rows, desk.wanted(50));
}

#[tokio::test]
async fn a_stream_that_appears_meanwhile_is_read_too_and_once_even_by_another_run() {
    let mut desk = Desk::new().await;
    desk.put("b", &numbered(50));
    desk.sandbox.world.logs.set_whims(Whims { most_events: 5, ..Whims::default() });
    let (mut rows, mut progress) = (Vec::new(), Progress::default());
    let mut run = Run::of(Source { chains: 1, ..desk.source(ReadBy::Streams, 50) }, Progress::default());
    while rows.is_empty() {
        assert!(run.next(&mut rows, &mut progress).await);
    }
    // By name before the one that is being read.
    desk.put("a", &numbered(9));
    run.rest(&mut rows, &mut progress).await.unwrap();
    desk.sandbox.world.logs.set_whims(Whims::default());
    Run::of(desk.source(ReadBy::Streams, 50), saved(&progress)).rest(&mut rows, &mut progress).await.unwrap();
    rows.sort();
    assert_eq!(rows, desk.wanted(50));
}

#[tokio::test]
async fn a_log_group_that_cannot_be_read_is_refused_before_anything_is_begun() {
    let desk = Desk::new().await;
    desk.call("CreateLogGroup", &json!({"logGroupName": "rare", "logGroupClass": "INFREQUENT_ACCESS"}));
    let source = Source { group: "rare".to_owned(), ..desk.source(ReadBy::Auto, 10) };
    let (mut rows, mut progress) = (Vec::new(), Progress::default());
    let problem = Run::of(source, Progress::default()).rest(&mut rows, &mut progress).await.unwrap_err();
    assert_eq!((problem.kind, problem.resource.as_deref()), (ProblemKind::InvalidRequest, Some("rare")));
    assert!(problem.message.unwrap().contains("use the managed engine"));
    assert_eq!((progress, desk.calls("GetLogEvents")), (Progress::default(), 0));
}

#[tokio::test]
async fn few_streams_are_read_one_by_one_many_small_ones_together_and_a_pattern_decides() {
    let mut desk = Desk::new().await;
    desk.put("a", &numbered(30));
    assert_eq!(all(desk.source(ReadBy::Auto, 30)).await, desk.wanted(30));
    assert_eq!(desk.calls("FilterLogEvents"), 0);
    let pattern = Some("\"event 7\"".to_owned());
    let found = all(Source { pattern, ..desk.source(ReadBy::Auto, 30) }).await;
    assert_eq!(found, [("a".to_owned(), desk.from + 7, "event 7".to_owned())]);
    let before = desk.calls("GetLogEvents");
    (0..130).for_each(|n| desk.put(&format!("s{n}"), &numbered(2)));
    assert_eq!(all(desk.source(ReadBy::Auto, 30)).await, desk.wanted(30));
    assert_eq!(desk.calls("GetLogEvents"), before);
    let prefixed = all(Source { stream_prefix: Some("s12".to_owned()), ..desk.source(ReadBy::Group, 30) }).await;
    assert!(!prefixed.is_empty() && prefixed.iter().all(|(stream, ..)| stream.starts_with("s12")));
}

#[tokio::test]
async fn many_large_streams_change_over_to_one_by_one_where_filter_log_events_is_slow() {
    let mut desk = Desk::new().await;
    (0..120).for_each(|n| desk.put(&format!("s{n}"), &numbered(60)));
    // Hardly filled pages: what FilterLogEvents gives at its worst.
    desk.sandbox.world.logs.set_whims(Whims { most_events: 50, ..Whims::default() });
    // A thousand times AWS's rates, in their proportion.
    let budgets = Arc::new(Budgets::of_quota(desk.session.region(), 1000.0));
    let source = Source { budgets, ..desk.source(ReadBy::Auto, 60) };
    let (mut rows, mut progress) = (Vec::new(), Progress::default());
    let mut run = Run::of(source.clone(), Progress::default());
    for _ in 0..100 {
        run.next(&mut rows, &mut progress).await;
    }
    assert_eq!((run.gauges.streams_known.get(), run.gauges.extent.are_all_known()), (120, true), "they were counted");
    assert!(!run.gauges.extent.is_over_time() && run.gauges.share() < Some(Share::of(1, 1)));
    run.reading.abort();
    let run = Run::of(source, saved(&progress));
    let gauges = Arc::clone(&run.gauges);
    run.rest(&mut rows, &mut progress).await.unwrap();
    rows.sort();
    assert_eq!(rows, desk.wanted(60));
    assert_eq!((gauges.streams_known.get(), gauges.streams_done.get()), (120, 120), "earlier runs' are counted in");
    assert_eq!(gauges.share(), Some(Share::of(1, 1)));
    assert!(desk.calls("FilterLogEvents") >= 8 && desk.calls("GetLogEvents") >= 120, "both have read");
}

#[tokio::test]
async fn a_service_that_throttles_is_given_way_to() {
    let mut desk = Desk::new().await;
    desk.put("a", &numbered(100));
    desk.sandbox.world.logs.set_whims(Whims { most_events: 3, ..Whims::default() });
    desk.sandbox.world.faults.enforce_rates(true);
    for by in BOTH {
        let source = desk.source(by, 100);
        let budgets = Arc::clone(&source.budgets);
        assert_eq!(all(source).await, desk.wanted(100), "{by:?}");
        let call = if by == ReadBy::Streams { Operation::GetLogEvents } else { Operation::FilterLogEvents };
        assert!(budgets.of(call).per_second().is_some(), "its rate was found out");
        let Bound::Quota { call: named, sent, quota } = budgets.of(call).bound() else { panic!("a quota") };
        assert_eq!((named, sent.value() > 0.0, quota), (call, true, None));
    }
}

#[tokio::test]
async fn what_is_known_and_what_was_read_is_told_while_reading_goes_on() {
    let mut desk = Desk::new().await;
    for name in ["a", "b", "c"] {
        desk.put(name, &numbered(60));
    }
    desk.sandbox.world.logs.set_whims(Whims { most_events: 10, ..Whims::default() });
    let mut run = Run::of(Source { chains: 1, ..desk.source(ReadBy::Auto, 60) }, Progress::default());
    let (mut rows, mut progress, mut shares) = (Vec::new(), Progress::default(), Vec::new());
    while run.next(&mut rows, &mut progress).await {
        if !rows.is_empty() {
            assert_eq!((run.gauges.streams_known.get(), run.gauges.extent.are_all_known()), (3, true));
            shares.push(run.gauges.share().unwrap());
        }
    }
    assert!(shares.is_sorted() && shares[0] < Share::of(1, 3), "{shares:?}");
    assert_eq!((shares.last(), run.gauges.streams_done.get()), (Some(&Share::of(1, 1)), 3));
    assert!(run.gauges.is_through.get() && run.gauges.turns.lately().is_none(), "nothing has bounded it");
}

#[tokio::test]
async fn the_call_whose_budget_is_waited_for_is_named_with_its_quota() {
    let mut desk = Desk::new().await;
    desk.put("a", &numbered(100));
    desk.sandbox.world.logs.set_whims(Whims { most_events: 5, ..Whims::default() });
    let budgets = Arc::new(Budgets::of_quota(&Region("eu-west-1".to_owned()), 0.8));
    let mut run =
        Run::of(Source { budgets: Arc::clone(&budgets), ..desk.source(ReadBy::Streams, 100) }, Progress::default());
    let (mut rows, mut progress) = (Vec::new(), Progress::default());
    while run.gauges.turns.lately().is_none() {
        assert!(run.next(&mut rows, &mut progress).await, "it waits before it is through");
    }
    assert_eq!(run.gauges.turns.lately(), Some(Operation::GetLogEvents));
    assert_eq!(budgets.of(Operation::GetLogEvents).bound().to_string(), "GetLogEvents 8 of 10/s");
}

#[tokio::test]
async fn a_large_unit_gives_parts_of_itself_away() {
    let mut desk = Desk::new().await;
    desk.put("a", &numbered(2_000));
    desk.sandbox.world.logs.set_whims(Whims { most_events: 20, ..Whims::default() });
    for by in BOTH {
        let mut run = Run::of(desk.source(by, 2_000), Progress::default());
        let (mut splits, mut events) = (0, 0);
        while let Some(Delivery { page, step }) = run.deliveries.recv().await {
            splits += usize::from(matches!(step, Step::Split { .. }));
            events += page.len();
        }
        run.reading.await.unwrap().unwrap();
        assert!(splits >= 3 && events == 2_000, "{by:?}: {splits} splits, {events} events");
        let streams = u64::from(by == ReadBy::Streams);
        assert_eq!(run.gauges.streams_done.get(), streams, "{by:?}: a stream is done once, not by its parts");
        assert_eq!(run.gauges.share(), Some(Share::of(1, 1)), "{by:?}");
    }
}
