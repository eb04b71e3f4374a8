//! Everything that was said, the last first.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::task_words::{day, second};
use crate::tui::cells::{thousands, wrap};
use crate::tui::messages::Entry;
use crate::tui::model::{Model, Tone};
use crate::tui::theme::Role;

/// Cells of the longest word for a tone.
const WORD: usize = 7;

/// The word for a tone, and its look.
pub const fn tone(tone: Tone) -> (&'static str, Role) {
    match tone {
        Tone::Note => ("note", Role::Muted),
        Tone::Good => ("done", Role::Good),
        Tone::Warning => ("warning", Role::Warning),
        Tone::Bad => ("error", Role::Bad),
    }
}

/// Title and lines of at most `width` cells.
pub fn page(model: &Model, width: usize) -> (String, Vec<Line<'static>>) {
    let theme = model.settings.theme;
    let mut lines = Vec::new();
    let mut date = day(model.now);
    for entry in model.messages.newest_first() {
        let said = day(entry.last);
        if said != date {
            lines.push(Line::styled(format!(" {said}"), theme.style(Role::Title)));
            date = said;
        }
        lines.extend(shown(model, entry, width));
    }
    if lines.is_empty() {
        let empty = "Nothing was said yet: what stands on the line above the keys is kept here.";
        lines.extend(
            wrap(empty, width.saturating_sub(2))
                .into_iter()
                .map(|line| Line::styled(format!(" {line}"), theme.style(Role::Muted))),
        );
    }
    (title(model), lines)
}

fn title(model: &Model) -> String {
    let errors = model.messages.newest_first().filter(|entry| entry.tone == Tone::Bad).count();
    match errors {
        0 => "Messages".to_owned(),
        1 => "Messages · 1 error".to_owned(),
        many => format!("Messages · {} errors", thousands(many)),
    }
}

/// `12:04:31Z  error    the words`, wrapped under themselves.
fn shown(model: &Model, entry: &Entry, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let (word, role) = tone(entry.tone);
    let repeated = match entry.times {
        1 => String::new(),
        times => format!(" ({} times since {})", thousands(times), since(entry)),
    };
    let when = format!(" {}  ", second(entry.last));
    let word = format!("{word:<WORD$}  ");
    let indent = when.width() + word.width();
    let text = wrap(&format!("{}{repeated}", entry.text), width.saturating_sub(indent + 1));
    let line = |(at, text): (usize, String)| {
        let text = Span::styled(text, theme.style(Role::Text));
        if at > 0 {
            return Line::from(vec![Span::raw(" ".repeat(indent)), text]);
        }
        let when = Span::styled(when.clone(), theme.style(Role::Muted));
        Line::from(vec![when, Span::styled(word.clone(), theme.style(role)), text])
    };
    text.into_iter().enumerate().map(line).collect()
}

fn since(entry: &Entry) -> String {
    let (first, last) = (day(entry.first), day(entry.last));
    if first == last { second(entry.first) } else { format!("{first} {}", second(entry.first)) }
}
