//! Test hooks: keys that break or burden the program on purpose, bound only with `LOGFERRY_TEST_HOOKS=1`.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use crate::domain::amount::{ByteCount, Landed};
use crate::domain::engine::Engine;
use crate::domain::names::{LogGroupName, NameError, PlanId, RemoteId, TaskId};
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::plan::{Plan, PlannedTask};
use crate::domain::preflight::Preflight;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::split::Split;
use crate::domain::store::Store;
use crate::domain::task::Fact;
use crate::domain::time::{TimeRange, Timestamp, Zone};
use crate::export::{Queue, Reporter};

/// What a hook does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hook {
    /// Panics in `update`.
    PanicHere,
    /// Panics in a background task.
    PanicInTask,
    /// Queues tasks that report as fast as engines ever might.
    Flood,
}

/// Tasks of a flood.
const TASKS: usize = 8;
/// What each of them reports: 10 facts every 10 ms.
const FACTS: u64 = 10;
const BEAT: Duration = Duration::from_millis(10);

#[expect(clippy::panic, reason = "a test hook: proves that a panic leaves a sane terminal")]
pub(super) fn panic_here() {
    panic!("test hook: a panic in update");
}

#[expect(clippy::panic, reason = "a test hook: proves that a panic in a task leaves a sane terminal")]
pub(super) fn panic_in_task() {
    panic!("test hook: a panic in a background task");
}

/// Eight tasks that report a thousand facts a second each, until the program ends. Their lane is one that nobody drives.
pub(super) async fn flood(queue: Queue) {
    let Ok((plan, tasks)) = plan() else { return };
    let ids: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    if queue.submit(plan, tasks).await.is_err() {
        return;
    }
    for (number, id) in ids.into_iter().enumerate() {
        let Some(reporter) = queue.report_on(id).await else { return };
        tokio::spawn(report(reporter, number));
    }
}

fn plan() -> Result<(QueuedPlan, Vec<PlannedTask>), NameError> {
    let now = Timestamp::from(SystemTime::now());
    let hour = TimeRange::new(now.before(Duration::from_hours(1)), now);
    let groups: Result<Vec<_>, _> = (0..TASKS).map(|n| LogGroupName::parse(&format!("/flood/{n}"))).collect();
    let plan = Plan {
        name: None,
        groups: groups?,
        range: hour.map_err(|_| NameError::Rule("the clock stands before 2006"))?,
        split: Split::None,
        zone: Zone::Utc,
        store: Store::stored("flood")?,
        template: None,
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    let lane = Lane::new(AccountId("flood".to_owned()), Region("nowhere".to_owned()));
    let tasks = plan.expand(&lane, || TaskId(Uuid::now_v7())).map_err(|_| NameError::Rule("no tasks"))?;
    let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane), &plan, tasks.len() as u64, now);
    Ok((queued, tasks))
}

async fn report(reporter: Reporter, number: usize) {
    reporter.tell(Fact::launching()).await;
    reporter.tell(Fact::Accepted(RemoteId(format!("flood-{number}")))).await;
    reporter.tell(Fact::Started).await;
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut landed = Landed::default();
    loop {
        beat.tick().await;
        for _ in 0..FACTS {
            landed.objects += 1;
            landed.bytes += ByteCount(1_000);
            reporter.tell(Fact::Landed(landed)).await;
        }
    }
}
