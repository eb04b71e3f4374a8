//! A peek at what an export would hold, as a page over the screen: which log group is looked at, and what was seen of it.

use std::sync::Arc;

use crate::domain::names::{LogGroupName, StreamPrefix};
use crate::domain::time::TimeRange;
use crate::export::{NoPeek, PeekAt, Peeked};
use crate::tui::list::RequestId;

/// What somebody wants to look at: log groups, one at a time, over one range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The log groups; at least one.
    pub groups: Vec<LogGroupName>,
    /// Which events.
    pub range: TimeRange,
    /// Only those of streams whose name begins so.
    pub streams: Option<StreamPrefix>,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeekPage {
    /// What can be looked at.
    pub wanted: Wanted,
    /// Which of the log groups is.
    pub at: usize,
    /// How far that is.
    pub stage: Stage,
    /// The first line shown.
    pub top: usize,
}

/// How far a peek is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being read.
    Asked(RequestId),
    /// This was seen.
    Seen(Box<Peeked>),
    /// Nothing can be seen.
    Refused(NoPeek),
}

impl PeekPage {
    /// What is looked at now.
    pub fn subject(&self) -> Option<Arc<PeekAt>> {
        let group = self.wanted.groups.get(self.at)?.clone();
        Some(Arc::new(PeekAt { group, range: self.wanted.range, streams: self.wanted.streams.clone() }))
    }

    /// The question under way.
    pub const fn asked(&self) -> Option<RequestId> {
        match self.stage {
            Stage::Asked(request) => Some(request),
            Stage::Seen(_) | Stage::Refused(_) => None,
        }
    }
}
