//! The checks: what stands in the fields, held against the rules of `domain` and against what is known of the account.
//!
//! Pure and complete: the same texts, clock and listings always give the same errors, warnings and plan. The form calls
//! it for every frame and once more when it submits, so what is queued is what was shown.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Display;

use super::fields::Field;
use super::{FormAction, FormContext};
use crate::domain::engine::{Engine, EngineKind};
use crate::domain::inventory::{Bucket, Encryption};
use crate::domain::layout::{DEFAULT_PREFIX, example_key, stream_folder};
use crate::domain::names::{Label, LogGroupName, NameError, PlanName, StreamPrefix};
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::plan::{MOST_TASKS, Plan, PlanError, Preview};
use crate::domain::preflight::{Check, Item, Preflight};
use crate::domain::split::Split;
use crate::domain::store::Store;
use crate::domain::template::Template;
use crate::domain::time::{RangeError, TimeRange, Zone};
use crate::domain::when::{self, Reading};
use crate::tui::keys::{self, Action};
use crate::tui::since::{self, Answer, Target};

/// The texts of the fields, as typed.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// Log group names, separated by commas.
    pub groups: &'a str,
    /// Start of the range.
    pub from: &'a str,
    /// End of the range.
    pub to: &'a str,
    /// How it is cut.
    pub split: Split,
    /// Stream prefix, or nothing.
    pub stream_prefix: &'a str,
    /// Destination bucket, or `file:` and a directory.
    pub bucket: &'a str,
    /// Template of the destination prefix, or nothing.
    pub prefix: &'a str,
    /// What the plan is called, or nothing.
    pub name: &'a str,
    /// Label, or nothing.
    pub label: &'a str,
    /// How times without an offset are read.
    pub zone: Zone,
    /// What was decided about the checks.
    pub preflight: Preflight,
    /// Who moves the bytes.
    pub engine: &'a Engine,
}

/// What the texts amount to.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What stands against submitting, by field: one sentence each.
    pub errors: BTreeMap<Field, String>,
    /// What a person should know and may ignore.
    pub warnings: BTreeMap<Field, String>,
    /// The different log groups named, checked or not.
    pub groups: Vec<String>,
    /// The start as understood.
    pub from: Option<Reading>,
    /// The end as understood.
    pub to: Option<Reading>,
    /// The range, when both ends make one.
    pub range: Option<TimeRange>,
    /// How many windows the range is cut into.
    pub windows: Option<usize>,
    /// Where the first object of the first task will lie: `prefix/<taskId>/<stream>/000000.gz`.
    pub first_key: String,
    /// The same for the last task, when there are several.
    pub last_key: Option<String>,
    /// The directory that is exported into, with its whole path.
    pub directory: Option<String>,
    /// What is asked for; `None` while an error stands.
    pub plan: Option<Plan>,
    /// What there is to check: it may lack log groups, but nothing in it is wrong.
    pub wanted: Option<Plan>,
    /// Whose last export the range is to begin with.
    pub since: Option<Target>,
    /// What a check has found to stand against it, and the field to mend.
    pub blocked: Option<(Field, String)>,
}

impl Checked {
    /// Notes an error; gives on what was understood.
    fn keep<T, E: Display>(&mut self, field: Field, checked: Result<T, E>) -> Option<T> {
        checked.map_err(|error| self.errors.insert(field, error.to_string())).ok()
    }
}

/// Holds `inputs` against every rule.
pub fn check(inputs: &Inputs<'_>, context: &FormContext<'_>) -> Checked {
    let mut checked = Checked { groups: names_in(inputs.groups), first_key: untold_key(inputs), ..Checked::default() };
    let groups = known_groups(&checked.groups, context);
    let groups = checked.keep(Field::Groups, groups);
    let stream_prefix = checked.keep(Field::StreamPrefix, optional(inputs.stream_prefix, StreamPrefix::parse));
    let store = check_store(&mut checked, inputs, context);
    let template = checked.keep(Field::Prefix, optional(bare_prefix(inputs.prefix), Template::parse));
    let name = checked.keep(Field::Name, optional(inputs.name, PlanName::parse));
    let label = checked.keep(Field::Label, optional(inputs.label, Label::parse));
    checked.since = since::is_word(inputs.from)
        .then(|| groups.clone().zip(store.clone()).zip(template.clone().zip(stream_prefix.clone())))
        .flatten()
        .map(|((groups, store), (template, streams))| Target {
            groups,
            store,
            template,
            streams,
            engine: inputs.engine.clone(),
        });
    check_window(&mut checked, inputs, context);
    checked.windows = checked.range.map(|range| inputs.split.count(range, inputs.zone, MOST_TASKS + 1));
    checked.blocked = context.checks.block().filter(|_| inputs.preflight != Preflight::Off).map(blocked);
    // A bucket can be checked before there is a log group, and keys can be told before there is a bucket: any will do.
    let has_store = store.is_some();
    checked.directory = store.as_ref().and_then(Store::directory).map(ToString::to_string);
    let store = store.or_else(|| Store::stored("bucket").ok());
    let groups = groups.or_else(|| checked.groups.is_empty().then(Vec::new));
    let choices = template.zip(stream_prefix).zip(name.zip(label)).zip(checked.range);
    let plan =
        groups.zip(store).zip(choices).map(|((groups, store), (((template, stream_prefix), (name, label)), range))| {
            let (split, zone) = (inputs.split, inputs.zone);
            let (preflight, engine) = (inputs.preflight, inputs.engine.clone());
            Plan { name, groups, range, split, zone, store, template, stream_prefix, label, preflight, engine }
        });
    if let Some(plan) = plan.as_ref().filter(|plan| !plan.groups.is_empty()) {
        preview(&mut checked, plan, context);
    }
    checked.wanted = plan.clone().filter(|_| has_store && checked.errors.keys().all(|field| *field == Field::Groups));
    checked.plan = plan.filter(|_| checked.errors.is_empty());
    checked
}

/// Where to: a bucket, or a directory if the engine writes into one.
fn check_store(checked: &mut Checked, inputs: &Inputs<'_>, context: &FormContext<'_>) -> Option<Store> {
    let store = checked.keep(Field::Bucket, Store::parse(inputs.bucket.trim(), context.base))?;
    let warning = store.bucket().and_then(|name| bucket_warning(name.as_str(), inputs.engine.kind(), context));
    checked.warnings.extend(warning.map(|warning| (Field::Bucket, warning)));
    if inputs.engine.reaches(&store).is_ok() {
        return Some(store);
    }
    let key = keys::name_in_form(Action::Form(FormAction::ToggleEngine));
    checked.errors.insert(Field::Bucket, format!("a directory takes the direct engine: {key} chooses it"));
    None
}

/// A block, under the field that can mend it.
fn blocked(item: &Item) -> (Field, String) {
    let field = match item.finding.check {
        Check::LogGroup | Check::Events => Field::Groups,
        Check::Range => Field::From,
        Check::Bucket
        | Check::Directory
        | Check::Owner
        | Check::Region
        | Check::Encryption
        | Check::Policy
        | Check::PublicAccess
        | Check::ObjectOwnership
        | Check::ObjectLock
        | Check::Versioning
        | Check::RequesterPays
        | Check::Caller
        | Check::Space
        | Check::Slot => Field::Bucket,
    };
    (field, item.finding.reason.clone())
}

/// What the plan comes to: its keys, or why it makes no tasks.
fn preview(checked: &mut Checked, plan: &Plan, context: &FormContext<'_>) {
    match plan.preview(&lane(context)) {
        Ok(preview) => {
            let key = |key: &str| with_streams(key, plan.stream_prefix.as_ref());
            checked.last_key = (preview.tasks() > 1).then(|| key(&preview.last.key));
            let Preview { first, .. } = preview;
            checked.first_key = key(&first.key);
        }
        Err(error) => {
            let field = match error {
                PlanError::NoGroups => Field::Groups,
                PlanError::TooMany => Field::Split,
                PlanError::Prefix { .. } => Field::Prefix,
            };
            checked.errors.entry(field).or_insert_with(|| error.to_string());
        }
    }
}

/// Where the tasks will run, with marks for what is not known yet.
fn lane(context: &FormContext<'_>) -> Lane {
    let account = context.account.cloned().unwrap_or_else(|| AccountId("<account>".to_owned()));
    Lane::new(account, context.region.cloned().unwrap_or_else(|| Region("<region>".to_owned())))
}

/// `key` with what is known of its streams.
fn with_streams(key: &str, prefix: Option<&StreamPrefix>) -> String {
    match prefix {
        Some(prefix) => key.replace("<stream>", &format!("{}…", stream_folder(prefix.as_str()))),
        None => key.to_owned(),
    }
}

/// The names in a list of log groups, each once, in the order they stand.
pub fn names_in(typed: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    typed.split(',').map(str::trim).filter(|name| !name.is_empty() && seen.insert(*name)).map(str::to_owned).collect()
}

/// Names that follow the rule and, once all of the account's groups are loaded, exist.
fn known_groups(names: &[String], context: &FormContext<'_>) -> Result<Vec<LogGroupName>, String> {
    if names.is_empty() {
        return Err(NameError::Empty("log group").to_string());
    }
    let parsed: Vec<LogGroupName> =
        names.iter().map(|name| parse_group(name, names.len())).collect::<Result<_, _>>()?;
    match unknown_group(names, context) {
        Some(name) => Err(format!("no such log group here (Ctrl-R looks again): {name}")),
        None => Ok(parsed),
    }
}

/// Among several the name is given too, at the end, where it may be cut.
fn parse_group(name: &str, of: usize) -> Result<LogGroupName, String> {
    let blame = |error: NameError| if of == 1 { error.to_string() } else { format!("{error}: {name}") };
    LogGroupName::parse(name).map_err(blame)
}

/// The first name that the account does not have. An account may hold a million groups and this runs for every frame:
/// one pass over them, with a set of the few names that were typed.
fn unknown_group<'a>(names: &'a [String], context: &FormContext<'_>) -> Option<&'a str> {
    if !context.groups_complete {
        return None;
    }
    let mut missing: HashSet<&str> = names.iter().map(String::as_str).collect();
    // `any` stops as soon as every name is found.
    context.groups.iter().any(|group| missing.remove(&*group.name) && missing.is_empty());
    names.iter().map(String::as_str).find(|name| missing.contains(name))
}

fn check_window(checked: &mut Checked, inputs: &Inputs<'_>, context: &FormContext<'_>) {
    let from = read_start(checked, inputs, context);
    checked.from = checked.keep(Field::From, from);
    checked.to = checked.keep(Field::To, when::read(inputs.to, context.now, inputs.zone));
    let Some((from, to)) = checked.from.zip(checked.to) else { return };
    match TimeRange::new(from.at, to.at) {
        Ok(range) if range.from() >= context.now => {
            checked.errors.insert(Field::From, "from is in the future: there is nothing to export yet".to_owned());
        }
        Ok(range) => {
            checked.range = Some(range);
            if inputs.engine.kind() == EngineKind::Managed {
                warn_of_lag(checked, range, context);
            }
        }
        Err(RangeError::NotBefore) if checked.since.is_some() => {
            let told = format!("nothing is missing: exported up to {}", from.at.show(inputs.zone));
            checked.errors.insert(Field::From, told);
        }
        Err(error) => {
            checked.errors.insert(blamed_end(error, from), error.to_string());
        }
    }
}

/// The start as typed, or where the last export ended.
fn read_start(checked: &mut Checked, inputs: &Inputs<'_>, context: &FormContext<'_>) -> Result<Reading, String> {
    if !since::is_word(inputs.from) {
        return when::read(inputs.from, context.now, inputs.zone).map_err(|error| error.to_string());
    }
    let Some(target) = &checked.since else { return Err("fill in log groups and bucket to look it up".to_owned()) };
    match context.since.answer(target) {
        None => Err("looking for the last export …".to_owned()),
        Some(Answer::Known(reached)) => {
            if reached.leaps {
                let told = "some of it was exported before, and will be again";
                checked.warnings.insert(Field::From, told.to_owned());
            }
            Ok(Reading::exactly(reached.at))
        }
        Some(Answer::Never(group)) => Err(format!("never exported to this place: type a time ({group})")),
        Some(Answer::Failed(why)) => Err(why.clone()),
    }
}

/// The field to correct.
fn blamed_end(error: RangeError, from: Reading) -> Field {
    match error {
        RangeError::BeforeLogs(early) if early == from.at => Field::From,
        RangeError::BeforeLogs(_) | RangeError::NotBefore => Field::To,
    }
}

/// AWS: "Log data can take up to 12 hours to become available for export."
fn warn_of_lag(checked: &mut Checked, range: TimeRange, context: &FormContext<'_>) {
    if let Some(cutoff) = range.past_availability(context.now) {
        let since = cutoff.show(Zone::Utc);
        checked.warnings.insert(Field::To, format!("events since {since} may be missing (12 h lag)"));
    }
}

/// Why an export into `bucket` may fail, as far as the account tells; another account's bucket may still take it.
fn bucket_warning(bucket: &str, engine: EngineKind, context: &FormContext<'_>) -> Option<String> {
    match context.buckets.iter().find(|known| known.name == bucket) {
        // It writes wherever its caller may.
        Some(_) if engine == EngineKind::Direct => None,
        Some(known) => region_warning(known, context).or_else(|| encryption_warning(context.encryption(bucket)?)),
        None => context.buckets_complete.then(|| "not among this account's buckets: is the name right?".to_owned()),
    }
}

/// AWS exports only into a bucket of the log group's own Region.
fn region_warning(bucket: &Bucket, context: &FormContext<'_>) -> Option<String> {
    let (there, here) = bucket.region.as_ref().zip(context.region).filter(|(there, here)| there != here)?;
    Some(format!("in {there}: exports need a bucket in {here}"))
}

/// AWS: "Exporting to S3 buckets encrypted with DSSE-KMS is not supported"; with SSE-KMS it hangs on the key.
fn encryption_warning(encryption: &Encryption) -> Option<String> {
    let why = match encryption {
        Encryption::Kms(_) => "CloudWatch Logs has to be allowed to use its key",
        Encryption::KmsDual => "CloudWatch Logs does not export into such a bucket",
        Encryption::S3 | Encryption::None | Encryption::Other(_) => return None,
    };
    Some(format!("{}: {why}", encryption.word()))
}

/// Nothing typed is nothing asked for.
fn optional<T, E>(typed: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    Some(typed.trim()).filter(|text| !text.is_empty()).map(parse).transpose()
}

/// A destination prefix as it is passed on: one slash at its end is dropped, as keys get their own.
fn bare_prefix(typed: &str) -> &str {
    let typed = typed.trim();
    typed.strip_suffix('/').filter(|bare| !bare.is_empty()).unwrap_or(typed)
}

/// The first key while the fields make no plan yet.
fn untold_key(inputs: &Inputs<'_>) -> String {
    let prefix = bare_prefix(inputs.prefix);
    let stream_prefix = inputs.stream_prefix.trim();
    let stream = (!stream_prefix.is_empty()).then(|| format!("{stream_prefix}…"));
    example_key(if prefix.is_empty() { DEFAULT_PREFIX } else { prefix }, None, stream.as_deref())
}
