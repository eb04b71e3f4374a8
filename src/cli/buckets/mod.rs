//! `logferry buckets`: the listing, and the remedies that act: create a bucket, let the export service in, take that back,
//! edit lifecycle rules.
//!
//! Nothing is changed unasked: the exact change is shown, and a person says yes at a terminal, or a script said `--yes`.

mod args;
mod change;
mod create;
mod lifecycle;
mod review;
mod rule_args;

use std::path::Path;
use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::Target;
use super::lanes::Way;
use super::listing::{self, Kind, Listing};
use crate::domain::names::BucketName;
use crate::export::remedy::{NewBucket, Remedies, RemedyError};
pub use args::{AFTER_HELP, BucketsArguments};
use lifecycle::RuleEdit;
use review::Manner;

/// What is asked for.
#[derive(Debug)]
pub enum Request {
    /// List the account's buckets.
    List {
        /// One JSON object a line.
        json: bool,
    },
    /// Something about one bucket.
    Work(Work),
}

/// What is to be done about one bucket.
#[derive(Debug)]
pub enum Work {
    /// Create it, or finish it if that was begun.
    Create(NewBucket, Manner),
    /// Let the export service in.
    Grant(change::Grant, Manner),
    /// Put back what an earlier change replaced.
    Undo(change::Undo, Manner),
    /// List its lifecycle rules.
    Rules(lifecycle::Shown),
    /// Add, change or remove a lifecycle rule.
    Rule(BucketName, RuleEdit, Manner),
}

impl Request {
    /// Whether AWS may be changed by it.
    pub fn changes(&self) -> bool {
        match self {
            Self::List { .. } => false,
            Self::Work(work) => work.manner().is_some_and(|manner| !manner.dry_run),
        }
    }
}

impl Work {
    /// How somebody wants to be asked; `None` where there is nothing to ask.
    const fn manner(&self) -> Option<Manner> {
        match self {
            Self::Rules(_) => None,
            Self::Create(_, manner) | Self::Grant(_, manner) | Self::Undo(_, manner) | Self::Rule(_, _, manner) => {
                Some(*manner)
            }
        }
    }
}

/// Does it.
pub async fn run(target: Target, request: Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    match request {
        Request::List { json } => {
            listing::run(target, Listing { kind: Kind::Buckets, json }).await.map(|()| ExitCode::SUCCESS)
        }
        Request::Work(work) => carry_out(target, work, state_dir).await,
    }
}

async fn carry_out(target: Target, work: Work, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    work.manner().map_or(Ok(()), Manner::check)?;
    // Both are held until the end: dropping them stops the embedded sandbox, and its state goes.
    let state = target.state(state_dir)?;
    let place = target.open().await?;
    let way = Way::given(&place).await?;
    let remedies = Remedies::new(way.session, way.lane, state.path().to_owned());
    match work {
        Work::Create(new, manner) => create::run(&remedies, &new, manner).await,
        Work::Grant(grant, manner) => change::grant(&remedies, &grant, manner).await,
        Work::Undo(undo, manner) => change::undo(&remedies, &undo, manner).await,
        Work::Rules(shown) => lifecycle::list(&remedies, &shown).await,
        Work::Rule(bucket, edit, manner) => lifecycle::edit(&remedies, &bucket, edit, manner).await,
    }
}

/// A refusal of AWS is told as such, with what to do about it and its request id.
fn told(error: RemedyError) -> Report {
    match error {
        RemedyError::Aws(problem) => Report::new(problem),
        other => Report::new(other),
    }
}
