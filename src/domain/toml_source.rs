//! TOML that people write, while it is read: places in the text become lines, unknown keys name the known one that was
//! probably meant.
//!
//! Pure: it knows neither files nor what the keys mean. Plan files and the configuration file are read with it.

use std::fmt;
use std::ops::Range;

use thiserror::Error;
use toml::de::DeTable;

use super::nearest::nearest;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}{message}", line.map_or_else(String::new, |line| format!("line {line}: ")))]
pub struct LineError {
    /// The line it is about, counted from 1; `None` if it is about the whole.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

/// The text that is read.
#[derive(Clone, Copy, Debug)]
pub struct Source<'t>(pub &'t str);

impl Source<'_> {
    /// What is wrong at `span`, which is counted in bytes.
    pub fn error(&self, span: &Range<usize>, message: impl fmt::Display) -> LineError {
        let before = self.0.as_bytes().iter().take(span.start);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        LineError { line: Some(line), message: message.to_string() }
    }

    /// What the TOML reader says.
    pub fn syntax(&self, error: &toml::de::Error) -> LineError {
        let is_word =
            |span: Range<usize>| self.0.get(span.start..).is_some_and(|text| text.starts_with(char::is_alphabetic));
        let message = if error.message().starts_with("invalid float") && error.span().is_some_and(is_word) {
            // It takes what begins like `inf` or `nan` for a number.
            "string values must be quoted".to_owned()
        } else {
            // Its messages go over several lines now and then.
            error.message().replace('\n', ", ")
        };
        match error.span() {
            Some(span) => self.error(&span, message),
            None => LineError { line: None, message },
        }
    }

    /// The keys of `table` that are not among the `known` ones, from the first line on.
    pub fn unknown_keys(&self, table: &DeTable<'_>, known: &[&str]) -> Vec<LineError> {
        let mut unknown: Vec<_> = table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())).collect();
        unknown.sort_by_key(|key| key.span().start);
        let tell = |key: &toml::Spanned<_>| {
            let name: &str = AsRef::<str>::as_ref(key.get_ref());
            let hint = nearest(name, known.iter().copied()).map(|near| format!("did you mean {near}?"));
            let hint = hint.unwrap_or_else(|| format!("known are {}", known.join(", ")));
            self.error(&key.span(), format!("unknown key {name:?}: {hint}"))
        };
        unknown.into_iter().map(tell).collect()
    }
}
