//! Marking log groups: ranges, what is not marked, how many bytes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::update;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::Page;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};

const NAMES: &[&str] = &["/a", "/b", "/c", "/d", "/e"];

fn groups() -> Model {
    with_groups((120, 40), NAMES)
}

fn marked(model: &Model) -> Vec<&str> {
    model.groups.marks.iter().map(String::as_str).collect()
}

fn ctrl_space(model: &mut Model) {
    update(model, Msg::Key(KeyEvent::new(KeyCode::Char(' '), KeyModifiers::CONTROL)));
}

#[test]
fn a_range_begins_at_the_mark_made_last_and_goes_either_way() {
    let mut model = groups();
    press(&mut model, KeyCode::Char('V'));
    assert!(model.message().is_some_and(|message| message.text.contains("mark a log group first")));
    assert_eq!(marked(&model), [] as [&str; 0]);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Down);
    ctrl_space(&mut model);
    assert_eq!(marked(&model), ["/b", "/c", "/d"]);
    press(&mut model, KeyCode::Home);
    press(&mut model, KeyCode::Char('V'));
    assert_eq!(marked(&model), ["/a", "/b", "/c", "/d"], "the next one begins where the last one ended");
}

#[test]
fn a_range_holds_only_what_is_shown() {
    let mut model = with_groups((120, 40), &["/a/x", "/b/y", "/c/x", "/d/x"]);
    press(&mut model, KeyCode::Char(' '));
    type_text(&mut model, "/'x");
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Char('V'));
    assert_eq!(marked(&model), ["/a/x", "/c/x", "/d/x"]);
}

#[test]
fn marks_are_inverted_among_what_is_shown() {
    let mut model = groups();
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Char('*'));
    assert_eq!(marked(&model), ["/b", "/c", "/d", "/e"]);
    type_text(&mut model, "/'b");
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Char('*'));
    press(&mut model, KeyCode::Esc);
    assert_eq!(marked(&model), ["/c", "/d", "/e"], "what is filtered out stays as it is");
}

#[test]
fn the_bytes_of_what_is_marked_are_asked_for_although_it_is_not_on_screen() {
    let (mut model, effects) = connected((120, 20));
    let Some(Effect::LoadGroups(request, _)) = effects.iter().find(|effect| matches!(effect, Effect::LoadGroups(..)))
    else {
        panic!("{effects:?}")
    };
    let page = Page { items: named_groups(0, 60), next: None };
    let mut asked = update(&mut model, Msg::Reply(*request, Reply::Groups(Ok(page))));
    press(&mut model, KeyCode::Char('a'));
    assert_eq!(model.groups.marked_bytes(), (ByteCount::default(), 0));
    let mut calls = 0;
    while let Some(Effect::LoadGroupDetails(request, wanted)) =
        asked.iter().find(|effect| matches!(effect, Effect::LoadGroupDetails(..))).cloned()
    {
        calls += 1;
        let details = wanted.iter().map(|name| group(name)).collect();
        asked = update(&mut model, Msg::Reply(request, Reply::GroupDetails(Ok(details))));
    }
    let one = group("/app/00000").stored.expect("a size").0;
    assert_eq!(model.groups.marked_bytes(), (ByteCount(60 * one), 60));
    assert!((2..=3).contains(&calls), "those on screen, then fifty at a time: {calls}");
}
