//! The page of all keys: how far it is scrolled, and what is looked for in it.

use crossterm::event::KeyEvent;
use tui_input::Input;

use crate::tui::entry::TakesText;
use crate::tui::line::{insert, type_key, without_controls};
use crate::tui::model::Overlay;

/// What is on it.
#[derive(Clone, Debug, Default)]
pub struct HelpPage {
    /// The first line shown.
    pub top: usize,
    /// What is looked for; nothing: everything is shown.
    pub input: Input,
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}

impl TakesText for HelpPage {
    /// Gives a key to the text that is looked for.
    fn edit(&mut self, key: KeyEvent) {
        if type_key(&mut self.input, key) {
            self.top = 0;
        }
    }

    /// Pastes into it.
    fn paste(&mut self, text: &str) {
        insert(&mut self.input, &without_controls(text));
        self.top = 0;
    }
}

impl PartialEq for HelpPage {
    fn eq(&self, other: &Self) -> bool {
        (self.top, self.input.value(), &self.back) == (other.top, other.input.value(), &other.back)
    }
}

impl Eq for HelpPage {}
