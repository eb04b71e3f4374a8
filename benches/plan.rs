//! Measures how long a plan takes to expand: 500 log groups over 30 days are 15,000 tasks, and a face waits for them.
//!
//! Run by `cargo bench --bench plan`. Prints the best of some rounds, and fails when even that is over the bound.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints its figures and stops if it cannot measure"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use logferry::domain::engine::Engine;
use logferry::domain::names::{LogGroupName, TaskId};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::plan::{self, Plan};
use logferry::domain::preflight::Preflight;
use logferry::domain::split::Split;
use logferry::domain::store::Store;
use logferry::domain::template::Template;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::domain::zone::Zone;
use uuid::Uuid;

const ROUNDS: usize = 20;
const GROUPS: usize = 500;
const DAYS: u64 = 30;

/// The longest an expansion may take before a person notices.
const BOUND: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let plan = plan();
    let lane = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
    let new_id = || TaskId(Uuid::now_v7());
    let tasks = plan.expand(&lane, new_id).expect("the plan is sound");
    let (name, count) = (plan.zone.name(), tasks.len());
    let expand = measure(&format!("expand {count} tasks, days of {name}"), || {
        plan.expand(&lane, new_id).map_or(0, |tasks| tasks.len())
    });
    measure("preview the same plan", || plan.preview(&lane).map_or(0, |preview| preview.tasks()));
    measure("find prefixes its tasks share", || plan::sharing(&tasks).map_or(0, |shared| shared.tasks));
    let decade = TimeRange::new(START, START.after(Duration::from_hours(10 * 365 * 24))).expect("a decade is a range");
    measure("count the hours of ten years", || Split::Hourly.count(decade, plan.zone, usize::MAX));
    if expand < BOUND { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// 2026-10-10T22:00:00Z: a midnight in Berlin, with a change of the clocks within the month after it.
const START: Timestamp = Timestamp::from_millis(1_791_669_600_000);

fn plan() -> Plan {
    let group = |at: usize| LogGroupName::parse(&format!("/aws/lambda/service-{at:03}/worker")).expect("a valid name");
    Plan {
        name: None,
        groups: (0..GROUPS).map(group).collect(),
        // An hour more than the days have by UTC: one of them is 25 hours long.
        range: TimeRange::new(START, START.after(Duration::from_hours(DAYS * 24 + 1))).expect("a month is a range"),
        split: Split::Daily,
        zone: Zone::parse("Europe/Berlin").expect("a known zone"),
        store: Store::stored("logs-archive").expect("a valid name"),
        template: Some(Template::parse("{account}/{region}/{group}/{from:%Y/%m/%d}/{task}").expect("a valid template")),
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    }
}

/// Prints and answers the shortest time `work` took; what it answers is printed too, so that it cannot be left out.
fn measure(what: &str, work: impl Fn() -> usize) -> Duration {
    let mut best = Duration::MAX;
    let mut answer = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        answer = std::hint::black_box(work());
        best = best.min(start.elapsed());
    }
    println!("{what:<45} {best:>12.1?}   answer {answer}");
    best
}
