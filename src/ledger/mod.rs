//! The ledger: the durable record of plans, tasks, their timelines and who drives which lane.
//!
//! The only truth, for every process: nobody keeps a task in memory to write it back. Facts are folded into the task as
//! it stands here, inside the transaction that records the outcome, and faces learn everything, their own changes
//! and those of other processes, the same way: [`Ledger::news`] ticks, then [`Ledger::changes`] is read.
//!
//! ```text
//! handle ──┬─ writer's thread ── add, fold (timeline, plans), lanes, shift ──┐
//!          │                                                                 ├── transaction ── rows, codec ── SQLite
//!          └─ reader's thread ── board, look, history, past ────────────────┘
//! ```
//!
//! Callers: `export`, and the faces for what they list. It knows `domain` alone: no AWS, no clock (callers say when).

mod add;
mod board;
mod checkpoints;
mod codec;
mod error;
mod fold;
mod handle;
mod history;
mod lanes;
mod life;
mod look;
mod open;
mod past;
mod plans;
mod records;
mod rows;
mod schema;
mod shift;
mod threads;
mod timeline;
mod transaction;

#[cfg(test)]
mod tests;

pub use error::LedgerError;
pub use handle::Ledger;
pub use open::FILE as FILE_NAME;
pub use records::{Board, Changes, Cursor, Driver, LaneRecord, Lease, Mark, Past, PastMark, Shift, TaskFilter};
