//! What is launched next, and what is held: paused lanes and plans, and plans that pause themselves.

use super::*;
use crate::domain::queued_plan::Pause;

#[tokio::test]
async fn tasks_are_launched_in_the_order_they_were_queued() {
    let desk = Desk::with_hours(2).await;
    desk.add(2, hours(2, "/app", 1)).await;
    assert_eq!(desk.next().await, Some(task_id(1, 0)));
    desk.fold(task_id(1, 0), [Fact::launching()]).await;
    assert_eq!(desk.next().await, Some(task_id(1, 1)));
    assert_eq!(ids(&desk.ledger.at_work(&home()).await.unwrap()), [task_id(1, 0)]);
    desk.fold(task_id(1, 1), [Fact::CancelAsked]).await;
    assert_eq!(desk.next().await, Some(task_id(2, 0)));
    assert_eq!(
        desk.ledger.next_task(&lane("us-east-1"), EngineKind::Managed).await.unwrap(),
        None,
        "a lane of its own"
    );
}

#[tokio::test]
async fn a_paused_lane_launches_nothing() {
    let desk = Desk::with_hours(1).await;
    desk.ledger.pause_lane(&home(), true).await.unwrap();
    assert_eq!(desk.next().await, None);
    desk.ledger.pause_lane(&home(), false).await.unwrap();
    assert_eq!(desk.next().await, Some(task_id(1, 0)));
}

#[tokio::test]
async fn a_paused_plan_lets_others_pass_however_long_it_is() {
    for held in [1, 31, 32, 33, 500] {
        let desk = Desk::with_hours(held).await;
        desk.ledger.pause_plan(plan_id(1), Some(Pause::Asked)).await.unwrap();
        assert_eq!(desk.next().await, None, "{held} held and nothing else");
        desk.add(2, hours(2, "/app", 2)).await;
        desk.add(3, hours(3, "/db", 2)).await;
        assert_eq!(desk.next().await, Some(task_id(2, 0)), "behind {held} held ones");
        desk.ledger.pause_plan(plan_id(2), Some(Pause::Asked)).await.unwrap();
        assert_eq!(desk.next().await, Some(task_id(3, 0)));
        desk.ledger.pause_plan(plan_id(1), None).await.unwrap();
        assert_eq!(desk.next().await, Some(task_id(1, 0)));
    }
}

#[tokio::test]
async fn three_permanent_failures_of_one_cause_pause_the_plan() {
    let desk = Desk::with_hours(6).await;
    for n in 0..2 {
        desk.fold(task_id(1, n), [failed(denied())]).await;
        assert_eq!(desk.plan(1).await.pause, None);
    }
    desk.fold(task_id(1, 2), [failed(denied())]).await;
    assert_eq!(desk.plan(1).await.pause, Some(Pause::Failures(denied())));
    assert_eq!(desk.next().await, None);
    desk.ledger.pause_plan(plan_id(1), None).await.unwrap();
    desk.fold(task_id(1, 3), [failed(denied())]).await;
    assert_eq!(desk.plan(1).await.pause, None, "going on has forgotten the three");
}

#[tokio::test]
async fn other_causes_passing_failures_and_successes_break_the_row() {
    let desk = Desk::with_hours(12).await;
    let other = Problem::new(ProblemKind::NotFound, "CreateExportTask");
    let passing = Problem::new(ProblemKind::ExportBroke, "DescribeExportTasks");
    for (n, problem) in [denied(), denied(), other.clone(), denied(), denied()].into_iter().enumerate() {
        desk.fold(task_id(1, n), [failed(problem)]).await;
    }
    desk.complete(task_id(1, 5), 0).await;
    for n in 6..8 {
        desk.fold(task_id(1, n), [failed(denied())]).await;
    }
    assert_eq!(desk.plan(1).await.pause, None);
    desk.fold(task_id(1, 8), [Fact::launching(), Fact::Accepted(remote(8)), Fact::Again(passing)]).await;
    assert_eq!(desk.plan(1).await.pause, None, "one that is tried again by itself does not count");
    desk.fold(task_id(1, 9), [failed(denied())]).await;
    assert!(desk.plan(1).await.pause.is_some(), "nor does it break the row");
}

#[tokio::test]
async fn a_plan_with_nothing_left_to_hold_is_not_paused() {
    let desk = Desk::with_hours(3).await;
    for n in 0..3 {
        desk.fold(task_id(1, n), [failed(denied())]).await;
    }
    assert_eq!(desk.plan(1).await.pause, None);
}

#[tokio::test]
async fn a_pause_that_a_person_asked_for_stays_theirs() {
    let desk = Desk::with_hours(4).await;
    desk.ledger.pause_plan(plan_id(1), Some(Pause::Asked)).await.unwrap();
    for n in 0..3 {
        desk.fold(task_id(1, n), [failed(denied())]).await;
    }
    assert_eq!(desk.plan(1).await.pause, Some(Pause::Asked));
}
