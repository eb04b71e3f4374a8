//! Plans, their tasks and the page before queueing, by key sequences and the effects they give.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::config::Notify;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::queued_plan::Pause;
use crate::domain::task::{State, Task};
use crate::export::{Elsewhere, Snapshot};
use crate::ledger::{Driver, LaneRecord, Shift};
use crate::tui::effect::{Change, Effect};
use crate::tui::exports::ExportRow;
use crate::tui::fixtures::*;
use crate::tui::keys;
use crate::tui::model::{Confirm, Model, Overlay, Screen, Subject, Tone};
use crate::tui::msg::{Changed, Msg, Reply};

const SIZE: (u16, u16) = (80, 24);

/// The exports screen with this queue.
fn exports(snapshot: Snapshot) -> Model {
    let (mut model, _) = connected(SIZE);
    show(&mut model, snapshot);
    press(&mut model, KeyCode::Char('3'));
    model
}

fn show(model: &mut Model, snapshot: Snapshot) -> Vec<Effect> {
    update(model, Msg::Snapshot(Arc::new(snapshot)))
}

/// One plan with a task that runs, two queued ones and a failed one.
fn small() -> Snapshot {
    queue(vec![plan_of(1, &[(State::Running, 1), (State::Queued, 2), (State::Failed, 1)])])
}

/// `small`, held for this reason.
fn paused(pause: Pause) -> Snapshot {
    let mut snapshot = small();
    let mut plan = snapshot.plans[0].as_ref().clone();
    plan.pause = Some(pause);
    snapshot.plans = vec![Arc::new(plan)];
    snapshot
}

fn said(model: &Model) -> &str {
    model.message().map_or("", |message| message.text.as_str())
}

fn on_head(model: &Model) -> bool {
    matches!(model.exports.list().current(), Some(ExportRow::Plan(_)))
}

/// The one change a key gives.
fn change(effects: &[Effect]) -> Change {
    match effects {
        [Effect::Change(_, change)] => change.clone(),
        other => panic!("one change expected: {other:?}"),
    }
}

/// The form, ready to be submitted, in a queue that holds nothing.
fn ready_form() -> Model {
    let mut model = with_groups(SIZE, &["/a", "/b"]);
    press(&mut model, KeyCode::Char('a'));
    press(&mut model, KeyCode::Enter);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "acme-log-archive");
    model
}

#[test]
fn nothing_is_queued_before_the_page_that_shows_it_is_confirmed() {
    let mut model = ready_form();
    let effects = ctrl(&mut model, 's');
    let [Effect::Expand(request, lane, plan)] = &effects[..] else { panic!("not worked out: {effects:?}") };
    assert_eq!(press(&mut model, KeyCode::Enter), [], "its tasks are not there yet");
    assert!(said(&model).contains("still being worked out"));
    let draft = drafted(lane, plan);
    update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(Arc::clone(&draft)))));
    let mut by_letter = model.clone();
    for (model, key) in [(&mut model, KeyCode::Enter), (&mut by_letter, KeyCode::Char('y'))] {
        let queued = press(model, key);
        assert!(matches!(&queued[..], [Effect::Submit(_, shown)] if *shown == draft), "{queued:?}");
        assert_eq!((model.screen, &model.overlay), (Screen::Exports, &None));
    }
}

#[test]
fn back_from_the_page_is_the_form_as_it_was_and_a_late_answer_is_dropped() {
    let mut model = ready_form();
    let effects = ctrl(&mut model, 's');
    let [Effect::Expand(request, lane, plan)] = &effects[..] else { panic!("not worked out: {effects:?}") };
    assert_eq!(press(&mut model, KeyCode::Esc), []);
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
    update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(drafted(lane, plan)))));
    assert_eq!(model.overlay, None);
    let again = ctrl(&mut model, 's');
    assert!(matches!(&again[..], [Effect::Expand(_, _, same)] if same == plan), "{again:?}");
}

#[test]
fn a_plan_that_makes_no_tasks_says_why_and_leaves_the_form() {
    let mut model = ready_form();
    let effects = ctrl(&mut model, 's');
    let [Effect::Expand(request, ..)] = effects[..] else { panic!("not worked out: {effects:?}") };
    update(&mut model, Msg::Reply(request, Reply::Expanded(Err("prefix too long".into()))));
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
    assert!(said(&model).contains("prefix too long"));
}

#[test]
fn the_tasks_to_confirm_are_scrolled_to_the_last() {
    let mut model = ready_form();
    let effects = ctrl(&mut model, 's');
    let [Effect::Expand(request, lane, plan)] = &effects[..] else { panic!("not worked out: {effects:?}") };
    let mut plan = plan.clone();
    plan.split = crate::domain::split::Split::Hourly;
    let draft = drafted(lane, &plan);
    assert!(draft.tasks.len() > 40);
    update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(draft))));
    let top = |model: &Model| match &model.overlay {
        Some(Overlay::Review(review)) => review.top,
        other => panic!("the page is there: {other:?}"),
    };
    press(&mut model, KeyCode::Down);
    assert_eq!(top(&model), 1);
    press(&mut model, KeyCode::End);
    let last = top(&model);
    press(&mut model, KeyCode::Down);
    assert_eq!(top(&model), last, "no further than the last task");
    press(&mut model, KeyCode::Home);
    assert_eq!(top(&model), 0);
}

#[test]
fn a_small_plan_is_unfolded_and_folds_by_enter_and_arrows() {
    let mut model = exports(small());
    let count = |model: &Model| model.exports.list().shown_count();
    assert_eq!((count(&model), on_head(&model)), (5, true));
    press(&mut model, KeyCode::Enter);
    assert_eq!(count(&model), 1);
    press(&mut model, KeyCode::Right);
    assert_eq!(count(&model), 5);
    press(&mut model, KeyCode::Right);
    assert!(said(&model).contains("shown already"));
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Left);
    assert_eq!((count(&model), on_head(&model)), (1, true), "from any of its tasks");
}

#[test]
fn a_large_plan_is_folded_and_a_filter_looks_into_it() {
    let mut model = exports(queue(vec![plan_of(1, &[(State::Queued, 500)])]));
    assert_eq!(model.exports.list().shown_count(), 1);
    type_text(&mut model, "/499");
    assert_eq!(model.exports.list().shown_count(), 2, "the head and the one task");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.exports.list().shown_count(), 1);
}

#[test]
fn the_cursor_stays_on_its_task_while_the_queue_moves() {
    let mut model = exports(small());
    press(&mut model, KeyCode::End);
    let here = model.task_here().map(|task| task.id);
    let mut more = plan_of(2, &[(State::Running, 3)]);
    more.0.label = None;
    let (first, second) = (small(), queue(vec![more]));
    let tasks = second.tasks.into_iter().chain(first.tasks).collect();
    let plans = second.plans.into_iter().chain(first.plans).collect();
    show(&mut model, Snapshot { tasks, plans, ..Snapshot::default() });
    assert_eq!(model.task_here().map(|task| task.id), here);
}

#[test]
fn p_pauses_the_plan_of_the_row_and_lets_it_go_on() {
    let mut model = exports(small());
    let plan = model.plan_here().expect("a plan").id;
    assert_eq!(change(&press(&mut model, KeyCode::Char('p'))), Change::PausePlan(plan, true));
    press(&mut model, KeyCode::Down);
    assert_eq!(change(&press(&mut model, KeyCode::Char('p'))), Change::PausePlan(plan, true), "from a task of it too");
    let stopped = Pause::Failures(Problem::new(ProblemKind::BucketAccess, "CreateExportTask"));
    for pause in [Pause::Asked, stopped] {
        show(&mut model, paused(pause));
        assert_eq!(change(&press(&mut model, KeyCode::Char('p'))), Change::PausePlan(plan, false));
    }
}

#[test]
fn a_plan_is_cancelled_after_a_question() {
    let mut model = exports(small());
    let plan = model.plan_here().expect("a plan").id;
    press(&mut model, KeyCode::Char('c'));
    assert!(said(&model).contains("C cancels all of it"), "{}", said(&model));
    press(&mut model, KeyCode::Char('C'));
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::CancelPlan(plan))));
    assert_eq!(change(&press(&mut model, KeyCode::Char('y'))), Change::CancelPlan(plan));
}

#[test]
fn what_failed_is_tried_again_one_by_one_or_all_of_a_plan() {
    let mut model = exports(small());
    let plan = model.plan_here().expect("a plan").id;
    assert_eq!(change(&press(&mut model, KeyCode::Char('T'))), Change::RetryFailed(plan));
    assert_eq!(press(&mut model, KeyCode::Char('t')), [], "a plan is no task");
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('t'));
    assert!(said(&model).contains("has not ended yet"));
    press(&mut model, KeyCode::End);
    let failed = model.task_here().expect("a task").id;
    assert_eq!(change(&press(&mut model, KeyCode::Char('t'))), Change::Retry(failed));
    press(&mut model, KeyCode::Enter);
    assert_eq!(change(&press(&mut model, KeyCode::Char('t'))), Change::Retry(failed), "from its details too");
    let well = queue(vec![plan_of(1, &[(State::Completed, 2)])]);
    let mut model = exports(well);
    press(&mut model, KeyCode::Char('T'));
    assert!(said(&model).contains("nothing of this plan has failed"));
}

/// The queue's answer to a change.
fn changed(model: &mut Model, changed: Changed) {
    update(model, Msg::Reply(crate::tui::list::RequestId(0), Reply::Changed(Ok(changed))));
}

#[test]
fn what_others_have_exported_since_is_only_exported_twice_after_a_question() {
    let mut model = exports(small());
    press(&mut model, KeyCode::End);
    let failed = model.task_here().expect("a task").id;
    changed(&mut model, Changed::Retried(1, Vec::new()));
    assert_eq!((said(&model), &model.overlay), ("1 task queued once more", &None));
    let elsewhere = vec![(failed, Elsewhere::Exported)];
    changed(&mut model, Changed::Retried(2, elsewhere.clone()));
    assert_eq!(said(&model), "2 tasks queued once more, 1 task not: others have their windows");
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Twice(elsewhere.clone()))));
    assert_eq!(press(&mut model, KeyCode::Char('n')), []);
    changed(&mut model, Changed::Retried(0, elsewhere.clone()));
    assert_eq!(change(&press(&mut model, KeyCode::Char('y'))), Change::RetryTwice(vec![failed]));
    press(&mut model, KeyCode::Char('2'));
    changed(&mut model, Changed::Retried(0, elsewhere));
    assert_eq!(model.overlay, None, "whoever is at something else is not interrupted");
    assert_eq!(said(&model), "1 task not: others have their windows");
}

#[test]
fn queued_tasks_are_moved_and_others_have_no_place() {
    let mut model = exports(small());
    press(&mut model, KeyCode::Char('K'));
    assert!(said(&model).contains("< and > move a whole plan"));
    let plan = model.plan_here().expect("a plan").id;
    assert_eq!(change(&press(&mut model, KeyCode::Char('<'))), Change::ShiftPlan(plan, Shift::First));
    press(&mut model, KeyCode::Down);
    assert_eq!(press(&mut model, KeyCode::Char('K')), []);
    assert!(said(&model).contains("only queued tasks"));
    press(&mut model, KeyCode::Down);
    let task = model.task_here().expect("a task").id;
    for (key, shift) in [('K', Shift::Earlier), ('J', Shift::Later), ('<', Shift::First), ('>', Shift::Last)] {
        assert_eq!(change(&press(&mut model, KeyCode::Char(key))), Change::Shift(task, shift));
    }
}

#[test]
fn the_lane_is_paused_from_any_of_its_rows() {
    let mut model = exports(small());
    assert_eq!(change(&press(&mut model, KeyCode::Char('P'))), Change::PauseLane(Arc::new(lane()), true));
    let mut snapshot = small();
    snapshot.lanes = vec![Arc::new(LaneRecord { paused: true, ..record(lane()) })];
    show(&mut model, snapshot);
    press(&mut model, KeyCode::Down);
    assert_eq!(change(&press(&mut model, KeyCode::Char('P'))), Change::PauseLane(Arc::new(lane()), false));
}

#[test]
fn the_plan_s_details_are_opened_from_its_head_and_from_its_tasks() {
    let mut model = exports(small());
    let plan = model.plan_here().expect("a plan").id;
    for key in [KeyCode::Char('i'), KeyCode::Down] {
        press(&mut model, key);
    }
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Char('i'));
    assert_eq!(model.overlay, Some(Overlay::Details(Subject::Plan(plan), 0)));
    assert_eq!(change(&press(&mut model, KeyCode::Char('p'))), Change::PausePlan(plan, true));
}

#[test]
fn who_wants_to_be_called_is_called_once_when_a_plan_ends() {
    let calls = |model: &mut Model| -> Vec<String> {
        let effects = show(model, queue(vec![plan_of(1, &[(State::Completed, 4)])]));
        let calls =
            effects.into_iter().filter_map(|effect| if let Effect::Notify(text) = effect { Some(text) } else { None });
        calls.collect()
    };
    let mut model = exports(small());
    assert!(calls(&mut model).is_empty(), "nobody asked for it");
    let mut model = exports(small());
    model.settings.notify = Notify::Bell;
    let told = calls(&mut model);
    assert!(told.len() == 1 && told[0].starts_with("ended, 4 completed: "), "{told:?}");
    assert!(calls(&mut model).is_empty(), "once");
}

#[test]
fn a_plan_that_stops_itself_or_ends_is_told() {
    let mut model = exports(small());
    let stopped = Pause::Failures(Problem::new(ProblemKind::BucketAccess, "CreateExportTask"));
    show(&mut model, paused(stopped));
    assert_eq!(model.message().map(|message| message.tone), Some(Tone::Bad));
    assert!(said(&model).contains("nightly") && said(&model).contains("paused itself"), "{}", said(&model));
    press(&mut model, KeyCode::Esc);
    show(&mut model, queue(vec![plan_of(1, &[(State::Completed, 4)])]));
    assert!(said(&model).contains("ended, 4 completed"), "{}", said(&model));
}

#[test]
fn quitting_asks_only_for_work_that_would_stand_still() {
    let asks = |snapshot: Snapshot| {
        let mut model = exports(snapshot);
        press(&mut model, KeyCode::Char('q'));
        model.overlay == Some(Overlay::Confirm(Confirm::Quit))
    };
    assert!(asks(queue(vec![plan_of(1, &[(State::Queued, 3)])])));
    assert!(!asks(queue(vec![plan_of(1, &[(State::Completed, 3)])])));
    let mut held = queue(vec![plan_of(1, &[(State::Queued, 3)])]);
    held.lanes = vec![Arc::new(LaneRecord { paused: true, ..record(lane()) })];
    assert!(!asks(held), "a paused lane stands still already");
    let mut other = small();
    let driver = Driver { id: uuid::Uuid::from_u128(9), label: "process 9 on build-3".into() };
    let until = Some(NOW.after(Duration::from_secs(9)));
    other.lanes = vec![Arc::new(LaneRecord { driver: Some(driver), until, ..record(lane()) })];
    assert!(!asks(other.clone()), "the other process goes on");
    other.lanes = vec![Arc::new(LaneRecord { until: Some(NOW), ..other.lanes[0].as_ref().clone() })];
    assert!(asks(other), "it is gone");
}

#[test]
fn details_read_the_whole_timeline_and_again_when_the_task_changes() {
    let mut model = exports(Snapshot { tasks: vec![Arc::new(task(1, "/a", State::Running))], ..Snapshot::default() });
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::LoadTask(request, id)] = effects[..] else { panic!("it is read: {effects:?}") };
    let whole = task(1, "/a", State::Running);
    assert_eq!(update(&mut model, Msg::Reply(request, Reply::Task(Ok(Some(whole.clone()))))), []);
    assert_eq!(model.whole.as_ref().and_then(|whole| whole.task.as_deref()), Some(&whole));
    let changed = Task { landed: crate::domain::amount::Landed::default(), ..whole };
    let effects = show(&mut model, Snapshot { tasks: vec![Arc::new(changed)], ..Snapshot::default() });
    assert!(matches!(effects[..], [Effect::LoadTask(_, again)] if again == id), "{effects:?}");
    press(&mut model, KeyCode::Esc);
    assert!(model.whole.is_none());
}

#[test]
fn a_task_that_took_too_long_opens_the_form_with_a_finer_split() {
    let mut late = task(1, "/a", State::Failed);
    late.problem = Some(Problem::new(ProblemKind::ExportTimedOut, "DescribeExportTasks"));
    let mut model = exports(Snapshot { tasks: vec![Arc::new(late)], ..Snapshot::default() });
    press(&mut model, KeyCode::Char('r'));
    assert_eq!(model.screen, Screen::Form);
    assert!(said(&model).contains("more than 24 hours"));
    let effects = ctrl(&mut model, 's');
    assert!(matches!(&effects[..], [Effect::Expand(_, _, plan)] if plan.split == crate::domain::split::Split::Hourly));
}

#[test]
fn the_footer_offers_what_makes_sense_for_the_row() {
    let offered = |model: &Model| -> Vec<&str> { keys::footer(model).iter().map(|b| b.label).collect() };
    let mut model = exports(small());
    assert!(offered(&model).contains(&"pause/go on") && offered(&model).contains(&"retry failed"));
    assert!(!offered(&model).contains(&"cancel"));
    press(&mut model, KeyCode::End);
    assert!(offered(&model).contains(&"try again"));
}
