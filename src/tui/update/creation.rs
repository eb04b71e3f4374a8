//! A bucket is created: a form, a page that tells exactly what will be created, and its steps as they get done.

use crate::domain::inventory::Bucket;
use crate::domain::names::BucketName;
use crate::export::remedy::{Created, NewBucket, Outcome, Step};
use crate::tui::change::Refusal;
use crate::tui::creation::{Creation, Stage};
use crate::tui::effect::Effect;
use crate::tui::list::{Filter, RequestId};
use crate::tui::model::{Model, Overlay, Screen, Tone};
use crate::tui::sheet::Sheet;

/// Opens the form for a new bucket, called as the export form has it if it is asked for from there.
pub fn open(model: &mut Model) {
    let form = model.form.as_deref().filter(|_| model.screen == Screen::Form);
    let name = form.map(|form| form.bucket().to_owned()).unwrap_or_default();
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Sheet(Sheet::bucket(&name, back)));
}

/// Shows what the form asks for.
pub fn show(model: &mut Model, new: NewBucket, sheet: Sheet) {
    match model.places.here().lane() {
        Some(lane) => model.overlay = Some(Overlay::Creation(Box::new(Creation::new(lane, new, sheet)))),
        None => model.say(Tone::Warning, "not known whose account this is: nothing can be created"),
    }
}

/// Its page is closed: back to the form as long as nothing was begun.
pub fn closed(model: &mut Model, page: Box<Creation>) {
    model.overlay = match page.stage {
        Stage::Shown | Stage::Refused(_) => Some(Overlay::Sheet(page.sheet)),
        Stage::Making(..) | Stage::Made(_) => page.sheet.back.map(|back| *back),
    };
}

/// Creates what is shown, or goes on with it.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let (request, place) = (model.new_request(), model.places.here_id());
    let Some(Overlay::Creation(page)) = &mut model.overlay else { return Vec::new() };
    (page.stage, page.top) = (Stage::Making(request, Vec::new()), 0);
    let (lane, new) = (page.lane.clone(), Box::new(page.new.clone()));
    model.writing.insert(request);
    vec![Effect::CreateBucket { request, place, lane, new }]
}

/// The page of what is being created under `request`, if it is open.
fn page(model: &mut Model, request: RequestId) -> Option<&mut Creation> {
    match &mut model.overlay {
        Some(Overlay::Creation(page)) if matches!(page.stage, Stage::Making(asked, _) if asked == request) => {
            Some(page)
        }
        Some(_) | None => None,
    }
}

/// A step was taken.
pub fn stepped(model: &mut Model, request: RequestId, step: Step, outcome: Outcome) {
    if let Some(Creation { stage: Stage::Making(_, steps), .. }) = page(model, request) {
        steps.push((step, outcome));
    }
}

/// That was all of it. Whoever has closed its page is told by a message.
pub fn ended(model: &mut Model, request: RequestId, name: &BucketName, answer: Result<Created, Refusal>) {
    model.writing.remove(&request);
    if let Ok(created) = &answer {
        find(model, created);
    }
    let failed = answer.as_ref().ok().and_then(Created::failure).map(ToString::to_string);
    match (page(model, request), answer) {
        (Some(page), Ok(created)) => page.stage = Stage::Made(created),
        (Some(page), Err(refusal)) => page.stage = Stage::Refused(refusal),
        (None, Ok(_)) => match failed {
            None => model.say(Tone::Good, format!("created {name}")),
            Some(why) => model.say(Tone::Bad, format!("{name} is there, and not finished: {why}")),
        },
        (None, Err(Refusal { why, remedy, .. })) => {
            model.say(Tone::Bad, format!("{name} was not created: {why}; {remedy}"));
        }
    }
}

/// The bucket is there: it comes into the list and under the cursor, and whatever was said of its name is old.
fn find(model: &mut Model, created: &Created) {
    let (name, region) = (created.bucket.to_string(), Some(created.region.clone()));
    model.buckets.renew(&name);
    model.buckets.list.set_filter(Filter::Off);
    model.buckets.list.reload_for(Bucket { name, created: None, region });
    model.checks.refresh(model.now);
}
