//! What a loose filter lets through of a long listing, the best first, found a slice at a time.
//!
//! A hundred thousand names take some milliseconds, a million ten times that: nobody who types waits for it. The driver
//! lets a sieve go on between keys and frames, and everything found so far is shown. A text that only grew is looked
//! for among what was found before.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::vec::IntoIter;

use crate::tui::search::Search;

/// A search through the rows of one listing, each known by its place.
#[derive(Clone, Debug)]
pub struct Sieve {
    text: String,
    search: Search,
    /// Rows that match, by how well; equally good ones in the order of the listing.
    found: BTreeMap<Reverse<u32>, Vec<usize>>,
    /// Rows that a shorter text has let through, to be looked at anew.
    again: IntoIter<usize>,
    /// The first row that was never looked at.
    next: usize,
}

impl Sieve {
    /// For `text`, from the first row on.
    pub fn new(text: &str) -> Self {
        let (search, found) = (Search::new(text), BTreeMap::new());
        Self { text: text.to_owned(), search, found, again: Vec::new().into_iter(), next: 0 }
    }

    /// The same listing, another text: only what the old one has let through can pass one that is no more than longer.
    pub fn turned_to(self, text: &str) -> Self {
        if !narrows(&self.text, text) {
            return Self::new(text);
        }
        let mut again: Vec<usize> = self.found.into_values().flatten().chain(self.again).collect();
        again.sort_unstable();
        Self { again: again.into_iter(), next: self.next, ..Self::new(text) }
    }

    /// Looks at no more than `most` further rows, of `count` there are.
    pub fn look<'a>(&mut self, count: usize, most: usize, name: impl Fn(usize) -> &'a str) {
        for _ in 0..most {
            let Some(row) = self.again.next().or_else(|| self.advance(count)) else { return };
            if let Some(score) = self.search.score(name(row)) {
                self.found.entry(Reverse(score)).or_default().push(row);
            }
        }
    }

    /// Whether all of `count` rows were looked at.
    pub fn is_done(&self, count: usize) -> bool {
        self.again.as_slice().is_empty() && self.next >= count
    }

    /// The rows that match, the best first.
    pub fn found(&self) -> impl Iterator<Item = usize> {
        self.found.values().flatten().copied()
    }

    fn advance(&mut self, count: usize) -> Option<usize> {
        let row = self.next;
        (row < count).then(|| {
            self.next += 1;
            row
        })
    }
}

/// Whether whatever `longer` lets through passes `text` too. With a sign that turns a word's meaning round, or binds it to
/// the end of a name, more letters may let more through.
fn narrows(text: &str, longer: &str) -> bool {
    !text.is_empty() && longer.starts_with(text) && !longer.contains(['!', '$', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(mut sieve: Sieve, names: &[String], slice: usize) -> Vec<usize> {
        while !sieve.is_done(names.len()) {
            sieve.look(names.len(), slice, |row| &names[row]);
        }
        sieve.found().collect()
    }

    proptest! {
        #[test]
        fn slices_and_longer_texts_find_what_a_search_from_scratch_does(
            names in prop::collection::vec("[abAB/-]{0,8}", 0..40),
            text in "[abA '^!$\\\\-]{1,6}",
            slice in 1usize..9,
            looked in 0usize..40,
        ) {
            let whole = all(Sieve::new(&text), &names, usize::MAX);
            let mut grown = Sieve::new("");
            for end in 1..=text.len() {
                grown = grown.turned_to(&text[..end]);
                grown.look(names.len(), looked, |row| &names[row]);
            }
            prop_assert_eq!(all(grown, &names, slice), whole);
        }
    }

    #[test]
    fn rows_that_come_later_are_looked_at_too() {
        let mut names: Vec<String> = ["log", "x"].map(str::to_owned).to_vec();
        let mut sieve = Sieve::new("log");
        sieve.look(names.len(), 9, |row| &names[row]);
        assert!(sieve.is_done(2) && !sieve.is_done(3));
        names.push("l-o-g".to_owned());
        names.push("log".to_owned());
        assert_eq!(all(sieve, &names, 1), [0, 3, 2]);
    }
}
