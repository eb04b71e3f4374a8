//! Log streams' names, kept once each: a page of FilterLogEvents names the stream of every single event.

use std::collections::HashMap;

use super::unit::StreamName;

/// So many names are kept from page to page: a group may have a million streams, and each chain keeps its own.
const MOST: usize = 10_000;

/// The names met along one chain of pages, numbered anew for every page.
#[derive(Debug, Default)]
pub struct Interner {
    known: HashMap<StreamName, Seen>,
    page: Vec<StreamName>,
    pages: u64,
}

/// On which page a name was last met, and its number there.
#[derive(Clone, Copy, Debug)]
struct Seen {
    page: u64,
    number: u32,
}

impl Interner {
    /// Begins a page: no name has a number yet.
    pub fn turn(&mut self) {
        self.pages += 1;
        self.page.clear();
        if self.known.len() > MOST {
            self.known.clear();
        }
    }

    /// The number of `name` on this page, counted from 0 as names are met.
    pub fn number(&mut self, name: &str) -> u32 {
        let number = u32::try_from(self.page.len()).unwrap_or(u32::MAX);
        match self.known.get_mut(name) {
            Some(seen) if seen.page == self.pages => return seen.number,
            Some(seen) => {
                *seen = Seen { page: self.pages, number };
                // The key's own clone, so that all pages share one text.
                let kept = self.known.get_key_value(name).map(|(kept, _)| kept.clone());
                self.page.extend(kept);
            }
            None => {
                let kept = StreamName::from(name);
                self.page.push(kept.clone());
                self.known.insert(kept, Seen { page: self.pages, number });
            }
        }
        number
    }

    /// The names of this page, in the order of their numbers.
    pub fn page(&self) -> &[StreamName] {
        &self.page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_kept_without_end() {
        let mut names = Interner::default();
        for page in 0..5 {
            names.turn();
            for number in 0..MOST {
                assert_eq!(names.number(&format!("{page} {number}")) as usize, number);
            }
            assert!(names.known.len() <= 2 * MOST);
        }
    }

    #[test]
    fn names_are_numbered_anew_for_every_page_and_kept_once() {
        let mut names = Interner::default();
        names.turn();
        assert_eq!(["b", "a", "b", "c"].map(|name| names.number(name)), [0, 1, 0, 2]);
        let first = names.page().to_vec();
        names.turn();
        assert_eq!(["c", "d", "c"].map(|name| names.number(name)), [0, 1, 0]);
        assert_eq!(names.page(), [StreamName::from("c"), StreamName::from("d")]);
        assert!(std::ptr::eq(first[2].as_str(), names.page()[0].as_str()), "the same text");
    }
}
