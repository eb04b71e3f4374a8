//! The log file: what happened, for whoever looks afterwards. Nothing is ever logged to the terminal.
//!
//! Credentials must never reach it. Our own code logs none; dependencies (the SDKs, their HTTP client) may show headers and
//! bodies below `warn`, so they are held there unless somebody asks for one of them by name.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Choice, LogLevel};
use crate::domain::text::escape;

/// Above this size the file is set aside at start-up, in place of the one set aside before: at most twice this on disk.
const SIZE_LIMIT: u64 = 8 * 1024 * 1024;

/// Dependencies say warnings; the sandbox's S3 protocol would call every error answer an error of its own.
const HELD_BACK: &str = "warn,s3s=off";

/// The filter for a level from the command line, the value of `LOGFERRY_LOG`, and the level that was set: the first of
/// them that says something.
///
/// A bare level is for our own code; dependencies stay at `warn` or quieter. Directives (`info,aws_config=debug`) are
/// taken as they are, after the ones that hold dependencies back.
pub fn filter(level: Option<LogLevel>, variable: Option<&str>, set: LogLevel) -> Result<String, String> {
    let asked = level.map(Choice::word).or(variable).unwrap_or(set.word());
    let directives = match LogLevel::parse(asked) {
        Some(LogLevel::Off | LogLevel::Error) => format!("{asked},logferry={asked}"),
        Some(LogLevel::Warn | LogLevel::Info | LogLevel::Debug | LogLevel::Trace) => {
            format!("{HELD_BACK},logferry={asked}")
        }
        None => format!("{HELD_BACK},logferry={},{asked}", set.word()),
    };
    directives
        .parse::<Targets>()
        .map(|_| directives)
        .map_err(|wrong| format!("LOGFERRY_LOG={asked} is neither a level nor filter directives: {wrong}"))
}

/// The log file's name in the state directory.
pub const NAME: &str = "logferry.log";

/// Opens the log file in `directory` and sends tracing to it. An error is no reason not to start; it is told to the
/// person.
pub fn start(directory: Option<&Path>, directives: &str) -> io::Result<()> {
    let nowhere = || io::Error::new(io::ErrorKind::NotFound, "neither XDG_STATE_HOME nor HOME names a directory");
    let path = directory.ok_or_else(nowhere)?.join(NAME);
    let file = open(&path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let filter: Targets = directives.parse().map_err(io::Error::other)?;
    // A full disk is no reason to write into the interface: what cannot be logged is not.
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).log_internal_errors(false);
    let lines = layer.with_writer(Mutex::new(Lines(file)));
    tracing_subscriber::registry().with(lines).with(filter).try_init().map_err(io::Error::other)
}

/// Opens for appending, readable by its owner alone: group names and messages are nobody else's business.
fn open(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    if path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > SIZE_LIMIT) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // An older file may have been made with other rights.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Writes each event as one line: control characters that came from outside (names, messages) are escaped, so that
/// nobody can forge a line or play tricks on the terminal that shows the file.
struct Lines<W>(W);

impl<W: Write> Write for Lines<W> {
    /// `tracing-subscriber` hands over a whole event, with its line feed, in one call.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        self.0.write_all(format!("{}\n", escape(line)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_stay_at_warn_whatever_level_is_asked_for() {
        let set = LogLevel::Info;
        assert_eq!(filter(None, None, set).unwrap(), "warn,s3s=off,logferry=info");
        assert_eq!(filter(Some(LogLevel::Trace), Some("error"), set).unwrap(), "warn,s3s=off,logferry=trace");
        assert_eq!(filter(None, Some("debug"), set).unwrap(), "warn,s3s=off,logferry=debug");
        assert_eq!(filter(Some(LogLevel::Off), None, set).unwrap(), "off,logferry=off");
        assert_eq!(filter(None, None, LogLevel::Error).unwrap(), "error,logferry=error");
    }

    #[test]
    fn a_dependency_is_heard_when_named() {
        let set = LogLevel::Debug;
        assert_eq!(
            filter(None, Some("aws_config=debug"), set).unwrap(),
            "warn,s3s=off,logferry=debug,aws_config=debug"
        );
        assert!(filter(None, Some("logferry=loud"), set).unwrap_err().contains("LOGFERRY_LOG=logferry=loud"));
    }

    #[test]
    fn the_file_is_for_its_owner_alone_even_if_it_was_not_before() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("deep/er/logferry.log");
        open(&path).unwrap().write_all(b"first\n").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        open(&path).unwrap().write_all(b"second\n").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first\nsecond\n");
    }

    #[test]
    fn a_large_file_is_set_aside() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("logferry.log");
        File::create(&path).unwrap().set_len(SIZE_LIMIT + 1).unwrap();
        open(&path).unwrap();
        assert_eq!(path.metadata().unwrap().len(), 0);
        assert_eq!(home.path().join("logferry.log.1").metadata().unwrap().len(), SIZE_LIMIT + 1);
    }

    #[test]
    fn an_event_is_one_safe_line_whatever_is_in_it() {
        let mut written = Lines(Vec::new());
        let event = "INFO group=\u{1b}[2Jevil\n";
        assert_eq!(written.write(event.as_bytes()).unwrap(), event.len());
        let safe = escape("INFO group=\u{1b}[2Jevil");
        assert_eq!(String::from_utf8(written.0).unwrap(), format!("{safe}\n"));
    }
}
