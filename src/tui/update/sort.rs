//! Sorting a listing by another column, or the other way round. What was chosen is remembered.

use crate::tui::effect::Effect;
use crate::tui::model::{Model, Screen, Tone};
use crate::tui::sorting::{GroupColumn, SortColumn, Sorting};

impl Model {
    /// What the listings are sorted by.
    pub fn sorting(&self) -> Sorting {
        Sorting { groups: self.groups.chosen(), buckets: self.buckets.chosen, history: self.history.order() }
    }

    /// Sorts the listings by this.
    pub fn sort_by(&mut self, Sorting { groups, buckets, history }: Sorting) {
        self.groups.sort_by(groups);
        self.buckets.chosen = buckets;
        self.buckets.arrange();
        self.history.sort_by(history);
    }
}

/// By the next column of which every row is known.
pub fn next(model: &mut Model) -> Vec<Effect> {
    let mut sorting = model.sorting();
    match model.screen {
        Screen::Groups => sorting.groups = model.groups.order().next(&model.groups.offered()),
        Screen::Buckets => sorting.buckets = model.buckets.order().next(&model.buckets.offered()),
        Screen::History => sorting.history = sorting.history.next(SortColumn::ALL),
        Screen::Exports | Screen::Lanes | Screen::Form => return Vec::new(),
    }
    settle(model, sorting)
}

/// The other way round.
pub fn turn(model: &mut Model) -> Vec<Effect> {
    let mut sorting = model.sorting();
    match model.screen {
        Screen::Groups => sorting.groups = model.groups.order().turned(),
        Screen::Buckets => sorting.buckets = model.buckets.order().turned(),
        Screen::History => sorting.history = sorting.history.turned(),
        Screen::Exports | Screen::Lanes | Screen::Form => return Vec::new(),
    }
    settle(model, sorting)
}

fn settle(model: &mut Model, sorting: Sorting) -> Vec<Effect> {
    model.sort_by(sorting);
    let said = match model.screen {
        Screen::Groups => format!("{}{}", sorting.groups.words(), lacking(&model.groups.offered())),
        Screen::Buckets => sorting.buckets.words(),
        Screen::History => sorting.history.words(),
        Screen::Exports | Screen::Lanes | Screen::Form => return Vec::new(),
    };
    model.say(Tone::Note, said);
    vec![Effect::KeepSorting(sorting)]
}

/// Why the columns that cost a call for every fifty rows are not among those to sort by.
fn lacking(offered: &[GroupColumn]) -> &'static str {
    if offered.len() < GroupColumn::ALL.len() {
        "; by stored bytes, retention and age only where those are known of every row"
    } else {
        ""
    }
}
