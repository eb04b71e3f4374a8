//! A key: what was pressed, and what it is called.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub(super) KeyCode, pub(super) KeyModifiers);

impl Key {
    /// What was pressed. Shift is dropped where the character says it already.
    pub fn of(event: KeyEvent) -> Self {
        let relevant = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = event.modifiers & relevant;
        if matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Self(event.code, modifiers)
    }

    /// A press of it.
    #[cfg(test)]
    pub const fn event(self) -> KeyEvent {
        KeyEvent::new(self.0, self.1)
    }

    /// Its name on screen.
    pub fn name(self) -> String {
        let base = match self.0 {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            other => format!("{other:?}"),
        };
        let control = || if base.chars().count() == 1 { base.to_uppercase() } else { base.clone() };
        if self.1.contains(KeyModifiers::CONTROL) {
            // What it is typed as: terminals send the same for Ctrl-7.
            if self.0 == KeyCode::Char('7') { "Ctrl-_".to_owned() } else { format!("Ctrl-{}", control()) }
        } else if self.1.contains(KeyModifiers::ALT) {
            format!("Alt-{base}")
        } else {
            base
        }
    }

    /// Its name in words: arrows of ASCII are keys themselves.
    pub(super) fn plain_name(self) -> String {
        match self.0 {
            KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right => format!("{:?}", self.0),
            _ => self.name(),
        }
    }
}

pub(super) const fn c(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::NONE)
}
pub(super) const fn ctrl(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::CONTROL)
}
pub(super) const fn alt(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::ALT)
}
pub(super) const fn k(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}
pub(super) const PEEK: Key = k(KeyCode::F(3));
pub(super) const ENTER: Key = k(KeyCode::Enter);
pub(super) const ESC: Key = k(KeyCode::Esc);
