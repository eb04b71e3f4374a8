//! What `logferry export` was asked for: options or a plan file, made into one [`Request`] or refused.
//!
//! The plan file is the only thing opened here; nothing is connected.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::error::ErrorKind;

use crate::cli::environment::Usual;
use crate::domain::direct::line::Format;
use crate::domain::engine::{DirectOnly, Engine, EngineKind};
use crate::domain::names::{BucketName, FilterPattern, Label, LogGroupName, StreamPrefix};
use crate::domain::plan::{Plan, PlanError};
use crate::domain::plan_file;
use crate::domain::preflight::Preflight;
use crate::domain::split::Split;
use crate::domain::store::{Base, Store};
use crate::domain::template::Template;
use crate::domain::text::escape;
use crate::domain::time::{AVAILABILITY_LAG, TimeRange, Timestamp};
use crate::domain::when::{self, Reading};
use crate::domain::zone::Zone;
use crate::export::Terms;

/// A plan file of 100,000 log groups with the longest names has less than half of this.
const FILE_LIMIT: u64 = 128 * 1024 * 1024;

/// The options and the plan file as given.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Wanted {
    /// A plan file, in place of the options that say what to export and where to
    #[arg(
        value_name = "PLAN.TOML",
        conflicts_with_all = ["groups", "from", "to", "bucket", "destination", "prefix", "split", "stream_prefix", "label", "engine", "format",
            "filter_pattern"]
    )]
    file: Option<PathBuf>,

    /// A log group to export; may be given several times, or several with commas
    #[arg(
        long = "group", value_name = "NAME", value_delimiter = ',', value_parser = LogGroupName::parse,
        required_unless_present = "file"
    )]
    groups: Vec<LogGroupName>,

    /// Start of the range; with --since-last only for log groups that were never exported to this destination
    #[arg(long, value_name = "TIME", required_unless_present_any = ["file", "since_last"])]
    from: Option<String>,

    /// End of the range: say it, because the newest twelve hours may not be exportable yet
    ///
    /// With --since-last it is 12 hours ago if it is not said, cut back to the last boundary of the split: whole days
    /// with `--split daily`.
    #[arg(long, value_name = "TIME", required_unless_present_any = ["file", "since_last"])]
    to: Option<String>,

    /// Export what is missing of each log group: what the ledger knows as completed or queued is left out
    ///
    /// It goes by the windows that were exported to the same destination (bucket or directory, prefix, stream prefix) before. Failed
    /// and cancelled ones are exported again.
    #[arg(long)]
    since_last: bool,

    /// The destination bucket, in the log groups' Region
    #[arg(
        long, value_name = "NAME", value_parser = BucketName::parse, conflicts_with = "destination",
        required_unless_present_any = ["file", "destination"]
    )]
    bucket: Option<BucketName>,

    /// The destination by its scheme: s3://BUCKET, or for the direct engine file:DIRECTORY on this machine
    ///
    /// The directory is made if it is missing, and gets the same folders and files that a bucket gets keys. Names that no
    /// file can have, or that would lead elsewhere, are rewritten. A relative one begins where this command is started.
    #[arg(long, value_name = "PLACE")]
    destination: Option<String>,

    /// The destination prefix [default: exportedlogs, which is AWS's]
    ///
    /// Fields in braces are filled in for each task: {account}, {region}, {group}, {group:flat} (dashes for slashes),
    /// {task}, {from:%Y/%m/%d} and {to:...} with dates of the window. AWS appends its own task id.
    #[arg(long, value_name = "TEMPLATE", value_parser = Template::parse)]
    prefix: Option<Template>,

    /// Cut the range: none (default), hourly, daily, weekly or monthly
    #[arg(long, value_name = "SPLIT", value_parser = Split::parse)]
    split: Option<Split>,

    /// Read times, cut days and write dates in this zone: UTC (default), Local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = Zone::parse)]
    timezone: Option<Zone>,

    /// Only log streams whose name begins with this
    #[arg(long, value_name = "TEXT", value_parser = StreamPrefix::parse)]
    stream_prefix: Option<StreamPrefix>,

    /// Your own label, carried in each task's name
    #[arg(long = "name", value_name = "LABEL", value_parser = Label::parse)]
    label: Option<Label>,

    /// Who moves the bytes: managed (default), AWS's own export; or direct, logferry itself
    ///
    /// The direct engine reads the events and puts them into the bucket, with the same keys and lines. It waits for no
    /// slot, exports the newest events as well, and writes into buckets that AWS's export cannot: with SSE-KMS, or in
    /// another Region; or into a directory.
    #[arg(long, value_name = "ENGINE", value_parser = EngineKind::parse)]
    engine: Option<EngineKind>,

    /// How the direct engine writes events: text (default), AWS's own lines; or jsonl, one JSON object an event
    #[arg(long, value_name = "FORMAT", value_parser = Format::parse)]
    format: Option<Format>,

    /// Only events that match this CloudWatch Logs filter pattern; for the direct engine
    #[arg(long, value_name = "PATTERN", value_parser = FilterPattern::parse)]
    filter_pattern: Option<FilterPattern>,

    /// Take it that a customer-managed KMS key of the bucket lets the logs service in: a warning, and no block
    #[arg(long)]
    allow_kms: bool,

    /// Make no checks, neither now nor before each launch: an export that AWS will refuse is then told by AWS
    #[arg(long, conflicts_with = "allow_kms")]
    no_preflight: bool,

    /// Run the tasks and wait for the last, instead of leaving them to `logferry run` or the terminal interface
    #[arg(long, conflicts_with = "dry_run")]
    wait: bool,

    #[command(flatten)]
    retries: Retries,

    /// Print every task that would be launched, queue none
    #[arg(long)]
    dry_run: bool,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// `--retries`, of every command that drives.
#[derive(Clone, Copy, Debug, Args)]
pub struct Retries {
    /// How often a task is tried again by itself after a failure of AWS's own [default: 3]
    #[arg(long = "retries", value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    count: Option<u32>,
}

impl Retries {
    /// The terms of a queue that drives everything.
    pub fn terms(self, usual: Usual<'_>) -> Terms {
        Terms { retries: self.count.unwrap_or(usual.retries), ..Terms::default() }
    }
}

/// What is to be exported, and how it is told.
#[derive(Debug)]
pub struct Request {
    /// The plan. With [`Request::since_last`] its range is known once the ledger was asked.
    pub plan: Plan,
    /// How the start was understood, if one was given.
    pub from: Option<Reading>,
    /// How the end was understood.
    pub to: Reading,
    /// When it was asked for.
    pub now: Timestamp,
    /// The plan file it came from.
    pub file: Option<PathBuf>,
    /// Export what is missing of each log group, and no more.
    pub since_last: bool,
    /// What is done with the tasks.
    pub then: Then,
    /// One JSON object a line.
    pub json: bool,
}

/// What is done with the tasks of a plan.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// They are shown, and nothing is queued.
    Show,
    /// They are queued.
    Queue,
    /// They are queued and driven to their ends.
    Drive(Terms),
}

/// Arguments that make no request.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// How clap would call it.
    pub kind: ErrorKind,
    /// What is wrong and what to do.
    pub message: String,
}

impl Wrong {
    fn value(message: String) -> Self {
        Self { kind: ErrorKind::ValueValidation, message }
    }
}

impl Wanted {
    /// The request, with times read as `usual`.
    pub fn resolve(self, usual: Usual<'_>) -> Result<Request, Wrong> {
        let Self { since_last, json, .. } = self;
        if self.retries.count.is_some() && !self.wait {
            let message =
                "'--retries <N>' goes with '--wait': whoever runs the tasks says how often they are tried again";
            return Err(Wrong { kind: ErrorKind::MissingRequiredArgument, message: message.to_owned() });
        }
        let then = match (self.dry_run, self.wait) {
            (true, _) => Then::Show,
            (false, true) => Then::Drive(self.retries.terms(usual)),
            (false, false) => Then::Queue,
        };
        let (file, preflight) = (self.file.clone(), self.preflight());
        let (mut plan, from, to) = match &file {
            Some(path) => by_file(path, usual, self.timezone)?,
            None => self.by_options(usual)?,
        };
        plan.preflight = preflight.unwrap_or(plan.preflight);
        Ok(Request { plan, from, to, now: usual.now, file, since_last, then, json })
    }

    /// What the options say of the checks; a plan file may say otherwise.
    const fn preflight(&self) -> Option<Preflight> {
        match (self.no_preflight, self.allow_kms) {
            (true, _) => Some(Preflight::Off),
            (false, true) => Some(Preflight::AllowKms),
            (false, false) => None,
        }
    }

    fn by_options(self, usual: Usual<'_>) -> Result<Understood, Wrong> {
        let (now, zone, split) = (usual.now, self.timezone.unwrap_or(usual.zone), self.split.unwrap_or_default());
        let read = |option, typed: Option<String>| typed.map(|typed| instant(option, &typed, now, zone)).transpose();
        let from = read("--from", self.from)?;
        let to = match read("--to", self.to)? {
            Some(to) => to,
            None if self.since_last => Reading::exactly(last_complete(split, zone, now)),
            None => return Err(missing("--to <TIME>")),
        };
        let start = match from {
            Some(from) => from.at,
            None if self.since_last => just_before(to.at),
            None => return Err(missing("--from <TIME>")),
        };
        let range = TimeRange::new(start, to.at).map_err(|refused| {
            Wrong::value(format!("'--from <TIME>' and '--to <TIME>' are no range ({start} to {}): {refused}", to.at))
        })?;
        let store = store(self.bucket, self.destination.as_deref(), usual.base)?;
        let engine = Engine::choose(self.engine, self.format, self.filter_pattern).map_err(refuse)?;
        engine.reaches(&store).map_err(refuse)?;
        let plan = Plan {
            name: None,
            groups: self.groups,
            range,
            split,
            zone,
            store,
            template: self.prefix,
            stream_prefix: self.stream_prefix,
            label: self.label,
            preflight: Preflight::default(),
            engine,
        };
        Ok((plan, from, to))
    }
}

/// Where to.
fn store(bucket: Option<BucketName>, destination: Option<&str>, base: &Base) -> Result<Store, Wrong> {
    match (bucket, destination) {
        (Some(bucket), _) => Ok(Store::Bucket(bucket)),
        (None, Some(typed)) => Store::parse(typed, base).map_err(|refused| {
            Wrong::value(format!("invalid value '{}' for '--destination <PLACE>': {refused}", escape(typed)))
        }),
        (None, None) => Err(missing("--bucket <NAME>")),
    }
}

/// What only the direct engine can do.
fn refuse(refused: DirectOnly) -> Wrong {
    let option = match refused {
        DirectOnly::Format => "--format <FORMAT>",
        DirectOnly::Pattern => "--filter-pattern <PATTERN>",
        DirectOnly::Directory => "--destination <PLACE>",
    };
    Wrong { kind: ErrorKind::ArgumentConflict, message: format!("'{option}': {refused}, with --engine direct") }
}

/// clap has seen to it already; said all the same should it ever not.
fn missing(option: &str) -> Wrong {
    let message = format!("'{option}' is needed where no plan file is given");
    Wrong { kind: ErrorKind::MissingRequiredArgument, message }
}

/// A time as typed for `option`.
pub fn instant(option: &str, typed: &str, now: Timestamp, zone: Zone) -> Result<Reading, Wrong> {
    when::read_tolerant(typed, now, zone)
        .map_err(|refused| Wrong::value(format!("invalid value '{}' for '{option} <TIME>': {refused}", escape(typed))))
}

/// The end of the last window that is over and can be exported for certain.
fn last_complete(split: Split, zone: Zone, now: Timestamp) -> Timestamp {
    let certain = now.before(AVAILABILITY_LAG);
    let second = Timestamp::from_millis(certain.millis() - certain.millis().rem_euclid(1000));
    split.last_boundary(certain, zone).unwrap_or(second)
}

/// A start that stands for none until the ledger was asked.
const fn just_before(to: Timestamp) -> Timestamp {
    Timestamp::from_millis(to.millis() - 1)
}

/// A plan, and how its start and its end were understood.
type Understood = (Plan, Option<Reading>, Reading);

fn by_file(path: &Path, usual: Usual<'_>, zone: Option<Zone>) -> Result<Understood, Wrong> {
    let name = path.display().to_string();
    let name = escape(&name);
    let text = read(path).map_err(|error| Wrong::value(format!("cannot read the plan file {name}: {error}")))?;
    let file = plan_file::parse(&text, usual.now, zone.unwrap_or(usual.zone), usual.base)
        .map_err(|refused| Wrong::value(format!("{name}: {}", escape(&refused.to_string()))))?;
    match zone.filter(|zone| *zone != file.plan.zone) {
        Some(zone) => Err(Wrong {
            kind: ErrorKind::ArgumentConflict,
            message: format!(
                "'--timezone <ZONE>' says {}, but {name} says timezone = \"{}\": leave one of them out",
                zone.name(),
                file.plan.zone.name()
            ),
        }),
        None => Ok((file.plan, Some(file.from), file.to)),
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(FILE_LIMIT + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large for a plan"));
    }
    Ok(text)
}

impl Request {
    /// After which instant events of the range may not be exportable yet. What is read by us is there at once.
    pub fn incomplete_after(&self) -> Option<Timestamp> {
        match self.plan.engine.kind() {
            EngineKind::Managed => self.plan.range.past_availability(self.now),
            EngineKind::Direct => None,
        }
    }

    /// Whether nothing is queued.
    pub const fn is_dry_run(&self) -> bool {
        matches!(self.then, Then::Show)
    }

    /// Why this plan makes no tasks, by the name of what has to be corrected.
    pub fn blame(&self, error: &PlanError) -> String {
        let option = match error {
            PlanError::NoGroups => "'--group <NAME>'",
            PlanError::TooMany => "'--split <SPLIT>'",
            PlanError::Prefix { .. } => "'--prefix <TEMPLATE>'",
        };
        match &self.file {
            Some(path) => format!("{}: {error}", escape(&path.display().to_string())),
            None => format!("{option}: {error}"),
        }
    }
}
