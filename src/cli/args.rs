//! Arguments and environment, validated into one [`Invocation`].
//!
//! Nothing is started or connected here: what leaves this module can be carried out as it stands. The one file that is
//! opened is a plan file, because what stands in it are arguments too. The environment and the time are passed in, so
//! that tests need not change the process's own.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::SystemTime;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::connection::{self, Connection, EXCLUSIVE, Seed, Target};
use super::export::{self, Wrong};
use super::listing::{Kind, Listing};
use super::{check, log};
use crate::domain::time::Timestamp;
use crate::sandbox;

/// What this run is to do.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one a process, made and taken apart at once")]
pub enum Action {
    /// Export, and wait for the end.
    Export(Target, export::Request),
    /// List something on stdout.
    List(Target, Listing),
    /// The terminal interface.
    Interface(Interface),
    /// The embedded AWS in the foreground, for other clients.
    Sandbox(sandbox::Config),
}

/// The terminal interface and what it connects to.
#[derive(Debug)]
pub struct Interface {
    /// Which AWS.
    pub target: Target,
    /// Whether keys that exist for tests alone are bound.
    pub test_hooks: bool,
}

/// An action and how much of it is logged.
#[derive(Debug)]
pub struct Invocation {
    /// What to do.
    pub action: Action,
    /// What reaches the log file, as filter directives that are known to parse.
    pub log_filter: String,
    /// Where the ledger and the log file lie, if that was said.
    pub state_dir: Option<PathBuf>,
}

/// The environment variables that are ours. AWS's own are left to the AWS configuration chain.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `LOGFERRY_LOG`: a level, or filter directives (`debug,aws_smithy_runtime=debug`).
    pub log: Option<String>,
    /// `LOGFERRY_TEST_HOOKS=1`: bind the keys that exist for tests alone.
    pub test_hooks: bool,
    /// What relative times are counted from.
    pub now: Timestamp,
}

impl Environment {
    /// Reads this process's environment.
    pub fn capture() -> Self {
        Self {
            log: std::env::var("LOGFERRY_LOG").ok().filter(|value| !value.is_empty()),
            test_hooks: std::env::var_os("LOGFERRY_TEST_HOOKS").is_some_and(|value| value == "1"),
            now: Timestamp::from(SystemTime::now()),
        }
    }
}

/// Get logs out of CloudWatch Logs into S3, from a terminal: browse, export, watch, cancel.
///
/// Without a command the terminal interface starts. It connects like the AWS CLI does: environment variables,
/// profiles, IAM Identity Center (SSO), instance roles.
#[derive(Debug, Parser)]
#[command(
    name = "logferry",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_long_help = AFTER_HELP,
    styles = STYLES,
)]
struct Arguments {
    /// How much goes into the log file: off, error, warn, info (default), debug or trace
    #[arg(long, global = true, value_name = "LEVEL", hide_possible_values = true)]
    log_level: Option<Level>,

    /// Where the ledger and the log file lie [default: $XDG_STATE_HOME/logferry, or ~/.local/state/logferry]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    state_dir: Option<PathBuf>,

    #[command(flatten)]
    connection: Connection,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one a process, made and taken apart at once")]
enum Command {
    /// Export log groups into a bucket and wait for the end
    ///
    /// One export task for each log group and window; AWS runs one at a time in an account and Region. Times are read as
    /// RFC 3339, `2026-11-01 14:00`, `2026-11-01`, `yesterday`, `3d ago`, `last month`, `now`, epoch seconds or
    /// milliseconds; what was understood is always printed.
    #[command(after_long_help = export::AFTER_HELP)]
    Export(ExportArguments),

    /// List the log groups of the account and Region
    Groups(ListingArguments),

    /// List the account's buckets
    Buckets(ListingArguments),

    /// Run the embedded AWS (CloudWatch Logs, S3, STS) in the foreground, for other clients
    ///
    /// The first line of output is `listening on http://127.0.0.1:PORT`. It runs until SIGINT or SIGTERM. Everything is
    /// in memory and gone afterwards; any access key works.
    Sandbox(SandboxArguments),
}

#[derive(Debug, Args)]
struct ExportArguments {
    #[command(flatten)]
    wanted: export::Wanted,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct ListingArguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct SandboxArguments {
    /// Where to listen, loopback only; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0", value_parser = check::listen)]
    listen: SocketAddr,

    /// What it holds at the start [default: demo]
    #[arg(long, value_name = "SEED")]
    seed: Option<Seed>,

    /// How many times faster than AWS it exports [default: 6]
    #[arg(long, value_name = "N", value_parser = check::clock, allow_negative_numbers = true)]
    clock: Option<f64>,

    /// The account everything belongs to [default: 123456789012]
    #[arg(long, value_name = "ID", value_parser = check::account)]
    account: Option<String>,

    /// The Region that demo data is put into [default: eu-central-1]
    #[arg(long, value_parser = check::region)]
    region: Option<String>,
}

/// `--log-level`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// What is said of `logferry --region R sandbox`: the options before the command are the interface's.
const MISPLACED: &str = "options of the terminal interface do not go with `logferry sandbox`; \
    put the sandbox's own behind it, as in `logferry sandbox --clock 60`";

const AFTER_HELP: &str = "\
Examples:
  logferry --sandbox                       try it: everything on an embedded AWS
  logferry --profile prod --region eu-west-1
  logferry --endpoint-url http://127.0.0.1:5000
  logferry sandbox --listen 127.0.0.1:4566 --seed empty
  logferry groups --json
  logferry export --group web --from yesterday --to today --bucket logs-archive

Exit codes: 0 done, 1 failed, 2 wrong usage; `logferry export --help` tells those of exports.
Log file: $XDG_STATE_HOME/logferry/logferry.log, by default ~/.local/state/logferry/logferry.log";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

type Answer<T> = Result<T, clap::Error>;

/// Validates `args` (the program's name first) and `environment`. The error holds its text and exit code; `--help` and
/// `--version` are such "errors" too, with code 0.
pub fn parse<A>(args: impl IntoIterator<Item = A>, environment: &Environment) -> Answer<Invocation>
where
    A: Into<OsString> + Clone,
{
    let arguments = Arguments::try_parse_from(args)?;
    let refuse = |kind, why: String| Arguments::command().error(kind, why);
    let log_filter = log::filter(arguments.log_level.map(Level::directive), environment.log.as_deref())
        .map_err(|wrong| refuse(ErrorKind::ValueValidation, wrong))?;
    let before = arguments.connection;
    let action = match arguments.command {
        Some(Command::Sandbox(_)) if before != Connection::default() => {
            return Err(refuse(ErrorKind::ArgumentConflict, MISPLACED.to_owned()));
        }
        Some(Command::Sandbox(sandbox)) => Action::Sandbox(sandbox.config()),
        Some(Command::Groups(listing)) => list(listing, Kind::Groups, before)?,
        Some(Command::Buckets(listing)) => list(listing, Kind::Buckets, before)?,
        Some(Command::Export(ExportArguments { connection, wanted })) => {
            let request = wanted.resolve(environment.now).map_err(|wrong| refuse_in("export", wrong))?;
            Action::Export(target("export", connection, before)?, request)
        }
        None => Action::Interface(Interface { target: before.target(), test_hooks: environment.test_hooks }),
    };
    Ok(Invocation { action, log_filter, state_dir: arguments.state_dir })
}

fn list(ListingArguments { connection, json }: ListingArguments, kind: Kind, before: Connection) -> Answer<Action> {
    Ok(Action::List(target(kind.command(), connection, before)?, Listing { kind, json }))
}

/// Where `command` works, by the options behind it and `before` it.
fn target(command: &str, behind: Connection, before: Connection) -> Answer<Target> {
    let together = behind.after(before);
    together
        .map(Connection::target)
        .ok_or_else(|| refuse_in(command, Wrong { kind: ErrorKind::ArgumentConflict, message: EXCLUSIVE.to_owned() }))
}

/// The refusal of what was given to `command`, with that command's own usage.
fn refuse_in(command: &str, wrong: Wrong) -> clap::Error {
    let mut all = Arguments::command();
    // Its subcommands know how they are called only once it is built.
    all.build();
    match all.find_subcommand_mut(command) {
        Some(command) => command.error(wrong.kind, wrong.message),
        None => all.error(wrong.kind, wrong.message),
    }
}

impl SandboxArguments {
    fn config(self) -> sandbox::Config {
        let config = connection::config(self.seed, self.clock, self.region);
        let account = self.account.unwrap_or_else(|| config.account.clone());
        sandbox::Config { listen: self.listen, account, ..config }
    }
}

impl Level {
    const fn directive(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Invocation, clap::Error> {
        parse(line.split(' '), &Environment::default())
    }

    fn refusal(line: &str) -> String {
        let error = parsed(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
        error.to_string()
    }

    fn target(line: &str) -> Target {
        match parsed(line).unwrap().action {
            Action::Interface(interface) => interface.target,
            other => panic!("{line} gave {other:?}"),
        }
    }

    fn sandbox(line: &str) -> sandbox::Config {
        match parsed(line).unwrap().action {
            Action::Sandbox(config) => config,
            other => panic!("{line} gave {other:?}"),
        }
    }

    #[test]
    fn the_parser_itself_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn nothing_given_means_aws_by_the_usual_chain() {
        let Target::Aws(options) = target("logferry") else { panic!("not AWS") };
        assert!(options.profile.is_none() && options.region.is_none());
        assert!(options.endpoint_url.is_none() && options.fixed_keys.is_none());
    }

    #[test]
    fn profile_region_and_endpoint_reach_the_connection() {
        let line = "logferry --profile prod --region eu-west-1 --endpoint-url http://127.0.0.1:5000/";
        let Target::Aws(options) = target(line) else { panic!("not AWS") };
        assert_eq!(options.profile.as_deref(), Some("prod"));
        assert_eq!(options.region.as_deref(), Some("eu-west-1"));
        assert_eq!(options.endpoint_url.as_deref(), Some("http://127.0.0.1:5000"));
    }

    #[test]
    fn the_embedded_sandbox_takes_seed_clock_and_region() {
        let Target::Sandbox(config) = target("logferry --sandbox --seed empty --clock 60 --region us-west-2") else {
            panic!("not the sandbox")
        };
        assert_eq!(config.seed, sandbox::Seed::Empty);
        assert!((config.clock - 60.0).abs() < f64::EPSILON);
        assert_eq!(config.region, "us-west-2");
        assert_eq!(config.listen.port(), 0);
    }

    #[test]
    fn the_foreground_sandbox_takes_everything() {
        let config = sandbox(
            "logferry sandbox --listen 127.0.0.1:4566 --seed empty --clock 2 --account 999999999999 --region us-east-1",
        );
        assert_eq!(config.listen.to_string(), "127.0.0.1:4566");
        assert_eq!((config.account.as_str(), config.region.as_str()), ("999999999999", "us-east-1"));
        let defaults = sandbox("logferry sandbox");
        assert_eq!(defaults.listen.to_string(), "127.0.0.1:0");
        assert_eq!(defaults.seed, sandbox::Seed::Demo);
    }

    #[test]
    fn help_tells_the_sandboxs_real_defaults() {
        let defaults = sandbox::Config::default();
        let mut command = Arguments::command();
        let sandbox = command.find_subcommand_mut("sandbox").unwrap().render_long_help().to_string();
        for value in [defaults.clock.to_string(), defaults.account, defaults.region, defaults.listen.to_string()] {
            assert!(sandbox.contains(&format!("[default: {value}]")), "{value} is not in:\n{sandbox}");
        }
    }

    #[test]
    fn the_sandbox_and_real_aws_exclude_each_other() {
        for (line, named) in [
            ("logferry --sandbox --profile prod", "--profile"),
            ("logferry --sandbox --endpoint-url http://127.0.0.1:1", "--endpoint-url"),
        ] {
            let text = refusal(line);
            assert!(text.contains("--sandbox") && text.contains(named) && text.contains("cannot be used"), "{text}");
        }
    }

    #[test]
    fn sandbox_options_need_the_sandbox() {
        assert!(refusal("logferry --clock 60").contains("--sandbox"));
        assert!(refusal("logferry --seed empty").contains("--sandbox"));
    }

    #[test]
    fn options_of_the_interface_do_not_go_with_the_sandbox_command() {
        for line in
            ["logferry --sandbox sandbox", "logferry --region us-east-1 sandbox", "logferry --profile p sandbox"]
        {
            assert!(refusal(line).contains("behind it"), "{line}");
        }
    }

    #[test]
    fn the_log_level_may_stand_on_either_side_of_the_command() {
        for line in ["logferry --log-level debug sandbox", "logferry sandbox --log-level debug"] {
            assert_eq!(parsed(line).unwrap().log_filter, "warn,s3s=off,logferry=debug", "{line}");
        }
    }

    #[test]
    fn wrong_values_are_wrong_usage_and_say_what_is_expected() {
        for (line, said) in [
            ("logferry sandbox --listen 0.0.0.0:80", "loopback"),
            ("logferry sandbox --clock 0", "number from 0.01"),
            ("logferry sandbox --clock -5", "number from 0.01"),
            ("logferry sandbox --account 12", "twelve digits"),
            ("logferry --region mars", "eu-central-1"),
            ("logferry --endpoint-url ftp://x", "http://127.0.0.1:4566"),
            ("logferry --log-level loud", "loud"),
            ("logferry fly", "fly"),
        ] {
            let text = refusal(line);
            assert!(text.contains(said), "{line}: {text}");
        }
    }

    #[test]
    fn a_broken_log_filter_is_refused_before_anything_starts() {
        let environment = Environment { log: Some("logferry=loud".to_owned()), ..Environment::default() };
        let error = parse(["logferry"], &environment).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("LOGFERRY_LOG"), "{error}");
    }

    #[test]
    fn test_hooks_come_from_the_environment() {
        let environment = Environment { test_hooks: true, ..Environment::default() };
        let Action::Interface(interface) = parse(["logferry"], &environment).unwrap().action else { panic!() };
        assert!(interface.test_hooks);
    }
}
