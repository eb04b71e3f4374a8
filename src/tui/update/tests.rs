//! Key sequences, and the effects they give.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::inventory::{Page, RemoteStatus};
use crate::domain::names::{Label, StreamPrefix};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::{State, Task, Wait};
use crate::domain::time::Timestamp;
use crate::export::Snapshot;
use crate::tui::effect::{Change, Effect};
use crate::tui::fixtures::*;
use crate::tui::form::Form;
use crate::tui::hooks::Hook;
use crate::tui::keys;
use crate::tui::list::{Fetch, Filter, RequestId};
use crate::tui::model::{Confirm, Model, Overlay, Screen, Tone};
use crate::tui::msg::{Msg, Queued, Reply};
use crate::tui::places::Connection;
use crate::tui::review::Draft;

const SIZE: (u16, u16) = (80, 24);
/// Milliseconds.
const DAY: i64 = 86_400_000;

#[test]
fn the_next_page_is_asked_for_as_soon_as_one_has_come() {
    let (mut model, effects) = connected(SIZE);
    let page = Page { items: vec![group("a")], next: Some("t".into()) };
    let next = answer_groups(&mut model, &effects, Ok(page));
    assert!(matches!(next.as_slice(), [Effect::LoadGroups(_, Some(token))] if token == "t"), "{next:?}");
}

#[test]
fn nothing_is_asked_before_the_connection_stands() {
    let mut model = starting(SIZE);
    assert_eq!(press(&mut model, KeyCode::Char('4')), []);
    assert_eq!(press(&mut model, KeyCode::Char('1')), []);
}

#[test]
fn a_failed_connection_is_tried_again_and_its_late_answer_dropped() {
    let mut model = starting(SIZE);
    let failed = || Reply::Connected(Err(Problem::new(ProblemKind::NoRegion, "Connect")));
    update(&mut model, Msg::Reply(RequestId(1), failed()));
    let effects = press(&mut model, KeyCode::Char('R'));
    assert!(matches!(effects.as_slice(), [Effect::Connect(_, _, request)] if *request != RequestId(1)));
    update(&mut model, Msg::Reply(RequestId(1), failed()));
    assert!(matches!(model.places.here().connection, Connection::Connecting(_)));
}

#[test]
fn a_late_page_after_a_reload_is_dropped() {
    let (mut model, old) = connected(SIZE);
    let new = press(&mut model, KeyCode::Char('R'));
    answer_groups(&mut model, &old, Ok(Page { items: vec![group("old")], next: None }));
    assert_eq!(model.groups.list.rows().len(), 0);
    answer_groups(&mut model, &new, Ok(Page { items: vec![group("new")], next: None }));
    assert_eq!(model.groups.list.rows(), [group("new").listed()]);
}

#[test]
fn an_error_on_one_listing_leaves_the_others_alone() {
    let (mut model, effects) = connected(SIZE);
    answer_groups(&mut model, &effects, Err(Problem::new(ProblemKind::AccessDenied, "DescribeLogGroups")));
    assert!(matches!(model.groups.list.fetch(), Fetch::Failed { .. }));
    assert!(matches!(model.buckets.list.fetch(), Fetch::UnderWay { .. }));
}

#[test]
fn a_filter_is_live_kept_by_enter_and_dropped_by_esc() {
    let mut model = with_groups(SIZE, &["/a/web", "/b/db", "/c/web"]);
    type_text(&mut model, "/web");
    assert_eq!(model.groups.list.shown_count(), 2);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Char('2'));
    assert_eq!(model.screen, Screen::Buckets);
    press(&mut model, KeyCode::Char('1'));
    assert_eq!(model.groups.list.shown_count(), 2);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.groups.list.shown_count(), 3);
}

#[test]
fn space_marks_and_goes_down_and_a_marks_what_is_shown() {
    let mut model = with_groups(SIZE, &["a", "b", "c"]);
    press(&mut model, KeyCode::Char(' '));
    assert!(model.groups.marks.contains("a"));
    assert_eq!(model.groups.list.current().map(|g| &*g.name), Some("b"));
    press(&mut model, KeyCode::Char('a'));
    assert_eq!(model.groups.marks.len(), 3);
    press(&mut model, KeyCode::Char('a'));
    assert_eq!(model.groups.marks.len(), 0);
}

#[test]
fn enter_opens_the_form_and_the_draft_survives_another_screen() {
    let mut model = with_groups(SIZE, &["a"]);
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.screen, Screen::Form);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('2'));
    assert_eq!(model.screen, Screen::Buckets);
    press(&mut model, KeyCode::Char('6'));
    assert_eq!(model.screen, Screen::Form);
}

#[test]
fn a_log_group_made_meanwhile_is_found_by_loading_again_from_the_form() {
    let mut model = with_groups(SIZE, &["/old"]);
    press(&mut model, KeyCode::Enter);
    ctrl(&mut model, 'u');
    type_text(&mut model, "/new");
    let asked = ctrl(&mut model, 'r');
    assert_eq!(model.screen, Screen::Form);
    let page = Page { items: vec![group("/new"), group("/old")], next: None };
    answer_groups(&mut model, &asked, Ok(page));
    let context = model.form_context();
    assert!(context.groups_complete && context.groups.iter().any(|group| &*group.name == "/new"));
}

#[test]
fn a_disabled_key_says_why() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.screen, Screen::Groups);
    assert!(model.message().is_some_and(|message| message.text.contains("no log group here")));
}

#[test]
fn a_note_goes_with_its_screen_or_by_itself_and_wakes_nobody_again() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Char('3'));
    assert!(model.message().is_none(), "it was about another screen");
    press(&mut model, KeyCode::Enter);
    let end = model.wakes_at().unwrap();
    model.now = end;
    update(&mut model, Msg::Tick);
    assert!(model.message().is_none());
    assert_eq!(model.wakes_at(), None);
}

#[test]
fn news_of_tasks_wait_for_a_person() {
    let (mut model, _) = connected(SIZE);
    update(&mut model, Msg::Transition(moved(State::Running, task(1, "/a", State::Completed))));
    model.now = NOW.after(Duration::from_hours(1));
    update(&mut model, Msg::Tick);
    assert!(model.message().is_some());
    press(&mut model, KeyCode::Char('2'));
    assert!(model.message().is_none());
}

#[test]
fn the_form_opens_empty_where_nothing_is_listed() {
    for keys in ["6", "e", "2e"] {
        let (mut model, _) = connected(SIZE);
        type_text(&mut model, keys);
        assert_eq!(model.screen, Screen::Form, "{keys}");
        type_text(&mut model, "/typed");
        press(&mut model, KeyCode::Esc);
        type_text(&mut model, "1e");
        assert!(model.form.as_deref().is_some_and(Form::is_edited), "what was typed stays");
    }
}

#[test]
fn cancelling_asks_first_and_an_ended_task_cannot_be_cancelled() {
    let (mut model, _) = connected(SIZE);
    let running = Arc::new(task(1, "/a", State::Running));
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![running.clone()], ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Char('c'));
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Cancel(running.id))));
    assert!(
        matches!(press(&mut model, KeyCode::Char('y'))[..], [Effect::Change(_, Change::Cancel(id))] if id == running.id)
    );
    let ended = Arc::new(task(1, "/a", State::Completed));
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![ended], ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('c'));
    assert_eq!(model.overlay, None);
}

#[test]
fn quitting_asks_only_while_tasks_are_not_done() {
    let (mut model, _) = connected(SIZE);
    assert_eq!(press(&mut model.clone(), KeyCode::Char('q')), [Effect::Quit]);
    update(&mut model, Msg::Snapshot(Arc::new(many_tasks())));
    assert_eq!(press(&mut model, KeyCode::Char('q')), []);
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
    assert_eq!(ctrl(&mut model, 'c'), [Effect::Quit]);
    assert_eq!(ctrl(&mut model, 'c'), [Effect::QuitAtOnce]);
}

#[test]
fn the_quit_question_goes_when_the_last_task_ends() {
    let (mut model, _) = connected(SIZE);
    let tasks = |state| Snapshot { tasks: vec![Arc::new(task(1, "/a", state))], ..Snapshot::default() };
    update(&mut model, Msg::Snapshot(Arc::new(tasks(State::Running))));
    press(&mut model, KeyCode::Char('q'));
    update(&mut model, Msg::Snapshot(Arc::new(tasks(State::Running))));
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
    update(&mut model, Msg::Snapshot(Arc::new(tasks(State::Completed))));
    assert_eq!(model.overlay, None);
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
}

#[test]
fn a_signal_ends_without_a_question() {
    let (mut model, _) = connected(SIZE);
    update(&mut model, Msg::Snapshot(Arc::new(many_tasks())));
    assert_eq!(update(&mut model, Msg::Stop), [Effect::Quit]);
}

#[test]
fn a_failure_stays_until_it_is_dismissed() {
    let (mut model, _) = connected(SIZE);
    let move_to = |state| Msg::Transition(moved(State::Running, task(1, "/a", state)));
    update(&mut model, move_to(State::Failed));
    update(&mut model, move_to(State::Completed));
    assert_eq!(model.message().map(|message| message.tone), Some(Tone::Bad));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.message().map(|m| m.text.as_str()), Some("completed: /a, 12 objects, 3.4 MiB"));
}

#[test]
fn the_status_filter_asks_anew_and_drops_the_old_answer() {
    let mut model = with_history(SIZE);
    let effects = press(&mut model, KeyCode::Char('b'));
    assert!(matches!(effects.as_slice(), [Effect::LoadHistory { status: Some(_), token: None, .. }]));
    assert_eq!(model.history.aws.rows().len(), 0);
}

#[test]
fn history_is_loaded_again_although_its_old_rows_reach_beyond_the_screen() {
    let (mut model, _) = connected(SIZE);
    let effects = press(&mut model, KeyCode::Char('4'));
    let Some(Effect::LoadHistory { request, .. }) = effects.first() else { panic!("history is asked for") };
    let items = (0..50).map(|number| past(number, RemoteStatus::Completed)).collect();
    let page = Page { items, next: Some("t".into()) };
    assert_eq!(update(&mut model, Msg::Reply(*request, Reply::History(Ok(page)))), [], "nobody looks that far");
    let effects = press(&mut model, KeyCode::Char('R'));
    assert!(matches!(effects.as_slice(), [Effect::LoadHistory { token: None, .. }]), "{effects:?}");
}

#[test]
fn a_test_hook_means_nothing_unless_asked_for() {
    let (mut model, _) = connected(SIZE);
    assert_eq!(press(&mut model, KeyCode::F(12)), []);
    model.settings.test_hooks = true;
    assert_eq!(press(&mut model, KeyCode::F(12)), [Effect::Hook(Hook::PanicInTask)]);
}

/// A form with everything in it, and the submission's tasks.
fn ready_form() -> Model {
    let mut model = with_groups(SIZE, &["/a"]);
    press(&mut model, KeyCode::Enter);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "acme-log-archive");
    model
}

fn submitted(model: &mut Model) -> Plan {
    match ctrl(model, 's').as_slice() {
        [Effect::Expand(_, _, plan), ..] => plan.clone(),
        other => panic!("not submitted: {other:?}"),
    }
}

/// Submits the form, gets the tasks made and confirms them; gives the question of the submission.
fn confirmed(model: &mut Model) -> (RequestId, Arc<Draft>) {
    let [Effect::Expand(request, lane, plan)] = &ctrl(model, 's')[..] else { panic!("not submitted") };
    let draft = drafted(lane, plan);
    update(model, Msg::Reply(*request, Reply::Expanded(Ok(draft))));
    match &press(model, KeyCode::Enter)[..] {
        [Effect::Submit(request, draft)] => (*request, Arc::clone(draft)),
        other => panic!("not queued: {other:?}"),
    }
}

#[test]
fn what_the_form_showed_is_what_it_queues_even_after_midnight() {
    let mut model = ready_form();
    let shown = model.drawn_at;
    // The checks of what was typed have been asked for meanwhile.
    model.now = NOW.after(Duration::from_secs(1));
    update(&mut model, Msg::Tick);
    model.now = NOW.after(Duration::from_hours(13));
    assert!(model.is_stale() && model.shows_time());
    let yesterday = |now: Timestamp| Timestamp::from_millis(now.millis() / DAY * DAY - DAY);
    assert_eq!(submitted(&mut model.clone()).range.from(), yesterday(shown), "the frame on screen is the old one");
    model.drawn_at = model.now;
    assert!(!model.is_stale());
    assert_eq!(submitted(&mut model).range.from(), yesterday(NOW.after(Duration::from_hours(24))));
}

#[test]
fn an_open_picker_shows_pages_that_arrive_later() {
    let (mut model, effects) = connected(SIZE);
    let next = answer_groups(&mut model, &effects, Ok(Page { items: vec![group("/a")], next: Some("t".into()) }));
    press(&mut model, KeyCode::Enter);
    ctrl(&mut model, 'o');
    answer_groups(&mut model, &next, Ok(Page { items: vec![group("/later")], next: None }));
    type_text(&mut model, "later");
    press(&mut model, KeyCode::Enter);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "acme-log-archive");
    assert_eq!(submitted(&mut model).groups[0].as_str(), "/later");
}

/// Answers the log groups' question with `kind`.
fn groups_fail(model: &mut Model, effects: &[Effect], kind: ProblemKind) {
    answer_groups(model, effects, Err(Problem::new(kind, "DescribeLogGroups")));
}

#[test]
fn reloading_after_expired_credentials_looks_for_fresh_ones_and_loads_everything_again() {
    for kind in [ProblemKind::ExpiredCredentials, ProblemKind::NoCredentials] {
        let (mut model, effects) = connected(SIZE);
        groups_fail(&mut model, &effects, kind);
        let asked = press(&mut model, KeyCode::Char('R'));
        let [Effect::Connect(_, _, request)] = asked.as_slice() else { panic!("not connected anew: {asked:?}") };
        assert!(model.link().is_some(), "the screens go on working");
        assert_eq!(press(&mut model, KeyCode::Char('R')), [], "once is enough");
        let link = model.link().cloned().expect("it stands");
        let effects = update(&mut model, Msg::Reply(*request, Reply::Connected(Ok(link))));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Identify(..))), "{effects:?}");
        assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadGroups(_, None))), "{effects:?}");
        assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadBuckets(_, None))), "{effects:?}");
        assert!(!model.places.here().awaits(*request));
    }
}

#[test]
fn credentials_that_cannot_be_renewed_leave_the_connection_as_it_is() {
    let (mut model, effects) = connected(SIZE);
    groups_fail(&mut model, &effects, ProblemKind::ExpiredCredentials);
    let asked = press(&mut model, KeyCode::Char('R'));
    let [Effect::Connect(_, _, request)] = asked.as_slice() else { panic!("not connected anew: {asked:?}") };
    let gone = Reply::Connected(Err(Problem::new(ProblemKind::NoSuchProfile, "LoadProfile")));
    assert_eq!(update(&mut model, Msg::Reply(*request, gone)), []);
    assert!(model.link().is_some());
    assert_eq!(model.message().map(|message| message.tone), Some(Tone::Bad));
    assert!(matches!(press(&mut model, KeyCode::Char('R')).as_slice(), [Effect::Connect(..)]), "it can be tried again");
}

#[test]
fn any_other_failure_is_reloaded_through_the_same_session() {
    let (mut model, effects) = connected(SIZE);
    groups_fail(&mut model, &effects, ProblemKind::AccessDenied);
    assert!(matches!(press(&mut model, KeyCode::Char('R')).as_slice(), [Effect::LoadGroups(_, None)]));
}

#[test]
fn a_task_that_waits_for_credentials_can_have_them_renewed_from_its_own_screen() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Char('3'));
    let mut waiting = task(1, "/a", State::Running);
    update(
        &mut model,
        Msg::Snapshot(Arc::new(Snapshot { tasks: vec![Arc::new(waiting.clone())], ..Snapshot::default() })),
    );
    assert_eq!(press(&mut model, KeyCode::Char('R')), []);
    let problem = Problem::new(ProblemKind::ExpiredCredentials, "DescribeExportTasks");
    waiting.wait = Some(Wait::Retry { problem, until: NOW });
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![Arc::new(waiting)], ..Snapshot::default() })));
    assert!(matches!(press(&mut model, KeyCode::Char('R')).as_slice(), [Effect::Connect(..)]));
}

/// The history with a first page of `groups`, newest first, and more behind it.
fn long_history(groups: std::ops::Range<usize>) -> Model {
    let (mut model, _) = connected(SIZE);
    let effects = open_history(&mut model);
    answer_history(&mut model, &effects, groups, Some("t"));
    model
}

fn answer_history(
    model: &mut Model,
    effects: &[Effect],
    tasks: std::ops::Range<usize>,
    next: Option<&str>,
) -> Vec<Effect> {
    let [Effect::LoadHistory { request, .. }] = effects else { panic!("one page is asked for: {effects:?}") };
    let items = tasks.rev().map(|number| past(number, RemoteStatus::Completed)).collect();
    update(model, Msg::Reply(*request, Reply::History(Ok(Page { items, next: next.map(str::to_owned) }))))
}

#[test]
fn a_filtered_history_loads_on_only_when_somebody_goes_on_at_its_end() {
    let mut model = long_history(50..100);
    type_text(&mut model, "/past-9");
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(press(&mut model, KeyCode::End), [], "to the end, not beyond");
    let asked = press(&mut model, KeyCode::Down);
    assert!(matches!(asked.as_slice(), [Effect::LoadHistory { token: Some(_), .. }]), "{asked:?}");
    assert_eq!(answer_history(&mut model, &asked, 0..50, Some("u")), [], "one page for one key");
}

#[test]
fn a_filter_of_past_tasks_looks_at_all_that_their_rows_show() {
    let mut model = with_history(SIZE);
    for (words, found) in [
        ("failed", 1),
        ("CANCELLED archive", 1),
        ("2026-10-31 nightly", 3),
        ("exportedlogs lambda", 6),
        ("failed nightly elsewhere", 0),
    ] {
        model.history.set_filter(Filter::Kept(words.into()), NOW);
        assert_eq!(model.history.list().shown_count(), found, "{words}");
    }
}

#[test]
fn a_throttled_listing_is_tried_again_by_itself_after_a_pause() {
    let (mut model, effects) = connected(SIZE);
    let next = answer_groups(&mut model, &effects, Ok(Page { items: vec![group("/a")], next: Some("t".into()) }));
    groups_fail(&mut model, &next, ProblemKind::Throttled);
    let at = model.retry_at.expect("a deadline");
    assert!(at > model.now);
    assert_eq!(update(&mut model, Msg::Tick), []);
    model.now = at;
    let again = update(&mut model, Msg::Tick);
    assert!(matches!(again.as_slice(), [Effect::LoadGroups(_, Some(token))] if token == "t"), "{again:?}");
    assert_eq!(model.retry_at, None);
    groups_fail(&mut model, &again, ProblemKind::AccessDenied);
    assert_eq!(model.retry_at, None, "only throttling passes by itself");
}

#[test]
fn the_history_on_screen_shows_our_own_end_and_keeps_the_cursor() {
    let mut model = long_history(50..100);
    press(&mut model, KeyCode::Down);
    let ended = moved(State::Running, task(1, "/a", State::Completed));
    let asked = update(&mut model, Msg::Transition(ended.clone()));
    assert!(matches!(asked.as_slice(), [Effect::LoadHistory { token: None, .. }]), "{asked:?}");
    assert_eq!(update(&mut model, Msg::Transition(ended)), [], "one at a time");
    let more = answer_history(&mut model, &asked, 52..102, Some("t"));
    assert_eq!(model.history.aws.rows().len(), 52);
    assert_eq!(model.history.list().current().map(crate::tui::history::PastRow::group), Some("/aws/lambda/past-98"));
    assert!(
        matches!(more.as_slice(), [Effect::LoadHistory { token: None, .. }]),
        "the second end is asked for: {more:?}"
    );
}

#[test]
fn run_again_takes_the_task_whose_details_are_shown() {
    let mut model = long_history(50..100);
    press(&mut model, KeyCode::Enter);
    // A refresh behind the page may move the cursor's row.
    model.history.list_mut().step(crate::tui::list::Motion::Down, 10);
    press(&mut model, KeyCode::Char('r'));
    assert_eq!(model.screen, Screen::Form);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    assert_eq!(submitted(&mut model).groups[0].as_str(), "/aws/lambda/past-99");
}

#[test]
fn run_again_asks_before_it_replaces_what_was_typed() {
    let mut model = long_history(50..100);
    press(&mut model, KeyCode::Char('r'));
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('r'));
    assert_eq!(model.screen, Screen::Form, "nothing was typed: nothing is asked");
    press(&mut model, KeyCode::Char('x'));
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('r'));
    assert!(matches!(model.overlay, Some(Overlay::Confirm(Confirm::Replace(_)))), "{:?}", model.overlay);
    press(&mut model, KeyCode::Char('n'));
    assert!(model.form.as_deref().is_some_and(crate::tui::form::Form::is_edited));
    press(&mut model, KeyCode::Char('r'));
    press(&mut model, KeyCode::Char('y'));
    assert_eq!(model.screen, Screen::Form);
    assert_eq!(submitted(&mut model).groups[0].as_str(), "/aws/lambda/past-98");
}

#[test]
fn quitting_asks_while_a_submission_is_under_way() {
    let mut model = ready_form();
    let (request, _) = confirmed(&mut model);
    assert_eq!(press(&mut model.clone(), KeyCode::Char('q')), []);
    let queued = task(1, "/a", State::Queued);
    update(&mut model, Msg::Reply(request, Reply::Submitted(Ok(Queued { tasks: 1, first: queued.id }))));
    assert_eq!(press(&mut model.clone(), KeyCode::Char('q')), [], "no snapshot shows it yet");
    let ended = Arc::new(Task { state: State::Completed, ..queued });
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![ended], ..Snapshot::default() })));
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
}

#[test]
fn a_second_submission_is_told_the_right_reason_to_wait() {
    let mut model = ready_form();
    confirmed(&mut model);
    let first = ready_form().form;
    model.form = first;
    press(&mut model, KeyCode::Char('6'));
    assert_eq!(ctrl(&mut model, 's'), []);
    assert!(model.message().is_some_and(|message| message.text.contains("still being queued")));
}

#[test]
fn a_submitted_form_keeps_its_values_and_marks_last_until_the_tasks_are_queued() {
    let mut model = ready_form();
    model.groups.marks.insert("/a".into());
    let (request, draft) = confirmed(&mut model);
    assert_eq!((model.screen, model.groups.marks.len()), (Screen::Exports, 1));
    let queued = Queued { tasks: 1, first: task(1, "/a", State::Queued).id };
    update(&mut model, Msg::Reply(request, Reply::Submitted(Ok(queued))));
    assert_eq!(model.groups.marks.len(), 0);
    press(&mut model, KeyCode::Char('6'));
    assert_eq!(submitted(&mut model).range, draft.plan.range, "nothing has to be typed again");
}

/// A task that has ended, with everything a person can ask for.
fn ended_task() -> Arc<Task> {
    let mut ended = task(0, "/a", State::Failed);
    ended.spec.stream_prefix = StreamPrefix::parse("web/").ok();
    ended.spec.label = Label::parse("night shift").ok();
    Arc::new(ended)
}

#[test]
fn an_ended_task_is_run_again_from_the_list_and_from_its_details() {
    let (mut model, _) = connected(SIZE);
    let ended = ended_task();
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![ended.clone()], ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('3'));
    let mut in_details = model.clone();
    press(&mut in_details, KeyCode::Enter);
    for mut model in [model, in_details] {
        press(&mut model, KeyCode::Char('r'));
        assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
        assert_eq!(tasks_of(&submitted(&mut model)), std::slice::from_ref(&ended.spec));
    }
}

#[test]
fn a_task_that_goes_on_is_not_run_again() {
    let (mut model, _) = connected(SIZE);
    update(
        &mut model,
        Msg::Snapshot(Arc::new(Snapshot {
            tasks: vec![Arc::new(task(1, "/a", State::Running))],
            ..Snapshot::default()
        })),
    );
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Char('r'));
    assert_eq!((model.screen, model.form.is_some()), (Screen::Exports, false));
}

#[test]
fn a_past_task_that_is_one_of_this_run_is_run_again_with_its_stream_prefix() {
    let mut model = with_history(SIZE);
    let ended = ended_task();
    let past = model.history.list().current().and_then(|row| row.remote.clone());
    assert_eq!(ended.remote, past.map(|past| past.id.clone()));
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![ended.clone()], ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('r'));
    assert_eq!(tasks_of(&submitted(&mut model)), std::slice::from_ref(&ended.spec));
}

#[test]
fn a_list_opens_a_draft_on_what_is_missing_in_it() {
    let mut model = with_groups(SIZE, &["/a"]);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Enter);
    type_text(&mut model, "acme-log-archive");
    assert_eq!(submitted(&mut model).store.as_str(), "acme-log-archive");
}

#[test]
fn a_refused_cancel_is_told_whether_the_task_waits_or_runs() {
    for state in [State::Pending, State::Running] {
        let (mut model, _) = connected(SIZE);
        update(&mut model, Msg::Transition(moved(State::Cancelling, task(1, "/a", state))));
        let message = model.message().unwrap();
        assert_eq!(message.tone, Tone::Bad);
        assert!(message.text.starts_with("not cancelled: /a: "), "{}", message.text);
    }
}

#[test]
fn a_completed_task_that_could_not_be_counted_is_a_warning() {
    let (mut model, _) = connected(SIZE);
    let uncounted = Problem::new(ProblemKind::AccessDenied, "ListObjectsV2");
    let task = Task { counted: false, uncounted: Some(uncounted), ..task(1, "/a", State::Completed) };
    update(&mut model, Msg::Transition(moved(State::Running, task)));
    let said = model.message().map(|message| (message.tone, message.text.as_str()));
    assert_eq!(said, Some((Tone::Warning, "completed: /a, what landed could not be counted")));
}

#[test]
fn an_open_picker_offers_its_own_keys_and_not_the_form_s() {
    let offered = |model: &Model| -> Vec<String> {
        keys::footer(model).iter().map(|b| format!("{} {}", b.keys[0].name(), b.label)).collect()
    };
    let mut model = with_groups(SIZE, &["/a", "/b"]);
    press(&mut model, KeyCode::Enter);
    assert_eq!(offered(&model)[0], "Ctrl-S export");
    ctrl(&mut model, 'o');
    assert_eq!(offered(&model), ["Enter choose", "Space mark", "Esc close", "F1 help"]);
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Enter);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    ctrl(&mut model, 'o');
    assert_eq!(offered(&model), ["Enter choose", "Esc close", "F1 help"], "a bucket is not marked");
    press(&mut model, KeyCode::Esc);
    type_text(&mut model, "acme-log-archive");
    assert_eq!(submitted(&mut model).groups.len(), 2);
}

#[test]
fn marking_all_leaves_out_what_only_has_the_filter_s_letters() {
    let mut model = with_groups(SIZE, &["/storm/00", "/storm/01", "/aws/lambda/stop-or-mail"]);
    type_text(&mut model, "/storm");
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.groups.list.shown_count(), 3);
    type_text(&mut model, "a");
    assert_eq!(model.groups.marks.iter().map(String::as_str).collect::<Vec<_>>(), ["/storm/00", "/storm/01"]);
    assert!(model.message().is_some_and(|message| message.text.starts_with("1 row with nothing but the letters")));
    type_text(&mut model, "a");
    assert!(model.groups.marks.is_empty(), "a second time clears them");
    type_text(&mut model, "/");
    ctrl(&mut model, 'u');
    type_text(&mut model, "strm");
    press(&mut model, KeyCode::Enter);
    type_text(&mut model, "a");
    assert_eq!(model.groups.marks.len(), 3, "no row has the word itself: all are meant");
}
