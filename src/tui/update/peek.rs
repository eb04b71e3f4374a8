//! Peeking before exporting: opening the page, going from log group to log group, giving up.

use std::time::Duration;

use crate::domain::names::LogGroupName;
use crate::domain::time::TimeRange;
use crate::export::{NoPeek, Peeked};
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Overlay, Screen, Tone};
use crate::tui::peek::{PeekPage, Stage, Wanted};

/// What is looked at where no form says otherwise.
const RECENT: Duration = Duration::from_hours(24);

/// Opens the page: for what stands in the form, or for the marked log groups, or the one under the cursor.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let wanted = match model.screen {
        Screen::Form => model.form.as_ref().map_or(Err("no log group here"), |form| form.peek(&model.form_context())),
        Screen::Groups => of_listing(model),
        Screen::Buckets | Screen::Exports | Screen::History | Screen::Lanes => Err("no log group here"),
    };
    match wanted {
        Ok(wanted) => look(model, wanted, 0),
        Err(why) => {
            model.say(Tone::Note, why);
            Vec::new()
        }
    }
}

/// Over the range of the form, if it has one.
fn of_listing(model: &Model) -> Result<Wanted, &'static str> {
    let marked = model.groups.marks.iter().cloned();
    let mut names: Vec<String> = marked.collect();
    if names.is_empty() {
        names.extend(model.groups.list.current().map(|group| group.name.to_string()));
    }
    let groups: Vec<LogGroupName> = names.iter().filter_map(|name| LogGroupName::parse(name).ok()).collect();
    if groups.is_empty() {
        return Err("no log group here");
    }
    let of_form = model.form.as_ref().and_then(|form| form.range(&model.form_context()));
    let recent = || TimeRange::new(model.now.before(RECENT), model.now).ok();
    let range = of_form.or_else(recent).ok_or("the clock of this machine is wrong")?;
    Ok(Wanted { groups, range, streams: None })
}

/// Begins to look at one of the log groups.
fn look(model: &mut Model, wanted: Wanted, at: usize) -> Vec<Effect> {
    if model.link().is_none() {
        model.say(Tone::Note, "not connected yet: try again when it is");
        return Vec::new();
    }
    let request = model.new_request();
    let page = PeekPage { wanted, at, stage: Stage::Asked(request), top: 0 };
    let Some(subject) = page.subject() else { return Vec::new() };
    let listed = model.groups.list.rows().iter().find(|group| *group.name == *subject.group.as_str());
    let class = listed.map(|group| group.class.clone());
    model.peeking = Some(request);
    model.overlay = Some(Overlay::Peek(page));
    vec![Effect::Peek { request, at: subject, class }]
}

/// Looks at the log group `by` further in the list, which comes round.
pub fn turn(model: &mut Model, by: usize) -> Vec<Effect> {
    let Some(Overlay::Peek(page)) = &model.overlay else { return Vec::new() };
    let (wanted, at) = (page.wanted.clone(), (page.at + by) % page.wanted.groups.len().max(1));
    look(model, wanted, at)
}

/// To the log group before.
pub fn back(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Peek(page)) = &model.overlay else { return Vec::new() };
    let by = page.wanted.groups.len().saturating_sub(1);
    turn(model, by)
}

/// What was seen.
pub fn seen(model: &mut Model, request: RequestId, answer: Result<Peeked, NoPeek>) {
    let Some(Overlay::Peek(page)) = &mut model.overlay else { return };
    if page.asked() == Some(request) {
        page.stage = match answer {
            Ok(peeked) => Stage::Seen(Box::new(peeked)),
            Err(why) => Stage::Refused(why),
        };
        model.peeking = None;
    }
}

/// Gives up what nobody looks at any more. `update` calls it after every message.
pub fn due(model: &mut Model) -> Option<Effect> {
    let watched = match &model.overlay {
        Some(Overlay::Peek(page)) => page.asked(),
        _ => None,
    };
    let left = model.peeking.take_if(|peeking| Some(*peeking) != watched);
    left.map(|_| Effect::StopPeek)
}
