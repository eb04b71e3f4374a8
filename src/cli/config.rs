//! The configuration file on the command line: where it is, what is wrong with it, one to begin with
//! (`logferry config`).

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Subcommand};
use color_eyre::eyre::{Report, WrapErr};

use super::outcome::say;
use super::output::Output;
use crate::config::{Config, Location, TEMPLATE, read_file};
use crate::domain::text::escape;

/// The arguments.
#[derive(Debug, Args)]
pub struct ConfigArguments {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Write a configuration file with every setting at its default to stdout
    Template,
    /// Tell everything that is wrong with the configuration file
    Check,
    /// Print where the configuration file is looked for
    Path,
}

/// What was asked for.
#[derive(Debug)]
pub enum Request {
    /// The file as it is shipped.
    Template,
    /// What is wrong with the one there is.
    Check(Location),
    /// Where it is.
    Path(Location),
}

/// Why there is no place for a configuration file.
const NOWHERE: &str =
    "neither XDG_CONFIG_HOME nor HOME names a directory: say with --config where the configuration file is";

impl ConfigArguments {
    /// The request about the file at `location`.
    pub fn resolve(self, location: Option<Location>) -> Result<Request, clap::Error> {
        let located = || location.ok_or_else(|| refusal(NOWHERE));
        match self.command {
            ConfigCommand::Template => Ok(Request::Template),
            ConfigCommand::Check => located().map(Request::Check),
            ConfigCommand::Path => located().map(Request::Path),
        }
    }
}

/// What the file at `location` sets; the defaults where there is none.
///
/// # Errors
/// It cannot be used: wrong usage, like a wrong option.
pub fn load(location: Option<&Location>) -> Result<Config, clap::Error> {
    let file = location.map(read_file).transpose().map_err(|error| refusal(&error.to_string()))?;
    Ok(file.flatten().unwrap_or_default())
}

/// Usage is of no help here: what is wrong stands in a file.
fn refusal(why: &str) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{why}\n"))
}

/// Answers `request` on stdout; what is wrong with a file is told on stderr.
pub fn run(request: &Request) -> Result<ExitCode, Report> {
    let mut output = Output::new(false);
    let mut tell = |text: &str| output.write(text).wrap_err("cannot write to stdout");
    match request {
        Request::Template => tell(TEMPLATE)?,
        Request::Path(location) => tell(&format!("{}\n", shown(location)))?,
        Request::Check(location) => match read_file(location) {
            Ok(Some(_)) => tell(&format!("{}: nothing is wrong with it\n", shown(location)))?,
            Ok(None) => {
                tell(&format!("{}: there is no such file, so every setting has its default\n", shown(location)))?
            }
            Err(error) => {
                error.lines().iter().for_each(|line| say(&format!("error: {line}")));
                return Ok(ExitCode::FAILURE);
            }
        },
    };
    Ok(ExitCode::SUCCESS)
}

fn shown(location: &Location) -> String {
    escape(&location.path().display().to_string()).into_owned()
}
