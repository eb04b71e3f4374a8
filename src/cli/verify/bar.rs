//! How far a verification has come, at the foot of a terminal.

use indicatif::ProgressBar;

use crate::cli::follow::foot;
use crate::export::verify::Progress;

/// `Verifying [=======>            ] 12 of 120 objects, …`, cut at the edge of the terminal.
const TEMPLATE: &str = "{prefix:.bold} [{bar:20}] {wide_msg}";

/// The bar, where there is a terminal to show it. Dropping it takes it off.
#[derive(Debug)]
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar, if stderr is a terminal that can show one.
    pub fn on_terminal() -> Self {
        Self(foot::bar("Verifying", TEMPLATE))
    }

    /// Shows how far it has come.
    pub fn show(&self, progress: &Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(progress.listed.bytes.0);
            bar.set_position(progress.bytes.0);
            bar.set_message(progress.to_string());
        }
    }

    /// Does something that writes to the terminal, the bar out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
