//! Against a model: whatever facts come, the ledger holds what the reducer makes of them in memory, and its sums are what
//! a recount gives.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::reducer::{Reduced, reduce};
use crate::domain::task::{Holder, Moment, Move, Wait};
use crate::ledger::Mark;

const TASKS: usize = 3;

fn problem() -> impl Strategy<Value = Problem> {
    let kind = prop_oneof![
        Just(ProblemKind::AccessDenied),
        Just(ProblemKind::Throttled),
        Just(ProblemKind::ExportFailed),
        Just(ProblemKind::ExportBroke),
    ];
    (kind, any::<bool>()).prop_map(|(kind, says)| {
        let problem = Problem::new(kind, "DescribeExportTasks").in_region("eu-central-1");
        if says { problem.saying("it\u{1b}[31m is \"red\"") } else { problem }
    })
}

fn wait() -> impl Strategy<Value = Wait> {
    let holder = Holder { remote: remote(9), group: "/theirs".to_owned(), name: None, created: Some(at(3)) };
    prop_oneof![
        Just(Wait::Turn),
        Just(Wait::Slot(None)),
        Just(Wait::Slot(Some(holder))),
        (problem(), 0..100_i64).prop_map(|(problem, until)| Wait::Retry { problem, until: at(until) }),
    ]
}

fn count() -> impl Strategy<Value = Result<Landed, Problem>> {
    prop_oneof![(0..3_u64).prop_map(|objects| Ok(landed(objects))), problem().prop_map(Err)]
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        4 => Just(Fact::launching()),
        3 => (wait(), any::<bool>()).prop_map(|(wait, doubt)| Fact::PutBack { wait, doubt }),
        3 => (0..9_u32).prop_map(|n| Fact::Accepted(remote(n))),
        1 => Just(Fact::Started),
        1 => (0..3_u64).prop_map(|objects| Fact::Landed(landed(objects))),
        1 => wait().prop_map(Fact::Waiting),
        1 => problem().prop_map(Fact::Uncounted),
        1 => Just(Fact::Seen),
        2 => count().prop_map(Fact::Completed),
        2 => (problem(), any::<bool>()).prop_map(|(problem, counted)| Fact::Failed { problem, left: counted.then(|| landed(1)) }),
        1 => Just(Fact::CancelAsked),
        1 => (problem(), any::<bool>()).prop_map(|(problem, running)| Fact::CancelRefused { problem, running }),
        1 => count().prop_map(Fact::Cancelled),
        3 => Just(Fact::Retry),
        2 => problem().prop_map(Fact::Again),
    ]
}

/// What each batch of facts does, in one transaction each.
type Batches = Vec<Vec<(usize, Fact)>>;

fn batches() -> impl Strategy<Value = Batches> {
    vec(vec((0..TASKS, fact()), 1..6), 1..25)
}

/// The tasks as the reducer alone would have them, and what it answered.
struct Model {
    tasks: Vec<Task>,
    moves: Vec<Move>,
}

impl Model {
    fn new() -> Self {
        let lane = Arc::new(home());
        let queued = hours(1, "/web", TASKS).into_iter().zip(1..);
        let tasks = queued.map(|(planned, place)| {
            let task = Task::new(planned.id, plan_id(1), Arc::clone(&lane), planned.spec, at(0));
            Task { place, ..task }
        });
        Self { tasks: tasks.collect(), moves: Vec::new() }
    }

    fn fold(&mut self, batch: &[(usize, Fact)], now: Timestamp) -> Vec<Reduced> {
        batch.iter().map(|(task, fact)| self.fold_one(*task, fact.clone(), now)).collect()
    }

    fn fold_one(&mut self, task: usize, fact: Fact, now: Timestamp) -> Reduced {
        let task = &mut self.tasks[task];
        let lines = task.timeline.len();
        let reduced = reduce(task, fact, now);
        if let Reduced::Moved(before) = reduced {
            let last = task.timeline.last().unwrap().clone();
            let moment = if task.timeline.len() > lines { last } else { Moment { at: now, ..last } };
            self.moves.push(Move { task: task.id, before, moment });
        }
        reduced
    }

    fn recount(&self) -> (Counts, Landed) {
        let (mut counts, mut sum) = (Counts::default(), Landed::default());
        for task in &self.tasks {
            *counts.of(task.state, task.is_empty()) += 1;
            sum.objects += task.landed.objects;
            sum.bytes += task.landed.bytes;
        }
        (counts, sum)
    }
}

async fn agree(batches: Batches) {
    let (desk, mut model) = (Desk::with_hours(TASKS).await, Model::new());
    let mut mark = desk.ledger.changes(Mark::default()).await.unwrap().mark;
    let mut told = Vec::new();
    for (second, batch) in batches.into_iter().enumerate() {
        let now = at(i64::try_from(second).unwrap() + 1);
        let expected = model.fold(&batch, now);
        let facts = batch.into_iter().map(|(task, fact)| (task_id(1, task), fact)).collect();
        assert_eq!(desk.ledger.fold(facts, now, None).await.unwrap(), expected);
        let changes = desk.ledger.changes(mark).await.unwrap();
        mark = changes.mark;
        told.extend(changes.moves);
    }
    for task in &model.tasks {
        assert_eq!(&desk.task(task.id).await, task);
    }
    assert_eq!(told, model.moves, "every move is told, in order");
    let plan = desk.plan(1).await;
    assert_eq!((plan.counts, plan.landed), model.recount());
    // What one long look tells is what many short ones told.
    assert_eq!(desk.ledger.changes(Mark::default()).await.unwrap().moves, told);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_ledger_holds_what_the_reducer_makes_of_any_facts(batches in batches()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(agree(batches));
    }
}

#[tokio::test]
async fn a_fact_of_an_unknown_task_is_ignored_and_nothing_is_written() {
    let desk = Desk::with_hours(1).await;
    let before = desk.ledger.changes(Mark::default()).await.unwrap().mark;
    let reduced = desk.ledger.fold(vec![(task_id(9, 9), Fact::launching())], at(1), None).await.unwrap();
    assert_eq!(reduced, [Reduced::Ignored]);
    assert_eq!(desk.ledger.changes(before).await.unwrap().mark, before);
}

#[tokio::test]
async fn rounds_of_waiting_leave_one_line_and_are_all_told() {
    let desk = Desk::with_hours(1).await;
    let back = || Fact::PutBack { wait: Wait::Slot(None), doubt: false };
    for _ in 0..4 {
        desk.fold(task_id(1, 0), [Fact::launching(), back()]).await;
    }
    assert_eq!(desk.task(task_id(1, 0)).await.timeline.len(), 3);
    assert_eq!(desk.ledger.changes(Mark::default()).await.unwrap().moves.len(), 8);
}

#[tokio::test]
async fn a_plan_that_comes_again_changes_nothing() {
    let desk = Desk::with_hours(2).await;
    desk.complete(task_id(1, 0), 1).await;
    let before = desk.plan(1).await;
    desk.add(1, hours(1, "/web", 2)).await;
    assert_eq!((desk.plan(1).await, desk.state(task_id(1, 0)).await), (before, State::Completed));
    let mut other = hours(2, "/web", 2);
    other[1].id = task_id(1, 1);
    desk.add(2, other).await;
    assert_eq!(desk.ledger.plan(plan_id(2)).await.unwrap(), None, "one of its tasks was there already");
}

#[tokio::test]
async fn a_plan_comes_back_as_it_was_queued() {
    let desk = Desk::new().await;
    let lane = Lane { endpoint: Some("http://127.0.0.1:4566".to_owned()), ..home() };
    let mut plan = queued_plan(3, &lane);
    plan.name = Some(crate::domain::names::PlanName::parse("nightly ü").unwrap());
    plan.stream_prefix = Some(crate::domain::names::StreamPrefix::parse("web/").unwrap());
    plan.label = Some(crate::domain::names::Label::parse("for audit").unwrap());
    plan.preflight = Preflight::AllowKms;
    plan.pause = Some(crate::domain::queued_plan::Pause::Failures(denied()));
    plan.counts.queued = 2;
    desk.ledger.add(plan.clone(), hours(3, "/web", 2)).await.unwrap();
    assert_eq!(desk.plan(3).await, plan);
}
