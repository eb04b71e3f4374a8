//! moto, an emulator of AWS by others, in a process of its own.

use std::process::Command;

use super::server::Server;
use super::venv::tool;

/// Starts moto on a free port, with nothing in it.
pub fn moto() -> Server {
    let mut command = Command::new(tool("moto_server"));
    command.args(["-H", "127.0.0.1", "-p", "0"]);
    Server::start(command, "Running on ")
}
