//! One export by the direct engine, in a process of its own: what a task of the queue runs, without queue and ledger.

use std::process::Command;
use std::sync::Arc;

use logferry::aws::{ConnectOptions, Session};
use logferry::domain::direct::line::Format;
use logferry::domain::names::BucketName;
use logferry::domain::place::Region;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::export::direct::job::Job;
use logferry::export::direct::read::{Budgets, CHAINS, ReadBy, Source};
use logferry::export::direct::write::{Bucket, Plan, ROLL_OVER, Sink};
use tokio::sync::{mpsc, watch};

use super::group::{FROM, REGION, Shape, UNTIL};
use super::process::{self, Cost};
use super::server::{BUCKET, Rates, Server};

/// The argument that makes this program an export.
pub const ROLE: &str = "--export";

/// What an export has brought, and at what cost.
#[derive(Clone, Copy, Debug)]
pub struct Exported {
    pub events: u64,
    /// Bytes of lines.
    pub raw: u64,
    /// Bytes of objects.
    pub packed: u64,
    pub objects: u64,
    pub cost: Cost,
}

/// Exports all of `shape` from `server`; every event must have arrived, once.
pub fn export(server: &Server, shape: Shape, rates: Rates) -> Exported {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([ROLE, &server.url, &shape.name()]);
    if rates == Rates::Enforced {
        command.arg("--enforce");
    }
    let (said, cost) = process::run(command);
    let figures: Vec<u64> = said.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [events, raw, packed, objects] = figures[..] else { panic!("four figures, not {said:?}") };
    assert_eq!(events, shape.events(), "events were lost or read twice");
    Exported { events, raw, packed, objects, cost }
}

/// Exports, and prints what has arrived.
#[tokio::main]
pub async fn run(arguments: &[String]) {
    process::end_with_parent();
    let shape = Shape::parse(&arguments[1]).unwrap();
    let session = connect(&arguments[0]).await;
    // All of the quota: how well it is used is measured, not how much of it is left to others.
    let enforced = arguments.iter().any(|text| text == "--enforce");
    let budgets = if enforced { Budgets::of_quota(session.region(), 1.0) } else { Budgets::unbounded() };
    let source = Source {
        session: session.clone(),
        group: shape.name(),
        window: TimeRange::new(Timestamp::from_millis(FROM), Timestamp::from_millis(UNTIL)).unwrap(),
        stream_prefix: None,
        pattern: None,
        budgets: Arc::new(budgets),
        chains: CHAINS,
        by: ReadBy::Auto,
    };
    let plan = Plan { group: shape.name(), format: Format::Text, roll_over: ROLL_OVER, sink: sink(session) };
    let (save, mut saved) = mpsc::channel(1);
    tokio::spawn(async move { while saved.recv().await.is_some() {} });
    let job = Job::begin(source, plan, None, save).await.unwrap();
    let outcome = Box::pin(job.run()).await.unwrap();
    assert!(outcome.lost.is_empty() && outcome.failed.is_none(), "{:?} {:?}", outcome.lost, outcome.failed);
    let (written, landed) = (outcome.checkpoint.written, outcome.checkpoint.landed());
    println!("{} {} {} {}", written.events, written.raw, written.packed, landed.objects);
}

async fn connect(url: &str) -> Session {
    let options = ConnectOptions {
        region: Some(REGION.to_owned()),
        endpoint_url: Some(url.to_owned()),
        fixed_keys: Some(("test".to_owned(), "secret".to_owned())),
        ..ConnectOptions::default()
    };
    Session::connect(options).await.unwrap()
}

fn sink(session: Session) -> Sink {
    let session = watch::Sender::new(session).subscribe();
    let bucket = BucketName::parse(BUCKET).unwrap();
    Sink::Bucket(Bucket::new(
        session,
        bucket,
        Region(REGION.to_owned()),
        "nightly/4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e/",
    ))
}
