//! CloudWatch Logs: groups, streams, events and the export service, behind JSON 1.1.

use std::sync::Arc;

use bytes::Bytes;

use super::world::{Caller, World};

/// Log groups, streams, events and export tasks of every account and Region.
#[derive(Debug, Default)]
pub struct Store {}

/// An answer in JSON 1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status: 200, or 400 for a service error.
    pub status: u16,
    /// The body, JSON as it goes over the wire (pages of events are written straight into it); for an error
    /// `{"__type": code, "message": text}`.
    pub body: Bytes,
}

/// Carries out one call: `operation` is what follows `Logs_20140328.` in `x-amz-target`.
pub fn handle(_world: &Arc<World>, _caller: &Caller, _operation: &str, _body: &Bytes) -> Reply {
    Reply { status: 400, body: Bytes::from_static(br#"{"__type":"UnknownOperationException"}"#) }
}

/// Plants what exists at the start, as `world.config.seed` asks: buckets and objects too, so that their stories match.
pub fn seed(_world: &Arc<World>) {}

/// Answers `/_sandbox/logs/...` of the control endpoint; `path` is what follows `/_sandbox/logs`.
pub fn control(_world: &Arc<World>, _caller: &Caller, _method: &str, _path: &str, _body: &Bytes) -> Reply {
    Reply { status: 404, body: Bytes::from_static(br#"{"message":"no such control"}"#) }
}
