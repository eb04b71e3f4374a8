//! Whether a key means something just now, and if not, why: the words a person is told.

use crate::domain::preflight::Remedy;
use crate::domain::task::{State, Task};
use crate::domain::verify::subject::{NotYet, Subject as Verified};
use crate::tui::change::Stage;
use crate::tui::exports::ExportRow;
use crate::tui::form::Form;
use crate::tui::list::Fetch;
use crate::tui::model::{Confirm, Model, Overlay, Screen, Subject};
use crate::tui::places::{Place, Who};
use crate::tui::proof::{Proof, Written};
use crate::tui::search::for_aws;

/// Whether an action makes sense now; if not, why.
pub type Enabled = fn(&Model) -> Verdict;

/// The answer.
pub type Verdict = Result<(), &'static str>;

pub fn test_hooks(model: &Model) -> Verdict {
    if model.settings.test_hooks { Ok(()) } else { Err("this key has no meaning") }
}

/// The question whether to quit.
pub fn on_quitting(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Confirm(Confirm::Quit)) => Ok(()),
        _ => Err("the question is not whether to quit"),
    }
}

pub fn on_group(model: &Model) -> Verdict {
    let something = model.groups.list.current().is_some() || !model.groups.marks.is_empty();
    something.then_some(()).ok_or("no log group here: e opens the form without one")
}

pub fn on_bucket(model: &Model) -> Verdict {
    model.buckets.list.current().map(|_| ()).ok_or("no bucket here: e opens the form without one")
}

/// A bucket, and a lane to judge it for.
pub fn on_bucket_of_known_account(model: &Model) -> Verdict {
    model.bucket_here().ok_or("no bucket here")?;
    known_account(model)
}

/// It is known whose account is looked at.
pub fn known_account(model: &Model) -> Verdict {
    match (model.link(), &model.places.here().who) {
        (None, _) => Err("not connected yet"),
        (Some(_), Who::Known(_)) => Ok(()),
        (Some(_), Who::Unknown) => Err("not known yet whose account this is: try again in a moment"),
        (Some(_), Who::Refused(_)) => Err("AWS does not tell whose account this is (sts:GetCallerIdentity)"),
        (Some(_), Who::Stranger(_)) => Err("this profile leads to another account now: choose a lane on 5"),
    }
}

/// A change that can be applied.
pub fn on_change(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Change(page)) => page.stage.may_apply(),
        _ => Err("no change here"),
    }
}

/// A change that was applied, and can be undone.
pub fn on_applied_change(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Change(page)) if page.stage.can_be_undone() => Ok(()),
        _ => Err("nothing was changed here that could be undone"),
    }
}

/// A change that did not come about.
pub fn on_refused_change(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Change(page)) if matches!(page.stage, Stage::Refused(_) | Stage::Ready(_)) => Ok(()),
        _ => Err("nothing to look at again just now"),
    }
}

/// A bucket whose lifecycle rules are known.
pub fn on_known_rules(model: &Model) -> Verdict {
    model.rules_here().ok_or("the bucket's rules are not known")?;
    known_account(model)
}

/// A lifecycle rule.
pub fn on_rule(model: &Model) -> Verdict {
    model.rule_here().ok_or("no rule here")?;
    known_account(model)
}

/// A bucket that is shown before it is created.
pub fn on_shown_creation(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Creation(page)) => page.stage.may_begin(),
        _ => Err("no bucket here that is to be created"),
    }
}

/// A bucket that was not created, or not finished.
pub fn on_failed_creation(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Creation(page)) if page.stage.can_go_on() => Ok(()),
        _ => Err("nothing has failed here"),
    }
}

pub fn on_past(model: &Model) -> Verdict {
    model.history.list().current().map(|_| ()).ok_or("no past task here")
}

/// A row of the queue, whatever it is.
pub fn on_row(model: &Model) -> Verdict {
    model.exports.list().current().map(|_| ()).ok_or("no task here")
}

/// The task a key is about.
pub fn task(model: &Model) -> Result<&Task, &'static str> {
    match (model.task_here(), model.subject()) {
        (Some(task), _) => Ok(task),
        (None, Some(Subject::Plan(_))) => Err("this is a plan: go to one of its tasks (→ shows them)"),
        (None, Some(Subject::Task(_) | Subject::Past(_) | Subject::Bucket(_)) | None) => Err("no task here"),
    }
}

pub fn on_live_task(model: &Model) -> Verdict {
    match (task(model), model.subject()) {
        (Err(_), Some(Subject::Plan(_))) => Err("this is a plan: C cancels all of it"),
        (Err(reason), _) => Err(reason),
        (Ok(task), _) if task.state.is_end() => Err("this task has already ended"),
        (Ok(task), _) if task.state == State::Cancelling => Err("it is being cancelled already"),
        (Ok(_), _) => Ok(()),
    }
}

pub fn on_ended_task(model: &Model) -> Verdict {
    if task(model)?.state.is_end() { Ok(()) } else { Err("this task has not ended yet") }
}

/// A task that has ended, or a plan however far it is.
pub fn on_past_work(model: &Model) -> Verdict {
    match model.subject() {
        Some(Subject::Plan(_)) => Ok(()),
        Some(Subject::Task(_) | Subject::Past(_) | Subject::Bucket(_)) | None => on_ended_task(model),
    }
}

/// A plan file that was not written because there is one of its name.
pub fn on_file_in_the_way(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::SavePlan(page)) if page.is_in_the_way() => Ok(()),
        _ => Err("no file is in the way: Enter writes it"),
    }
}

/// A peek at one of several log groups.
pub fn on_several_groups(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Peek(page)) if page.wanted.groups.len() > 1 => Ok(()),
        _ => Err("there is one log group"),
    }
}

pub fn on_lost_task(model: &Model) -> Verdict {
    match task(model)?.state {
        State::Failed | State::Cancelled => Ok(()),
        State::Completed => Err("it completed: r opens the form with its values"),
        State::Queued | State::Launching | State::Pending | State::Running | State::Cancelling => {
            Err("this task has not ended yet")
        }
    }
}

/// A task that has ended, in a lane that can be asked, while no other is read back.
pub fn on_verifiable(model: &Model) -> Verdict {
    let task = task(model)?;
    match Verified::of(task) {
        Ok(_) => {}
        Err(NotYet::Open(_)) => return Err("this task has not ended yet: what it leaves can be verified then"),
        Err(NotYet::NeverBegun) => return Err("AWS never had this task: nothing of it is in the bucket"),
    }
    let place = model.places.of_lane(&task.lane).and_then(|id| model.places.get(id));
    if place.and_then(Place::link).is_none() {
        return Err("its lane is not connected: choose it on 5 first");
    }
    match &model.proof {
        Some(proof) if proof.is_reading() && proof.task() != task.id => {
            Err("another task is being verified: wait for it, or stop it (v on it, then c)")
        }
        Some(_) | None => Ok(()),
    }
}

/// A verification that goes on.
pub fn on_reading(model: &Model) -> Verdict {
    if model.proof.as_deref().is_some_and(Proof::is_reading) { Ok(()) } else { Err("nothing is being read") }
}

/// A verification that has ended in one way or another.
pub fn on_read(model: &Model) -> Verdict {
    if on_reading(model).is_err() { Ok(()) } else { Err("it is being read back already") }
}

/// A verification that has found something to be written down.
pub fn on_evidence(model: &Model) -> Verdict {
    match &model.proof {
        Some(proof) if matches!(proof.written, Written::Writing(_)) => Err("it is being written already"),
        Some(proof) if proof.evidence().is_some() => Ok(()),
        Some(_) | None => Err("not everything was read back: there is nothing to write down"),
    }
}

/// A task that has a place in the queue.
pub fn on_queued_task(model: &Model) -> Verdict {
    match (task(model), model.subject()) {
        (Err(_), Some(Subject::Plan(_))) => Err("< and > move a whole plan, K and J a task"),
        (Err(reason), _) => Err(reason),
        (Ok(task), _) if task.state == State::Queued => Ok(()),
        (Ok(_), _) => Err("only queued tasks have a place in the queue"),
    }
}

/// A queued task, or a plan that has some.
pub fn on_queued(model: &Model) -> Verdict {
    match (model.subject(), model.plan_here()) {
        (Some(Subject::Plan(_)), Some(plan)) if plan.counts.queued > 0 => Ok(()),
        (Some(Subject::Plan(_)), _) => Err("nothing of this plan is queued"),
        (Some(Subject::Task(_) | Subject::Past(_) | Subject::Bucket(_)) | None, _) => on_queued_task(model),
    }
}

pub fn on_plan(model: &Model) -> Verdict {
    model.plan_here().map(|_| ()).ok_or("no plan here")
}

pub fn on_open_plan(model: &Model) -> Verdict {
    let plan = model.plan_here().ok_or("no plan here")?;
    if plan.counts.open() > 0 { Ok(()) } else { Err("all of this plan has ended") }
}

pub fn on_failed_plan(model: &Model) -> Verdict {
    let plan = model.plan_here().ok_or("no plan here")?;
    if plan.counts.failed > 0 { Ok(()) } else { Err("nothing of this plan has failed") }
}

/// A plan of several tasks: only those fold.
pub fn on_fold(model: &Model) -> Verdict {
    match model.exports.list().current() {
        Some(ExportRow::Plan(_)) => Ok(()),
        Some(ExportRow::Task(row)) if row.nested => Ok(()),
        Some(ExportRow::Task(_)) | None => Err("only a plan of several tasks folds"),
    }
}

pub fn on_folded(model: &Model) -> Verdict {
    match model.exports.list().current() {
        Some(ExportRow::Plan(row)) if row.folded => Ok(()),
        Some(ExportRow::Plan(_)) => Err("its tasks are shown already"),
        Some(ExportRow::Task(_)) | None => Err("only a plan unfolds: Enter shows a task's details"),
    }
}

pub fn on_lane(model: &Model) -> Verdict {
    let lane = model.lane_here().ok_or("no lane here")?;
    model.exports.lane(&lane).map(|_| ()).ok_or("nothing was ever queued in this lane")
}

/// A lane that can be looked at.
pub fn on_reachable_lane(model: &Model) -> Verdict {
    let row = model.lanes.current().ok_or("no lane here")?;
    let place = row.place.and_then(|id| model.places.get(id));
    let stranger = place.is_some_and(|place| matches!(place.who, Who::Stranger(_)));
    if stranger { Err("its profile leads to another account or endpoint now") } else { Ok(()) }
}

pub fn can_reload(model: &Model) -> Verdict {
    if let Some(Overlay::Landed(_)) = &model.overlay {
        return Ok(());
    }
    match model.screen {
        Screen::Exports if model.link().is_some() && !model.lacks_credentials() => {
            Err("exports are live: there is nothing to reload")
        }
        Screen::Lanes => on_reconnectable(model),
        Screen::Exports | Screen::Groups | Screen::Buckets | Screen::History | Screen::Form => Ok(()),
    }
}

/// Names are missing that AWS may have, and there is something to look for.
pub fn can_search_aws(model: &Model) -> Verdict {
    let list = &model.groups.list;
    if model.screen != Screen::Groups {
        return Err("AWS searches log groups alone");
    }
    match list.fetch() {
        _ if model.link().is_none() => Err("no connection: there is nothing to search"),
        Fetch::Complete => Err("all log groups are loaded: the filter finds every one"),
        _ if for_aws(list.filter().text()).is_none() => Err("type a word of three letters or more to search AWS for"),
        _ if model.groups.is_searching() => Err("AWS is being searched already"),
        Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Failed { .. } => Ok(()),
    }
}

/// Without a connection only what is on this machine is listed.
pub fn can_filter(model: &Model) -> Verdict {
    if let Some(Overlay::Landed(_)) = &model.overlay {
        return Ok(());
    }
    match model.screen {
        Screen::Groups | Screen::Buckets | Screen::History if model.link().is_none() => {
            Err("no connection: there is nothing to filter")
        }
        Screen::Groups | Screen::Buckets | Screen::History | Screen::Exports | Screen::Lanes | Screen::Form => Ok(()),
    }
}

/// A log group, and another one that was marked before.
pub fn on_range(model: &Model) -> Verdict {
    on_group(model)?;
    if model.groups.has_anchor() { Ok(()) } else { Err("mark a log group first (Space): the range begins there") }
}

pub fn can_sort(model: &Model) -> Verdict {
    if let Some(Overlay::Landed(_)) = &model.overlay {
        return Err("objects stand in the order of their keys, as S3 lists them");
    }
    match model.screen {
        Screen::Exports => Err("exports stand in the order of their queue"),
        Screen::Lanes => Err("lanes stand in the order they became known"),
        Screen::Groups | Screen::Buckets | Screen::History | Screen::Form => can_filter(model),
    }
}

fn on_reconnectable(model: &Model) -> Verdict {
    model.lanes.current().map(|_| ()).ok_or("no lane here")
}

pub fn no_help_yet(model: &Model) -> Verdict {
    if matches!(model.overlay, Some(Overlay::Help(_))) { Err("these are the keys") } else { Ok(()) }
}

pub fn picks_several(model: &Model) -> Verdict {
    let several = model.form.as_deref().is_some_and(Form::picks_several);
    several.then_some(()).ok_or("an export has one bucket: Enter chooses it")
}

/// Its tasks are there, and no check blocks them.
pub fn can_be_queued(model: &Model) -> Verdict {
    match &model.overlay {
        Some(Overlay::Review(review)) if review.draft().is_none() => Err("its tasks are still being worked out"),
        Some(Overlay::Review(_)) if model.blocked().is_some() => {
            Err("a check blocks it: go back (Esc) and mend it, or launch it all the same (Ctrl-X)")
        }
        _ => Ok(()),
    }
}

/// A bucket with a customer-managed key, of which nobody but its owner knows whom it lets in.
pub fn on_own_key(model: &Model) -> Verdict {
    let known = model.form.as_deref().is_some_and(Form::trusts_key);
    let asked = model.checks.asks(|remedy| *remedy == Remedy::TrustKey);
    if known || asked { Ok(()) } else { Err("the checks know of no customer-managed key here") }
}

/// A bucket that is not there, and an account it can be created in.
pub fn on_missing_bucket(model: &Model) -> Verdict {
    if !model.checks.missing_bucket() {
        return Err("the checks do not miss the bucket: n on the screen of buckets creates any");
    }
    known_account(model)
}

/// A bucket whose policy lacks what lets the logs service in.
pub fn on_missing_grant(model: &Model) -> Verdict {
    if model.checks.missing_grant() {
        Ok(())
    } else {
        Err("the checks miss nothing in the bucket's policy that could be added")
    }
}

pub fn on_block(model: &Model) -> Verdict {
    if model.is_unchecked() || model.checks.block().is_some() { Ok(()) } else { Err("no check blocks this export") }
}
