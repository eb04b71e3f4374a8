//! The rows of screen 5: every lane the ledger knows, and every place this program is connected to or tries to be.

use std::sync::Arc;

use crate::domain::place::Lane;
use crate::ledger::LaneRecord;
use crate::tui::exports::Slot;
use crate::tui::list::Row;
use crate::tui::model::Model;
use crate::tui::places::{Place, PlaceId};

/// One row.
#[derive(Clone, Debug)]
pub struct LaneRow {
    /// The place through which this program reaches it, or tries to.
    pub place: Option<PlaceId>,
    /// Which lane it is, once known.
    pub lane: Option<Arc<Lane>>,
    /// What the ledger knows of it.
    pub record: Option<Arc<LaneRecord>>,
    /// What the filter looks at.
    words: String,
    /// Whether the age of whatever holds the slot is shown.
    ages: bool,
}

impl LaneRow {
    /// Whether it reads differently as time passes.
    pub const fn shows_age(&self) -> bool {
        self.ages
    }
}

impl Row for LaneRow {
    fn same(&self, other: &Self) -> bool {
        let one_lane = self.lane.is_some() && self.lane == other.lane;
        one_lane || (self.place.is_some() && self.place == other.place)
    }
    fn name(&self) -> &str {
        &self.words
    }
}

/// Makes the rows anew; the cursor stays on its lane.
pub fn refresh(model: &mut Model) {
    let mut rows: Vec<LaneRow> = model.exports.lanes().iter().map(|record| of_record(model, record)).collect();
    for (id, place) in model.places.iter() {
        if !rows.iter().any(|row| row.place == Some(id)) {
            rows.push(of_place(model, id, place));
        }
    }
    model.lanes.replace(rows);
}

fn of_record(model: &Model, record: &Arc<LaneRecord>) -> LaneRow {
    let place = model.places.of_lane(&record.lane);
    row(model, place, Some(Arc::clone(&record.lane)), Some(Arc::clone(record)))
}

fn of_place(model: &Model, id: PlaceId, place: &Place) -> LaneRow {
    let lane = place.lane().map(Arc::new).or_else(|| place.promised.clone());
    row(model, Some(id), lane, None)
}

fn row(model: &Model, place: Option<PlaceId>, lane: Option<Arc<Lane>>, record: Option<Arc<LaneRecord>>) -> LaneRow {
    let known = place.and_then(|id| model.places.get(id));
    let profile = record.as_ref().and_then(|record| record.profile.clone());
    let profile = profile.or_else(|| known.and_then(|place| place.wanted.profile.clone())).unwrap_or_default();
    let words = lane.as_ref().map_or_else(|| profile.clone(), |lane| format!("{lane} {profile}"));
    let told = lane.as_ref().and_then(|lane| model.exports.load(lane)).map(|load| &load.slot);
    let seen = known.and_then(|place| place.look.seen.as_ref()).is_some_and(|seen| matches!(seen, Ok(Some(_))));
    let ages = seen || matches!(told, Some(Slot::Ours(_) | Slot::Foreign(_)));
    let driven = record.as_ref().is_some_and(|record| record.until.is_some_and(|until| until > model.now));
    LaneRow { place, lane, record, words, ages: ages || driven }
}
