//! Direct exports: a line of their own in each lane, and their checkpoints.

use super::*;
use crate::domain::direct::checkpoint::{Checkpoint, Written};
use crate::domain::direct::headway::Headway;
use crate::domain::direct::line::Format;
use crate::domain::engine::Direct;
use crate::ledger::{Driver, Lease, LedgerError};

/// A ledger with a managed plan 1 of so many hours, and a direct plan 2 of two hours behind it.
async fn desk(managed: usize, engine: Engine) -> Desk {
    let desk = Desk::with_hours(managed).await;
    let plan = QueuedPlan { engine, ..queued_plan(2, &home()) };
    desk.ledger.add(plan, hours(2, "/web", 2)).await.unwrap();
    desk
}

fn direct() -> Engine {
    Engine::Direct(Direct::default())
}

async fn next_direct(desk: &Desk) -> Option<TaskId> {
    desk.ledger.next_task(&home(), EngineKind::Direct).await.unwrap().map(|task| task.id)
}

#[tokio::test]
async fn each_engine_has_a_line_of_its_own_however_long_the_others_is() {
    for managed in [1, 31, 32, 500] {
        let desk = desk(managed, direct()).await;
        assert_eq!((desk.next().await, next_direct(&desk).await), (Some(task_id(1, 0)), Some(task_id(2, 0))));
        desk.fold(task_id(2, 0), [Fact::launching()]).await;
        assert_eq!((desk.next().await, next_direct(&desk).await), (Some(task_id(1, 0)), Some(task_id(2, 1))));
        desk.ledger.pause_lane(&home(), true).await.unwrap();
        assert_eq!((desk.next().await, next_direct(&desk).await), (None, None));
    }
}

#[tokio::test]
async fn engine_and_headway_come_back_as_they_were_written() {
    let engine = Engine::Direct(Direct { format: Format::Jsonl, pattern: None });
    let desk = desk(1, engine.clone()).await;
    let headway = Headway { events: 7, streams_known: 2, ..Headway::default() };
    desk.fold(task_id(2, 0), [Fact::launching(), Fact::Headway(headway, landed(3))]).await;
    let task = desk.task(task_id(2, 0)).await;
    assert_eq!((&task.spec.engine, task.headway, task.landed), (&engine, Some(headway), landed(3)));
    assert_eq!(desk.plan(2).await.engine, engine);
    assert_eq!(desk.plan(2).await.landed, landed(3), "it counts for the plan");
}

#[tokio::test]
async fn a_checkpoint_is_kept_by_whoever_has_the_lane_until_the_task_has_completed() {
    let desk = desk(1, direct()).await;
    let id = task_id(2, 0);
    let checkpoint = |events| Checkpoint { written: Written { events, raw: 9, packed: 5 }, ..Checkpoint::default() };
    let driver = Driver { id: Uuid::from_u128(7), label: "process 7".to_owned() };
    let save = async |events| {
        let lease = Lease { lane: Arc::new(home()), driver: driver.id };
        desk.ledger.save_checkpoint(id, checkpoint(events), at(1), lease).await
    };
    assert!(matches!(save(1).await, Err(LedgerError::LeaseLost(_))));
    assert_eq!(desk.ledger.checkpoint(id).await.unwrap(), None);
    assert!(desk.ledger.take_lease(&home(), &driver, at(0), at(60)).await.unwrap());
    for events in [2, 3] {
        save(events).await.unwrap();
        assert_eq!(desk.ledger.checkpoint(id).await.unwrap(), Some(checkpoint(events)));
    }
    assert_eq!(desk.ledger.checkpoint(task_id(2, 1)).await.unwrap(), None, "each has its own");
    desk.fold(id, [Fact::launching(), Fact::Accepted(remote(1)), failed(denied()), Fact::Retry]).await;
    assert!(desk.ledger.checkpoint(id).await.unwrap().is_some(), "the next attempt goes on there");
    desk.complete(id, 1).await;
    assert_eq!(desk.ledger.checkpoint(id).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_written_otherwise_leaves_windows_open() {
    let jsonl = Engine::Direct(Direct { format: Format::Jsonl, pattern: None });
    for (engine, known) in [(direct(), [3, 3, 0]), (jsonl.clone(), [1, 1, 2])] {
        let desk = desk(1, engine).await;
        let web = LogGroupName::parse("/web").unwrap();
        for (asked, count) in [Engine::Managed, direct(), jsonl.clone()].iter().zip(known) {
            let windows = desk.ledger.windows(&home(), &web, &store(), Some(&template()), None, asked).await.unwrap();
            assert_eq!(windows.len(), count, "{asked:?}");
        }
    }
}
