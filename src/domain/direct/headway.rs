//! How far a direct export has come, for people.

use serde::{Deserialize, Serialize};

use super::super::amount::ByteCount;
use super::quota::Operation;

/// Counters of a direct export. What earlier runs made durable is counted in, what died with them is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headway {
    /// Log events read.
    pub events: u64,
    /// Bytes of their lines, before they are compressed.
    pub raw: ByteCount,
    /// Compressed bytes that have arrived at the destination, those of unfinished objects included.
    pub uploaded: ByteCount,
    /// Streams read to their end by the run at work; none while the whole group is read over time.
    pub streams_done: u64,
    /// Streams that are known to have to be read by the run at work; more may be found.
    pub streams_known: u64,
    /// The call whose quota holds reading up, if one does.
    pub binding: Option<Operation>,
}
