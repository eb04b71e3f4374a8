//! `logferry doctor`: the checks before an export as a checklist, and an exit code that says what they come to.
//!
//! Nothing is changed in AWS, but that `--probe` puts an empty object and removes it again. What the checks are and what
//! is made of them is `export`'s and `domain::preflight`'s.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use clap::error::ErrorKind;
use color_eyre::eyre::Report as Failure;
use futures::{StreamExt as _, stream};
use serde::Serialize;

use super::Target;
use super::advice::{advice, statement};
use super::connection::Connection;
use super::environment::Usual;
use super::export::{Wrong, instant};
use super::lanes::Way;
use super::outcome::{WrongUsage, say};
use super::output::{Form, Output, fields, json_line};
use crate::domain::engine::EngineKind;
use crate::domain::layout::Destination;
use crate::domain::names::{BucketName, DestinationPrefix, LogGroupName, NameError};
use crate::domain::place::Lane;
use crate::domain::plan::SOME_TASK;
use crate::domain::preflight::{Finding, Report, Verdict};
use crate::domain::store::Store;
use crate::domain::template::{Context, Template};
use crate::domain::text::escape;
use crate::domain::time::{TimeRange, Timestamp};
use crate::domain::zone::Zone;
use crate::export::{Checker, Choices, DestinationFacts, Freshness, SourceFacts, Typed};

/// Log groups asked about at a time: DescribeLogGroups takes ten calls a second.
const ABREAST: usize = 4;

/// A window for prefixes without dates.
const DAY: Duration = Duration::from_hours(24);

/// Where reasons begin, for people.
const INDENT: usize = 37;

/// The end of `logferry doctor --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry doctor --bucket logs-archive
  logferry doctor --bucket logs-archive --group web,/aws/lambda/checkout --from yesterday --to today
  logferry doctor --bucket logs-archive --group web --prefix '{group}/logs'
  logferry doctor --bucket logs-archive --json | jq 'select(.verdict == \"block\")'

Exit codes:
  0  nothing stands against the export, as far as could be checked
  1  an error: no connection, no credentials
  2  wrong usage
  3  warnings: it will be launched, and may not do what is expected
  4  blocked: AWS would refuse it, or it would be worthless";

/// The options as given.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// The destination bucket
    #[arg(long, value_name = "NAME", value_parser = BucketName::parse)]
    bucket: BucketName,

    /// A log group that is to be exported; may be given several times, or several with commas
    #[arg(long = "group", value_name = "NAME", value_delimiter = ',', value_parser = LogGroupName::parse)]
    groups: Vec<LogGroupName>,

    /// Start of the range
    #[arg(long, value_name = "TIME", requires = "to", requires = "groups")]
    from: Option<String>,

    /// End of the range
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<String>,

    /// The destination prefix [default: exportedlogs, which is AWS's]
    ///
    /// With the fields of `logferry export --prefix`; they are filled in for each --group, and dates with --from and --to.
    #[arg(long, value_name = "TEMPLATE", value_parser = Template::parse)]
    prefix: Option<Template>,

    /// Read and write times in this zone: UTC (default), Local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = Zone::parse)]
    timezone: Option<Zone>,

    /// Who is to move the bytes: managed (default), AWS's own export; or direct, which AWS's limits do not bind
    #[arg(long, value_parser = EngineKind::parse)]
    engine: Option<EngineKind>,

    /// Take it that a customer-managed KMS key lets the logs service in: a warning, and no block
    #[arg(long)]
    allow_kms: bool,

    /// Put an empty object under the prefix and remove it again: nothing else tells whether you may put objects there
    #[arg(long)]
    probe: bool,

    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

/// What is to be checked, and how it is told.
#[derive(Debug)]
pub struct Request {
    bucket: BucketName,
    prefix: Prefix,
    groups: Vec<LogGroupName>,
    range: Option<Typed>,
    zone: Zone,
    now: Timestamp,
    choices: Choices,
    json: bool,
}

/// The destination prefix.
#[derive(Debug)]
enum Prefix {
    /// The same whatever is exported; none is AWS's own.
    Same(Option<DestinationPrefix>),
    /// Another for each log group, over this window.
    Each(Template, TimeRange),
}

impl Prefix {
    /// Of what was given; `None` if nothing fills its fields in.
    fn resolve(
        template: Option<Template>,
        groups: &[LogGroupName],
        range: Option<Typed>,
        now: Timestamp,
    ) -> Option<Self> {
        let Some(template) = template else { return Some(Self::Same(None)) };
        if let Some(prefix) = template.fixed() {
            return Some(Self::Same(Some(prefix)));
        }
        // Without dates any window will do.
        let today = Some((now.before(DAY), now)).filter(|_| !template.has_dates());
        let (from, to) = range.or(today)?;
        let window = TimeRange::new(from, to).ok()?;
        Some(Self::Each(template, window)).filter(|_| !groups.is_empty())
    }
}

impl DoctorArguments {
    /// Where to connect, and what is checked, with times read as `usual`.
    pub fn resolve(self, usual: Usual<'_>) -> Result<(Connection, Request), Wrong> {
        let (now, zone) = (usual.now, self.timezone.unwrap_or(usual.zone));
        let read = |option, typed: Option<String>| {
            typed.map(|typed| instant(option, &typed, now, zone).map(|reading| reading.at)).transpose()
        };
        let range = read("--from", self.from)?.zip(read("--to", self.to)?);
        let prefix = Prefix::resolve(self.prefix, &self.groups, range, now).ok_or_else(|| {
            let message =
                "'--prefix <TEMPLATE>' has fields: give --group, and for dates --from and --to, to fill them in";
            Wrong { kind: ErrorKind::MissingRequiredArgument, message: message.to_owned() }
        })?;
        let request = Request {
            range,
            bucket: self.bucket,
            prefix,
            groups: self.groups,
            zone,
            now,
            choices: Choices {
                allow_kms: self.allow_kms,
                probe: self.probe,
                engine: self.engine.unwrap_or(EngineKind::Managed),
            },
            json: self.json,
        };
        Ok((self.connection, request))
    }
}

impl Request {
    /// Whether an object is put.
    pub const fn probes(&self) -> bool {
        self.choices.probe
    }

    /// Where the export of each log group goes.
    fn destinations(&self, lane: &Lane) -> Result<Vec<Destination>, WrongUsage> {
        let Self { bucket, prefix, groups, zone, .. } = self;
        let to = |prefix| Destination { store: Store::Bucket(bucket.clone()), prefix };
        match prefix {
            Prefix::Same(prefix) => Ok(vec![to(prefix.clone()); groups.len()]),
            Prefix::Each(template, window) => {
                let fill = |group| {
                    let context = Context { lane, group, window: *window, zone: *zone };
                    template.expand(&context, SOME_TASK).map(|prefix| to(Some(prefix)))
                };
                let filled: Result<_, NameError> = groups.iter().map(fill).collect();
                filled.map_err(|error| WrongUsage(format!("'--prefix <TEMPLATE>': {error}")))
            }
        }
    }

    /// Where a probe is put, and where an export of any log group goes.
    fn first_of(&self, destinations: &[Destination]) -> Destination {
        let fixed = match &self.prefix {
            Prefix::Same(prefix) => prefix.clone(),
            Prefix::Each(..) => None,
        };
        destinations
            .first()
            .cloned()
            .unwrap_or_else(|| Destination { store: Store::Bucket(self.bucket.clone()), prefix: fixed })
    }
}

/// Checks, tells what was found, and answers what it comes to.
pub async fn run(target: Target, request: Request) -> Result<ExitCode, Failure> {
    let place = target.open().await?;
    let way = Way::given(&place).await?;
    if let Some((from, to)) = request.range {
        say(&format!("logferry: the range is {} to {}", from.show(request.zone), to.show(request.zone)));
    }
    let Request { choices, range, .. } = &request;
    let (checker, Way { lane, session }) = (Checker::default(), &way);
    let destinations = request.destinations(lane)?;
    let first = request.first_of(&destinations);
    let source = async |name| checker.source(session, lane, name, *range, Freshness::Now).await.0;
    let sources = stream::iter(&request.groups).map(source);
    let ((facts, _), sources) = tokio::join!(
        checker.destination(session, lane, &first, *choices, Freshness::Now),
        sources.buffered(ABREAST).collect::<Vec<_>>(),
    );
    let lists = checklists(&way, &request, &destinations, &facts, &sources);
    let mut output = Output::new(request.json);
    for list in &lists {
        output.write(&list.text(output.form()))?;
    }
    let report: Report = lists.into_iter().flat_map(|list| list.report.findings().to_vec()).collect();
    if output.form() == Form::People {
        output.write(&summary(&report))?;
    }
    Ok(ExitCode::from(report.exit_code()))
}

/// The findings that have one thing in common.
struct Checklist {
    /// The log group, or none for the bucket's own findings.
    group: Option<LogGroupName>,
    bucket: BucketName,
    report: Report,
}

/// The bucket's checklist, and one for each log group. A policy may name log groups, so its finding stands with those
/// where there are any.
fn checklists(
    way: &Way,
    request: &Request,
    destinations: &[Destination],
    facts: &DestinationFacts,
    sources: &[SourceFacts],
) -> Vec<Checklist> {
    let Request { bucket, groups, range, zone, now, choices, .. } = request;
    let list = |group: Option<&LogGroupName>, findings| Checklist {
        group: group.cloned(),
        bucket: bucket.clone(),
        report: Report::new(findings),
    };
    let first = request.first_of(destinations);
    let mut own = facts.judge(&way.lane, &first, *choices);
    if groups.is_empty() {
        own.extend(facts.judge_policy(&way.lane, None, &first, choices.engine));
        own.extend(facts.judge_caller(&way.lane, &first));
    }
    let mut lists = vec![list(None, own)];
    for ((group, source), destination) in groups.iter().zip(sources).zip(destinations) {
        let mut findings = source.judge(&way.lane, group, *range, choices.engine, *now, *zone);
        findings.extend(facts.judge_policy(&way.lane, Some(group.as_str()), destination, choices.engine));
        findings.extend(facts.judge_caller(&way.lane, destination));
        lists.push(list(Some(group), findings));
    }
    lists
}

/// A finding as `--json` tells it.
#[derive(Serialize)]
struct Record<'a> {
    bucket: &'a str,
    group: Option<&'a str>,
    check: &'static str,
    verdict: &'static str,
    reason: &'a str,
    remedy: Option<String>,
    /// The statement to hand on, where the remedy is one.
    statement: Option<serde_json::Value>,
}

impl Checklist {
    fn text(&self, form: Form) -> String {
        let findings = self.report.findings().iter();
        match form {
            Form::Json => findings.map(|finding| json_line(&self.record(finding))).collect(),
            Form::Fields => findings.map(|finding| fields(&self.cells(finding))).collect(),
            Form::People => {
                let about = self.group.as_ref().map_or(self.bucket.as_str(), LogGroupName::as_str);
                let lines: String = findings.map(|finding| self.people(finding)).collect();
                format!("{}\n{lines}\n", escape(about))
            }
        }
    }

    fn record<'a>(&'a self, finding: &'a Finding) -> Record<'a> {
        Record {
            bucket: self.bucket.as_str(),
            group: self.group.as_ref().map(LogGroupName::as_str),
            check: finding.check.word(),
            verdict: finding.verdict.word(),
            reason: &finding.reason,
            remedy: finding.remedy.as_ref().map(|remedy| advice(remedy, self.bucket.as_str())),
            statement: statement(finding),
        }
    }

    /// A finding as people read it: a line, and under it what to do.
    fn people(&self, finding: &Finding) -> String {
        let (verdict, check) = (finding.verdict.word(), finding.check.word());
        let mut text = format!("  {verdict:<15}  {check:<16}  {}\n", escape(&finding.reason));
        let Some(remedy) = &finding.remedy else { return text };
        let mut below = |line: &str| {
            text.extend([&" ".repeat(INDENT), escape(line).as_ref(), "\n"]);
        };
        below(&format!("-> {}", advice(remedy, self.bucket.as_str())));
        remedy.statement().into_iter().flat_map(str::lines).for_each(below);
        text
    }

    /// Verdict, check, log group, reason, remedy, statement.
    fn cells(&self, finding: &Finding) -> Vec<String> {
        vec![
            finding.verdict.word().to_owned(),
            finding.check.word().to_owned(),
            self.group.as_ref().map(LogGroupName::to_string).unwrap_or_default(),
            finding.reason.clone(),
            finding.remedy.as_ref().map(|remedy| advice(remedy, self.bucket.as_str())).unwrap_or_default(),
            statement(finding).map(|statement| statement.to_string()).unwrap_or_default(),
        ]
    }
}

/// The last line for people.
fn summary(report: &Report) -> String {
    let counts = [Verdict::Block, Verdict::Warn, Verdict::Unchecked, Verdict::Pass].map(|verdict| {
        let count = report.count(verdict);
        format!("{}: {count}", verdict.word())
    });
    counts.join(", ") + "\n"
}
