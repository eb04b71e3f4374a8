//! The order of a listing's rows, where a person has chosen one.

use super::{List, Row};

/// What the rows of a listing are sorted by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sorted {
    /// The head of that column, and the sign of the direction.
    pub mark: Option<(&'static str, char)>,
    /// Whether somebody has chosen it: then what passes a filter stays in that order too.
    pub is_chosen: bool,
}

impl<T: Row> List<T> {
    /// What the rows that are shown are sorted by; `None` while the best matches of a filter come first.
    pub fn sorted_by(&self) -> Option<(&'static str, char)> {
        self.sorted.mark.filter(|_| self.sieve.is_none() || self.sorted.is_chosen)
    }

    /// Notes what rows are sorted by that come in that order.
    pub const fn comes_sorted(&mut self, by: Sorted) {
        self.sorted = by;
    }

    /// Puts the rows in another order; the cursor stays on its row.
    pub fn sort(&mut self, by: Sorted, sort: impl FnOnce(&mut [T])) {
        let held = self.current().cloned();
        self.sorted = by;
        sort(&mut self.rows);
        self.refilter();
        self.settle();
        if let Some(held) = held {
            self.seek(|row| row.same(&held));
        }
    }
}
