//! Eight tasks that report a thousand facts a second each: the interface still answers keys. Prints its figures.

use std::time::{Duration, Instant};

use super::desk::SIZE;
use crate::support::pty::{ESCAPE, Screen, Terminal};

/// Bound only with `LOGFERRY_TEST_HOOKS=1`: F10 lets eight tasks report.
const FLOOD: &str = "\x1b[21~";
/// A line of help that no screen shows.
const HELP: &str = "Mark all log groups shown that have the filter's words";
/// Help is opened and closed so often.
const ROUNDS: usize = 50;

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "CPU time is read from /proc")]
fn keys_are_answered_while_eight_tasks_report_a_thousand_facts_a_second_each() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[("LOGFERRY_TEST_HOOKS", "1")]);
    terminal.wait_for("/aws/lambda/");
    terminal.keys("3");
    terminal.keys(FLOOD);
    terminal.wait_until("all eight are running", |screen| (0..8).all(|n| screen.shows(&format!("/flood/{n}"))));

    let (begun, cpu) = (Instant::now(), terminal.cpu_time());
    let mut answers: Vec<Duration> = Vec::new();
    for _ in 0..ROUNDS {
        answers.push(time(|| {
            terminal.keys("?");
            terminal.wait_for(HELP);
        }));
        answers.push(time(|| {
            terminal.keys(ESCAPE);
            terminal.wait_gone(HELP);
        }));
    }
    let (span, cpu) = (begun.elapsed(), terminal.cpu_time().saturating_sub(cpu));
    answers.sort_unstable();
    let (median, worst) = (answers[answers.len() / 2], answers[answers.len() - 1]);
    #[expect(clippy::print_stdout, reason = "the figures are the point; cargo test -- --nocapture shows them")]
    {
        println!("8,000 facts a second: {} keys answered, median {median:?}, worst {worst:?}", answers.len());
        println!("8,000 facts a second: {cpu:?} of CPU in {span:?}, the reporting tasks' own included");
    }

    // The counters are the last facts, not a queue of old ones: they rise as fast as they are reported.
    let before = objects(&terminal.screen());
    terminal.wait_until("the counters have gone on by a second's facts", |screen| objects(screen) > before + 1_000);
}

fn time(act: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    act();
    begun.elapsed()
}

/// The first task's objects: the first whole number in its line.
fn objects(screen: &Screen) -> u64 {
    let line = screen.line_with(&["Running", "/flood/0"]).unwrap_or_default();
    line.split_whitespace().find_map(|word| word.replace(',', "").parse().ok()).unwrap_or(0)
}
