//! Everything the embedded AWS holds, and who is asking.

use super::Config;
use super::faults::Faults;
use super::logs::Store as LogsStore;
use super::s3::Store as S3Store;

/// The state all services share. Stores lock inside, briefly, and never across an await.
#[derive(Debug)]
pub struct World {
    /// What it was started with: account, Region, clock.
    pub config: Config,
    /// Buckets and objects.
    pub s3: S3Store,
    /// Log groups, streams, events, export tasks.
    pub logs: LogsStore,
    /// Failures to inject.
    pub faults: Faults,
}

/// Who makes a call and where it goes, read from its SigV4 credential scope (signatures are not verified: loopback only).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The access key id.
    pub access_key: String,
    /// The account: the access key id itself if it is twelve digits (as LocalStack does), else the sandbox's own.
    pub account: String,
    /// The Region the call was signed for.
    pub region: String,
}
