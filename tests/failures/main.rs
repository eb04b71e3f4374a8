//! Failures as the real SDK meets them, each told with its cause and what to do: what AWS answers, what keeps a call from
//! reaching it, and credentials that cannot be had. The sentences are snapshots.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod answers;
mod credentials;
mod transport;

#[path = "../support"]
mod support {
    pub mod canned;
}

use std::fmt::Write as _;
use std::path::Path;
use std::process::Output;

use logferry::aws::{ConnectOptions, Session};
use logferry::domain::engine::Engine;
use logferry::domain::layout::Destination;
use logferry::domain::names::{BucketName, LogGroupName};
use logferry::domain::place::Region;
use logferry::domain::preflight::Preflight;
use logferry::domain::problem::Problem;
use logferry::domain::store::Store;
use logferry::domain::task::TaskSpec;
use logferry::domain::time::{TimeRange, Timestamp};
use tokio::process::Command;

/// The Region of all calls.
const REGION: &str = "eu-central-1";
/// The bucket they name.
const BUCKET: &str = "acme-logs";
/// What must never be seen again.
const SECRET: &str = "canary-of-a-secret";

/// A session of fixed keys at `url`.
async fn session(url: &str) -> Session {
    let options = ConnectOptions {
        profile: None,
        region: Some(REGION.to_owned()),
        endpoint_url: Some(url.to_owned()),
        fixed_keys: Some(("AKIATESTS".to_owned(), SECRET.to_owned())),
        read_only: false,
    };
    Session::connect(options).await.expect("everything needed is given")
}

fn region() -> Region {
    Region(REGION.to_owned())
}

/// An export: the one call that is made without a second attempt.
async fn create(session: &Session) -> Problem {
    let window = TimeRange::new(Timestamp::from_millis(1_760_000_000_000), Timestamp::from_millis(1_760_000_060_000))
        .expect("from lies before to");
    let bucket = BucketName::parse(BUCKET).expect("a good name");
    let spec = TaskSpec {
        group: LogGroupName::parse("/ecs/shop-web").expect("a good name"),
        window,
        destination: Destination { store: Store::Bucket(bucket), prefix: None },
        stream_prefix: None,
        label: None,
        preflight: Preflight::Off,
        engine: Engine::Managed,
    };
    session.create_export_task("name", &spec).await.expect_err("it fails")
}

/// Lists log groups with nothing but `variables` in the environment: what the binary says of its failure.
async fn groups<'a>(
    home: &Path,
    arguments: &[&str],
    variables: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
    command.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // Never asks the machine it runs on who it is.
    command.env("AWS_EC2_METADATA_DISABLED", "true").envs(variables);
    let output: Output = command.args(["groups", "--region", REGION]).args(arguments).output().await.expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!told.contains(SECRET), "{told}");
    told
}

/// A failure as it is told: its kind, the sentence, what to do.
fn tell(name: &str, problem: &Problem) -> String {
    let mut told = format!("{name}\n  {:?}: {problem}\n  to do: {}\n", problem.kind, problem.explain().remedy);
    if let Some(region) = &problem.context.bucket_region {
        let _ = writeln!(told, "  the bucket is in {region}");
    }
    told + "\n"
}
