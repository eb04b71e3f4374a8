//! Who moves the bytes of an export: AWS's own export service, or this program.
//!
//! A person's choice for a plan. It travels with the plan and holds for all of its tasks.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::direct::line::Format;
use super::names::FilterPattern;
use super::nearest::nearest;
use super::store::Store;

/// Who moves the bytes, and how. Ledgers hold what serde makes of it: that never changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// CreateExportTask: AWS does it, one task at a time in an account and Region.
    #[default]
    Managed,
    /// This program reads the events and puts them into the bucket, or into a directory.
    Direct(Direct),
}

/// What can be chosen of a direct export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Direct {
    /// How events are written.
    pub format: Format,
    /// Only events that match this.
    pub pattern: Option<FilterPattern>,
}

/// Which of the engines, without what can be chosen of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// [`Engine::Managed`].
    #[default]
    Managed,
    /// [`Engine::Direct`].
    Direct,
}

/// A word that is no engine's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown engine {typed:?}: {hint}")]
pub struct EngineError {
    typed: String,
    hint: String,
}

impl EngineKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Managed, Self::Direct];

    /// The word in options, plan files and `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::Direct => "direct",
        }
    }

    /// The engine that `typed` is the word of.
    ///
    /// # Errors
    /// It is no word of either.
    pub fn parse(typed: &str) -> Result<Self, EngineError> {
        let words = || Self::ALL.into_iter().map(Self::word);
        Self::ALL.into_iter().find(|kind| kind.word() == typed).ok_or_else(|| {
            let hint = nearest(typed, words()).map(|near| format!("did you mean {near}?"));
            let hint = hint.unwrap_or_else(|| "known are managed and direct".to_owned());
            EngineError { typed: typed.to_owned(), hint }
        })
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl Engine {
    /// Which it is.
    pub const fn kind(&self) -> EngineKind {
        match self {
            Self::Managed => EngineKind::Managed,
            Self::Direct(_) => EngineKind::Direct,
        }
    }

    /// What is chosen of a direct export.
    pub const fn direct(&self) -> Option<&Direct> {
        match self {
            Self::Managed => None,
            Self::Direct(direct) => Some(direct),
        }
    }

    /// The engine of these choices; the managed one where none is named.
    ///
    /// # Errors
    /// Which of `format` and `pattern` the managed engine cannot do.
    pub fn choose(
        kind: Option<EngineKind>,
        format: Option<Format>,
        pattern: Option<FilterPattern>,
    ) -> Result<Self, DirectOnly> {
        match kind {
            Some(EngineKind::Direct) => Ok(Self::Direct(Direct { format: format.unwrap_or_default(), pattern })),
            Some(EngineKind::Managed) | None => match (format, pattern) {
                (Some(Format::Jsonl), _) => Err(DirectOnly::Format),
                (Some(Format::Text) | None, Some(_)) => Err(DirectOnly::Pattern),
                (Some(Format::Text) | None, None) => Ok(Self::Managed),
            },
        }
    }

    /// Whether it can write into `store`.
    ///
    /// # Errors
    /// It is the managed one, and `store` is a directory.
    pub const fn reaches(&self, store: &Store) -> Result<(), DirectOnly> {
        match (self, store) {
            (Self::Managed, Store::Directory(_)) => Err(DirectOnly::Directory),
            (Self::Managed, Store::Bucket(_)) | (Self::Direct(_), _) => Ok(()),
        }
    }

    /// Every engine that writes the same lines: what one of them has exported needs no export by another.
    pub fn alike(&self) -> [Self; 2] {
        let plain = Direct::default();
        match self {
            Self::Direct(direct) if *direct != plain => [self.clone(), self.clone()],
            Self::Managed | Self::Direct(_) => [Self::Managed, Self::Direct(plain)],
        }
    }
}

/// What only the direct engine can do.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DirectOnly {
    /// Another format than AWS's.
    #[error("AWS's own export writes text alone: choose the direct engine for jsonl")]
    Format,
    /// A filter pattern.
    #[error("AWS's own export takes no filter pattern: choose the direct engine for one")]
    Pattern,
    /// A directory as the destination.
    #[error("AWS's own export writes into buckets alone: choose the direct engine for a directory")]
    Directory,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern() -> FilterPattern {
        FilterPattern::parse("ERROR -\"timed out\"").unwrap()
    }

    #[test]
    fn what_ledgers_hold_stays_as_it_is() {
        let filtered = Engine::Direct(Direct { format: Format::Jsonl, pattern: Some(pattern()) });
        for (engine, text) in [
            (Engine::Managed, r#""managed""#),
            (Engine::Direct(Direct::default()), r#"{"direct":{"format":"text","pattern":null}}"#),
            (filtered, r#"{"direct":{"format":"jsonl","pattern":"ERROR -\"timed out\""}}"#),
        ] {
            assert_eq!(serde_json::to_string(&engine).unwrap(), text);
            assert_eq!(serde_json::from_str::<Engine>(text).unwrap(), engine);
        }
    }

    #[test]
    fn words_are_read_back_and_others_refused() {
        for kind in EngineKind::ALL {
            assert_eq!(EngineKind::parse(kind.word()), Ok(kind));
        }
        let refused = |typed: &str| EngineKind::parse(typed).unwrap_err().to_string();
        assert_eq!(refused("dirct"), "unknown engine \"dirct\": did you mean direct?");
        assert_eq!(refused("aws"), "unknown engine \"aws\": known are managed and direct");
    }

    #[test]
    fn the_managed_engine_takes_no_choices_of_the_direct_one() {
        let choose = Engine::choose;
        assert_eq!(choose(None, Some(Format::Text), None), Ok(Engine::Managed));
        assert_eq!(choose(None, Some(Format::Jsonl), None), Err(DirectOnly::Format));
        assert_eq!(choose(Some(EngineKind::Managed), None, Some(pattern())), Err(DirectOnly::Pattern));
        let direct = Direct { format: Format::Text, pattern: Some(pattern()) };
        assert_eq!(choose(Some(EngineKind::Direct), None, Some(pattern())), Ok(Engine::Direct(direct)));
    }

    #[test]
    fn both_engines_write_the_same_lines_unless_told_otherwise() {
        let plain = Engine::Direct(Direct::default());
        assert_eq!(Engine::Managed.alike(), plain.alike());
        let filtered = Engine::Direct(Direct { pattern: Some(pattern()), ..Direct::default() });
        assert!(filtered.alike().iter().all(|other| *other == filtered));
    }
}
