//! A server in a process of its own, for as long as a test holds it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// How long a server may take to listen; debug builds on a busy machine are slow.
const START_LIMIT: Duration = Duration::from_mins(1);

/// A running server. Dropping it ends the process.
pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    child: Child,
    _home: TempDir,
}

impl Server {
    /// Starts `command` and waits for the line that says where it listens: the one with `mark` and a URL in it.
    pub fn start(mut command: Command, mark: &str) -> Self {
        let home = tempfile::tempdir().expect("a directory for the server");
        clean(&mut command, home.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (sender, lines) = channel();
        let said = Arc::new(Mutex::new(String::new()));
        drain(child.stdout.take().expect("stdout is piped"), sender.clone(), Arc::clone(&said));
        drain(child.stderr.take().expect("stderr is piped"), sender, Arc::clone(&said));
        let mut server = Self { url: String::new(), child, _home: home };
        while server.url.is_empty() {
            let Ok(line) = lines.recv_timeout(START_LIMIT) else {
                panic!("{command:?} did not start to listen; it said:\n{}", said.lock().expect("no reader panicked"));
            };
            if let Some(url) = url_in(&line, mark) {
                server.url = url;
            }
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Leaves nothing of this machine's AWS configuration, locale or proxies in `command`'s environment.
pub fn clean(command: &mut Command, home: &Path) {
    command.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap_or_default());
}

/// Reads everything a process writes, so that it never waits for a full pipe.
fn drain(stream: impl Read + Send + 'static, lines: Sender<String>, said: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            said.lock().expect("no reader panicked").extend([line.as_str(), "\n"]);
            // Nobody listens any more once the server is up.
            let _ = lines.send(line);
        }
    });
}

fn url_in(line: &str, mark: &str) -> Option<String> {
    let rest = line.split_once(mark)?.1;
    let url = &rest[rest.find("http://")?..];
    Some(url.split_whitespace().next().unwrap_or(url).to_owned())
}
