//! `logferry buckets lifecycle`: the rules of a bucket, and one of them added, changed or removed.

use std::process::ExitCode;

use color_eyre::eyre::{Report, WrapErr as _};
use serde::Serialize;

use super::change::carry_out;
use super::review::Manner;
use super::told;
use crate::cli::outcome::{WrongUsage, say};
use crate::cli::output::{Columns, Form, Output, fields, json_line};
use crate::domain::lifecycle::{Actions, Edit, Lifecycle, NewRule, Rule, Touch, editable};
use crate::domain::names::{BucketName, DestinationPrefix};
use crate::export::remedy::{Remedies, RemedyError};

/// Which rules are shown, and how.
#[derive(Debug)]
pub struct Shown {
    /// Of this bucket.
    pub bucket: BucketName,
    /// With what they do to exports under this prefix.
    pub prefix: Option<DestinationPrefix>,
    /// One JSON object a line.
    pub json: bool,
}

/// What becomes of one rule.
#[derive(Debug)]
pub enum RuleEdit {
    /// It is new.
    Add(NewRule),
    /// It is changed: what is given is new, what is not kept is dropped, all else stays.
    Change {
        /// Its id.
        id: String,
        /// Its prefix, if that is new.
        prefix: Option<String>,
        /// What it does, as far as that is new.
        given: Actions,
        /// Whether it goes on archiving, if nothing new is given.
        keep_archive: bool,
        /// Whether it goes on expiring.
        keep_expire: bool,
        /// Whether it goes on aborting uploads.
        keep_abort: bool,
    },
    /// It is removed.
    Remove(String),
}

/// A rule as one JSON object; README documents it.
#[derive(Serialize)]
struct Record<'a> {
    bucket: &'a str,
    id: Option<&'a str>,
    enabled: bool,
    prefix: &'a str,
    only: &'a [String],
    does: String,
    touches: Option<&'static str>,
}

/// Lists the rules.
pub async fn list(remedies: &Remedies, shown: &Shown) -> Result<ExitCode, Report> {
    let rules = remedies.rules(&shown.bucket).await.map_err(told)?;
    let rules = rules.lifecycle.as_ref().map(Lifecycle::rules).unwrap_or_default();
    let mut output = Output::new(shown.json);
    if rules.is_empty() {
        say(&format!("logferry: {} has no lifecycle rule", shown.bucket));
    }
    let text: String = match output.form() {
        Form::Json => rules.iter().map(|rule| json_line(&record(shown, rule))).collect(),
        Form::Fields => rules.iter().map(|rule| fields(&cells(shown, rule))).collect(),
        Form::People => Columns::default().lay(&rules.iter().map(|rule| cells(shown, rule)).collect::<Vec<_>>()),
    };
    output.write(&text).wrap_err("cannot write to stdout")?;
    Ok(ExitCode::SUCCESS)
}

fn record<'a>(shown: &'a Shown, rule: &'a Rule) -> Record<'a> {
    Record {
        bucket: shown.bucket.as_str(),
        id: rule.id.as_deref(),
        enabled: rule.enabled,
        prefix: &rule.scope.prefix,
        only: &rule.scope.more,
        does: rule.summary(),
        touches: touches(shown, rule).map(|touch| word(&touch)),
    }
}

/// Id, on or off, which objects, what it does, and whether that touches exports under the prefix.
fn cells(shown: &Shown, rule: &Rule) -> Vec<String> {
    let mut cells = vec![
        rule.id.clone().unwrap_or_else(|| "-".to_owned()),
        if rule.enabled { "on" } else { "off" }.to_owned(),
        rule.scope.to_string(),
        rule.summary(),
    ];
    cells.extend(touches(shown, rule).map(|touch| match touch {
        Touch::Maybe(why) => format!("maybe: {why}"),
        sure @ (Touch::No | Touch::Yes) => word(&sure).to_owned(),
    }));
    cells
}

fn touches(shown: &Shown, rule: &Rule) -> Option<Touch> {
    shown.prefix.as_ref().map(|prefix| rule.scope.touches(prefix.as_str()))
}

const fn word(touch: &Touch) -> &'static str {
    match touch {
        Touch::No => "no",
        Touch::Maybe(_) => "maybe",
        Touch::Yes => "yes",
    }
}

/// Edits one rule.
pub async fn edit(
    remedies: &Remedies,
    bucket: &BucketName,
    edit: RuleEdit,
    manner: Manner,
) -> Result<ExitCode, Report> {
    let edit = match edit {
        RuleEdit::Add(rule) => Edit::Add(rule),
        RuleEdit::Remove(id) => Edit::Remove(id),
        RuleEdit::Change { id, prefix, given, keep_archive, keep_expire, keep_abort } => {
            let rules = remedies.rules(bucket).await.map_err(told)?;
            let old = editable(rules.lifecycle.as_ref(), &id);
            let old = old.map_err(|source| told(RemedyError::Edit { bucket: bucket.clone(), source }))?;
            let was = old.actions();
            let actions = Actions {
                archive: given.archive.or_else(|| was.archive.filter(|_| keep_archive)),
                expire: given.expire.or_else(|| was.expire.filter(|_| keep_expire)),
                abort: given.abort.or_else(|| was.abort.filter(|_| keep_abort)),
            };
            let new = NewRule::new(&id, prefix.as_deref().unwrap_or(old.prefix()), actions);
            let new = new.map_err(|error| WrongUsage(error.to_string()))?;
            if new == old {
                say(&format!("logferry: the rule {id:?} of {bucket} is like that already"));
                return Ok(ExitCode::SUCCESS);
            }
            Edit::Change(new)
        }
    };
    let change = remedies.propose_lifecycle(bucket, &edit).await.map_err(told)?;
    carry_out(remedies, &change, manner).await
}
