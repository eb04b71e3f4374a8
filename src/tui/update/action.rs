//! What each action does, on whichever screen it is asked for.

use std::sync::Arc;

use tui_input::Input;

use crate::domain::inventory::RemoteStatus;
use crate::domain::place::Lane;
use crate::domain::task::Task;
use crate::tui::effect::Effect;
use crate::tui::form::{Form, FormAction, FormOutcome};
use crate::tui::hooks::{self, Hook};
use crate::tui::keys::{self, Action};
use crate::tui::layout::{body_lines, list_rows};
use crate::tui::list::{Filter, Motion};
use crate::tui::model::{Confirm, Connection, Life, Model, Overlay, Screen, Subject, Tone, Who};
use crate::tui::view;

/// Performs `action`.
pub fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Move(motion) => walk(model, motion),
        Action::GoTo(screen) => show(model, screen),
        Action::NextScreen => turn(model, 1),
        Action::PreviousScreen => turn(model, -1),
        Action::EditFilter => {
            let text = keys::filter(model).map(|filter| filter.text().to_owned()).unwrap_or_default();
            set_filter(model, Filter::Editing(Input::new(text)));
        }
        Action::KeepFilter => keep_filter(model),
        Action::DropFilter => set_filter(model, Filter::Off),
        Action::Dismiss => dismiss(model),
        Action::Mark => mark(model),
        Action::MarkAll => mark_all(model),
        Action::OpenForm => open_form(model),
        Action::OpenDetails => open_details(model),
        Action::Reload => return reload(model),
        Action::AskCancel => ask_cancel(model),
        Action::NextStatus => next_status(model),
        Action::RunAgain => run_again(model),
        Action::Help => model.overlay = Some(Overlay::Help(0)),
        Action::Close => model.overlay = None,
        Action::Yes => return yes(model),
        Action::Quit => return quit(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Form(action) => return form(model, action),
        Action::Hook(Hook::PanicHere) => hooks::panic_here(),
        Action::Hook(hook) => return vec![Effect::Hook(hook)],
    }
    Vec::new()
}

fn walk(model: &mut Model, motion: Motion) {
    let (lines, rows) = (body_lines(model), list_rows(model));
    let page_length = view::overlay_length(model);
    if let Some(overlay) = &mut model.overlay {
        if let Some(scroll) = super::scroll_of(overlay) {
            let tops = page_length.saturating_sub(lines) + 1;
            *scroll = motion.apply(*scroll, tops, lines);
        }
        return;
    }
    match model.screen {
        Screen::Groups => model.groups.list.step(motion, rows),
        Screen::Buckets => model.buckets.list.step(motion, rows),
        Screen::Exports => model.exports.step(motion, rows),
        Screen::History => {
            let before = model.history.list.cursor();
            model.history.list.step(motion, rows);
            // At the end, and still going down.
            model.history.wants_more = motion.goes_down() && model.history.list.cursor() == before;
        }
        Screen::Form => {}
    }
}

fn show(model: &mut Model, screen: Screen) {
    if screen == Screen::Form && model.screen != Screen::Form {
        model.before_form = model.screen;
    }
    model.overlay = None;
    model.screen = screen;
}

fn turn(model: &mut Model, by: isize) {
    let count = if model.form.is_some() { 5_isize } else { 4 };
    let here = Screen::ALL.iter().position(|screen| *screen == model.screen).unwrap_or(0);
    let to = (here.cast_signed() + by).rem_euclid(count);
    if let Some(screen) = Screen::ALL.get(to.unsigned_abs()) {
        show(model, *screen);
    }
}

/// Sets the filter of the screen's list.
pub fn set_filter(model: &mut Model, filter: Filter) {
    match model.screen {
        Screen::Groups => model.groups.list.set_filter(filter),
        Screen::Buckets => model.buckets.list.set_filter(filter),
        Screen::Exports => model.exports.set_filter(filter),
        Screen::History => model.history.list.set_filter(filter),
        Screen::Form => {}
    }
}

fn keep_filter(model: &mut Model) {
    let text = keys::filter(model).map(|filter| filter.text().to_owned()).unwrap_or_default();
    set_filter(model, if text.is_empty() { Filter::Off } else { Filter::Kept(text) });
}

fn dismiss(model: &mut Model) {
    if model.failure.take().is_none() && model.note.take().is_none() {
        set_filter(model, Filter::Off);
    }
}

fn mark(model: &mut Model) {
    let Some(name) = model.groups.list.current().map(|group| group.name.clone()) else { return };
    if !model.groups.marks.remove(&name) {
        model.groups.marks.insert(name);
    }
    walk(model, Motion::Down);
}

fn mark_all(model: &mut Model) {
    let groups = &mut model.groups;
    let all = groups.list.shown().all(|group| groups.marks.contains(&group.name));
    for group in groups.list.shown() {
        if all {
            groups.marks.remove(&group.name);
        } else {
            groups.marks.insert(group.name.clone());
        }
    }
}

fn draft(model: &mut Model) -> &mut Form {
    model.form.get_or_insert_with(Form::new)
}

fn open_form(model: &mut Model) {
    let is_new = model.form.is_none();
    match model.screen {
        Screen::Groups => {
            let mut names: Vec<String> = model.groups.marks.iter().cloned().collect();
            if names.is_empty() {
                names.extend(model.groups.list.current().map(|group| group.name.clone()));
            }
            draft(model).set_groups(&names);
        }
        Screen::Buckets => {
            if let Some(name) = model.buckets.list.current().map(|bucket| bucket.name.clone()) {
                draft(model).set_bucket(&name);
            }
        }
        Screen::Exports | Screen::History | Screen::Form => {}
    }
    if !is_new {
        draft(model).go_to_missing();
    }
    show(model, Screen::Form);
}

fn open_details(model: &mut Model) {
    model.overlay = subject(model).map(|subject| Overlay::Details(subject, 0));
}

/// The task a key is about: the one whose details are shown, or else the one under the cursor.
fn subject(model: &Model) -> Option<Subject> {
    match (&model.overlay, model.screen) {
        (Some(Overlay::Details(subject, _)), _) => Some(subject.clone()),
        (Some(Overlay::Help(_) | Overlay::Confirm(_)) | None, Screen::Exports) => {
            model.exports.current().map(|task| Subject::Task(task.id))
        }
        (Some(Overlay::Help(_) | Overlay::Confirm(_)) | None, Screen::History) => {
            model.history.list.current().map(|task| Subject::Past(task.id.clone()))
        }
        (Some(Overlay::Help(_) | Overlay::Confirm(_)) | None, Screen::Groups | Screen::Buckets | Screen::Form) => None,
    }
}

/// The task whose details are shown, or else the one under the cursor. A draft with something typed in it is not
/// replaced without a question.
fn run_again(model: &mut Model) {
    let Some(again) = subject(model) else { return };
    if model.form.as_ref().is_some_and(Form::is_edited) {
        model.overlay = Some(Overlay::Confirm(Confirm::Replace(again)));
    } else {
        fill_form(model, &again);
    }
}

/// AWS does not tell everything of a past task; of a task of this run everything is known.
fn fill_form(model: &mut Model, again: &Subject) {
    let ours = |task: &&Arc<Task>| match again {
        Subject::Task(id) => task.id == *id,
        Subject::Past(id) => task.remote.as_ref() == Some(id),
    };
    let ours = model.exports.rows().iter().find(ours).cloned();
    let past = match again {
        Subject::Task(_) => None,
        Subject::Past(id) => model.past(id).cloned(),
    };
    match (ours, past) {
        (Some(task), _) => draft(model).fill_from_task(&task),
        (None, Some(past)) => draft(model).fill_from(&past),
        (None, None) => return,
    }
    show(model, Screen::Form);
}

fn reload(model: &mut Model) -> Vec<Effect> {
    if let Connection::Failed(_) = model.connection {
        let request = model.new_request();
        model.connection = Connection::Connecting(request);
        return vec![Effect::Connect(request)];
    }
    if model.lacks_credentials() {
        return renew(model);
    }
    if let Who::Refused(_) = model.who {
        model.who = Who::Unknown(None);
    }
    match model.screen {
        Screen::Groups => model.groups.list.reload(),
        Screen::Buckets => {
            model.buckets.details.clear();
            model.buckets.list.reload();
        }
        Screen::History => model.history.list.reload(),
        Screen::Exports | Screen::Form => {}
    }
    Vec::new()
}

/// Credentials are read anew; the queue that runs goes on with them.
fn renew(model: &mut Model) -> Vec<Effect> {
    if model.renewing.is_some() {
        model.say(Tone::Note, "credentials are being looked for already");
        return Vec::new();
    }
    let request = model.new_request();
    model.renewing = Some(request);
    vec![Effect::Connect(request)]
}

fn ask_cancel(model: &mut Model) {
    let id = match &model.overlay {
        Some(Overlay::Details(Subject::Task(id), _)) => Some(*id),
        Some(Overlay::Details(Subject::Past(_), _) | Overlay::Help(_) | Overlay::Confirm(_)) => None,
        None => model.exports.current().map(|task| task.id),
    };
    model.overlay = id.map(|id| Overlay::Confirm(Confirm::Cancel(id)));
}

fn next_status(model: &mut Model) {
    let known = &RemoteStatus::KNOWN;
    let next = match &model.history.status {
        None => known.first(),
        Some(status) => known.iter().skip_while(|known| *known != status).nth(1),
    };
    model.history.status = next.cloned();
    // An answer under way is of the other status.
    model.history.refreshing = None;
    model.history.list.clear();
}

fn yes(model: &mut Model) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Confirm(Confirm::Quit)) => leave(model),
        Some(Overlay::Confirm(Confirm::Cancel(id))) => vec![Effect::Cancel(model.new_request(), id)],
        Some(Overlay::Confirm(Confirm::Replace(again))) => {
            fill_form(model, &again);
            Vec::new()
        }
        Some(Overlay::Help(_) | Overlay::Details(..)) | None => Vec::new(),
    }
}

/// Asks first if tasks are not done; a second time it does not ask.
fn quit(model: &mut Model) -> Vec<Effect> {
    let asked = matches!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
    let at_work = model.is_submitting() || model.tasks_where(|state| !state.is_end()).next().is_some();
    if at_work && !asked && model.life == Life::Running {
        model.overlay = Some(Overlay::Confirm(Confirm::Quit));
        return Vec::new();
    }
    leave(model)
}

/// Begins to end; whoever asks again is not kept waiting.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    match std::mem::replace(&mut model.life, Life::Finishing) {
        Life::Running => vec![Effect::Quit],
        Life::Finishing => vec![Effect::QuitAtOnce],
    }
}

fn form(model: &mut Model, action: FormAction) -> Vec<Effect> {
    let (form, context) = model.form_parts();
    let outcome = form.as_mut().map_or(FormOutcome::Leave, |form| form.perform(action, &context));
    match outcome {
        FormOutcome::Stay => Vec::new(),
        FormOutcome::Leave => {
            model.screen = model.before_form;
            Vec::new()
        }
        FormOutcome::Submit(plan) => {
            let lane = match lane_now(model) {
                Ok(lane) => lane,
                Err(reason) => {
                    model.say(Tone::Warning, reason);
                    return Vec::new();
                }
            };
            let request = model.new_request();
            model.submitting = Some(request);
            draft(model).sent();
            show(model, Screen::Exports);
            vec![Effect::Submit(request, lane, plan)]
        }
    }
}

/// The lane that tasks are queued in, or why none can be queued just now.
fn lane_now(model: &Model) -> Result<Lane, &'static str> {
    if model.submitting.is_some() {
        return Err("the last export is still being queued: try again in a moment");
    }
    match (model.link(), &model.who) {
        (None, _) => Err("not connected yet: nothing typed is lost, try again when it is"),
        (Some(_), Who::Unknown(_)) => {
            Err("not known yet whose account this is: nothing typed is lost, try again in a moment")
        }
        (Some(_), Who::Refused(_)) => {
            Err("AWS does not tell whose account this is (sts:GetCallerIdentity): press R to ask again")
        }
        (Some(link), Who::Known(identity)) => Ok(link.lane(&identity.account)),
    }
}
