//! CloudWatch Logs: groups, streams, events and the export service, behind JSON 1.1.
//!
//! The server hands every call to [`handle`], which looks the operation up in one table. Groups and tasks live in
//! [`Store`], apart for every (account, Region). Nothing here speaks HTTP or sees a socket; of S3 it knows only what
//! [`super::s3::Store`] offers to other services. `aws-facts` sections 1 to 7 are what it imitates.

use std::sync::Arc;

use bytes::Bytes;

use super::world::{Caller, World};

mod answer;
mod check;
mod control;
mod crowd;
mod events;
mod export;
mod generated;
mod ops;
mod pattern;
mod remembered;
mod seed;
mod store;
mod token;
mod whims;

pub use control::control;
pub use export::foreign::plant as plant_foreign_task;
pub use seed::seed;
pub use store::{FailRule, Store, SyntheticGroup};
pub use whims::Whims;

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
pub fn handle(world: &Arc<World>, caller: &Caller, operation: &str, body: &Bytes) -> Reply {
    let call = ops::Call::new(world, caller, body);
    let answer = match ops::find(operation) {
        Some(handler) => handler(&call),
        None => Err(answer::ServiceError::unknown_operation(operation)),
    };
    Reply::from(answer)
}
