//! Remedies that act: a bucket created, the export service let into one, lifecycle rules edited; and the way back.
//!
//! Nothing is changed that was not shown: whoever asks gets a [`Change`] with its diff first, and [`Remedies::apply`] refuses
//! it if the bucket no longer is what the diff was made of. What is replaced is kept as a [`KeptCopy`] before anything is
//! written, and read back afterwards. The faces show changes and ask; nothing is asked here.
//!
//! ```text
//! propose_grant ────┐
//! propose_lifecycle ┼─► Change ── shown, confirmed ──► apply: look again ─► keep a copy ─► write ─► read back
//! propose_undo ─────┘                                                           │
//!       ▲                                                                       │
//!       └───────────────────────────── the latest copy ◄────────────────────────┘
//! begin_bucket: step by step, each told; continues what was begun and is plainly ours
//! ```

mod apply;
mod change;
mod copy;
mod create;
mod creating;
mod error;
mod grant;
mod lifecycle;
mod setting;

use std::path::PathBuf;

use crate::aws::{BucketAt, Session};
use crate::domain::names::BucketName;
use crate::domain::place::{Lane, Region};

pub use apply::Applied;
pub use change::Change;
pub use copy::KeptCopy;
pub use create::{Created, NewBucket, Outcome, Step};
pub use creating::Creating;
pub use error::RemedyError;
pub use lifecycle::Rules;
pub use setting::Setting;

/// What remedies work with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Remedies {
    session: Session,
    lane: Lane,
    state: PathBuf,
}

impl Remedies {
    /// Remedies in `lane`, through `session`, whose account must own every bucket that is changed. Copies of what is replaced
    /// are kept in the state directory `state`.
    pub const fn new(session: Session, lane: Lane, state: PathBuf) -> Self {
        Self { session, lane, state }
    }

    /// The lane exports come from, and buckets are created in.
    pub const fn lane(&self) -> &Lane {
        &self.lane
    }

    fn at<'a>(&'a self, bucket: &'a BucketName, region: &'a Region) -> BucketAt<'a> {
        BucketAt { bucket: bucket.as_str(), region, owner: &self.lane.account }
    }
}
