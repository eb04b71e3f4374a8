//! An embedded AWS on loopback: CloudWatch Logs (JSON 1.1), S3 and STS over real HTTP, for the real SDKs, the AWS CLI
//! and boto3.
//!
//! It stands beside the house: only the faces' start-up, tests and benches start it, and it imports nothing of the
//! house but `domain`'s vocabulary. It binds to loopback only.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};

mod control;
pub mod faults;
pub mod logs;
mod rates;
pub mod s3;
mod server;
mod sts;
pub mod world;

pub use world::{Caller, World};

/// What the embedded AWS starts with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; must be a loopback address. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// What exists at the start.
    pub seed: Seed,
    /// How many times faster than AWS the export service works (only its own delays; timestamps stay real).
    pub clock: f64,
    /// The account everything belongs to (unless the caller's access key id is itself twelve digits: then that one).
    pub account: String,
    /// The Region seeds are put into. Calls may name any other Region by their signature.
    pub region: String,
}

/// What exists at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// About 40 believable log groups, six buckets, some past export tasks.
    Demo,
    /// Nothing.
    Empty,
}

impl Default for Config {
    /// A demo account in eu-central-1 on a free port, six times faster than AWS: slow enough to see bytes land, fast
    /// enough to see the end.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: Seed::Demo,
            clock: 6.0,
            account: "123456789012".to_owned(),
            region: "eu-central-1".to_owned(),
        }
    }
}

/// A running embedded AWS. Dropping it stops the listener and closes every connection.
#[derive(Debug)]
pub struct Sandbox {
    /// The state behind the server, for tests that plant or inspect.
    pub world: Arc<World>,
    address: SocketAddr,
    _stop: DropGuard,
}

impl Sandbox {
    /// Binds, seeds and serves in background tasks of the current tokio runtime.
    ///
    /// # Errors
    /// The address is not loopback, or cannot be bound.
    pub async fn start(config: Config) -> std::io::Result<Self> {
        let listener = server::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let world = Arc::new(World::new(config));
        logs::seed(&world);
        let stop = CancellationToken::new();
        tokio::spawn(server::serve(listener, Arc::clone(&world), stop.clone()));
        Ok(Self { world, address, _stop: stop.drop_guard() })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint_url(&self) -> String {
        format!("http://{}", self.address)
    }
}
