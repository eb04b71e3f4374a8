//! The ledger as a whole, through its handle. Here: what the tests have in common.

mod crash;
mod direct;
mod holding;
mod listing;
mod model;
mod opening;
mod past;
mod sharing;
mod shifting;

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use uuid::Uuid;

use super::Ledger;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::engine::{Engine, EngineKind};
use crate::domain::layout::Destination;
use crate::domain::names::{LogGroupName, PlanId, RemoteId, TaskId};
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::plan::PlannedTask;
use crate::domain::preflight::Preflight;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::queued_plan::{Counts, QueuedPlan};
use crate::domain::split::Split;
use crate::domain::store::Store;
use crate::domain::task::{Fact, State, Task, TaskSpec};
use crate::domain::template::Template;
use crate::domain::time::{TimeRange, Timestamp};
use crate::domain::zone::Zone;

/// 2026-11-01T00:00:00Z and so many seconds.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_793_491_200_000 + seconds * 1000)
}

fn lane(region: &str) -> Lane {
    Lane::new(AccountId("123456789012".to_owned()), Region(region.to_owned()))
}

fn home() -> Lane {
    lane("eu-central-1")
}

fn store() -> Store {
    Store::stored("logs-archive").unwrap()
}

fn template() -> Template {
    Template::parse("{group}/{from:%d}").unwrap()
}

/// The hour that begins so many hours after the first of November.
fn hour(n: i64) -> TimeRange {
    TimeRange::new(at(n * 3600), at((n + 1) * 3600)).unwrap()
}

fn plan_id(n: u128) -> PlanId {
    PlanId(Uuid::from_u128(n << 96))
}

/// The `n`th task of a plan.
fn task_id(plan: u128, n: usize) -> TaskId {
    TaskId(Uuid::from_u128((plan << 96) + n as u128))
}

fn queued_plan(n: u128, lane: &Lane) -> QueuedPlan {
    QueuedPlan {
        id: plan_id(n),
        lane: Arc::new(lane.clone()),
        queued: at(0),
        name: None,
        range: TimeRange::new(at(0), at(86_400)).unwrap(),
        split: Split::Hourly,
        zone: Zone::Named(chrono_tz::Europe::Berlin.into()),
        store: store(),
        template: Some(template()),
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
        groups: 1,
        pause: None,
        counts: Counts::default(),
        landed: Landed::default(),
    }
}

fn planned(id: TaskId, group: &str, window: TimeRange) -> PlannedTask {
    let spec = TaskSpec {
        group: LogGroupName::parse(group).unwrap(),
        window,
        destination: Destination { store: store(), prefix: None },
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    PlannedTask { id, spec }
}

/// Hours of one log group as the tasks of plan `n`.
fn hours(n: u128, group: &str, count: usize) -> Vec<PlannedTask> {
    (0..count).map(|at| planned(task_id(n, at), group, hour(i64::try_from(at).unwrap()))).collect()
}

fn landed(objects: u64) -> Landed {
    Landed { objects, bytes: ByteCount(objects * 100) }
}

fn remote(n: u32) -> RemoteId {
    RemoteId(format!("remote-{n}"))
}

/// A permanent failure.
fn denied() -> Problem {
    Problem::new(ProblemKind::AccessDenied, "CreateExportTask").saying("no").on("web")
}

fn failed(problem: Problem) -> Fact {
    Fact::Failed { problem, left: None }
}

/// A ledger in a directory of its own.
struct Desk {
    home: TempDir,
    ledger: Ledger,
}

impl Desk {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(home.path()).await.unwrap();
        Self { home, ledger }
    }

    /// With a plan 1 of so many hours of `/web` in the lane at home.
    async fn with_hours(count: usize) -> Self {
        let desk = Self::new().await;
        desk.add(1, hours(1, "/web", count)).await;
        desk
    }

    async fn add(&self, plan: u128, tasks: Vec<PlannedTask>) {
        self.ledger.add(queued_plan(plan, &home()), tasks).await.unwrap();
    }

    /// Another process, as far as the ledger can tell.
    async fn another(&self) -> Ledger {
        Ledger::open(self.home.path()).await.unwrap()
    }

    async fn fold(&self, task: TaskId, facts: impl IntoIterator<Item = Fact>) {
        let facts = facts.into_iter().map(|fact| (task, fact)).collect();
        self.ledger.fold(facts, at(10), None).await.unwrap();
    }

    async fn complete(&self, task: TaskId, objects: u64) {
        let facts = [Fact::launching(), Fact::Accepted(remote(1)), Fact::Completed(Ok(landed(objects)))];
        self.fold(task, facts).await;
    }

    async fn task(&self, id: TaskId) -> Task {
        self.ledger.task(id).await.unwrap().unwrap()
    }

    async fn state(&self, id: TaskId) -> State {
        self.task(id).await.state
    }

    async fn plan(&self, n: u128) -> QueuedPlan {
        self.ledger.plan(plan_id(n)).await.unwrap().unwrap()
    }

    async fn next(&self) -> Option<TaskId> {
        self.ledger.next_task(&home(), EngineKind::Managed).await.unwrap().map(|task| task.id)
    }

    /// The queue of the lane at home.
    async fn line(&self) -> Vec<TaskId> {
        ids(&self.ledger.queued_after(&home(), i64::MIN, 1000).await.unwrap())
    }
}

fn ids(tasks: &[Task]) -> Vec<TaskId> {
    tasks.iter().map(|task| task.id).collect()
}
