//! `logferry buckets grant` and `undo`: a change is proposed, shown, asked for and applied.

use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::review::{Decision, Manner, NOT_ALL, Record, code, in_full};
use super::told;
use crate::cli::outcome::say;
use crate::cli::output::Output;
use crate::domain::layout::Destination;
use crate::domain::names::{BucketName, LogGroupName};
use crate::domain::place::AccountId;
use crate::domain::text::escape;
use crate::export::remedy::{Change, Remedies, Setting};

/// Who is to be let into which bucket.
#[derive(Debug)]
pub struct Grant {
    /// Where exports go.
    pub destination: Destination,
    /// Of these log groups; none stands for all.
    pub groups: Vec<LogGroupName>,
    /// Of this account, if not one's own.
    pub account: Option<AccountId>,
}

/// What is to be put back.
#[derive(Debug)]
pub struct Undo {
    /// In this bucket.
    pub bucket: BucketName,
    /// What of it.
    pub setting: Setting,
}

/// Lets the export service in.
pub async fn grant(remedies: &Remedies, grant: &Grant, manner: Manner) -> Result<ExitCode, Report> {
    let Grant { destination, groups, account } = grant;
    let change = remedies.propose_grant(destination, groups, account.as_ref()).await.map_err(told)?;
    if let Some(change) = change {
        return carry_out(remedies, &change, manner).await;
    }
    nothing_missing(destination.store.as_str(), manner);
    Ok(ExitCode::SUCCESS)
}

fn nothing_missing(bucket: &str, manner: Manner) {
    say(&format!("logferry: nothing is missing: the policy of {bucket} has every statement that exports need"));
    let record = Record {
        event: "change",
        bucket,
        region: None,
        setting: code(Setting::Policy),
        outcome: "nothing_missing",
        after: None,
        notes: &[],
        copy: None,
    };
    record.tell(&mut Output::new(manner.json));
}

/// Puts back what stood there before the last change.
pub async fn undo(remedies: &Remedies, undo: &Undo, manner: Manner) -> Result<ExitCode, Report> {
    let change = remedies.propose_undo(&undo.bucket, undo.setting).await.map_err(told)?;
    carry_out(remedies, &change, manner).await
}

/// Shows `change`, asks for it, makes it, and tells what came of it.
pub async fn carry_out(remedies: &Remedies, change: &Change, manner: Manner) -> Result<ExitCode, Report> {
    let mut output = Output::new(manner.json);
    manner.show(&mut output, &in_full(change))?;
    let decision = manner.decide("Make this change?").await?;
    let copy = match decision {
        Decision::Do => remedies.apply(change).await.map_err(told)?.copy,
        Decision::ShownOnly | Decision::Declined => None,
    };
    let (outcome, words, exit_code) = match decision {
        Decision::Do => ("applied", "done", ExitCode::SUCCESS),
        Decision::ShownOnly => ("shown", "nothing was changed", ExitCode::SUCCESS),
        Decision::Declined => ("declined", "nothing was changed", ExitCode::from(NOT_ALL)),
    };
    say(&match &copy {
        Some(path) => format!("logferry: {words}; {}", kept(change, &path.display().to_string())),
        None => format!("logferry: {words}"),
    });
    let record = Record {
        event: "change",
        bucket: change.bucket().as_str(),
        region: Some(&change.region().0),
        setting: code(change.setting()),
        outcome,
        after: change.after(),
        notes: change.notes(),
        copy: copy.map(|path| path.display().to_string()),
    };
    record.tell(&mut output);
    Ok(exit_code)
}

/// Where what was replaced is, and how it comes back.
fn kept(change: &Change, path: &str) -> String {
    let option = match change.setting() {
        Setting::Policy => "",
        Setting::Lifecycle => " --lifecycle",
    };
    format!(
        "what stood there is kept in {}; `logferry buckets undo {}{option}` puts it back",
        escape(path),
        change.bucket()
    )
}
