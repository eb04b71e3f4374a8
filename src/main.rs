//! The thin binary: parse, choose a face, map the outcome to an exit code.

use std::process::ExitCode;

use logferry::cli::{self, Environment};

fn main() -> ExitCode {
    match cli::parse(std::env::args_os(), &Environment::capture()) {
        Ok(invocation) => cli::perform(invocation),
        Err(refusal) => cli::refuse(&refusal),
    }
}
