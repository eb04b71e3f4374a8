//! The embedded AWS in a process of its own, as other clients use it.

use std::process::Command;

use super::server::Server;

/// Starts `logferry sandbox` with these arguments on a free port.
pub fn sandbox(arguments: &[&str]) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
    command.arg("sandbox").args(arguments);
    Server::start(command, "listening on ")
}
