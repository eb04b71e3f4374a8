//! Answers: each is taken in by the question it belongs to, or dropped if nobody waits for it any more.

use std::sync::Arc;

use super::{change, creation, form, place};
use crate::aws::NamedGroup;
use crate::domain::inventory::{Bucket, Page, RemoteTask};
use crate::domain::problem::Problem;
use crate::domain::task::Task;
use crate::tui::cells::counted;
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::loads::PAUSE;
use crate::tui::model::{Checkup, Detail, Model, Tone};
use crate::tui::msg::{BucketDetails, Queued, Reply};

/// Takes an answer in.
pub fn take(model: &mut Model, request: RequestId, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Connected(link) => place::connected(model, request, link),
        Reply::Identity(identity) => return place::identified(model, request, identity),
        Reply::Slot(seen) => place::slot_seen(model, request, seen),
        Reply::Groups(page) => groups(model, request, page),
        Reply::GroupDetails(answer) => {
            if model.groups.learn(request, answer) {
                model.groups.sight.settles_at = Some(model.now.after(PAUSE));
            }
        }
        Reply::Buckets(page) => buckets(model, request, page),
        Reply::BucketDetails(details) => bucket_details(model, request, details),
        Reply::BucketChecked(bucket, report) => {
            if model.buckets.checkups.get(&bucket) == Some(&Checkup::Asked(request)) {
                model.buckets.checkups.insert(bucket, Checkup::Done(report));
            }
        }
        Reply::Proposed(answer) => change::proposed(model, request, answer),
        Reply::Applied(change, answer) => change::applied(model, request, change, answer),
        Reply::BucketStep(step, outcome) => creation::stepped(model, request, step, outcome),
        Reply::BucketCreated(name, answer) => creation::ended(model, request, &name, answer),
        Reply::History(page) => history(model, request, page),
        Reply::Task(task) => whole_task(model, request, task),
        Reply::Expanded(draft) => form::expanded(model, request, draft),
        Reply::Checklist(list) => model.checks.learn(request, list),
        Reply::Since(answer) => model.since.learn(request, answer),
        Reply::Submitted(queued) => {
            if model.submitting == Some(request) {
                model.submitting = None;
                submitted(model, queued);
            }
        }
        Reply::Changed(changed) => told(model, changed),
    }
    Vec::new()
}

fn told(model: &mut Model, changed: Result<Option<usize>, String>) {
    match changed {
        Ok(None) => {}
        Ok(Some(0)) => model.say(Tone::Note, "nothing had to be changed"),
        Ok(Some(tasks)) => model.say(Tone::Note, format!("{} changed", counted(tasks, "task"))),
        Err(why) => model.say(Tone::Bad, why),
    }
}

fn whole_task(model: &mut Model, request: RequestId, task: Result<Option<Task>, String>) {
    let Some(whole) = model.whole.as_mut().filter(|whole| whole.asked == Some(request)) else { return };
    whole.asked = None;
    match task {
        Ok(task) => whole.task = task.map(Arc::new),
        Err(why) => model.say(Tone::Bad, why),
    }
}

fn submitted(model: &mut Model, queued: Result<Queued, String>) {
    match queued {
        Ok(Queued { tasks, first }) => {
            model.groups.marks.clear();
            model.look_for = Some(first);
            model.say(Tone::Note, format!("queued {}", counted(tasks, "task")));
        }
        Err(why) => model.say(Tone::Bad, format!("nothing was queued: {why}")),
    }
}

fn groups(model: &mut Model, request: RequestId, page: Result<Page<NamedGroup>, Problem>) {
    if model.groups.take(request, page) {
        tell_form(model);
    }
}

fn buckets(model: &mut Model, request: RequestId, page: Result<Page<Bucket>, Problem>) {
    if model.buckets.list.answer(request, page) {
        tell_form(model);
    }
}

fn history(model: &mut Model, request: RequestId, page: Result<Page<RemoteTask>, Problem>) {
    let history = &mut model.history;
    if history.refreshing != Some(request) {
        history.list.answer(request, page);
        return;
    }
    history.refreshing = None;
    // What is shown stays true enough; the next move of a task, or R, asks again.
    if let Ok(page) = page {
        history.list.refresh(page);
    }
}

/// An open picker shows what arrives while it is open.
fn tell_form(model: &mut Model) {
    let (form, context) = model.form_parts();
    if let Some(form) = form {
        form.learn(&context);
    }
}

fn bucket_details(model: &mut Model, request: RequestId, details: BucketDetails) {
    let Some(detail) = model.buckets.details.get_mut(&details.bucket) else { return };
    if matches!(detail, Detail::Asked(asked) if *asked == request) {
        if let Ok(region) = &details.region {
            model.buckets.list.amend(|row| row.name == details.bucket, |row| row.region = Some(region.clone()));
        }
        *detail = Detail::Known(Box::new(details));
    }
}
