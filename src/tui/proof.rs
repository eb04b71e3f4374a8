//! A verification as it stands: of which task, how far it is, what it has found, and whether that was written down.
//!
//! Pure state. The engine room reads; one task is verified at a time, and goes on while its page is closed.

use std::sync::Arc;

use crate::domain::names::TaskId;
use crate::domain::problem::Problem;
use crate::domain::verify::object::ReadBack;
use crate::domain::verify::subject::Subject;
use crate::domain::verify::tally::Tally;
use crate::export::verify::Progress;
use crate::tui::list::RequestId;
use crate::tui::model::Overlay;
use crate::tui::places::PlaceId;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Sums and findings.
    pub tally: Tally,
    /// Every object, by key.
    pub objects: Vec<ReadBack>,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Objects are being read back.
    Reading(RequestId, Progress),
    /// This is what was found.
    Done(Arc<Evidence>),
    /// Nothing could be listed.
    Refused(Problem),
    /// A person has stopped it.
    Stopped,
}

/// Whether it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Nobody asked for it.
    No,
    /// It is being written.
    Writing(RequestId),
    /// It lies beside the objects.
    Yes,
    /// It could not be written.
    Refused(Problem),
}

/// The one verification that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Of what.
    pub subject: Arc<Subject>,
    /// The place whose session reads.
    pub place: PlaceId,
    /// How far it is.
    pub stage: Stage,
    /// Whether it was written down.
    pub written: Written,
}

impl Proof {
    /// The task it is of.
    pub fn task(&self) -> TaskId {
        self.subject.task
    }

    /// Whether objects are being read.
    pub const fn is_reading(&self) -> bool {
        matches!(self.stage, Stage::Reading(..))
    }

    /// What was found, once that is known.
    pub const fn evidence(&self) -> Option<&Arc<Evidence>> {
        match &self.stage {
            Stage::Done(evidence) => Some(evidence),
            Stage::Reading(..) | Stage::Refused(_) | Stage::Stopped => None,
        }
    }
}

/// Its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofPage {
    /// The first line shown.
    pub top: usize,
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}
