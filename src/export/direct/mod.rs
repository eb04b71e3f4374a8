//! The direct engine: this program reads the events of a log group and writes them to a bucket or a directory itself.
//!
//! ```text
//! CloudWatch Logs ──pages──► reader ──deliveries──► writer ──objects──► S3, or a directory
//!                              ▲                      │
//!                              └─── checkpoint ◄──────┘   what is durable: where a later run goes on
//! ```
//!
//! What an event of 120 bytes costs (`cargo bench --bench direct`, and `perf` on it): 1.3 µs of CPU here, from start-up to the
//! completed upload. Two fifths of that are gzip (`write::pack`), an eighth is JSON, which is read where it lies
//! (`aws::events`), a tenth each are sockets and copying; lines are cheap (`domain::direct::line`). Where streams are very many
//! and small, requests are dearer than events: so objects are as few as memory allows (`write::layer`).

mod engine;
pub mod job;
pub mod lately;
pub mod read;
pub mod write;

pub(in crate::export) use engine::{Direct, From};
