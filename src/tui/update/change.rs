//! Changes of buckets: worked out, shown, applied, undone. Nothing is written that was not on the screen.

use std::sync::Arc;

use crate::domain::layout::Destination;
use crate::domain::names::{BucketName, LogGroupName};
use crate::domain::store::Store;
use crate::export::remedy::{Applied, Change};
use crate::tui::change::{ChangePage, Refusal, Stage, Wish};
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Overlay, Screen, Tone};

/// Shows what the policy of the bucket a key is about lacks, in the form for what stands there.
pub fn ask_grant(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Form {
        let wanted = model.checks.destination();
        return wanted.map(|(to, groups)| grant(model, to, groups)).unwrap_or_default();
    }
    let bucket = model.bucket_here().map(|name| BucketName::parse(&name));
    match bucket {
        Some(Ok(bucket)) => grant(model, Destination { store: Store::Bucket(bucket), prefix: None }, Vec::new()),
        Some(Err(error)) => {
            model.say(Tone::Note, format!("no export can go there: {error}"));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Shows what the policy of a destination lacks for exports of these log groups, or of any.
fn grant(model: &mut Model, to: Destination, groups: Vec<LogGroupName>) -> Vec<Effect> {
    let back = model.overlay.take().map(Box::new);
    propose(model, Wish::Grant(to, groups), back)
}

/// Shows what would undo the change that was made.
pub fn ask_undo(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Change(page)) = model.overlay.take() else { return Vec::new() };
    let wish = match page.stage.change() {
        Some(change) => Wish::Undo(change.bucket().clone(), change.setting()),
        None => page.wish,
    };
    propose(model, wish, page.back)
}

/// Works the change of the page out anew.
pub fn look_again(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Change(page)) = model.overlay.take() else { return Vec::new() };
    propose(model, page.wish, page.back)
}

/// Opens the page of a change that is being worked out; what was over the screen comes `back` when it is closed.
pub fn propose(model: &mut Model, wish: Wish, back: Option<Box<Overlay>>) -> Vec<Effect> {
    let Some(lane) = model.places.here().lane() else {
        model.overlay = back.map(|back| *back);
        model.say(Tone::Warning, "not known whose account this is: nothing can be changed");
        return Vec::new();
    };
    let request = model.new_request();
    let (stage, of) = (Stage::Asked(request), wish.clone());
    model.overlay = Some(Overlay::Change(ChangePage { lane: lane.clone(), wish, stage, top: 0, back }));
    vec![Effect::Propose { request, place: model.places.here_id(), lane, wish: of }]
}

/// Writes what is shown.
pub fn apply(model: &mut Model) -> Vec<Effect> {
    let request = model.new_request();
    let place = model.places.here_id();
    let Some(Overlay::Change(page)) = &mut model.overlay else { return Vec::new() };
    let Stage::Ready(change) = &page.stage else { return Vec::new() };
    let (lane, change) = (page.lane.clone(), Arc::clone(change));
    (page.stage, page.top) = (Stage::Writing(request, Arc::clone(&change)), 0);
    model.writing.insert(request);
    vec![Effect::Apply { request, place, lane, change }]
}

/// A change was worked out, or there is none, or it cannot be made.
pub fn proposed(model: &mut Model, request: RequestId, answer: Result<Option<Arc<Change>>, Refusal>) {
    let Some(Overlay::Change(page)) = &mut model.overlay else { return };
    if page.stage == Stage::Asked(request) {
        page.stage = match answer {
            Ok(Some(change)) => Stage::Ready(change),
            Ok(None) => Stage::Nothing,
            Err(refusal) => Stage::Refused(refusal),
        };
    }
}

/// A change was written, or not. Whoever has closed its page is told by a message.
pub fn applied(model: &mut Model, request: RequestId, change: Arc<Change>, answer: Result<Applied, Refusal>) {
    model.writing.remove(&request);
    // Also after a failure: it may have been written all the same.
    model.buckets.renew(change.bucket().as_str());
    model.checks.refresh(model.now);
    let page = match &mut model.overlay {
        Some(Overlay::Change(page)) if matches!(page.stage, Stage::Writing(asked, _) if asked == request) => Some(page),
        Some(_) | None => None,
    };
    match (page, answer) {
        (Some(page), Ok(applied)) => {
            page.stage = Stage::Applied(change, applied.copy);
            // The form it came from has served.
            page.back = page.back.take().and_then(|back| match *back {
                Overlay::Sheet(sheet) => sheet.back,
                other => Some(Box::new(other)),
            });
        }
        (Some(page), Err(refusal)) => page.stage = Stage::Refused(refusal),
        (None, Ok(_)) => model.say(Tone::Good, format!("done: {}", change.title())),
        (None, Err(refusal)) => {
            model.say(Tone::Bad, format!("{}: {}; {}", change.title(), refusal.why, refusal.remedy));
        }
    }
}
