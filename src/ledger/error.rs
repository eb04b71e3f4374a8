//! What can go wrong with the ledger, in words for an operator: which file, why, and what to do.
//!
//! Inside this floor a [`Fault`] is enough; the handle, which knows the file, makes a [`LedgerError`] of it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::domain::place::Lane;

/// Why the ledger could not be opened, read or written. A refused write has left everything as it was.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The state directory is not there and cannot be made.
    #[error("the state directory {} cannot be made: {source}; choose another with --state-dir", directory.display())]
    StateDir {
        /// The directory.
        directory: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be made or opened.
    #[error("the ledger {} cannot be opened: {source}; make it and its directory yours, or choose another with --state-dir", file.display())]
    Unopened {
        /// The ledger's file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It was written by a newer logferry, which this one does not understand.
    #[error("the ledger {} is of version {found}, this logferry knows versions up to {known}; install the newer logferry, or choose another --state-dir", file.display())]
    Newer {
        /// The ledger's file.
        file: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// It is no ledger, or was one and is damaged.
    #[error("the ledger {} cannot be read: {detail}; nothing was changed: put a copy back in its place, or move it away to begin a new one", file.display())]
    Corrupt {
        /// The ledger's file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The file, its directory or the file system may not be written.
    #[error("the ledger {} cannot be written; make it and its directory writable for you, or choose another with --state-dir", file.display())]
    ReadOnly {
        /// The ledger's file.
        file: PathBuf,
    },
    /// The disk is full, or a quota is reached.
    #[error("there is no space left for the ledger {}; free some, nothing that was recorded is lost", file.display())]
    NoSpace {
        /// The ledger's file.
        file: PathBuf,
    },
    /// Another process has been writing for longer than is waited for.
    #[error("the ledger {} is locked by another process; see what holds it (`fuser` names it) and try again", file.display())]
    Locked {
        /// The ledger's file.
        file: PathBuf,
    },
    /// The file was removed or replaced while it was open.
    #[error("the ledger {} was removed or replaced while logferry was running: nothing is recorded or launched any more; put it back in its place, or start logferry again", file.display())]
    Gone {
        /// The ledger's file.
        file: PathBuf,
    },
    /// The driver does not hold the lane any more: another has taken it over, or the lease has run out.
    #[error("this logferry does not drive the lane {0} any more: its lease was taken over or has run out")]
    LeaseLost(Lane),
    /// Anything else SQLite says.
    #[error("the ledger {} failed: {source}", file.display())]
    Failed {
        /// The ledger's file.
        file: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The thread that works on the ledger has ended, which only a defect makes it do.
    #[error("the ledger {} is closed; start logferry again", file.display())]
    Closed {
        /// The ledger's file.
        file: PathBuf,
    },
}

/// Why a transaction was given up.
#[derive(Debug)]
pub(super) enum Fault {
    Sql(rusqlite::Error),
    Newer { found: i64, known: i64 },
    Damaged(String),
    ReadOnly,
    Gone,
    LeaseLost(Lane),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Fault {
    /// The error an operator reads.
    pub fn on(self, file: &Path) -> LedgerError {
        let file = file.to_owned();
        match self {
            Self::Sql(error) => sql(error, file),
            Self::Newer { found, known } => LedgerError::Newer { file, found, known },
            Self::Damaged(detail) => LedgerError::Corrupt { file, detail },
            Self::ReadOnly => LedgerError::ReadOnly { file },
            Self::Gone => LedgerError::Gone { file },
            Self::LeaseLost(lane) => LedgerError::LeaseLost(lane),
        }
    }
}

fn sql(error: rusqlite::Error, file: PathBuf) -> LedgerError {
    if let rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) = error {
        return LedgerError::Corrupt { file, detail: error.to_string() };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            LedgerError::Corrupt { file, detail: "it is not a SQLite database".to_owned() }
        }
        Some(ErrorCode::DatabaseCorrupt) => LedgerError::Corrupt { file, detail: error.to_string() },
        // Without the right to write beside it, SQLite cannot even open the files of its write-ahead log.
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            LedgerError::ReadOnly { file }
        }
        Some(ErrorCode::DiskFull) => LedgerError::NoSpace { file },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Locked { file },
        _ => LedgerError::Failed { file, source: error },
    }
}
