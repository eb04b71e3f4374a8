//! One object that is read: which lines are there, which of them are in sight, and what is looked for in it.
//!
//! Pure state. `update::reading` asks for lines that are missing.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::{LandedObject, rows};
use crate::domain::amount::ByteCount;
use crate::domain::problem::Problem;
use crate::export::landed::{Ask, Lines, ObjectAt};
use crate::tui::entry::{Entry, TakesText};
use crate::tui::layout::Pane;
use crate::tui::line::without_controls;
use crate::tui::list::{Motion, RequestId};
use crate::tui::model::Overlay;
use crate::tui::places::PlaceId;

/// Lines that are kept ready before and behind those in sight: as many as are scrolled over while an answer comes.
const READY: u64 = 500;

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Lines about those in sight.
    Lines,
    /// The last lines.
    Last,
    /// The next line with what is looked for; whether below.
    Match(bool),
}

/// A question at the title.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked.
    pub of: PromptOf,
    /// What was typed.
    pub entry: Entry,
}

/// What a person is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptOf {
    /// The text to look for.
    Text,
    /// The number of a line, counted from 1.
    Line,
}

impl TakesText for Prompt {
    fn edit(&mut self, key: KeyEvent) {
        self.entry.type_key(key);
    }

    fn paste(&mut self, text: &str) {
        self.entry.insert(&without_controls(text));
    }

    fn field(&mut self) -> Option<&mut Entry> {
        Some(&mut self.entry)
    }
}

/// The one object that is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The object as it was listed.
    pub object: LandedObject,
    /// Where it is.
    pub at: Arc<ObjectAt>,
    /// The place whose session reads.
    pub place: PlaceId,
    /// The lines that are there.
    pub lines: Lines,
    /// The question under way.
    pub asked: Option<(RequestId, Wish)>,
    /// How far that has come, if it takes long: lines, bytes.
    pub going: Option<(u64, ByteCount)>,
    /// Why it cannot be read.
    pub problem: Option<Box<Problem>>,
    /// The first line in sight, counted from 0.
    pub top: u64,
    /// The rows of it that are above.
    pub skip: usize,
    /// The cells at the left that are out of sight, where lines are not folded.
    pub left: usize,
    /// Whether lines are folded.
    pub wrap: bool,
    /// What is looked for; nothing if empty.
    pub sought: String,
    /// The line where it was found last.
    pub hit: Option<u64>,
    /// The question at the title.
    pub prompt: Option<Prompt>,
    /// Whether the last lines are to be shown.
    pub wants_last: bool,
}

impl Reading {
    /// Nothing is there yet.
    pub fn new(object: LandedObject, at: ObjectAt, place: PlaceId) -> Self {
        Self {
            object,
            at: Arc::new(at),
            place,
            lines: Lines::default(),
            asked: None,
            going: None,
            problem: None,
            top: 0,
            skip: 0,
            left: 0,
            wrap: false,
            sought: String::new(),
            hit: None,
            prompt: None,
            wants_last: false,
        }
    }

    /// The number behind the last line that is there.
    pub fn loaded(&self) -> u64 {
        self.lines.first + self.lines.lines.len() as u64
    }

    /// The text of a line that is there.
    pub fn line(&self, number: u64) -> Option<&str> {
        let place = usize::try_from(number.checked_sub(self.lines.first)?).ok()?;
        self.lines.lines.get(place).map(|line| &**line)
    }

    /// Whether the last line of all is there.
    pub fn has_end(&self) -> bool {
        self.lines.end.is_some() && self.loaded() >= self.lines.known
    }

    /// What is to be asked for the lines in sight, if they or those about them are missing.
    pub fn missing(&self, pane: Pane) -> Option<Ask> {
        let height = pane.height as u64;
        let before = self.lines.first > self.top.saturating_sub(height);
        let behind = self.top + 2 * height > self.loaded() && !self.has_end();
        (before || behind).then(|| Ask::Lines(self.top.saturating_sub(READY)..self.top + READY))
    }

    /// Takes lines in; the page is full again if there are lines for it.
    pub fn learn(&mut self, lines: Lines, pane: Pane) {
        if let Some((_, Wish::Last)) = self.asked {
            (self.top, self.skip) = (lines.known.saturating_sub(1), 0);
        }
        self.lines = lines;
        if self.lines.end.is_some() {
            (self.top, self.skip) = if self.top < self.lines.known.max(1) {
                (self.top, self.skip)
            } else {
                (self.lines.known.saturating_sub(1), 0)
            };
            while self.has_end() && self.rest(pane) < pane.height && self.up(pane) {}
        }
    }

    /// Goes to `line`, which is seen with some before it.
    pub fn go_to(&mut self, line: u64, pane: Pane) {
        (self.top, self.skip) = (line.saturating_sub(pane.height as u64 / 3), 0);
    }

    /// Scrolls. To the end there is no way but by reading on.
    pub fn scroll(&mut self, motion: Motion, pane: Pane) {
        let times = match motion {
            Motion::Up | Motion::Down => 1,
            Motion::PageUp | Motion::PageDown => pane.height,
            Motion::HalfUp | Motion::HalfDown => pane.height.div_ceil(2),
            Motion::First => {
                (self.top, self.skip, self.left) = (0, 0, 0);
                return;
            }
            Motion::Last => return,
        };
        for _ in 0..times {
            if !(if motion.goes_down() { self.down(pane) } else { self.up(pane) }) {
                break;
            }
        }
    }

    /// Moves the part that is in sight to the side.
    pub fn shift(&mut self, right: bool, pane: Pane) {
        let by = (pane.width / 2).max(1);
        self.left = if right { self.left + by } else { self.left.saturating_sub(by) };
    }

    /// The rows of a line: as many as it is folded into.
    fn rows_of(&self, line: u64, pane: Pane) -> usize {
        if self.wrap { self.line(line).map_or(1, |text| rows::count(text, pane.width)) } else { 1 }
    }

    fn up(&mut self, pane: Pane) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.top > 0 {
            self.top -= 1;
            self.skip = self.rows_of(self.top, pane) - 1;
        } else {
            return false;
        }
        true
    }

    fn down(&mut self, pane: Pane) -> bool {
        let is_last = if self.has_end() { self.rest(pane) <= pane.height } else { self.top + 1 >= self.loaded() };
        if is_last {
            return false;
        }
        self.skip += 1;
        if self.skip >= self.rows_of(self.top, pane) {
            (self.top, self.skip) = (self.top + 1, 0);
        }
        true
    }

    /// How many lines there are up to the last in sight.
    pub fn last_in_sight(&self, pane: Pane) -> u64 {
        let (mut rows, mut line) = (0, self.top);
        while line < self.loaded() && rows < pane.height + self.skip {
            rows += self.rows_of(line, pane);
            line += 1;
        }
        line
    }

    /// Whether something of a line is in sight.
    pub fn is_in_sight(&self, line: u64, pane: Pane) -> bool {
        (self.top..self.last_in_sight(pane)).contains(&line)
    }

    /// Rows from the first in sight on, and one for the mark of the end; counted no further than to see that a page is full.
    fn rest(&self, pane: Pane) -> usize {
        let mut rows = 1;
        for line in self.top..self.loaded() {
            rows += self.rows_of(line, pane);
            if rows > pane.height + self.skip {
                break;
            }
        }
        rows.saturating_sub(self.skip)
    }
}

/// Its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingPage {
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}

/// What keys do on its page, beyond scrolling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingAction {
    /// Opens the page with the object under the cursor.
    Open,
    /// Leaves the page, or stops looking for a text.
    Leave,
    /// Asks for a text to look for.
    AskText,
    /// Asks for the number of a line.
    AskLine,
    /// Takes what was typed.
    Answer,
    /// Leaves the question.
    Abandon,
    /// To the next line with the text; whether below.
    Match(bool),
    /// Folds lines, or cuts them.
    Wrap,
    /// To the side; whether to the right.
    Shift(bool),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::landed::End;
    use proptest::prelude::*;

    const PANE: Pane = Pane { width: 10, height: 4 };

    fn reading(lines: &[&str], wrap: bool) -> Reading {
        let object = LandedObject { name: "web/000000.gz".into(), size: ByteCount(1), modified: None, class: None };
        let at = ObjectAt { bucket: "b".into(), region: None, key: "k".into() };
        let mut reading = Reading { wrap, ..Reading::new(object, at, PlaceId::default()) };
        let known = lines.len() as u64;
        let lines = lines.iter().map(|line| Arc::from(*line)).collect();
        let end = Some(End { packed: true, damage: None });
        reading.learn(Lines { first: 0, lines, known, end, read: ByteCount(1) }, PANE);
        reading
    }

    #[test]
    fn scrolling_stops_where_the_last_row_is_the_end() {
        let mut reading = reading(&["1", "2", "3", "4", "5", "6"], false);
        reading.scroll(Motion::PageDown, PANE);
        assert_eq!(reading.top, 3, "three lines and the mark of the end");
        assert!(!reading.down(PANE));
        reading.scroll(Motion::HalfUp, PANE);
        assert_eq!(reading.top, 1);
        reading.scroll(Motion::First, PANE);
        assert_eq!(reading.top, 0);
    }

    #[test]
    fn a_folded_line_is_scrolled_through_row_by_row() {
        let long = "x".repeat(35);
        let mut reading = reading(&["1", &long, "3", "4"], true);
        let mut seen = vec![(reading.top, reading.skip)];
        while reading.down(PANE) {
            seen.push((reading.top, reading.skip));
        }
        assert_eq!(seen, [(0, 0), (1, 0), (1, 1), (1, 2), (1, 3)]);
        while reading.up(PANE) {}
        assert_eq!((reading.top, reading.skip), (0, 0));
    }

    #[test]
    fn the_last_lines_fill_the_page() {
        let mut reading = reading(&["1", "2", "3", "4", "5", "6"], false);
        reading.asked = Some((RequestId(1), Wish::Last));
        reading.learn(reading.lines.clone(), PANE);
        assert_eq!(reading.top, 3);
        assert_eq!(reading.missing(PANE), None);
    }

    #[test]
    fn lines_are_asked_for_before_somebody_sees_that_they_are_missing() {
        let mut reading = reading(&["1", "2", "3", "4", "5", "6"], false);
        reading.lines = Lines { first: 600, lines: vec![Arc::from("x"); 1_000], known: 2_000, ..Lines::default() };
        for (top, asked) in [(604, None), (603, Some(103..1_103)), (1_592, None), (1_593, Some(1_093..2_093))] {
            reading.top = top;
            assert_eq!(reading.missing(PANE), asked.map(Ask::Lines), "{top}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_pressed_a_line_is_in_sight(
            lines in proptest::collection::vec("[a ]{0,30}", 0..12),
            wrap in any::<bool>(),
            keys in proptest::collection::vec(0_u8..6, 0..30),
        ) {
            let mut reading = reading(&lines.iter().map(String::as_str).collect::<Vec<_>>(), wrap);
            for key in keys {
                let motion = match key {
                    0 => Motion::Down,
                    1 => Motion::Up,
                    2 => Motion::PageDown,
                    3 => Motion::PageUp,
                    4 => Motion::First,
                    _ => Motion::HalfDown,
                };
                reading.scroll(motion, PANE);
                prop_assert!(reading.top < lines.len().max(1) as u64);
                prop_assert!(reading.skip < reading.rows_of(reading.top, PANE));
            }
        }
    }
}
