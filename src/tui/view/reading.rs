//! The page of an object that is read: its text, what is looked for marked in it, and how it ends.

use ratatui::Frame;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::problem;
use crate::domain::verify::object::Damage;
use crate::export::landed::End;
use crate::tui::cells::{counted, fit_end, fit_middle, thousands};
use crate::tui::landed::reading::{PromptOf, Reading, Wish};
use crate::tui::landed::rows::{Run, cut, fold};
use crate::tui::layout::{Areas, Pane, pane};
use crate::tui::line::window;
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};

/// Cells of a text that is typed at the title.
const TYPED: usize = 30;

/// Draws the page.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let Some(reading) = &model.reading else { return };
    let (theme, pane) = (model.settings.theme, pane(model));
    out.render_widget(title(theme, reading, pane, usize::from(areas.title.width)), areas.title);
    if let Some(trouble) = &reading.problem {
        return problem::page(theme, out, areas.body, trouble);
    }
    out.render_widget(Paragraph::new(text(theme, reading, pane)), areas.body);
}

/// The object's name, which of its lines are in sight, and what is looked for or typed.
fn title(theme: Theme, reading: &Reading, pane: Pane, width: usize) -> Line<'static> {
    let asked = asked(theme, reading);
    let used: usize = asked.iter().map(Span::width).sum();
    let state = state(reading, pane);
    let room = width.saturating_sub(used + 3);
    let name = fit_middle(&reading.object.name, room.saturating_sub(state.chars().count()).max(room / 2));
    let left = room.saturating_sub(name.chars().count());
    let mut spans = vec![
        Span::styled(format!(" {name}"), theme.style(Role::Title)),
        Span::styled(format!("  {}", fit_end(&state, left)), theme.style(Role::Muted)),
    ];
    spans.extend(asked);
    Line::from(spans)
}

fn asked(theme: Theme, reading: &Reading) -> Vec<Span<'static>> {
    match &reading.prompt {
        Some(prompt) => {
            let label = match prompt.of {
                PromptOf::Text => "  / ",
                PromptOf::Line => "  line ",
            };
            let (shown, _) = window(prompt.entry.input(), TYPED);
            vec![
                Span::styled(label, theme.style(Role::Key)),
                Span::styled(shown, theme.style(Role::Text)),
                Span::styled(" ", theme.style(Role::Cursor)),
            ]
        }
        None if reading.sought.is_empty() => Vec::new(),
        None => vec![
            Span::styled("  / ", theme.style(Role::Key)),
            Span::styled(fit_middle(&reading.sought, TYPED), theme.style(Role::Marked)),
        ],
    }
}

/// `lines 1–20 of 300`, or how far the reading is.
fn state(reading: &Reading, pane: Pane) -> String {
    if let Some((lines, read)) = reading.going {
        let what = match reading.asked {
            Some((_, Wish::Match(_))) => "looking",
            Some((_, Wish::Lines | Wish::Last)) | None => "reading",
        };
        return format!("{what}: {}, {read} of {}…", counted(lines, "line"), reading.object.size);
    }
    let known = reading.lines.known;
    if known == 0 {
        return if reading.lines.end.is_some() { "no lines".to_owned() } else { "reading…".to_owned() };
    }
    let last = reading.last_in_sight(pane);
    let plus = if reading.lines.end.is_some() { "" } else { "+" };
    format!("lines {}–{} of {}{plus}", thousands(reading.top + 1), thousands(last), thousands(known))
}

fn text(theme: Theme, reading: &Reading, pane: Pane) -> Vec<Line<'static>> {
    let mut shown = Vec::new();
    let mut skip = reading.skip;
    for number in reading.top..reading.loaded() {
        if shown.len() >= pane.height {
            return shown;
        }
        let line = reading.line(number).unwrap_or_default();
        let here = reading.hit == Some(number);
        let rows = if reading.wrap {
            fold(line, &reading.sought, pane.width)
        } else {
            vec![cut(line, &reading.sought, reading.left, pane.width)]
        };
        let rows = rows.into_iter().skip(std::mem::take(&mut skip));
        shown.extend(rows.take(pane.height - shown.len()).map(|row| styled(theme, row, here)));
    }
    if reading.has_end() && shown.len() < pane.height {
        shown.push(end(theme, reading, pane));
    }
    shown
}

fn styled(theme: Theme, row: Vec<Run>, here: bool) -> Line<'static> {
    let look = |hit| match (hit, here) {
        (false, _) => theme.style(Role::Text),
        (true, true) => theme.style(Role::Cursor),
        (true, false) => theme.style(Role::Marked).add_modifier(Modifier::UNDERLINED),
    };
    let mark = Span::styled(if here { "›" } else { " " }, theme.style(Role::Marked));
    let runs = row.into_iter().map(|(text, hit)| Span::styled(text, look(hit)));
    Line::from(std::iter::once(mark).chain(runs).collect::<Vec<_>>())
}

/// What stands behind the last line: how the object ends.
fn end(theme: Theme, reading: &Reading, pane: Pane) -> Line<'static> {
    let (told, role) = match reading.lines.end {
        Some(End { damage: Some(damage @ Damage::NotGzip), .. }) => {
            (format!("✗ {damage}: nothing of it can be shown"), Role::Bad)
        }
        Some(End { damage: Some(damage), .. }) => (format!("✗ damaged: {damage}"), Role::Bad),
        Some(End { packed: false, .. }) => ("end: it is no gzip file, and shown as it is".to_owned(), Role::Warning),
        Some(End { packed: true, damage: None }) | None => ("end".to_owned(), Role::Muted),
    };
    Line::styled(format!(" {}", fit_end(&format!("── {told} ──"), pane.width)), theme.style(role))
}
