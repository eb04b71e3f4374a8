//! A listing with a cursor: rows that arrive page by page, a live filter, a place that holds on to rows, not to numbers.
//!
//! Pure state. It never asks for pages itself: `loads` looks at [`Fetch`] and decides.

mod motion;
mod order;

use std::ops::Range;

use tui_input::Input;

pub use self::motion::Motion;
pub use self::order::Sorted;
pub use crate::domain::sought::Sought;

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
    /// What the rows are sorted by.
    sorted: Sorted,
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
            sorted: Sorted::default(),
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

    /// Puts the cursor on the row at `place` of those on a screen of `height` rows; whether there is one.
    pub fn point(&mut self, place: usize, height: usize) -> bool {
        let sight = self.window(height);
        let is_there = place < sight.len();
        if is_there {
            (self.wanted, self.on_best) = (None, false);
            (self.offset, self.cursor) = (sight.start, sight.start + place);
        }
        is_there
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
        if self.sorted.is_chosen {
            self.shown.sort_unstable();
        }
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

#[cfg(test)]
mod tests;
