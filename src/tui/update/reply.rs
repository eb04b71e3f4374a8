//! Answers: each is taken in by the question it belongs to, or dropped if nobody waits for it any more.

use crate::domain::inventory::{Bucket, LogGroup, Page, RemoteTask};
use crate::domain::place::Identity;
use crate::domain::problem::Problem;
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::model::{Connection, Detail, Model, Tone, Who};
use crate::tui::msg::{BucketDetails, Link, Queued, Reply};

/// Takes an answer in.
pub fn take(model: &mut Model, request: RequestId, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Connected(link) => connected(model, request, link),
        Reply::Identity(identity) => {
            if matches!(model.who, Who::Unknown(Some(asked)) if asked == request) {
                return identified(model, identity);
            }
        }
        Reply::Groups(page) => groups(model, request, page),
        Reply::Buckets(page) => buckets(model, request, page),
        Reply::BucketDetails(details) => bucket_details(model, request, details),
        Reply::History(page) => history(model, request, page),
        Reply::Submitted(queued) => {
            if model.submitting == Some(request) {
                model.submitting = None;
                submitted(model, queued);
            }
        }
        Reply::Ordered(ordered) => {
            if let Err(why) = ordered {
                model.say(Tone::Bad, why);
            }
        }
    }
    Vec::new()
}

/// The lane is known now: what is queued in it can go on.
fn identified(model: &mut Model, identity: Result<Identity, Problem>) -> Vec<Effect> {
    match identity {
        Ok(identity) => {
            let account = identity.account.clone();
            model.who = Who::Known(identity);
            vec![Effect::Work(account)]
        }
        Err(problem) => {
            model.who = Who::Refused(problem.kind);
            Vec::new()
        }
    }
}

fn submitted(model: &mut Model, queued: Result<Queued, String>) {
    match queued {
        Ok(Queued { tasks, first }) => {
            model.groups.marks.clear();
            model.look_for = Some(first);
            let noun = if tasks == 1 { "task" } else { "tasks" };
            model.say(Tone::Note, format!("queued {tasks} {noun}"));
        }
        Err(why) => model.say(Tone::Bad, format!("nothing was queued: {why}")),
    }
}

fn connected(model: &mut Model, request: RequestId, link: Result<Link, Problem>) {
    if model.renewing == Some(request) {
        model.renewing = None;
        return renewed(model, link);
    }
    if model.awaits_session(request) {
        model.connection = link.map_or_else(Connection::Failed, Connection::Up);
    }
}

/// Everything is asked again with fresh credentials; without them everything stays as it is.
fn renewed(model: &mut Model, link: Result<Link, Problem>) {
    match link {
        Ok(link) => {
            model.connection = Connection::Up(link);
            model.who = Who::Unknown(None);
            model.groups.list.reload();
            model.buckets.details.clear();
            model.buckets.list.reload();
            model.history.list.reload();
            model.say(Tone::Note, "looked for credentials again");
        }
        Err(problem) => {
            let explanation = problem.explain();
            model.say(Tone::Bad, format!("{}: {}", explanation.cause, explanation.remedy));
        }
    }
}

fn groups(model: &mut Model, request: RequestId, page: Result<Page<LogGroup>, Problem>) {
    if model.groups.list.answer(request, page) {
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
    let BucketDetails { bucket, region, encryption } = details;
    if let Some(detail @ Detail::Asked(_)) = model.buckets.details.get_mut(&bucket)
        && matches!(detail, Detail::Asked(asked) if *asked == request)
    {
        if let Ok(region) = &region {
            model.buckets.list.amend(|row| row.name == bucket, |row| row.region = Some(region.clone()));
        }
        *detail = Detail::Known { region, encryption };
    }
}
