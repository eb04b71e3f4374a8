//! A task moved: what is worth a message, and what makes the history stale.

use crate::domain::task::{State, Task};
use crate::export::Transition;
use crate::tui::model::{Model, Tone};

/// Takes a move in.
pub fn take(model: &mut Model, transition: &Transition) {
    let task = &transition.task;
    if let Some((tone, text)) = message(transition.before, transition.moment.state, task) {
        model.say(tone, text);
    }
    // AWS's list has changed: its first page is loaded anew as soon as somebody looks.
    model.history.follow(task);
}

/// Of the move from `before` to `after`; `task` may have moved on since.
fn message(before: State, after: State, task: &Task) -> Option<(Tone, String)> {
    let group = &task.spec.group;
    match after {
        State::Completed if task.is_empty() => {
            Some((Tone::Warning, format!("completed, but empty: {group} (its details say why that may be)")))
        }
        State::Completed if task.counted => Some((Tone::Good, format!("completed: {group}, {}", task.landed))),
        State::Completed => Some((Tone::Warning, format!("completed: {group}, what landed could not be counted"))),
        State::Failed => Some((Tone::Bad, format!("failed: {group}: {}", cause(task)))),
        State::Cancelled if task.counted && !task.landed.is_empty() => {
            let place = task.spec.destination.store.word();
            Some((Tone::Note, format!("cancelled: {group}; left in the {place}: {}", task.landed)))
        }
        State::Cancelled if task.uncounted.is_some() => {
            Some((Tone::Warning, format!("cancelled: {group}, what landed could not be counted")))
        }
        State::Cancelled => Some((Tone::Note, format!("cancelled: {group}"))),
        // Refused: AWS ends neither what waits with it nor what runs.
        State::Pending | State::Running if before == State::Cancelling => {
            Some((Tone::Bad, format!("not cancelled: {group}: {}", cause(task))))
        }
        State::Queued | State::Launching | State::Pending | State::Running | State::Cancelling => None,
    }
}

fn cause(task: &Task) -> &'static str {
    task.problem.as_ref().map_or("AWS gave no reason", |problem| problem.explain().cause)
}
