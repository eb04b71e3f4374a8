//! Signals that end, and stopping for the shell.

use std::future::pending;
use std::time::Duration;

use color_eyre::Result;
use rustix::process::{Signal as Number, kill_current_process_group};
use signal_hook::low_level::emulate_default_handler;
use thiserror::Error;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::tui::terminal::restore;

/// A stop sent to ourselves takes effect at once or, where no shell could continue us, never: then we go on.
const STOP_TAKES: Duration = Duration::from_millis(200);

/// The program ended because it was told to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("ended by {name}")]
pub struct EndedBySignal {
    /// `SIGTERM` and so on.
    pub name: &'static str,
    /// 128 and the signal's number: what shells report.
    pub exit_code: u8,
}

const TERM: EndedBySignal = EndedBySignal { name: "SIGTERM", exit_code: 143 };
/// Also what the loss of the terminal amounts to, should that be seen before the signal.
pub const HUP: EndedBySignal = EndedBySignal { name: "SIGHUP", exit_code: 129 };
const INT: EndedBySignal = EndedBySignal { name: "SIGINT", exit_code: 130 };

/// SIGQUIT ends the program at once, as it does when nobody listens: only the terminal is given back before. In a task of
/// its own, because somebody may send it to an interface that hangs.
async fn die_of_quit(mut quit: Signal) {
    if quit.recv().await.is_some() {
        restore();
        if let Err(error) = emulate_default_handler(Number::QUIT.as_raw()) {
            tracing::error!(%error, "cannot die of SIGQUIT");
        }
    }
}

/// The signals listened for.
#[derive(Debug)]
pub struct Signals {
    term: Signal,
    hup: Signal,
    int: Signal,
    cont: Signal,
}

impl Signals {
    /// Begins to listen.
    pub fn listen() -> Result<Self> {
        tokio::spawn(die_of_quit(signal(SignalKind::quit())?));
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            hup: signal(SignalKind::hangup())?,
            int: signal(SignalKind::interrupt())?,
            cont: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    /// The next signal: an end, or `None` for "continued after a stop".
    pub async fn next(&mut self) -> Option<EndedBySignal> {
        tokio::select! {
            biased;
            Some(()) = self.term.recv() => Some(TERM),
            Some(()) = self.hup.recv() => Some(HUP),
            Some(()) = self.int.recv() => Some(INT),
            Some(()) = self.cont.recv() => None,
            else => pending().await,
        }
    }

    /// Stops the whole job, as Ctrl-Z does outside raw mode (`cargo run` waits for us and must stop as well). Comes back
    /// when the shell continues it.
    pub async fn stop(&mut self) -> Result<()> {
        kill_current_process_group(Number::TSTP)?;
        // Another thread may be the one that stops first: wait for the continue, so that nothing is drawn in between.
        let _ = tokio::time::timeout(STOP_TAKES, self.cont.recv()).await;
        Ok(())
    }
}
