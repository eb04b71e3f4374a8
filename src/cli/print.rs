//! What is only printed: nothing is started for it, and no log file is opened.

use std::path::Path;
use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::script::Script;
use super::{config, paths};

/// What.
#[derive(Debug)]
pub enum Print {
    /// What a shell or `man` reads.
    Script(Script),
    /// Something about the configuration file.
    Config(config::Request),
    /// Where our files are.
    Paths(paths::Request),
}

impl Print {
    /// Prints it; state is kept where XDG has it, unless another directory was chosen.
    pub fn write(self, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
        match self {
            Self::Script(script) => script.write(),
            Self::Config(request) => config::run(&request),
            Self::Paths(request) => paths::run(&request, state_dir),
        }
    }
}
