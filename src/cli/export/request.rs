//! What `logferry export` was asked for: options or a plan file, made into one [`Request`] or refused.
//!
//! The plan file is the only thing opened here; nothing is connected.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::error::ErrorKind;

use crate::domain::names::{BucketName, Label, LogGroupName, StreamPrefix};
use crate::domain::plan::{Plan, PlanError};
use crate::domain::plan_file;
use crate::domain::split::Split;
use crate::domain::template::Template;
use crate::domain::text::escape;
use crate::domain::time::{TimeRange, Timestamp};
use crate::domain::when::{self, Reading};
use crate::domain::zone::Zone;

/// A plan file of 100,000 log groups with the longest names has less than half of this.
const FILE_LIMIT: u64 = 128 * 1024 * 1024;

/// The options and the plan file as given.
#[derive(Debug, Args)]
pub struct Wanted {
    /// A plan file, in place of the options that say what to export and where to
    #[arg(
        value_name = "PLAN.TOML",
        conflicts_with_all = ["groups", "from", "to", "bucket", "prefix", "split", "stream_prefix", "label"]
    )]
    file: Option<PathBuf>,

    /// A log group to export; may be given several times, or several with commas
    #[arg(
        long = "group", value_name = "NAME", value_delimiter = ',', value_parser = LogGroupName::parse,
        required_unless_present = "file"
    )]
    groups: Vec<LogGroupName>,

    /// Start of the range
    #[arg(long, value_name = "TIME", required_unless_present = "file")]
    from: Option<String>,

    /// End of the range: say it, because the newest twelve hours may not be exportable yet
    #[arg(long, value_name = "TIME", required_unless_present = "file")]
    to: Option<String>,

    /// The destination bucket, in the log groups' Region
    #[arg(long, value_name = "NAME", value_parser = BucketName::parse, required_unless_present = "file")]
    bucket: Option<BucketName>,

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

    /// Print every task that would be launched, launch none
    #[arg(long)]
    dry_run: bool,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// What is to be exported, and how it is told.
#[derive(Debug)]
pub struct Request {
    /// The plan.
    pub plan: Plan,
    /// How the start was understood.
    pub from: Reading,
    /// How the end was understood.
    pub to: Reading,
    /// When it was asked for.
    pub now: Timestamp,
    /// The plan file it came from.
    pub file: Option<PathBuf>,
    /// Launch nothing.
    pub dry_run: bool,
    /// One JSON object a line.
    pub json: bool,
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
    /// The request, with times read at `now`.
    pub fn resolve(self, now: Timestamp) -> Result<Request, Wrong> {
        let (dry_run, json, file) = (self.dry_run, self.json, self.file.clone());
        let (plan, from, to) = match &file {
            Some(path) => by_file(path, now, self.timezone)?,
            None => self.by_options(now)?,
        };
        Ok(Request { plan, from, to, now, file, dry_run, json })
    }

    fn by_options(self, now: Timestamp) -> Result<(Plan, Reading, Reading), Wrong> {
        let zone = self.timezone.unwrap_or_default();
        let from = instant("--from", self.from, now, zone)?;
        let to = instant("--to", self.to, now, zone)?;
        let range = TimeRange::new(from.at, to.at).map_err(|refused| {
            Wrong::value(format!(
                "'--from <TIME>' and '--to <TIME>' are no range ({} to {}): {refused}",
                from.at, to.at
            ))
        })?;
        let plan = Plan {
            name: None,
            groups: self.groups,
            range,
            split: self.split.unwrap_or_default(),
            zone,
            bucket: self.bucket.ok_or_else(|| missing("--bucket <NAME>"))?,
            template: self.prefix,
            stream_prefix: self.stream_prefix,
            label: self.label,
        };
        Ok((plan, from, to))
    }
}

/// clap has seen to it already; said all the same should it ever not.
fn missing(option: &str) -> Wrong {
    let message = format!("'{option}' is needed where no plan file is given");
    Wrong { kind: ErrorKind::MissingRequiredArgument, message }
}

fn instant(option: &str, typed: Option<String>, now: Timestamp, zone: Zone) -> Result<Reading, Wrong> {
    let typed = typed.ok_or_else(|| missing(&format!("{option} <TIME>")))?;
    when::read_tolerant(&typed, now, zone)
        .map_err(|refused| Wrong::value(format!("invalid value '{}' for '{option} <TIME>': {refused}", escape(&typed))))
}

fn by_file(path: &Path, now: Timestamp, zone: Option<Zone>) -> Result<(Plan, Reading, Reading), Wrong> {
    let name = path.display().to_string();
    let name = escape(&name);
    let text = read(path).map_err(|error| Wrong::value(format!("cannot read the plan file {name}: {error}")))?;
    let file = plan_file::parse(&text, now, zone.unwrap_or_default())
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
        None => Ok((file.plan, file.from, file.to)),
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
