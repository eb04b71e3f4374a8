//! Answers about places: connections, whose they are, who holds a slot.

use super::lanes;
use crate::domain::place::{Identity, Lane};
use crate::domain::problem::Problem;
use crate::domain::task::Holder;
use crate::tui::effect::Effect;
use crate::tui::list::{List, RequestId, Row};
use crate::tui::model::{Model, Tone};
use crate::tui::msg::Link;
use crate::tui::places::{Ask, Connection, Place, PlaceId, Who, is_of_credentials};

/// The place of which `is` holds.
fn find(model: &Model, is: impl Fn(&Place) -> bool) -> Option<PlaceId> {
    model.places.iter().find(|(_, place)| is(place)).map(|(id, _)| id)
}

/// A connection stands, or cannot be made.
pub fn connected(model: &mut Model, request: RequestId, link: Result<Link, Problem>) {
    let Some(id) = find(model, |place| place.awaits(request)) else { return };
    let Some(place) = model.places.get_mut(id) else { return };
    match place.renewal.take() {
        Some(renewal) => renewed(model, id, renewal.quiet, link),
        None => place.connection = link.map_or_else(Connection::Failed, Connection::Up),
    }
    lanes::arrived(model, id);
}

/// With fresh credentials it is asked anew whose they are; without them everything stays as it is.
fn renewed(model: &mut Model, id: PlaceId, quiet: bool, link: Result<Link, Problem>) {
    match link {
        Ok(link) => {
            if let Some(place) = model.places.get_mut(id) {
                (place.connection, place.ask) = (Connection::Up(link), Ask::Due);
            }
            if !quiet {
                if id == model.places.here_id() {
                    model.groups.reload();
                    model.buckets.forget();
                    model.buckets.list.reload();
                    model.history.reload();
                }
                model.say(Tone::Note, "looked for credentials again");
            }
        }
        Err(problem) if !quiet => {
            let explanation = problem.explain();
            model.say(Tone::Bad, format!("{}: {}", explanation.cause, explanation.remedy));
        }
        Err(_) => {}
    }
}

/// It is known whose a place is: what is queued there can go on.
pub fn identified(model: &mut Model, request: RequestId, identity: Result<Identity, Problem>) -> Vec<Effect> {
    let Some(id) = find(model, |place| place.ask == Ask::Asked(request)) else { return Vec::new() };
    let Some(place) = model.places.get_mut(id) else { return Vec::new() };
    place.ask = Ask::Idle;
    let effects = match identity {
        Ok(identity) if is_another(place, &identity) => {
            place.who = Who::Stranger(identity);
            Vec::new()
        }
        Ok(identity) => {
            let account = identity.account.clone();
            place.who = Who::Known(identity);
            reload_what_lacked_credentials(model, id);
            // Whoever may change nothing drives nothing.
            if model.settings.read_only { Vec::new() } else { vec![Effect::Work(id, account)] }
        }
        Err(problem) => {
            // Whose they were is still known when they expire.
            if !matches!(place.who, Who::Known(_)) {
                place.who = Who::Refused(problem);
            }
            Vec::new()
        }
    };
    drop_twin(model, id);
    lanes::arrived(model, id);
    effects
}

fn is_another(place: &Place, identity: &Identity) -> bool {
    let reached = place.link().map(|link| link.lane(&identity.account));
    matches!((&place.promised, reached), (Some(promised), Some(reached)) if **promised != reached)
}

/// A lane that was there already needs no second place.
fn drop_twin(model: &mut Model, id: PlaceId) {
    let Some(lane) = model.places.get(id).and_then(Place::lane) else { return };
    let is_older = |(other, place): &(PlaceId, &Place)| *other < id && is_of(place, &lane);
    if model.places.iter().find(is_older).is_none() || id == model.places.here_id() {
        return;
    }
    model.places.forget(id);
    if let Some(crate::tui::model::Overlay::AddLane(_)) = model.overlay {
        model.overlay = None;
        model.say(Tone::Note, format!("lane {lane} is there already"));
        crate::tui::lanes::refresh(model);
        model.lanes.seek(|row| row.lane.as_deref() == Some(&lane));
    }
}

fn is_of(place: &Place, lane: &Lane) -> bool {
    place.lane().as_ref() == Some(lane)
}

fn reload_what_lacked_credentials(model: &mut Model, id: PlaceId) {
    if id == model.places.here_id() {
        reload_if_lacking(&mut model.groups.list);
        reload_if_lacking(&mut model.buckets.list);
        reload_if_lacking(&mut model.history.aws);
    }
}

fn reload_if_lacking<T: Row>(list: &mut List<T>) {
    if list.fetch().problem().is_some_and(|problem| is_of_credentials(problem.kind)) {
        list.reload();
    }
}

/// Who holds a slot.
pub fn slot_seen(model: &mut Model, request: RequestId, seen: Result<Option<Holder>, Problem>) {
    let asked = find(model, |place| place.look.asked == Some(request));
    if let Some(place) = asked.and_then(|id| model.places.get_mut(id)) {
        (place.look.asked, place.look.seen) = (None, Some(seen));
    }
}
