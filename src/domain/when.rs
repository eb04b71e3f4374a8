//! Instants as people type them: `2026-11-01 14:00`, `2h ago`, `yesterday`, RFC 3339, epoch milliseconds.

use thiserror::Error;

use super::time::{Timestamp, Zone};

/// Why a typed instant was not understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WhenError {
    /// Nothing was typed.
    #[error("a time is needed")]
    Empty,
}

/// The instant meant by `typed`, read at `now` in `zone`.
pub fn parse(typed: &str, _now: Timestamp, _zone: Zone) -> Result<Timestamp, WhenError> {
    let _ = typed;
    Err(WhenError::Empty)
}
