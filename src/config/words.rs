//! Values of settings that are words. Options of the command line take the same.

/// A setting with a few values that have names.
pub trait Choice: Copy + Send + Sync + 'static {
    /// All of them, in the order they are told.
    const ALL: &'static [Self];

    /// How it is written.
    fn word(self) -> &'static str;

    /// The one that is written like this.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.word() == word)
    }
}

/// How much of our own goes into the log file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What failed.
    Error,
    /// And what is worth a look.
    Warn,
    /// And what was done.
    Info,
    /// And how.
    Debug,
    /// And everything else.
    Trace,
}

impl Choice for LogLevel {
    const ALL: &'static [Self] = &[Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// The look of the terminal interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeName {
    /// For terminals with a dark background.
    Dark,
    /// For terminals with a light one.
    Light,
    /// Bright colours on black, whatever the terminal has.
    HighContrast,
    /// No colours.
    Monochrome,
}

impl Choice for ThemeName {
    const ALL: &'static [Self] = &[Self::Dark, Self::Light, Self::HighContrast, Self::Monochrome];

    fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Monochrome => "monochrome",
        }
    }
}

/// How the terminal calls a person when a plan has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notify {
    /// Not at all.
    Off,
    /// By its bell.
    Bell,
    /// By a notification of the desktop, where it knows OSC 9 (iTerm2, WezTerm, kitty, Windows Terminal and others).
    Osc9,
}

impl Choice for Notify {
    const ALL: &'static [Self] = &[Self::Off, Self::Bell, Self::Osc9];

    fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Bell => "bell",
            Self::Osc9 => "osc9",
        }
    }
}
