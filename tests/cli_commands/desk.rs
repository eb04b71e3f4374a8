//! A sandbox in a process of its own, a home, and the commands that work there.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use logferry::aws::Session;
use logferry::domain::inventory::RemoteTask;
use logferry::domain::time::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::sandbox::sandbox;
use crate::support::server::{Server, clean};
use crate::support::session::connect;

/// How long a condition may take to come true on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// Between two looks at a condition.
const LOOK: Duration = Duration::from_millis(50);

/// A bucket of the demo that exports are let into.
pub const BUCKET: &str = "acme-log-exports";

/// A sandbox and a home of its own for the commands that work on it.
pub struct Desk {
    server: Server,
    pub home: TempDir,
    opened: Timestamp,
}

impl Desk {
    pub fn at(clock: &str) -> Self {
        let home = tempfile::tempdir().expect("a home directory");
        Self { server: sandbox(&["--clock", clock]), home, opened: Timestamp::from(SystemTime::now()) }
    }

    /// Where the ledger lies.
    pub fn state(&self) -> PathBuf {
        self.home.path().join(".local/state/logferry")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
        clean(&mut command, self.home.path());
        command
            .args(["--endpoint-url", &self.server.url, "--region", "eu-central-1"])
            .args(arguments)
            .envs([("AWS_ACCESS_KEY_ID", "tests"), ("AWS_SECRET_ACCESS_KEY", "tests")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// An export, with what every one of them here needs.
    pub fn export(&self, arguments: &[&str]) -> Output {
        self.run(&export(arguments))
    }

    pub fn file(&self, text: &str) -> String {
        let path = self.home.path().join("plan.toml");
        fs::write(&path, text).expect("a plan file");
        path.to_str().expect("a UTF-8 path").to_owned()
    }

    /// AWS's own list of all export tasks, newest first.
    pub async fn tasks(&self) -> Vec<RemoteTask> {
        let session = self.session().await;
        let (mut all, mut token) = (Vec::new(), None);
        loop {
            let page = session.export_tasks(None, token).await.expect("a page");
            all.extend(page.items);
            token = page.next;
            if token.is_none() {
                return all;
            }
        }
    }

    /// AWS's own list of the export tasks that this program asked for, newest first.
    pub async fn ours(&self) -> Vec<RemoteTask> {
        let mut tasks = self.tasks().await;
        // Tasks that stand in the demo's past carry the mark, too.
        tasks
            .retain(|task| task.is_ours() && task.bucket == BUCKET && task.created.is_some_and(|at| at >= self.opened));
        tasks
    }

    /// The ledger's tasks that `logferry tasks list` shows with these options.
    pub fn listed(&self, options: &[&str]) -> Vec<Value> {
        let output = self.run(&[&["tasks", "list", "--json", "--limit", "1000"], options].concat());
        assert_eq!(output.status.code(), Some(0), "{options:?}: {}", err(&output));
        records(&output)
    }

    /// Waits until `done`, looking again and again.
    pub fn eventually(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            assert!(begun.elapsed() < PATIENCE, "never came to: {what}");
            thread::sleep(LOOK);
        }
    }

    /// How often an operation was called so far.
    pub fn calls(&self, operation: &str) -> u64 {
        let answer = self.ask("GET", "calls", &Value::Null);
        let body = answer.rsplit("\r\n\r\n").next().unwrap_or_default();
        serde_json::from_str::<Value>(body).expect("JSON")[operation].as_u64().unwrap_or(0)
    }

    pub async fn session(&self) -> Session {
        connect(&self.server.url).await
    }

    /// Plants something by the sandbox's control endpoint.
    pub fn control(&self, path: &str, body: &Value) {
        let answer = self.ask("POST", path, body);
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    }

    /// Starts an export of somebody else's that holds the slot for so long; `false` if the slot is taken.
    pub fn foreign(&self, seconds: f64) -> bool {
        let body = json!({"group": "/theirs", "name": "theirs", "seconds": seconds});
        self.ask("POST", "logs/foreign-tasks", &body).starts_with("HTTP/1.1 20")
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> String {
        let address = self.server.url.trim_start_matches("http://");
        let body = body.to_string();
        let mut stream = TcpStream::connect(address).expect("the sandbox listens");
        let head = format!("{method} /_sandbox/{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
        // The account and Region that things are planted in come from the signature.
        let credential = "tests/20261101/eu-central-1/logs/aws4_request";
        let signed = format!("authorization: AWS4-HMAC-SHA256 Credential={credential}\r\n");
        write!(stream, "{head}{signed}content-length: {}\r\n\r\n{body}", body.len()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

/// An export that waits for its end, with what every one of them here needs.
pub fn export<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["export", "--wait", "--from", "3d ago", "--to", "1d ago"], arguments].concat()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

pub fn records(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

pub fn keys(record: &Value) -> BTreeSet<&str> {
    record.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// A command that is still running. Dropping it ends the process.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it is left.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Reads stdout until a line holds `mark`.
    pub fn hear(&mut self, mark: &str) -> (BufReader<ChildStdout>, String) {
        let mut stdout = BufReader::new(self.0.stdout.take().expect("stdout is piped"));
        let mut told = String::new();
        while !told.lines().last().is_some_and(|line| line.contains(mark)) {
            assert!(stdout.read_line(&mut told).expect("stdout is text") > 0, "never said {mark}: {told}");
        }
        (stdout, told)
    }

    /// Sends `signal` once a line of stdout holds `mark`. Answers the code and all of stdout and stderr.
    pub fn end_by(mut self, signal: &str, mark: &str) -> (Option<i32>, String, String) {
        let (mut stdout, mut told) = self.hear(mark);
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.0.id())]).status();
        assert!(sent.expect("a shell can be run").success());
        stdout.read_to_string(&mut told).expect("the rest of stdout");
        let mut hints = String::new();
        self.0.stderr.take().expect("stderr is piped").read_to_string(&mut hints).expect("stderr");
        (self.0.wait().expect("it ends").code(), told, hints)
    }

    /// Waits for its end. Answers the code and what is left of stdout and stderr.
    pub fn end(&mut self) -> (Option<i32>, String, String) {
        let (mut told, mut hints) = (String::new(), String::new());
        self.0.stdout.take().expect("stdout is piped").read_to_string(&mut told).expect("stdout");
        self.0.stderr.take().expect("stderr is piped").read_to_string(&mut hints).expect("stderr");
        (self.0.wait().expect("it ends").code(), told, hints)
    }
}
