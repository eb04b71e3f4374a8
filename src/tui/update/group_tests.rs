//! Log groups by keys: whose details are asked for, and when.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::aws::NamedGroup;
use crate::domain::inventory::{LogGroup, Page};
use crate::domain::place::AccountId;
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
    let effects = page(&mut model, page_asked(&effects), named_groups(0, count), None);
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

/// The question for a page of names among `effects`.
fn page_asked(effects: &[Effect]) -> RequestId {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LoadGroups(request, _) => Some(*request),
        _ => None,
    });
    asked.expect("a page of names is asked for")
}

fn page(model: &mut Model, asked: RequestId, items: Vec<NamedGroup>, next: Option<&str>) -> Vec<Effect> {
    let page = Page { items, next: next.map(str::to_owned) };
    update(model, Msg::Reply(asked, Reply::Groups(Ok(page))))
}

fn listed(model: &Model) -> Vec<&str> {
    model.groups.list.rows().iter().map(|group| &*group.name).collect()
}

/// Whose listing is kept, and how many names it has.
fn kept(effects: &[Effect]) -> Option<(&str, usize)> {
    effects.iter().find_map(|effect| match effect {
        Effect::KeepGroups(_, listing) => Some((&*listing.account.0, listing.groups.len())),
        _ => None,
    })
}

/// The account of the fixtures.
const ACCOUNT: &str = "123456789012";

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
fn the_last_listing_is_shown_until_the_one_of_now_is_whole_and_the_cursor_stays_on_its_group() {
    let (mut model, effects) = connected(SIZE);
    let first = page_asked(&effects);
    recalled(&mut model, &effects, ACCOUNT, 5);
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Char(' '));
    assert_eq!(model.groups.list.current().map(|group| &*group.name), Some("/app/00004"));
    let effects = page(&mut model, first, named_groups(2, 2), Some("t"));
    assert_eq!(listed(&model).len(), 5, "the old rows stand until all new ones are there");
    let effects = page(&mut model, page_asked(&effects), named_groups(4, 3), None);
    assert_eq!(listed(&model), ["/app/00002", "/app/00003", "/app/00004", "/app/00005", "/app/00006"]);
    assert_eq!(model.groups.list.current().map(|group| &*group.name), Some("/app/00004"));
    assert!(model.groups.marks.contains("/app/00004"));
    assert_eq!(kept(&effects), Some((ACCOUNT, 5)), "this is the last listing from now on");
}

#[test]
fn a_listing_of_another_account_is_not_shown_and_one_of_this_account_looked_for() {
    let (mut model, effects) = connected(SIZE);
    let effects = recalled(&mut model, &effects, "210987654321", 5);
    assert_eq!(listed(&model), [""; 0]);
    let again = effects.iter().find_map(|effect| match effect {
        Effect::RecallGroups(_, _, account) => account.clone(),
        _ => None,
    });
    assert_eq!(again, Some(AccountId(ACCOUNT.into())));
    let first = page_asked(&effects);
    page(&mut model, first, named_groups(0, 1), Some("t"));
    recalled(&mut model, &effects, ACCOUNT, 5);
    assert_eq!(listed(&model).len(), 5, "it is shown although the first page was quicker");
}

#[test]
fn a_listing_that_comes_too_late_changes_nothing() {
    let (mut model, effects) = connected(SIZE);
    page(&mut model, page_asked(&effects), named_groups(7, 1), None);
    recalled(&mut model, &effects, ACCOUNT, 5);
    assert_eq!(listed(&model), ["/app/00007"]);
}

#[test]
fn a_reload_keeps_the_rows_until_all_are_there_anew() {
    let (mut model, _) = named(3);
    let effects = press(&mut model, KeyCode::Char('R'));
    let effects = page(&mut model, page_asked(&effects), named_groups(0, 2), Some("t"));
    assert_eq!(listed(&model).len(), 3);
    page(&mut model, page_asked(&effects), named_groups(2, 2), None);
    assert_eq!(listed(&model).len(), 4);
}

#[test]
fn what_aws_finds_is_listed_once_wherever_the_listing_comes_to_it() {
    let (mut model, effects) = connected(SIZE);
    let effects = page(&mut model, page_asked(&effects), named_groups(0, 2), Some("t"));
    let second = page_asked(&effects);
    press(&mut model, KeyCode::Char('/'));
    type_text(&mut model, "00009 app");
    let effects = ctrl(&mut model, 'f');
    let [Effect::FindGroups(request, pattern)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(pattern, "00009");
    let found = Page { items: vec![named_groups(1, 1).remove(0), named_groups(9, 1).remove(0)], next: None };
    update(&mut model, Msg::Reply(*request, Reply::Found(Ok(found))));
    assert_eq!(listed(&model), ["/app/00000", "/app/00001", "/app/00009"]);
    assert_eq!(model.groups.list.current().map(|group| &*group.name), Some("/app/00009"));
    assert_eq!(model.message().map(|message| &*message.text), Some("AWS has 2 log groups with 00009"));
    let effects = page(&mut model, second, named_groups(2, 5), Some("u"));
    page(&mut model, page_asked(&effects), named_groups(7, 5), None);
    assert_eq!(listed(&model).len(), 12, "none twice");
    assert!(listed(&model).is_sorted(), "in the listing's order again");
    assert_eq!(ctrl(&mut model, 'f'), [], "there is nothing left to search for");
}

#[test]
fn a_reload_forgets_details_and_a_late_answer_is_dropped() {
    let (mut model, effects) = named(3);
    let (request, names) = asked(&effects).expect("details are asked for");
    press(&mut model, KeyCode::Char('R'));
    answer(&mut model, request, Ok(names.iter().map(|name| group(name)).collect()));
    assert_eq!(model.groups.detail("/app/00000"), None);
}
