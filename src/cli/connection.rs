//! Where to connect: the options that every command shares, and the connection they amount to.
//!
//! The options may stand before a command or behind it; what stands behind it wins. Callers: `args`, `start` and the
//! commands.

use std::path::Path;

use clap::{Args, ValueEnum};
use color_eyre::eyre::{Report, WrapErr};

use super::check;
use super::state::StateDir;
use crate::aws::{ConnectOptions, Session};
use crate::sandbox::{self, Config, Sandbox};

/// Any key works on the sandbox; this one is no account id, so calls belong to the sandbox's own account.
pub const SANDBOX_KEY: &str = "sandbox";

/// Which AWS to work on.
#[derive(Debug)]
pub enum Target {
    /// AWS, or an emulator of it, found by the usual chain.
    Aws(ConnectOptions),
    /// An embedded one in this very process.
    Sandbox {
        /// What it is.
        config: Config,
        /// Whether everything that would change it is refused.
        read_only: bool,
    },
}

/// The options.
#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Where to work")]
pub struct Connection {
    /// Work on an embedded AWS with demo data: no account, no credentials, no AWS configuration read
    #[arg(long, conflicts_with_all = ["profile", "endpoint_url"])]
    sandbox: bool,

    /// What the sandbox holds at the start [default: demo]
    #[arg(long, value_name = "SEED", requires = "sandbox")]
    seed: Option<Seed>,

    /// How many times faster than AWS the sandbox exports [default: 6]
    #[arg(long, value_name = "N", requires = "sandbox", value_parser = check::clock, allow_negative_numbers = true)]
    clock: Option<f64>,

    /// The profile of the AWS configuration files to use
    #[arg(long, value_parser = check::profile)]
    profile: Option<String>,

    /// The Region to work in
    #[arg(long, value_parser = check::region)]
    region: Option<String>,

    /// Send every call to this URL: an emulator or an interface endpoint (S3 in path style)
    #[arg(long, value_name = "URL", value_parser = check::endpoint_url)]
    endpoint_url: Option<String>,
}

/// `--seed`.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Seed {
    /// About forty log groups, six buckets, some past export tasks
    Demo,
    /// Nothing
    Empty,
}

/// What is said of `--sandbox` before a command and `--profile` behind it: on one side clap says it.
pub const EXCLUSIVE: &str = "'--sandbox' cannot be used with '--profile <PROFILE>' or '--endpoint-url <URL>': \
    the sandbox is a place of its own";

impl Connection {
    /// These options, and for those that are not given `before`'s; `None` if the two exclude each other.
    pub fn after(self, before: Self) -> Option<Self> {
        let both = Self {
            sandbox: self.sandbox || before.sandbox,
            seed: self.seed.or(before.seed),
            clock: self.clock.or(before.clock),
            profile: self.profile.or(before.profile),
            region: self.region.or(before.region),
            endpoint_url: self.endpoint_url.or(before.endpoint_url),
        };
        let elsewhere = both.profile.is_some() || both.endpoint_url.is_some();
        (!(both.sandbox && elsewhere)).then_some(both)
    }

    /// What they amount to.
    pub fn target(self) -> Target {
        if self.sandbox {
            let config = config(self.seed, self.clock, self.region);
            return Target::Sandbox { config, read_only: false };
        }
        Target::Aws(ConnectOptions {
            profile: self.profile,
            region: self.region,
            endpoint_url: self.endpoint_url,
            ..ConnectOptions::default()
        })
    }
}

/// The sandbox's own defaults, with what was given put over them.
pub fn config(seed: Option<Seed>, clock: Option<f64>, region: Option<String>) -> Config {
    let defaults = Config::default();
    Config {
        seed: seed.map_or(defaults.seed, Seed::seed),
        clock: clock.unwrap_or(defaults.clock),
        region: region.unwrap_or(defaults.region),
        ..defaults
    }
}

impl Seed {
    const fn seed(self) -> sandbox::Seed {
        match self {
            Self::Demo => sandbox::Seed::Demo,
            Self::Empty => sandbox::Seed::Empty,
        }
    }
}

/// A target that can be connected to: an embedded sandbox is running, for as long as this is held.
pub struct Place {
    /// How to connect.
    pub connect: ConnectOptions,
    /// Dropping it stops the listener.
    _sandbox: Option<Sandbox>,
}

impl Target {
    /// Whether somebody said by options where to connect.
    pub const fn is_chosen(&self) -> bool {
        match self {
            Self::Aws(options) => {
                options.profile.is_some() || options.region.is_some() || options.endpoint_url.is_some()
            }
            Self::Sandbox { .. } => true,
        }
    }

    /// Nothing of it is changed any more: its sessions refuse to.
    pub const fn forbid_changes(&mut self) {
        match self {
            Self::Aws(ConnectOptions { read_only, .. }) | Self::Sandbox { read_only, .. } => *read_only = true,
        }
    }

    /// Where the ledger of a run on it lies: the embedded sandbox has one that goes with it, unless another was `chosen`.
    pub fn state(&self, chosen: Option<&Path>) -> Result<StateDir, Report> {
        match (self, chosen) {
            (Self::Sandbox { .. }, None) => StateDir::passing(),
            (Self::Sandbox { .. } | Self::Aws(_), chosen) => StateDir::kept(chosen),
        }
    }

    /// Starts what has to be started. Nothing is connected yet.
    pub async fn open(self) -> Result<Place, Report> {
        match self {
            Self::Aws(connect) => Ok(Place { connect, _sandbox: None }),
            Self::Sandbox { config, read_only } => {
                let region = config.region.clone();
                let sandbox = start_sandbox(config).await?;
                let connect = ConnectOptions {
                    profile: None,
                    region: Some(region),
                    endpoint_url: Some(sandbox.endpoint_url()),
                    fixed_keys: Some((SANDBOX_KEY.to_owned(), SANDBOX_KEY.to_owned())),
                    read_only,
                };
                Ok(Place { connect, _sandbox: Some(sandbox) })
            }
        }
    }
}

impl Place {
    /// Connects.
    pub async fn session(&self) -> Result<Session, Report> {
        Ok(Session::connect(self.connect.clone()).await?)
    }
}

/// Starts a sandbox.
pub async fn start_sandbox(config: Config) -> Result<Sandbox, Report> {
    let listen = config.listen;
    Sandbox::start(config).await.wrap_err_with(|| format!("the sandbox cannot listen on {listen}"))
}
