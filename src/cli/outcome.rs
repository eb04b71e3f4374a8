//! Outcomes as people and scripts see them: exit codes, and errors in a few lines.
//!
//! No stack traces: those are for whoever sets `RUST_BACKTRACE`; the log file has the whole chain of causes anyway.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use color_eyre::Report;
use color_eyre::config::{HookBuilder, Theme};
use thiserror::Error;

use super::output::is_colourless;
use crate::domain::problem::Problem;
use crate::domain::text::escape;
use crate::export::remedy::RemedyError;
use crate::tui::EndedBySignal;

/// The code of wrong usage, as clap has it.
const USAGE: u8 = 2;

/// The error report shows at most this many causes; the log file has them all.
const CAUSES_SHOWN: usize = 2;

/// What a Rust program that panicked exits with.
const PANIC_EXIT: i32 = 101;

/// Installs the reports for errors and panics. A panic is also put into the log file: behind a full-screen interface its
/// text may be seen by nobody.
///
/// Wherever it happens, a background task included, a panic ends the program: one that lost a part of itself must not pretend to
/// work. Nothing is lost by that. What is queued and what has been done is in the ledger, and the next start goes on from there.
pub fn install_reports() {
    let plain = !io::stderr().is_terminal() || is_colourless();
    let theme = if plain { Theme::new() } else { Theme::dark() };
    let hooks = HookBuilder::blank().theme(theme).add_default_filters().display_env_section(false);
    if hooks.install().is_err() {
        // Only a second call can fail, and the first one's hooks do the same.
        return;
    }
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!(%panic, "panicked");
        report(panic);
        std::process::exit(PANIC_EXIT);
    }));
}

/// Tells the person something on stderr. A closed stderr is no reason to fail.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// What only the account or the ledger shows to be wrong usage: nothing was done.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct WrongUsage(
    /// What is wrong and what to do, safe to show.
    pub String,
);

/// The exit code of a finished action; a failure is told on stderr and logged. An end by a signal is no failure: whoever
/// sent it knows, and the code says it as shells do.
pub fn conclude(outcome: Result<ExitCode, Report>) -> ExitCode {
    let failure = match outcome {
        Ok(code) => return code,
        Err(failure) => failure,
    };
    if let Some(ended) = failure.downcast_ref::<EndedBySignal>() {
        tracing::info!(signal = ended.name, "ended by a signal");
        return ExitCode::from(ended.exit_code);
    }
    tracing::error!(error = %format!("{failure:#}"), "failed");
    if let Some(wrong) = failure.downcast_ref::<WrongUsage>() {
        say(&format!("error: {wrong}\n\nFor more information, try '--help'."));
        return ExitCode::from(USAGE);
    }
    let traced = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    say(&if traced { format!("logferry: {failure:?}") } else { brief(&failure) });
    ExitCode::FAILURE
}

/// Answers arguments that make no action: `--help` and `--version` on stdout with code 0, wrong usage on stderr with code 2.
pub fn refuse(refusal: &clap::Error) -> ExitCode {
    let _ = refusal.print();
    ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(USAGE))
}

/// A failure and its causes, a line each, safe to show.
pub fn brief(failure: &Report) -> String {
    let mut text = format!("logferry: {}", escape(&failure.to_string()));
    for cause in failure.chain().skip(1).take(CAUSES_SHOWN) {
        let _ = write!(text, "\n  because: {}", escape(&cause.to_string()));
    }
    if let Some(problem) = failure.downcast_ref::<Problem>() {
        let _ = write!(text, "\n  what to do: {}", remedy(problem));
        if let Some(id) = &problem.request_id {
            let _ = write!(text, "\n  request id: {}", escape(id));
        }
    } else if let Some(error) = failure.downcast_ref::<RemedyError>() {
        let _ = write!(text, "\n  what to do: {}", escape(&without_keys(&error.remedy())));
    }
    text
}

/// What to do about `problem`, for somebody who has no keys to press and no form before them.
pub fn remedy(problem: &Problem) -> String {
    without_keys(&problem.explain().remedy)
}

/// The same for a remedy that is in words already.
pub fn without_keys(remedy: &str) -> String {
    let told = remedy.to_owned();
    IN_OTHER_WORDS.iter().fold(told, |told, (of_the_interface, here)| told.replace(of_the_interface, here))
}

/// What remedies say of the terminal interface, and what stands for it on the command line.
const IN_OTHER_WORDS: [(&str, &str); 7] = [
    ("nothing to do: it is tried again", "try again in a moment; queued tasks do so by themselves"),
    (", then press R to try again", ", then try again"),
    (", then press R", ", then try again"),
    ("; press R on the log groups to reload", ""),
    ("press r, or `logferry tasks retry --split`", "`logferry tasks retry ID --split hourly`"),
    ("press r to run it again", "run it again with `logferry tasks retry`"),
    ("correct the form", "correct the options"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::{ProblemKind, remedies};
    use color_eyre::eyre::eyre;

    #[test]
    fn a_failure_of_aws_says_what_to_do_without_keys() {
        let failure = Report::new(Problem::new(ProblemKind::ExpiredCredentials, "DescribeLogGroups"));
        assert_eq!(
            brief(&failure),
            "logferry: DescribeLogGroups failed: the AWS credentials have expired or are not valid\n  \
             what to do: run `aws sso login` (or renew them as you usually do), then try again"
        );
        for told in remedies().map(without_keys) {
            assert!(!told.contains("press") && !told.contains("form"), "{told}");
        }
    }

    #[test]
    fn a_failure_that_aws_can_look_up_is_told_with_its_request_id() {
        let mut problem = Problem::new(ProblemKind::Throttled, "CreateExportTask");
        problem.request_id = Some("5f2c\u{1b}".to_owned());
        assert!(brief(&Report::new(problem)).ends_with("\n  request id: 5f2c\\u{1b}"));
    }

    #[test]
    fn a_failure_takes_three_lines_at_most() {
        let failure = eyre!("innermost").wrap_err("third").wrap_err("second").wrap_err("cannot start");
        assert_eq!(brief(&failure), "logferry: cannot start\n  because: second\n  because: third");
        assert_eq!(brief(&eyre!("cannot start")), "logferry: cannot start");
    }
}
