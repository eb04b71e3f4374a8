//! The terminal interface: an Elm loop over the engine room.
//!
//! `update(&mut Model, Msg) -> Vec<Effect>` and `view(&Model, &mut Frame)` are pure and synchronous; one driver waits,
//! drains, draws. No other module knows a terminal.

mod add_lane;
mod asks;
pub mod cells;
mod change;
mod checks;
mod creation;
mod driver;
mod effect;
mod entry;
mod exports;
#[cfg(test)]
mod fixtures;
mod focus;
pub mod form;
mod groups;
mod help;
mod history;
mod hits;
mod hooks;
mod input;
mod keys;
mod landed;
mod lanes;
mod layout;
mod line;
mod list;
mod loads;
mod messages;
mod model;
mod msg;
mod orders;
mod palette;
mod peek;
mod places;
mod proof;
mod proving;
mod pulse;
mod rates;
mod review;
mod rules;
mod save_plan;
mod search;
mod sheet;
mod sieve;
mod signals;
mod since;
mod sorting;
mod terminal;
pub mod theme;
mod update;
mod view;
mod waits;
mod watch;

use std::path::PathBuf;
use std::time::SystemTime;

use color_eyre::Result;

use crate::aws::ConnectOptions;
use crate::config::{Config, xdg};
use crate::domain::time::Timestamp;
use crate::ledger::Ledger;
use driver::Driver;
use model::{Model, Settings};
use places::Wanted;
use signals::Signals;
use terminal::{Taking, Tty};
use theme::Theme;

pub use keys::Keymap;
pub use signals::EndedBySignal;

/// What the interface is started with.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Where to connect.
    pub connect: ConnectOptions,
    /// Where the queue is kept.
    pub ledger: Ledger,
    /// Where copies are kept of what is replaced in AWS.
    pub state: PathBuf,
    /// Text of the SANDBOX badge, if this runs on the embedded sandbox.
    pub sandbox: Option<String>,
    /// What the operator has set.
    pub config: Config,
    /// The keys the operator has chosen.
    pub keys: Keymap,
    /// Binds F10 to F12 to the test hooks: a flood of facts, a panic in `update`, a panic in a background task.
    pub test_hooks: bool,
}

/// Runs the interface until somebody quits. Fails if there is no terminal; an end by a signal is an
/// [`EndedBySignal`] error, with the terminal restored and the queue shut down.
pub async fn run(options: RunOptions) -> Result<()> {
    keys::check(&keys::bindings().collect::<Vec<_>>(), &options.keys)?;
    // Before the terminal is taken: a signal in between would leave it in disorder.
    let signals = Signals::listen()?;
    let tty = Tty::open(Taking { mouse: options.config.mouse, title: options.config.title })?;
    let settings = Settings {
        theme: Theme::of(options.config.theme),
        ascii: options.config.ascii,
        notify: options.config.notify,
        clipboard: options.config.clipboard,
        keys: options.keys.clone(),
        sandbox: options.sandbox.clone(),
        endpoint_url: options.connect.endpoint_url.clone(),
        read_only: options.connect.read_only,
        zone: options.config.timezone,
        base: xdg::base(),
        test_hooks: options.test_hooks,
    };
    let wanted = Wanted {
        profile: options.connect.profile.clone(),
        region: options.connect.region.clone(),
        endpoint_url: options.connect.endpoint_url.clone(),
    };
    let (mut model, first) = Model::new(settings, wanted, tty.size()?, Timestamp::from(SystemTime::now()));
    model.sort_by(sorting::recall(&options.state));
    // Boxed: the loop holds much.
    Box::pin(Driver::new(model, tty, signals, options).run(first)).await
}
