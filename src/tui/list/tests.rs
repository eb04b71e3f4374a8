//! Listings: pages, filters and the cursor.

use super::*;
use crate::domain::problem::ProblemKind;
use proptest::prelude::*;

impl Row for String {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn name(&self) -> &str {
        self
    }
}

/// A name among ranked ones.
#[derive(Clone, Debug, PartialEq)]
struct Ranked(&'static str);

impl Row for Ranked {
    const RANKED: bool = true;
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn name(&self) -> &str {
        self.0
    }
}

#[test]
fn the_best_match_comes_first_and_has_the_cursor_while_one_types() {
    let names = |list: &List<Ranked>| list.shown().map(|row| row.0).collect::<Vec<_>>();
    let mut list = List::default();
    list.ask(RequestId(1));
    let items = ["acme-legacy-archive", "acme-log-exports", "logs"].map(Ranked);
    list.answer(RequestId(1), Ok(Page { items: items.into(), next: Some("t".into()) }));
    list.step(Motion::Down, 10);
    list.set_filter(Filter::Kept("log".into()));
    assert_eq!(names(&list), ["logs", "acme-log-exports"]);
    assert_eq!(list.current(), Some(&Ranked("logs")));
    list.step(Motion::Down, 10);
    list.ask(RequestId(2));
    list.answer(RequestId(2), Ok(Page { items: ["log", "x"].map(Ranked).into(), next: None }));
    assert_eq!(names(&list), ["logs", "log", "acme-log-exports"], "what comes later is ranked among them");
    assert_eq!(list.current(), Some(&Ranked("acme-log-exports")), "the cursor stays on its row");
    list.set_filter(Filter::Off);
    assert_eq!(list.current(), Some(&Ranked("acme-log-exports")));
    assert_eq!(names(&list).first(), Some(&"acme-legacy-archive"), "unfiltered, the listing's own order");
}

#[test]
fn a_long_listing_is_filtered_a_slice_at_a_time_and_the_best_has_the_cursor() {
    let mut list: List<Numbered> = List::default();
    list.ask(RequestId(1));
    let items = (0..SLICE * 2 + 5).map(Numbered::new).collect();
    list.answer(RequestId(1), Ok(Page { items, next: Some("t".into()) }));
    list.set_filter(Filter::Kept("16".into()));
    assert!(list.is_sifting());
    let (first, best) = (list.shown_count(), list.current().cloned());
    list.sift();
    assert!(list.shown_count() > first && list.is_sifting());
    list.sift();
    assert!(!list.is_sifting());
    assert_eq!(list.current().map(|row| row.name.len()), Some("row 16".len()), "{best:?}");
    let whole: Vec<_> = list.shown().cloned().collect();
    list.set_filter(Filter::Off);
    list.set_filter(Filter::Kept("16".into()));
    list.settle();
    assert_eq!(list.shown().cloned().collect::<Vec<_>>(), whole, "at once or in slices: the same");
}

#[test]
fn the_cursor_that_was_moved_stays_on_its_row_while_the_filter_goes_on_and_pages_come() {
    let mut list: List<Numbered> = List::default();
    list.ask(RequestId(1));
    let items = (0..SLICE * 2).map(|n| Numbered::new(n + 100_000)).collect();
    list.answer(RequestId(1), Ok(Page { items, next: Some("t".into()) }));
    list.set_filter(Filter::Kept("row".into()));
    list.step(Motion::Down, 10);
    let here = list.current().cloned();
    list.sift();
    assert_eq!(list.current().cloned(), here);
    list.ask(RequestId(2));
    list.answer(RequestId(2), Ok(Page { items: vec![Numbered::new(1)], next: None }));
    list.settle();
    assert_eq!((list.current().cloned(), list.shown_count()), (here, SLICE * 2 + 1));
}

/// A row of a long listing.
#[derive(Clone, Debug, PartialEq)]
struct Numbered {
    name: String,
}

impl Numbered {
    fn new(n: usize) -> Self {
        Self { name: format!("row {n}") }
    }
}

impl Row for Numbered {
    const RANKED: bool = true;
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn name(&self) -> &str {
        &self.name
    }
}

fn page(names: &[&str], next: Option<&str>) -> Page<String> {
    Page { items: names.iter().map(|n| (*n).to_owned()).collect(), next: next.map(str::to_owned) }
}

fn loaded(names: &[&str]) -> List<String> {
    let mut list = List::default();
    list.ask(RequestId(1));
    list.answer(RequestId(1), Ok(page(names, None)));
    list
}

#[test]
fn pages_add_up_and_the_cursor_stays_on_its_row() {
    let mut list: List<String> = List::default();
    assert_eq!(list.ask(RequestId(1)), None);
    assert!(list.answer(RequestId(1), Ok(page(&["a", "b"], Some("t")))));
    list.step(Motion::Down, 10);
    assert_eq!(list.ask(RequestId(2)).as_deref(), Some("t"));
    assert!(list.answer(RequestId(2), Ok(page(&["c"], None))));
    assert_eq!(list.current().map(String::as_str), Some("b"));
    assert_eq!((list.shown_count(), list.fetch()), (3, &Fetch::Complete));
}

#[test]
fn an_answer_to_an_abandoned_question_changes_nothing() {
    let mut list: List<String> = List::default();
    list.ask(RequestId(1));
    list.clear();
    list.ask(RequestId(2));
    assert!(!list.answer(RequestId(1), Ok(page(&["old"], None))));
    assert_eq!(list.rows().len(), 0);
}

#[test]
fn a_failed_later_page_keeps_the_rows_and_is_asked_again_from_its_token() {
    let mut list: List<String> = List::default();
    list.ask(RequestId(1));
    list.answer(RequestId(1), Ok(page(&["a"], Some("t"))));
    list.ask(RequestId(2));
    list.answer(RequestId(2), Err(Problem::new(ProblemKind::Throttled, "DescribeLogGroups")));
    assert_eq!(list.rows().len(), 1);
    list.reload();
    assert_eq!(list.ask(RequestId(3)).as_deref(), Some("t"));
}

#[test]
fn a_reload_finds_the_cursors_row_again_on_a_later_page() {
    let mut list = loaded(&["a", "b", "c"]);
    list.step(Motion::Last, 10);
    list.reload();
    list.ask(RequestId(2));
    list.answer(RequestId(2), Ok(page(&["a"], Some("t"))));
    list.ask(RequestId(3));
    list.answer(RequestId(3), Ok(page(&["b", "bb", "c", "d"], None)));
    assert_eq!(list.current().map(String::as_str), Some("c"));
}

#[test]
fn a_refresh_renews_the_first_page_and_keeps_the_rest_and_the_cursor() {
    let mut list = loaded(&["c", "b", "a"]);
    list.step(Motion::Down, 10);
    list.refresh(page(&["e", "d", "c"], Some("t")));
    assert_eq!(list.rows(), ["e", "d", "c", "b", "a"]);
    assert_eq!(list.current().map(String::as_str), Some("b"));
    list.refresh(page(&["g", "f"], Some("t")));
    assert_eq!(list.rows().len(), 7, "none of the old rows was on the page: all are behind it");
    list.refresh(page(&["g", "b"], None));
    assert_eq!(list.rows(), ["g", "b"], "that is all there is");
    assert_eq!(list.current().map(String::as_str), Some("b"));
}

#[test]
fn capitals_matter_only_when_typed() {
    let mut list = loaded(&["Alpha", "alpine", "beta"]);
    list.set_filter(Filter::Kept("al".into()));
    assert_eq!(list.shown_count(), 2);
    list.set_filter(Filter::Kept("Al".into()));
    assert_eq!(list.shown().map(String::as_str).collect::<Vec<_>>(), ["Alpha"]);
}

#[test]
fn narrowing_the_filter_keeps_the_cursor_on_its_row() {
    let mut list = loaded(&["a1", "b1", "b2"]);
    list.step(Motion::Last, 10);
    list.set_filter(Filter::Kept("b".into()));
    assert_eq!(list.current().map(String::as_str), Some("b2"));
    list.set_filter(Filter::Off);
    assert_eq!(list.current().map(String::as_str), Some("b2"));
}

proptest! {
    #[test]
    fn the_cursor_is_always_on_screen(rows in 0usize..50, height in 1usize..12, moves in prop::collection::vec(0usize..8, 0..20)) {
        let all = [Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown, Motion::HalfUp, Motion::HalfDown, Motion::First, Motion::Last];
        let names: Vec<String> = (0..rows).map(|n| n.to_string()).collect();
        let mut list = loaded(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for at in moves {
            list.step(all[at], height);
            let seen = list.window(height);
            prop_assert!(rows == 0 || seen.contains(&list.cursor()), "{:?} {}", seen, list.cursor());
            prop_assert!(seen.len() == rows.min(height));
        }
    }
}
