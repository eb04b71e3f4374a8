//! Questions before something is done, in a box over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph};

use super::task_words::window;
use crate::domain::names::RemoteId;
use crate::domain::task::{State, Task};
use crate::tui::cells::{fit_middle, wrap};
use crate::tui::model::{Confirm, Model};
use crate::tui::theme::Role;

/// Tasks named one by one, where there is room; the rest are counted.
const NAMED: usize = 4;

/// What becomes of tasks in these states when the program quits now.
const FATES: &[(&[State], &str)] = &[
    (&[State::Pending, State::Running], "Goes on in AWS after quitting:"),
    (&[State::Launching], "Is being launched, and may or may not have reached AWS:"),
    (&[State::Cancelling], "Is being cancelled; AWS ends it, or refuses and goes on:"),
    (&[State::Queued], "Is given up, AWS never heard of it:"),
];

/// Draws the question in the middle of `area`.
pub fn draw(model: &Model, out: &mut Frame<'_>, area: Rect, question: &Confirm) {
    let theme = model.settings.theme;
    let width = area.width.saturating_sub(4).min(72);
    let inner = usize::from(width.saturating_sub(4));
    // Two lines of frame and one of keys, which are never cut.
    let room = usize::from(area.height.saturating_sub(3));
    let (title, mut lines, keys) = match question {
        Confirm::Quit => (" Quit? ", quit(model, inner, room), "y quit   n stay"),
        Confirm::Cancel(id) => match model.task(*id) {
            Some(task) => (" Cancel this export? ", cancel(task, inner), "y cancel it   n leave it"),
            None => (" Cancel this export? ", vec!["It is gone already.".to_owned()], "n close"),
        },
        Confirm::Replace(id) => {
            (" Replace what is in the export form? ", replace(model, id, inner), "y replace it   n keep it")
        }
    };
    lines.truncate(room);
    lines.push(keys.to_owned());
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let block = Block::bordered().title(title).border_style(theme.style(Role::Warning));
    let text: Vec<Line<'_>> = lines.into_iter().map(|line| Line::from(format!(" {line}"))).collect();
    out.render_widget(Clear, place);
    out.render_widget(Paragraph::new(text).block(block), place);
}

/// As many names as fit into `room` lines.
fn quit(model: &Model, width: usize, room: usize) -> Vec<String> {
    let all = (0..=NAMED).rev().map(|named| fates(model, width, named));
    let mut shortest = Vec::new();
    for lines in all {
        if lines.len() <= room {
            return lines;
        }
        shortest = lines;
    }
    shortest
}

fn fates(model: &Model, width: usize, named: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if model.is_submitting() {
        lines.extend(wrap("An export is being queued: it is given up.", width));
    }
    for (states, words) in FATES {
        let groups: Vec<&str> =
            model.tasks_where(|state| states.contains(&state)).map(|task| task.spec.group.as_str()).collect();
        match (groups.len(), named) {
            (0, _) => {}
            (many, 0) => lines.push(fit_middle(&format!("{words} {many}"), width)),
            (many, _) => {
                lines.extend(wrap(words, width));
                lines.extend(groups.iter().take(named).map(|name| format!("  {}", fit_middle(name, width - 2))));
                if many > named {
                    lines.push(format!("  and {} more", many - named));
                }
            }
        }
    }
    lines
}

fn cancel(task: &Task, width: usize) -> Vec<String> {
    let mut lines = vec![fit_middle(task.spec.group.as_str(), width)];
    lines.push(fit_middle(&window(task.spec.window.from(), task.spec.window.to()), width));
    let after = match task.state {
        State::Queued => "AWS has not heard of it: nothing is left behind.",
        State::Launching | State::Pending | State::Running | State::Cancelling => {
            "What has landed in the bucket stays there."
        }
        State::Completed | State::Failed | State::Cancelled => "It has ended meanwhile.",
    };
    lines.extend(wrap(after, width));
    lines
}

fn replace(model: &Model, id: &RemoteId, width: usize) -> Vec<String> {
    let group = model.past(id).map_or("", |task| task.group.as_str());
    let mut lines = wrap("Something was typed in it. It would be filled from the past export of", width);
    lines.push(fit_middle(group, width));
    lines
}
