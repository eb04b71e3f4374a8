//! Tasks and plans for the tests of the command line.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::domain::engine::Engine;
use crate::domain::layout::Destination;
use crate::domain::names::{LogGroupName, PlanId, TaskId};
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::plan::Plan;
use crate::domain::preflight::Preflight;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::split::Split;
use crate::domain::store::Store;
use crate::domain::task::{Task, TaskSpec};
use crate::domain::template::Template;
use crate::domain::time::{TimeRange, Timestamp};
use crate::domain::zone::Zone;
use crate::ledger::LaneRecord;

/// 2026-11-03T06:00:00Z.
pub const NOW: Timestamp = Timestamp::from_millis(1_793_685_600_000);

/// The lane of them all.
pub fn lane() -> Lane {
    Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()))
}

/// The lane as the ledger has it: nobody drives it.
pub fn record() -> LaneRecord {
    LaneRecord { lane: Arc::new(lane()), profile: None, paused: false, driver: None, until: None }
}

/// A queued task of one day, in plan 1.
pub fn task(group: &str) -> Task {
    let to = NOW.before(Duration::from_hours(6));
    let spec = TaskSpec {
        group: LogGroupName::parse(group).unwrap(),
        window: TimeRange::new(to.before(Duration::from_hours(24)), to).unwrap(),
        destination: Destination { store: Store::stored("logs-archive").unwrap(), prefix: None },
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    Task::new(TaskId(Uuid::from_u128(7)), PlanId(Uuid::from_u128(1)), Arc::new(lane()), spec, NOW)
}

/// A plan of two days of one log group.
pub fn plain_plan() -> Plan {
    let to = NOW.before(Duration::from_hours(6));
    Plan {
        name: None,
        groups: vec![LogGroupName::parse("web").unwrap()],
        range: TimeRange::new(to.before(Duration::from_hours(48)), to).unwrap(),
        split: Split::Daily,
        zone: Zone::Utc,
        store: Store::stored("logs-archive").unwrap(),
        template: Some(Template::parse("{group}/{from:%d}/{task}").unwrap()),
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    }
}

/// Such a plan in the queue, with nothing in it yet.
pub fn plan(id: u128) -> QueuedPlan {
    QueuedPlan::new(PlanId(Uuid::from_u128(id)), Arc::new(lane()), &plain_plan(), 0, NOW)
}
