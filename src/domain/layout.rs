//! Where an export task's objects land: `<prefix>/<taskId>/<stream>/000000.gz` (aws-facts: observed layout).

use super::amount::{ByteCount, Landed};
use super::names::{DestinationPrefix, RemoteId};
use super::store::Store;

/// What the service uses when no prefix is given (CreateExportTask reference).
pub const DEFAULT_PREFIX: &str = "exportedlogs";

/// Written by the service when a task is created, to see whether it may; never log data. A variant with the suffix
/// `-multipartupload` was seen too.
pub const WRITE_TEST: &str = "aws-logs-write-test";

/// What this program writes into a task's folder when it is asked to: what was found there. No stream's folder holds it,
/// so whoever reads the streams' objects does not meet it; and it is never log data.
pub const MANIFEST: &str = "manifest.json";

/// S3's limit for a whole key, in UTF-8 bytes.
pub const KEY_LIMIT: usize = 1024;

/// The name of the first object in a stream's folder; `000001.gz` and so on follow.
pub const FIRST_OBJECT: &str = "000000.gz";

/// A task id is a UUID in hyphenated form.
const REMOTE_ID_LENGTH: usize = 36;

/// The longest log stream name (service model: 1..512). Characters, taken as one byte each: what streams are named by
/// in practice is ASCII.
const STREAM_LENGTH: usize = 512;

/// The bytes a destination prefix may take so that a key with the longest stream name still fits into [`KEY_LIMIT`].
pub const PREFIX_ROOM: usize = KEY_LIMIT - ("///".len() + REMOTE_ID_LENGTH + STREAM_LENGTH + FIRST_OBJECT.len());

/// A bucket or a directory, and the prefix in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination {
    /// What it lies in.
    pub store: Store,
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

/// Where a task's [`MANIFEST`] lies: in its `folder`, beside the streams.
pub fn manifest_key(folder: &str) -> String {
    format!("{folder}{MANIFEST}")
}

/// `<prefix>/<taskId>/` for a prefix as DescribeExportTasks gives it back.
pub fn folder(prefix: &str, remote: &RemoteId) -> String {
    format!("{prefix}/{remote}/")
}

/// A stream's name as it stands in a key: "/" becomes "-". The mapping loses information (`a/b` and `a-b` meet).
pub fn stream_folder(stream: &str) -> String {
    stream.replace('/', "-")
}

/// The key of a stream's first object; what is not known yet stands as `<taskId>` and `<stream>`.
pub fn example_key(prefix: &str, remote: Option<&RemoteId>, stream: Option<&str>) -> String {
    let remote = remote.map_or("<taskId>", |id| &id.0);
    let stream = stream.map_or_else(|| "<stream>".to_owned(), stream_folder);
    format!("{prefix}/{remote}/{stream}/{FIRST_OBJECT}")
}

/// Whether `key` is log data and neither a write test nor a manifest.
pub fn is_log_object(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key);
    !name.starts_with(WRITE_TEST) && name != MANIFEST
}

/// Adds one listed object to a sum, unless it is a write test or a manifest.
pub fn count(landed: &mut Landed, key: &str, size: u64) {
    if is_log_object(key) {
        landed.objects += 1;
        landed.bytes += ByteCount(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn remote() -> RemoteId {
        RemoteId("4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e".to_owned())
    }

    fn destination(prefix: Option<&str>) -> Destination {
        Destination {
            store: Store::stored("logs-archive").unwrap(),
            prefix: prefix.map(|prefix| DestinationPrefix::parse(prefix).unwrap()),
        }
    }

    #[test]
    fn a_task_s_folder_is_prefix_and_task_id() {
        assert_eq!(
            destination(Some("nightly/web")).folder(&remote()),
            "nightly/web/4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e/"
        );
        assert_eq!(destination(None).folder(&remote()), "exportedlogs/4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e/");
    }

    #[test]
    fn slashes_in_stream_names_become_dashes() {
        assert_eq!(stream_folder("2026/08/09/[$LATEST]ab"), "2026-08-09-[$LATEST]ab");
        assert_eq!(stream_folder("a/b"), stream_folder("a-b"));
    }

    #[test]
    fn an_example_key_names_what_is_not_known_yet() {
        assert_eq!(example_key("nightly", None, None), "nightly/<taskId>/<stream>/000000.gz");
        assert_eq!(
            example_key(DEFAULT_PREFIX, Some(&remote()), Some("a/b")),
            "exportedlogs/4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e/a-b/000000.gz"
        );
    }

    #[test]
    fn write_tests_and_manifests_are_not_log_data() {
        assert!(!is_log_object("aws-logs-write-test"));
        assert!(!is_log_object("nightly/aws-logs-write-test"));
        assert!(!is_log_object("nightly/aws-logs-write-test-multipartupload"));
        assert!(!is_log_object("nightly/4d2b/manifest.json"));
        assert!(is_log_object("nightly/4d2b/manifest.json/000000.gz"), "a stream of that name is no manifest");
        assert!(is_log_object("nightly/4d2b/web/000000.gz"));
        assert!(is_log_object("aws-logs-write-test/4d2b/web/000000.gz"), "a prefix of that name is no write test");
    }

    #[test]
    fn counting_leaves_write_tests_out() {
        let mut landed = Landed::default();
        count(&mut landed, "p/4d2b/web/000000.gz", 10);
        count(&mut landed, "p/aws-logs-write-test", 27);
        count(&mut landed, "p/4d2b/web/000001.gz", 5);
        assert_eq!(landed, Landed { objects: 2, bytes: ByteCount(15) });
    }

    proptest! {
        #[test]
        fn any_accepted_prefix_leaves_room_for_the_longest_stream(prefix in "[a-zé]{440,480}") {
            let key = example_key(&prefix, Some(&remote()), Some(&"s".repeat(STREAM_LENGTH)));
            prop_assert_eq!(DestinationPrefix::parse(&prefix).is_ok(), key.len() <= KEY_LIMIT);
        }
    }
}
