//! Remedies through the real SDK against the sandbox: what they change, what they refuse, and what is left when AWS says no.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod bench;
mod create;
mod grant;
mod lifecycle;
mod read_only;
