//! What is verified: one task that has ended, and what is known of it before its objects are read.

use std::fmt;
use std::sync::Arc;

use super::line::Expected;
use crate::domain::amount::Landed;
use crate::domain::direct::line::Format;
use crate::domain::engine::Engine;
use crate::domain::names::{RemoteId, TaskId};
use crate::domain::place::Lane;
use crate::domain::store::Store;
use crate::domain::task::{State, Task};
use crate::domain::time::{TimeRange, Timestamp};

/// A task that can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The task.
    pub task: TaskId,
    /// Where it ran.
    pub lane: Arc<Lane>,
    /// AWS's id of it.
    pub remote: RemoteId,
    /// Whose events.
    pub group: String,
    /// Who moved the bytes, and how.
    pub engine: Engine,
    /// The range that was exported.
    pub range: TimeRange,
    /// Where its objects are.
    pub store: Store,
    /// `<prefix>/<taskId>/`.
    pub folder: String,
    /// How it ended.
    pub state: State,
    /// When AWS accepted it.
    pub accepted: Option<Timestamp>,
    /// What was counted right after its end; `None` if that could not be counted.
    pub counted: Option<Landed>,
}

/// Why a task cannot be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// It is still going on.
    Open(State),
    /// It ended before AWS had it: there is nothing in the bucket.
    NeverBegun,
}

impl fmt::Display for NotYet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(state) => {
                write!(f, "it is {}: what landed can be verified once it has ended", state.word().to_lowercase())
            }
            Self::NeverBegun => f.write_str("AWS never had it: nothing of it is in the bucket"),
        }
    }
}

impl Subject {
    /// What `task` is to be verified by.
    ///
    /// # Errors
    /// It has not ended, or never began.
    pub fn of(task: &Task) -> Result<Self, NotYet> {
        if !task.state.is_end() {
            return Err(NotYet::Open(task.state));
        }
        let remote = task.remote.clone().ok_or(NotYet::NeverBegun)?;
        let destination = &task.spec.destination;
        Ok(Self {
            task: task.id,
            lane: Arc::clone(&task.lane),
            group: task.spec.group.to_string(),
            engine: task.spec.engine.clone(),
            range: task.spec.window,
            store: destination.store.clone(),
            folder: destination.folder(&remote),
            state: task.state,
            accepted: task.accepted,
            counted: task.counted.then_some(task.landed),
            remote,
        })
    }

    /// What the lines of its objects are to be. Whether the end of its range belongs to a managed export, AWS's documents
    /// disagree (aws-facts section 6); of a direct one it does not.
    pub const fn expected(&self) -> Expected {
        let range = self.range;
        match &self.engine {
            Engine::Managed => Expected { range, with_end: true, format: Format::Text },
            Engine::Direct(direct) => Expected { range, with_end: false, format: direct.format },
        }
    }

    /// Whether the objects of a stream are numbered without gaps: a direct export may have given numbers back.
    pub const fn counts_without_gaps(&self) -> bool {
        matches!(self.engine, Engine::Managed)
    }
}
