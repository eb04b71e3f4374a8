//! Where things are on the screen. Both faces of the loop use it: `view` to draw, `update` to know how far a page is.

use ratatui::layout::Rect;

use crate::tui::model::Model;

/// Nothing sensible fits below this.
pub const MINIMUM: (u16, u16) = (40, 10);

/// Terminals at least this high get blank lines between the parts.
const ROOMY: u16 = 20;

/// The parts of the screen, from top to bottom.
#[derive(Clone, Copy, Debug)]
pub struct Areas {
    /// Who and where.
    pub header: Rect,
    /// The screens.
    pub tabs: Rect,
    /// The screen's title line and filter.
    pub title: Rect,
    /// What the screen shows.
    pub body: Rect,
    /// The message line.
    pub message: Rect,
    /// The keys.
    pub footer: Rect,
}

impl Areas {
    /// Everything between the screens' line and the message line, without a title: what the form needs at 80x24 to
    /// show its preview and its last line.
    pub const fn below_tabs(&self) -> Rect {
        let top = self.tabs.y + 1;
        Rect::new(0, top, self.body.width, self.message.y.saturating_sub(top))
    }
}

/// The parts at this size; `None` when it is too small.
pub fn areas(size: (u16, u16)) -> Option<Areas> {
    let (width, height) = size;
    if width < MINIMUM.0 || height < MINIMUM.1 {
        return None;
    }
    let gap = u16::from(height >= ROOMY);
    let line = |y| Rect::new(0, y, width, 1);
    let title = 2 + gap;
    let body = title + 1 + gap;
    let foot = height - 2 - gap;
    Some(Areas {
        header: line(0),
        tabs: line(1),
        title: line(title),
        body: Rect::new(0, body, width, foot.saturating_sub(body)),
        message: line(height - 2),
        footer: line(height - 1),
    })
}

/// Lines of the body.
pub fn body_lines(model: &Model) -> usize {
    areas(model.size).map_or(1, |areas| usize::from(areas.body.height))
}

/// Rows that text is shown in.
#[derive(Clone, Copy, Debug)]
pub struct Pane {
    /// Cells of a row.
    pub width: usize,
    /// How many there are.
    pub height: usize,
}

/// Cells at the sides of a text.
const MARGIN: u16 = 2;

/// The body as rows of text.
pub fn pane(model: &Model) -> Pane {
    Pane { width: usize::from(model.size.0.saturating_sub(MARGIN)).max(1), height: body_lines(model).max(1) }
}

/// Rows of the screen's list that are seen at once: one line of the body is the head.
pub fn list_rows(model: &Model) -> usize {
    let lines = body_lines(model).saturating_sub(1);
    (lines / usize::from(model.screen.row_height())).max(1)
}
