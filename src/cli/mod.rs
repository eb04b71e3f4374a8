//! The command line: arguments become one validated [`Action`] before anything starts, then the action is carried out.
//!
//! Start-up lives here: the log file, the async runtime, the embedded sandbox, exit codes. What a person sees in the
//! terminal interface does not: `cli` knows only its entry. Caller: `main`.

mod advice;
mod args;
mod buckets;
mod check;
mod config;
mod connection;
mod doctor;
mod environment;
mod export;
mod follow;
mod lanes;
mod listing;
mod log;
mod look;
mod outcome;
mod output;
mod paths;
mod policy;
mod print;
mod run;
mod script;
mod signals;
mod start;
mod state;
mod tasks;
mod verify;

pub use args::{Action, Interface, Invocation, parse};
pub use connection::Target;
pub use environment::Environment;
pub use export::Request;
pub use listing::{Kind, Listing};
pub use outcome::refuse;
pub use start::perform;
