//! Every row of the checklist before an export, asked of an embedded AWS through the real SDKs: what the world is like, and
//! what the finding says of it.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod bench;
mod bucket;
mod denied;
mod moto;
mod settings;
mod source;

#[path = "../support"]
mod support {
    pub mod moto;
    pub mod server;
    pub mod session;
    pub mod venv;
}
