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
use crate::ledger::Ledger;

/// Log groups named in an error.
const NAMED: usize = 5;

/// The turn to look at the ledger and to add what is missing; given up when it is dropped.
pub struct Turn(#[expect(dead_code, reason = "the lock ends when the file is closed")] File);

impl Turn {
    /// Waits for it. Whoever has it reads a few rows and writes a plan: that takes no time.
    pub async fn take(state_dir: &Path) -> Result<Self, Report> {
        let path = state_dir.join("since-last.lock");
        let named = path.display().to_string();
        let locked = tokio::task::spawn_blocking(move || {
            let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        locked.await?.map(Self).wrap_err_with(|| format!("cannot lock {named}"))
    }
}

/// What is missing of each log group of `request`; log groups with nothing missing are left out.
pub async fn gaps(ledger: &Ledger, lane: &Lane, request: &Request) -> Result<Vec<Gaps>, Report> {
    let plan = &request.plan;
    let from = request.from.map(|reading| reading.at);
    let (mut gaps, mut unknown) = (Vec::new(), Vec::new());
    for group in plan.each_group() {
        let (template, streams) = (plan.template.as_ref(), plan.stream_prefix.as_ref());
        let known = ledger.windows(lane, group, &plan.bucket, template, streams, &plan.engine).await?;
        match coverage::missing(&known, from, request.to.at) {
            Ok(missing) if missing.is_empty() => {}
            Ok(missing) => gaps.push((group.clone(), missing)),
            Err(NoStart) => unknown.push(group),
        }
    }
    if unknown.is_empty() { Ok(gaps) } else { Err(no_start(&unknown, request).into()) }
}

fn no_start(unknown: &[&LogGroupName], request: &Request) -> WrongUsage {
    let named: Vec<_> = unknown.iter().take(NAMED).map(|group| escape(group.as_str()).into_owned()).collect();
    let more = if unknown.len() > NAMED { format!(" and {} more", unknown.len() - NAMED) } else { String::new() };
    let bucket = &request.plan.bucket;
    WrongUsage(format!(
        "'--from <TIME>' is needed: the ledger knows no export of {}{more} to this place in {bucket}",
        named.join(", ")
    ))
}
