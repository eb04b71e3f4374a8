//! A bucket that is to be created: exactly what it will be like, then each step as it gets done, and what to do if one fails.
//!
//! Pure state. The engine room creates it; nothing is created that was not shown.

use crate::domain::place::Lane;
use crate::export::remedy::{Created, NewBucket, Outcome, Step};
use crate::tui::change::Refusal;
use crate::tui::list::RequestId;
use crate::tui::sheet::Sheet;

/// The page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creation {
    /// Where it will be, and of which account.
    pub lane: Lane,
    /// What it will be like.
    pub new: NewBucket,
    /// Its policy for people, an element a line; `None` if it gets none.
    pub policy: Option<String>,
    /// How far it is.
    pub stage: Stage,
    /// The first line shown.
    pub top: usize,
    /// The form it comes from.
    pub sheet: Sheet,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is shown, to be confirmed.
    Shown,
    /// It is being created: what came of the steps so far.
    Making(RequestId, Vec<(Step, Outcome)>),
    /// It is there; whether it is finished, its steps tell.
    Made(Created),
    /// It was not created.
    Refused(Refusal),
}

impl Creation {
    /// What `sheet` asks for, in `lane`.
    pub fn new(lane: Lane, new: NewBucket, sheet: Sheet) -> Self {
        let (policy, stage) = match new.policy(&lane) {
            Ok(policy) => (policy.map(|policy| policy.pretty()), Stage::Shown),
            Err(error) => (None, Stage::Refused(error.into())),
        };
        Self { lane, new, policy, stage, top: 0, sheet }
    }
}

impl Stage {
    /// What came of the steps so far.
    pub fn steps(&self) -> &[(Step, Outcome)] {
        match self {
            Self::Shown | Self::Refused(_) => &[],
            Self::Making(_, steps) => steps,
            Self::Made(created) => &created.steps,
        }
    }

    /// Whether it can be begun now; if not, why.
    pub const fn may_begin(&self) -> Result<(), &'static str> {
        match self {
            Self::Shown => Ok(()),
            Self::Making(..) => Err("it is being created already"),
            Self::Made(_) => Err("it is there: Esc goes back to the buckets"),
            Self::Refused(_) => Err("it was not created: R tries again, Esc goes back to the form"),
        }
    }

    /// Whether it can be tried again, or gone on with.
    pub fn can_go_on(&self) -> bool {
        match self {
            Self::Shown | Self::Making(..) => false,
            Self::Made(created) => created.failure().is_some(),
            Self::Refused(_) => true,
        }
    }
}
