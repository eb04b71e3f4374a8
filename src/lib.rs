//! Logferry gets logs out of CloudWatch Logs into S3.
//!
//! The map of the house. Nothing below a floor knows the floor above it; `tests/architecture.rs` keeps it so.
//!
//! ```text
//!              main.rs                      parse, choose a face, map the outcome to an exit code
//!        ┌────────┴────────┐
//!      cli/              tui/               faces: what a person touches
//!        └────────┬────────┘
//!              export/                      engine room: queue, lanes, engines
//!      ┌──────────┼──────────┐
//!    aws/      ledger/    config/           the outside: CloudWatch Logs, S3 and STS through the SDKs; the disk;
//!      └──────────┼──────────┘              what the operator has set
//!              domain/                      words and rules: pure
//!
//!   sandbox/   beside the house: an embedded CloudWatch Logs + S3 + STS on loopback, reached through the SDKs over
//!              HTTP exactly as AWS is
//! ```

pub mod aws;
pub mod cli;
pub mod config;
pub mod domain;
pub mod export;
pub mod ledger;
pub mod sandbox;
pub mod tui;
