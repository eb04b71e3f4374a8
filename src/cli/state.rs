//! The state directory: where the ledger and the log file lie.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Report, WrapErr, eyre};
use uuid::Uuid;

use crate::config::xdg;

/// The directory that was chosen, or else where XDG has it.
pub fn directory(chosen: Option<&Path>) -> Option<PathBuf> {
    let by_xdg = || xdg::directory(std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"), ".local/state");
    chosen.map(Path::to_path_buf).or_else(by_xdg)
}

/// Where the ledger of a run lies.
#[derive(Debug)]
pub enum StateDir {
    /// It stays.
    Kept(PathBuf),
    /// It goes with the run: the embedded sandbox forgets its exports too.
    Passing(PathBuf),
}

impl StateDir {
    /// The kept one.
    ///
    /// # Errors
    /// Nothing says where it is.
    pub fn kept(chosen: Option<&Path>) -> Result<Self, Report> {
        let nowhere = || eyre!("neither XDG_STATE_HOME nor HOME names a directory: say where with --state-dir");
        directory(chosen).map(Self::Kept).ok_or_else(nowhere)
    }

    /// One for this run alone.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn passing() -> Result<Self, Report> {
        let path = std::env::temp_dir().join(format!("logferry-{}", Uuid::new_v4()));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.wrap_err_with(|| format!("cannot make the directory {}", path.display()))?;
        Ok(Self::Passing(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        let (Self::Kept(path) | Self::Passing(path)) = self;
        path
    }
}

impl Drop for StateDir {
    fn drop(&mut self) {
        if let Self::Passing(path) = self
            && let Err(error) = std::fs::remove_dir_all(&*path)
        {
            tracing::warn!(%error, path = %path.display(), "a temporary directory is left behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_directory_goes_with_what_is_in_it() {
        let passing = StateDir::passing().unwrap();
        let path = passing.path().to_owned();
        std::fs::write(path.join("ledger.db"), "x").unwrap();
        drop(passing);
        assert!(!path.exists());
    }
}
