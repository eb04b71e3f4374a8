//! The form for a new bucket, or for a lifecycle rule: fields, errors under them, and what they come to.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::problem::field;
use super::title;
use crate::domain::lifecycle::NewRule;
use crate::tui::cells::{fit_end, pad, wrap};
use crate::tui::layout::Areas;
use crate::tui::line::window;
use crate::tui::model::Model;
use crate::tui::sheet::{Item, Purpose, Sheet, Value};
use crate::tui::theme::{Role, Theme};

/// Cells of the cursor's mark and the label, left of the bar.
const LABEL: usize = 20;

/// Lines under a field that belong to it: an error or a hint, and a second line of it.
const NOTES: usize = 2;

/// What every bucket created here is like.
const ALWAYS: &str = "Block Public Access on, encryption SSE-S3, its owner owns every object";

/// Lines, and where the cursor is among them.
#[derive(Default)]
struct Rows {
    lines: Vec<Line<'static>>,
    /// The line of the field under the cursor.
    focus: usize,
    /// The column of the terminal's cursor in it, where one types.
    cursor: Option<usize>,
}

/// Draws it, scrolled to the field under the cursor.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas, sheet: &Sheet) {
    let theme = model.settings.theme;
    let body = areas.body;
    title(theme, out, areas.title, &fit_end(&name(sheet), usize::from(body.width)), "", None);
    let rows = rows(model, sheet, usize::from(body.width));
    let height = usize::from(body.height);
    let top = (rows.focus + NOTES + 1).saturating_sub(height).min(rows.focus);
    let seen: Vec<Line<'_>> = rows.lines.into_iter().skip(top).take(height).collect();
    out.render_widget(Paragraph::new(seen), body);
    place_cursor(out, body, rows.cursor, rows.focus - top);
}

fn place_cursor(out: &mut Frame<'_>, body: Rect, column: Option<usize>, row: usize) {
    let Some(Ok(column)) = column.map(u16::try_from) else { return };
    let Ok(row) = u16::try_from(row) else { return };
    if column < body.width && row < body.height {
        out.set_cursor_position((body.x + column, body.y + row));
    }
}

fn name(sheet: &Sheet) -> String {
    match &sheet.purpose {
        Purpose::Bucket => "New bucket".to_owned(),
        Purpose::Rule { bucket, old: None, .. } => format!("New lifecycle rule · {bucket}"),
        Purpose::Rule { bucket, old: Some(old), .. } => format!("Lifecycle rule {} · {bucket}", old.id()),
    }
}

fn rows(model: &Model, sheet: &Sheet, width: usize) -> Rows {
    let theme = model.settings.theme;
    let mut rows = Rows::default();
    if sheet.purpose == Purpose::Bucket {
        rows.lines.extend(place(model, width));
    }
    for (item, value) in sheet.fields() {
        if *item == Item::Archive {
            rows.lines.push(Line::default());
        }
        let here = sheet.here() == Some(*item);
        if here {
            rows.focus = rows.lines.len();
            rows.cursor = cursor(value, width);
        }
        rows.lines.push(line(theme, *item, value, here, width));
        rows.lines.extend(note(theme, sheet, *item, here, width));
    }
    rows.lines.push(Line::default());
    rows.lines.extend(outcome(theme, sheet, width));
    rows
}

/// What is not asked.
fn place(model: &Model, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let place = model.places.here().lane().map(|lane| format!("{}, account {}", lane.region, lane.account));
    let mut lines = field(theme, "Region", &place.unwrap_or_default(), Role::Text, width);
    lines.extend(field(theme, "Always", ALWAYS, Role::Text, width));
    lines.push(Line::default());
    lines
}

fn room(width: usize) -> usize {
    width.saturating_sub(LABEL + 2)
}

fn cursor(value: &Value, width: usize) -> Option<usize> {
    match value {
        Value::Text(entry) => Some(LABEL + 1 + window(entry.input(), room(width)).1),
        Value::Choice(_) => None,
    }
}

fn line(theme: Theme, item: Item, value: &Value, here: bool, width: usize) -> Line<'static> {
    let (text, role) = match value {
        Value::Text(entry) if entry.value().is_empty() => (fit_end(item.empty(), room(width)), Role::Muted),
        Value::Text(entry) => (window(entry.input(), room(width)).0, Role::Text),
        Value::Choice(at) => {
            let chosen = item.choices().get(*at).copied().unwrap_or_default();
            (fit_end(&if here { format!("‹ {chosen} ›") } else { chosen.to_owned() }, room(width)), Role::Text)
        }
    };
    let (mark, bar) = if here { ("▸", "┃") } else { (" ", "│") };
    Line::from(vec![
        Span::styled(format!(" {mark} {}{bar}", pad(item.label(), LABEL - 4, false)), theme.style(Role::Key)),
        Span::styled(format!(" {text}"), theme.style(role)),
        Span::styled(if role == Role::Text { item.unit() } else { "" }, theme.style(Role::Muted)),
    ])
}

/// The error of a field; under the cursor a hint in its place, so that nothing jumps while one types.
fn note(theme: Theme, sheet: &Sheet, item: Item, here: bool, width: usize) -> Vec<Line<'static>> {
    let (text, role) = match sheet.error(item) {
        Some(error) => (format!("✗ {error}"), Role::Bad),
        None if here => (item.hint().to_owned(), Role::Muted),
        None => return Vec::new(),
    };
    let lines = wrap(&text, room(width)).into_iter().take(NOTES);
    lines.map(|text| Line::styled(format!("{:1$}{text}", "", LABEL + 1), theme.style(role))).collect()
}

/// What it comes to.
fn outcome(theme: Theme, sheet: &Sheet, width: usize) -> Vec<Line<'static>> {
    let Some(rule) = sheet.rule_so_far() else { return Vec::new() };
    let mut lines = field(theme, "Rule", &sentence(&rule), Role::Text, width);
    lines.extend(rule.hints().iter().flat_map(|hint| field(theme, "", hint, Role::Muted, width)));
    lines
}

/// `on exportedlogs/: expire after 30 d`.
fn sentence(rule: &NewRule) -> String {
    let scope = if rule.prefix().is_empty() { "the whole bucket" } else { rule.prefix() };
    format!("on {scope}: {rule}")
}
