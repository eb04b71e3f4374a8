//! The outside: AWS through its SDKs, answered in domain's words.
//!
//! The only module that names an SDK type. Every call here returns `Result<_, Problem>`: what failed, on what, why and
//! what to do. Callers: `export` (engines) and the faces (listings).

mod session;

pub use session::{ConnectOptions, Session};
