//! stdout: the one place where commands write their results.
//!
//! A reader may go away at any time (`| head`): that is its right and no failure. Text from outside is escaped by whoever
//! makes a cell of it; JSON escapes by itself.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::domain::text::escape;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// People at a terminal: columns, sizes in words.
    People,
    /// Programs: tab-separated, nothing rounded.
    Fields,
    /// Programs: one JSON object a line.
    Json,
}

/// Whether stdout is to be coloured: a terminal reads it, and nobody asked for no colours (no-color.org).
pub fn in_colour() -> bool {
    io::stdout().is_terminal() && !is_colourless()
}

/// Whether somebody asked for no colours.
pub fn is_colourless() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// What is left of stdout.
#[derive(Debug)]
pub struct Output {
    form: Form,
    open: bool,
}

impl Output {
    /// stdout, in the form for whoever reads it.
    pub fn new(json: bool) -> Self {
        let plain = if io::stdout().is_terminal() { Form::People } else { Form::Fields };
        Self { form: if json { Form::Json } else { plain }, open: true }
    }

    /// The form to write in.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Whether somebody still reads, as far as writing has shown.
    pub const fn is_read(&self) -> bool {
        self.open
    }

    /// Writes `text`, which ends its own lines. Answers whether somebody still reads.
    pub fn write(&mut self, text: &str) -> io::Result<bool> {
        if self.open {
            let mut stdout = io::stdout().lock();
            match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
                Err(gone) if gone.kind() == ErrorKind::BrokenPipe => self.open = false,
                written => written?,
            }
        }
        Ok(self.open)
    }

    /// Writes for work that goes on whether or not anybody reads of it.
    pub fn tell(&mut self, text: &str) {
        if let Err(error) = self.write(text) {
            // A full disk, say. Told once; the work itself is not hurt.
            self.open = false;
            tracing::warn!(%error, "stdout cannot be written to any more");
            super::outcome::say(&format!("logferry: going on without output: {error}"));
        }
    }
}

/// `record` as one line of JSON.
pub fn json_line(record: &impl Serialize) -> String {
    // Our records have text keys and plain values: there is nothing in them that JSON cannot hold.
    serde_json::to_string(record).map(|line| line + "\n").unwrap_or_default()
}

/// Cells as tab-separated fields, safe to show.
pub fn fields(cells: &[String]) -> String {
    let safe: Vec<_> = cells.iter().map(|cell| escape(cell)).collect();
    safe.join("\t") + "\n"
}

/// Columns for people: each as wide as its widest cell so far.
#[derive(Debug, Default)]
pub struct Columns(Vec<usize>);

impl Columns {
    /// `rows` in columns. Later calls never make a column narrower, so that pages stand under each other.
    pub fn lay(&mut self, rows: &[Vec<String>]) -> String {
        let safe: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| escape(cell)).collect()).collect();
        for row in &safe {
            self.0.resize(self.0.len().max(row.len()), 0);
            for (width, cell) in self.0.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |row: &Vec<_>| {
            let cells = row.iter().zip(&self.0).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
        };
        safe.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 2]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn columns_line_up_and_never_shrink() {
        let mut columns = Columns::default();
        assert_eq!(columns.lay(&[row(["long-name", "1"]), row(["b", "2"])]), "long-name  1\nb          2\n");
        assert_eq!(columns.lay(&[row(["c", ""])]), "c\n");
        assert_eq!(columns.lay(&[row(["c", "3"])]), "c          3\n");
    }

    #[test]
    fn what_comes_from_outside_can_neither_forge_a_field_nor_move_the_cursor() {
        assert_eq!(fields(&row(["a\tb", "\u{1b}[2J\n"])), "a\\tb\t\\u{1b}[2J\\n\n");
        assert_eq!(Columns::default().lay(&[row(["a\nb", "c"])]), "a\\nb  c\n");
    }
}
