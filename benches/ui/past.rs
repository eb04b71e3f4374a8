//! The history of a large account: of some tasks AWS and the ledger know, of some one of them alone.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use logferry::domain::amount::Landed;
use logferry::domain::engine::Engine;
use logferry::domain::inventory::{RemoteStatus, RemoteTask};
use logferry::domain::names::{Attempt, LogGroupName, PlanId, PlanName, RemoteId, TaskId, task_name};
use logferry::domain::place::Lane;
use logferry::domain::plan::Plan;
use logferry::domain::preflight::Preflight;
use logferry::domain::queued_plan::QueuedPlan;
use logferry::domain::split::Split;
use logferry::domain::store::Store;
use logferry::domain::task::Fact;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::domain::zone::Zone;
use logferry::ledger::Ledger;
use tempfile::TempDir;
use uuid::Uuid;

/// Tasks AWS remembers, and as many the ledger has; a half of each is the same.
pub const TASKS: usize = 20_000;
/// Tasks of a plan.
const OF_PLAN: usize = 200;

/// Puts the ledger's share into the state directory, and answers what AWS remembers, the oldest first.
pub async fn remember(state: &TempDir, lane: &Lane) -> Vec<RemoteTask> {
    let ledger = Ledger::open(state.path()).await.expect("a ledger");
    let plans = TASKS / OF_PLAN;
    let now = Timestamp::from(SystemTime::now());
    let mut remembered = Vec::new();
    for number in 0..plans {
        let at = now.before(Duration::from_hours((plans - number) as u64));
        let plan = plan(number, at);
        let tasks = plan.expand(lane, || TaskId(Uuid::now_v7())).expect("a sound plan");
        let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane.clone()), &plan, tasks.len() as u64, at);
        let remote = |place: usize| RemoteId(format!("ours-{number:03}-{place:03}"));
        let facts = tasks.iter().enumerate().flat_map(|(place, task)| {
            let facts = [Fact::launching(), Fact::Accepted(remote(place)), Fact::Completed(Ok(Landed::default()))];
            facts.map(|fact| (task.id, fact))
        });
        let facts = facts.collect();
        for (place, task) in tasks.iter().enumerate().filter(|(place, _)| place % 2 == 0) {
            let name = task_name(Attempt { task: task.id, number: 1 }, None);
            remembered.push(told(remote(place), Some(name), task.spec.group.as_str(), at));
            let id = RemoteId(format!("theirs-{number:03}-{place:03}"));
            remembered.push(told(id, Some("nightly".to_owned()), &format!("/theirs/{place:03}"), at));
        }
        ledger.add(queued, tasks).await.expect("room");
        ledger.fold(facts, at, None).await.expect("room");
    }
    remembered
}

fn plan(number: usize, at: Timestamp) -> Plan {
    let group = |place: usize| LogGroupName::parse(&format!("/past/service-{place:03}")).expect("a valid name");
    Plan {
        name: PlanName::parse(&format!("plan-{number:03}")).ok(),
        groups: (0..OF_PLAN).map(group).collect(),
        range: TimeRange::new(at.before(Duration::from_hours(2)), at.before(Duration::from_hours(1))).expect("a range"),
        split: Split::None,
        zone: Zone::Utc,
        store: Store::stored("logs-archive").expect("a valid name"),
        template: None,
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    }
}

fn told(id: RemoteId, name: Option<String>, group: &str, at: Timestamp) -> RemoteTask {
    RemoteTask {
        id,
        name,
        group: group.to_owned(),
        from: at.before(Duration::from_hours(2)),
        to: at.before(Duration::from_hours(1)),
        bucket: "logs-archive".to_owned(),
        prefix: "exportedlogs".to_owned(),
        status: RemoteStatus::Completed,
        message: Some("Completed successfully".to_owned()),
        created: Some(at),
        completed: Some(at.after(Duration::from_mins(5))),
    }
}
