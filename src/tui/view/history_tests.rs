//! The history as text: what both know beside what one knows, a filter that is wrong, an order that was chosen.

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use crate::domain::inventory::{Page, RemoteStatus};
use crate::domain::names::PlanName;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::ledger::Past;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};
use crate::tui::update::update;

/// AWS's tasks 1 to 4, and the ledger's 2 (of both), 8 (empty), 9 (never sent); AWS has more.
fn joined(size: (u16, u16)) -> Model {
    let (mut model, _) = connected(size);
    let effects = press(&mut model, KeyCode::Char('4'));
    let [Effect::LoadHistory { request, .. }, Effect::LoadPast { request: of_ours, .. }] = effects.as_slice() else {
        panic!("both are asked: {effects:?}")
    };
    let (plan, _) = plan_of(1, &[(State::Completed, 1)]);
    let mut empty = task(8, "/aws/lambda/nothing-there", State::Completed);
    empty.landed = crate::domain::amount::Landed::default();
    let never = Task { remote: None, accepted: None, ..task(9, "/ecs/never-sent", State::Cancelled) };
    let both = task(2, "/aws/lambda/past-2", State::Completed);
    let plan = QueuedPlan { id: both.plan, name: PlanName::parse("october close").ok(), ..plan };
    let ours = Past { tasks: vec![both, empty, never], plans: vec![plan], next: None };
    update(&mut model, Msg::Reply(*of_ours, Reply::Past(Ok(ours))));
    let items = (1..5).map(|number| past(number, RemoteStatus::Completed)).collect();
    update(&mut model, Msg::Reply(*request, Reply::History(Ok(Page { items, next: Some("t".into()) }))));
    model
}

#[test]
fn what_both_know_is_told_beside_what_one_knows() {
    for (width, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        insta::assert_snapshot!(format!("history_joined_{width}"), text(&joined(size)));
    }
    let mut model = joined(MEDIUM);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Enter);
    let shown = text(&model);
    assert!(shown.contains("AWS said") && shown.contains("Timeline"), "{shown}");
}

#[test]
fn what_is_wrong_with_a_filter_stands_under_it() {
    let mut model = joined(SMALL);
    type_text(&mut model, "/past stat:failed");
    insta::assert_snapshot!("history_wrong_filter", text(&model));
    let mut low = joined((80, 16));
    type_text(&mut low, "/from:2026-13-01");
    let shown = text(&low);
    assert!(shown.contains("2026-13-01: no such date") && shown.contains("State "), "{shown}");
    let mut nothing = joined(SMALL);
    type_text(&mut nothing, "/state:running");
    insta::assert_snapshot!("history_nothing_found", text(&nothing));
}

#[test]
fn an_order_that_was_chosen_is_marked() {
    let mut model = joined(SMALL);
    press(&mut model, KeyCode::Char('s'));
    let shown = text(&model);
    assert!(shown.contains("▼ Took"), "{shown}");
    model.settings.ascii = true;
    assert!(text(&model).contains("v Took"), "{}", text(&model));
}
