//! What a listing says of a log stream.

use super::super::time::Timestamp;
use super::unit::StreamName;

/// One row of DescribeLogStreams. Its times are eventually consistent (API reference: usually within an hour).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStream {
    /// Its name.
    pub name: StreamName,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// Its first event, by the events' own times.
    pub first_event: Option<Timestamp>,
    /// Its last event.
    pub last_event: Option<Timestamp>,
    /// When events were last taken in.
    pub last_ingestion: Option<Timestamp>,
}
