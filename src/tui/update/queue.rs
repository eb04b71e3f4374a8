//! What a person does to the queue: looking into it, folding, cancelling, pausing, trying again, moving.

use std::sync::Arc;

use crate::domain::names::{PlanId, TaskId};
use crate::ledger::Shift;
use crate::tui::effect::{Change, Effect};
use crate::tui::exports::ExportRow;
use crate::tui::model::{Confirm, Model, Overlay, Screen, Subject, Tone};

/// A task's details; a plan's tasks, shown or hidden.
pub fn open(model: &mut Model) {
    match (model.screen, model.exports.list().current()) {
        (Screen::Exports, Some(ExportRow::Plan(row))) => {
            let folded = row.folded;
            fold(model, !folded);
        }
        _ => model.overlay = model.subject().map(|subject| Overlay::Details(subject, 0)),
    }
}

/// The details of the plan a key is about.
pub fn open_plan(model: &mut Model) {
    let plan = model.plan_here().map(|plan| plan.id);
    model.overlay = plan.map(|plan| Overlay::Details(Subject::Plan(plan), 0));
}

/// Hides or shows the tasks of the plan under the cursor; of a task, its plan's.
pub fn fold(model: &mut Model, folded: bool) {
    if let Some(plan) = model.plan_here().map(|plan| plan.id) {
        model.exports.fold(plan, folded);
    }
}

/// Asks whether to cancel the task.
pub fn ask_cancel(model: &mut Model) {
    model.overlay = model.task_here().map(|task| Overlay::Confirm(Confirm::Cancel(task.id)));
}

/// Asks whether to cancel the plan.
pub fn ask_cancel_plan(model: &mut Model) {
    model.overlay = model.plan_here().map(|plan| Overlay::Confirm(Confirm::CancelPlan(plan.id)));
}

fn change(model: &mut Model, change: Change) -> Vec<Effect> {
    vec![Effect::Change(model.new_request(), change)]
}

/// Cancels a task.
pub fn cancel(model: &mut Model, id: TaskId) -> Vec<Effect> {
    change(model, Change::Cancel(id))
}

/// Cancels everything of a plan.
pub fn cancel_plan(model: &mut Model, plan: PlanId) -> Vec<Effect> {
    change(model, Change::CancelPlan(plan))
}

/// Queues the task once more.
pub fn retry(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.task_here().map(|task| task.id) else { return Vec::new() };
    change(model, Change::Retry(id))
}

/// Queues these once more, whoever has their windows.
pub fn retry_twice(model: &mut Model, ids: Vec<TaskId>) -> Vec<Effect> {
    change(model, Change::RetryTwice(ids))
}

/// Queues all that failed of the plan once more.
pub fn retry_failed(model: &mut Model) -> Vec<Effect> {
    let Some(plan) = model.plan_here().map(|plan| plan.id) else { return Vec::new() };
    change(model, Change::RetryFailed(plan))
}

/// Holds the plan, or lets it go on, whatever held it.
pub fn pause_plan(model: &mut Model) -> Vec<Effect> {
    let Some((plan, held)) = model.plan_here().map(|plan| (plan.id, plan.pause.is_none())) else { return Vec::new() };
    let said = if held {
        "the plan is paused: what AWS has goes on, nothing more of it is launched; p lets it go on"
    } else {
        "the plan goes on"
    };
    model.say(Tone::Note, said);
    change(model, Change::PausePlan(plan, held))
}

/// Holds the lane, or lets it go on.
pub fn pause_lane(model: &mut Model) -> Vec<Effect> {
    let Some(lane) = model.lane_here() else { return Vec::new() };
    let held = !model.exports.lane(&lane).is_some_and(|record| record.paused);
    let said = if held {
        format!("lane {lane} is paused: what AWS has goes on, nothing more is launched; P lets it go on")
    } else {
        format!("lane {lane} goes on")
    };
    model.say(Tone::Note, said);
    change(model, Change::PauseLane(Arc::clone(&lane), held))
}

/// Moves the task, or the plan, within its lane.
pub fn shift(model: &mut Model, shift: Shift) -> Vec<Effect> {
    match model.subject() {
        Some(Subject::Task(id)) => change(model, Change::Shift(id, shift)),
        Some(Subject::Plan(plan)) => change(model, Change::ShiftPlan(plan, shift)),
        Some(Subject::Past(_) | Subject::Bucket(_)) | None => Vec::new(),
    }
}
