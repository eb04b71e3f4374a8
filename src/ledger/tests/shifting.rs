//! Queued tasks change places: no order is ever anything but a permutation of the one before.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ledger::Shift;

/// The numbers of the tasks of plan 1 in line.
async fn line(desk: &Desk) -> Vec<usize> {
    let ids = desk.line().await;
    ids.iter().map(|id| (0..100).find(|n| task_id(1, *n) == *id).unwrap()).collect()
}

async fn shift(desk: &Desk, tasks: &[usize], shift: Shift) -> Vec<usize> {
    let tasks = tasks.iter().map(|n| task_id(1, *n)).collect();
    desk.ledger.shift(tasks, shift).await.unwrap();
    line(desk).await
}

#[tokio::test]
async fn one_task_goes_where_it_is_sent() {
    let desk = Desk::with_hours(4).await;
    assert_eq!(shift(&desk, &[2], Shift::First).await, [2, 0, 1, 3]);
    assert_eq!(shift(&desk, &[2], Shift::First).await, [2, 0, 1, 3]);
    assert_eq!(shift(&desk, &[0], Shift::Last).await, [2, 1, 3, 0]);
    assert_eq!(shift(&desk, &[3], Shift::Earlier).await, [2, 3, 1, 0]);
    assert_eq!(shift(&desk, &[2], Shift::Later).await, [3, 2, 1, 0]);
    assert_eq!(shift(&desk, &[3], Shift::Earlier).await, [3, 2, 1, 0]);
    assert_eq!(shift(&desk, &[0], Shift::Later).await, [3, 2, 1, 0]);
}

#[tokio::test]
async fn several_keep_their_order_among_themselves() {
    let desk = Desk::with_hours(6).await;
    assert_eq!(shift(&desk, &[4, 2], Shift::First).await, [2, 4, 0, 1, 3, 5]);
    assert_eq!(shift(&desk, &[2, 4, 2], Shift::Last).await, [0, 1, 3, 5, 2, 4]);
    assert_eq!(shift(&desk, &[4, 2], Shift::Earlier).await, [0, 1, 3, 2, 4, 5]);
    assert_eq!(shift(&desk, &[0, 1, 2], Shift::Earlier).await, [0, 1, 2, 3, 4, 5]);
    assert_eq!(shift(&desk, &[5, 3, 4], Shift::Later).await, [0, 1, 2, 3, 4, 5]);
    assert_eq!(shift(&desk, &[1, 3], Shift::Later).await, [0, 2, 1, 4, 3, 5]);
}

#[tokio::test]
async fn what_is_not_queued_stays_where_it_is_and_finds_its_place_free() {
    let desk = Desk::with_hours(4).await;
    desk.fold(task_id(1, 1), [failed(denied())]).await;
    assert_eq!(shift(&desk, &[1, 3], Shift::First).await, [3, 0, 2]);
    assert_eq!(shift(&desk, &[2], Shift::Earlier).await, [3, 2, 0], "the gap is stepped over");
    desk.fold(task_id(1, 1), [Fact::Retry]).await;
    assert_eq!(line(&desk).await, [3, 2, 1, 0], "it comes back to its own place");
}

#[tokio::test]
async fn lanes_are_shifted_each_by_itself() {
    let desk = Desk::with_hours(2).await;
    let there = lane("us-east-1");
    desk.ledger.add(queued_plan(2, &there), hours(2, "/web", 2)).await.unwrap();
    desk.ledger.shift(vec![task_id(2, 1), task_id(1, 1)], Shift::First).await.unwrap();
    assert_eq!(line(&desk).await, [1, 0]);
    let other = desk.ledger.queued_after(&there, i64::MIN, 10).await.unwrap();
    assert_eq!(ids(&other), [task_id(2, 1), task_id(2, 0)]);
}

/// The order that a list in memory would have.
fn expected(mut line: Vec<usize>, tasks: &[usize], shift: Shift) -> Vec<usize> {
    let chosen: HashSet<usize> = tasks.iter().copied().collect();
    let (mut moved, rest): (Vec<usize>, Vec<usize>) = line.iter().partition(|n| chosen.contains(n));
    match shift {
        Shift::First => {
            moved.extend(rest);
            moved
        }
        Shift::Last => rest.into_iter().chain(moved).collect(),
        Shift::Earlier => {
            for at in 1..line.len() {
                if chosen.contains(&line[at]) && !chosen.contains(&line[at - 1]) {
                    line.swap(at - 1, at);
                }
            }
            line
        }
        Shift::Later => {
            line.reverse();
            let mut line = expected(line, tasks, Shift::Earlier);
            line.reverse();
            line
        }
    }
}

const COUNT: usize = 7;

const ALL: [Shift; 4] = [Shift::First, Shift::Last, Shift::Earlier, Shift::Later];

async fn agree(shifts: Vec<(Vec<usize>, Shift)>) {
    let desk = Desk::with_hours(COUNT).await;
    let mut order: Vec<usize> = (0..COUNT).collect();
    for (tasks, how) in shifts {
        order = expected(order, &tasks, how);
        assert_eq!(shift(&desk, &tasks, how).await, order, "{tasks:?} {how:?}");
        assert_eq!(desk.next().await, order.first().map(|n| task_id(1, *n)));
    }
    let all: HashSet<usize> = order.into_iter().collect();
    assert_eq!(all.len(), COUNT, "a permutation");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn an_order_is_always_a_permutation(
        shifts in vec(
            (vec(0..COUNT, 0..5), select(&ALL[..])), 1..12,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(agree(shifts));
    }
}
