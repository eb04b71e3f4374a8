//! The engine room: the queue, its lanes, and the engine that moves the bytes.
//!
//! Facts in, one reducer, snapshots out. No face is known here; a face holds a [`Queue`] and what it hands out. The
//! ledger lies between all of them: what is asked for and what happens is recorded there, and told from there, whichever
//! process it came from.
//!
//! ```text
//! face ──orders──► ledger ──news──► actor ──spawns──► engine (managed) ──► AWS
//!                    ▲ │              │                  │
//!                    │ │              └──── facts ◄──────┘
//!                    │ │                      │
//!                    └─┼──────────────────────┘
//!                      └──news──► board ──► transitions (lossless), snapshots (latest only) ──► face
//! ```

mod actor;
mod backoff;
mod board;
mod cache;
mod cancel;
mod checker;
mod checklist;
mod clearance;
pub mod direct;
mod directory;
mod elsewhere;
pub mod landed;
mod lane;
mod launch;
pub mod listings;
mod managed;
mod peek;
mod preflight;
mod queue;
mod reach;
pub mod remedy;
mod report;
mod slot;
mod tend;
pub mod verify;

pub use cache::Freshness;
pub use checker::{Checked, Checker};
pub use elsewhere::{Elsewhere, apart};
pub use peek::{NoPeek, PeekAt, Peeked, peek};
pub use preflight::{Choices, DestinationFacts, SourceFacts, Subject, Typed};
pub use queue::{Drive, Queue, Snapshot, Terms, Transition};
pub use reach::Reach;
pub use report::Reporter;
pub use slot::holder_of;
