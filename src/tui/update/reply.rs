//! Answers: each is taken in by the question it belongs to, or dropped if nobody waits for it any more.

use std::sync::Arc;

use super::{change, creation, form, landed, peek, place, proof, save_plan};
use crate::aws::NamedGroup;
use crate::domain::inventory::{Bucket, Page};
use crate::domain::names::TaskId;
use crate::domain::problem::Problem;
use crate::domain::task::Task;
use crate::export::Elsewhere;
use crate::tui::cells::counted;
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::loads::PAUSE;
use crate::tui::model::{Checkup, Confirm, Detail, Model, Overlay, Screen, Tone};
use crate::tui::msg::{BucketDetails, Changed, Queued, Reply};

/// Takes an answer in.
pub fn take(model: &mut Model, request: RequestId, reply: Reply) -> Vec<Effect> {
    if let Some(problem) = reply.problem() {
        model.messages.failed(&format!("{problem}; {}", problem.explain().remedy), model.now);
    }
    match reply {
        Reply::Connected(link) => place::connected(model, request, link),
        Reply::Identity(identity) => return place::identified(model, request, identity),
        Reply::Slot(seen) => place::slot_seen(model, request, seen),
        Reply::Groups(page) => groups(model, request, page),
        Reply::Recalled(listing) => {
            model.groups.recall(request, listing);
            tell_form(model);
        }
        Reply::Found(found) => groups_found(model, request, found),
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
        Reply::Verifying(progress) => proof::reading(model, request, progress),
        Reply::Verified(evidence) => proof::done(model, request, evidence),
        Reply::ManifestWritten(written) => proof::written(model, request, written),
        Reply::Landed(news) => landed::take(model, request, news),
        Reply::History(page) => model.history.take(request, page),
        Reply::Past(page) => model.history.learn(request, page),
        Reply::Task(task) => whole_task(model, request, task),
        Reply::Expanded(draft) => form::expanded(model, request, draft),
        Reply::Checklist(list) => model.checks.learn(request, list),
        Reply::PlanGroups(groups) => form::plan_groups(model, request, groups),
        Reply::PlanSaved(saved) => save_plan::saved(model, request, saved),
        Reply::Peeked(answer) => peek::seen(model, request, answer),
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

fn told(model: &mut Model, changed: Result<Changed, String>) {
    match changed {
        Ok(Changed::Done) => {}
        Ok(Changed::Moved(0)) => model.say(Tone::Note, "nothing had to be changed"),
        Ok(Changed::Moved(tasks)) => model.say(Tone::Note, format!("{} changed", counted(tasks, "task"))),
        Ok(Changed::Retried(moved, elsewhere)) => retried(model, moved, elsewhere),
        Err(why) => model.say(Tone::Bad, why),
    }
}

/// Tasks were queued once more; of the others it is asked whether they are to be exported twice, unless a person is at
/// something else by now.
fn retried(model: &mut Model, moved: usize, elsewhere: Vec<(TaskId, Elsewhere)>) {
    let queued = format!("{} queued once more", counted(moved, "task"));
    if elsewhere.is_empty() {
        model.say(Tone::Note, if moved == 0 { "nothing had to be changed".to_owned() } else { queued });
        return;
    }
    let left = format!("{} not: others have their windows", counted(elsewhere.len(), "task"));
    model.say(Tone::Warning, if moved == 0 { left } else { format!("{queued}, {left}") });
    let free = matches!(model.overlay, None | Some(Overlay::Details(..)));
    if free && model.screen == Screen::Exports {
        model.overlay = Some(Overlay::Confirm(Confirm::Twice(elsewhere)));
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

/// The cursor stays where it is: what was found is among the rows, and passes the filter that it was looked for by.
fn groups_found(model: &mut Model, request: RequestId, found: Result<Page<NamedGroup>, Problem>) {
    let (rows, more) = found.as_ref().map_or((&[][..], false), |page| (&page.items[..], page.next.is_some()));
    let number = rows.len();
    let Some(pattern) = model.groups.find(request, rows) else { return };
    let (pattern, groups) = (pattern.trim_start_matches('^'), counted(number, "log group"));
    if let Err(problem) = found {
        let explanation = problem.explain();
        return model.say(Tone::Bad, format!("{}: {}", explanation.cause, explanation.remedy));
    }
    let told = match (number, more) {
        (0, _) => format!("AWS has no log group with {pattern}: capitals matter to it"),
        (_, true) => format!("AWS has more than {groups} with {pattern}: these are listed now"),
        (_, false) => format!("AWS has {groups} with {pattern}"),
    };
    model.say(Tone::Note, told);
    tell_form(model);
}

fn buckets(model: &mut Model, request: RequestId, page: Result<Page<Bucket>, Problem>) {
    if model.buckets.list.answer(request, page) {
        model.buckets.arrange();
        tell_form(model);
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
        let (name, region) = (details.bucket.clone(), details.region.as_ref().ok().cloned());
        *detail = Detail::Known(Box::new(details));
        if let Some(region) = region {
            model.buckets.locate(&name, region);
        }
    }
}
