//! The little form that asks where another lane is: a profile and a Region.

use crate::domain::problem::Problem;
use crate::tui::entry::{Entry, TakesText};
use crate::tui::line::without_controls;
use crate::tui::places::{PlaceId, Wanted};
use crossterm::event::KeyEvent;

/// What is typed into it, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct AddLane {
    /// A profile of the AWS configuration; empty: as without one.
    pub profile: Entry,
    /// A Region; empty: the profile's own.
    pub region: Entry,
    /// The field under the cursor.
    pub at: Field,
    /// How far it has come.
    pub stage: Stage,
}

/// Its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// The profile.
    #[default]
    Profile,
    /// The Region.
    Region,
}

/// How far adding a lane has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// It is being typed.
    #[default]
    Typing,
    /// This place is being connected.
    Asked(PlaceId),
    /// That did not work.
    Failed(Problem),
}

impl AddLane {
    /// To the other field.
    pub const fn turn(&mut self) {
        self.at = match self.at {
            Field::Profile => Field::Region,
            Field::Region => Field::Profile,
        };
    }

    /// The text under the cursor.
    pub const fn entry(&mut self) -> &mut Entry {
        match self.at {
            Field::Profile => &mut self.profile,
            Field::Region => &mut self.region,
        }
    }

    /// What was typed; nothing typed is left to the AWS configuration.
    pub fn wanted(&self, endpoint_url: Option<String>) -> Wanted {
        let typed = |input: &Entry| Some(input.value().trim().to_owned()).filter(|text| !text.is_empty());
        Wanted { profile: typed(&self.profile), region: typed(&self.region), endpoint_url }
    }
}

impl TakesText for AddLane {
    /// Gives a key to the field under the cursor.
    fn edit(&mut self, key: KeyEvent) {
        self.entry().type_key(key);
    }

    /// Pastes into the field under the cursor.
    fn paste(&mut self, text: &str) {
        let text = without_controls(text);
        self.entry().insert(text.trim());
    }

    fn field(&mut self) -> Option<&mut Entry> {
        Some(self.entry())
    }
}

impl PartialEq for AddLane {
    fn eq(&self, other: &Self) -> bool {
        let texts = |form: &Self| (form.profile.value().to_owned(), form.region.value().to_owned());
        (texts(self), self.at, &self.stage) == (texts(other), other.at, &other.stage)
    }
}

impl Eq for AddLane {}
