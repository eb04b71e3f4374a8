//! The keys of a text that are no letters, wherever a text is typed.

use crate::tui::effect::Effect;
use crate::tui::entry::{Entry, TakesText};
use crate::tui::form::FormAction;
use crate::tui::keys;
use crate::tui::line::{self, Edit};
use crate::tui::list::Filter;
use crate::tui::model::{Model, Overlay, Screen};

use super::{action, form};

/// What a text is typed into over the screen, if there is anything of the kind.
pub fn over_screen(model: &mut Model) -> Option<&mut dyn TakesText> {
    match &mut model.overlay {
        Some(Overlay::AddLane(form)) => Some(form),
        Some(Overlay::SavePlan(page)) => Some(page),
        Some(Overlay::Sheet(sheet)) => Some(sheet),
        Some(Overlay::Palette(palette)) => Some(palette),
        Some(Overlay::Help(page)) => Some(page),
        Some(Overlay::Download(_)) if model.download.as_ref()?.is_typed() => {
            let download = model.download.as_deref_mut()?;
            Some(download)
        }
        Some(Overlay::Reading(_)) => {
            let prompt = model.reading.as_mut()?.prompt.as_mut()?;
            Some(prompt)
        }
        Some(
            Overlay::Confirm(_)
            | Overlay::Details(..)
            | Overlay::Review(_)
            | Overlay::Change(_)
            | Overlay::Checks(_)
            | Overlay::Messages(_)
            | Overlay::Peek(_)
            | Overlay::Rules(_)
            | Overlay::Creation(_)
            | Overlay::Download(_)
            | Overlay::Landed(_)
            | Overlay::Proof(_),
        )
        | None => None,
    }
}

/// Moves or cuts in the text under the cursor.
pub fn edit(model: &mut Model, edit: Edit) {
    if super::is_covered(model) {
        over_screen(model).and_then(TakesText::field).map(|entry| entry.edit(edit));
    } else if let (Screen::Form, Some(form)) = (model.screen, &mut model.form) {
        form.adjust(edit);
    } else if let Some(Filter::Editing(input)) = keys::filter(model) {
        let mut input = input.clone();
        line::edit(&mut input, edit);
        action::set_filter(model, Filter::Editing(input));
    }
}

/// Takes the last change of the field under the cursor back.
pub fn undo(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        over_screen(model).and_then(TakesText::field).map(Entry::undo);
        return Vec::new();
    }
    form::perform(model, FormAction::Undo)
}

/// Makes it again.
pub fn redo(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        over_screen(model).and_then(TakesText::field).map(Entry::redo);
        return Vec::new();
    }
    form::perform(model, FormAction::Redo)
}
