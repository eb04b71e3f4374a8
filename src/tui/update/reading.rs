//! Reading one object: opening it, scrolling, looking for a text, and asking for the lines that are missing.

use std::sync::Arc;

use crate::domain::problem::Problem;
use crate::export::landed::{Answer, Ask, Lines, ObjectAt};
use crate::tui::effect::Effect;
use crate::tui::entry::Entry;
use crate::tui::landed::reading::{Prompt, PromptOf, Reading, ReadingAction, ReadingPage, Wish};
use crate::tui::landed::talk::Errand;
use crate::tui::layout::pane;
use crate::tui::list::{Motion, RequestId};
use crate::tui::model::{Model, Overlay, Tone};

/// Does what a key asks for.
pub fn perform(model: &mut Model, action: ReadingAction) -> Vec<Effect> {
    let seen = pane(model);
    match action {
        ReadingAction::Open => open(model),
        ReadingAction::Leave => return leave(model),
        ReadingAction::Match(below) => return look(model, below),
        ReadingAction::Answer => return answer(model),
        ReadingAction::AskText => ask(model, PromptOf::Text),
        ReadingAction::AskLine => ask(model, PromptOf::Line),
        ReadingAction::Abandon => change(model, |reading| reading.prompt = None),
        ReadingAction::Wrap => change(model, |reading| {
            reading.wrap = !reading.wrap;
            (reading.skip, reading.left) = (0, 0);
        }),
        ReadingAction::Shift(right) => change(model, |reading| reading.shift(right, seen)),
    }
    Vec::new()
}

fn change(model: &mut Model, change: impl FnOnce(&mut Reading)) {
    if let Some(reading) = &mut model.reading {
        change(reading);
    }
}

fn open(model: &mut Model) {
    let Some(landed) = &model.landed else { return };
    let Some(object) = landed.list.current().cloned() else { return };
    let folder = &landed.folder;
    let at = ObjectAt { bucket: folder.bucket.clone(), region: landed.region.clone(), key: folder.key(&object.name) };
    model.reading = Some(Box::new(Reading::new(object, at, landed.place)));
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Reading(ReadingPage { back }));
}

/// What is looked for goes first, then the page.
fn leave(model: &mut Model) -> Vec<Effect> {
    if let Some(reading) = &mut model.reading
        && !reading.sought.is_empty()
    {
        let looking = matches!(reading.asked, Some((_, Wish::Match(_))));
        (reading.asked, reading.hit) = (reading.asked.filter(|_| !looking), None);
        reading.sought.clear();
        return Vec::new();
    }
    if let Some(Overlay::Reading(page)) = model.overlay.take() {
        model.overlay = page.back.map(|back| *back);
    }
    model.reading = None;
    vec![Effect::Landed(Errand::StopReading)]
}

/// Reads it once more from where it lies.
pub fn again(model: &mut Model) -> Vec<Effect> {
    change(model, |reading| {
        (reading.lines, reading.asked, reading.going, reading.problem) = (Lines::default(), None, None, None);
    });
    vec![Effect::Landed(Errand::StopReading)]
}

/// Scrolls; the end is where it has to be read to.
pub fn walk(model: &mut Model, motion: Motion) {
    let seen = pane(model);
    let Some(reading) = &mut model.reading else { return };
    if motion == Motion::Last {
        reading.wants_last = true;
    }
    reading.scroll(motion, seen);
}

fn ask(model: &mut Model, of: PromptOf) {
    change(model, |reading| {
        let text = if of == PromptOf::Text { reading.sought.clone() } else { String::new() };
        reading.prompt = Some(Prompt { of, entry: Entry::new(text) });
    });
}

/// Takes what was typed at the title.
fn answer(model: &mut Model) -> Vec<Effect> {
    let seen = pane(model);
    let Some(reading) = &mut model.reading else { return Vec::new() };
    let Some(prompt) = reading.prompt.take() else { return Vec::new() };
    let typed = prompt.entry.value();
    match prompt.of {
        PromptOf::Text => {
            typed.clone_into(&mut reading.sought);
            reading.hit = None;
            return if typed.is_empty() { Vec::new() } else { look(model, true) };
        }
        PromptOf::Line => match typed.trim().parse::<u64>() {
            Ok(number @ 1..) => {
                (reading.hit, reading.top, reading.skip) = (Some(number - 1), 0, 0);
                reading.go_to(number - 1, seen);
            }
            Ok(0) | Err(_) => model.say(Tone::Note, "a line has a number from 1 on"),
        },
    }
    Vec::new()
}

/// Looks for the next line with the text, below the last one or above it.
fn look(model: &mut Model, below: bool) -> Vec<Effect> {
    let request = model.new_request();
    let Some(reading) = &mut model.reading else { return Vec::new() };
    let from = match (reading.hit, below) {
        (Some(hit), true) => hit + 1,
        (Some(hit), false) => hit,
        (None, _) => reading.top,
    };
    let ask = Ask::Find { text: reading.sought.clone(), from, forward: below };
    (reading.asked, reading.going) = (Some((request, Wish::Match(below))), None);
    vec![errand(reading, request, ask)]
}

fn errand(reading: &Reading, request: RequestId, ask: Ask) -> Effect {
    Effect::Landed(Errand::Read { request, place: reading.place, at: Arc::clone(&reading.at), ask })
}

/// What is to be asked for now. `update` calls it after every message.
pub fn due(model: &mut Model) -> Option<Effect> {
    let seen = pane(model);
    let reading = model.reading.as_deref_mut()?;
    if reading.problem.is_some() {
        return None;
    }
    let (ask, wish) = if std::mem::take(&mut reading.wants_last) {
        // In a page of folded lines there are fewer of them.
        (Ask::Last(seen.height as u64), Wish::Last)
    } else if reading.asked.is_none() {
        (reading.missing(seen)?, Wish::Lines)
    } else {
        return None;
    };
    let request = model.new_request();
    let reading = model.reading.as_deref_mut()?;
    (reading.asked, reading.going) = (Some((request, wish)), None);
    Some(errand(reading, request, ask))
}

/// Takes an answer in, if it is the one that is waited for.
pub fn take(model: &mut Model, request: RequestId, answer: Answer) {
    let seen = pane(model);
    let Some(reading) = &mut model.reading else { return };
    let Some((_, wish)) = reading.asked.filter(|(asked, _)| *asked == request) else { return };
    match answer {
        Answer::Going(lines, read) => reading.going = Some((lines, read)),
        Answer::Lines(lines) => {
            reading.learn(lines, seen);
            (reading.asked, reading.going) = (None, None);
        }
        Answer::Found(line) => {
            (reading.asked, reading.going) = (None, None);
            found(model, line, wish);
        }
        Answer::Refused(problem) => refused(reading, problem),
    }
}

fn refused(reading: &mut Reading, problem: Box<Problem>) {
    (reading.asked, reading.going, reading.problem) = (None, None, Some(problem));
}

fn found(model: &mut Model, line: Option<u64>, wish: Wish) {
    let seen = pane(model);
    let Some(reading) = &mut model.reading else { return };
    if let Some(line) = line {
        reading.hit = Some(line);
        if !reading.is_in_sight(line, seen) {
            reading.go_to(line, seen);
        }
        return;
    }
    let where_else = match (wish, reading.hit) {
        (Wish::Match(true), Some(_)) => "below: N goes back up",
        (Wish::Match(true), None) => "from here on: g goes to the beginning, N looks above",
        (Wish::Match(false) | Wish::Lines | Wish::Last, _) => "above: n goes down again",
    };
    let text = format!("no \u{201c}{}\u{201d} {where_else}", reading.sought);
    model.say(Tone::Note, text);
}
