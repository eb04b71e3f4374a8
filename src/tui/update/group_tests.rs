//! Log groups by keys: whose details are asked for, and when.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::inventory::{LogGroup, Page};
use crate::domain::problem::{Problem, ProblemKind};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::groups::Detail;
use crate::tui::list::RequestId;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (80, 24);

/// Names alone are listed, so many of them.
fn named(count: usize) -> (Model, Vec<Effect>) {
    let (mut model, effects) = connected(SIZE);
    let names = (0..count).map(|n| (group(&format!("/app/{n:05}")).listed(), None));
    let page = Page { items: names.collect(), next: None };
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LoadGroups(request, None) => Some(*request),
        _ => None,
    });
    let effects = update(&mut model, Msg::Reply(asked.expect("names are asked for"), Reply::Groups(Ok(page))));
    (model, effects)
}

/// The question for details among `effects`.
fn asked(effects: &[Effect]) -> Option<(RequestId, Vec<Arc<str>>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::LoadGroupDetails(request, names) => Some((*request, names.clone())),
        _ => None,
    })
}

fn answer(model: &mut Model, request: RequestId, answer: Result<Vec<LogGroup>, Problem>) -> Vec<Effect> {
    update(model, Msg::Reply(request, Reply::GroupDetails(answer)))
}

/// Time passes without a key.
fn later(model: &mut Model, millis: u64) -> Vec<Effect> {
    model.now = model.now.after(Duration::from_millis(millis));
    update(model, Msg::Tick)
}

#[test]
fn details_are_asked_for_the_rows_on_screen_in_one_call() {
    let (mut model, effects) = named(500);
    let (request, names) = asked(&effects).expect("details are asked for");
    assert_eq!((names.len(), &*names[0]), (model.groups.sight.names.len(), "/app/00000"));
    assert_eq!(asked(&press(&mut model, KeyCode::Up)), None, "not a second time while they are on their way");
    let told = names.iter().skip(1).map(|name| group(name)).collect();
    assert_eq!(answer(&mut model, request, Ok(told)), []);
    assert_eq!(model.groups.detail("/app/00000"), Some(Detail::Untold), "it is gone since it was listed");
    assert_eq!(model.groups.detail("/app/00001"), Some(Detail::Known(group("/app/00001").details())));
    assert_eq!(model.groups.detail("/app/00400"), None);
    assert_eq!(asked(&later(&mut model, 5_000)), None, "all that is on screen is known");
}

#[test]
fn rows_that_are_scrolled_past_are_not_asked_about() {
    let (mut model, effects) = named(500);
    let (request, _) = asked(&effects).expect("details are asked for");
    answer(&mut model, request, Ok(Vec::new()));
    for _ in 0..5 {
        assert_eq!(asked(&press(&mut model, KeyCode::PageDown)), None);
        assert_eq!(asked(&later(&mut model, 100)), None);
    }
    let due = model.wakes_at().expect("the loop wakes by itself").since(model.now);
    let after = u64::try_from(due.as_millis()).expect("soon");
    let (_, names) = asked(&later(&mut model, after)).expect("they stand still");
    assert_eq!(names.first().map(|name| &**name), model.groups.sight.names.first().map(String::as_str));
}

#[test]
fn details_that_were_throttled_are_asked_for_again_and_others_are_not() {
    let (mut model, effects) = named(3);
    let (request, _) = asked(&effects).expect("details are asked for");
    let refused = |kind| Err(Problem::new(kind, "DescribeLogGroups"));
    assert_eq!(asked(&answer(&mut model, request, refused(ProblemKind::Throttled))), None, "after a pause");
    let (request, names) = asked(&later(&mut model, 2_000)).expect("again");
    assert_eq!(names.len(), 3);
    answer(&mut model, request, refused(ProblemKind::AccessDenied));
    assert_eq!(model.groups.detail("/app/00000"), Some(Detail::Untold));
    assert_eq!(asked(&later(&mut model, 60_000)), None);
}

#[test]
fn a_key_acts_on_what_the_whole_filter_finds_not_on_what_was_found_so_far() {
    let (mut model, _) = named(60_000);
    press(&mut model, KeyCode::Char('/'));
    type_text(&mut model, "59999");
    press(&mut model, KeyCode::Enter);
    assert!(model.is_sifting(), "only the first rows were looked at");
    press(&mut model, KeyCode::Char(' '));
    assert_eq!(model.groups.marks.iter().map(String::as_str).collect::<Vec<_>>(), ["/app/59999"]);
    assert!(!model.is_sifting());
}

#[test]
fn a_reload_forgets_details_and_a_late_answer_is_dropped() {
    let (mut model, effects) = named(3);
    let (request, names) = asked(&effects).expect("details are asked for");
    press(&mut model, KeyCode::Char('R'));
    answer(&mut model, request, Ok(names.iter().map(|name| group(name)).collect()));
    assert_eq!(model.groups.detail("/app/00000"), None);
}
