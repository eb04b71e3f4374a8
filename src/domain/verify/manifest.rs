//! What a verification has shown, as JSON: a record an object, one a finding, one of the whole; and the manifest, which
//! is all of them in one document. README documents every key; scripts depend on them.

use serde::Serialize;

use super::limits::limits;
use super::line::Events;
use super::object::{Body, ReadBack};
use super::subject::Subject;
use super::tally::{Found, Tally};
use crate::domain::layout;
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;

/// The form of the document: counted up when a key changes its meaning or goes.
const FORM: u32 = 1;

/// One object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectRecord {
    key: String,
    size: u64,
    sha256: Option<String>,
    raw_bytes: Option<u64>,
    events: Option<u64>,
    first_event: Option<String>,
    last_event: Option<String>,
    problem: Option<String>,
}

impl From<&ReadBack> for ObjectRecord {
    fn from(object: &ReadBack) -> Self {
        let body = object.body.as_ref().ok();
        let (first, last) = span(body.map(|body| &body.events));
        Self {
            key: object.key.clone(),
            size: body.map_or(object.size, |body| body.size).0,
            sha256: body.map(|body| body.sha256.to_string()),
            raw_bytes: body.map(|body| body.raw.0),
            events: body.map(|body| body.events.count),
            first_event: first,
            last_event: last,
            problem: trouble(&object.body),
        }
    }
}

fn trouble(body: &Result<Body, Problem>) -> Option<String> {
    match body {
        Ok(body) => body.damage.map(|damage| damage.to_string()),
        Err(problem) => Some(problem.to_string()),
    }
}

fn span(events: Option<&Events>) -> (Option<String>, Option<String>) {
    let shown = |at: Timestamp| at.to_string();
    events.and_then(|events| events.span).map(|(first, last)| (shown(first), shown(last))).unzip()
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingRecord {
    weight: &'static str,
    finding: &'static str,
    key: Option<String>,
    text: String,
}

impl From<&Found> for FindingRecord {
    fn from(found: &Found) -> Self {
        let finding = &found.finding;
        Self {
            weight: finding.weight().word(),
            finding: finding.code(),
            key: found.key.clone(),
            text: finding.to_string(),
        }
    }
}

/// The whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryRecord {
    task: String,
    remote_id: String,
    account: String,
    region: String,
    engine: &'static str,
    format: &'static str,
    state: String,
    log_group: String,
    from: String,
    to: String,
    from_ms: i64,
    to_ms: i64,
    bucket: String,
    folder: String,
    verdict: &'static str,
    wrong: u64,
    doubts: u64,
    objects: u64,
    bytes: u64,
    raw_bytes: u64,
    events: u64,
    first_event: Option<String>,
    last_event: Option<String>,
    not_proved: Vec<&'static str>,
}

impl SummaryRecord {
    /// What `tally` says of `subject`.
    pub fn new(subject: &Subject, tally: &Tally) -> Self {
        let (first_event, last_event) = span(Some(&tally.events));
        let range = subject.range;
        Self {
            task: subject.task.to_string(),
            remote_id: subject.remote.to_string(),
            account: subject.lane.account.to_string(),
            region: subject.lane.region.to_string(),
            engine: subject.engine.kind().word(),
            format: subject.expected().format.word(),
            state: subject.state.word().to_lowercase(),
            log_group: subject.group.clone(),
            from: range.from().to_string(),
            to: range.to().to_string(),
            from_ms: range.from().millis(),
            to_ms: range.to().millis(),
            bucket: subject.store.to_string(),
            folder: subject.folder.clone(),
            verdict: tally.verdict().word(),
            wrong: tally.wrong,
            doubts: tally.doubts,
            objects: tally.landed.objects,
            bytes: tally.landed.bytes.0,
            raw_bytes: tally.raw.0,
            events: tally.events.count,
            first_event,
            last_event,
            not_proved: limits(subject),
        }
    }
}

/// `manifest.json` as it is written next to the objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    #[serde(rename = "manifest")]
    form: u32,
    logferry: &'static str,
    verified_at: String,
    #[serde(flatten)]
    summary: SummaryRecord,
    findings: Vec<FindingRecord>,
    contents: Vec<ObjectRecord>,
}

impl Manifest {
    /// What was found at `now`; `objects` are all that were read back.
    pub fn new(subject: &Subject, tally: &Tally, objects: Vec<ObjectRecord>, now: Timestamp) -> Self {
        Self {
            form: FORM,
            logferry: env!("CARGO_PKG_VERSION"),
            verified_at: now.to_string(),
            summary: SummaryRecord::new(subject, tally),
            findings: tally.found.iter().map(FindingRecord::from).collect(),
            contents: objects,
        }
    }

    /// Where it lies.
    pub fn key(subject: &Subject) -> String {
        layout::manifest_key(&subject.folder)
    }
}
