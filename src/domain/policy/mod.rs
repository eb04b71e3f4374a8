//! Bucket policies: what one says to the export service, what it lacks, and how that is added.
//!
//! Pure: text in, answers out. `export` fetches and stores policies, the faces show rulings and changes.
//!
//! ```text
//! text ─ document ─┬─ ruling ── Ruling     per call: allowed, lax, unknown, not allowed, denied
//!                  │    ├─ applies          one statement against one call: principal, action, resource, conditions
//!                  │    ├─ call             what the service's calls carry
//!                  │    └─ laxity           who else gets in
//!                  └─ grant ── Document     the missing statements, merged; `diff` shows the change
//! ```
//!
//! What cannot be known is neither yes nor no: see `truth`.

mod applies;
mod call;
mod caller;
mod condition;
mod diff;
mod document;
mod export;
mod fields;
mod grant;
mod iam;
mod laxity;
mod pattern;
mod pretty;
mod ruling;
mod same;
mod truth;

pub use applies::Part;
pub use caller::shuts_out;
pub use diff::{Change, Line, diff};
pub use document::{Document, DocumentError, SIZE_LIMIT, StatementName};
pub use export::Export;
pub use grant::{Grant, merge, missing, missing_for};
pub use iam::{Feature, iam_policy};
pub use laxity::Laxity;
pub use pretty::pretty;
pub use ruling::{Access, Doubt, Miss, Ruling, rule};
pub use same::same;
