//! What shells and `man` read, made from the very definition of the command line: `logferry completions`, `logferry man`.

use std::process::ExitCode;

use clap::Command;
use clap::error::ErrorKind;
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use color_eyre::eyre::{Report, WrapErr};

use super::export::Wrong;
use super::output::Output;
use crate::domain::text::escape;

/// What is written for a program to read.
#[derive(Debug)]
pub enum Script {
    /// Completions.
    Completions(Box<Command>, Shell),
    /// A manual page.
    Man(Box<Command>),
}

impl Script {
    /// The completions of `command` for `shell`.
    pub fn completions(command: Command, shell: Shell) -> Self {
        Self::Completions(Box::new(command), shell)
    }

    /// The page of `command`, or of the command under it that `path` names.
    pub fn man(mut command: Command, path: &[String]) -> Result<Self, Wrong> {
        command.build();
        for name in path {
            command = under(&command, name)?;
        }
        Ok(Self::Man(Box::new(command)))
    }

    /// Writes it to stdout.
    pub fn write(self) -> Result<ExitCode, Report> {
        let mut text = Vec::new();
        match self {
            Self::Completions(mut command, shell) => generate(shell, &mut command, "logferry", &mut text),
            Self::Man(command) => Man::new(*command).render(&mut text).wrap_err("cannot write the page")?,
        }
        Output::new(false).write(&String::from_utf8_lossy(&text)).wrap_err("cannot write to stdout")?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The command called `name` under `command`. Once built it knows the name of its page: `logferry-tasks-list`.
fn under(command: &Command, name: &str) -> Result<Command, Wrong> {
    command.find_subcommand(name).cloned().ok_or_else(|| Wrong {
        kind: ErrorKind::InvalidSubcommand,
        message: format!("'{}' has no command '{}'", command.get_name(), escape(name)),
    })
}
