//! Checks of what stands in the form, by key sequences: when they are asked for, and what they keep from happening.

use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::preflight::{Check, Finding, Remedy, Verdict};
use crate::tui::checks::Subject;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Confirm, Model, Overlay, Screen};
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (80, 24);

/// What is asked to be checked among `effects`, and whether old answers will not do.
fn checked(effects: &[Effect]) -> Option<(&Subject, bool)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Check { subject, fresh, .. } => Some((&**subject, *fresh)),
        _ => None,
    })
}

fn no_policy() -> Finding {
    finding(Check::Policy, Verdict::Block, "the bucket has no policy, so the logs service is not let in")
}

fn own_key() -> Finding {
    Finding { remedy: Some(Remedy::TrustKey), ..finding(Check::Encryption, Verdict::Block, "SSE-KMS") }
}

/// The form with these findings.
fn found(found: Vec<Finding>) -> Model {
    let (mut model, effects) = with_form(SIZE);
    answer_checks(&mut model, &effects, found);
    model
}

fn is_submitted(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Expand(..)))
}

/// Submits, and has the tasks made.
fn submit(model: &mut Model) {
    let effects = ctrl(model, 's');
    let Some(Effect::Expand(request, lane, plan)) = effects.first() else { panic!("not submitted: {effects:?}") };
    let draft = drafted(lane, plan);
    update(model, Msg::Reply(*request, Reply::Expanded(Ok(draft))));
}

#[test]
fn of_a_directory_the_checks_say_what_applies_to_it() {
    let mut model = with_groups((160, 40), &["/ecs/web"]);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::F(4));
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "file:logs");
    let effects = passed(&mut model, 1_000);
    let subject = checked(&effects).expect("they are asked for").0;
    assert_eq!(subject.wish.plan.store.as_str(), "file:/home/ada/logs");
    answer_checks(&mut model, &effects, vec![finding(Check::Space, Verdict::Block, "the disk is full")]);
    let made: Vec<&str> = model.checks.made().into_iter().map(Check::word).collect();
    assert_eq!(made, ["log group", "range", "events", "directory", "your permission", "free space"]);
    assert!(model.blocked().is_some_and(|item| item.finding.check == Check::Space));
}

#[test]
fn they_are_asked_for_a_moment_after_the_last_change() {
    let mut model = with_groups(SIZE, &["/ecs/web"]);
    press(&mut model, KeyCode::Enter);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    for letter in "acme-logs".chars() {
        assert_eq!(checked(&press(&mut model, KeyCode::Char(letter))), None);
        assert_eq!(checked(&passed(&mut model, 200)), None, "somebody is typing");
    }
    assert_eq!(model.wakes_at(), Some(model.now.after(Duration::from_millis(100))));
    let effects = passed(&mut model, 100);
    let (subject, fresh) = checked(&effects).expect("they are due");
    assert_eq!((subject.wish.plan.store.as_str(), fresh), ("acme-logs", false));
    assert_eq!(subject.wish.plan.groups[0].as_str(), "/ecs/web");
    assert_eq!(*subject.lane, lane());
    assert_eq!(checked(&passed(&mut model, 5_000)), None, "once is enough");
}

#[test]
fn a_bucket_can_be_checked_before_there_is_a_log_group_and_nothing_wrong_is() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Char('6'));
    assert_eq!(checked(&passed(&mut model, 1_000)), None, "there is no bucket yet");
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "acme-logs");
    let effects = passed(&mut model, 1_000);
    assert!(checked(&effects).is_some_and(|(subject, _)| subject.wish.plan.groups.is_empty()), "{effects:?}");
    type_text(&mut model, "_");
    assert_eq!(checked(&passed(&mut model, 1_000)), None, "no bucket is called that");
    assert!(!model.checks.is_under_way());
}

#[test]
fn nothing_is_asked_before_it_is_known_whose_lane_it_is() {
    let mut model = starting(SIZE);
    press(&mut model, KeyCode::Char('6'));
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "acme-logs");
    assert_eq!(checked(&passed(&mut model, 1_000)), None);
    assert_eq!(model.wakes_at(), None);
}

#[test]
fn an_answer_about_what_stood_there_before_is_dropped() {
    let (mut model, old) = with_form(SIZE);
    type_text(&mut model, "-2");
    answer_checks(&mut model, &old, vec![no_policy()]);
    assert!(model.checks.answer().is_none() && model.checks.is_under_way());
    let new = passed(&mut model, 1_000);
    answer_checks(&mut model, &new, Vec::new());
    assert!(model.checks.answer().is_some_and(|list| list.block().is_none()));
}

#[test]
fn a_range_counted_from_the_clock_is_not_asked_about_again_and_again() {
    let (mut model, _) = with_form(SIZE);
    ctrl(&mut model, 'p');
    assert!(checked(&passed(&mut model, 1_000)).is_some(), "another range");
    for _ in 0..30 {
        assert_eq!(checked(&passed(&mut model, 60_000)), None);
        model.drawn_at = model.now;
    }
    let later = (0..40).any(|_| {
        model.drawn_at = model.now;
        checked(&passed(&mut model, 60_000)).is_some()
    });
    assert!(later, "after an hour it is another range");
}

#[test]
fn whoever_leaves_the_form_is_not_woken_for_it() {
    let (mut model, _) = with_form(SIZE);
    type_text(&mut model, "-2");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.wakes_at(), None);
    press(&mut model, KeyCode::Char('6'));
    assert!(checked(&passed(&mut model, 1_000)).is_some());
}

#[test]
fn who_comes_back_to_the_form_has_it_looked_at_again_while_the_old_answer_stands() {
    let mut model = found(vec![no_policy()]);
    press(&mut model, KeyCode::Esc);
    let effects = press(&mut model, KeyCode::Char('6'));
    assert!(checked(&effects).is_some_and(|(_, fresh)| !fresh), "{effects:?}");
    assert!(model.checks.block().is_some());
    answer_checks(&mut model, &effects, Vec::new());
    assert!(model.checks.block().is_none());
}

#[test]
fn a_key_checks_again_and_takes_no_answer_from_before() {
    let mut model = found(vec![no_policy()]);
    let effects = ctrl(&mut model, 'r');
    assert!(checked(&effects).is_some_and(|(_, fresh)| fresh), "{effects:?}");
    answer_checks(&mut model, &effects, Vec::new());
    assert!(is_submitted(&ctrl(&mut model, 's')));
    let mut model = found(vec![no_policy()]);
    ctrl(&mut model, 'l');
    assert!(checked(&press(&mut model, KeyCode::Char('R'))).is_some_and(|(_, fresh)| fresh));
    assert_eq!(model.overlay, Some(Overlay::Checks(0)));
}

#[test]
fn what_a_check_blocks_is_not_submitted_and_the_field_is_shown() {
    let mut model = found(vec![no_policy()]);
    press(&mut model, KeyCode::Tab);
    assert!(!is_submitted(&ctrl(&mut model, 's')));
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
    assert_eq!(model.message().unwrap().text, "blocked by bucket policy: Ctrl-L shows why and what to do");
    press(&mut model, KeyCode::Char('2'));
    assert_eq!(model.form.as_deref().unwrap().bucket(), "acme-log-archive2", "the cursor is on the bucket");
}

#[test]
fn what_warns_or_could_not_be_checked_or_has_not_answered_blocks_nothing() {
    let warned = found(vec![
        finding(Check::Events, Verdict::Warn, "none"),
        finding(Check::Policy, Verdict::Unchecked, "you may not look"),
    ]);
    for mut model in [warned, with_form(SIZE).0] {
        submit(&mut model);
        let effects = press(&mut model, KeyCode::Enter);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Submit(..))), "{effects:?}");
    }
}

#[test]
fn an_answer_that_comes_while_the_plan_is_shown_still_keeps_it_from_being_queued() {
    let (mut model, effects) = with_form(SIZE);
    submit(&mut model);
    answer_checks(&mut model, &effects, vec![no_policy()]);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert!(matches!(model.overlay, Some(Overlay::Review(_))));
    assert!(model.message().unwrap().text.starts_with("a check blocks it"), "{:?}", model.message());
}

#[test]
fn what_a_check_blocks_is_launched_all_the_same_after_a_question_once_and_into_that_bucket() {
    let mut model = found(vec![no_policy()]);
    ctrl(&mut model, 'x');
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Unchecked)));
    press(&mut model, KeyCode::Char('n'));
    assert!(!is_submitted(&ctrl(&mut model, 's')), "it was not meant");
    ctrl(&mut model, 'x');
    press(&mut model, KeyCode::Char('y'));
    let mut other = model.clone();
    submit(&mut model);
    assert!(press(&mut model, KeyCode::Enter).iter().any(|effect| matches!(effect, Effect::Submit(..))));
    press(&mut model, KeyCode::Char('6'));
    assert!(model.blocked().is_some(), "the next plan is checked");
    type_text(&mut other, "2");
    let effects = passed(&mut other, 1_000);
    answer_checks(&mut other, &effects, vec![no_policy()]);
    assert!(other.blocked().is_some(), "another bucket is checked");
    press(&mut other, KeyCode::Backspace);
    ctrl(&mut other, 'x');
    assert!(!other.form.as_ref().unwrap().is_unchecked(), "the key takes it back");
}

#[test]
fn a_key_that_is_trusted_travels_with_the_question_until_it_is_no_longer() {
    let mut model = found(vec![own_key()]);
    assert!(!is_submitted(&ctrl(&mut model, 's')));
    ctrl(&mut model, 'v');
    let effects = passed(&mut model, 1_000);
    assert!(checked(&effects).is_some_and(|(subject, _)| subject.wish.choices.allow_kms), "{effects:?}");
    answer_checks(&mut model, &effects, vec![finding(Check::Encryption, Verdict::Warn, "only if the key lets it in")]);
    ctrl(&mut model, 'v');
    let effects = passed(&mut model, 1_000);
    assert!(checked(&effects).is_some_and(|(subject, _)| !subject.wish.choices.allow_kms), "{effects:?}");
}

#[test]
fn keys_that_mean_nothing_here_say_why() {
    let mut model = found(Vec::new());
    ctrl(&mut model, 'x');
    assert_eq!(model.message().unwrap().text, "no check blocks this export");
    ctrl(&mut model, 'v');
    assert_eq!(model.message().unwrap().text, "the checks know of no customer-managed key here");
    assert_eq!(model.overlay, None);
}

#[test]
fn the_page_of_checks_is_read_and_closed_as_other_pages_are() {
    let mut model = found(vec![no_policy()]);
    ctrl(&mut model, 'l');
    press(&mut model, KeyCode::End);
    assert!(matches!(model.overlay, Some(Overlay::Checks(top)) if top > 0), "{:?}", model.overlay);
    press(&mut model, KeyCode::Esc);
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
}
