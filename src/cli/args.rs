//! Arguments and environment, validated into one [`Invocation`].
//!
//! Nothing is started, opened or connected here: what leaves this module can be carried out as it stands. The
//! environment is passed in, so that tests need not change the process's own.

use std::ffi::OsString;
use std::net::SocketAddr;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::{check, log};
use crate::aws::ConnectOptions;
use crate::sandbox;

/// What this run is to do.
#[derive(Debug)]
pub enum Action {
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

/// Which AWS the terminal interface works on.
#[derive(Debug)]
pub enum Target {
    /// AWS, or an emulator of it, found by the usual chain.
    Aws(ConnectOptions),
    /// An embedded one in this very process.
    Sandbox(sandbox::Config),
}

/// An action and how much of it is logged.
#[derive(Debug)]
pub struct Invocation {
    /// What to do.
    pub action: Action,
    /// What reaches the log file, as filter directives that are known to parse.
    pub log_filter: String,
}

/// The environment variables that are ours. AWS's own are left to the AWS configuration chain.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `LOGFERRY_LOG`: a level, or filter directives (`debug,aws_smithy_runtime=debug`).
    pub log: Option<String>,
    /// `LOGFERRY_TEST_HOOKS=1`: bind the keys that exist for tests alone.
    pub test_hooks: bool,
}

impl Environment {
    /// Reads this process's environment.
    pub fn capture() -> Self {
        Self {
            log: std::env::var("LOGFERRY_LOG").ok().filter(|value| !value.is_empty()),
            test_hooks: std::env::var_os("LOGFERRY_TEST_HOOKS").is_some_and(|value| value == "1"),
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
    #[command(flatten)]
    interface: InterfaceArguments,

    /// How much goes into the log file: off, error, warn, info (default), debug or trace
    #[arg(long, global = true, value_name = "LEVEL", hide_possible_values = true)]
    log_level: Option<Level>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Default, PartialEq, Args)]
struct InterfaceArguments {
    /// Work on an embedded AWS with demo data: no account, no credentials, no AWS configuration read
    #[arg(long, conflicts_with_all = ["profile", "endpoint_url"])]
    sandbox: bool,

    /// What the sandbox holds at the start [default: demo]
    #[arg(long, value_name = "SEED", requires = "sandbox")]
    seed: Option<Seed>,

    /// How many times faster than AWS the sandbox exports [default: 6]
    #[arg(long, value_name = "N", requires = "sandbox", value_parser = check::clock, allow_negative_numbers = true)]
    clock: Option<f64>,

    /// The profile of the AWS configuration files to use
    #[arg(long, value_parser = check::profile)]
    profile: Option<String>,

    /// The Region to work in
    #[arg(long, value_parser = check::region)]
    region: Option<String>,

    /// Send every call to this URL: an emulator or an interface endpoint (S3 in path style)
    #[arg(long, value_name = "URL", value_parser = check::endpoint_url)]
    endpoint_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the embedded AWS (CloudWatch Logs, S3, STS) in the foreground, for other clients
    ///
    /// The first line of output is `listening on http://127.0.0.1:PORT`. It runs until SIGINT or SIGTERM. Everything is
    /// in memory and gone afterwards; any access key works.
    Sandbox(SandboxArguments),
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

/// `--seed`.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Seed {
    /// About forty log groups, six buckets, some past export tasks
    Demo,
    /// Nothing
    Empty,
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

Exit codes: 0 done, 1 failed, 2 wrong usage.
Log file: $XDG_STATE_HOME/logferry/logferry.log, by default ~/.local/state/logferry/logferry.log";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

/// Validates `args` (the program's name first) and `environment`. The error holds its text and exit code; `--help` and
/// `--version` are such "errors" too, with code 0.
pub fn parse<A>(args: impl IntoIterator<Item = A>, environment: &Environment) -> Result<Invocation, clap::Error>
where
    A: Into<OsString> + Clone,
{
    let arguments = Arguments::try_parse_from(args)?;
    let refuse = |kind, why: String| Arguments::command().error(kind, why);
    let log_filter = log::filter(arguments.log_level.map(Level::directive), environment.log.as_deref())
        .map_err(|wrong| refuse(ErrorKind::ValueValidation, wrong))?;
    let action = match arguments.command {
        Some(Command::Sandbox(_)) if arguments.interface != InterfaceArguments::default() => {
            return Err(refuse(ErrorKind::ArgumentConflict, MISPLACED.to_owned()));
        }
        Some(Command::Sandbox(sandbox)) => Action::Sandbox(sandbox.config()),
        None => {
            Action::Interface(Interface { target: arguments.interface.target(), test_hooks: environment.test_hooks })
        }
    };
    Ok(Invocation { action, log_filter })
}

impl InterfaceArguments {
    fn target(self) -> Target {
        if self.sandbox {
            return Target::Sandbox(config(None, self.seed, self.clock, None, self.region));
        }
        Target::Aws(ConnectOptions {
            profile: self.profile,
            region: self.region,
            endpoint_url: self.endpoint_url,
            ..ConnectOptions::default()
        })
    }
}

impl SandboxArguments {
    fn config(self) -> sandbox::Config {
        config(Some(self.listen), self.seed, self.clock, self.account, self.region)
    }
}

/// The sandbox's own defaults, with what was given put over them.
fn config(
    listen: Option<SocketAddr>,
    seed: Option<Seed>,
    clock: Option<f64>,
    account: Option<String>,
    region: Option<String>,
) -> sandbox::Config {
    let defaults = sandbox::Config::default();
    sandbox::Config {
        listen: listen.unwrap_or(defaults.listen),
        seed: seed.map_or(defaults.seed, Seed::seed),
        clock: clock.unwrap_or(defaults.clock),
        account: account.unwrap_or(defaults.account),
        region: region.unwrap_or(defaults.region),
    }
}

impl Seed {
    const fn seed(self) -> sandbox::Seed {
        match self {
            Self::Demo => sandbox::Seed::Demo,
            Self::Empty => sandbox::Seed::Empty,
        }
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
            Action::Sandbox(config) => panic!("{line} gave the sandbox: {config:?}"),
        }
    }

    fn sandbox(line: &str) -> sandbox::Config {
        match parsed(line).unwrap().action {
            Action::Sandbox(config) => config,
            Action::Interface(interface) => panic!("{line} gave the interface: {interface:?}"),
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
