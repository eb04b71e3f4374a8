//! `update`: what happened becomes a new model and a list of effects. Pure and synchronous: no call, no clock.

mod action;
mod change;
mod copy;
mod creation;
mod download;
mod form;
mod landed;
mod lanes;
mod marks;
mod mouse;
mod peek;
mod place;
mod proof;
mod queue;
mod reading;
mod reply;
mod rules;
mod save_plan;
mod snapshot;
mod sort;
mod transition;
mod typing;

#[cfg(test)]
mod bucket_tests;
#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod checks_tests;
#[cfg(test)]
mod creation_tests;
#[cfg(test)]
mod download_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod freeze_tests;
#[cfg(test)]
mod group_tests;
#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod landed_tests;
#[cfg(test)]
mod leaving_tests;
#[cfg(test)]
mod marks_tests;
#[cfg(test)]
mod message_tests;
#[cfg(test)]
mod mouse_tests;
#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod queue_tests;
#[cfg(test)]
mod read_only_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod rules_tests;
#[cfg(test)]
mod sort_tests;
#[cfg(test)]
mod tests;

use crossterm::event::KeyEvent;

use crate::tui::effect::Effect;
use crate::tui::keys::{self, Action, Key};
use crate::tui::line::{insert, type_key, without_controls};
use crate::tui::list::Filter;
use crate::tui::model::{Life, Model, NOTE_STANDS, Overlay, Screen, Tone};
use crate::tui::msg::Msg;
use crate::tui::{checks, lanes as lane_rows, loads, since, watch};

/// Takes a happening in.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    if model.note_ends().is_some_and(|end| model.now >= end) {
        model.note = None;
    }
    let mut effects = match msg {
        Msg::Key(event) => key(model, event),
        Msg::Mouse(event) => mouse::take(model, event),
        Msg::Paste(text) => paste(model, &text),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Tick => Vec::new(),
        Msg::Sift => {
            model.groups.list.sift();
            model.buckets.list.sift();
            if let Some(landed) = &mut model.landed {
                landed.list.sift();
            }
            if model.screen == Screen::History {
                model.history.catch_up();
            }
            if let Some(form) = &mut model.form {
                form.sift();
            }
            Vec::new()
        }
        Msg::Reply(request, reply) => reply::take(model, request, reply),
        Msg::Snapshot(snapshot) => snapshot::take(model, snapshot),
        Msg::Transition(transition) => {
            transition::take(model, &transition);
            Vec::new()
        }
        Msg::Stop => action::leave(model),
    };
    if model.life == Life::Waiting && !model.leaves_work() {
        effects.extend(action::leave(model));
    }
    effects.extend(watch::due(model));
    effects.extend(loads::due(model));
    effects.extend(checks::due(model));
    effects.extend(since::due(model));
    effects.extend(peek::due(model));
    effects.extend(landed::due(model));
    effects.extend(reading::due(model));
    if model.screen == Screen::Lanes {
        lane_rows::refresh(model);
    }
    effects
}

fn key(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    // News of tasks wait for a person, who has read them by the first key after this long.
    if model.note.as_ref().is_some_and(|note| model.now >= note.at.after(NOTE_STANDS)) {
        model.note = None;
    }
    let Some(binding) = keys::find(model, Key::of(event)) else {
        typed(model, event);
        return Vec::new();
    };
    if !follows_the_filter(binding.action) {
        model.groups.list.settle();
        model.buckets.list.settle();
        if let Some(landed) = &mut model.landed {
            landed.list.settle();
        }
        if model.screen == Screen::History {
            model.history.catch_up();
        }
    }
    match binding.verdict(model) {
        Ok(()) => action::perform(model, binding.action),
        Err(reason) => {
            model.say(Tone::Note, reason);
            Vec::new()
        }
    }
}

/// Whether it makes no difference to an action that more rows may pass the filter than were found so far.
const fn follows_the_filter(action: Action) -> bool {
    matches!(action, Action::Move(_) | Action::EditFilter | Action::KeepFilter | Action::DropFilter)
}

/// A key that is bound to nothing goes to the text under the cursor, if there is any.
fn typed(model: &mut Model, event: KeyEvent) {
    if let Some(text) = typing::over_screen(model) {
        text.edit(event);
    }
    if is_covered(model) || model.life == Life::Finishing {
        return;
    }
    if model.screen == Screen::Form && model.overlay.is_none() {
        if let Some(form) = &mut model.form {
            form.edit(event);
        }
    } else if let Some(Filter::Editing(input)) = keys::filter(model) {
        let mut input = input.clone();
        type_key(&mut input, event);
        action::set_filter(model, Filter::Editing(input));
    }
}

/// Whether something lies over the screen that has no filter of its own.
const fn is_covered(model: &Model) -> bool {
    !matches!(model.overlay, None | Some(Overlay::Landed(_)))
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(over) = typing::over_screen(model) {
        over.paste(text);
    }
    if is_covered(model) {
        return Vec::new();
    }
    if model.screen == Screen::Form && model.overlay.is_none() {
        if let Some(form) = &mut model.form {
            form.paste(text);
        }
    } else if let Some(Filter::Editing(input)) = keys::filter(model) {
        let mut input = input.clone();
        insert(&mut input, &without_controls(text));
        action::set_filter(model, Filter::Editing(input));
    }
    Vec::new()
}

/// Where the page over the screen begins, to be scrolled.
fn scroll_of(overlay: &mut Overlay) -> Option<&mut usize> {
    match overlay {
        Overlay::Help(page) => Some(&mut page.top),
        Overlay::Details(_, scroll) | Overlay::Checks(scroll) | Overlay::Messages(scroll) => Some(scroll),
        Overlay::Review(review) => Some(&mut review.top),
        Overlay::Change(page) => Some(&mut page.top),
        Overlay::Creation(page) => Some(&mut page.top),
        Overlay::Proof(page) => Some(&mut page.top),
        Overlay::Peek(page) => Some(&mut page.top),
        Overlay::Download(page) => Some(&mut page.top),
        // Rules, objects and the palette have a cursor of their own.
        Overlay::Palette(_)
        | Overlay::Confirm(_)
        | Overlay::AddLane(_)
        | Overlay::SavePlan(_)
        | Overlay::Landed(_)
        | Overlay::Reading(_)
        | Overlay::Rules(_)
        | Overlay::Sheet(_) => None,
    }
}
