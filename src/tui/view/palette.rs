//! The command palette, in a box over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use crate::tui::cells::{fit_end, pad};
use crate::tui::keys;
use crate::tui::layout::Areas;
use crate::tui::line::window;
use crate::tui::model::Model;
use crate::tui::palette::{Offer, Palette};
use crate::tui::theme::Role;

/// Cells for names and for keys.
const NAME: usize = 16;
const KEYS: usize = 12;

/// Offers seen at once, where there is room.
const ROWS: usize = 12;

/// Offers seen at once in the body of these areas.
pub fn in_sight(areas: Areas) -> usize {
    // Two lines of frame and one to type in.
    usize::from(areas.body.height).saturating_sub(3).clamp(1, ROWS)
}

/// Draws the box at the top of the body; the terminal's cursor stands in it.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas, palette: &Palette) {
    let (theme, area) = (model.settings.theme, areas.body);
    let width = area.width.saturating_sub(4).min(100);
    let inner = usize::from(width.saturating_sub(2));
    let (text, cursor) = window(&palette.input, inner.saturating_sub(3));
    let mut lines = vec![Line::from(vec![Span::styled(" :", theme.style(Role::Key)), Span::raw(text)])];
    let (shown, at, rows) = (palette.shown(), palette.cursor(), in_sight(areas));
    let top = (at + 1).saturating_sub(rows);
    for (row, offer) in shown.iter().enumerate().skip(top).take(rows) {
        lines.push(line(model, offer, inner, row == at));
    }
    if shown.is_empty() {
        lines.push(Line::styled(" nothing here is called so", theme.style(Role::Muted)));
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y, width, height };
    let block = Block::bordered().title(" What to do? ").border_style(theme.style(Role::Key));
    out.render_widget(Clear, place);
    out.render_widget(Paragraph::new(lines).block(block), place);
    let column = u16::try_from(cursor).unwrap_or(0).saturating_add(place.x + 3);
    out.set_cursor_position((column.min(place.right().saturating_sub(2)), place.y + 1));
}

fn line(model: &Model, offer: &Offer, width: usize, is_here: bool) -> Line<'static> {
    let theme = model.settings.theme;
    let room = width.saturating_sub(NAME + KEYS + 4);
    let keys = fit_end(&keys::names(model, offer.binding).join(" "), KEYS);
    let (name_role, role, words) = match offer.verdict {
        Ok(()) => (Role::Key, Role::Text, offer.binding.help.to_owned()),
        Err(why) => (Role::Muted, Role::Muted, format!("not now: {why}")),
    };
    let style = |role| if is_here { theme.style(Role::Cursor) } else { theme.style(role) };
    Line::from(vec![
        Span::styled(format!(" {} ", pad(&fit_end(offer.name, NAME), NAME, false)), style(name_role)),
        Span::styled(pad(&fit_end(&words, room), room, false), style(role)),
        Span::styled(format!(" {} ", pad(&keys, KEYS, true)), style(Role::Muted)),
    ])
}
