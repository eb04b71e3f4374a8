//! What the environment says: the variables that are ours, the time, where our files belong.
//!
//! Read once, and passed in from there on, so that tests need not change the process's own. AWS's variables are left to
//! the AWS configuration chain.

use std::path::PathBuf;
use std::time::SystemTime;

use super::output::is_colourless;
use crate::config::{Location, xdg};
use crate::domain::store::Base;
use crate::domain::time::Timestamp;
use crate::domain::zone::Zone;

/// The environment of a run.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `LOGFERRY_LOG`: a level, or filter directives (`debug,aws_smithy_runtime=debug`).
    pub log: Option<String>,
    /// `LOGFERRY_READ_ONLY=1`: as `--read-only`.
    pub read_only: bool,
    /// `NO_COLOR`: no colours (<https://no-color.org>).
    pub colourless: bool,
    /// `LOGFERRY_TEST_HOOKS=1`: bind the keys that exist for tests alone.
    pub test_hooks: bool,
    /// Where the configuration file is: `LOGFERRY_CONFIG`, or where XDG has it.
    pub config: Option<Location>,
    /// What relative times are counted from.
    pub now: Timestamp,
    /// What relative directories begin at.
    pub base: Base,
}

impl Environment {
    /// Reads this process's environment.
    pub fn capture() -> Self {
        let named = std::env::var_os("LOGFERRY_CONFIG").filter(|value| !value.is_empty());
        Self {
            log: std::env::var("LOGFERRY_LOG").ok().filter(|value| !value.is_empty()),
            // A safety catch that is set in a way nobody thought of holds all the same.
            read_only: std::env::var_os("LOGFERRY_READ_ONLY").is_some_and(|value| !value.is_empty() && value != "0"),
            colourless: is_colourless(),
            test_hooks: std::env::var_os("LOGFERRY_TEST_HOOKS").is_some_and(|value| value == "1"),
            config: named.map(|path| Location::Named(PathBuf::from(path))).or_else(Location::usual),
            now: Timestamp::from(SystemTime::now()),
            base: xdg::base(),
        }
    }
}

/// What stands for what nobody said.
#[derive(Clone, Copy, Debug)]
pub struct Usual<'a> {
    /// What relative times are counted from.
    pub now: Timestamp,
    /// What relative directories begin at.
    pub base: &'a Base,
    /// Where times are read and written that name no zone.
    pub zone: Zone,
    /// How often a task is tried again by itself.
    pub retries: u32,
}
