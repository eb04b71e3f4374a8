//! The filter of the history at work: words are looked for loosely, parts of names as they stand.

use crate::domain::past::{Glance, PastFilter};
use crate::tui::list::Sought;
use crate::tui::search::Search;

/// A filter that looks at one past task after the other.
#[derive(Clone, Debug)]
pub struct Query {
    filter: PastFilter,
    words: Vec<(String, Search)>,
}

impl Query {
    /// For what was typed.
    pub fn new(filter: &PastFilter) -> Self {
        let words = filter.words.iter().map(|word| (word.clone(), Search::new(word))).collect();
        Self { filter: filter.clone(), words }
    }

    /// Whether all of it holds. Each word is somewhere: its letters in a name, or as it stands in what else a row shows.
    pub fn passes(&mut self, glance: &Glance<'_>) -> bool {
        let filter = &self.filter;
        let has = |parts: &[String], name: &str| parts.iter().all(|part| Sought::new(part).is_in(name));
        filter.fits(glance)
            && has(&filter.groups, glance.group)
            && has(&filter.buckets, glance.bucket)
            && filter.plans.iter().all(|part| is_of_plan(part, glance))
            && self.words.iter_mut().all(|(word, search)| is_somewhere(word, search, glance))
    }
}

fn is_of_plan(part: &str, glance: &Glance<'_>) -> bool {
    glance.plan.is_some_and(|(id, name)| Sought::new(part).is_in(name) || id.to_string().starts_with(part))
}

fn is_somewhere(word: &str, search: &mut Search, glance: &Glance<'_>) -> bool {
    let plan = glance.plan.map_or("", |(_, name)| name);
    let names = [glance.group, glance.bucket, plan, glance.label];
    if word.starts_with('!') {
        return names.iter().all(|name| search.score(name).is_some());
    }
    names.iter().any(|name| !name.is_empty() && search.score(name).is_some()) || stands_in(word, glance)
}

/// Dates and states are looked for as they stand: their letters alone are in too many of them.
fn stands_in(word: &str, glance: &Glance<'_>) -> bool {
    let state = glance.state.is_some_and(|state| state.word().to_lowercase() == word.to_lowercase());
    let is_date = word.starts_with(|c: char| c.is_ascii_digit());
    state || Sought::new(word).is_in(glance.prefix) || (is_date && glance.begun.to_string().contains(word))
}
