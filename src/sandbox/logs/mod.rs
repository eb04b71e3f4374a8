//! CloudWatch Logs: groups, streams, events and the export service, behind JSON 1.1.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::world::{Caller, World};

/// Log groups, streams, events and export tasks of every account and Region.
#[derive(Debug, Default)]
pub struct Store {}

/// An answer in JSON 1.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status: 200, or 400 for a service error.
    pub status: u16,
    /// The body; for an error `{"__type": code, "message": text}`.
    pub body: Value,
}

/// Carries out one call: `operation` is what follows `Logs_20140328.` in `x-amz-target`.
pub fn handle(_world: &Arc<World>, _caller: &Caller, _operation: &str, _body: &Bytes) -> Reply {
    Reply { status: 400, body: serde_json::json!({"__type": "UnknownOperationException"}) }
}
