//! Colours as roles. ANSI 16 only, so that the operator's own palette applies; under `NO_COLOR` no colour at all, and
//! every state also has a word or a glyph.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is, not what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Less important: units, hints, unknown values.
    Muted,
    /// Titles and column heads.
    Title,
    /// The screen shown, among the tabs.
    Tab,
    /// A key one can press.
    Key,
    /// The row or field under the cursor.
    Cursor,
    /// Marked as selected.
    Marked,
    /// Ended well.
    Good,
    /// Needs attention, goes on.
    Warning,
    /// Failed, refused, invalid.
    Bad,
    /// Nothing goes on until it is mended: not to be overlooked.
    Alarm,
    /// Moving right now.
    Active,
    /// The unmistakable SANDBOX mark.
    Badge,
}

/// The look of each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    coloured: bool,
}

impl Theme {
    /// ANSI colours, or none when `NO_COLOR` is set (<https://no-color.org>: present and not empty).
    pub fn new(no_color: Option<&str>) -> Self {
        Self { coloured: no_color.is_none_or(str::is_empty) }
    }

    /// The style of `role`.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let (style, colour) = match role {
            Role::Text => (plain, None),
            Role::Muted => {
                (if self.coloured { plain } else { plain.add_modifier(Modifier::DIM) }, Some(Color::DarkGray))
            }
            Role::Title => (plain.add_modifier(Modifier::BOLD), None),
            Role::Tab => (plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED), None),
            Role::Key => (plain.add_modifier(Modifier::BOLD), Some(Color::Cyan)),
            Role::Cursor => (plain.add_modifier(Modifier::REVERSED), None),
            Role::Marked => (plain.add_modifier(Modifier::BOLD), Some(Color::Magenta)),
            Role::Good => (plain, Some(Color::Green)),
            Role::Warning => (plain, Some(Color::Yellow)),
            Role::Bad => (plain.add_modifier(Modifier::BOLD), Some(Color::Red)),
            Role::Alarm => (plain.add_modifier(Modifier::REVERSED | Modifier::BOLD), Some(Color::Red)),
            Role::Active => (plain, Some(Color::Cyan)),
            Role::Badge => (plain.add_modifier(Modifier::REVERSED | Modifier::BOLD), Some(Color::Yellow)),
        };
        match colour {
            Some(colour) if self.coloured => style.fg(colour),
            _ => style,
        }
    }
}
