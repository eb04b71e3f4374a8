//! Screens as text, and what must hold at any size.

use std::sync::Arc;

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use uuid::Uuid;

use super::view;
use crate::config::ThemeName;
use crate::domain::amount::Landed;
use crate::domain::inventory::Page;
use crate::domain::names::{Attempt, Label, RemoteId, StreamPrefix, TaskId, task_name};
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::queued_plan::Pause;
use crate::domain::task::{Holder, State, Task, Wait};
use crate::domain::time::TimeRange;
use crate::export::Snapshot;
use crate::ledger::{Driver, LaneRecord};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};
use crate::tui::theme::Theme;
use crate::tui::update::update;

pub(super) const SMALL: (u16, u16) = (80, 24);
pub(super) const MEDIUM: (u16, u16) = (120, 40);
pub(super) const LARGE: (u16, u16) = (200, 60);
const HOUR: std::time::Duration = std::time::Duration::from_hours(1);
const NAMES: &[&str] = &[
    "/aws/lambda/checkout-payments-production-eu-central-1-authorisation-worker-with-a-long-name",
    "/aws/lambda/orders",
    "/ecs/web",
    "/rds/instance/audit#1",
];

pub(super) fn drawn(model: &Model) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(model.size.0, model.size.1)).expect("a test terminal");
    terminal.draw(|out| view(model, out)).expect("a frame");
    terminal
}

pub(super) fn text(model: &Model) -> String {
    drawn(model).backend().to_string()
}

fn with_tasks(size: (u16, u16)) -> Model {
    let (mut model, _) = connected(size);
    update(&mut model, Msg::Snapshot(Arc::new(many_tasks())));
    press(&mut model, KeyCode::Char('3'));
    model
}

#[test]
fn groups_at_three_sizes() {
    insta::assert_snapshot!("groups_loading", text(&connected(SMALL).0));
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        let mut model = with_groups(size, NAMES);
        press(&mut model, KeyCode::Char(' '));
        insta::assert_snapshot!(format!("groups_few_{name}"), text(&model));
    }
}

#[test]
fn many_groups_filtered() {
    let names: Vec<String> = (0..200).map(|n| format!("/aws/lambda/function-{n:03}")).collect();
    let mut model = with_groups(SMALL, &names.iter().map(String::as_str).collect::<Vec<_>>());
    press(&mut model, KeyCode::End);
    insta::assert_snapshot!("groups_many", text(&model));
    type_text(&mut model, "/-01");
    insta::assert_snapshot!("groups_filtered", text(&model));
}

#[test]
fn a_refused_listing_says_what_to_do() {
    let (mut model, effects) = connected(SMALL);
    let problem = Problem::new(ProblemKind::AccessDenied, "DescribeLogGroups").in_region("eu-central-1");
    answer_groups(&mut model, &effects, Err(problem));
    insta::assert_snapshot!("groups_error", text(&model));
}

#[test]
fn a_later_page_that_failed_keeps_the_rows() {
    let (mut model, effects) = connected(SMALL);
    let next = answer_groups(&mut model, &effects, Ok(Page { items: vec![group("/a")], next: Some("t".into()) }));
    answer_groups(&mut model, &next, Err(Problem::new(ProblemKind::Throttled, "DescribeLogGroups")));
    let shown = text(&model);
    assert!(shown.contains("/a ") && shown.contains("not all: AWS asks for fewer calls"), "{shown}");
}

#[test]
fn buckets_exports_and_history() {
    let (mut model, _) = connected(SMALL);
    press(&mut model, KeyCode::Char('3'));
    insta::assert_snapshot!("exports_empty", text(&model));
    insta::assert_snapshot!("exports_many_80", text(&with_tasks(SMALL)));
    insta::assert_snapshot!("exports_many_120", text(&with_tasks(MEDIUM)));
    insta::assert_snapshot!("history_80", text(&with_history(SMALL)));
    insta::assert_snapshot!("history_120", text(&with_history(MEDIUM)));
}

#[test]
fn details_of_a_failed_task_and_of_a_past_one() {
    let mut model = with_tasks(SMALL);
    let failed = model.tasks_where(|state| state == State::Failed).next().map(|task| task.id);
    model.exports.seek(failed.expect("one has failed"));
    press(&mut model, KeyCode::Enter);
    insta::assert_snapshot!("details_failed", text(&model));
    let mut model = with_history(SMALL);
    press(&mut model, KeyCode::Enter);
    insta::assert_snapshot!("details_past", text(&model));
}

/// The details of `task`, whole, as lines.
fn details(task: Task) -> String {
    let (mut model, _) = connected((80, 60));
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![Arc::new(task)], ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Enter);
    text(&model)
}

#[test]
fn what_could_not_be_counted_is_not_shown_as_a_number() {
    let mut refused = Problem::new(ProblemKind::AccessDenied, "ListObjectsV2").saying("no identity-based policy");
    refused.code = Some("AccessDenied".into());
    let uncounted = |state| Task { uncounted: Some(refused.clone()), counted: false, ..task(1, "/a", state) };
    let mut model = with_tasks(SMALL);
    update(
        &mut model,
        Msg::Snapshot(Arc::new(Snapshot { tasks: vec![Arc::new(uncounted(State::Completed))], ..Snapshot::default() })),
    );
    let list = text(&model);
    assert!(list.contains(" ?         ?   1m 05s  done"), "{list}");
    let shown = details(uncounted(State::Completed));
    assert!(shown.contains("what landed is not known: your credentials may not do this"), "{shown}");
    assert!(shown.contains("(ListObjectsV2); allow s3:ListBucket on acme-log-archive"), "{shown}");
    assert!(shown.contains("AWS said      AccessDenied: no identity-based policy"), "{shown}");
    assert!(!shown.contains("so far"), "{shown}");
}

#[test]
fn a_task_that_aws_never_had_has_nothing_in_the_bucket() {
    assert!(!details(task(1, "/a", State::Queued)).contains("In the bucket"));
    let refused = Task { remote: None, counted: false, ..task(1, "/a", State::Failed) };
    assert!(!details(refused).contains("In the bucket"));
    assert!(details(task(1, "/a", State::Running)).contains("12 objects, 3.4 MiB so far"));
}

#[test]
fn only_reasons_that_apply_are_given_for_an_empty_export() {
    let empty = Task { landed: Landed::default(), ..task(1, "/a", State::Completed) };
    let shown = details(empty.clone());
    assert!(shown.contains("no log events lie in the window"), "{shown}");
    assert!(!shown.contains("12 hours") && !shown.contains("no log stream's name"), "{shown}");
    let mut recent = empty;
    recent.spec.stream_prefix = StreamPrefix::parse("web").ok();
    recent.spec.window = TimeRange::new(NOW.before(HOUR * 24), NOW.before(HOUR)).expect("a range");
    let shown = details(recent);
    assert!(shown.contains("12 hours") && shown.contains("no log stream's name"), "{shown}");
}

#[test]
fn a_timeline_keeps_its_columns_when_a_remark_is_long() {
    let mut long = task(1, "/a", State::Running);
    long.timeline[1].remark = "the first words of a remark that is longer than a line has room for".into();
    let shown = details(long);
    assert!(shown.contains("   2026-11-02 11:50:00Z  Queued      queued "), "{shown}");
    assert!(
        shown.contains("   2026-11-02 11:50:10Z  Running     the first words of a remark that is longer "),
        "{shown}"
    );
    assert!(shown.contains(&format!("\"{}than a line has room for", " ".repeat(37))), "{shown}");
    assert_eq!(super::more_below(1), "1 more line below");
}

#[test]
fn a_cause_on_our_side_is_no_word_of_aws_and_keeps_its_line_breaks() {
    let mut model = starting(SMALL);
    let trouble = Problem::new(ProblemKind::NoSuchProfile, "Connect").saying("first line\nsecond\u{1b}[2J");
    let failed = crate::tui::msg::Reply::Connected(Err(trouble));
    update(&mut model, Msg::Reply(crate::tui::list::RequestId(1), failed));
    let shown = text(&model);
    assert!(shown.contains("   Detail        first line  "), "{shown}");
    assert!(shown.contains("                 second\\u{1b}[2J  "), "{shown}");
    assert!(!shown.contains("AWS said") && !shown.contains("the other screens"), "{shown}");
}

#[test]
fn a_try_that_is_due_is_said_to_be_under_way() {
    let problem = Problem::new(ProblemKind::Throttled, "CreateExportTask");
    let retry = |until| super::task_words::wait(&Wait::Retry { problem: problem.clone(), until }, NOW, 80);
    assert_eq!(retry(NOW), "AWS asks for fewer calls a second, trying now");
    assert_eq!(retry(NOW.after(HOUR)), "AWS asks for fewer calls a second, next try in 1h 00m");
}

#[test]
fn whoever_holds_the_slot_is_told_group_first_and_the_name_is_cut_before_it() {
    let holder = |name: Option<String>| {
        let (remote, created) = (RemoteId("r".into()), Some(NOW.before(HOUR)));
        Wait::Slot(Some(Holder { remote, group: "/big/one".into(), name, created }))
    };
    let ours = |label: &str| {
        Some(task_name(Attempt { task: TaskId(Uuid::from_u128(7)), number: 1 }, Label::parse(label).ok().as_ref()))
    };
    let said = |name, room| super::task_words::wait(&holder(name), NOW, room);
    assert_eq!(said(None, 80), "slot held by /big/one, 1h 00m");
    assert_eq!(said(ours(""), 80), "slot held by /big/one (another logferry), 1h 00m");
    assert_eq!(said(ours("nightly"), 80), "slot held by /big/one (another logferry: nightly), 1h 00m");
    assert_eq!(said(Some("somebody's own".into()), 80), "slot held by /big/one (somebody's own), 1h 00m");
    assert_eq!(said(Some("somebody's own".into()), 40), "slot held by /big/one (some…own), 1h 00m");
    assert_eq!(said(Some("somebody's own".into()), 30), "slot held by /big/one, 1h 00m");
    assert_eq!(said(None, 26), "slot held by /b…ne, 1h 00m");
}

#[test]
fn a_plan_without_a_name_is_told_by_its_log_groups_and_days_in_full() {
    let mut plan = plan_of(1, &[(State::Cancelling, 1), (State::Completed, 1)]);
    (plan.0.label, plan.0.groups) = (None, 12);
    let (mut model, _) = connected(SMALL);
    update(&mut model, Msg::Snapshot(Arc::new(queue(vec![plan]))));
    press(&mut model, KeyCode::Char('3'));
    let shown = text(&model);
    for words in ["12 groups 10-30→10-31", "◍ Cancelling", "✓ Completed"] {
        assert!(shown.contains(words), "{words}:\n{shown}");
    }
}

#[test]
fn a_filter_that_nothing_matches_says_whether_more_is_coming() {
    let (mut model, effects) = connected(SMALL);
    let page = |name, next: Option<&str>| Page { items: vec![group(name)], next: next.map(str::to_owned) };
    let asked = answer_groups(&mut model, &effects, Ok(page("/a", Some("2"))));
    type_text(&mut model, "/zzz");
    assert!(text(&model).contains("More is loading."), "{}", text(&model));
    answer_groups(&mut model, &asked, Ok(page("/b", None)));
    assert!(text(&model).contains("Nothing matches the filter."), "{}", text(&model));
}

#[test]
fn help_and_the_quit_question() {
    let mut model = with_tasks(SMALL);
    press(&mut model, KeyCode::Char('q'));
    insta::assert_snapshot!("quit", text(&model));
    press(&mut model, KeyCode::Char('n'));
    press(&mut model, KeyCode::Char('?'));
    insta::assert_snapshot!("help", text(&model));
}

#[test]
fn no_connection_yet_and_none_to_be_had() {
    let mut model = starting(SMALL);
    insta::assert_snapshot!("connecting", text(&model));
    let failed = Err(Problem::new(ProblemKind::NoRegion, "Connect"));
    update(&mut model, Msg::Reply(crate::tui::list::RequestId(1), crate::tui::msg::Reply::Connected(failed)));
    insta::assert_snapshot!("not_connected", text(&model));
}

#[test]
fn too_small_a_terminal_is_told_so() {
    let model = starting((32, 8));
    assert!(text(&model).contains("too small: 32x8, needs 40x10"));
    drawn(&starting((20, 5)));
}

#[test]
fn without_colour_no_cell_is_coloured_and_the_cursor_is_still_seen() {
    let screens: [fn() -> Model; 3] = [|| with_groups(SMALL, NAMES), || with_tasks(SMALL), || with_history(SMALL)];
    for screen in screens {
        let mut model = screen();
        model.settings.theme = Theme::of(ThemeName::Monochrome);
        let terminal = drawn(&model);
        let cells = terminal.backend().buffer().content();
        assert!(cells.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
        assert!(cells.iter().any(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED)));
    }
}

#[test]
fn high_contrast_relies_on_no_colour_of_the_terminal() {
    let screens: [fn() -> Model; 3] = [|| with_groups(SMALL, NAMES), || with_tasks(SMALL), || starting((20, 5))];
    for screen in screens {
        let mut model = screen();
        model.settings.theme = Theme::of(ThemeName::HighContrast);
        let terminal = drawn(&model);
        let cells = terminal.backend().buffer().content();
        assert!(cells.iter().all(|cell| cell.fg != Color::Reset && cell.bg == Color::Black));
    }
}

#[test]
fn in_ascii_every_screen_is_ascii() {
    let screens: [fn() -> Model; 4] =
        [|| with_groups(SMALL, NAMES), || with_tasks(SMALL), || with_history(SMALL), || starting(SMALL)];
    for screen in screens {
        let mut model = screen();
        model.settings.ascii = true;
        for key in "123456?".chars() {
            press(&mut model, KeyCode::Char(key));
            let shown = text(&model);
            assert!(shown.is_ascii(), "{shown}");
        }
    }
}

proptest! {
    #[test]
    fn no_size_and_no_key_makes_it_panic(
        width in 1u16..60, height in 1u16..20, keys in prop::collection::vec(prop::sample::select("123456acC/?!q jkGgefrRnpPtTKJ<>iy\n\t\u{1b}".chars().collect::<Vec<_>>()), 0..12), rows in 0usize..6,
    ) {
        let mut model = with_groups((width, height), &NAMES[..rows.min(NAMES.len())]);
        update(&mut model, Msg::Snapshot(Arc::new(many_tasks())));
        for key in keys {
            let code = match key { '\n' => KeyCode::Enter, '\t' => KeyCode::Tab, '\u{1b}' => KeyCode::Esc, c => KeyCode::Char(c) };
            press(&mut model, code);
            drawn(&model);
        }
    }
}

#[test]
fn a_task_that_aws_never_had_left_nothing_behind() {
    let mut cancelled = task(1, "/a", State::Cancelled);
    (cancelled.remote, cancelled.counted, cancelled.landed) = (None, false, Landed::default());
    let shown = details(cancelled);
    assert!(shown.contains("cancelled before AWS had it: nothing was written"), "{shown}");
    assert!(!shown.contains("In the bucket"), "{shown}");
}

#[test]
fn an_ended_task_does_not_speak_of_so_far() {
    let counted = task(1, "/a", State::Failed);
    let mut uncounted = counted.clone();
    uncounted.counted = false;
    for (task, words) in [(counted, "In the bucket"), (uncounted, "when last counted, before its end")] {
        let shown = details(task);
        assert!(shown.contains(words) && !shown.contains("so far"), "{shown}");
    }
    assert!(details(task(1, "/a", State::Running)).contains("so far"));
}

/// The exports screen with these tasks.
fn exports(size: (u16, u16), tasks: Vec<Task>) -> Model {
    let (mut model, _) = connected(size);
    update(
        &mut model,
        Msg::Snapshot(Arc::new(Snapshot { tasks: tasks.into_iter().map(Arc::new).collect(), ..Snapshot::default() })),
    );
    press(&mut model, KeyCode::Char('3'));
    model
}

#[test]
fn a_task_waiting_for_its_turn_says_behind_whom() {
    let states =
        [("/done", State::Completed), ("/one", State::Running), ("/two", State::Queued), ("/three", State::Queued)];
    let shown = text(&exports(SMALL, (1..).zip(states).map(|(n, (group, state))| task(n, group, state)).collect()));
    assert!(shown.contains("after /one (1 before it)") && shown.contains("after /two (2 before it)"), "{shown}");
}

#[test]
fn the_summary_says_who_holds_the_lane_up() {
    let mut waiting = many_tasks()
        .tasks
        .iter()
        .find(|task| task.spec.group.as_str() == "/ecs/web")
        .map(|task| Task::clone(task))
        .expect("it waits for a slot");
    let next = task(30, "/next", State::Queued);
    let shown = text(&exports(SMALL, vec![waiting.clone(), next.clone()]));
    assert!(shown.contains("2 queued · held up by the export of /rds/audit"), "{shown}");
    waiting.wait = Some(Wait::Turn);
    assert!(!text(&exports(SMALL, vec![waiting, next])).contains("held up"));
}

#[test]
fn a_row_of_eighty_columns_keeps_the_seconds_and_a_narrower_one_drops_them() {
    let mut task = task(1, "/a", State::Running);
    let second = std::time::Duration::from_secs(1);
    task.spec.window =
        TimeRange::new(task.spec.window.from().after(second), task.spec.window.to().after(second)).expect("a range");
    let small = text(&exports(SMALL, vec![task.clone()]));
    assert!(small.contains("2026-10-30 00:40:01 → 10-31 00:40:01 UTC  s3://acme-log-a…ive/exportedlogs"), "{small}");
    let narrow = text(&exports((60, 24), vec![task.clone()]));
    assert!(narrow.contains("2026-10-30 00:40 → 10-31 00:40 UTC  s3://"), "{narrow}");
    let wide = text(&exports(MEDIUM, vec![task]));
    assert!(wide.contains("2026-10-30 00:40:01 → 10-31 00:40:01 UTC  s3://acme-log-archive/exportedlogs"), "{wide}");
}

#[test]
fn the_quit_question_keeps_its_keys_on_a_low_screen() {
    for height in 10..24 {
        let mut model = exports((60, height), many_tasks().tasks.iter().map(|task| Task::clone(task)).collect());
        press(&mut model, KeyCode::Char('q'));
        let shown = text(&model);
        assert!(shown.contains("y quit   w when done   n stay"), "{height} lines:\n{shown}");
    }
}

#[test]
fn plans_with_their_tasks() {
    let one = plan_of(1, &[(State::Running, 1), (State::Queued, 2), (State::Completed, 2), (State::Failed, 1)]);
    let mut stopped = plan_of(2, &[(State::Queued, 140), (State::Failed, 3)]);
    stopped.0.label = None;
    stopped.0.groups = 12;
    let problem = stopped.1[140].problem.clone().expect("it has failed");
    stopped.0.pause = Some(Pause::Failures(problem));
    let snapshot = Snapshot { beyond: 9_000, ..queue(vec![one, stopped]) };
    for (name, size) in [("80", SMALL), ("120", MEDIUM)] {
        let (mut model, _) = connected(size);
        update(&mut model, Msg::Snapshot(Arc::new(snapshot.clone())));
        press(&mut model, KeyCode::Char('3'));
        insta::assert_snapshot!(format!("exports_plans_{name}"), text(&model));
        press(&mut model, KeyCode::End);
        press(&mut model, KeyCode::Char('i'));
        insta::assert_snapshot!(format!("details_plan_stopped_{name}"), text(&model));
        press(&mut model, KeyCode::Esc);
        press(&mut model, KeyCode::Char('C'));
        insta::assert_snapshot!(format!("cancel_plan_{name}"), text(&model));
    }
}

#[test]
fn what_will_be_queued() {
    for (name, size) in [("80", SMALL), ("160", (160, 50))] {
        let mut model = with_groups(size, NAMES);
        update(
            &mut model,
            Msg::Snapshot(Arc::new(queue(vec![plan_of(1, &[(State::Running, 1), (State::Queued, 2)])]))),
        );
        press(&mut model, KeyCode::Char('a'));
        press(&mut model, KeyCode::Enter);
        for text in ["acme-log-archive", "{group:flat}/{from:%Y/%m}"] {
            for _ in 0..if text.starts_with('a') { 5 } else { 1 } {
                press(&mut model, KeyCode::Tab);
            }
            type_text(&mut model, text);
        }
        for _ in 0..3 {
            press(&mut model, KeyCode::BackTab);
        }
        press(&mut model, KeyCode::Char('h'));
        let effects = ctrl(&mut model, 's');
        let [Effect::Expand(request, lane, plan)] = &effects[..] else { panic!("not worked out: {effects:?}") };
        let draft = drafted(lane, plan);
        update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(draft))));
        insta::assert_snapshot!(format!("review_{name}"), text(&model));
        press(&mut model, KeyCode::End);
        let last = text(&model);
        assert!(last.contains("   96  ") && !last.contains("    1  "), "{last}");
    }
}

#[test]
fn lanes_side_by_side_and_one_to_be_added() {
    let other = |account: &str, region: &str| Lane::new(AccountId(account.into()), Region(region.into()));
    let mut snapshot = queue(vec![plan_of(1, &[(State::Running, 1), (State::Queued, 40)])]);
    let driver = Driver { id: Uuid::from_u128(9), label: "process 4711 on build-3".into() };
    let until = Some(NOW.after(std::time::Duration::from_secs(8)));
    snapshot.lanes = vec![
        Arc::new(LaneRecord { driver: Some(driver.clone()), until, ..record(lane()) }),
        Arc::new(LaneRecord { paused: true, ..record(other("123456789012", "us-east-1")) }),
        Arc::new(LaneRecord { driver: Some(driver), until: Some(NOW), ..record(other("210987654321", "eu-west-3")) }),
    ];
    for (name, size) in [("80", SMALL), ("120", MEDIUM)] {
        let (mut model, _) = connected(size);
        update(&mut model, Msg::Snapshot(Arc::new(snapshot.clone())));
        press(&mut model, KeyCode::Char('5'));
        insta::assert_snapshot!(format!("lanes_{name}"), text(&model));
        press(&mut model, KeyCode::Char('a'));
        type_text(&mut model, "audit");
        insta::assert_snapshot!(format!("lanes_add_{name}"), text(&model));
    }
}

#[test]
fn with_several_lanes_rows_say_where_they_run() {
    let (mut model, _) = connected(MEDIUM);
    let mut one = task(30, "/alone", State::Queued);
    one.plan = crate::domain::names::PlanId(Uuid::from_u128(3));
    let mut snapshot = queue(vec![plan_of(1, &[(State::Queued, 2)])]);
    snapshot.tasks.push(Arc::new(one));
    update(&mut model, Msg::Snapshot(Arc::new(snapshot.clone())));
    press(&mut model, KeyCode::Char('3'));
    assert_eq!(text(&model).matches("· eu-central-1   ").count(), 1, "only the header: {}", text(&model));
    let other = Lane::new(lane().account, Region("us-east-1".into()));
    snapshot.lanes.push(Arc::new(record(other)));
    update(&mut model, Msg::Snapshot(Arc::new(snapshot)));
    assert_eq!(text(&model).matches("· eu-central-1   ").count(), 3, "header, plan and task: {}", text(&model));
}

#[test]
fn a_ledger_in_trouble_cannot_be_overlooked() {
    let mut model = with_tasks(SMALL);
    let trouble = Some(Arc::from("the disk that holds /home/me/.local/state/logferry/ledger.db is full"));
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { trouble, ..many_tasks() })));
    for screen in '1'..='5' {
        press(&mut model, KeyCode::Char(screen));
        let shown = text(&model);
        assert!(
            shown.contains("LEDGER: nothing is launched: the disk that holds") && shown.contains("is full"),
            "{shown}"
        );
    }
}

#[test]
fn the_queue_is_shown_without_a_connection() {
    let mut model = starting(SMALL);
    update(&mut model, Msg::Snapshot(Arc::new(many_tasks())));
    let failed = Err(Problem::new(ProblemKind::NoRegion, "Connect"));
    update(&mut model, Msg::Reply(crate::tui::list::RequestId(1), Reply::Connected(failed)));
    press(&mut model, KeyCode::Char('3'));
    assert!(text(&model).contains("/aws/lambda/checkout"));
}

/// The time from a key to its frame, with a plan of 15,000 tasks unfolded and shown to its end.
#[test]
fn a_queue_of_fifteen_thousand_tasks_is_quick() {
    let (mut model, _) = connected(MEDIUM);
    let snapshot = Arc::new(queue(vec![plan_of(1, &[(State::Running, 1), (State::Queued, 14_999)])]));
    let took = |act: &mut dyn FnMut()| {
        let begun = std::time::Instant::now();
        act();
        begun.elapsed()
    };
    let taken = took(&mut || drop(update(&mut model, Msg::Snapshot(Arc::clone(&snapshot)))));
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Right);
    assert_eq!(model.exports.list().shown_count(), 15_001);
    let mut terminal = drawn(&model);
    let mut keys = Vec::new();
    for key in [KeyCode::End, KeyCode::Up, KeyCode::PageUp, KeyCode::Down, KeyCode::Home].repeat(10) {
        keys.push(took(&mut || {
            press(&mut model, key);
            terminal.draw(|out| view(&model, out)).expect("a frame");
        }));
    }
    keys.sort_unstable();
    let (median, worst) = (keys[keys.len() / 2], keys[keys.len() - 1]);
    #[expect(clippy::print_stdout, reason = "the figures are the point; cargo test -- --nocapture shows them")]
    {
        println!("15,000 tasks: a snapshot taken in {taken:?}, key to frame median {median:?}, worst {worst:?}");
    }
    assert!(worst < std::time::Duration::from_millis(500), "key to frame took {worst:?}");
}
