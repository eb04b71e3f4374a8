//! Frames: what the screen shows, cell by cell with its colours, and for how long.

use std::time::Duration;

use crate::support::pty::Terminal;

/// What is shown one after the other.
#[derive(Default)]
pub struct Film {
    pub frames: Vec<Frame>,
}

/// One screen and how long it stays.
pub struct Frame {
    pub lines: Vec<Vec<Run>>,
    pub stays: Duration,
}

/// Cells of one line that follow each other and look alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// The first cell's column, from 0.
    pub column: usize,
    /// In cells: a wide character takes two.
    pub width: usize,
    pub text: String,
    pub look: Look,
}

/// How cells look; reversed colours are swapped already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    pub ink: Ink,
    /// `None` is the window's own background.
    pub ground: Option<Ink>,
    pub bold: bool,
    pub dim: bool,
    pub underlined: bool,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The window's own text.
    Text,
    /// The window's own background, where colours are reversed.
    Ground,
    /// One of the terminal's palette.
    Palette(u8),
    /// Red, green and blue.
    Exact(u8, u8, u8),
}

impl Film {
    /// Takes the screen as it is; the same one again only stays longer.
    pub fn take(&mut self, terminal: &Terminal, stays: Duration) {
        let lines = terminal.look(lines_of);
        match self.frames.last_mut() {
            Some(last) if last.lines == lines => last.stays += stays,
            Some(_) | None => self.frames.push(Frame { lines, stays }),
        }
    }
}

fn lines_of(screen: &vt100::Screen) -> Vec<Vec<Run>> {
    let (rows, columns) = screen.size();
    (0..rows.get()).map(|row| runs_of(screen, row, columns.get())).collect()
}

/// A line's runs, without the blanks that look like nothing.
fn runs_of(screen: &vt100::Screen, row: u16, columns: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let text = if cell.has_contents() { cell.contents() } else { " " };
        let (look, width) = (look_of(cell), if cell.is_wide() { 2 } else { 1 });
        match runs.last_mut() {
            Some(run) if run.look == look && run.column + run.width == usize::from(column) => {
                run.text.push_str(text);
                run.width += width;
            }
            Some(_) | None => runs.push(Run { column: column.into(), width, text: text.to_owned(), look }),
        }
    }
    runs.retain(|run| run.look.ground.is_some() || run.look.underlined || !run.text.trim().is_empty());
    runs
}

fn look_of(cell: &vt100::Cell) -> Look {
    let (front, back) = (ink(cell.fgcolor()), ink(cell.bgcolor()));
    let (ink, ground) = if cell.inverse() {
        (back.unwrap_or(Ink::Ground), Some(front.unwrap_or(Ink::Text)))
    } else {
        (front.unwrap_or(Ink::Text), back)
    };
    Look { ink, ground, bold: cell.bold(), dim: cell.dim(), underlined: cell.underline() }
}

const fn ink(color: vt100::Color) -> Option<Ink> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => Some(Ink::Palette(index)),
        vt100::Color::Rgb(red, green, blue) => Some(Ink::Exact(red, green, blue)),
    }
}
