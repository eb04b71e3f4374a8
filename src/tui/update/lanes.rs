//! What a person does on the screen of lanes: looking at another one, adding one, connecting again.

use super::action::show;
use crate::tui::add_lane::{AddLane, Field, Stage};
use crate::tui::effect::Effect;
use crate::tui::entry::Entry;
use crate::tui::model::{Model, Overlay, Screen, Tone};
use crate::tui::places::{Ask, Connection, Place, PlaceId, Who};
use crate::tui::watch;

/// The lane under the cursor is looked at from now on; one that is not connected is connected first.
pub fn browse(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.lanes.current().cloned() else { return Vec::new() };
    let mut effects = Vec::new();
    let place = match (row.place, row.lane) {
        (Some(place), _) => place,
        (None, Some(lane)) => {
            let (place, connecting) = watch::connect_to(model, &lane);
            effects.push(connecting);
            place
        }
        (None, None) => return effects,
    };
    if place != model.places.here_id() {
        model.browse(place);
    }
    show(model, Screen::Groups);
    effects
}

/// Asks where another lane is; most likely only the Region is another.
pub fn ask(model: &mut Model) {
    let profile = model.places.here().wanted.profile.clone();
    let at = if profile.is_some() { Field::Region } else { Field::Profile };
    let form = AddLane { profile: Entry::new(profile.unwrap_or_default()), at, ..AddLane::default() };
    model.overlay = Some(Overlay::AddLane(form));
}

/// Changes what is typed; what came of the last try is not about it any more.
pub fn edit(model: &mut Model, change: impl FnOnce(&mut AddLane)) {
    if let Some(Overlay::AddLane(form)) = &mut model.overlay {
        change(form);
    }
}

/// Connects to what was typed.
pub fn connect(model: &mut Model) -> Vec<Effect> {
    let endpoint = model.settings.endpoint_url.clone();
    let Some(Overlay::AddLane(form)) = &model.overlay else { return Vec::new() };
    if let Stage::Asked(_) = form.stage {
        return Vec::new();
    }
    let (place, connecting) = watch::connect(model, form.wanted(endpoint), None);
    edit(model, |form| form.stage = Stage::Asked(place));
    vec![connecting]
}

/// The question is gone. A place that does not work goes too; one that is still being connected comes when it does.
pub fn closed(model: &mut Model, form: &AddLane) {
    if let Stage::Asked(id) = form.stage
        && model.places.get(id).is_some_and(|place| place.problem().is_some())
    {
        model.places.forget(id);
    }
}

/// What came of a place that is being added: it works, or why not.
pub fn arrived(model: &mut Model, id: PlaceId) {
    let problem = model.places.get(id).and_then(Place::problem).cloned();
    let added = model.places.get(id).and_then(Place::lane);
    let Some(Overlay::AddLane(form)) = &mut model.overlay else { return };
    if form.stage != Stage::Asked(id) {
        return;
    }
    match (problem, added) {
        (Some(problem), _) => {
            form.stage = Stage::Failed(problem);
            model.places.forget(id);
        }
        (None, Some(lane)) => {
            model.overlay = None;
            model.say(Tone::Good, format!("lane {lane} is connected: Enter works there"));
            crate::tui::lanes::refresh(model);
            model.lanes.seek(|row| row.lane.as_deref() == Some(&lane));
        }
        (None, None) => {}
    }
}

/// Connects again what the cursor is on, or asks again whose it is.
pub fn reload(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.lanes.current().cloned() else { return Vec::new() };
    let effect = match (row.place, row.lane) {
        (Some(place), _) => reconnect(model, place),
        (None, Some(lane)) => Some(watch::connect_to(model, &lane).1),
        (None, None) => None,
    };
    effect.into_iter().collect()
}

/// Connects a place anew, unless that is under way.
pub fn reconnect(model: &mut Model, id: PlaceId) -> Option<Effect> {
    match model.places.get(id)?.connection {
        Connection::Connecting(_) => return None,
        Connection::Up(_) if model.places.get(id)?.renewal.is_some() => return None,
        Connection::Up(_) => return Some(watch::renew(model, id, false)),
        Connection::Failed(_) => {}
    }
    let request = model.new_request();
    let place = model.places.get_mut(id)?;
    place.connection = Connection::Connecting(request);
    (place.who, place.ask) = (Who::Unknown, Ask::Due);
    Some(Effect::Connect(id, place.wanted.clone(), request))
}
