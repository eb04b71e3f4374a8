//! The commands as scripts meet them, against a sandbox in a process of its own: output, exit codes, and what AWS and the
//! ledger hold afterwards.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod buckets;
mod cancelling;
mod checking;
mod desk;
mod direct;
mod directories;
mod doctor;
mod exporting;
mod looking;
mod policies;
mod retrying;
mod running;
mod secrets;
mod since_last;
mod verifying;
mod whole;

#[path = "../support"]
mod support {
    pub mod exported;
    pub mod sandbox;
    pub mod server;
    pub mod session;
}
