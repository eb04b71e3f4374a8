//! The sandbox in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use logferry::domain::place::{AccountId, Lane, Region};
use logferry::sandbox::{Config, Sandbox, Seed};

use super::group::{REGION, Shape};
use super::process;

/// The argument that makes this program a server.
pub const ROLE: &str = "--serve";

/// Where exports go.
pub const BUCKET: &str = "bench";

/// Whether the server refuses what is faster than AWS's rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rates {
    Free,
    Enforced,
}

/// A server with one log group. Dropping it ends the process, and so does the end of this one.
pub struct Server {
    child: Child,
    _stdin: ChildStdin,
    pub url: String,
}

impl Server {
    pub fn start(shape: Shape, rates: Rates) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([ROLE, &shape.name()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        if rates == Rates::Enforced {
            command.arg("--enforce");
        }
        let mut child = command.spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { _stdin: child.stdin.take().unwrap(), child, url: url.trim().to_owned() }
    }

    /// CPU time so far.
    pub fn cpu(&self) -> Duration {
        process::cpu(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Serves until it is killed, or the process that started it has ended.
#[tokio::main]
pub async fn serve(arguments: &[String]) {
    process::end_with_parent();
    let config = Config { seed: Seed::Empty, region: REGION.to_owned(), ..Config::default() };
    let account = config.account.clone();
    let sandbox = Sandbox::start(config).await.unwrap();
    let lane = Lane::new(AccountId(account.clone()), Region(REGION.to_owned()));
    for shape in arguments.iter().filter_map(|text| Shape::parse(text)) {
        sandbox.world.logs.plant_synthetic_group(&lane, &shape.group());
    }
    sandbox.world.s3.create_bucket(BUCKET, REGION, &account);
    sandbox.world.faults.enforce_rates(arguments.iter().any(|text| text == "--enforce"));
    println!("{}", sandbox.endpoint_url());
    std::future::pending::<()>().await;
}
