//! What goes on by itself in every place: learning whose it is, credentials that may work again, lanes that the ledger
//! holds work for, slots that are looked at. Judged from the model alone; `update` calls it after every message.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::place::Lane;
use crate::domain::time::Timestamp;
use crate::tui::effect::Effect;
use crate::tui::exports::Slot;
use crate::tui::model::{Model, Screen};
use crate::tui::places::{Ask, Connection, Place, PlaceId, Renewal, Wanted, Who};

/// Between two tries with credentials that did not work: soon enough for whoever has just run `aws sso login`.
const AGAIN: Duration = Duration::from_secs(10);

/// Between two looks at a slot. AWS allows 5 DescribeExportTasks a second per account and Region, and a look may take
/// three of them.
const LOOK: Duration = Duration::from_secs(5);

/// Everything that is due and not asked for yet.
pub fn due(model: &mut Model) -> Vec<Effect> {
    let mut effects = stored(model);
    for id in model.places.iter().map(|(id, _)| id).collect::<Vec<_>>() {
        effects.extend(identity(model, id));
        effects.extend(renewal(model, id));
        effects.extend(look(model, id));
    }
    effects
}

fn identity(model: &mut Model, id: PlaceId) -> Option<Effect> {
    let place = model.places.get(id)?;
    if place.link().is_none() || place.ask != Ask::Due {
        return None;
    }
    let request = model.new_request();
    model.places.get_mut(id)?.ask = Ask::Asked(request);
    Some(Effect::Identify(id, request))
}

/// Work waits for credentials, or it is not known whose they are: they are read anew every now and then.
fn renewal(model: &mut Model, id: PlaceId) -> Option<Effect> {
    let now = model.now;
    let place = model.places.get(id)?;
    let wanting = place.may_recover() || place.lane().is_some_and(|lane| model.is_starved(&lane));
    let idle = place.renewal.is_none() && place.ask == Ask::Idle;
    let place = model.places.get_mut(id)?;
    if !wanting || !idle {
        place.again_at = None;
        return None;
    }
    if now < *place.again_at.get_or_insert(now.after(AGAIN)) {
        return None;
    }
    place.again_at = None;
    Some(renew(model, id, true))
}

/// Reads the configuration of a place anew.
pub fn renew(model: &mut Model, id: PlaceId, quiet: bool) -> Effect {
    let request = model.new_request();
    let wanted = model.places.get_mut(id).map(|place| {
        place.renewal = Some(Renewal { request, quiet });
        place.wanted.clone()
    });
    Effect::Connect(id, wanted.unwrap_or_default(), request)
}

/// Connects a new place.
pub fn connect(model: &mut Model, wanted: Wanted, promised: Option<Arc<Lane>>) -> (PlaceId, Effect) {
    let request = model.new_request();
    let id = model.places.add(Place::new(wanted.clone(), promised, request));
    (id, Effect::Connect(id, wanted, request))
}

/// Connects to a lane of the ledger as it was connected to before.
pub fn connect_to(model: &mut Model, lane: &Arc<Lane>) -> (PlaceId, Effect) {
    let profile = model.exports.lane(lane).and_then(|record| record.profile.clone());
    let wanted = Wanted { profile, region: Some(lane.region.to_string()), endpoint_url: lane.endpoint.clone() };
    connect(model, wanted, Some(Arc::clone(lane)))
}

/// Lanes that hold work are connected by themselves, once it is known which one the program was started for.
fn stored(model: &mut Model) -> Vec<Effect> {
    if !model.places.iter().next().is_some_and(|(_, first)| first.is_settled()) {
        return Vec::new();
    }
    let open = |lane: &Lane| model.exports.load(lane).is_some_and(|load| load.queued + load.active > 0);
    let lanes = model.exports.lanes().iter().map(|record| &record.lane);
    let lanes: Vec<Arc<Lane>> =
        lanes.filter(|lane| open(lane) && model.places.of_lane(lane).is_none()).cloned().collect();
    lanes.iter().map(|lane| connect_to(model, lane).1).collect()
}

/// The slot of a lane whose tasks do not tell who has it, while somebody looks at the lanes.
fn look(model: &mut Model, id: PlaceId) -> Option<Effect> {
    let now = model.now;
    if model.screen != Screen::Lanes || !is_looked_at(model, model.places.get(id)?) {
        return None;
    }
    let look = &model.places.get(id)?.look;
    if look.asked.is_some() || look.at.is_some_and(|at| now < at.after(LOOK)) {
        return None;
    }
    let request = model.new_request();
    let look = &mut model.places.get_mut(id)?.look;
    (look.asked, look.at) = (Some(request), Some(now));
    Some(Effect::LookAtSlot(id, request))
}

fn is_looked_at(model: &Model, place: &Place) -> bool {
    let (Connection::Up(_), Who::Known(_)) = (&place.connection, &place.who) else { return false };
    let told = place.lane().and_then(|lane| model.exports.load(&lane).map(|load| &load.slot));
    matches!(told, None | Some(Slot::Untold))
}

/// When a slot is to be looked at next.
pub fn next_look(model: &Model) -> Option<Timestamp> {
    if model.screen != Screen::Lanes {
        return None;
    }
    let looked_at = model.places.iter().filter(|(_, place)| place.look.asked.is_none() && is_looked_at(model, place));
    looked_at.filter_map(|(_, place)| place.look.at.map(|at| at.after(LOOK))).min()
}
