//! The real binary in a pseudo-terminal, from the first key to the objects in the bucket.
//!
//! Everything is looked at from outside: the screen, the terminal's modes, the exit code, and the sandbox through the AWS CLI.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod support {
    pub mod client;
    pub mod exported;
    pub mod line;
    pub mod pty;
    pub mod sandbox;
    pub mod server;
    pub mod venv;
}

mod pty_cases {
    mod asking;
    mod bar;
    mod buckets;
    mod checks;
    mod configured;
    mod crowd;
    mod demo;
    mod desk;
    mod flood;
    mod form;
    mod history;
    mod idle;
    mod journey;
    mod landed;
    mod lanes;
    mod live;
    mod looks;
    mod making;
    mod palette;
    mod plans;
    mod recovery;
    mod sane;
    mod storm;
    mod together;
    mod trouble;
    mod verifying;
    mod watching;
}
