//! The question where a plan file is to be written, in a box over the form.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use crate::tui::cells::wrap;
use crate::tui::line::window;
use crate::tui::save_plan::{NotSaved, SavePlan, Stage};
use crate::tui::theme::{Role, Theme};

/// The word before the path.
const PATH: &str = "▸ Path ┃";

/// Cells of it.
const PATH_CELLS: usize = 8;

/// Draws the box in the middle of `area`; the terminal's cursor stands in it.
pub fn draw(theme: Theme, out: &mut Frame<'_>, area: Rect, page: &SavePlan) {
    let width = area.width.saturating_sub(4).min(72);
    let inner = usize::from(width.saturating_sub(4));
    let (shown, at) = window(page.path().input(), inner.saturating_sub(PATH_CELLS + 1));
    let mut lines = vec![
        Line::from(vec![Span::styled(PATH, theme.style(Role::Key)), Span::styled(shown, theme.style(Role::Text))]),
        Line::default(),
    ];
    let (told, role) = standing(page);
    lines.extend(wrap(&told, inner).into_iter().map(|line| Line::styled(format!(" {line}"), theme.style(role))));
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let block = Block::bordered().title(" Save as a plan file ").border_style(theme.style(Role::Key));
    out.render_widget(Clear, place);
    out.render_widget(Paragraph::new(lines).block(block), place);
    let column = u16::try_from(1 + PATH_CELLS + at).unwrap_or(0);
    if place.height > 1 && column < place.width {
        out.set_cursor_position((place.x + column, place.y + 1));
    }
}

/// How it stands, in words.
fn standing(page: &SavePlan) -> (String, Role) {
    if let Stage::Asked(_) = page.stage {
        return ("writing …".to_owned(), Role::Muted);
    }
    match page.refusal() {
        Some(NotSaved::InTheWay) => {
            ("there is such a file: F2 overwrites it, or type another name".to_owned(), Role::Warning)
        }
        Some(NotSaved::Failed(why)) => (format!("not written: {why}"), Role::Bad),
        None => ("its times are fixed then: it exports the same whenever it is used".to_owned(), Role::Muted),
    }
}
