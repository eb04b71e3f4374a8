//! The past of a lane: its order, its pages, what passes.

use super::*;
use crate::domain::past::Glance;
use crate::domain::store::Store;
use crate::ledger::{Past, PastMark};

/// Ended in the order 1/0, 2/0, 1/1, … by turns, a second apart; 1/19 is at work, 2/19 is queued.
async fn desk() -> Desk {
    let desk = Desk::with_hours(20).await;
    let mut other = hours(2, "/other", 20);
    for task in &mut other {
        task.spec.destination.store = Store::stored("elsewhere").unwrap();
    }
    let name = crate::domain::names::PlanName::parse("nightly").ok();
    let plan = QueuedPlan { name, ..queued_plan(2, &home()) };
    desk.ledger.add(plan, other).await.unwrap();
    for n in 0..19 {
        for plan in [1, 2] {
            let facts = [Fact::launching(), Fact::Accepted(remote(1)), Fact::Completed(Ok(landed(n as u64 % 2)))];
            let facts = facts.into_iter().map(|fact| (task_id(plan, n), fact)).collect();
            desk.ledger.fold(facts, at(100 + i64::try_from(n).unwrap()), None).await.unwrap();
        }
    }
    desk.fold(task_id(1, 19), [Fact::launching(), Fact::Accepted(remote(1))]).await;
    desk
}

/// Every page, from the first to the last.
async fn pages(desk: &Desk, lane: &Lane, limit: usize, passes: fn(&Glance<'_>) -> bool) -> Vec<Past> {
    let (mut pages, mut after): (Vec<Past>, Option<PastMark>) = (Vec::new(), None);
    loop {
        let page = desk.ledger.past(lane, after, limit, passes).await.unwrap();
        after = page.next;
        pages.push(page);
        if after.is_none() {
            return pages;
        }
    }
}

fn all(pages: &[Past]) -> Vec<TaskId> {
    pages.iter().flat_map(|page| ids(&page.tasks)).collect()
}

#[tokio::test]
async fn what_is_at_work_comes_first_and_then_what_ended_the_last_first() {
    let desk = desk().await;
    let ended = (0..19).rev().flat_map(|n| [task_id(2, n), task_id(1, n)]);
    let expected: Vec<TaskId> = std::iter::once(task_id(1, 19)).chain(ended).collect();
    for limit in [1, 3, 7, 100] {
        let pages = pages(&desk, &home(), limit, |_| true).await;
        assert_eq!(all(&pages), expected, "{limit} a page");
        let (first, rest) = pages.split_first().unwrap();
        assert!(first.tasks.len() <= limit + 1 && rest.iter().all(|page| page.tasks.len() <= limit));
        assert!(
            pages
                .iter()
                .all(|page| page.next.is_none_or(|next| page.tasks.last().unwrap().ended >= Some(next.ended())))
        );
    }
}

#[tokio::test]
async fn a_page_looks_at_so_many_tasks_even_if_none_passes() {
    let desk = desk().await;
    let none = pages(&desk, &home(), 100, |_| false).await;
    assert!(none.len() >= 5, "{}", none.len());
    assert_eq!(all(&none), []);
    let elsewhere = pages(&desk, &lane("us-east-1"), 100, |_| true).await;
    assert_eq!(all(&elsewhere), [], "nobody knows that lane");
}

#[tokio::test]
async fn a_glance_tells_what_is_filtered_by() {
    let desk = desk().await;
    let named = pages(&desk, &home(), 100, |glance| glance.plan == Some((plan_id(2), "nightly"))).await;
    assert_eq!(all(&named).len(), 19);
    assert!(named.iter().flat_map(|page| &page.plans).all(|plan| plan.id == plan_id(2)));
    let empty = pages(&desk, &home(), 100, |glance| glance.is_empty && glance.bucket == "elsewhere").await;
    assert_eq!(all(&empty), (0..19).rev().filter(|n| n % 2 == 0).map(|n| task_id(2, n)).collect::<Vec<_>>());
    let early = pages(&desk, &home(), 100, |glance| glance.begun <= at(100) && glance.group == "/web").await;
    assert_eq!(all(&early), [task_id(1, 19), task_id(1, 0)]);
    let window =
        pages(&desk, &home(), 100, |glance| glance.from == at(3600) && glance.state == Some(State::Completed)).await;
    assert_eq!(all(&window), [task_id(2, 1), task_id(1, 1)]);
}
