//! A sandbox with demo data, and sessions on it.

use logferry::aws::{ConnectOptions, Session};
use logferry::sandbox::{Config, Sandbox};

/// The Region of the demo data.
pub const REGION: &str = "eu-central-1";

/// A sandbox of its own for each test.
pub struct Bench {
    pub sandbox: Sandbox,
}

impl Bench {
    pub async fn new() -> Self {
        Self { sandbox: Sandbox::start(Config::default()).await.expect("a sandbox") }
    }

    /// How to connect as the sandbox's own account.
    pub fn connect(&self) -> ConnectOptions {
        ConnectOptions {
            region: Some(REGION.to_owned()),
            endpoint_url: Some(self.sandbox.endpoint_url()),
            fixed_keys: Some(("tests".to_owned(), "tests".to_owned())),
            ..ConnectOptions::default()
        }
    }

    /// How often an operation arrived.
    pub fn calls(&self, operation: &str) -> u64 {
        self.sandbox.world.faults.calls().get(operation).copied().unwrap_or_default()
    }
}

/// Connects.
pub async fn session(options: ConnectOptions) -> Session {
    Session::connect(options).await.expect("everything needed is given")
}
