//! Colours as roles. ANSI 16 only, so that the operator's own palette applies; in the monochrome theme, which `NO_COLOR`
//! chooses, no colour at all. Every state also has a word or a glyph.

use ratatui::style::{Color, Modifier, Style};

use crate::config::ThemeName;

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
pub struct Theme(ThemeName);

/// A colour for each theme that has some; `None` is the terminal's own.
struct Paint {
    dark: Option<Color>,
    light: Option<Color>,
    high_contrast: Option<Color>,
}

/// The terminal's own in every theme.
const PLAIN: Paint = Paint { dark: None, light: None, high_contrast: None };

const fn paint(dark: Color, light: Color, high_contrast: Color) -> Paint {
    Paint { dark: Some(dark), light: Some(light), high_contrast: Some(high_contrast) }
}

impl Theme {
    /// The theme of this name.
    pub const fn of(name: ThemeName) -> Self {
        Self(name)
    }

    /// The style of `role`.
    pub fn style(self, role: Role) -> Style {
        let bold = Modifier::BOLD;
        // Yellow and cyan cannot be read on white: there what warns is magenta, and what is marked is blue.
        let (modifiers, paint) = match role {
            Role::Text => (Modifier::empty(), PLAIN),
            Role::Muted => (Modifier::empty(), paint(Color::DarkGray, Color::DarkGray, Color::Gray)),
            Role::Title => (bold, PLAIN),
            Role::Tab => (bold | Modifier::UNDERLINED, PLAIN),
            Role::Key => (bold, paint(Color::Cyan, Color::Blue, Color::LightCyan)),
            Role::Cursor => (Modifier::REVERSED, PLAIN),
            Role::Marked => (bold, paint(Color::Magenta, Color::Blue, Color::LightMagenta)),
            Role::Good => (Modifier::empty(), paint(Color::Green, Color::Green, Color::LightGreen)),
            Role::Warning => (Modifier::empty(), paint(Color::Yellow, Color::Magenta, Color::LightYellow)),
            Role::Bad => (bold, paint(Color::Red, Color::Red, Color::LightRed)),
            Role::Alarm => (Modifier::REVERSED | bold, paint(Color::Red, Color::Red, Color::LightRed)),
            Role::Active => (Modifier::empty(), paint(Color::Cyan, Color::Blue, Color::LightCyan)),
            Role::Badge => (Modifier::REVERSED | bold, paint(Color::Yellow, Color::Magenta, Color::LightYellow)),
        };
        let style = Style::new().add_modifier(modifiers);
        let colour = match self.0 {
            ThemeName::Dark => paint.dark,
            ThemeName::Light => paint.light,
            ThemeName::HighContrast => paint.high_contrast,
            ThemeName::Monochrome if role == Role::Muted => return style.add_modifier(Modifier::DIM),
            ThemeName::Monochrome => None,
        };
        colour.map_or(style, |colour| style.fg(colour))
    }

    /// What stands for the terminal's own foreground and background: high contrast relies on neither.
    pub const fn ground(self) -> Option<(Color, Color)> {
        match self.0 {
            ThemeName::HighContrast => Some((Color::White, Color::Black)),
            ThemeName::Dark | ThemeName::Light | ThemeName::Monochrome => None,
        }
    }
}
