//! Processes that are measured: how long they take, their CPU and their memory. Each ends with what it was started for, or
//! is ended when it takes too long.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything here may take, however slow the machine.
const LIMIT: Duration = Duration::from_mins(10);

/// Between two looks at a process.
const LOOK: Duration = Duration::from_millis(5);

/// What a command has cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// From its start to its end.
    pub wall: Duration,
    /// User and system time.
    pub cpu: Duration,
    /// The peak of its resident memory, in KiB.
    pub peak: u64,
}

impl Cost {
    pub fn mib(self) -> u64 {
        self.peak / 1024
    }
}

/// Runs this program in another role to its end, which must be a good one: what it wrote on stdout, and what it cost.
pub fn run(mut command: Command) -> (String, Cost) {
    let (before, start) = (reaped(), Instant::now());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reading = thread::spawn(move || {
        let mut said = String::new();
        stdout.read_to_string(&mut said).unwrap();
        said
    });
    let peak = watch(&mut [&mut child], start);
    let cost = Cost { wall: start.elapsed(), cpu: reaped().saturating_sub(before), peak };
    (reading.join().unwrap(), cost)
}

/// Runs `command | gzip > file`, both of which must end well: what the two cost together.
pub fn run_into_gzip(mut command: Command, file: &Path) -> Cost {
    let (before, start) = (reaped(), Instant::now());
    let mut first = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let text = Stdio::from(first.stdout.take().unwrap());
    let mut gzip = Command::new("gzip").stdin(text).stdout(File::create(file).unwrap()).spawn().unwrap();
    let peak = watch(&mut [&mut first, &mut gzip], start);
    Cost { wall: start.elapsed(), cpu: reaped().saturating_sub(before), peak }
}

/// Ends this process with the one that started it: that one holds the other end of stdin, and never writes to it.
pub fn end_with_parent() {
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
}

/// Waits until all have ended; the sum of their peaks of memory, in KiB.
fn watch(children: &mut [&mut Child], start: Instant) -> u64 {
    let mut peaks = vec![0; children.len()];
    let mut left = children.len();
    while left > 0 {
        left = 0;
        for (child, peak) in children.iter_mut().zip(&mut peaks) {
            match child.try_wait().unwrap() {
                Some(status) => assert!(status.success(), "a measured command failed: {status}"),
                None => left += 1,
            }
            *peak = status(child.id(), "VmHWM:").unwrap_or(0).max(*peak);
        }
        if start.elapsed() > LIMIT {
            for child in children.iter_mut() {
                child.kill().unwrap();
            }
        }
        thread::sleep(LOOK);
    }
    peaks.iter().sum()
}

/// CPU time of all children that have ended and were waited for.
fn reaped() -> Duration {
    ticks("self", 13..15)
}

/// CPU time of a process so far.
pub fn cpu(process: u32) -> Duration {
    ticks(&process.to_string(), 11..13)
}

/// Fields of a process's `stat` behind its name, in clock ticks of 10 ms (proc(5); `USER_HZ` is 100 on every Linux).
fn ticks(process: &str, fields: std::ops::Range<usize>) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let all: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = all[fields].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// A field of a process's status, in KiB; `None` once it has ended.
fn status(process: u32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
