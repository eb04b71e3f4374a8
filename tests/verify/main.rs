//! Verification through the real SDK: against the sandbox, against a server that breaks off, and with Python's gzip and moto
//! as referees.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod bench;
mod broken_off;
mod landed;
mod referees;

#[path = "../support"]
mod support {
    pub mod client;
    pub mod moto;
    pub mod server;
    pub mod session;
    pub mod venv;
}
