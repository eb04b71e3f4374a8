//! The operations, one table row each: `handle` looks a name up here and calls what it finds.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::time::Timestamp;

use super::super::world::{Caller, World};
use super::answer::{Answer, ServiceError};
use super::check;
use super::export;
use super::store::{Group, Shelf};

mod filter;
mod get;
mod groups;
mod listing;
mod page;
mod put;
mod streams;

/// One call under way.
pub(in super::super) struct Call<'a> {
    /// Everything the sandbox holds.
    pub world: &'a Arc<World>,
    /// The account and Region the call is about.
    pub lane: Lane,
    /// Its input, still as JSON.
    body: &'a Bytes,
}

/// What carries out an operation.
pub(super) type Handler = fn(&Call<'_>) -> Answer;

const OPERATIONS: &[(&str, Handler)] = &[
    ("CancelExportTask", export::api::cancel),
    ("CreateExportTask", export::api::create),
    ("CreateLogGroup", groups::create),
    ("CreateLogStream", streams::create),
    ("DeleteLogGroup", groups::delete),
    ("DeleteLogStream", streams::delete),
    ("DeleteRetentionPolicy", groups::delete_retention),
    ("DescribeExportTasks", export::api::describe),
    ("DescribeLogGroups", listing::describe),
    ("DescribeLogStreams", streams::describe),
    ("FilterLogEvents", filter::filter),
    ("GetLogEvents", get::get),
    ("ListLogGroups", listing::list),
    ("PutLogEvents", put::put),
    ("PutRetentionPolicy", groups::put_retention),
];

/// The handler of `operation`, if it is known.
pub(super) fn find(operation: &str) -> Option<Handler> {
    OPERATIONS.iter().find(|(name, _)| *name == operation).map(|(_, handler)| *handler)
}

/// Now, in epoch milliseconds.
pub(super) fn now() -> i64 {
    Timestamp::from(SystemTime::now()).millis()
}

impl<'a> Call<'a> {
    /// A call of `caller`.
    pub fn new(world: &'a Arc<World>, caller: &Caller, body: &'a Bytes) -> Self {
        let lane = Lane::new(AccountId(caller.account.clone()), Region(caller.region.clone()));
        Self { world, lane, body }
    }

    /// The body as the operation's input.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, ServiceError> {
        check::input(self.body)
    }

    /// Looks at, or changes, what the caller's account has in the Region.
    pub fn with<T>(&self, look: impl FnOnce(&mut Shelf) -> T) -> T {
        self.world.logs.with(&self.lane, look)
    }

    /// [`Call::with`] for one group, which must exist.
    pub fn with_group<T>(
        &self,
        name: &str,
        look: impl FnOnce(&mut Group) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        self.with(|shelf| shelf.groups.get_mut(name).ok_or_else(|| ServiceError::not_found("log group")).and_then(look))
    }

    /// The ARN of a log group of the caller's, without the `:*` that some fields append.
    pub fn group_arn(&self, name: &str) -> String {
        group_arn(&self.lane, name)
    }
}

/// The partition a Region lies in, as ARNs name it.
pub(super) fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// The ARN of a log group, without `:*`.
pub(super) fn group_arn(lane: &Lane, name: &str) -> String {
    format!("arn:{}:logs:{}:{}:log-group:{name}", partition(&lane.region.0), lane.region, lane.account)
}

/// A group named by name or, where an operation takes one, by identifier: a name or an ARN.
pub(super) fn named(name: Option<String>, identifier: Option<String>) -> Option<String> {
    name.or_else(|| {
        let identifier = identifier?;
        match identifier.split_once(":log-group:") {
            Some((_, name)) => Some(name.trim_end_matches(":*").to_owned()),
            None => Some(identifier),
        }
    })
}
