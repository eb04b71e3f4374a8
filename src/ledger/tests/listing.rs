//! Lists: filters, cursors, the windows and the pace of the past, and what a person types to name a task.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::domain::names::{PlanName, StreamPrefix};
use crate::domain::plan::Pace;
use crate::domain::store::Store;
use crate::ledger::{Cursor, TaskFilter};

/// Plan 1: six hours of `/web`; plan 2: six hours of `/app/api`; plan 3, in another lane: two days of `/app/jobs`.
/// Ended: `/web` 0 completed, 1 completed and empty, 2 failed; `/app/api` 0 cancelled.
async fn desk() -> Desk {
    let desk = Desk::with_hours(6).await;
    desk.add(2, hours(2, "/app/api", 6)).await;
    let day = |n: i64| TimeRange::new(at(n * 86_400), at((n + 1) * 86_400)).unwrap();
    let mut days: Vec<_> = (0..2_u8).map(|n| planned(task_id(3, n.into()), "/app/jobs", day(n.into()))).collect();
    for task in &mut days {
        task.spec.destination.store = Store::stored("elsewhere").unwrap();
    }
    let elsewhere = QueuedPlan { store: Store::stored("elsewhere").unwrap(), ..queued_plan(3, &lane("us-east-1")) };
    desk.ledger.add(elsewhere, days).await.unwrap();
    desk.complete(task_id(1, 0), 2).await;
    desk.complete(task_id(1, 1), 0).await;
    desk.fold(task_id(1, 2), [failed(denied())]).await;
    desk.fold(task_id(2, 0), [Fact::CancelAsked]).await;
    desk
}

/// Which tasks pass, as (plan, number), newest first.
async fn found(desk: &Desk, filter: TaskFilter) -> Vec<(u128, usize)> {
    let tasks = desk.ledger.tasks(filter, None, 1000).await.unwrap();
    tasks.iter().map(|task| (task.id.0.as_u128() >> 96, usize::try_from(task.id.0.as_u128() & 0xff).unwrap())).collect()
}

#[tokio::test]
async fn without_a_filter_everything_is_listed_newest_first() {
    let desk = desk().await;
    let all = found(&desk, TaskFilter::default()).await;
    assert_eq!(all.len(), 14);
    assert_eq!((all[0], all[2], all[13]), ((3, 1), (2, 5), (1, 0)));
}

#[tokio::test]
async fn each_filter_lets_through_what_it_says() {
    let desk = desk().await;
    let group = |part: &str| TaskFilter { group: Some(part.to_owned()), ..TaskFilter::default() };
    assert_eq!(found(&desk, group("app")).await.len(), 8);
    assert_eq!(found(&desk, group("jobs")).await, [(3, 1), (3, 0)]);
    assert_eq!(found(&desk, group("%")).await, [], "a part, not a pattern");
    desk.add(4, vec![planned(task_id(4, 0), "/aws/API-Gateway", hour(0))]).await;
    assert_eq!(found(&desk, group("api-gate")).await, [(4, 0)]);
    assert_eq!(found(&desk, group("API")).await, [(4, 0)], "a capital that was typed matters");
    assert_eq!(found(&desk, group("APP")).await, []);
    let states = |states: &[State]| TaskFilter { states: states.to_vec(), ..TaskFilter::default() };
    assert_eq!(found(&desk, states(&[State::Failed, State::Cancelled])).await, [(2, 0), (1, 2)]);
    assert_eq!(found(&desk, states(&[State::Completed])).await, [(1, 1), (1, 0)]);
    let empty = |empty| TaskFilter { empty: Some(empty), ..TaskFilter::default() };
    assert_eq!(found(&desk, empty(true)).await, [(1, 1)]);
    assert_eq!(found(&desk, empty(false)).await, [(1, 0)]);
    let bucket = TaskFilter { bucket: Some("elsewhere".to_owned()), ..TaskFilter::default() };
    assert_eq!(found(&desk, bucket).await, [(3, 1), (3, 0)]);
    let plan = |n| TaskFilter { plan: Some(plan_id(n)), ..TaskFilter::default() };
    assert_eq!(found(&desk, plan(3)).await, [(3, 1), (3, 0)]);
    assert_eq!(found(&desk, plan(9)).await, []);
    let of = |region: &str| TaskFilter { lane: Some(lane(region)), ..TaskFilter::default() };
    assert_eq!(found(&desk, of("us-east-1")).await.len(), 2);
    assert_eq!(found(&desk, of("nowhere-1")).await, []);
}

#[tokio::test]
async fn a_date_finds_every_window_that_reaches_into_it() {
    let desk = desk().await;
    let range = |from: i64, to: i64| TaskFilter { from: Some(at(from)), to: Some(at(to)), ..TaskFilter::default() };
    assert_eq!(found(&desk, range(3 * 3600, 4 * 3600)).await, [(3, 0), (2, 3), (1, 3)]);
    assert_eq!(found(&desk, range(3 * 3600 + 1, 4 * 3600 + 1)).await, [(3, 0), (2, 4), (2, 3), (1, 4), (1, 3)]);
    assert_eq!(found(&desk, range(100_000, 200_000)).await, [(3, 1)], "the long window began before it");
    let from = TaskFilter { from: Some(at(86_400)), ..TaskFilter::default() };
    assert_eq!(found(&desk, from.clone()).await, [(3, 1)]);
    let failed = TaskFilter { from: Some(at(2 * 3600)), to: Some(at(3 * 3600)), states: vec![State::Failed], ..from };
    assert_eq!(found(&desk, failed).await, [(1, 2)]);
    let to = TaskFilter { to: Some(at(3600)), group: Some("web".to_owned()), ..TaskFilter::default() };
    assert_eq!(found(&desk, to).await, [(1, 0)]);
}

#[tokio::test]
async fn filters_count_together_and_pages_join_up() {
    let desk = desk().await;
    let filter = TaskFilter {
        group: Some("app".to_owned()),
        states: vec![State::Queued, State::Cancelled],
        to: Some(at(4 * 3600)),
        ..TaskFilter::default()
    };
    let whole = found(&desk, filter.clone()).await;
    assert_eq!(whole, [(3, 0), (2, 3), (2, 2), (2, 1), (2, 0)]);
    for filter in [filter, TaskFilter::default(), TaskFilter { states: State::ALL.to_vec(), ..TaskFilter::default() }] {
        let whole = desk.ledger.tasks(filter.clone(), None, 1000).await.unwrap();
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = desk.ledger.tasks(filter.clone(), after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(Cursor::from(last));
            pages.extend(page);
        }
        assert_eq!(pages, whole);
    }
}

fn filters() -> impl Strategy<Value = TaskFilter> {
    let groups = select(vec!["web", "app", "API", "j", "/", "nothing"]).prop_map(str::to_owned);
    let lanes = select(vec!["eu-central-1", "us-east-1", "nowhere-1"]).prop_map(lane);
    let buckets = select(vec!["elsewhere", "logs-archive", "nowhere"]).prop_map(str::to_owned);
    let hour = || proptest::option::of((0..48_i64).prop_map(|hour| at(hour * 3600)));
    let states = subsequence(State::ALL.to_vec(), 0..=3);
    let rest = (proptest::option::of(any::<bool>()), proptest::option::of((1..5_u128).prop_map(plan_id)));
    let maybe = proptest::option::of::<proptest::strategy::BoxedStrategy<String>>;
    (maybe(groups.boxed()), states, rest, maybe(buckets.boxed()), proptest::option::of(lanes), hour(), hour()).prop_map(
        |(group, states, (empty, plan), bucket, lane, from, to)| {
            // Most of the time fewer conditions, or nothing would ever pass.
            let plan = plan.filter(|_| empty.is_none() && lane.is_none());
            TaskFilter { group, states, empty: empty.filter(|_| bucket.is_none()), bucket, plan, lane, from, to }
        },
    )
}

/// What a filter says, told by the task alone.
fn passes(filter: &TaskFilter, task: &Task) -> bool {
    let (name, window) = (task.spec.group.as_str(), task.spec.window);
    filter.group.as_ref().is_none_or(|part| name.contains(part.as_str()))
        && (filter.states.is_empty() || filter.states.contains(&task.state))
        && filter.empty.is_none_or(|empty| task.state == State::Completed && task.is_empty() == empty)
        && filter.bucket.as_ref().is_none_or(|bucket| task.spec.destination.store.as_str() == bucket)
        && filter.plan.is_none_or(|plan| task.plan == plan)
        && filter.lane.as_ref().is_none_or(|lane| *task.lane == *lane)
        && filter.from.is_none_or(|from| window.to() > from)
        && filter.to.is_none_or(|to| window.from() < to)
}

#[test]
fn any_filter_lets_through_what_it_says_whichever_way_it_is_looked_for() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let desk = runtime.block_on(desk());
    let all = runtime.block_on(desk.ledger.tasks(TaskFilter::default(), None, 1000)).unwrap();
    proptest!(ProptestConfig::with_cases(500), |(filter in filters(), limit in 1..20_usize, skip in 0..14_usize)| {
        let rest = &all[skip..];
        let after = skip.checked_sub(1).map(|last| Cursor::from(&all[last]));
        let expected: Vec<_> = rest.iter().filter(|task| passes(&filter, task)).take(limit).cloned().collect();
        let found = runtime.block_on(desk.ledger.tasks(filter, after, limit)).unwrap();
        prop_assert_eq!(ids(&found), ids(&expected));
    });
}

#[tokio::test]
async fn a_board_begins_with_what_moves() {
    let desk = desk().await;
    desk.fold(task_id(2, 3), [Fact::launching()]).await;
    let board = desk.ledger.board(3, 2).await.unwrap();
    assert_eq!(ids(&board.tasks[..3]), [task_id(2, 3), task_id(1, 3), task_id(1, 4)]);
    assert!(board.tasks[3..].iter().all(|task| task.state.is_end()) && board.tasks.len() == 5);
    assert_eq!((board.plans.len(), board.lanes.len()), (3, 2));
    assert!(desk.ledger.changes(board.mark).await.unwrap().tasks.is_empty());
}

#[tokio::test]
async fn a_board_has_the_plans_of_ended_tasks_too() {
    let desk = Desk::with_hours(1).await;
    desk.complete(task_id(1, 0), 1).await;
    let board = desk.ledger.board(0, 1).await.unwrap();
    assert_eq!((board.tasks.len(), board.plans.len()), (1, 1));
    assert_eq!(desk.ledger.board(5, 0).await.unwrap().plans, []);
}

#[tokio::test]
async fn ids_of_a_plan_come_by_state() {
    let desk = desk().await;
    let of = async |states: &[State]| desk.ledger.ids(plan_id(1), states.to_vec()).await.unwrap();
    assert_eq!(of(&[State::Failed]).await, [task_id(1, 2)]);
    assert_eq!(of(&[State::Completed, State::Failed]).await, (0..3).map(|n| task_id(1, n)).collect::<Vec<_>>());
    assert_eq!(of(&[]).await.len(), 6);
}

#[tokio::test]
async fn an_id_is_found_by_its_beginning() {
    let desk = Desk::new().await;
    let id = |text: &str| TaskId(Uuid::parse_str(text).unwrap());
    let (one, two) = (id("0192f0c1-aaaa-7000-8000-000000000001"), id("0192f0c1-aaab-7000-8000-000000000002"));
    desk.add(1, vec![planned(one, "/web", hour(0)), planned(two, "/web", hour(1))]).await;
    let find = async |start: &str| desk.ledger.resolve_task(start).await.unwrap();
    assert_eq!(find("0192f0c1").await, [one, two]);
    assert_eq!(find("0192F0C1-aaaB").await, [two]);
    assert_eq!(find("0192f0c1-aaa").await, [one, two]);
    assert_eq!(find(&one.to_string()).await, [one]);
    for wrong in ["1", "0192f0c1a", "0192-f", "web", "ü", &format!("{one}0"), "0192f0c1-aaac"] {
        assert_eq!(find(wrong).await, [], "{wrong}");
    }
    assert_eq!(find("").await.len(), 2);
}

#[tokio::test]
async fn a_plan_is_found_by_its_name_or_the_beginning_of_its_id() {
    let desk = desk().await;
    for n in [10, 11] {
        let plan = QueuedPlan { name: Some(PlanName::parse("nightly").unwrap()), ..queued_plan(n, &home()) };
        desk.ledger.add(plan, hours(n, "/web", 1)).await.unwrap();
    }
    let find = async |start: &str| desk.ledger.resolve_plan(start).await.unwrap();
    assert_eq!(find("nightly").await, [plan_id(11), plan_id(10)], "the newest first");
    assert_eq!(find("0000000b").await, [plan_id(11)]);
    assert_eq!(find("night").await, []);
    let newest = desk.ledger.plans(2).await.unwrap();
    assert_eq!(newest.iter().map(|plan| plan.id).collect::<Vec<_>>(), [plan_id(11), plan_id(10)]);
}

#[tokio::test]
async fn windows_are_told_apart_by_everything_that_makes_a_destination() {
    let desk = desk().await;
    let web = LogGroupName::parse("/web").unwrap();
    let prefix = StreamPrefix::parse("a").unwrap();
    let mut task = planned(task_id(4, 0), "/web", hour(9));
    task.spec.stream_prefix = Some(prefix.clone());
    desk.add(4, vec![task]).await;
    let bare = QueuedPlan { template: None, ..queued_plan(5, &home()) };
    desk.ledger.add(bare, vec![planned(task_id(5, 0), "/web", hour(8))]).await.unwrap();
    let of = async |lane: &Lane, template: Option<&Template>, prefix: Option<&StreamPrefix>| {
        let known = desk.ledger.windows(lane, &web, &store(), template, prefix, &Engine::Managed).await.unwrap();
        known.into_iter().map(|known| (known.window, known.state, known.accepted)).collect::<Vec<_>>()
    };
    let template = template();
    let known = of(&home(), Some(&template), None).await;
    assert_eq!(known.iter().map(|(window, _, _)| *window).collect::<Vec<_>>(), (0..6).map(hour).collect::<Vec<_>>());
    assert_eq!([known[0].1, known[2].1, known[3].1], [State::Completed, State::Failed, State::Queued]);
    assert!(known[0].2.is_some() && known[3].2.is_none(), "when AWS accepted it");
    assert_eq!(of(&home(), Some(&template), Some(&prefix)).await, [(hour(9), State::Queued, None)]);
    assert_eq!(of(&home(), None, None).await, [(hour(8), State::Queued, None)]);
    assert_eq!(of(&lane("us-east-1"), Some(&template), None).await, []);
}

#[tokio::test]
async fn the_pace_is_that_of_the_last_fifty() {
    let desk = Desk::with_hours(60).await;
    assert_eq!(desk.ledger.pace(&home()).await.unwrap(), Pace::default());
    for n in 0..60 {
        let (accepted, took) = (i64::try_from(n).unwrap() * 100, if n < 10 { 99 } else { 7 });
        let begun = vec![(task_id(1, n), Fact::launching()), (task_id(1, n), Fact::Accepted(remote(1)))];
        desk.ledger.fold(begun, at(accepted), None).await.unwrap();
        let done = vec![(task_id(1, n), Fact::Completed(Ok(landed(1))))];
        desk.ledger.fold(done, at(accepted + took), None).await.unwrap();
    }
    assert_eq!(desk.ledger.pace(&home()).await.unwrap(), Pace { tasks: 50, busy: Duration::from_secs(350) });
    assert_eq!(desk.ledger.pace(&lane("us-east-1")).await.unwrap(), Pace::default());
}

#[tokio::test]
async fn the_log_groups_of_a_plan_come_in_the_order_they_were_asked_for() {
    let desk = desk().await;
    let tasks = ["/web", "/app/api", "/web", "/a"]
        .iter()
        .zip(0..)
        .map(|(group, n)| planned(task_id(5, n), group, hour(i64::from(u8::try_from(n).unwrap()))));
    desk.add(5, tasks.collect()).await;
    let groups = desk.ledger.groups_of(plan_id(5)).await.unwrap();
    assert_eq!(groups.iter().map(LogGroupName::as_str).collect::<Vec<_>>(), ["/web", "/app/api", "/a"]);
    assert_eq!(desk.ledger.groups_of(plan_id(9)).await.unwrap(), []);
}
