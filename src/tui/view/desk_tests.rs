//! What surrounds the queue, as text: messages, rates, a screen that stands still, the tabs and the title.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use super::{tab_at, terminal_title};
use crate::domain::amount::ByteCount;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Screen, Tone};
use crate::tui::msg::Msg;
use crate::tui::update::update;

/// Something of each sort was said, some of it the day before.
fn talkative(size: (u16, u16)) -> Model {
    let (mut model, effects) = connected(size);
    model.now = NOW.before(Duration::from_hours(26));
    answer_groups(&mut model, &effects, Err(Problem::new(ProblemKind::Throttled, "ListLogGroups")));
    model.now = NOW.before(Duration::from_mins(5));
    update(&mut model, Msg::Transition(moved(State::Running, task(1, "/aws/lambda/orders", State::Failed))));
    model.say(Tone::Note, "no task here");
    update(&mut model, Msg::Transition(moved(State::Running, task(2, "/ecs/web", State::Completed))));
    model.say(Tone::Warning, "completed, but empty: \u{1b}[31m");
    model.now = NOW;
    model.say(Tone::Note, "no task here");
    model.say(Tone::Bad, format!("the plan file was not written: {}", "a long reason that goes on ".repeat(4)));
    model
}

#[test]
fn messages() {
    let (mut model, _) = connected(SMALL);
    press(&mut model, KeyCode::Char('!'));
    insta::assert_snapshot!("messages_empty", text(&model));
    for (name, size) in [("80", SMALL), ("120", MEDIUM)] {
        let mut model = talkative(size);
        insta::assert_snapshot!(format!("messages_standing_{name}"), text(&model).lines().rev().nth(1).unwrap());
        press(&mut model, KeyCode::Char('!'));
        insta::assert_snapshot!(format!("messages_{name}"), text(&model));
    }
}

/// The exports screen with a task that bytes come in of, for half a minute, and one that is queued.
fn busy(size: (u16, u16)) -> Model {
    let (mut model, _) = connected(size);
    press(&mut model, KeyCode::Char('3'));
    let mut running = task(1, "/aws/lambda/checkout", State::Running);
    for (seconds, mebibytes) in [(0_u64, 500_u64), (6, 502), (12, 510), (18, 530), (24, 531), (30, 540)] {
        model.now = NOW.before(Duration::from_secs(30)).after(Duration::from_secs(seconds));
        running.landed.bytes = ByteCount(mebibytes * 1024 * 1024);
        let tasks = vec![Arc::new(running.clone()), Arc::new(task(2, "/ecs/web", State::Queued))];
        update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })));
    }
    model
}

#[test]
fn rates_are_shown_where_there_is_room_and_marked_as_estimates() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        let mut model = busy(size);
        insta::assert_snapshot!(format!("exports_rates_{name}"), text(&model));
        model.settings.ascii = true;
        assert!(text(&model).is_ascii());
    }
    let mut model = busy(LARGE);
    model.settings.ascii = true;
    let shown = text(&model);
    assert!(shown.contains("_.-#.- ~1.3 MiB/s"), "{shown}");
    press(&mut model, KeyCode::Enter);
    let shown = text(&model);
    assert!(shown.contains("~1.3 MiB/s, over the last minute"), "{shown}");
}

#[test]
fn a_screen_that_stands_still_says_so() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM)] {
        let mut model = busy(size);
        press(&mut model, KeyCode::Char('f'));
        let still = text(&model);
        model.now = NOW.after(Duration::from_mins(5));
        assert_eq!(text(&model), still, "no clock goes on");
        let tasks = vec![Arc::new(task(2, "/ecs/web", State::Completed))];
        update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })));
        insta::assert_snapshot!(format!("exports_frozen_{name}"), text(&model));
    }
}

#[test]
fn a_plan_that_has_ended_tells_on_its_row_why_tasks_of_it_failed() {
    let (plan, mut tasks) = plan_of(1, &[(State::Completed, 2), (State::Failed, 3)]);
    let timeout = Problem::new(ProblemKind::Timeout, "CreateExportTask");
    tasks.last_mut().expect("a task").problem = Some(timeout);
    let (mut model, _) = connected(MEDIUM);
    update(&mut model, Msg::Snapshot(Arc::new(queue(vec![(plan, tasks)]))));
    press(&mut model, KeyCode::Char('3'));
    let shown = text(&model);
    assert!(shown.contains("[2] the bucket's policy does not") && shown.contains(" · [1] no answer came"), "{shown}");
}

#[test]
fn of_many_failures_only_some_are_listed_and_that_is_said() {
    let (mut plan, tasks) = plan_of(1, &[(State::Failed, 3)]);
    plan.counts.failed = 2_000;
    let (mut model, _) = connected(MEDIUM);
    update(&mut model, Msg::Snapshot(Arc::new(queue(vec![(plan, tasks)]))));
    type_text(&mut model, "3i");
    let shown = text(&model);
    assert!(shown.contains("Why tasks failed, of the last 3 that did"), "{shown}");
}

#[test]
fn tabs_are_where_they_are_drawn() {
    for size in [SMALL, (60, 24)] {
        let mut model = busy(size);
        for key in ['1', '3', '5', '1', 'e'] {
            press(&mut model, KeyCode::Char(key));
            // The picture of a screen begins with a quotation mark.
            let line: Vec<char> = text(&model).lines().nth(1).expect("a line").chars().skip(1).collect();
            for (number, screen) in (1..).zip(Screen::ALL).take(if model.form.is_some() { 6 } else { 5 }) {
                let at = line.iter().position(|c| Some(*c) == char::from_digit(number, 10)).expect("its number");
                assert_eq!(tab_at(&model, u16::try_from(at).expect("a column")), Some(screen), "{line:?}");
            }
        }
    }
}

#[test]
fn the_terminals_title_tells_what_is_going_on() {
    let (mut model, _) = connected(SMALL);
    assert_eq!(terminal_title(&model), "logferry");
    let plan = plan_of(1, &[(State::Running, 3), (State::Queued, 1_200), (State::Failed, 2)]);
    update(&mut model, Msg::Snapshot(Arc::new(queue(vec![plan]))));
    assert_eq!(terminal_title(&model), "logferry: 3 running, 1,200 queued");
}

#[test]
fn whoever_waits_for_the_end_is_told_so() {
    let mut model = busy(SMALL);
    press(&mut model, KeyCode::Char('q'));
    insta::assert_snapshot!("quit_or_wait", text(&model));
    press(&mut model, KeyCode::Char('w'));
    let shown = text(&model);
    assert!(shown.contains("quits as soon as nothing is under way or queued (q: quit now, or stay)"), "{shown}");
}
