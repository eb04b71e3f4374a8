//! A separate client of a server: the AWS CLI in a clean environment.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::server::clean;
use super::venv::tool;

/// Where a client works: a server and a Region.
pub struct Client {
    url: String,
    region: String,
    home: TempDir,
}

impl Client {
    /// A client of the server at `url`.
    pub fn new(url: &str, region: &str) -> Self {
        let home = tempfile::tempdir().expect("a directory for the client");
        Self { url: url.to_owned(), region: region.to_owned(), home }
    }

    /// A directory of its own, for downloads.
    pub fn directory(&self) -> &Path {
        self.home.path()
    }

    /// Runs a program of the referees' environment against the server; answers what it wrote on stdout, or on stderr if it failed.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(tool(program));
        command.args(arguments);
        clean(&mut command, self.home.path());
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Runs the AWS CLI, which must succeed; answers its JSON (null if it says nothing).
    pub fn aws(&self, arguments: &[&str]) -> Value {
        let text = self.run("aws", arguments).unwrap_or_else(|error| panic!("aws {arguments:?} failed: {error}"));
        if text.trim().is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("aws {arguments:?}: {error}:\n{text}"))
    }

    fn environment(&self) -> [(&str, &str); 9] {
        [
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_REGION", &self.region),
            ("AWS_DEFAULT_REGION", &self.region),
            ("AWS_ACCESS_KEY_ID", "referee"),
            ("AWS_SECRET_ACCESS_KEY", "referee"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            // A refusal is what some tests look for: no second try hides it.
            ("AWS_MAX_ATTEMPTS", "1"),
            ("AWS_DEFAULT_OUTPUT", "json"),
            ("AWS_PAGER", ""),
        ]
    }
}
