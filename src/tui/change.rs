//! A change of a bucket as it is shown before it is made: what it would be, how far it is, and the way back.
//!
//! Pure state. The engine room works the change out and applies it; nothing is written that was not shown.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::layout::Destination;
use crate::domain::lifecycle::Edit;
use crate::domain::names::{BucketName, LogGroupName};
use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::export::remedy::{Change, RemedyError, Setting};
use crate::tui::list::RequestId;
use crate::tui::model::Overlay;

/// What a person wants to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The export service is let in for exports of these log groups, or of any.
    Grant(Destination, Vec<LogGroupName>),
    /// The latest change of a setting is undone.
    Undo(BucketName, Setting),
    /// A lifecycle rule is added, changed or removed.
    Lifecycle(BucketName, Edit),
}

impl Wish {
    /// The bucket it is about.
    pub fn bucket(&self) -> &str {
        match self {
            Self::Grant(to, _) => to.store.as_str(),
            Self::Undo(bucket, _) | Self::Lifecycle(bucket, _) => bucket.as_str(),
        }
    }
}

/// Why a change did not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What failed, and why (untrusted parts in it: escape).
    pub why: String,
    /// What to do: a clause.
    pub remedy: String,
    /// What AWS said, if it was AWS.
    pub problem: Option<Box<Problem>>,
}

impl From<RemedyError> for Refusal {
    fn from(error: RemedyError) -> Self {
        let (why, remedy) = (error.to_string(), error.remedy());
        let problem = match error {
            RemedyError::Aws(problem) => Some(Box::new(problem)),
            _ => None,
        };
        Self { why, remedy, problem }
    }
}

/// How far a change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being worked out.
    Asked(RequestId),
    /// There is nothing to be changed.
    Nothing,
    /// This is it, to be confirmed.
    Ready(Arc<Change>),
    /// It is being written.
    Writing(RequestId, Arc<Change>),
    /// It is made; what stood there before is kept in the file.
    Applied(Arc<Change>, Option<PathBuf>),
    /// It cannot be worked out, or was not made.
    Refused(Refusal),
}

impl Stage {
    /// The change, once it is known.
    pub const fn change(&self) -> Option<&Arc<Change>> {
        match self {
            Self::Ready(change) | Self::Writing(_, change) | Self::Applied(change, _) => Some(change),
            Self::Asked(_) | Self::Nothing | Self::Refused(_) => None,
        }
    }

    /// Whether it can be applied now; if not, why.
    pub const fn may_apply(&self) -> Result<(), &'static str> {
        match self {
            Self::Ready(_) => Ok(()),
            Self::Asked(_) => Err("it is still being worked out"),
            Self::Nothing => Err("there is nothing to be changed"),
            Self::Writing(..) => Err("it is being written already"),
            Self::Applied(..) => Err("it is made already"),
            Self::Refused(_) => Err("it cannot be made: R looks again"),
        }
    }

    /// Whether it was made, and is no undoing itself.
    pub fn can_be_undone(&self) -> bool {
        matches!(self, Self::Applied(change, _) if !change.is_undo())
    }
}

/// The page of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePage {
    /// Where exports come from, and through whose session the bucket is changed.
    pub lane: Lane,
    /// What is wanted.
    pub wish: Wish,
    /// How far it is.
    pub stage: Stage,
    /// The first line shown.
    pub top: usize,
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}
