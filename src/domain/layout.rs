//! Where an export task's objects land: `<prefix>/<taskId>/<stream>/000000.gz` (aws-facts: observed layout).

use super::amount::{ByteCount, Landed};
use super::names::{BucketName, DestinationPrefix, RemoteId};

/// What the service uses when no prefix is given (CreateExportTask reference).
pub const DEFAULT_PREFIX: &str = "exportedlogs";

/// Written by the service when a task is created, to see whether it may; never log data. A variant with the suffix
/// `-multipartupload` was seen too.
pub const WRITE_TEST: &str = "aws-logs-write-test";

/// S3's limit for a whole key, in UTF-8 bytes.
pub const KEY_LIMIT: usize = 1024;

/// A bucket and the prefix in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination {
    /// The bucket.
    pub bucket: BucketName,
    /// The prefix; `None` lets the service use [`DEFAULT_PREFIX`].
    pub prefix: Option<DestinationPrefix>,
}

impl Destination {
    /// The prefix that keys will begin with.
    pub fn prefix(&self) -> &str {
        self.prefix.as_ref().map_or(DEFAULT_PREFIX, DestinationPrefix::as_str)
    }

    /// `<prefix>/<taskId>/`: everything under it belongs to that task alone.
    pub fn folder(&self, remote: &RemoteId) -> String {
        folder(self.prefix(), remote)
    }
}

/// `<prefix>/<taskId>/` for a prefix as DescribeExportTasks gives it back.
pub fn folder(prefix: &str, remote: &RemoteId) -> String {
    format!("{prefix}/{remote}/")
}

/// A stream's name as it stands in a key: "/" becomes "-". The mapping loses information (`a/b` and `a-b` meet).
pub fn stream_folder(stream: &str) -> String {
    stream.replace('/', "-")
}

/// Whether `key` is log data and not a write test.
pub fn is_log_object(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key);
    !name.starts_with(WRITE_TEST)
}

/// Adds one listed object to a sum, unless it is a write test.
pub fn count(landed: &mut Landed, key: &str, size: u64) {
    if is_log_object(key) {
        landed.objects += 1;
        landed.bytes += ByteCount(size);
    }
}
