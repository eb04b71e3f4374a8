//! The history: AWS's tasks and the ledger's as one listing, as far as somebody looks.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;
use proptest::prelude::*;

use super::update;
use crate::domain::inventory::{Page, RemoteStatus, RemoteTask};
use crate::domain::names::{Attempt, PlanName, RemoteId, task_name};
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::ledger::Past;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::history::Memory;
use crate::tui::list::Row as _;
use crate::tui::model::{Model, Overlay, Subject};
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (120, 40);

/// As AWS lists `number`: created so many minutes ago.
fn listed(number: usize, minutes: u64) -> RemoteTask {
    RemoteTask { created: Some(NOW.before(Duration::from_mins(minutes))), ..past(number, RemoteStatus::Completed) }
}

/// As the ledger has `number`: accepted so many minutes ago, and ended.
fn kept(number: u128, minutes: u64) -> Task {
    let accepted = Some(NOW.before(Duration::from_mins(minutes)));
    Task { accepted, ..task(number, &format!("/kept-{number}"), State::Completed) }
}

/// The history with a page of AWS's and one of the ledger's, neither the last if `more`.
fn history(aws: Vec<RemoteTask>, ours: Vec<Task>, more: bool) -> Model {
    listing(aws, ours, more).0
}

/// The same, and what is asked for then.
fn listing(aws: Vec<RemoteTask>, ours: Vec<Task>, more: bool) -> (Model, Vec<Effect>) {
    let (mut model, _) = connected(SIZE);
    let effects = press(&mut model, KeyCode::Char('4'));
    let [Effect::LoadHistory { request, .. }, Effect::LoadPast { request: of_ours, .. }] = effects.as_slice() else {
        panic!("both are asked: {effects:?}")
    };
    update(&mut model, Msg::Reply(*of_ours, Reply::Past(Ok(Past { tasks: ours, ..Past::default() }))));
    let next = more.then(|| "t".to_owned());
    let asked = update(&mut model, Msg::Reply(*request, Reply::History(Ok(Page { items: aws, next }))));
    (model, asked)
}

fn rows(model: &Model) -> Vec<(String, Memory)> {
    model.history.list().shown().map(|row| (row.group().to_owned(), row.memory())).collect()
}

fn row(group: &str, memory: Memory) -> (String, Memory) {
    (group.to_owned(), memory)
}

#[test]
fn what_both_know_is_one_row_and_what_one_knows_is_there_too() {
    let never_sent = Task { remote: None, accepted: None, ..task(7, "/never", State::Cancelled) };
    let mut launching = Task { remote: None, ..kept(4, 6) };
    launching.state = State::Launching;
    let model = history(
        vec![listed(2, 5), listed(3, 10), listed(4, 20)],
        vec![kept(2, 5), kept(9, 15), never_sent, launching],
        false,
    );
    let expected = [
        row("/never", Memory::Ledger),
        row("/aws/lambda/past-2", Memory::Both),
        row("/aws/lambda/past-3", Memory::Aws),
        row("/kept-9", Memory::Ledger),
        // Its reply was lost: the name tells.
        row("/aws/lambda/past-4", Memory::Both),
    ];
    assert_eq!(rows(&model), expected);
}

#[test]
fn an_earlier_attempt_is_a_task_of_its_own_in_aws() {
    let again = Task { attempt: 2, remote: Some(RemoteId("remote-99".into())), ..kept(2, 5) };
    let name = |number| Some(task_name(Attempt { task: again.id, number }, None));
    let second = RemoteTask { name: name(2), ..listed(99, 5) };
    let first = RemoteTask { name: name(1), ..listed(98, 50) };
    let mut model = history(vec![second, first], vec![again.clone()], false);
    assert_eq!(rows(&model).len(), 2);
    assert_eq!(model.subject(), Some(Subject::Task(again.id)));
    press(&mut model, KeyCode::Down);
    assert_eq!(model.subject(), Some(Subject::Past(RemoteId("remote-98".into()))), "with AWS's own folder and end");
}

#[test]
fn a_task_of_the_ledger_has_its_details_although_the_queue_does_not_hold_it() {
    let mut model = history(vec![listed(2, 5)], vec![kept(2, 5)], false);
    let effects = press(&mut model, KeyCode::Enter);
    assert!(matches!(model.overlay, Some(Overlay::Details(Subject::Task(_), _))), "{:?}", model.overlay);
    assert!(matches!(effects.as_slice(), [Effect::LoadTask(..)]), "with its timeline: {effects:?}");
    press(&mut model, KeyCode::Char('r'));
    assert!(model.form.is_some());
}

#[test]
fn rows_are_shown_down_to_where_both_are_known() {
    let (mut model, asked) = listing(vec![listed(1, 5), listed(3, 10)], vec![kept(20, 7), kept(30, 15)], true);
    let known = [
        row("/aws/lambda/past-1", Memory::Aws),
        row("/kept-20", Memory::Ledger),
        row("/aws/lambda/past-3", Memory::Aws),
    ];
    assert_eq!(rows(&model), known, "AWS may have something between 10 and 15 minutes ago");
    let [Effect::LoadHistory { request, token: Some(_), .. }] = asked.as_slice() else { panic!("{asked:?}") };
    let page = Page { items: vec![listed(5, 12), listed(7, 20)], next: None };
    update(&mut model, Msg::Reply(*request, Reply::History(Ok(page))));
    assert_eq!(rows(&model).len(), 6);
    assert_eq!(rows(&model)[4], row("/kept-30", Memory::Ledger));
}

#[test]
fn a_plan_is_found_in_the_ledger_without_asking_aws_for_more() {
    let mut model = history(vec![listed(1, 5)], vec![kept(20, 7)], true);
    let (plan, _) = plan_of(1, &[(State::Completed, 1)]);
    let plan = QueuedPlan { id: kept(20, 7).plan, name: PlanName::parse("nightly").ok(), ..plan };
    let (mut fresh, _) = connected(SIZE);
    let effects = press(&mut fresh, KeyCode::Char('4'));
    let Some(Effect::LoadPast { request, .. }) = effects.get(1) else { panic!("{effects:?}") };
    let page = Past { tasks: vec![kept(20, 7), kept(30, 9)], plans: vec![plan], next: None };
    update(&mut fresh, Msg::Reply(*request, Reply::Past(Ok(page))));
    type_text(&mut fresh, "/plan:night");
    assert_eq!(fresh.history.list().shown_count(), 2, "both are of that plan, and shown before AWS has answered");
    assert_eq!(press(&mut fresh, KeyCode::Down), []);
    type_text(&mut model, "/plan:other");
    assert_eq!(press(&mut model, KeyCode::Down), [], "nothing of AWS's alone is of a plan");
}

#[test]
fn another_filter_is_looked_for_in_the_ledger_anew() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Char('4'));
    press(&mut model, KeyCode::Char('/'));
    let asked = press(&mut model, KeyCode::Char('x'));
    let [Effect::LoadPast { request, wanted, after: None, .. }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(wanted.words, ["x"]);
    let again = press(&mut model, KeyCode::Char('y'));
    assert!(matches!(again.as_slice(), [Effect::LoadPast { wanted, .. }] if wanted.words == ["xy"]), "{again:?}");
    let late = Past { tasks: vec![kept(5, 5)], ..Past::default() };
    update(&mut model, Msg::Reply(*request, Reply::Past(Ok(late))));
    assert_eq!(model.history.loaded(), 0, "an answer to an abandoned question");
}

#[test]
fn the_state_key_writes_the_filter_and_aws_lists_that_status_alone() {
    let mut model = history(vec![listed(1, 5)], vec![], false);
    type_text(&mut model, "/past");
    press(&mut model, KeyCode::Enter);
    let mut statuses = Vec::new();
    for word in ["pending", "running", "cancelling", "completed", "empty", "failed", "cancelled"] {
        let asked = press(&mut model, KeyCode::Char('b'));
        assert_eq!(model.history.filter().text(), format!("past state:{word}"));
        statuses.extend(asked.into_iter().filter_map(|effect| match effect {
            Effect::LoadHistory { status, .. } => status,
            _ => None,
        }));
    }
    assert_eq!(statuses, RemoteStatus::KNOWN, "empty ones are among the completed");
    press(&mut model, KeyCode::Char('b'));
    assert_eq!(model.history.filter().text(), "past");
}

#[test]
fn what_is_wrong_with_a_filter_is_told_and_the_rest_of_it_holds() {
    let mut model = history(vec![listed(1, 5)], vec![], false);
    type_text(&mut model, "/past owner:me");
    assert!(model.history.wrong().is_some_and(|why| why.contains("no such filter: owner:")));
    assert_eq!(model.history.list().shown_count(), 1);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.history.wrong(), None);
}

#[test]
fn many_moves_cost_one_new_arrangement() {
    let mut model = history(vec![listed(1, 5)], vec![kept(20, 7)], false);
    for number in 20..60 {
        update(&mut model, Msg::Transition(moved(State::Running, task(number, "/moved", State::Failed))));
    }
    assert!(model.is_sifting());
    assert_eq!(model.history.loaded(), 2);
    update(&mut model, Msg::Sift);
    assert!(!model.is_sifting());
    assert_eq!(model.history.loaded(), 41);
}

#[test]
fn another_lane_has_another_past() {
    let mut model = history(vec![listed(1, 5)], vec![kept(20, 7)], false);
    let mut elsewhere = task(5, "/elsewhere", State::Failed);
    elsewhere.lane = Arc::new(crate::domain::place::Lane { endpoint: Some("http://there".into()), ..lane() });
    update(&mut model, Msg::Transition(moved(State::Running, elsewhere)));
    assert!(!model.history.is_behind());
    let here = model.places.here_id();
    model.browse(here);
    assert_eq!(model.history.loaded(), 0);
}

proptest! {
    /// Whatever AWS and the ledger know, in whatever order it comes: every task is there, and none twice.
    #[test]
    fn no_task_is_left_out_or_doubled(
        aws in prop::collection::vec((0usize..12, 0u64..40), 0..14),
        ours in prop::collection::btree_map(0u128..12, 0u64..40, 0..12),
        sent in prop::collection::vec(any::<bool>(), 12),
    ) {
        let tasks: Vec<Task> = ours.iter().map(|(number, minutes)| {
            let task = kept(*number, *minutes);
            let known = sent[usize::try_from(*number).unwrap()];
            Task { remote: task.remote.clone().filter(|_| known), ..task }
        }).collect();
        let model = history(aws.iter().map(|(number, minutes)| listed(*number, *minutes)).collect(), tasks, false);
        let rows: Vec<_> = model.history.list().rows().to_vec();
        for (at, row) in rows.iter().enumerate() {
            prop_assert!(!rows[..at].iter().any(|other| other.same(row)), "{row:?} twice");
        }
        let of_aws: std::collections::BTreeSet<usize> = aws.iter().map(|(number, _)| *number).collect();
        prop_assert_eq!(rows.iter().filter(|row| row.remote.is_some()).count(), of_aws.len());
        let of_ours = rows.iter().filter_map(|row| row.task()).map(|task| task.id).collect::<std::collections::HashSet<_>>();
        prop_assert_eq!(of_ours.len(), ours.len());
        prop_assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(row.begun)));
    }
}
