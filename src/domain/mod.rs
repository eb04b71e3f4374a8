//! Words and rules: the vocabulary of exports and everything that can be decided without touching the outside.
//!
//! Pure: no tokio, no AWS, no ratatui, no clock and no I/O (`tests/architecture.rs` watches). Whoever needs "now" passes it in.
//! Every floor above uses these types; nothing here knows who does.

pub mod amount;
pub mod bucket_name;
pub mod calendar;
pub mod coverage;
pub mod direct;
pub mod engine;
pub mod inventory;
pub mod landed;
pub mod layout;
pub mod lifecycle;
pub mod names;
pub mod nearest;
pub mod partition;
pub mod past;
pub mod peek;
pub mod place;
pub mod plan;
pub mod plan_file;
pub mod policy;
pub mod preflight;
pub mod problem;
pub mod queued_plan;
pub mod reducer;
pub mod sought;
pub mod split;
pub mod state;
pub mod store;
pub mod task;
pub mod template;
pub mod text;
pub mod time;
pub mod toml_source;
pub mod verify;
pub mod when;
pub mod zone;
