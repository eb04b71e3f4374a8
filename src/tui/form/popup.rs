//! What lies over the form and chooses for one of its fields: a list of names, or a calendar.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::calendar::Calendar;
use super::fields::{Field, Fields};
use super::picker::Picker;
use super::{Form, FormAction, FormContext, check};
use crate::domain::calendar::Step;
use crate::domain::when;
use crate::tui::line::Edit;
use crate::tui::list::Motion;

/// What is open.
#[derive(Clone, Debug)]
pub enum Popup {
    /// A list of names.
    Picker(Box<Picker>),
    /// A month.
    Calendar(Calendar),
}

/// What becomes of it.
enum Turn {
    /// It stays open.
    Stay,
    /// It closes, and nothing is chosen.
    Close,
    /// It closes, and this goes into its field.
    Choose(Field, String),
}

impl Popup {
    /// Gives it a key that is bound to nothing.
    pub fn edit(&mut self, key: KeyEvent) {
        match self {
            Self::Picker(picker) => picker.edit(key),
            Self::Calendar(_) => {}
        }
    }

    /// Moves or cuts in its text.
    pub fn adjust(&mut self, edit: Edit) {
        match self {
            Self::Picker(picker) => picker.adjust(edit),
            Self::Calendar(_) => {}
        }
    }

    /// Pastes into its text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Picker(picker) => picker.paste(text),
            Self::Calendar(_) => {}
        }
    }

    fn perform(&mut self, action: FormAction, context: &FormContext<'_>) -> Turn {
        match (self, action) {
            (_, FormAction::Pick | FormAction::Leave) => return Turn::Close,
            (Self::Picker(picker), FormAction::Confirm) => {
                let chosen = picker.chosen();
                if !chosen.is_empty() {
                    return Turn::Choose(picker.field(), chosen.join(", "));
                }
            }
            (Self::Calendar(calendar), FormAction::Confirm) => {
                return Turn::Choose(calendar.field(), calendar.chosen());
            }
            (Self::Picker(picker), FormAction::NextField) => picker.step(Motion::Down),
            (Self::Picker(picker), FormAction::PreviousField) => picker.step(Motion::Up),
            (Self::Picker(picker), FormAction::ClearField) => picker.clear(),
            (Self::Picker(picker), FormAction::Mark) => picker.toggle(),
            (Self::Calendar(calendar), FormAction::Walk(step)) => calendar.step(step),
            (Self::Calendar(calendar), FormAction::Today) => calendar.go_to_today(context.now),
            (
                Self::Picker(_) | Self::Calendar(_),
                FormAction::NextField
                | FormAction::PreviousField
                | FormAction::ClearField
                | FormAction::Mark
                | FormAction::Walk(
                    Step::DayBack | Step::DayOn | Step::WeekBack | Step::WeekOn | Step::MonthBack | Step::MonthOn,
                )
                | FormAction::Today
                | FormAction::Submit
                | FormAction::Save
                | FormAction::ToggleZone
                | FormAction::ToggleEngine
                | FormAction::NextPreset
                | FormAction::Undo
                | FormAction::Redo
                | FormAction::TrustKey,
            ) => {}
        }
        Turn::Stay
    }
}

impl Form {
    /// Opens what chooses for the field under the cursor, if anything does.
    pub(super) fn open_popup(&mut self, context: &FormContext<'_>) {
        let Some(field) = self.stop.field() else { return };
        self.popup = match field {
            Field::Groups | Field::Bucket => {
                let chosen = check::names_in(self.fields.text(field));
                listed(field, context)
                    .map(|names| Popup::Picker(Box::new(Picker::open(field, field == Field::Groups, names, &chosen))))
            }
            Field::From | Field::To => {
                let at = when::parse(self.fields.text(field), context.now, self.zone).ok();
                let groups = check::names_in(self.fields.text(Field::Groups));
                Calendar::open(field, at, self.zone, &groups, context).map(Popup::Calendar)
            }
            Field::Split | Field::StreamPrefix | Field::Prefix | Field::Name | Field::Label => None,
        };
    }

    /// An action while something is open.
    pub(super) fn perform_in_popup(&mut self, mut popup: Popup, action: FormAction, context: &FormContext<'_>) {
        match popup.perform(action, context) {
            Turn::Stay => self.popup = Some(popup),
            Turn::Close => {}
            Turn::Choose(field, text) => Fields::set(&mut self.fields, field, &text),
        }
    }

    /// Hands listings that grew to an open list; to be called when a page arrives.
    pub fn learn(&mut self, context: &FormContext<'_>) {
        if let Some(Popup::Picker(picker)) = &mut self.popup {
            let names = listed(picker.field(), context).into_iter().flatten();
            picker.learn(names);
        }
    }

    /// The open list of names: while there is one, [`FormAction::Leave`] closes it and does not leave the form.
    pub const fn picker(&self) -> Option<&Picker> {
        match &self.popup {
            Some(Popup::Picker(picker)) => Some(picker),
            Some(Popup::Calendar(_)) | None => None,
        }
    }

    /// Whether the calendar is open: as with [`Form::picker`].
    pub const fn has_calendar(&self) -> bool {
        matches!(self.popup, Some(Popup::Calendar(_)))
    }

    /// Whether a list of names is open.
    pub const fn is_picking(&self) -> bool {
        self.picker().is_some()
    }

    /// Whether an open list's filter has not looked at every name yet.
    pub fn is_sifting(&self) -> bool {
        self.picker().is_some_and(Picker::is_sifting)
    }

    /// Has it look at some more.
    pub fn sift(&mut self) {
        if let Some(Popup::Picker(picker)) = &mut self.popup {
            picker.sift();
        }
    }

    /// Whether an open list takes several names.
    pub fn picks_several(&self) -> bool {
        self.picker().is_some_and(Picker::takes_several)
    }
}

/// The names a list for `field` is of; `None` for fields without one.
fn listed<'a>(field: Field, context: &FormContext<'a>) -> Option<Box<dyn Iterator<Item = Arc<str>> + 'a>> {
    match field {
        Field::Groups => Some(Box::new(context.groups.iter().map(|group| Arc::clone(&group.name)))),
        Field::Bucket => Some(Box::new(context.buckets.iter().map(|bucket| Arc::from(bucket.name.as_str())))),
        Field::From | Field::To | Field::Split | Field::StreamPrefix | Field::Prefix | Field::Name | Field::Label => {
            None
        }
    }
}
