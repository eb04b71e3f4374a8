//! The real binary in a pseudo-terminal, seen as a person sees it.
//!
//! A reader thread feeds everything the program writes to a terminal emulator; tests wait for what the screen shows. Nothing here
//! sleeps: every wait ends with the change it waits for, or fails with the screen and the log file in its message.

use std::fs;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// How long a condition may take: a debug build and two referees share two cores.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much of the end of the output is kept for looking at escape sequences.
const TAIL: usize = 64 * 1024;

pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\x1b";
pub const TAB: &str = "\t";
pub const DOWN: &str = "\x1b[B";
pub const END: &str = "\x1b[F";
pub const SPACE: &str = " ";
pub const CTRL_L: &str = "\x0c";
pub const CTRL_G: &str = "\x07";
pub const F2: &str = "\x1bOQ";
pub const F3: &str = "\x1bOR";
pub const F4: &str = "\x1bOS";
pub const CTRL_N: &str = "\x0e";
pub const CTRL_O: &str = "\x0f";
pub const CTRL_P: &str = "\x10";
pub const CTRL_S: &str = "\x13";
pub const CTRL_U: &str = "\x15";
pub const CTRL_X: &str = "\x18";

/// A program in a terminal. Dropping it ends the program.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    view: Arc<View>,
    home: TempDir,
}

/// What the reader thread shares with the test.
struct View {
    output: Mutex<Output>,
    changed: Condvar,
}

struct Output {
    parser: vt100::Parser,
    bytes: u64,
    tail: Vec<u8>,
    ended: bool,
}

/// What stands on the screen at one moment.
pub struct Screen {
    /// Its lines, without trailing spaces.
    pub lines: Vec<String>,
    /// Whether a full-screen program has the screen.
    pub alternate: bool,
}

impl Screen {
    /// Whether `text` stands in some line.
    pub fn shows(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.contains(text))
    }

    /// The first line with every one of `parts` in it.
    pub fn line_with(&self, parts: &[&str]) -> Option<&str> {
        self.lines.iter().find(|line| parts.iter().all(|part| line.contains(part))).map(String::as_str)
    }
}

impl Terminal {
    /// Starts `logferry` with these arguments and environment, and no others of this machine's, in a terminal of these
    /// columns and rows.
    pub fn start(columns_rows: (u16, u16), arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_logferry"), columns_rows, arguments, environment)
    }

    /// Starts any program like that: a shell that `logferry` is to be started from.
    pub fn start_program(
        program: &str,
        (columns, rows): (u16, u16),
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let home = tempfile::tempdir().expect("a home directory");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.cwd(home.path());
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        for (name, value) in environment {
            command.env(name, value);
        }
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the binary starts");
        let view = Arc::new(View::new(columns, rows));
        let reader = pair.master.try_clone_reader().expect("the terminal can be read");
        let shared = Arc::clone(&view);
        thread::spawn(move || shared.read_all(reader));
        let writer = pair.master.take_writer().expect("the terminal can be written");
        Self { master: pair.master, writer, child, view, home }
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).and_then(|()| self.writer.flush()).expect("the terminal takes keys");
    }

    /// Waits until `text` stands in some line.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?} is shown"), |screen| screen.shows(text));
    }

    /// Waits until `text` stands in no line.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("{text:?} is gone"), |screen| !screen.shows(text));
    }

    /// Waits until the screen is as `holds` says; `what` stands in the message if it never is.
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut(&Screen) -> bool) {
        let met = self.view.wait(PATIENCE, |output| holds(&output.screen()));
        assert!(met, "waited in vain until {what}; {}", self.situation());
    }

    /// The same for what takes long: until `limit` has passed.
    pub fn wait_long(&self, limit: Duration, what: &str, mut holds: impl FnMut(&Screen) -> bool) {
        let met = self.view.wait(limit, |output| holds(&output.screen()));
        assert!(met, "waited in vain until {what}; {}", self.situation());
    }

    /// The screen as it stands.
    pub fn screen(&self) -> Screen {
        self.view.lock().screen()
    }

    /// Reads the terminal itself: its cells with their colours.
    pub fn look<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(self.view.lock().parser.screen())
    }

    /// Changes the terminal's size; the program is told by SIGWINCH.
    pub fn resize(&self, columns: u16, rows: u16) {
        // Under the lock: nothing drawn for the new size is read at the old one.
        let mut output = self.view.lock();
        output.parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(size(columns, rows)).expect("the terminal can be resized");
    }

    /// Waits until nothing has been written for `span`.
    pub fn settle(&self, span: Duration) {
        let limit = Instant::now() + PATIENCE;
        while self.written_within(span) > 0 {
            assert!(Instant::now() < limit, "it never stops drawing; {}", self.situation());
        }
    }

    /// How many bytes the program writes within `span`, or until its first ones if it writes any.
    pub fn written_within(&self, span: Duration) -> u64 {
        let before = self.view.lock().bytes;
        self.view.wait(span, |output| output.bytes > before);
        let output = self.view.lock();
        assert!(!output.ended, "it ended instead of going on");
        output.bytes - before
    }

    /// CPU time the program has used, all threads, in the nanoseconds the scheduler counts (Linux).
    pub fn cpu_time(&self) -> Duration {
        let tasks = format!("/proc/{}/task", self.process_id());
        let nanos = fs::read_dir(&tasks).expect("the process is alive").flatten().map(|task| {
            let stat = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            stat.split(' ').next().and_then(|nanos| nanos.parse::<u64>().ok()).unwrap_or(0)
        });
        Duration::from_nanos(nanos.sum())
    }

    /// The terminal's modes (echo, line editing and so on), to be compared.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().expect("the terminal has modes"))
    }

    /// Sends a signal by its name: `TERM`, `HUP`.
    pub fn signal(&self, name: &str) {
        send(name, self.process_id());
    }

    /// Sends a signal to the one process that the program has started (Linux).
    pub fn signal_child(&self, name: &str) {
        let id = self.process_id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("the process is alive");
        send(name, children.trim().parse().expect("it has one child"));
    }

    /// Waits for the end of the program and of its output.
    pub fn wait_exit(&mut self) -> ExitStatus {
        let ended = self.view.wait(PATIENCE, |output| output.ended);
        assert!(ended, "waited in vain for its end; {}", self.situation());
        self.child.wait().expect("the child can be waited for")
    }

    /// The end of the raw output, escape sequences and all.
    pub fn tail(&self) -> String {
        String::from_utf8_lossy(&self.view.lock().tail).into_owned()
    }

    /// The process's id.
    pub fn process_id(&self) -> u32 {
        self.child.process_id().expect("the child has an id")
    }

    /// Everything a failed wait needs to be understood.
    fn situation(&self) -> String {
        let log = self.home.path().join(".local/state/logferry/logferry.log");
        let log = fs::read_to_string(log).unwrap_or_default();
        let end: Vec<&str> = log.lines().rev().take(20).collect();
        let end: Vec<&str> = end.into_iter().rev().collect();
        let (screen, ended) = (self.screen(), self.view.lock().ended);
        let state = if ended { "it has ended" } else { "it is still running" };
        format!("{state}; the screen:\n{}\nthe log's end:\n{}\n", screen.lines.join("\n").trim_end(), end.join("\n"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl View {
    fn new(columns: u16, rows: u16) -> Self {
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        Self {
            output: Mutex::new(Output { parser, bytes: 0, tail: Vec::new(), ended: false }),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().expect("no reader panicked")
    }

    /// Reads to the end, which comes when the last process has closed the terminal.
    fn read_all(&self, mut reader: Box<dyn Read + Send>) {
        let mut buffer = [0; 16 * 1024];
        loop {
            let count = reader.read(&mut buffer).unwrap_or(0);
            let mut output = self.lock();
            output.take(&buffer[..count]);
            output.ended = count == 0;
            drop(output);
            self.changed.notify_all();
            if count == 0 {
                return;
            }
        }
    }

    /// Waits until `holds`, for at most `limit`, and not beyond the end of the program; answers whether it does.
    fn wait(&self, limit: Duration, mut holds: impl FnMut(&Output) -> bool) -> bool {
        let mut met = false;
        let wait = |output: &mut Output| {
            met = holds(output);
            !met && !output.ended
        };
        drop(self.changed.wait_timeout_while(self.lock(), limit, wait).expect("no reader panicked"));
        met
    }
}

impl Output {
    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.bytes += bytes.len() as u64;
        self.tail.extend(bytes);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }

    fn screen(&self) -> Screen {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        let lines = screen.rows(0, columns.get()).map(|line| line.trim_end().to_owned()).collect();
        Screen { lines, alternate: screen.alternate_screen() }
    }
}

fn send(name: &str, process: u32) {
    // The shell's own: a machine need not have the program.
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status();
    assert!(sent.expect("a shell can be run").success(), "SIG{name} was not sent");
}

const fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has at least one row and column")
}
