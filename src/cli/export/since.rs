//! `--since-last`: what is missing of each log group, by what the ledger knows of the same destination.
//!
//! The rule itself is [`coverage`]'s. Between the reading and the queueing nobody else may do the same, or two cron jobs
//! that start together would export everything twice: [`Turn`] is held meanwhile.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use color_eyre::eyre::{Report, WrapErr};

use super::request::Request;
use crate::cli::outcome::WrongUsage;
use crate::domain::coverage::{self, Gaps, NoStart};
use crate::domain::names::LogGroupName;
use crate::domain::place::Lane;
use crate::domain::text::escape;
use crate::domain::time::Timestamp;
use crate::ledger::Ledger;

/// Log groups named in a sentence.
const NAMED: usize = 5;

/// The turn to look at the ledger and to add what is missing; given up when it is dropped.
pub struct Turn(#[expect(dead_code, reason = "the lock ends when the file is closed")] File);

impl Turn {
    /// Waits for it, if `request` needs it. Whoever has it reads a few rows, has the checks made, and writes a plan: a second or two, and less
    /// than half a minute at worst.
    pub async fn of(request: &Request, state_dir: &Path) -> Result<Option<Self>, Report> {
        if !request.since_last {
            return Ok(None);
        }
        let path = state_dir.join("since-last.lock");
        let named = path.display().to_string();
        let locked = tokio::task::spawn_blocking(move || {
            let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        locked.await?.map(|file| Some(Self(file))).wrap_err_with(|| format!("cannot lock {named}"))
    }
}

/// What the ledger says of the log groups of a request.
#[derive(Debug, Default)]
pub struct Found {
    /// What is missing of each; those with nothing missing are left out.
    pub gaps: Vec<Gaps>,
    /// Those whose first known window begins after `--from`, and when it does.
    pub late: Vec<(LogGroupName, Timestamp)>,
}

/// What is missing of each log group of `request`.
pub async fn look(ledger: &Ledger, lane: &Lane, request: &Request) -> Result<Found, Report> {
    let plan = &request.plan;
    let from = request.from.map(|reading| reading.at);
    let (mut found, mut unknown) = (Found::default(), Vec::new());
    for group in plan.each_group() {
        let (template, streams) = (plan.template.as_ref(), plan.stream_prefix.as_ref());
        let known = ledger.windows(lane, group, &plan.store, template, streams, &plan.engine).await?;
        let first = coverage::start(&known).filter(|start| from.is_some_and(|from| from < *start));
        found.late.extend(first.map(|start| (group.clone(), start)));
        match coverage::missing(&known, from, request.to.at) {
            Ok(missing) if missing.is_empty() => {}
            Ok(missing) => found.gaps.push((group.clone(), missing)),
            Err(NoStart) => unknown.push(group),
        }
    }
    if unknown.is_empty() { Ok(found) } else { Err(no_start(&unknown, request).into()) }
}

fn no_start(unknown: &[&LogGroupName], request: &Request) -> WrongUsage {
    let (named, bucket) = (some(unknown.iter().copied()), &request.plan.store);
    WrongUsage(format!("'--from <TIME>' is needed: the ledger knows no export of {named} to this place in {bucket}"))
}

impl Found {
    /// That `--from` counts for nothing where something was exported before, if it would have changed anything.
    pub fn unused_from(&self) -> Option<String> {
        let first = self.late.iter().map(|(_, start)| start).min()?;
        let named = some(self.late.iter().map(|(group, _)| group));
        Some(format!(
            "note: '--from <TIME>' is not used for {named}: with --since-last the first known window is the start, \
             {first} or later; export what is before without --since-last"
        ))
    }
}

/// Some log groups by name, safe to show.
pub fn some<'a>(groups: impl ExactSizeIterator<Item = &'a LogGroupName>) -> String {
    let more = groups.len().saturating_sub(NAMED);
    let named: Vec<_> = groups.take(NAMED).map(|group| escape(group.as_str())).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &more
}
