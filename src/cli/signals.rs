//! Signals that end a command which has something to wind up. Callers: commands that drive the queue.

use color_eyre::eyre::{Report, WrapErr};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::tui::EndedBySignal;

const INT: EndedBySignal = EndedBySignal { name: "SIGINT", exit_code: 130 };
const TERM: EndedBySignal = EndedBySignal { name: "SIGTERM", exit_code: 143 };
const HUP: EndedBySignal = EndedBySignal { name: "SIGHUP", exit_code: 129 };

/// The signals listened for. From here on they no longer end the process by themselves.
#[derive(Debug)]
pub struct Signals {
    int: Signal,
    term: Signal,
    hup: Signal,
}

impl Signals {
    /// Begins to listen.
    pub fn listen() -> Result<Self, Report> {
        let listen = |kind| signal(kind).wrap_err("cannot listen for signals");
        Ok(Self {
            int: listen(SignalKind::interrupt())?,
            term: listen(SignalKind::terminate())?,
            hup: listen(SignalKind::hangup())?,
        })
    }

    /// The next one.
    pub async fn next(&mut self) -> EndedBySignal {
        tokio::select! {
            biased;
            _ = self.int.recv() => INT,
            _ = self.term.recv() => TERM,
            _ = self.hup.recv() => HUP,
        }
    }
}
