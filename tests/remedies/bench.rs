//! A sandbox with demo data, sessions on it, and remedies with a state directory of their own.

use std::path::PathBuf;

use logferry::aws::{ConnectOptions, Session};
use logferry::domain::layout::Destination;
use logferry::domain::names::BucketName;
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::store::Store;
use logferry::export::remedy::Remedies;
use logferry::sandbox::faults::{Fault, Kind};
use logferry::sandbox::{Config, Sandbox};
use tempfile::TempDir;

/// The Region of the demo data.
pub const REGION: &str = "eu-central-1";
/// The sandbox's own account.
pub const ACCOUNT: &str = "123456789012";

/// A sandbox of its own for each test.
pub struct Bench {
    pub sandbox: Sandbox,
    pub state: TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let sandbox = Sandbox::start(Config::default()).await.expect("a sandbox");
        Self { sandbox, state: tempfile::tempdir().expect("a state directory") }
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

    /// Remedies in the demo's own lane.
    pub async fn remedies(&self) -> Remedies {
        self.remedies_in(REGION, ACCOUNT).await
    }

    /// Remedies as `account`, in `region`.
    pub async fn remedies_in(&self, region: &str, account: &str) -> Remedies {
        let keys = Some((account.to_owned(), "tests".to_owned()));
        let options = ConnectOptions { region: Some(region.to_owned()), fixed_keys: keys, ..self.connect() };
        let session = session(options).await;
        let lane = Lane {
            account: AccountId(account.to_owned()),
            region: Region(region.to_owned()),
            endpoint: Some(self.sandbox.endpoint_url()),
        };
        Remedies::new(session, lane, self.state.path().to_owned())
    }

    /// How often an operation arrived.
    pub fn calls(&self, operation: &str) -> u64 {
        self.sandbox.world.faults.calls().get(operation).copied().unwrap_or_default()
    }

    /// Has this happen to the next `times` calls of `operation`.
    pub fn fault(&self, operation: &str, kind: Kind, times: u32) {
        self.sandbox.world.faults.add(Fault::new(operation, kind).times(times));
    }

    /// The bucket's policy now.
    pub fn policy(&self, bucket: &str) -> Option<String> {
        self.sandbox.world.s3.bucket(bucket).expect("a bucket").policy
    }

    /// The files kept of a bucket's policies, or of its lifecycle rules.
    pub fn copies(&self, kind: &str, bucket: &str) -> Vec<PathBuf> {
        let directory = self.state.path().join(kind).join(bucket);
        let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths
    }
}

/// A bucket's name.
pub fn bucket(name: &str) -> BucketName {
    BucketName::parse(name).expect("a good name")
}

/// A destination without a prefix of its own.
pub fn destination(name: &str) -> Destination {
    Destination { store: Store::Bucket(bucket(name)), prefix: None }
}

/// Connects.
pub async fn session(options: ConnectOptions) -> Session {
    Session::connect(options).await.expect("everything needed is given")
}
