//! Painting: the form's lines into their area, scrolled to the cursor, and the picker over them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};
use unicode_width::UnicodeWidthStr;

use super::calendar::{self, Calendar};
use super::check::Checked;
use super::fields::Field;
use super::picker::Picker;
use super::popup::Popup;
use super::rows::{LABEL_CELLS, Rows, rows};
use super::{Form, FormContext};
use crate::domain::inventory::Encryption;
use crate::tui::cells::{fit_end, fit_middle, pad};
use crate::tui::checks::{panel, summary};
use crate::tui::hits::{moved, underlined};
use crate::tui::line::window;
use crate::tui::search::Search;
use crate::tui::theme::{Role, Theme};

/// From this many cells on the checks stand beside the form.
const WIDE: u16 = 110;

/// Cells of the form where there are more than both need: no hint in it is cut then.
const FORM_CELLS: u16 = 81;

/// Cells of the checks beside it: sign, verdict and check take 36 of them.
const CHECKS_LEAST: u16 = 39;

/// Longer lines of reasons are hard to read.
const CHECKS_MOST: u16 = 96;

/// Lines under a stop that belong to it: its note and a warning.
const NOTES: usize = 2;

/// No log group name worth reading needs more; a list as wide as a big screen is hard to read.
const PICKER_CELLS: u16 = 90;

/// Lines of a picker beside its list: two borders and the filter.
const PICKER_FRAME: usize = 3;

/// Lines of a picker's list that are worth a frame, however few names there are.
const PICKER_LIST: usize = 5;

/// Cells of a Region beside a bucket's name.
const REGION_CELLS: usize = 14;

/// Cells of an encryption beside it.
const ENCRYPTION_CELLS: usize = 8;

/// The word before the picker's filter.
const FILTER: &str = "Filter: ";

/// Draws the form, then the picker if one is open. Only one of them has the terminal's cursor.
pub fn draw(
    form: &Form,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    context: &FormContext<'_>,
    checked: &Checked,
) {
    // Nothing may be written outside the frame, whatever the screen around passes in.
    let area = area.intersection(frame.area());
    let (beside, whole) = (beside(area), area);
    let area = beside.map_or(area, |(left, _)| left);
    let checks = beside.is_none().then(|| summary(context.checks, form.is_unchecked()));
    let rows = rows(form, checked, checks, theme, area.width.into(), area.height.into());
    if let Some((_, right)) = beside {
        draw_checks(form, frame, right, theme, context);
    }
    let first = scroll(&rows, area.height.into());
    let focus = rows.focus.saturating_sub(first);
    paint(frame, area, &rows.lines[first..]);
    match &form.popup {
        Some(Popup::Picker(picker)) => draw_picker(picker, frame, picker_area(picker, whole, focus), theme, context),
        Some(Popup::Calendar(calendar)) => draw_calendar(calendar, frame, whole, focus, theme, context),
        None => place_cursor(frame, area, rows.cursor, focus),
    }
}

/// Where the form stands, and where the checks beside it, if the screen is wide enough for both.
fn beside(area: Rect) -> Option<(Rect, Rect)> {
    let wanted = area.width.saturating_sub(FORM_CELLS).clamp(CHECKS_LEAST, CHECKS_MOST);
    let left = Rect { width: area.width.saturating_sub(wanted), ..area };
    let right = Rect { x: left.right(), width: wanted, ..area };
    (area.width >= WIDE).then_some((left, right))
}

/// A bar, and the checks.
fn draw_checks(form: &Form, frame: &mut Frame<'_>, area: Rect, theme: Theme, context: &FormContext<'_>) {
    let bar: Vec<Line<'_>> = (0..area.height).map(|_| Line::styled("│", theme.style(Role::Muted))).collect();
    paint(frame, area, &bar);
    let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    let lines = panel(context.checks, form.is_unchecked(), theme, inner.width.into(), inner.height.into());
    paint(frame, inner, &lines);
}

/// The first line in sight, so that the stop under the cursor is too, if possible with its notes.
fn scroll(rows: &Rows, height: usize) -> usize {
    let below = (rows.focus + NOTES + 1).saturating_sub(height);
    below.min(rows.focus).min(rows.lines.len().saturating_sub(height))
}

fn paint(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>]) {
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
}

fn place_cursor(frame: &mut Frame<'_>, area: Rect, column: Option<usize>, row: usize) {
    let Some(column) = column else { return };
    let (Ok(column), Ok(row)) = (u16::try_from(column), u16::try_from(row)) else { return };
    if column < area.width && row < area.height {
        frame.set_cursor_position((area.x + column, area.y + row));
    }
}

fn draw_picker(picker: &Picker, frame: &mut Frame<'_>, outer: Rect, theme: Theme, context: &FormContext<'_>) {
    let block = Block::bordered()
        .border_style(theme.style(Role::Muted))
        .title(Span::styled(title(picker), theme.style(Role::Title)))
        .title_bottom(if picker.takes_several() { " Space marks several " } else { "" });
    let inner = block.inner(outer);
    frame.render_widget(Clear, outer);
    frame.render_widget(block, outer);
    let room = usize::from(inner.width).saturating_sub(FILTER.len() + 1);
    let (shown, cursor) = window(picker.filter(), room);
    let mut lines = vec![Line::from(vec![Span::styled(FILTER, theme.style(Role::Muted)), Span::raw(shown)])];
    lines.extend(list(picker, theme, inner, context));
    paint(frame, inner, &lines);
    place_cursor(frame, inner, Some(FILTER.len() + cursor), 0);
}

/// Under its field and beside the labels; further up, or over the labels, where there is no room for that. As high as
/// all names need, so that it keeps its size while the filter narrows them.
fn picker_area(picker: &Picker, area: Rect, focus: usize) -> Rect {
    let wanted = picker.total().max(PICKER_LIST) + PICKER_FRAME;
    below(area, focus, (PICKER_CELLS, u16::try_from(wanted).unwrap_or(u16::MAX)))
}

/// So many cells and lines under the field at `focus`, as far as there is room.
fn below(area: Rect, focus: usize, (width, height): (u16, u16)) -> Rect {
    let height = height.min(area.height.saturating_sub(1));
    let below = u16::try_from(focus + 1).unwrap_or(u16::MAX);
    let labels = u16::try_from(LABEL_CELLS).unwrap_or(0).min(area.width / 4);
    Rect {
        x: area.x + labels,
        y: area.y + below.min(area.height - height),
        width: (area.width - labels).min(width),
        height,
    }
}

/// The calendar under its field. It has no text, so the terminal's cursor is nowhere.
fn draw_calendar(
    calendar: &Calendar,
    frame: &mut Frame<'_>,
    area: Rect,
    focus: usize,
    theme: Theme,
    context: &FormContext<'_>,
) {
    let size = |inner: usize| u16::try_from(inner + 2).unwrap_or(u16::MAX);
    let outer = below(area, focus, (size(calendar::CELLS), size(calendar::LINES)));
    let title = Span::styled(calendar.title(), theme.style(Role::Title));
    let block = Block::bordered().border_style(theme.style(Role::Muted)).title(title);
    let inner = block.inner(outer);
    frame.render_widget(Clear, outer);
    frame.render_widget(block, outer);
    paint(frame, inner, &calendar.lines(theme, context.now));
}

fn title(picker: &Picker) -> String {
    let marked = match picker.marked() {
        0 => String::new(),
        many => format!(", {many} marked"),
    };
    format!(" {}: {} of {}{marked} ", picker.field().label(), picker.len(), picker.total())
}

fn list(picker: &Picker, theme: Theme, inner: Rect, context: &FormContext<'_>) -> Vec<Line<'static>> {
    let height = usize::from(inner.height).saturating_sub(1);
    if picker.len() == 0 {
        let why = if picker.total() == 0 { "none loaded yet" } else { "no name matches this" };
        return vec![Line::styled(format!("  {why}"), theme.style(Role::Muted))];
    }
    // The cursor stands in the middle of the list, except near its ends.
    let first = picker.cursor().saturating_sub(height / 2).min(picker.len().saturating_sub(height));
    let room = usize::from(inner.width).saturating_sub(4);
    let mut search = Search::new(picker.filter().value());
    let rows = picker.rows(first..first + height).enumerate();
    rows.map(|(at, (name, marked))| {
        let is_bucket = picker.field() == Field::Bucket;
        let (text, beside) =
            if is_bucket { bucket(name, room, context) } else { (fit_middle(name, room), String::new()) };
        let hits = moved(&search.hits(name), name, &text);
        row(&(text + &beside), &hits, marked, first + at == picker.cursor(), theme)
    })
    .collect()
}

/// A bucket, and beside it its Region and encryption, as far as known.
fn bucket(name: &str, room: usize, context: &FormContext<'_>) -> (String, String) {
    let region = context.buckets.iter().find(|bucket| bucket.name == name).and_then(|bucket| bucket.region.as_ref());
    let region = fit_end(region.map_or("", |region| region.0.as_str()), REGION_CELLS);
    let encryption = fit_end(context.encryption(name).map_or("", Encryption::word), ENCRYPTION_CELLS);
    let name_cells = room.saturating_sub(REGION_CELLS + ENCRYPTION_CELLS + 4);
    let name = fit_middle(name, name_cells);
    let gap = " ".repeat(name_cells.saturating_sub(name.width()));
    let beside = format!("{gap}  {}  {encryption}", pad(&region, REGION_CELLS, false));
    (name, beside)
}

/// A row, with the letters at `hits` underlined.
fn row(text: &str, hits: &[usize], marked: bool, under_cursor: bool, theme: Theme) -> Line<'static> {
    let role = match (under_cursor, marked) {
        (true, _) => Role::Cursor,
        (false, true) => Role::Marked,
        (false, false) => Role::Text,
    };
    let mark = format!("{}{} ", if under_cursor { "▸" } else { " " }, if marked { "●" } else { " " });
    let mut spans = vec![Span::styled(mark, theme.style(Role::Key))];
    spans.extend(underlined(text, hits, theme.style(role)));
    Line::from(spans)
}
