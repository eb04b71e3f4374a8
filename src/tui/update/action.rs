//! What each action does, on whichever screen it is asked for.

use tui_input::Input;

use super::{
    change, creation, download, form, landed, lanes, marks, peek, proof, queue, reading, rules, save_plan, sort, typing,
};
use crate::tui::effect::Effect;
use crate::tui::help::HelpPage;
use crate::tui::hooks::{self, Hook};
use crate::tui::keys::{self, Action};
use crate::tui::layout::list_rows;
use crate::tui::line::Edit;
use crate::tui::list::{Filter, Motion};
use crate::tui::model::{Confirm, Life, Model, Overlay, Screen, Subject, Tone};
use crate::tui::palette::Palette;
use crate::tui::places::{Ask, Connection, Who};
use crate::tui::search::for_aws;
use crate::tui::{view, watch};

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
        Action::SearchAws => return search_aws(model).into_iter().collect(),
        Action::Dismiss => dismiss(model),
        Action::Mark => {
            marks::mark(model);
            walk(model, Motion::Down);
        }
        Action::MarkAll => marks::mark_all(model),
        Action::MarkRange => marks::mark_range(model),
        Action::InvertMarks => marks::invert(model),
        Action::SortNext => return sort::next(model),
        Action::SortTurn => return sort::turn(model),
        Action::OpenForm => form::open(model),
        Action::OpenDetails => queue::open(model),
        Action::OpenPlan => queue::open_plan(model),
        Action::Freeze => freeze(model),
        Action::Fold => queue::fold(model, true),
        Action::Unfold => queue::fold(model, false),
        Action::Edit(edit) => typing::edit(model, edit),
        Action::Undo => return typing::undo(model),
        Action::Redo => return typing::redo(model),
        Action::Reload => return reload(model),
        Action::AskCancel => queue::ask_cancel(model),
        Action::AskCancelPlan => queue::ask_cancel_plan(model),
        Action::Retry => return queue::retry(model),
        Action::RetryFailed => return queue::retry_failed(model),
        Action::PausePlan => return queue::pause_plan(model),
        Action::PauseLane => return queue::pause_lane(model),
        Action::Shift(shift) => return queue::shift(model, shift),
        Action::AskGrant => return change::ask_grant(model),
        Action::Apply => return change::apply(model),
        Action::AskUndo => return change::ask_undo(model),
        Action::OpenRules => rules::open(model),
        Action::AddRule => rules::add(model),
        Action::EditRule => rules::edit(model),
        Action::RemoveRule => return rules::remove(model),
        Action::Sheet(action) => return rules::in_sheet(model, action),
        Action::NewBucket => creation::open(model),
        Action::CreateBucket => return creation::begin(model),
        Action::Browse => return lanes::browse(model),
        Action::AddLane => lanes::ask(model),
        Action::OtherField => lanes::edit(model, crate::tui::add_lane::AddLane::turn),
        Action::ClearField => typing::edit(model, Edit::CutAll),
        Action::ConnectLane => return lanes::connect(model),
        Action::Peek => return peek::open(model),
        Action::PeekBack => return peek::back(model),
        Action::PeekOn => return peek::turn(model, 1),
        Action::PeekAgain => return peek::turn(model, 0),
        Action::SavePlan => return save_plan::save(model, false),
        Action::OverwritePlan => return save_plan::save(model, true),
        Action::Verify => return proof::open(model),
        Action::StopVerifying => return proof::stop(model),
        Action::AskManifest => proof::ask_manifest(model),
        Action::OpenChecks => model.overlay = Some(Overlay::Checks(0)),
        Action::AskUnchecked => form::ask_unchecked(model),
        Action::Enqueue => return form::enqueue(model),
        Action::NextStatus => next_status(model),
        Action::RunAgain => return form::run_again(model),
        Action::Help => help(model),
        Action::OpenMessages => model.overlay = Some(Overlay::Messages(0)),
        Action::OpenPalette => model.overlay = Some(Overlay::Palette(Palette::over(model))),
        Action::RunCommand => return run_command(model),
        Action::Close => close(model),
        Action::Yes => return yes(model),
        Action::Quit => return quit(model),
        Action::QuitWhenDone => quit_when_done(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Landed(action) => return landed::perform(model, action),
        Action::Reading(action) => return reading::perform(model, action),
        Action::Download(action) => return download::perform(model, action),
        Action::Form(action) => return form::perform(model, action),
        Action::Hook(Hook::PanicHere) => hooks::panic_here(),
        Action::Hook(hook) => return vec![Effect::Hook(hook)],
    }
    Vec::new()
}

/// Does what is chosen in the palette. If that makes no sense just now it says why, and the palette stays.
fn run_command(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Palette(palette)) = &model.overlay else { return Vec::new() };
    let Some(offer) = palette.chosen() else { return Vec::new() };
    let open = model.overlay.take();
    match offer.binding.verdict(model) {
        Ok(()) => perform(model, offer.binding.action),
        Err(reason) => {
            model.say(Tone::Note, reason);
            model.overlay = open;
            Vec::new()
        }
    }
}

/// Shows the keys, and then what was there before; but a peek is given up by whoever looks away.
fn help(model: &mut Model) {
    let back = model.overlay.take().filter(|overlay| !matches!(overlay, Overlay::Peek(_))).map(Box::new);
    model.overlay = Some(Overlay::Help(HelpPage { back, ..HelpPage::default() }));
}

fn walk(model: &mut Model, motion: Motion) {
    let (count, page) = view::overlay_extent(model);
    if let Some(Overlay::Palette(palette)) = &mut model.overlay {
        return palette.step(motion, page);
    }
    if let Some(Overlay::Rules(_)) = &model.overlay {
        return rules::walk(model, motion, page);
    }
    if let (Some(Overlay::Landed(_)), Some(landed)) = (&model.overlay, &mut model.landed) {
        return landed.list.step(motion, page);
    }
    if let Some(Overlay::Reading(_)) = &model.overlay {
        return reading::walk(model, motion);
    }
    if let Some(overlay) = &mut model.overlay {
        if let Some(scroll) = super::scroll_of(overlay) {
            let tops = count.saturating_sub(page) + 1;
            *scroll = motion.apply(*scroll, tops, page);
        }
        return;
    }
    let rows = list_rows(model);
    match model.screen {
        Screen::Groups => model.groups.list.step(motion, rows),
        Screen::Buckets => model.buckets.list.step(motion, rows),
        Screen::Exports => model.exports.list_mut().step(motion, rows),
        Screen::Lanes => model.lanes.step(motion, rows),
        Screen::History => {
            let list = model.history.list_mut();
            let before = list.cursor();
            list.step(motion, rows);
            // At the end, and still going down.
            if motion.goes_down() && list.cursor() == before {
                model.history.go_on();
            }
        }
        Screen::Form => {}
    }
}

/// Shows a screen; the form begins empty where nothing has opened it yet.
pub fn show(model: &mut Model, screen: Screen) {
    if screen == Screen::Form && model.screen != Screen::Form {
        model.before_form = model.screen;
        form::draft(model);
        model.checks.look_again(model.now);
        model.since.forget();
    }
    if model.screen != screen {
        // Whoever comes back sees what is so by then.
        model.exports.go_on();
        drop_note(model);
    }
    model.overlay = None;
    model.screen = screen;
}

/// What was said in passing was about the screen that is left.
fn drop_note(model: &mut Model) {
    model.note.take_if(|note| note.tone == Tone::Note);
}

fn turn(model: &mut Model, by: isize) {
    let count = if model.form.is_some() { 6_isize } else { 5 };
    let here = Screen::ALL.iter().position(|screen| *screen == model.screen).unwrap_or(0);
    let to = (here.cast_signed() + by).rem_euclid(count);
    if let Some(screen) = Screen::ALL.get(to.unsigned_abs()) {
        show(model, *screen);
    }
}

/// Sets the filter of the list that is seen.
pub fn set_filter(model: &mut Model, filter: Filter) {
    if let (Some(Overlay::Landed(_)), Some(landed)) = (&model.overlay, &mut model.landed) {
        return landed.list.set_filter(filter);
    }
    match model.screen {
        Screen::Groups => model.groups.list.set_filter(filter),
        Screen::Buckets => model.buckets.list.set_filter(filter),
        Screen::Exports => model.exports.set_filter(filter),
        Screen::History => model.history.set_filter(filter, model.now),
        Screen::Lanes => model.lanes.set_filter(filter),
        Screen::Form => {}
    }
}

fn keep_filter(model: &mut Model) {
    let text = keys::filter(model).map(|filter| filter.text().to_owned()).unwrap_or_default();
    set_filter(model, if text.is_empty() { Filter::Off } else { Filter::Kept(text) });
}

fn search_aws(model: &mut Model) -> Option<Effect> {
    let pattern = for_aws(model.groups.list.filter().text())?;
    let request = model.new_request();
    model.groups.search(request, pattern.clone());
    Some(Effect::FindGroups(request, pattern))
}

fn freeze(model: &mut Model) {
    if !model.exports.go_on() {
        model.exports.freeze(model.now);
    }
}

fn dismiss(model: &mut Model) {
    model.messages.dismiss();
    if model.failure.take().is_none() && model.note.take().is_none() && !model.exports.go_on() {
        set_filter(model, Filter::Off);
    }
}

/// What lies over the screen goes, and what was there before it comes back; the place of a lane that could not be added
/// goes with it.
fn close(model: &mut Model) {
    match model.overlay.take() {
        // Whoever stays does not wait for an end either.
        Some(Overlay::Confirm(Confirm::Quit)) => model.life = Life::Running,
        Some(Overlay::AddLane(form)) => lanes::closed(model, &form),
        Some(Overlay::Change(page)) => model.overlay = page.back.map(|back| *back),
        Some(Overlay::Proof(page)) => model.overlay = page.back.map(|back| *back),
        Some(Overlay::Confirm(Confirm::Manifest(page))) => model.overlay = Some(Overlay::Proof(page)),
        Some(Overlay::Help(page)) => model.overlay = page.back.map(|back| *back),
        Some(Overlay::Download(page)) => model.overlay = page.back.map(|back| *back),
        Some(Overlay::Rules(page)) => model.overlay = page.back.map(|back| *back),
        Some(Overlay::Sheet(sheet)) => model.overlay = sheet.back.map(|back| *back),
        Some(Overlay::Creation(page)) => creation::closed(model, page),
        Some(
            Overlay::Palette(_)
            | Overlay::Confirm(_)
            | Overlay::Details(..)
            | Overlay::Review(_)
            | Overlay::Checks(_)
            | Overlay::Messages(_)
            | Overlay::Peek(_)
            | Overlay::Landed(_)
            | Overlay::Reading(_)
            | Overlay::SavePlan(_),
        )
        | None => {}
    }
}

fn reload(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Change(_)) = &model.overlay {
        return change::look_again(model);
    }
    if let Some(Overlay::Proof(_)) = &model.overlay {
        return proof::again(model);
    }
    if let Some(Overlay::Reading(_)) = &model.overlay {
        return reading::again(model);
    }
    if let (Some(Overlay::Landed(_)), Some(landed)) = (&model.overlay, &mut model.landed) {
        landed.list.reload();
        return Vec::new();
    }
    match model.screen {
        Screen::Lanes => return lanes::reload(model),
        Screen::Groups | Screen::Buckets | Screen::Exports | Screen::History | Screen::Form => {}
    }
    let here = model.places.here_id();
    if let Connection::Failed(_) = model.places.here().connection {
        return lanes::reconnect(model, here).into_iter().collect();
    }
    if model.lacks_credentials() {
        return renew(model);
    }
    let place = model.places.here_mut();
    if let Who::Refused(_) = place.who {
        (place.who, place.ask) = (Who::Unknown, Ask::Due);
    }
    if let Some(Overlay::Details(Subject::Bucket(name), _)) = &model.overlay {
        let name = name.clone();
        model.buckets.renew(&name);
        return Vec::new();
    }
    if let Some(Overlay::Rules(page)) = &model.overlay {
        let name = page.bucket.clone();
        model.buckets.renew(&name);
        return Vec::new();
    }
    match model.screen {
        Screen::Groups => model.groups.reload(),
        Screen::Buckets => {
            model.buckets.forget();
            model.buckets.list.reload();
        }
        Screen::History => model.history.reload(),
        // What the form judges names by.
        Screen::Form => {
            model.groups.reload();
            model.buckets.forget();
            model.buckets.list.reload();
            model.checks.refresh(model.now);
        }
        Screen::Exports | Screen::Lanes => {}
    }
    Vec::new()
}

/// Credentials are read anew; the queue that runs goes on with them.
fn renew(model: &mut Model) -> Vec<Effect> {
    if model.places.here().renewal.is_some() {
        model.say(Tone::Note, "credentials are being looked for already");
        return Vec::new();
    }
    let here = model.places.here_id();
    vec![watch::renew(model, here, false)]
}

fn next_status(model: &mut Model) {
    let next = model.history.next_state();
    model.history.set_filter(next, model.now);
}

fn yes(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(question)) = model.overlay.take() else { return Vec::new() };
    match question {
        Confirm::Quit => leave(model),
        Confirm::Cancel(id) => queue::cancel(model, id),
        Confirm::CancelPlan(plan) => queue::cancel_plan(model, plan),
        Confirm::Replace(again) => form::fill(model, &again),
        Confirm::Twice(elsewhere) => queue::retry_twice(model, elsewhere.into_iter().map(|(id, _)| id).collect()),
        Confirm::Manifest(page) => proof::write(model, page),
        Confirm::Unchecked => {
            form::draft(model).set_unchecked(true);
            Vec::new()
        }
    }
}

/// Asks first if work would stand still, or is under way; a second time it does not ask.
fn quit(model: &mut Model) -> Vec<Effect> {
    let asked = matches!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
    if model.leaves_work() && !asked && model.life != Life::Finishing {
        model.overlay = Some(Overlay::Confirm(Confirm::Quit));
        return Vec::new();
    }
    leave(model)
}

/// Goes on until nothing would stand still any more, and ends then.
fn quit_when_done(model: &mut Model) {
    model.overlay = None;
    model.life = Life::Waiting;
}

/// Begins to end; whoever asks again is not kept waiting.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    match std::mem::replace(&mut model.life, Life::Finishing) {
        Life::Running | Life::Waiting => vec![Effect::Quit],
        Life::Finishing => vec![Effect::QuitAtOnce],
    }
}
