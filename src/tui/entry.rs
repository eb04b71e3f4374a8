//! A text field: a line under a cursor that remembers what it was, so that every change can be undone.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;

use crate::tui::line::{self, Edit};

/// Whatever a text is typed into.
pub trait TakesText {
    /// Takes a key that means nothing else here.
    fn edit(&mut self, key: KeyEvent);

    /// Takes what was pasted, whatever it is.
    fn paste(&mut self, text: &str);

    /// The field under the cursor, if it is one whose changes can be undone.
    fn field(&mut self) -> Option<&mut Entry> {
        None
    }
}

/// Steps that are remembered: more than anybody goes back.
const STEPS: usize = 200;

/// The line and its history.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    input: Input,
    past: Vec<Moment>,
    future: Vec<Moment>,
    run: Option<Run>,
}

/// The line as it once was.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moment {
    text: String,
    cursor: usize,
}

/// Changes that belong together: a word that is typed, letters that are deleted one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Typing,
    Deleting,
}

impl Run {
    /// The run that `key` goes on with.
    const fn of(key: KeyEvent) -> Option<Self> {
        let plain = matches!(key.modifiers, KeyModifiers::NONE | KeyModifiers::SHIFT);
        match key.code {
            KeyCode::Char(letter) if plain && !letter.is_whitespace() => Some(Self::Typing),
            KeyCode::Backspace | KeyCode::Delete if plain => Some(Self::Deleting),
            _ => None,
        }
    }
}

impl Entry {
    /// With this text, its cursor at the end, and nothing to undo.
    pub fn new(text: String) -> Self {
        Self { input: Input::new(text), ..Self::default() }
    }

    /// The text.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// The text with its cursor.
    pub const fn input(&self) -> &Input {
        &self.input
    }

    /// Takes a key; whether the text changed.
    pub fn type_key(&mut self, key: KeyEvent) -> bool {
        self.change(Run::of(key), |input| line::type_key(input, key))
    }

    /// Moves or cuts; whether the text changed.
    pub fn edit(&mut self, edit: Edit) -> bool {
        self.change(None, |input| line::edit(input, edit))
    }

    /// Puts `text` where the cursor is; whether there was any.
    pub fn insert(&mut self, text: &str) -> bool {
        self.change(None, |input| {
            line::insert(input, text);
            !text.is_empty()
        })
    }

    /// Puts `text` in place of what is there.
    pub fn set(&mut self, text: String) {
        self.change(None, |input| {
            let changed = input.value() != text;
            *input = std::mem::take(input).with_value(text);
            changed
        });
    }

    /// Takes the last change back; `false` if there is none.
    pub fn undo(&mut self) -> bool {
        let now = self.moment();
        let Some(before) = self.past.pop() else { return false };
        self.future.push(now);
        self.go_to(before);
        true
    }

    /// Makes the change again that was taken back last; `false` if there is none.
    pub fn redo(&mut self) -> bool {
        let now = self.moment();
        let Some(after) = self.future.pop() else { return false };
        self.past.push(now);
        self.go_to(after);
        true
    }

    fn moment(&self) -> Moment {
        Moment { text: self.input.value().to_owned(), cursor: self.input.cursor() }
    }

    fn go_to(&mut self, Moment { text, cursor }: Moment) {
        self.input = std::mem::take(&mut self.input).with_value(text).with_cursor(cursor);
        self.run = None;
    }

    /// What `make` changes can be undone, in one step with what was changed before if both are of one run.
    fn change(&mut self, run: Option<Run>, make: impl FnOnce(&mut Input) -> bool) -> bool {
        let before = self.moment();
        let changed = make(&mut self.input);
        if changed {
            self.future.clear();
            if run.is_none() || run != self.run {
                self.past.push(before);
                self.past.drain(..self.past.len().saturating_sub(STEPS));
            }
        }
        self.run = run.filter(|_| changed);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(entry: &mut Entry, code: KeyCode) -> bool {
        entry.type_key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn typed(text: &str) -> Entry {
        let mut entry = Entry::default();
        for letter in text.chars() {
            press(&mut entry, KeyCode::Char(letter));
        }
        entry
    }

    #[test]
    fn words_are_undone_one_by_one_and_come_back() {
        let mut entry = typed("logs of today");
        let mut seen = Vec::new();
        while entry.undo() {
            seen.push(entry.value().to_owned());
        }
        assert_eq!(seen, ["logs of ", "logs of", "logs ", "logs", ""]);
        while entry.redo() {}
        assert_eq!((entry.value(), entry.input().cursor()), ("logs of today", 13));
    }

    #[test]
    fn letters_deleted_in_a_row_come_back_together_and_a_move_of_the_cursor_ends_the_row() {
        let mut entry = typed("archive");
        for _ in 0..3 {
            press(&mut entry, KeyCode::Backspace);
        }
        press(&mut entry, KeyCode::Left);
        press(&mut entry, KeyCode::Backspace);
        assert_eq!(entry.value(), "arh");
        assert!(entry.undo() && entry.value() == "arch" && entry.input().cursor() == 3);
        assert!(entry.undo() && entry.value() == "archive");
    }

    #[test]
    fn a_change_after_an_undo_leaves_nothing_to_make_again() {
        let mut entry = typed("one");
        entry.undo();
        entry.insert("two");
        assert!(!entry.redo());
        assert_eq!(entry.value(), "two");
        entry.set("two".to_owned());
        assert!(entry.undo() && entry.value().is_empty(), "putting in what is there already is no step");
    }

    #[test]
    fn a_new_text_has_no_history() {
        let mut entry = Entry::new("logs".to_owned());
        assert!(!entry.undo() && !entry.redo());
        assert_eq!((entry.value(), entry.input().cursor()), ("logs", 4));
    }

    #[test]
    fn only_so_many_steps_are_kept() {
        let mut entry = Entry::default();
        for number in 0..2 * STEPS {
            entry.set(number.to_string());
        }
        let undone = std::iter::from_fn(|| entry.undo().then_some(())).count();
        assert_eq!((undone, entry.value()), (STEPS, "199"));
    }

    proptest! {
        #[test]
        fn undoing_everything_leads_back_to_the_beginning(
            start in "[a-z ]{0,8}",
            keys in proptest::collection::vec(0_u8..6, 0..40),
        ) {
            let mut entry = Entry::new(start.clone());
            for key in keys {
                match key {
                    0 => press(&mut entry, KeyCode::Char('x')),
                    1 => press(&mut entry, KeyCode::Backspace),
                    2 => press(&mut entry, KeyCode::Left),
                    3 => entry.edit(Edit::CutWordBack),
                    4 => entry.insert("a b"),
                    _ => entry.undo(),
                };
            }
            while entry.undo() {}
            prop_assert_eq!(entry.value(), start);
        }
    }
}
