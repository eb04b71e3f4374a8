//! What is verified: one task that has ended, and what is known of it before its objects are read.

use std::fmt;
use std::sync::Arc;

use crate::domain::amount::Landed;
use crate::domain::direct::line::Format;
use crate::domain::engine::EngineKind;
use crate::domain::names::{BucketName, RemoteId, TaskId};
use crate::domain::place::Lane;
use crate::domain::task::{State, Task};
use crate::domain::time::{TimeRange, Timestamp};

/// A task that can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The task.
    pub task: TaskId,
    /// Where it ran.
    pub lane: Arc<Lane>,
    /// Who moved the bytes.
    pub engine: EngineKind,
    /// AWS's id of it; logferry's own, if AWS did not move the bytes.
    pub remote: RemoteId,
    /// Whose events.
    pub group: String,
    /// The range that was exported.
    pub range: TimeRange,
    /// Where its objects are.
    pub bucket: BucketName,
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
    /// Its objects hold JSON, and lines are what is read back.
    Jsonl,
}

impl fmt::Display for NotYet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(state) => {
                write!(f, "it is {}: what landed can be verified once it has ended", state.word().to_lowercase())
            }
            Self::Jsonl => f.write_str("its objects hold JSON lines, which are not verified: only AWS's own lines are"),
            Self::NeverBegun => f.write_str("AWS never had it: nothing of it is in the bucket"),
        }
    }
}

impl Subject {
    /// What `task` is to be verified by.
    ///
    /// # Errors
    /// It has not ended, never began, or is not written in AWS's lines.
    pub fn of(task: &Task) -> Result<Self, NotYet> {
        if !task.state.is_end() {
            return Err(NotYet::Open(task.state));
        }
        if task.spec.engine.direct().is_some_and(|direct| direct.format == Format::Jsonl) {
            return Err(NotYet::Jsonl);
        }
        let remote = task.remote.clone().ok_or(NotYet::NeverBegun)?;
        let destination = &task.spec.destination;
        Ok(Self {
            task: task.id,
            lane: Arc::clone(&task.lane),
            engine: task.spec.engine.kind(),
            group: task.spec.group.to_string(),
            range: task.spec.window,
            bucket: destination.bucket.clone(),
            folder: destination.folder(&remote),
            state: task.state,
            accepted: task.accepted,
            counted: task.counted.then_some(task.landed),
            remote,
        })
    }
}
