//! Questions before something is done, in a box over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph};

use super::task_words::window;
use crate::domain::task::{State, Task};
use crate::tui::cells::{fit_middle, wrap};
use crate::tui::model::{Confirm, Model};
use crate::tui::theme::Role;

/// Tasks named one by one; the rest are counted.
const NAMED: usize = 4;

/// Draws the question in the middle of `area`.
pub fn draw(model: &Model, out: &mut Frame<'_>, area: Rect, question: Confirm) {
    let theme = model.settings.theme;
    let width = area.width.saturating_sub(4).min(72);
    let inner = usize::from(width.saturating_sub(4));
    let (title, mut lines) = match question {
        Confirm::Quit => (" Quit? ", quit(model, inner)),
        Confirm::Cancel(id) => (" Cancel this export? ", cancel(model.task(id).map(AsRef::as_ref), inner)),
    };
    let most = usize::from(area.height.saturating_sub(2));
    lines.truncate(most);
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let block = Block::bordered().title(title).border_style(theme.style(Role::Warning));
    let text: Vec<Line<'_>> = lines.into_iter().map(|line| Line::from(format!(" {line}"))).collect();
    out.render_widget(Clear, place);
    out.render_widget(Paragraph::new(text).block(block), place);
}

fn quit(model: &Model, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut part = |words: &str, is: fn(State) -> bool| {
        let names: Vec<&str> = model.tasks_where(is).map(|task| task.spec.group.as_str()).collect();
        if names.is_empty() {
            return;
        }
        lines.extend(wrap(words, width));
        lines.extend(names.iter().take(NAMED).map(|name| format!("  {}", fit_middle(name, width - 2))));
        if names.len() > NAMED {
            lines.push(format!("  and {} more", names.len() - NAMED));
        }
    };
    part("Goes on in AWS after quitting:", State::is_in_aws);
    part("Is given up, AWS never heard of it:", |state| state == State::Queued);
    lines.push("y quit   n stay".to_owned());
    lines
}

fn cancel(task: Option<&Task>, width: usize) -> Vec<String> {
    let Some(task) = task else { return vec!["It is gone already.   n close".to_owned()] };
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
    lines.push("y cancel it   n leave it".to_owned());
    lines
}
