//! A person at the terminal: what they press to get from one place to another.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use logferry::domain::amount::Landed;
use logferry::domain::layout::count;

use crate::support::client::Client;
use crate::support::pty::{CTRL_S, CTRL_U, CTRL_X, ENTER, SPACE, Screen, TAB, Terminal};
use crate::support::sandbox::sandbox;
use crate::support::server::Server;

pub const REGION: &str = "eu-central-1";

/// Any key will do for the sandbox.
pub const KEYS: &[(&str, &str)] = &[("AWS_ACCESS_KEY_ID", "desk"), ("AWS_SECRET_ACCESS_KEY", "desk")];

/// Wide enough that no name is shortened.
pub const SIZE: (u16, u16) = (160, 45);

/// The line of the form that submits; it stands on no other screen.
pub const SUBMIT_LINE: &str = "[ Export ]";

/// The footer of the page before queueing, once its tasks are there.
pub const QUEUE_KEY: &str = "Enter queue";

/// The interface, and the sandbox it works on in a process of its own, where a separate client can look too.
pub struct Desk {
    pub terminal: Terminal,
    pub client: Client,
    /// Where the sandbox listens.
    pub url: String,
    _server: Server,
}

impl Desk {
    /// Starts both; the demo account is `clock` times faster than AWS.
    pub fn new(clock: &str) -> Self {
        let server = sandbox(&["--seed", "demo", "--clock", clock, "--region", REGION]);
        let arguments = ["--endpoint-url", &server.url, "--region", REGION];
        let terminal = Terminal::start(SIZE, &arguments, KEYS);
        Self { terminal, client: Client::new(&server.url, REGION), url: server.url.clone(), _server: server }
    }

    /// What lies in `bucket` under `prefix`, as a separate client lists it; without the write test.
    pub fn landed(&self, bucket: &str, prefix: &str) -> Landed {
        let listing = self.client.aws(&["s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix]);
        let mut landed = Landed::default();
        for object in listing["Contents"].as_array().into_iter().flatten() {
            let key = object["Key"].as_str().expect("an object has a key");
            count(&mut landed, key, object["Size"].as_u64().expect("an object has a size"));
        }
        landed
    }
}

/// The interface on the sandbox at `url`, with its ledger in `state`: what another one with the same directory shares.
pub fn at(url: &str, state: &Path) -> Terminal {
    let state = state.to_str().expect("a UTF-8 path");
    Terminal::start(SIZE, &["--endpoint-url", url, "--region", REGION, "--state-dir", state], KEYS)
}

/// A call to the sandbox's control endpoint, which must succeed.
pub fn control(url: &str, method: &str, path: &str, body: &str) {
    assert!(try_control(url, method, path, body), "the sandbox refuses {method} {path} {body}");
}

/// A call to the sandbox's control endpoint; whether it succeeded.
pub fn try_control(url: &str, method: &str, path: &str, body: &str) -> bool {
    let address = url.strip_prefix("http://").expect("a plain URL");
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    let length = body.len();
    let head = format!("{method} /_sandbox{path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n");
    stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes()).expect("the sandbox takes it");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the sandbox answers");
    answer.starts_with("HTTP/1.1 20")
}

/// What goes into the form.
pub struct Typed<'a> {
    pub group: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub bucket: &'a str,
    pub prefix: &'a str,
}

/// Filters the log groups, marks the one that is left and opens the form with it.
pub fn open_form(terminal: &mut Terminal, group: &str) {
    // A group that no filter in these tests leaves.
    terminal.keys("1");
    terminal.wait_for("/aws/lambda/");
    terminal.keys(&format!("/{group}{ENTER}"));
    terminal.wait_until(&format!("the filter leaves {group} alone"), |screen| {
        screen.shows(group) && !screen.shows("/aws/lambda/")
    });
    terminal.keys(&format!("{SPACE}e"));
    terminal.wait_until("the form is open with the group", |screen| {
        screen.shows(SUBMIT_LINE) && screen.line_with(&["Log groups", group]).is_some()
    });
}

/// Fills the form by typing.
pub fn fill_form(terminal: &mut Terminal, typed: &Typed<'_>) {
    open_form(terminal, typed.group);
    for (label, text) in [("From", typed.from), ("To", typed.to), ("Bucket", typed.bucket), ("Prefix", typed.prefix)] {
        fill(terminal, label, text);
    }
}

/// Fills the form by typing and submits it.
pub fn export(terminal: &mut Terminal, typed: &Typed<'_>) {
    fill_form(terminal, typed);
    submit(terminal);
    terminal.keys("3");
    terminal.wait_for(typed.group);
}

/// Has launched what `check` blocks in the form, once it is known to.
pub fn launch_anyway(terminal: &mut Terminal, check: &str) {
    wait_finding(terminal, check, "block");
    terminal.keys(CTRL_X);
    terminal.wait_for("y launch it all the same");
    terminal.keys("y");
    terminal.wait_gone("y launch it all the same");
}

/// Waits until the checks beside the form say so much of `check`.
pub fn wait_finding(terminal: &Terminal, check: &str, verdict: &str) {
    // Both are columns; the reason comes behind them.
    let row = format!(" {verdict:<15}  {check:<16}  ");
    terminal.wait_until(&format!("the checks say {verdict} of {check}"), |screen| screen.shows(&row));
}

/// Has what is in the form shown and queues it.
pub fn submit(terminal: &mut Terminal) {
    terminal.keys(CTRL_S);
    terminal.wait_for(QUEUE_KEY);
    terminal.keys(ENTER);
    terminal.wait_until("it is queued", |screen| !screen.shows(QUEUE_KEY) && !screen.shows(SUBMIT_LINE));
}

/// Goes to a field by Tab and types.
pub fn fill(terminal: &mut Terminal, label: &str, text: &str) {
    go_to(terminal, label);
    terminal.keys(&format!("{CTRL_U}{text}"));
    terminal.wait_until(&format!("{label} holds {text}"), |screen| {
        cursor_line(screen).is_some_and(|line| label_of(&line) == label && line.contains(text))
    });
}

/// Goes to the split by Tab and chooses one.
pub fn choose_split(terminal: &mut Terminal, split: &str) {
    go_to(terminal, "Split");
    terminal.keys(&split[..1]);
    terminal.wait_for(&format!("[{split}]"));
}

/// Presses Tab until the cursor is on the field of this label. What was typed before may not have arrived in its field yet, so
/// only the label tells whether the cursor has moved.
pub fn go_to(terminal: &mut Terminal, label: &str) {
    let at = |screen: &Screen| cursor_line(screen).map(|line| label_of(&line).to_owned());
    // There are ten stops in all.
    for _ in 0..=10 {
        let before = at(&terminal.screen());
        if before.as_deref() == Some(label) {
            return;
        }
        terminal.keys(TAB);
        terminal.wait_until("Tab moves the cursor", |screen| at(screen) != before);
    }
    panic!("no Tab leads to {label}; the screen:\n{}", terminal.screen().lines.join("\n"));
}

/// The label of a form's line under the cursor.
fn label_of(line: &str) -> &str {
    let behind = line.split_once("▸ ").map_or(line, |(_, behind)| behind);
    let end = behind.find(['┃', '│']).or_else(|| behind.find("  ")).unwrap_or(behind.len());
    behind[..end].trim_end()
}

/// The form's line under the cursor, without the checks that stand beside it and change by themselves.
fn cursor_line(screen: &Screen) -> Option<String> {
    screen.line_with(&["▸ "]).and_then(|line| line.split('│').next()).map(str::to_owned)
}

/// The task of `group` in the list of exports, if it is shown in `state`. A task takes two lines there.
pub fn task(screen: &Screen, group: &str, state: &str) -> Option<String> {
    let tasks = screen.lines.windows(2).map(|lines| lines.join(" "));
    tasks.filter(|task| task.contains(group)).find(|task| task.contains(state))
}

/// Waits until the list of exports shows `group` in `state`; answers its lines.
pub fn wait_state(terminal: &Terminal, group: &str, state: &str) -> String {
    let mut found = None;
    terminal.wait_until(&format!("{group} is {state}"), |screen| {
        found = task(screen, group, state);
        found.is_some()
    });
    found.expect("the wait is over")
}

/// The amounts of bytes in a text, as they are shown (`1.5 KiB`).
pub fn amounts(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_amount = |pair: &&[&str]| pair[0].parse::<f64>().is_ok() && ["B", "KiB", "MiB", "GiB"].contains(&pair[1]);
    words.windows(2).filter(is_amount).map(|pair| pair.join(" ")).collect()
}

/// Whether a text shows bytes that are there.
pub fn shows_bytes(text: &str) -> bool {
    amounts(text).iter().any(|amount| amount != "0 B")
}

/// Long enough without a byte to say that a screen has come to rest.
pub const REST: Duration = Duration::from_secs(2);
