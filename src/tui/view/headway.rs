//! How far direct exports have come: in a row of the queue, and in the details of a task.

use unicode_width::UnicodeWidthStr;

use crate::domain::direct::headway::Share;
use crate::domain::direct::telling::{Telling, streams};
use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;
use crate::tui::cells::thousands;
use crate::tui::model::Model;

/// Cells of the bar in a row; what was read stands behind it.
const BAR: u32 = 5;

/// Between what is told in a row.
const BETWEEN: &str = " · ";

/// What is told by `now` of a direct export at work, as much of it as fits whole into `room` cells.
pub fn brief(model: &Model, task: &Task, now: Timestamp, room: usize) -> Option<String> {
    let headway = task.headway.as_ref().filter(|_| task.state == State::Running)?;
    let parts = Telling { headway, speed: model.exports.shown_speed(task.id), now }.parts();
    let mut told = String::new();
    for part in parts {
        let between = if told.is_empty() { "" } else { BETWEEN };
        if told.width() + between.width() + part.width() <= room {
            told.push_str(between);
            told.push_str(&part);
        }
    }
    Some(told).filter(|told| !told.is_empty())
}

/// `▰▰▱▱▱ ~42%`: how much of the range was read, as far as it can be said.
pub fn bar(task: &Task) -> Option<String> {
    let percent = task.headway?.read.map(Share::percent)?;
    let full = percent * BAR / 100;
    let cells: String = (0..BAR).map(|cell| if cell < full { '▰' } else { '▱' }).collect();
    Some(format!("{cells} ~{percent}%"))
}

/// The rows of a task's details, by their labels; empty ones are not shown.
pub fn rows(model: &Model, task: &Task) -> [(&'static str, String); 6] {
    let Some(headway) = &task.headway else { return Default::default() };
    let telling = Telling { headway, speed: model.exports.speed(task.id), now: model.now };
    let live = Some(telling).filter(|_| task.state == State::Running);
    let share = live.and_then(Telling::share).map(|share| format!(", {share} of the range")).unwrap_or_default();
    let optional = |text: Option<String>| text.unwrap_or_default();
    [
        ("Read", format!("{} events, {} of lines{share}", thousands(headway.events), headway.raw)),
        ("Uploaded", format!("{} compressed", headway.uploaded)),
        ("Streams", streams(headway)),
        ("Speed", optional(live.and_then(Telling::speed))),
        ("Held up by", optional(live.and(headway.bound).map(|bound| bound.to_string()))),
        ("Left", optional(live.and_then(Telling::left).map(|left| format!("{left} to read the rest")))),
    ]
}
