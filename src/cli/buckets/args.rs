//! The arguments of `logferry buckets` and its commands, validated into one request.

use clap::error::ErrorKind;
use clap::{Args, Subcommand};

use super::change::{Grant, Undo};
use super::review::Manner;
use super::rule_args::{LifecycleArguments, RuleArguments, rule};
use super::{Request, Work};
use crate::cli::check;
use crate::cli::connection::{Connection, EXCLUSIVE};
use crate::cli::export::Wrong;
use crate::domain::bucket_name::NewBucketName;
use crate::domain::layout::Destination;
use crate::domain::lifecycle::{Actions, OWN_RULE};
use crate::domain::names::{BucketName, DestinationPrefix, LogGroupName};
use crate::domain::place::AccountId;
use crate::domain::store::Store;
use crate::export::remedy::{NewBucket, Setting};

/// What is said of `logferry buckets --json grant …`.
const MISPLACED: &str = "'--json' before a command of `logferry buckets` is the listing's: put it behind the command";

/// The end of `logferry buckets --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry buckets --json
  logferry buckets create acme-logs --expire-after 400
  logferry buckets grant acme-logs --dry-run
  logferry buckets undo acme-logs
  logferry buckets lifecycle acme-logs
  logferry buckets lifecycle acme-logs add --prefix exports/ --archive deep --archive-after 30

What changes a bucket shows the change first, and asks. Scripts say --yes.

Exit codes:
  0  done, or nothing to do
  1  an error; what was done until then is told
  2  wrong usage: nothing was done
  3  you said no, or a bucket was created and not all of it could be done";

/// `logferry buckets …`.
#[derive(Debug, Args)]
pub struct BucketsArguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a bucket that log groups of this account and Region can be exported to
    ///
    /// It blocks public access, is encrypted with SSE-S3, its owner owns every object, and its policy lets the export
    /// service in. A bucket of yours that was begun like this and not finished is finished; one in use is left alone.
    Create(CreateArguments),

    /// Let the export service into a bucket: add to its policy what is missing
    ///
    /// Other statements stay as they are. The old policy is kept in the state directory, and `undo` puts it back.
    Grant(GrantArguments),

    /// Put back the policy, or the lifecycle rules, that stood in a bucket before logferry changed them
    ///
    /// Refused if somebody has changed them since.
    Undo(UndoArguments),

    /// Show a bucket's lifecycle rules; add, edit or remove one
    Lifecycle(LifecycleArguments),
}

/// How somebody wants to be asked and told.
#[derive(Debug, Args)]
#[command(next_help_heading = "Asking and telling")]
pub(super) struct MannerArguments {
    /// Do not ask
    #[arg(long)]
    yes: bool,

    /// Show what would be changed, and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct CreateArguments {
    /// The new bucket's name
    #[arg(value_name = "NAME", value_parser = NewBucketName::parse)]
    name: NewBucketName,

    /// Keep every version of an object
    #[arg(long)]
    versioned: bool,

    /// Let log groups of this account be exported to it; may be given several times [default: your own]
    #[arg(long = "account", value_name = "ID", value_parser = check::account)]
    accounts: Vec<String>,

    /// Give it no policy: nothing is let in yet
    #[arg(long, conflicts_with = "accounts")]
    no_policy: bool,

    #[command(flatten)]
    rule: RuleArguments,

    #[command(flatten)]
    manner: MannerArguments,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct GrantArguments {
    /// The bucket
    #[arg(value_name = "NAME", value_parser = BucketName::parse)]
    bucket: BucketName,

    /// The destination prefix of the exports, without fields in braces [default: exportedlogs, which is AWS's]
    #[arg(long, value_name = "PREFIX", value_parser = check::prefix)]
    prefix: Option<DestinationPrefix>,

    /// A log group that is to be exported; several with commas [default: all]
    #[arg(long = "group", value_name = "NAME", value_delimiter = ',', value_parser = LogGroupName::parse)]
    groups: Vec<LogGroupName>,

    /// The account whose log groups are exported [default: your own]
    #[arg(long, value_name = "ID", value_parser = check::account)]
    account: Option<String>,

    #[command(flatten)]
    manner: MannerArguments,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct UndoArguments {
    /// The bucket
    #[arg(value_name = "NAME", value_parser = BucketName::parse)]
    bucket: BucketName,

    /// The last change of its lifecycle rules, not of its policy
    #[arg(long)]
    lifecycle: bool,

    #[command(flatten)]
    manner: MannerArguments,

    #[command(flatten)]
    connection: Connection,
}

/// Arguments that make no request.
pub(super) fn wrong(kind: ErrorKind, message: impl Into<String>) -> Wrong {
    Wrong { kind, message: message.into() }
}

impl BucketsArguments {
    /// Where to connect, and what is done there.
    pub fn resolve(self) -> Result<(Connection, Request), Wrong> {
        let Self { command, json, connection } = self;
        let Some(command) = command else { return Ok((connection, Request::List { json })) };
        if json {
            return Err(wrong(ErrorKind::ArgumentConflict, MISPLACED));
        }
        let (behind, work) = match command {
            Command::Create(create) => create.resolve()?,
            Command::Grant(grant) => grant.resolve(),
            Command::Undo(undo) => undo.resolve(),
            Command::Lifecycle(lifecycle) => lifecycle.resolve()?,
        };
        Ok((after(behind, connection)?, Request::Work(work)))
    }
}

fn after(behind: Connection, before: Connection) -> Result<Connection, Wrong> {
    behind.after(before).ok_or_else(|| wrong(ErrorKind::ArgumentConflict, EXCLUSIVE))
}

impl CreateArguments {
    fn resolve(self) -> Result<(Connection, Work), Wrong> {
        let actions = self.rule.actions(Actions::default());
        let rule = (actions != Actions::default()).then(|| rule(OWN_RULE, "", actions)).transpose()?;
        let accounts = self.accounts.into_iter().map(AccountId).collect();
        let Self { name, versioned, no_policy, .. } = self;
        let new = NewBucket { name, versioned, exports: !no_policy, accounts, rule };
        Ok((self.connection, Work::Create(new, self.manner.manner())))
    }
}

impl GrantArguments {
    fn resolve(self) -> (Connection, Work) {
        let destination = Destination { store: Store::Bucket(self.bucket), prefix: self.prefix };
        let grant = Grant { destination, groups: self.groups, account: self.account.map(AccountId) };
        (self.connection, Work::Grant(grant, self.manner.manner()))
    }
}

impl UndoArguments {
    fn resolve(self) -> (Connection, Work) {
        let setting = if self.lifecycle { Setting::Lifecycle } else { Setting::Policy };
        (self.connection, Work::Undo(Undo { bucket: self.bucket, setting }, self.manner.manner()))
    }
}

impl MannerArguments {
    pub(super) const fn manner(&self) -> Manner {
        Manner { yes: self.yes, dry_run: self.dry_run, json: self.json }
    }
}
