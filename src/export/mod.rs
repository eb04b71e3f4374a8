//! The engine room: the queue, its lane, and the engine that moves the bytes.
//!
//! Facts in, one reducer, snapshots out. No face is known here; a face holds a [`Queue`] and what it hands out.
//!
//! ```text
//! face ──commands──► actor ──spawns──► engine (managed) ──► AWS
//!                      ▲                   │
//!                      └──── facts ◄──────┘
//! face ◄── transitions (lossless), snapshots (latest only)
//! ```

mod actor;
mod backoff;
mod cancel;
mod launch;
mod managed;
mod queue;
mod report;
mod slot;

pub use queue::{Queue, Snapshot, Transition};
pub use report::Reporter;
