//! Saving what stands in the form as a plan file.

use std::sync::Arc;

use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Overlay, Tone};
use crate::tui::save_plan::{NotSaved, Stage};

/// Has the file written under the path that was typed.
pub fn save(model: &mut Model, overwrite: bool) -> Vec<Effect> {
    let request = model.new_request();
    let Some(Overlay::SavePlan(page)) = &mut model.overlay else { return Vec::new() };
    if page.path().value().trim().is_empty() || matches!(page.stage, Stage::Asked(_)) {
        return Vec::new();
    }
    page.stage = Stage::Asked(request);
    vec![Effect::SavePlan(request, Arc::new(page.file(overwrite)))]
}

/// It is written, or not. Whoever has closed the question meanwhile is told all the same.
pub fn saved(model: &mut Model, request: RequestId, saved: Result<(), NotSaved>) {
    let page = match &mut model.overlay {
        Some(Overlay::SavePlan(page)) if page.stage == Stage::Asked(request) => Some(page),
        _ => None,
    };
    match (saved, page) {
        (Ok(()), page) => {
            let path = page.map(|page| page.path().value().trim().to_owned());
            if let Some(path) = path {
                model.overlay = None;
                model.say(Tone::Good, format!("saved: logferry export {path}"));
            } else {
                model.say(Tone::Good, "the plan file is saved");
            }
        }
        (Err(why), Some(page)) => page.stage = Stage::Refused(page.path().value().to_owned(), why),
        (Err(NotSaved::InTheWay), None) => {
            model.say(Tone::Bad, "the plan file is not saved: there is one of that name");
        }
        (Err(NotSaved::Failed(why)), None) => model.say(Tone::Bad, format!("the plan file is not saved: {why}")),
    }
}
