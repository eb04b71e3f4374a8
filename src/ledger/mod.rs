//! Skeleton, to be replaced.
#![allow(missing_docs, clippy::all, clippy::pedantic, unused)]
use crate::domain::names::{BucketName, LogGroupName, PlanId, StreamPrefix, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::{Pace, PlannedTask};
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::reducer::Reduced;
use crate::domain::task::{Fact, Move, State, Task};
use crate::domain::template::Template;
use crate::domain::time::{TimeRange, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;
#[derive(Clone, Debug)]
pub struct Ledger;
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Driver {
    pub id: Uuid,
    pub label: String,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark;
#[derive(Clone, Debug)]
pub struct Changes {
    pub mark: Mark,
    pub tasks: Vec<Task>,
    pub moves: Vec<Move>,
    pub plans: Vec<QueuedPlan>,
    pub lanes: Vec<LaneRecord>,
}
#[derive(Clone, Debug)]
pub struct Board {
    pub mark: Mark,
    pub tasks: Vec<Task>,
    pub plans: Vec<QueuedPlan>,
    pub lanes: Vec<LaneRecord>,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneRecord {
    pub lane: Arc<Lane>,
    pub profile: Option<String>,
    pub paused: bool,
    pub driver: Option<Driver>,
    pub until: Option<Timestamp>,
}
#[derive(Clone, Debug)]
pub struct Lease {
    pub lane: Arc<Lane>,
    pub driver: Uuid,
}
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("lost")]
    LeaseLost { lane: String },
    #[error("x")]
    Other,
}
type A<T> = Result<T, LedgerError>;
impl Ledger {
    pub async fn open(state_dir: &Path) -> A<Self> {
        todo!()
    }
    pub async fn add(&self, plan: QueuedPlan, tasks: Vec<PlannedTask>) -> A<()> {
        todo!()
    }
    pub async fn fold(&self, facts: Vec<(TaskId, Fact)>, at: Timestamp, lease: Option<Lease>) -> A<Vec<Reduced>> {
        todo!()
    }
    pub async fn pause_plan(&self, plan: PlanId, pause: Option<Pause>) -> A<()> {
        todo!()
    }
    pub async fn take_lease(&self, lane: &Lane, driver: &Driver, at: Timestamp, until: Timestamp) -> A<bool> {
        todo!()
    }
    pub async fn release(&self, driver: Uuid) -> A<()> {
        todo!()
    }
    pub fn news(&self) -> tokio::sync::watch::Receiver<u64> {
        todo!()
    }
    pub async fn board(&self, open: usize, ended: usize) -> A<Board> {
        todo!()
    }
    pub async fn changes(&self, since: Mark) -> A<Changes> {
        todo!()
    }
    pub async fn next_task(&self, lane: &Lane) -> A<Option<Task>> {
        todo!()
    }
    pub async fn at_work(&self, lane: &Lane) -> A<Vec<Task>> {
        todo!()
    }
    pub async fn task(&self, id: TaskId) -> A<Option<Task>> {
        todo!()
    }
    pub async fn ids(&self, plan: PlanId, states: Vec<State>) -> A<Vec<TaskId>> {
        todo!()
    }
}
