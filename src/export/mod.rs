//! The engine room: the queue, its lane, and the engine that moves the bytes.
//!
//! Facts in, one reducer, snapshots out. No face is known here; a face holds a [`Queue`] and what it hands out.

mod queue;

pub use queue::{Queue, Snapshot, Transition};
