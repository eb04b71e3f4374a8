//! The terminal interface: an Elm loop over the engine room.
//!
//! `update(&mut Model, Msg) -> Vec<Effect>` and `view(&Model, &mut Frame)` are pure and synchronous; one driver waits,
//! drains, draws. No other module knows a terminal.

use crate::aws::ConnectOptions;

pub mod cells;
pub mod form;
pub mod theme;

/// What the interface starts with.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Where to connect, once the first frame is drawn.
    pub connect: ConnectOptions,
    /// The text of the sandbox badge, if the connection leads to an embedded AWS.
    pub sandbox: Option<String>,
    /// Whether keys that exist for tests alone are bound.
    pub test_hooks: bool,
}

/// The program ended because it was told to.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("ended by {name}")]
pub struct EndedBySignal {
    /// `SIGTERM` and so on.
    pub name: &'static str,
    /// 128 and the signal's number: what shells report.
    pub exit_code: u8,
}

/// Runs the interface until the person quits or a signal ends it.
pub async fn run(options: RunOptions) -> color_eyre::Result<()> {
    let _ = options;
    Err(color_eyre::eyre::eyre!("the terminal interface is not here yet"))
}
