//! Arguments and environment, validated into one [`Invocation`].
//!
//! Nothing is started or connected here: what leaves this module can be carried out as it stands. The only files that are
//! opened are the configuration file and a plan file, because what stands in them are arguments too. The environment and
//! the time are passed in, so that tests need not change the process's own.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use super::config::{self, ConfigArguments, Loaded};
use super::connection::{self, Connection, EXCLUSIVE, Seed, Target};
use super::environment::{Environment, Usual};
use super::export::{self, Wrong};
use super::listing::{Kind, Listing};
use super::look::{Look, choices};
use super::print::Print;
use super::script::Script;
use super::{buckets, check, doctor, log, paths, policy, run, tasks, verify};
use crate::config::{Config, Location, LogLevel};
use crate::sandbox;
use crate::tui::Keymap;

/// What this run is to do.
#[derive(Debug)]
pub enum Action {
    /// Queue an export, and perhaps wait for its end.
    Export(Target, export::Request),
    /// Drive the queue until it is empty.
    Run(Target, run::Request),
    /// Look into the queue and the history, or change what is queued.
    Tasks(Target, tasks::Request),
    /// Read back what tasks have left in the bucket.
    Verify(Target, verify::Request),
    /// List something on stdout.
    List(Target, Listing),
    /// List buckets, or change one.
    Buckets(Target, buckets::Request),
    /// Check what an export depends on.
    Doctor(Target, doctor::Request),
    /// Print a policy that exports need.
    Policy(Target, policy::Request),
    /// The terminal interface.
    Interface(Interface),
    /// The embedded AWS in the foreground, for other clients.
    Sandbox(sandbox::Config),
    /// Print something that needs nothing.
    Print(Print),
}

impl Action {
    /// The command by which it would change something in AWS, now or later, and how.
    fn change(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Export(_, request) if !request.is_dry_run() => Some(("export", "queues what would be launched")),
            Self::Run(..) => Some(("run", "launches what is queued")),
            Self::Tasks(_, request) if request.changes() => {
                Some(("tasks", "would change the queue, and with it what AWS is asked for"))
            }
            Self::Verify(_, request) if request.writes() => Some(("verify", "puts an object there with --manifest")),
            Self::Buckets(_, request) if request.changes() => Some(("buckets", "would change the bucket")),
            Self::Doctor(_, request) if request.probes() => Some(("doctor", "puts an object there with --probe")),
            Self::Export(..)
            | Self::Tasks(..)
            | Self::Verify(..)
            | Self::List(..)
            | Self::Buckets(..)
            | Self::Doctor(..)
            | Self::Policy(..)
            | Self::Interface(_)
            | Self::Sandbox(_)
            | Self::Print(_) => None,
        }
    }

    /// What it connects to, if it does.
    const fn target_mut(&mut self) -> Option<&mut Target> {
        match self {
            Self::Export(target, _)
            | Self::Run(target, _)
            | Self::Tasks(target, _)
            | Self::Verify(target, _)
            | Self::List(target, _)
            | Self::Buckets(target, _)
            | Self::Doctor(target, _)
            | Self::Policy(target, _)
            | Self::Interface(Interface { target, .. }) => Some(target),
            // On the sandbox others work.
            Self::Sandbox(_) | Self::Print(_) => None,
        }
    }
}

/// The terminal interface and what it connects to.
#[derive(Debug)]
pub struct Interface {
    /// Which AWS.
    pub target: Target,
    /// Whether keys that exist for tests alone are bound.
    pub test_hooks: bool,
    /// What the operator has set.
    pub config: Config,
    /// The keys the operator has chosen.
    pub keys: Keymap,
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
    #[arg(long, global = true, value_name = "LEVEL", value_parser = choices::<LogLevel>(), hide_possible_values = true, help_heading = FILES)]
    log_level: Option<LogLevel>,

    /// The configuration file [default: $XDG_CONFIG_HOME/logferry/config.toml, or ~/.config/logferry/config.toml];
    /// LOGFERRY_CONFIG names one, too
    #[arg(long, global = true, value_name = "FILE", help_heading = FILES)]
    config: Option<PathBuf>,

    /// Where the ledger and the log file lie [default: $XDG_STATE_HOME/logferry, or ~/.local/state/logferry]
    #[arg(long, global = true, value_name = "DIRECTORY", help_heading = FILES)]
    state_dir: Option<PathBuf>,

    /// Change nothing in AWS and queue nothing: what would is refused; LOGFERRY_READ_ONLY=1 does the same
    #[arg(long, global = true, help_heading = SAFETY)]
    read_only: bool,

    #[command(flatten)]
    connection: Connection,

    #[command(flatten)]
    look: Look,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Queue the export of log groups into a bucket
    ///
    /// One export task for each log group and window; AWS runs one at a time in an account and Region. They are run by
    /// `logferry run`, by the terminal interface, or with --wait by this command. Times are read as RFC 3339,
    /// `2026-11-01 14:00`, `2026-11-01`, `yesterday`, `3d ago`, `last month`, `now`, epoch seconds or milliseconds; what
    /// was understood is always printed.
    #[command(after_long_help = export::AFTER_HELP)]
    Export(ExportArguments),

    /// Run what is queued, until nothing is left
    ///
    /// All accounts and Regions with queued tasks are worked on side by side, each through the profile its tasks were
    /// queued with. What another logferry drives is left to it, and taken over should that one end.
    #[command(after_long_help = run::AFTER_HELP)]
    Run(RunArguments),

    /// List, show, cancel, retry or watch tasks
    #[command(after_long_help = tasks::AFTER_HELP)]
    Tasks(tasks::TasksArguments),

    /// Read back what a task has left in the bucket: whole objects, events, and whether they lie in the range
    ///
    /// Every object under the task's folder is downloaded, decompressed and counted, which S3 and your link charge for;
    /// nothing of it is kept. What an export does not let anybody prove is said as well.
    #[command(after_long_help = verify::AFTER_HELP)]
    Verify(verify::VerifyArguments),

    /// List the log groups of the account and Region
    Groups(ListingArguments),

    /// List the account's buckets; create one, let the export service into one, edit lifecycle rules
    #[command(after_long_help = buckets::AFTER_HELP)]
    Buckets(buckets::BucketsArguments),

    /// Check before an export whether AWS would take it: bucket, policy, encryption, log groups, range
    ///
    /// What could not be looked at, because your credentials may not, is told as such: it neither passes nor blocks.
    #[command(after_long_help = doctor::AFTER_HELP)]
    Doctor(doctor::DoctorArguments),

    /// Print the bucket policy that exports need, or the least IAM policy of whoever runs this
    #[command(after_long_help = policy::AFTER_HELP)]
    Policy(policy::PolicyArguments),

    /// Run the embedded AWS (CloudWatch Logs, S3, STS) in the foreground, for other clients
    ///
    /// The first line of output is `listening on http://127.0.0.1:PORT`. It runs until SIGINT or SIGTERM. Everything is
    /// in memory and gone afterwards; any access key works.
    Sandbox(SandboxArguments),

    /// Look at the configuration file: where it is, what is wrong with it; or write one to begin with
    Config(ConfigArguments),

    /// Print where the configuration, the ledger and the log file are
    Paths {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },

    /// Write completions for a shell to stdout
    Completions {
        /// Which shell
        shell: Shell,
    },

    /// Write a manual page to stdout: of logferry, or of one of its commands
    Man {
        /// The command, as in `logferry man tasks list`
        command: Vec<String>,
    },
}

impl Command {
    /// Whether it is about more than help: what helps to mend a configuration file must work while that is wrong.
    const fn needs_config(&self) -> bool {
        match self {
            Self::Config(_) | Self::Paths { .. } | Self::Completions { .. } | Self::Man { .. } => false,
            Self::Export(_)
            | Self::Run(_)
            | Self::Tasks(_)
            | Self::Verify(_)
            | Self::Groups(_)
            | Self::Buckets(_)
            | Self::Doctor(_)
            | Self::Policy(_)
            | Self::Sandbox(_) => true,
        }
    }
}

#[derive(Debug, Args)]
struct RunArguments {
    #[command(flatten)]
    retries: export::Retries,

    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
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

/// What is said of `logferry --region R sandbox`: the options before the command are the interface's.
const MISPLACED: &str = "options of the terminal interface do not go with `logferry sandbox`; \
    put the sandbox's own behind it, as in `logferry sandbox --clock 60`";

/// What is said of `logferry --theme T run`.
const LOOK_MISPLACED: &str = "how the terminal interface looks (--theme, --ascii, --mouse) says nothing to a command";

/// The heading of the options about what is written to the disk.
const FILES: &str = "Files";

/// The heading of the options about what may be done.
const SAFETY: &str = "Safety";

/// What stands before the reason why a command is refused.
const READ_ONLY: &str = "logferry is read-only (--read-only, LOGFERRY_READ_ONLY or the configuration)";

const AFTER_HELP: &str = "\
Examples:
  logferry --sandbox                       try it: everything on an embedded AWS
  logferry --profile prod --region eu-west-1
  logferry --endpoint-url http://127.0.0.1:5000
  logferry sandbox --listen 127.0.0.1:4566 --seed empty
  logferry groups --json
  logferry export --group web --from yesterday --to today --bucket logs-archive --wait
  logferry run
  logferry tasks list --state failed

Exit codes: 0 done, 1 failed, 2 wrong usage; `logferry export --help` tells those of exports.
Files: `logferry paths` prints where they are.
Configuration: `logferry config template` writes a file of all settings. Options come before the environment, and that \
before the file.";

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
    let location = arguments.config.map(Location::Named).or_else(|| environment.config.clone());
    let needs_config = arguments.command.as_ref().is_none_or(Command::needs_config);
    let Loaded { config, keys } = if needs_config { config::load(location.as_ref())? } else { Loaded::default() };
    let log_filter = log::filter(arguments.log_level, environment.log.as_deref(), config.log_level)
        .map_err(|wrong| refuse(ErrorKind::ValueValidation, wrong))?;
    let read_only = arguments.read_only || environment.read_only || config.read_only;
    let usual = Usual { now: environment.now, base: &environment.base, zone: config.timezone, retries: config.retries };
    let before = arguments.connection;
    if arguments.command.is_some() && arguments.look != Look::default() {
        return Err(refuse(ErrorKind::ArgumentConflict, LOOK_MISPLACED.to_owned()));
    }
    let mut action = match arguments.command {
        Some(Command::Sandbox(_)) if before != Connection::default() => {
            return Err(refuse(ErrorKind::ArgumentConflict, MISPLACED.to_owned()));
        }
        Some(Command::Sandbox(sandbox)) => Action::Sandbox(sandbox.config()),
        Some(Command::Groups(listing)) => list(listing, Kind::Groups, before)?,
        Some(Command::Buckets(arguments)) => {
            let (connection, request) = arguments.resolve().map_err(|wrong| refuse_in("buckets", wrong))?;
            Action::Buckets(target("buckets", connection, before)?, request)
        }
        Some(Command::Export(ExportArguments { connection, wanted })) => {
            let request = wanted.resolve(usual).map_err(|wrong| refuse_in("export", wrong))?;
            Action::Export(target("export", connection, before)?, request)
        }
        Some(Command::Run(RunArguments { retries, json, connection })) => {
            Action::Run(target("run", connection, before)?, run::Request { terms: retries.terms(usual), json })
        }
        Some(Command::Tasks(arguments)) => {
            let (connection, request) = arguments.resolve(usual).map_err(|wrong| refuse_in("tasks", wrong))?;
            Action::Tasks(target("tasks", connection, before)?, request)
        }
        Some(Command::Verify(arguments)) => {
            let (connection, request) = arguments.resolve();
            Action::Verify(target("verify", connection, before)?, request)
        }
        Some(Command::Doctor(arguments)) => {
            let (connection, request) = arguments.resolve(usual).map_err(|wrong| refuse_in("doctor", wrong))?;
            Action::Doctor(target("doctor", connection, before)?, request)
        }
        Some(Command::Policy(arguments)) => {
            let (connection, request) = arguments.resolve().map_err(|wrong| refuse_in("policy", wrong))?;
            Action::Policy(target("policy", connection, before)?, request)
        }
        Some(Command::Completions { shell }) => {
            Action::Print(Print::Script(Script::completions(Arguments::command(), shell)))
        }
        Some(Command::Man { command }) => {
            let page = Script::man(Arguments::command(), &command).map_err(|wrong| refuse_in("man", wrong))?;
            Action::Print(Print::Script(page))
        }
        Some(Command::Config(arguments)) => Action::Print(Print::Config(arguments.resolve(location)?)),
        Some(Command::Paths { json }) => Action::Print(Print::Paths(paths::Request { config: location, json })),
        None => {
            let config = arguments.look.over(config, environment);
            Action::Interface(Interface { target: before.target(), test_hooks: environment.test_hooks, config, keys })
        }
    };
    if read_only {
        if let Some((command, why)) = action.change() {
            let message = format!("{READ_ONLY}, and `logferry {command}` {why}: nothing was done");
            return Err(refuse_in(command, Wrong { kind: ErrorKind::ArgumentConflict, message }));
        }
        if let Some(target) = action.target_mut() {
            target.forbid_changes();
        }
    }
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

#[cfg(test)]
mod tests;
