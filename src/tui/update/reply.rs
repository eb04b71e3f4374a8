//! Answers: each is taken in by the question it belongs to, or dropped if nobody waits for it any more.

use crate::domain::inventory::{Bucket, LogGroup, Page};
use crate::domain::problem::Problem;
use crate::tui::effect::Effect;
use crate::tui::list::{Fetch, RequestId};
use crate::tui::model::{Connection, Detail, Model, Tone, Who};
use crate::tui::msg::{BucketDetails, Link, Reply};

/// Takes an answer in.
pub fn take(model: &mut Model, request: RequestId, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Connected(link) => connected(model, request, link),
        Reply::Identity(identity) => {
            if matches!(model.who, Who::Unknown(Some(asked)) if asked == request) {
                model.who = identity.map_or(Who::Refused, Who::Known);
            }
        }
        Reply::Groups(page) => groups(model, request, page),
        Reply::Buckets(page) => buckets(model, request, page),
        Reply::BucketDetails(details) => bucket_details(model, request, details),
        Reply::History(page) => {
            model.history.list.answer(request, page);
        }
        Reply::Submitted(ids) => {
            if model.submitting == Some(request) {
                model.submitting = None;
                model.look_for = ids.first().copied();
                let noun = if ids.len() == 1 { "task" } else { "tasks" };
                model.say(Tone::Note, format!("queued {} {noun}", ids.len()));
            }
        }
    }
    Vec::new()
}

fn connected(model: &mut Model, request: RequestId, link: Result<Link, Problem>) {
    if !matches!(model.connection, Connection::Connecting(asked) if asked == request) {
        return;
    }
    model.connection = link.map_or_else(Connection::Failed, Connection::Up);
}

/// Whether the list waits for the first page: then names are collected anew.
fn is_first(fetch: &Fetch) -> bool {
    matches!(fetch, Fetch::UnderWay { token: None, .. })
}

fn groups(model: &mut Model, request: RequestId, page: Result<Page<LogGroup>, Problem>) {
    let groups = &mut model.groups;
    let first = is_first(groups.list.fetch());
    let names = page.as_ref().ok().map(|page| page.items.iter().map(|group| group.name.clone()).collect());
    if groups.list.answer(request, page) {
        collect(&mut groups.names, names, first);
    }
}

fn buckets(model: &mut Model, request: RequestId, page: Result<Page<Bucket>, Problem>) {
    let buckets = &mut model.buckets;
    let first = is_first(buckets.list.fetch());
    let names = page.as_ref().ok().map(|page| page.items.iter().map(|bucket| bucket.name.clone()).collect());
    if buckets.list.answer(request, page) {
        collect(&mut buckets.names, names, first);
    }
}

fn collect(names: &mut Vec<String>, new: Option<Vec<String>>, first: bool) {
    let Some(new) = new else { return };
    if first {
        names.clear();
    }
    names.extend(new);
}

fn bucket_details(model: &mut Model, request: RequestId, details: BucketDetails) {
    let BucketDetails { bucket, region, encryption } = details;
    if let Some(detail @ Detail::Asked(_)) = model.buckets.details.get_mut(&bucket)
        && matches!(detail, Detail::Asked(asked) if *asked == request)
    {
        *detail = Detail::Known { region, encryption };
    }
}
