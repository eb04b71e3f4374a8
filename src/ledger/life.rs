//! Signs of life: a file for each driver, locked for as long as its process lives.
//!
//! The system lets go of the lock when the process ends, however it ends. So the lanes of a driver that crashed are free at
//! once, and nobody waits for its leases to run out. Where files cannot be locked (some network file systems), or the
//! process hangs, leases alone decide.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// The directory of the files, beside the ledger.
const DIRECTORY: &str = "drivers";

/// The files of this process and where all of them are. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Life {
    directory: PathBuf,
    shown: Arc<Mutex<HashMap<Uuid, File>>>,
}

impl Life {
    /// Of the drivers of the ledger in `state_dir`.
    pub fn beside(state_dir: &Path) -> Self {
        Self { directory: state_dir.join(DIRECTORY), shown: Arc::default() }
    }

    /// Shows that `driver` lives, from now until this process ends or it is [withdrawn](Self::withdraw). Not being able to
    /// is no failure: its leases then say so alone.
    pub fn show(&self, driver: Uuid) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.contains_key(&driver) {
            return;
        }
        match self.lock(driver) {
            Ok(file) => drop(shown.insert(driver, file)),
            Err(error) => tracing::warn!(%error, "no sign of life can be shown: a crash is noticed late"),
        }
    }

    fn lock(&self, driver: Uuid) -> io::Result<File> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(self.file(driver))?;
        file.try_lock()?;
        Ok(file)
    }

    /// Whether `driver` has ended without withdrawing. One that never showed itself may well live.
    pub fn is_over(&self, driver: Uuid) -> bool {
        // One of this very process would not see its own lock.
        if self.shown.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&driver) {
            return false;
        }
        File::open(self.file(driver)).is_ok_and(|file| file.try_lock().is_ok())
    }

    /// Shows no life of `driver` any more: it has ended in good order, or was found to be over.
    pub fn withdraw(&self, driver: Uuid) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).remove(&driver);
        // Whoever finds an old one later takes it away.
        let _ = fs::remove_file(self.file(driver));
    }

    fn file(&self, driver: Uuid) -> PathBuf {
        self.directory.join(format!("{driver}.lock"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_is_over_once_its_lock_is_free() {
        let state = tempfile::tempdir().unwrap();
        let (process, other) = (Life::beside(state.path()), Life::beside(state.path()));
        let driver = Uuid::from_u128(7);
        assert!(!other.is_over(driver), "nothing is known of it");
        process.show(driver);
        process.show(driver);
        assert!(!process.is_over(driver) && !other.is_over(driver));
        drop(process);
        assert!(other.is_over(driver));
        other.withdraw(driver);
        assert!(!other.is_over(driver), "nothing is known of it any more");
    }
}
