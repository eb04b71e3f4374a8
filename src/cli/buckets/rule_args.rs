//! The arguments of `logferry buckets lifecycle`, and of the rule that a new bucket may be given.

use clap::error::ErrorKind;
use clap::{Args, Subcommand};

use super::Work;
use super::args::{MannerArguments, wrong};
use super::lifecycle::{RuleEdit, Shown};
use crate::cli::check;
use crate::cli::connection::Connection;
use crate::cli::export::Wrong;
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::lifecycle::{Actions, Archive, ArchiveClass, NewRule, OWN_RULE, RuleError};
use crate::domain::names::{BucketName, DestinationPrefix};

/// What a lifecycle rule does.
#[derive(Debug, Args)]
#[command(next_help_heading = "Lifecycle rule")]
pub(super) struct RuleArguments {
    /// Archive objects: instant, flexible or deep (Glacier Instant Retrieval, Flexible Retrieval, Deep Archive)
    #[arg(long, value_name = "CLASS", value_parser = class, requires = "archive_after")]
    archive: Option<ArchiveClass>,

    /// Archive them so many days after they were created
    #[arg(long, value_name = "DAYS", requires = "archive")]
    archive_after: Option<u32>,

    /// Delete objects so many days after they were created
    #[arg(long, value_name = "DAYS")]
    expire_after: Option<u32>,

    /// Throw away the parts of uploads not completed within so many days
    #[arg(long, value_name = "DAYS")]
    abort_after: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct LifecycleArguments {
    /// The bucket
    #[arg(value_name = "NAME", value_parser = BucketName::parse)]
    bucket: BucketName,

    #[command(subcommand)]
    command: Option<LifecycleCommand>,

    #[command(flatten)]
    list: ListArguments,
}

#[derive(Debug, Subcommand)]
enum LifecycleCommand {
    /// List the rules (the default)
    List(ListArguments),

    /// Add a rule
    Add(AddArguments),

    /// Change a rule; what is not given stays. It stays on or off, as it is
    Edit(EditArguments),

    /// Remove a rule
    Remove(RemoveArguments),
}

#[derive(Debug, Default, PartialEq, Args)]
struct ListArguments {
    /// Say of each rule whether it touches exports under this destination prefix
    #[arg(long, value_name = "PREFIX", value_parser = check::prefix)]
    prefix: Option<DestinationPrefix>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct AddArguments {
    /// What it is called
    #[arg(long, default_value = OWN_RULE)]
    id: String,

    /// Only objects whose keys begin with this; "" for the whole bucket [default: exportedlogs/]
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<String>,

    #[command(flatten)]
    rule: RuleArguments,

    #[command(flatten)]
    manner: MannerArguments,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct EditArguments {
    /// The rule's id
    #[arg(value_name = "ID")]
    id: String,

    /// Only objects whose keys begin with this; "" for the whole bucket
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<String>,

    #[command(flatten)]
    rule: RuleArguments,

    /// Archive no more
    #[arg(long, conflicts_with = "archive")]
    no_archive: bool,

    /// Expire no more
    #[arg(long, conflicts_with = "expire_after")]
    no_expire: bool,

    /// Abort no more uploads
    #[arg(long, conflicts_with = "abort_after")]
    no_abort: bool,

    #[command(flatten)]
    manner: MannerArguments,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct RemoveArguments {
    /// The rule's id
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    manner: MannerArguments,

    #[command(flatten)]
    connection: Connection,
}

/// `--archive`.
fn class(typed: &str) -> Result<ArchiveClass, String> {
    let words = || ArchiveClass::ALL.map(ArchiveClass::word).join(", ");
    ArchiveClass::from_word(typed).ok_or_else(|| format!("expected one of {}", words()))
}

/// A rule, if S3 would take it.
pub(super) fn rule(id: &str, prefix: &str, actions: Actions) -> Result<NewRule, Wrong> {
    NewRule::new(id, prefix, actions).map_err(|error: RuleError| wrong(ErrorKind::ValueValidation, error.to_string()))
}

impl LifecycleArguments {
    /// Where to connect, and what is done there.
    pub(super) fn resolve(self) -> Result<(Connection, Work), Wrong> {
        let Self { bucket, command, list } = self;
        let Some(command) = command else { return Ok(list.resolve(bucket)) };
        if list != ListArguments::default() {
            let message = "put the options behind `list`, `add`, `edit` or `remove`";
            return Err(wrong(ErrorKind::ArgumentConflict, message));
        }
        let ready = |connection, edit, manner: MannerArguments| {
            Ok((connection, Work::Rule(bucket.clone(), edit, manner.manner())))
        };
        match command {
            LifecycleCommand::List(list) => Ok(list.resolve(bucket)),
            LifecycleCommand::Add(AddArguments { id, prefix, rule, manner, connection }) => {
                let prefix = prefix.unwrap_or_else(|| format!("{DEFAULT_PREFIX}/"));
                let new = self::rule(&id, &prefix, rule.actions(Actions::default()))?;
                ready(connection, RuleEdit::Add(new), manner)
            }
            LifecycleCommand::Edit(edit) => {
                let changed = edit.changed();
                ready(edit.connection, changed, edit.manner)
            }
            LifecycleCommand::Remove(RemoveArguments { id, manner, connection }) => {
                ready(connection, RuleEdit::Remove(id), manner)
            }
        }
    }
}

impl ListArguments {
    fn resolve(self, bucket: BucketName) -> (Connection, Work) {
        (self.connection, Work::Rules(Shown { bucket, prefix: self.prefix, json: self.json }))
    }
}

impl RuleArguments {
    /// What is given, and for the rest what there was `before`.
    pub(super) fn actions(&self, before: Actions) -> Actions {
        let archive = self.archive.zip(self.archive_after).map(|(class, days)| Archive { class, days });
        Actions {
            archive: archive.or(before.archive),
            expire: self.expire_after.or(before.expire),
            abort: self.abort_after.or(before.abort),
        }
    }
}

impl EditArguments {
    /// What becomes of the rule is known once the rule is.
    fn changed(&self) -> RuleEdit {
        let given = self.rule.actions(Actions::default());
        RuleEdit::Change {
            id: self.id.clone(),
            prefix: self.prefix.clone(),
            given,
            keep_archive: !self.no_archive,
            keep_expire: !self.no_expire,
            keep_abort: !self.no_abort,
        }
    }
}
