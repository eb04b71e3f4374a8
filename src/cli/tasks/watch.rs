//! `logferry tasks watch`: follows what happens, whoever drives, and drives nothing itself.

use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::resolve;
use crate::cli::follow::{Follower, Narrator, Scope, now};
use crate::cli::lanes::driver_of;
use crate::cli::signals::Signals;
use crate::export::Terms;
use crate::ledger::Ledger;

/// Follows a plan, or everything, until it has ended. Something that is paused, or that nobody drives, is waited for.
pub async fn run(ledger: Ledger, typed: Option<&str>, mut narrator: Narrator) -> Result<ExitCode, Report> {
    let scope = match typed {
        Some(typed) => Scope::Plan(resolve::plan(&ledger, typed).await?),
        None => Scope::Everything,
    };
    let mut signals = Signals::listen()?;
    narrator.show_progress();
    let mut follower = Follower::start(ledger, Terms::default(), scope, narrator).await?;
    follower.take_in_the_past().await?;
    if follower.has_ended() && follower.summary.tasks() == 0 {
        follower.narrator.say("nothing is queued");
    } else if !follower.has_ended() && nobody_drives(&follower) {
        follower.narrator.say("nobody runs it yet: `logferry run` does, or the terminal interface");
    }
    follower.until(&mut signals, Follower::has_ended).await?;
    follower.conclude(&mut signals).await
}

fn nobody_drives(follower: &Follower) -> bool {
    let now = now();
    !follower.snapshot().lanes.iter().any(|record| driver_of(record, now).is_some())
}
