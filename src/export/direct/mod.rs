//! The direct engine: this program reads the events of a log group and writes them to a bucket or a directory itself.
//!
//! ```text
//! CloudWatch Logs ──pages──► reader ──deliveries──► writer ──objects──► S3, or a directory
//!                              ▲                      │
//!                              └─── checkpoint ◄──────┘   what is durable: where a later run goes on
//! ```

mod engine;
pub mod job;
pub mod lately;
pub mod read;
pub mod write;

pub(in crate::export) use engine::{Direct, From};
