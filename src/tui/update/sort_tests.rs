//! Sorting listings: which columns, what stays where it is, what is remembered.

use crossterm::event::KeyCode;

use super::update;
use crate::domain::inventory::{Bucket, GroupClass, Page, RemoteStatus};
use crate::domain::place::Region;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Msg, Reply};
use crate::tui::sorting::{BucketColumn, GroupColumn, Order, PastColumn, Sorting};

const SIZE: (u16, u16) = (120, 40);

fn shown(model: &Model) -> Vec<&str> {
    model.groups.list.shown().map(|group| &*group.name).collect()
}

/// `/b` is of another class.
fn classes() -> Model {
    let (mut model, effects) = connected(SIZE);
    let mut items: Vec<_> = ["/a", "/b", "/c"].map(group).to_vec();
    items[1].class = GroupClass::InfrequentAccess;
    answer_groups(&mut model, &effects, Ok(Page { items, next: None }));
    model
}

/// Log groups of which only names and classes are known; gives what is asked for then.
fn named(names: &[&str]) -> (Model, Vec<Effect>) {
    let (mut model, effects) = connected(SIZE);
    let Some(Effect::LoadGroups(request, _)) = effects.iter().find(|effect| matches!(effect, Effect::LoadGroups(..)))
    else {
        panic!("{effects:?}")
    };
    let items = names.iter().map(|name| (group(name).listed(), None)).collect();
    let asked = update(&mut model, Msg::Reply(*request, Reply::Groups(Ok(Page { items, next: None }))));
    (model, asked)
}

#[test]
fn the_cursor_and_the_marks_stay_on_their_rows() {
    let mut model = classes();
    press(&mut model, KeyCode::Char(' '));
    assert_eq!(model.groups.list.current().map(|group| &*group.name), Some("/b"));
    press(&mut model, KeyCode::Char('s'));
    assert_eq!(shown(&model), ["/a", "/c", "/b"]);
    press(&mut model, KeyCode::Char('S'));
    assert_eq!(shown(&model), ["/b", "/a", "/c"]);
    assert_eq!(model.groups.list.current().map(|group| &*group.name), Some("/b"));
    assert!(model.groups.marks.contains("/a"));
    assert_eq!(model.groups.list.sorted_by(), Some(("Class", '▼')));
}

#[test]
fn only_what_is_known_of_every_row_is_offered() {
    let (mut model, _) = named(&["/a", "/b"]);
    press(&mut model, KeyCode::Char('s'));
    assert_eq!(model.groups.order().by, GroupColumn::Class);
    press(&mut model, KeyCode::Char('s'));
    assert_eq!(model.groups.order(), Order::default(), "names and classes, by turns");
    assert!(model.message().is_some_and(|message| message.text.contains("only where those are known of every row")));
}

#[test]
fn small_accounts_are_sorted_by_bytes_as_soon_as_all_are_known() {
    let names = ["/a", "/bbb", "/cc"];
    let (mut model, asked) = named(&names);
    let stored = Order { by: GroupColumn::Stored, descending: true };
    model.sort_by(Sorting { groups: stored, ..Sorting::default() });
    assert_eq!(shown(&model), names, "remembered, and not known yet");
    let Some(Effect::LoadGroupDetails(request, _)) =
        asked.iter().find(|effect| matches!(effect, Effect::LoadGroupDetails(..)))
    else {
        panic!("{asked:?}")
    };
    update(&mut model, Msg::Reply(*request, Reply::GroupDetails(Ok(names.map(group).to_vec()))));
    assert_eq!(shown(&model), ["/bbb", "/cc", "/a"]);
    press(&mut model, KeyCode::Char('R'));
    assert_eq!(shown(&model), names, "nothing is known any more");
}

#[test]
fn pages_that_come_later_are_put_in_order() {
    let (mut model, effects) = connected(SIZE);
    let page = |names: &[&str], next: Option<&str>| Page {
        items: names.iter().map(|name| group(name)).collect(),
        next: next.map(str::to_owned),
    };
    let more = answer_groups(&mut model, &effects, Ok(page(&["/a", "/b"], Some("t"))));
    press(&mut model, KeyCode::Char('S'));
    answer_groups(&mut model, &more, Ok(page(&["/c", "/d"], None)));
    assert_eq!(shown(&model), ["/d", "/c", "/b", "/a"]);
}

#[test]
fn with_an_order_somebody_has_chosen_what_passes_a_filter_stays_in_it() {
    let mut model = with_groups(SIZE, &["/a/log", "/b/l-o-g", "/c/log"]);
    type_text(&mut model, "/log");
    press(&mut model, KeyCode::Enter);
    assert_eq!(shown(&model), ["/a/log", "/c/log", "/b/l-o-g"], "the best first");
    assert_eq!(model.groups.list.sorted_by(), None);
    press(&mut model, KeyCode::Char('S'));
    assert_eq!(shown(&model), ["/c/log", "/b/l-o-g", "/a/log"]);
    assert_eq!(model.groups.list.sorted_by(), Some(("Log group", '▼')));
}

#[test]
fn buckets_and_the_history_have_orders_of_their_own() {
    let (mut model, _) = connected(SIZE);
    let bucket = |name: &str, days: u64, region: Option<&str>| Bucket {
        name: name.into(),
        created: Some(NOW.before(std::time::Duration::from_hours(24 * days))),
        region: region.map(|region| Region(region.into())),
    };
    model.screen = Screen::Buckets;
    model.buckets.list.replace(vec![bucket("a", 1, None), bucket("b", 9, Some("x")), bucket("c", 5, Some("x"))]);
    let names = |model: &Model| model.buckets.list.shown().map(|bucket| bucket.name.clone()).collect::<Vec<_>>();
    let kept = press(&mut model, KeyCode::Char('s'));
    assert_eq!(names(&model), ["a", "c", "b"], "the newest first; not every Region is known");
    let order = Order { by: BucketColumn::Created, descending: true };
    assert_eq!(kept.first(), Some(&Effect::KeepSorting(Sorting { buckets: order, ..Sorting::default() })));
    press(&mut model, KeyCode::Char('S'));
    assert_eq!(names(&model), ["b", "c", "a"]);
    assert_eq!((model.groups.order(), model.history.order()), (Order::default(), Order::default()));
}

#[test]
fn the_history_is_sorted_as_far_as_it_is_loaded() {
    let mut model = with_history(SIZE);
    let states =
        |model: &Model| model.history.list().shown().map(crate::tui::history::PastRow::state).collect::<Vec<_>>();
    press(&mut model, KeyCode::End);
    model.history.sort_by(Order { by: PastColumn::State, descending: true });
    assert!(states(&model).is_sorted_by(|one, other| one.map(|state| state as u8) >= other.map(|state| state as u8)));
    let current = model.history.list().current().and_then(|row| row.remote.clone());
    assert_eq!(current.map(|past| past.status.clone()), Some(RemoteStatus::Cancelled), "the cursor stays on its row");
    press(&mut model, KeyCode::Char('S'));
    assert_eq!(model.history.order(), Order { by: PastColumn::State, descending: false });
}

#[test]
fn the_queue_has_an_order_of_its_own() {
    let (mut model, _) = connected(SIZE);
    press(&mut model, KeyCode::Char('3'));
    assert_eq!(press(&mut model, KeyCode::Char('s')), []);
    assert!(model.message().is_some_and(|message| message.text.contains("the order of their queue")));
}
