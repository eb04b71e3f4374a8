//! How far a task's reading has come, as steps that are applied once what they speak of is durable.
//!
//! The reader delivers steps along with the pages; the writer applies them to its [`Progress`] and saves that. A reader
//! that is given a saved progress goes on exactly there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::page::Page;
use super::unit::{Mark, Unit, UnitId};

/// What the reader hands to the writer, over one bounded channel: a page, and the step that is true once it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Events to write; without any where only the step is to be told.
    pub page: Page,
    /// What may be applied once this page, and every one delivered before it, is durable.
    pub step: Step,
}

/// One advance of reading. It may be applied once every page delivered before it, of whatever unit it names, is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// A unit is begun: nothing of it was delivered yet. Names where handing out units goes on after it.
    Began {
        /// The unit's number.
        id: UnitId,
        /// What it covers.
        unit: Unit,
        /// Where handing out goes on.
        cursor: Cursor,
    },
    /// A unit's pages up to here were delivered.
    Reached {
        /// Which unit.
        id: UnitId,
        /// Where its chain goes on.
        mark: Mark,
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
}

/// All of a task's steps so far, folded. What is in no unit is still to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    cursor: Cursor,
    next: u64,
    open: BTreeMap<u64, (Unit, Mark)>,
}

impl Progress {
    /// Takes a step in, in the order of delivery. A unit that could not be read to its end stays open, and is taken up again
    /// by the next run.
    pub fn apply(&mut self, step: Step) {
        match step {
            Step::Began { id, unit, cursor } => {
                self.next = self.next.max(id.0 + 1);
                self.cursor = cursor;
                self.open.insert(id.0, (unit, Mark::default()));
            }
            Step::Reached { id, mark } => {
                if let Some(open) = self.open.get_mut(&id.0) {
                    open.1 = mark;
                }
            }
            Step::Ended { id } => {
                self.open.remove(&id.0);
            }
        }
    }
}
