//! Why a configuration file cannot be used, in words that are safe to show.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::domain::text::escape;
use crate::domain::toml_source::LineError;

/// Why.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read the configuration file {}: {error}", shown(path))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Something in it is wrong: the first of it, and how much more there is.
    #[error("{}{}", .errors.first().map_or_else(String::new, |first| located(path, first)), more(.errors.len()))]
    Wrong {
        /// Which.
        path: PathBuf,
        /// All that is wrong with it, from the first line on.
        errors: Vec<LineError>,
    },
}

impl ConfigError {
    /// All of it, one thing a line.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Unreadable { .. } => vec![self.to_string()],
            Self::Wrong { path, errors } => errors.iter().map(|error| located(path, error)).collect(),
        }
    }
}

fn located(path: &Path, error: &LineError) -> String {
    format!("{}: {}", shown(path), escape(&error.to_string()))
}

fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => "; and one thing more: `logferry config check` tells all".to_owned(),
        many => format!("; and {} things more: `logferry config check` tells all", many - 1),
    }
}

fn shown(path: &Path) -> String {
    escape(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(messages: &[&str]) -> ConfigError {
        let error = |message: &&str| LineError { line: Some(3), message: (*message).to_owned() };
        ConfigError::Wrong { path: "/etc/\u{1b}x.toml".into(), errors: messages.iter().map(error).collect() }
    }

    #[test]
    fn the_first_thing_is_told_and_how_many_more_there_are() {
        assert_eq!(wrong(&["a \u{1b}"]).to_string(), "/etc/\\u{1b}x.toml: line 3: a \\u{1b}");
        assert!(
            wrong(&["a", "b"])
                .to_string()
                .ends_with("line 3: a; and one thing more: `logferry config check` tells all")
        );
        assert!(wrong(&["a", "b", "c"]).to_string().contains("; and 2 things more: "));
        assert_eq!(wrong(&["a", "b"]).lines().len(), 2);
    }
}
