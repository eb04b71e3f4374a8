//! How far a task's reading has come, as steps that are applied once what they speak of is durable.
//!
//! The reader delivers steps along with the pages; the writer applies them to its [`Progress`] and saves that. A reader
//! that is given a saved progress goes on exactly there.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::time::Timestamp;
use super::mark::Mark;
use super::page::Page;
use super::unit::{StreamName, Streams, Unit, UnitId};

/// What the reader hands to the writer, over one bounded channel: a page, and the step that is true once it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Events to write; without any where only the step is to be told.
    pub page: Page,
    /// What may be applied once this page, and every one delivered before it, is durable.
    pub step: Step,
}

/// One advance of reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Reading began at this time; streams created before it, less a margin, are found by the first listing.
    Started(Timestamp),
    /// A unit is begun: nothing of it was delivered yet.
    Began {
        /// The unit's number.
        id: UnitId,
        /// What it covers.
        unit: Unit,
        /// Where handing out units goes on after it.
        cursor: Cursor,
        /// Whether its streams are so young that another listing will show them again as new.
        young: bool,
    },
    /// A unit's pages up to here were delivered.
    Reached {
        /// Which unit.
        id: UnitId,
        /// Where its chain goes on.
        mark: Mark,
    },
    /// The rest of a unit, from `at` on, became a unit of its own, to be read at the same time.
    Split {
        /// Which unit; it ends before `at` now.
        id: UnitId,
        /// The first instant of the new one, epoch milliseconds.
        at: i64,
        /// The new one's number.
        rest: UnitId,
    },
    /// A unit ends before `at`, and handing out goes on at the cursor: what it covered from there on is read otherwise.
    Cut {
        /// Which unit.
        id: UnitId,
        /// The first instant it no longer covers, epoch milliseconds.
        at: i64,
        /// Where handing out goes on.
        cursor: Cursor,
    },
    /// All of a unit's pages were delivered.
    Ended {
        /// Which unit.
        id: UnitId,
    },
}

/// Where handing out units stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    /// Nothing was decided yet.
    #[default]
    Start,
    /// Streams are read one by one in the listing's order.
    Streams {
        /// The last that was begun.
        after: Option<StreamName>,
        /// The first instant they are read from, epoch milliseconds.
        from: i64,
    },
    /// The whole group is read over time, and all of the window is handed out.
    Sweep,
    /// The first listing is through: only streams that have appeared since are still to be read.
    Late {
        /// The first instant they are read from, epoch milliseconds.
        from: i64,
    },
}

/// All of a task's steps so far, folded. What is in no unit is still to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    started: Option<Timestamp>,
    cursor: Cursor,
    next: u64,
    open: BTreeMap<u64, Open>,
    /// Young streams that were begun: the next listing shows them once more.
    young: BTreeSet<StreamName>,
}

/// A unit that was begun and not read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// What it covers.
    pub unit: Unit,
    /// Where its chain goes on.
    pub mark: Mark,
}

impl Progress {
    /// Takes a step in, in the order of delivery. A unit that could not be read to its end stays open, and is taken up
    /// again by the next run.
    pub fn apply(&mut self, step: Step) {
        match step {
            Step::Started(at) => self.started = self.started.or(Some(at)),
            Step::Began { id, unit, cursor, young } => {
                self.cursor = cursor;
                if let (true, Streams::One(stream)) = (young, &unit.streams) {
                    self.young.insert(stream.clone());
                }
                self.open(id, Open { unit, mark: Mark::default() });
            }
            Step::Reached { id, mark } => {
                if let Some(open) = self.open.get_mut(&id.0) {
                    open.mark = mark;
                }
            }
            Step::Split { id, at, rest } => {
                if let Some(open) = self.open.get_mut(&id.0) {
                    let unit = Unit { from: at, ..open.unit.clone() };
                    open.unit.until = at;
                    self.open(rest, Open { unit, mark: Mark::default() });
                }
            }
            Step::Cut { id, at, cursor } => {
                self.cursor = cursor;
                if let Some(open) = self.open.get_mut(&id.0) {
                    open.unit.until = at;
                }
            }
            Step::Ended { id } => {
                self.open.remove(&id.0);
            }
        }
    }

    fn open(&mut self, id: UnitId, open: Open) {
        self.next = self.next.max(id.0 + 1);
        self.open.insert(id.0, open);
    }

    /// When reading began, if it has.
    pub const fn started(&self) -> Option<Timestamp> {
        self.started
    }

    /// Where handing out units stands.
    pub const fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The number of the next unit.
    pub const fn next_id(&self) -> UnitId {
        UnitId(self.next)
    }

    /// The units to take up again, in the order they were begun.
    pub fn open_units(&self) -> impl Iterator<Item = (UnitId, &Open)> {
        self.open.iter().map(|(id, open)| (UnitId(*id), open))
    }

    /// Young streams that were begun already.
    pub fn young(&self) -> impl Iterator<Item = &StreamName> {
        self.young.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::mark::Asked;
    use super::*;

    fn unit(from: i64, until: i64) -> Unit {
        Unit { streams: Streams::All, from, until }
    }

    fn open(progress: &Progress) -> Vec<(u64, i64, i64)> {
        progress.open_units().map(|(id, open)| (id.0, open.unit.from, open.unit.until)).collect()
    }

    #[test]
    fn a_split_covers_what_the_unit_covered_and_nothing_twice() {
        let mut progress = Progress::default();
        progress.apply(Step::Began { id: UnitId(0), unit: unit(0, 100), cursor: Cursor::Sweep, young: false });
        progress.apply(Step::Split { id: UnitId(0), at: 60, rest: UnitId(1) });
        progress.apply(Step::Split { id: UnitId(1), at: 80, rest: UnitId(2) });
        assert_eq!(open(&progress), [(0, 0, 60), (1, 60, 80), (2, 80, 100)]);
        progress.apply(Step::Ended { id: UnitId(0) });
        assert_eq!(open(&progress), [(1, 60, 80), (2, 80, 100)]);
        assert_eq!(progress.next_id(), UnitId(3));
    }

    #[test]
    fn it_is_saved_and_loaded_whole() {
        let mut progress = Progress::default();
        let stream = StreamName::from("b/\u{7}");
        let unit = Unit { streams: Streams::One(stream.clone()), from: 1, until: 2 };
        let cursor = Cursor::Streams { after: Some(stream.clone()), from: 1 };
        progress.apply(Step::Started(Timestamp::from_millis(9)));
        progress.apply(Step::Began { id: UnitId(7), unit, cursor, young: true });
        let mut mark = Mark::default();
        mark.pass(&mut Page::default(), Some("t".to_owned()), Asked::default());
        progress.apply(Step::Reached { id: UnitId(7), mark });
        let loaded: Progress = serde_json::from_str(&serde_json::to_string(&progress).unwrap()).unwrap();
        assert_eq!(loaded, progress);
        assert_eq!(loaded.young().collect::<Vec<_>>(), [&stream]);
    }
}
