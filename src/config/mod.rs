//! The configuration file: what an operator sets once instead of typing it each time.
//!
//! A value comes from the option, or else the environment, or else this file, or else its default. This floor reads the
//! file and says what is wrong with it, and where; it knows no options and starts nothing. Caller: `cli`, once, before
//! anything starts.
//!
//! `settings` is the table of all settings, `words` has the values that are words, `file` finds and opens the file.

mod error;
mod file;
mod settings;
mod words;
pub mod xdg;

pub use error::ConfigError;
pub use file::{Location, read_file};
pub use words::{Choice, LogLevel, Notify, ThemeName};

use toml::de::DeTable;

use crate::domain::toml_source::{LineError, Source};
use crate::domain::zone::Zone;

/// The file as it is shipped: every setting with its default, and what it means.
pub const TEMPLATE: &str = include_str!("../../assets/config.toml");

/// Every setting.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own, switched on or off in the file")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How much of our own goes into the log file.
    pub log_level: LogLevel,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Where times are read and written that name no zone themselves.
    pub timezone: Zone,
    /// How often a task is tried again by itself after a failure of AWS's own, from 0 to 100.
    pub retries: u32,
    /// The look of the terminal interface.
    pub theme: ThemeName,
    /// Whether the interface draws with ASCII alone.
    pub ascii: bool,
    /// Whether the interface takes the mouse.
    pub mouse: bool,
    /// Whether the interface sets the terminal's title.
    pub title: bool,
    /// How the interface calls a person when a plan has ended.
    pub notify: Notify,
    /// Whether the interface has the terminal copy.
    pub clipboard: bool,
    /// The keys of the interface that the operator has chosen; which actions there are, and which keys, the interface
    /// knows.
    pub keys: Vec<KeySetting>,
}

/// The keys for an action, as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetting {
    /// What the action is called.
    pub action: String,
    /// The names of the keys.
    pub keys: Vec<String>,
    /// The line they stand on, counted from 1.
    pub line: Option<usize>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            log_level: LogLevel::Info,
            read_only: false,
            timezone: Zone::Utc,
            retries: 3,
            theme: ThemeName::Dark,
            ascii: false,
            mouse: false,
            title: false,
            notify: Notify::Off,
            clipboard: true,
            keys: Vec::new(),
        }
    }
}

impl Config {
    /// What `text` sets, and the defaults for the rest.
    ///
    /// # Errors
    /// All that is wrong with it, from the first line on: text that is no TOML, keys that do not exist, values that may
    /// not be.
    pub fn parse(text: &str) -> Result<Self, Vec<LineError>> {
        let source = Source(text);
        let table = DeTable::parse(text).map_err(|error| vec![source.syntax(&error)])?;
        let mut config = Self::default();
        let errors = settings::take(&mut config, source, table.get_ref());
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_has_every_setting_at_its_default() {
        assert_eq!(Config::parse(TEMPLATE), Ok(Config::default()));
        let table = DeTable::parse(TEMPLATE).unwrap();
        for key in settings::known() {
            assert!(table.get_ref().contains_key(key), "the template does not name {key}");
        }
    }

    #[test]
    fn an_empty_file_changes_nothing() {
        assert_eq!(Config::parse(""), Ok(Config::default()));
    }

    #[test]
    fn what_is_set_is_taken() {
        let text = "log-level = \"debug\"\nread-only = true\ntimezone = \"Europe/Berlin\"\nretries = 0\n";
        let config = Config::parse(text).unwrap();
        assert_eq!((config.log_level, config.read_only, config.retries), (LogLevel::Debug, true, 0));
        assert_eq!(config.timezone.name(), "Europe/Berlin");
    }

    /// The files in `tests/configs` are wrong, each in its way.
    #[test]
    fn what_is_wrong_is_told_exactly() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configs");
        let mut paths: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let mut told = Vec::new();
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            let errors = Config::parse(&text).expect_err("it is in the collection because it is wrong");
            told.push(path.file_name().unwrap().display().to_string());
            told.extend(errors.iter().map(|error| format!("    {error}")));
        }
        insta::assert_snapshot!(told.join("\n"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = Config::parse(&text);
        }
    }
}
