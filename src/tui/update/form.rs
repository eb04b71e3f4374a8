//! The export form as a screen: opening it, filling it from a task, and what is shown before anything is queued.

use std::sync::Arc;

use super::action::show;
use crate::domain::names::{LogGroupName, RemoteId};
use crate::domain::place::Lane;
use crate::domain::plan::Plan;
use crate::domain::task::Task;
use crate::tui::effect::Effect;
use crate::tui::form::{Form, FormAction, FormOutcome, took_too_long};
use crate::tui::keys::{self, Action};
use crate::tui::list::RequestId;
use crate::tui::model::{Confirm, Model, Overlay, Screen, Subject, Tone};
use crate::tui::places::Who;
use crate::tui::review::{Draft, Review, Stage};
use crate::tui::save_plan::SavePlan;

/// The draft; an empty one if there is none yet.
pub fn draft(model: &mut Model) -> &mut Form {
    let zone = model.settings.zone;
    model.form.get_or_insert_with(|| Box::new(Form::in_zone(zone)))
}

/// Opens the form with what is marked, or under the cursor.
pub fn open(model: &mut Model) {
    let is_new = model.form.is_none();
    match model.screen {
        Screen::Groups => {
            let mut names: Vec<String> = model.groups.marks.iter().cloned().collect();
            if names.is_empty() {
                names.extend(model.groups.list.current().map(|group| group.name.to_string()));
            }
            if !names.is_empty() {
                draft(model).set_groups(&names);
            }
        }
        Screen::Buckets => {
            if let Some(name) = model.bucket_here() {
                draft(model).set_bucket(&name);
            }
        }
        Screen::Exports | Screen::History | Screen::Lanes | Screen::Form => {}
    }
    show(model, Screen::Form);
    if !is_new {
        draft(model).go_to_missing();
    }
}

/// With the values of the task or plan a key is about. A draft with something typed in it is not replaced without a
/// question.
pub fn run_again(model: &mut Model) -> Vec<Effect> {
    let Some(again) = model.subject() else { return Vec::new() };
    if model.form.as_deref().is_some_and(Form::is_edited) {
        model.overlay = Some(Overlay::Confirm(Confirm::Replace(again)));
        return Vec::new();
    }
    fill(model, &again)
}

/// AWS does not tell everything of a past task; of a task of the queue everything is known, and of a plan all but its log
/// groups.
pub fn fill(model: &mut Model, again: &Subject) -> Vec<Effect> {
    let of_queue = |id: &RemoteId| model.exports.tasks().iter().find(|task| task.remote.as_ref() == Some(id)).cloned();
    match again {
        Subject::Task(id) => {
            if let Some(task) = model.task(*id).cloned() {
                fill_from_task(model, &task);
            }
        }
        Subject::Past(id) => match (of_queue(id), model.past(id).cloned()) {
            (Some(task), _) => fill_from_task(model, &task),
            (None, Some(past)) => {
                draft(model).fill_from(&past);
                show(model, Screen::Form);
            }
            (None, None) => {}
        },
        Subject::Plan(id) => {
            let request = model.new_request();
            model.filling = Some((request, *id));
            return vec![Effect::LoadPlanGroups(request, *id)];
        }
        Subject::Bucket(_) => {}
    }
    Vec::new()
}

fn fill_from_task(model: &mut Model, task: &Task) {
    let plan = model.exports.plan(task.plan).or_else(|| model.history.plan(task.plan)).cloned();
    draft(model).fill_from_task(task, plan.as_deref());
    show(model, Screen::Form);
    if took_too_long(task) {
        model.say(Tone::Note, "it took AWS more than 24 hours: the range is split now, see Split");
    }
}

/// The log groups of the plan that is wanted again are there.
pub fn plan_groups(model: &mut Model, request: RequestId, groups: Result<Vec<LogGroupName>, String>) {
    let Some((_, id)) = model.filling.take_if(|(asked, _)| *asked == request) else { return };
    match (groups, model.exports.plan(id).cloned()) {
        (Ok(groups), Some(plan)) => {
            draft(model).fill_from_plan(&plan, &groups);
            show(model, Screen::Form);
        }
        (Ok(_), None) => model.say(Tone::Note, "that plan is gone"),
        (Err(why), _) => model.say(Tone::Bad, why),
    }
}

/// A key of the form's.
pub fn perform(model: &mut Model, action: FormAction) -> Vec<Effect> {
    let (form, context) = model.form_parts();
    let outcome = form.as_mut().map_or(FormOutcome::Leave, |form| form.perform(action, &context));
    match outcome {
        FormOutcome::Stay => Vec::new(),
        FormOutcome::Refuse(why) => {
            model.say(Tone::Note, why);
            Vec::new()
        }
        FormOutcome::Leave => {
            show(model, model.before_form);
            Vec::new()
        }
        FormOutcome::Blocked => {
            let blocked = model.blocked().map(|item| item.finding.check.word());
            if let Some(check) = blocked {
                let key = keys::name_in_form(Action::OpenChecks);
                model.say(Tone::Note, format!("blocked by {check}: {key} shows why and what to do"));
            }
            Vec::new()
        }
        FormOutcome::Submit(plan) => review(model, plan),
        FormOutcome::Save(plan) => {
            model.overlay = Some(Overlay::SavePlan(SavePlan::new(&plan)));
            Vec::new()
        }
    }
}

/// Asks whether to launch what a check blocks; the second time the checks block again.
pub fn ask_unchecked(model: &mut Model) {
    if model.is_unchecked() {
        draft(model).set_unchecked(false);
    } else {
        model.overlay = Some(Overlay::Confirm(Confirm::Unchecked));
    }
}

/// The plan is worked out and shown; nothing is queued yet.
fn review(model: &mut Model, plan: Plan) -> Vec<Effect> {
    match lane_now(model) {
        Ok(lane) => {
            let (lane, request) = (Arc::new(lane), model.new_request());
            let stage = Stage::Expanding(request);
            model.overlay =
                Some(Overlay::Review(Review { lane: Arc::clone(&lane), plan: plan.clone(), stage, top: 0 }));
            vec![Effect::Expand(request, lane, plan)]
        }
        Err(reason) => {
            model.say(Tone::Warning, reason);
            Vec::new()
        }
    }
}

/// Its tasks are there, or it makes none.
pub fn expanded(model: &mut Model, request: RequestId, draft: Result<Arc<Draft>, String>) {
    let Some(Overlay::Review(review)) = &mut model.overlay else { return };
    if review.stage != Stage::Expanding(request) {
        return;
    }
    match draft {
        Ok(draft) => review.stage = Stage::Ready(draft),
        Err(why) => {
            model.overlay = None;
            model.say(Tone::Bad, format!("this plan makes no tasks: {why}"));
        }
    }
}

/// What was shown is queued.
pub fn enqueue(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Review(review)) = &model.overlay else { return Vec::new() };
    let Some(ready) = review.draft().cloned() else { return Vec::new() };
    let request = model.new_request();
    model.submitting = Some(request);
    draft(model).sent();
    show(model, Screen::Exports);
    vec![Effect::Submit(request, ready)]
}

/// The lane that tasks are queued in, or why none can be queued just now.
fn lane_now(model: &Model) -> Result<Lane, &'static str> {
    if model.submitting.is_some() {
        return Err("the last export is still being queued: try again in a moment");
    }
    match (model.link(), &model.places.here().who) {
        (None, _) => Err("not connected yet: nothing typed is lost, try again when it is"),
        (Some(_), Who::Unknown) => {
            Err("not known yet whose account this is: nothing typed is lost, try again in a moment")
        }
        (Some(_), Who::Refused(_)) => {
            Err("AWS does not tell whose account this is (sts:GetCallerIdentity): press R to ask again")
        }
        (Some(_), Who::Stranger(_)) => Err("this profile leads to another account now: choose a lane on 5"),
        (Some(link), Who::Known(identity)) => Ok(link.lane(&identity.account)),
    }
}
