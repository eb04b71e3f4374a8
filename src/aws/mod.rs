//! The outside: AWS through its SDKs, answered in domain's words.
//!
//! The only module that names an SDK type. Every call here returns `Result<_, Problem>`: what failed, on what, why and
//! what to do. Callers: `export` (engines) and the faces (listings).

mod bucket_changes;
mod bucket_settings;
mod buckets;
mod connect;
mod error;
mod events;
mod exports;
mod groups;
mod guard;
mod lifecycle;
mod objects;
mod read_back;
mod sample;
mod session;
mod sources;
mod streams;

pub use bucket_changes::{BucketAt, Creation};
pub use connect::ConnectOptions;
pub use events::{EventPage, GroupQuery, StreamQuery};
pub use groups::NamedGroup;
pub use lifecycle::LifecycleText;
pub use objects::{Objects, Part};
pub use read_back::ObjectBody;
pub use session::Session;
