//! A listing with a cursor: rows that arrive page by page, a live filter, a place that holds on to rows, not to numbers.
//!
//! Pure state. It never asks for pages itself: `loads` looks at [`Fetch`] and decides.

use std::ops::Range;

use tui_input::Input;

use crate::domain::inventory::Page;
use crate::domain::problem::Problem;
use crate::tui::sieve::Sieve;

/// Rows a filter looks at in one go: a millisecond's worth.
pub const SLICE: usize = 8192;

/// Tells an answer to a standing question from one to an abandoned question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(pub u64);

/// Something listings are made of.
pub trait Row: Clone {
    /// Whether `other` is the same thing, perhaps in a newer state.
    fn same(&self, other: &Self) -> bool;
    /// The text the filter looks at.
    fn name(&self) -> &str;
    /// Whether a filter that is no loose one lets it pass.
    fn has(&self, text: &str) -> bool {
        Sought::new(text).is_in(self.name())
    }
    /// Whether a filter is a loose one, whose best matches come first; else it looks for its text as it stands, and the
    /// order of the listing means something.
    const RANKED: bool = false;
}

/// How far a listing has been fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// Nothing was asked since the start or the last reload.
    NotAsked,
    /// A page is on its way.
    UnderWay {
        /// The question.
        request: RequestId,
        /// The page asked for; `None` is the first one, whose answer replaces all rows.
        token: Option<String>,
    },
    /// There are more pages, from this token on.
    More(String),
    /// These are all rows.
    Complete,
    /// A page was refused.
    Failed {
        /// Why.
        problem: Box<Problem>,
        /// The page it was.
        token: Option<String>,
    },
}

impl Fetch {
    /// Why it stands still, if it does.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem, .. } => Some(problem),
            Self::NotAsked | Self::UnderWay { .. } | Self::More(_) | Self::Complete => None,
        }
    }
}

/// The filter line of a listing.
#[derive(Clone, Debug, Default)]
pub enum Filter {
    /// Every row is shown.
    #[default]
    Off,
    /// Being typed, and applied as it is typed.
    Editing(Input),
    /// Typed and kept.
    Kept(String),
}

impl Filter {
    /// What is looked for; empty when off.
    pub fn text(&self) -> &str {
        match self {
            Self::Off => "",
            Self::Editing(input) => input.value(),
            Self::Kept(text) => text,
        }
    }
}

/// A step of the cursor, or of a page's scroll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// To the beginning.
    First,
    /// To the end.
    Last,
}

impl Motion {
    /// Whether it goes towards the end.
    pub const fn goes_down(self) -> bool {
        match self {
            Self::Down | Self::PageDown | Self::HalfDown | Self::Last => true,
            Self::Up | Self::PageUp | Self::HalfUp | Self::First => false,
        }
    }

    /// Where `at` moves to, among `count` places, `page` of which are seen at once.
    pub fn apply(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        let half = page.div_ceil(2);
        let to = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::HalfUp => at.saturating_sub(half),
            Self::HalfDown => at + half,
            Self::First => 0,
            Self::Last => last,
        };
        to.min(last)
    }
}

/// Rows, what of them is shown, and the cursor.
#[derive(Clone, Debug)]
pub struct List<T> {
    rows: Vec<T>,
    fetch: Fetch,
    filter: Filter,
    shown: Vec<usize>,
    /// What finds the rows to show, where rows are ranked and something is looked for.
    sieve: Option<Sieve>,
    cursor: usize,
    /// Whether the cursor stands on the best match, whichever that is, until all rows were looked at or the person moves.
    on_best: bool,
    offset: usize,
    /// The row the cursor stood on before a reload, until it comes again or the person moves.
    wanted: Option<T>,
    /// The listing as it is by now, until it is whole and takes the place of the rows that are shown.
    incoming: Option<Vec<T>>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            fetch: Fetch::NotAsked,
            filter: Filter::Off,
            shown: Vec::new(),
            sieve: None,
            cursor: 0,
            on_best: false,
            offset: 0,
            wanted: None,
            incoming: None,
        }
    }
}

impl<T: Row> List<T> {
    /// Every row, filtered out or not.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The rows that pass the filter.
    pub fn shown(&self) -> impl Iterator<Item = &T> {
        self.shown.iter().filter_map(|at| self.rows.get(*at))
    }

    /// How many rows pass the filter.
    pub fn shown_count(&self) -> usize {
        self.shown.len()
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&T> {
        self.shown.get(self.cursor).and_then(|at| self.rows.get(*at))
    }

    /// The cursor's place among the shown rows.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// How far the listing has been fetched.
    pub const fn fetch(&self) -> &Fetch {
        &self.fetch
    }

    /// The filter line.
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Which of the shown rows are on a screen of `height` rows, so that the cursor is among them.
    pub fn window(&self, height: usize) -> Range<usize> {
        let start = self.offset_for(height);
        start..(start + height).min(self.shown.len())
    }

    /// The rows on a screen of `height` rows, with their places.
    pub fn on_screen(&self, height: usize) -> impl Iterator<Item = (usize, &T)> {
        self.between(self.window(height))
    }

    /// The shown rows at these places, with them.
    pub fn between(&self, places: Range<usize>) -> impl Iterator<Item = (usize, &T)> {
        places.filter_map(|place| Some((place, self.rows.get(*self.shown.get(place)?)?)))
    }

    fn offset_for(&self, height: usize) -> usize {
        let lowest = (self.cursor + 1).saturating_sub(height);
        let fullest = self.shown.len().saturating_sub(height);
        self.offset.clamp(lowest, self.cursor.max(lowest)).min(fullest.max(lowest))
    }

    /// Moves the cursor on a screen of `height` rows.
    pub fn step(&mut self, motion: Motion, height: usize) {
        (self.wanted, self.on_best) = (None, false);
        self.cursor = motion.apply(self.cursor, self.shown.len(), height);
        self.offset = self.offset_for(height);
    }

    /// Notes that a page was asked for; answers its token.
    pub fn ask(&mut self, request: RequestId) -> Option<String> {
        let token = match &self.fetch {
            Fetch::More(token) => Some(token.clone()),
            Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::Complete | Fetch::Failed { .. } => None,
        };
        self.fetch = Fetch::UnderWay { request, token: token.clone() };
        token
    }

    /// Takes an answer in; says whether it was the one waited for.
    pub fn answer(&mut self, request: RequestId, answer: Result<Page<T>, Problem>) -> bool {
        let token = match &self.fetch {
            Fetch::UnderWay { request: asked, token } if *asked == request => token.clone(),
            Fetch::UnderWay { .. } | Fetch::NotAsked | Fetch::More(_) | Fetch::Complete | Fetch::Failed { .. } => {
                return false;
            }
        };
        match answer {
            Err(problem) => self.fetch = Fetch::Failed { problem: Box::new(problem), token },
            Ok(page) => {
                self.fetch = page.next.map_or(Fetch::Complete, Fetch::More);
                self.take(page.items, token.is_none());
            }
        }
        true
    }

    /// Takes the rows of a page in, where they are shown or where they wait to be whole.
    fn take(&mut self, items: Vec<T>, are_first: bool) {
        let Some(mut incoming) = self.incoming.take() else {
            if are_first {
                self.begin_again();
            }
            return self.append(items);
        };
        if are_first {
            incoming.clear();
        }
        incoming.extend(items);
        match self.fetch {
            Fetch::Complete => self.swap(incoming),
            Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Failed { .. } => {
                self.incoming = Some(incoming);
            }
        }
    }

    /// Shows rows of an earlier time until the listing that is under way is whole; what has come of it waits until then.
    pub fn recall(&mut self, old: Vec<T>) {
        if self.fetch == Fetch::Complete {
            return;
        }
        let new = self.rows.clone();
        self.swap(old);
        self.incoming = Some(new);
    }

    /// Rows of the listing that will take the place of those shown; `None` if those are of now.
    pub fn incoming(&self) -> Option<usize> {
        self.incoming.as_ref().map(Vec::len)
    }

    /// Asks for everything again, or for the page that failed. The old rows stay until all new ones are there: of a long
    /// listing the first page is no substitute for them.
    pub fn renew(&mut self) {
        self.reload();
        if self.fetch == Fetch::NotAsked && !self.rows.is_empty() {
            self.incoming = Some(Vec::new());
        }
    }

    /// Takes in the first page as it is by now. Rows it does not reach stay, with the page after them; the cursor stays
    /// on its row.
    pub fn refresh(&mut self, page: Page<T>) {
        let held = self.current().cloned();
        let known = page.items.last().and_then(|last| self.rows.iter().position(|row| row.same(last)));
        let rest = match (&page.next, known) {
            (None, _) => self.rows.len(),
            (Some(_), Some(at)) => at + 1,
            (Some(_), None) => 0,
        };
        let old = std::mem::replace(&mut self.rows, page.items);
        let news = self.rows.len();
        for row in old.into_iter().skip(rest) {
            if !self.rows[..news].iter().any(|new| new.same(&row)) {
                self.rows.push(row);
            }
        }
        self.refilter();
        if let Some(held) = held {
            self.seek(|row| row.same(&held));
        }
    }

    /// Asks for everything again, or for the page that failed. The old rows stay until the first new ones are there.
    pub fn reload(&mut self) {
        self.fetch = match std::mem::replace(&mut self.fetch, Fetch::NotAsked) {
            Fetch::Failed { token: Some(token), .. } => Fetch::More(token),
            Fetch::Failed { token: None, .. }
            | Fetch::NotAsked
            | Fetch::UnderWay { .. }
            | Fetch::More(_)
            | Fetch::Complete => Fetch::NotAsked,
        };
    }

    /// Asks for everything again; the cursor goes to `row` as soon as it comes, unless the person moves before.
    pub fn reload_for(&mut self, row: T) {
        (self.fetch, self.wanted) = (Fetch::NotAsked, Some(row));
    }

    /// Drops every row: what comes next answers another question.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.fetch = Fetch::NotAsked;
        (self.wanted, self.incoming) = (None, None);
        (self.cursor, self.offset) = (0, 0);
        self.refilter();
    }

    /// Puts these rows in place of the old ones, all at once; the cursor stays on its row.
    pub fn replace(&mut self, rows: Vec<T>) {
        self.fetch = Fetch::Complete;
        self.swap(rows);
    }

    fn swap(&mut self, rows: Vec<T>) {
        let held = self.current().cloned();
        self.rows = rows;
        self.refilter();
        self.settle();
        if let Some(held) = held {
            self.seek(|row| row.same(&held));
        }
    }

    /// Changes the first row that `is` true of; not its name, which the filter has looked at.
    pub fn amend(&mut self, is: impl Fn(&T) -> bool, change: impl FnOnce(&mut T)) {
        if let Some(row) = self.rows.iter_mut().find(|row| is(row)) {
            change(row);
        }
    }

    /// Puts the cursor on the first shown row that `is` true of.
    pub fn seek(&mut self, is: impl Fn(&T) -> bool) -> bool {
        let found = self.shown().position(is);
        self.cursor = found.unwrap_or(self.cursor).min(self.shown.len().saturating_sub(1));
        found.is_some()
    }

    /// Sets the filter. The cursor stays on its row if that is still shown; where rows are ranked it goes to the best one
    /// while something is looked for.
    pub fn set_filter(&mut self, filter: Filter) {
        let same_text = filter.text() == self.filter.text();
        self.filter = filter;
        if same_text {
            return;
        }
        let old = self.sieve.take();
        if T::RANKED && !self.filter.text().is_empty() {
            let text = self.filter.text();
            self.sieve = Some(old.map_or_else(|| Sieve::new(text), |old| old.turned_to(text)));
            self.on_best = true;
            self.sift();
        } else {
            let held = self.shown.get(self.cursor).copied();
            self.refilter();
            self.hold(held);
        }
    }

    /// Whether rows are still to be looked at before all that match are shown.
    pub fn is_sifting(&self) -> bool {
        self.sieve.as_ref().is_some_and(|sieve| !sieve.is_done(self.rows.len()))
    }

    /// Looks at some more rows; what was found is shown, and the cursor stays where the person has put it.
    pub fn sift(&mut self) {
        self.look(SLICE);
    }

    /// Looks at all rows that are left: what somebody acts on must be what they see in the end.
    pub fn settle(&mut self) {
        if self.is_sifting() {
            self.look(usize::MAX);
        }
    }

    fn look(&mut self, most: usize) {
        let held = self.shown.get(self.cursor).copied().filter(|_| !self.on_best);
        let (Some(sieve), rows) = (&mut self.sieve, &self.rows) else { return };
        sieve.look(rows.len(), most, |row| rows.get(row).map_or("", T::name));
        self.shown.clear();
        self.shown.extend(sieve.found());
        self.on_best &= !sieve.is_done(rows.len());
        self.hold(held);
    }

    /// Puts the cursor on this row, or else on the first.
    fn hold(&mut self, row: Option<usize>) {
        self.cursor = row.and_then(|row| self.shown.iter().position(|at| *at == row)).unwrap_or(0);
    }

    fn begin_again(&mut self) {
        self.wanted = self.wanted.take().or_else(|| self.current().cloned());
        self.rows.clear();
        self.cursor = 0;
        self.refilter();
    }

    /// Adds rows at the end.
    pub fn append(&mut self, items: Vec<T>) {
        let first_new = self.rows.len();
        let more = items.len();
        let behind = self.is_sifting();
        self.rows.extend(items);
        if self.sieve.is_none() {
            self.pass(first_new);
        } else if !behind {
            self.look(more);
        }
        if let Some(wanted) = self.wanted.take()
            && !self.seek(|row| row.same(&wanted))
            && self.fetch != Fetch::Complete
        {
            self.wanted = Some(wanted);
        }
    }

    /// The filter looks at every row anew.
    fn refilter(&mut self) {
        self.shown.clear();
        if let Some(sieve) = &mut self.sieve {
            *sieve = Sieve::new(self.filter.text());
            self.sift();
        } else {
            self.pass(0);
        }
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
    }

    /// Takes the rows from `first` on among the shown ones, if they have the text of the filter.
    fn pass(&mut self, first: usize) {
        let text = self.filter.text();
        let new = self.rows.iter().enumerate().skip(first);
        self.shown.extend(new.filter(|(_, row)| text.is_empty() || row.has(text)).map(|(at, _)| at));
    }
}

/// A substring to look for: capitals matter only if it has one ("smart case").
#[derive(Clone, Copy, Debug)]
pub enum Sought<'a> {
    /// Nothing is asked for: all are shown.
    Everything,
    /// As it stands.
    Exactly(&'a str),
    /// Whatever the case.
    AnyCase(&'a str),
}

impl<'a> Sought<'a> {
    /// What a filter's text asks for.
    pub fn new(text: &'a str) -> Self {
        match text {
            "" => Self::Everything,
            _ if text.chars().any(char::is_uppercase) => Self::Exactly(text),
            _ => Self::AnyCase(text),
        }
    }

    /// Whether nothing is filtered out.
    pub const fn is_everything(&self) -> bool {
        matches!(self, Self::Everything)
    }

    /// Whether `name` has it.
    pub fn is_in(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Exactly(text) => name.contains(text),
            Self::AnyCase(text) => name.to_lowercase().contains(text),
        }
    }
}

#[cfg(test)]
mod tests {
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
}
