//! The writing side of the direct engine: deliveries in, gzip objects out, in bounded memory.
//!
//! ```text
//! delivery ─► lines (one buffer a stream) ─► gzip members ─► objects ─► sink: a bucket, or a directory
//! ```
//!
//! A unit of one stream writes an object after the other, in parts while it goes on. Units of many streams share their
//! objects, one a stream, which are shipped together when memory runs out and at the end. [`Checkpoint`]s say what is durable;
//! how that keeps events from being lost or written twice is told in `domain::direct::checkpoint`.
//!
//! [`Checkpoint`]: crate::domain::direct::checkpoint::Checkpoint

mod bucket;
mod directory;
mod gather;
mod layer;
mod pack;
mod patience;
mod room;
mod shared;
mod sink;
mod upload;
mod writer;

pub use bucket::Bucket;
pub use directory::Directory;
pub use sink::Sink;
pub use writer::{Plan, ROLL_OVER, Tally, Writer};
