//! Copies of what is replaced: a file each in the state directory, `policies/<bucket>/<time>.json`, readable by its owner
//! alone and on the disk before anything is written to AWS.
//!
//! That a bucket had no policy is recorded too: to undo the first one is to delete it. A copy that was put back is renamed,
//! so that the one before it is next.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::error::RemedyError;
use super::setting::{Setting, Stored};
use crate::domain::names::BucketName;
use crate::domain::place::Lane;
use crate::domain::time::Timestamp;

/// Nobody's business but the owner's: policies name accounts, roles and networks.
const FILE_MODE: u32 = 0o600;
const DIRECTORY_MODE: u32 = 0o700;

/// The ending of copies that can still be put back, and of those that were.
const LIVE: &str = "json";
const UNDONE: &str = "undone";

/// What stood in a bucket before a change, and what the change wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCopy {
    /// The file.
    pub path: PathBuf,
    /// What is in it.
    pub(super) record: Record,
}

/// The file's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub setting: Setting,
    pub bucket: String,
    pub region: String,
    pub account: String,
    /// Where it was sent; `None` is AWS itself.
    pub endpoint: Option<String>,
    pub at: Timestamp,
    /// What stood there; `None` if nothing did.
    pub before: Option<Stored>,
    /// What was written; `None` if it was deleted.
    pub after: Option<Stored>,
}

impl KeptCopy {
    /// When the change was made.
    pub(super) const fn at(&self) -> Timestamp {
        self.record.at
    }

    /// Keeps what `change` replaces.
    pub(super) async fn keep(state: &Path, lane: &Lane, change: &Change, at: Timestamp) -> Result<Self, RemedyError> {
        let record = Record {
            setting: change.setting,
            bucket: change.bucket.to_string(),
            region: change.region.0.clone(),
            account: lane.account.0.clone(),
            endpoint: lane.endpoint.clone(),
            at,
            before: change.before.clone(),
            after: change.after.clone(),
        };
        let directory = directory(state, change.setting, &change.bucket);
        let place = directory.clone();
        let kept = blocking(move || write(&directory, &record).map(|path| Self { path, record })).await;
        kept.map_err(|source| RemedyError::Copy { path: place, source })
    }

    /// The copy of the latest change of a bucket's setting, made from `lane`'s account, that was not undone.
    pub(super) async fn latest(
        state: &Path,
        lane: &Lane,
        setting: Setting,
        bucket: &BucketName,
    ) -> Result<Option<Self>, RemedyError> {
        let directory = directory(state, setting, bucket);
        let listed = directory.clone();
        let unreadable = |path, why: String| RemedyError::Unreadable { path, why };
        let files = blocking(move || live(&listed)).await.map_err(|error| unreadable(directory, error.to_string()))?;
        for path in files.into_iter().rev() {
            let file = path.clone();
            let text = blocking(move || fs::read_to_string(file)).await;
            let text = text.map_err(|error| unreadable(path.clone(), error.to_string()))?;
            let record: Record =
                serde_json::from_str(&text).map_err(|error| unreadable(path.clone(), error.to_string()))?;
            // An emulator may call itself by the same account, and have a bucket of that name as well.
            if record.account == lane.account.0 && record.endpoint == lane.endpoint {
                return Ok(Some(Self { path, record }));
            }
        }
        Ok(None)
    }

    /// Takes the copy away: nothing was replaced after all.
    pub(super) async fn discard(&self) {
        let path = self.path.clone();
        if let Err(error) = blocking(move || fs::remove_file(path)).await {
            tracing::warn!(%error, path = %self.path.display(), "a copy of what was not replaced is left behind");
        }
    }

    /// Marks it as put back.
    pub(super) async fn retire(&self) {
        let (path, undone) = (self.path.clone(), self.path.with_extension(UNDONE));
        if let Err(error) = blocking(move || fs::rename(path, undone)).await {
            // Undoing it a second time finds that everything is as before, and says so.
            tracing::warn!(%error, path = %self.path.display(), "a copy that was put back is not marked as such");
        }
    }
}

/// Names of buckets hold no slash and are never `.` or `..`.
fn directory(state: &Path, setting: Setting, bucket: &BucketName) -> PathBuf {
    let kind = match setting {
        Setting::Policy => "policies",
        Setting::Lifecycle => "lifecycles",
    };
    state.join(kind).join(bucket.as_str())
}

/// Writes `record` into a new file, to the disk; its name sorts by time.
fn write(directory: &Path, record: &Record) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(directory)?;
    let name = record.at.to_string().replace(':', "-");
    let path = directory.join(format!("{name}.{LIVE}"));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&path)?;
    file.write_all(serde_json::to_string_pretty(record)?.as_bytes())?;
    file.sync_all()?;
    // The file's name is on the disk once its directory is.
    File::open(directory)?.sync_all()?;
    Ok(path)
}

/// The copies in `directory` that can be put back, the oldest first.
fn live(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(directory) {
        Err(none) if none.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == LIVE));
    paths.sort_unstable();
    Ok(paths)
}

/// Disks can be slow, and the runtime's threads drive keys and the network.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
