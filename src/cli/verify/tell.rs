//! What a verification has found, in text for people and as JSON objects for programs. README documents every key.

use color_eyre::eyre::Report;
use serde::Serialize;

use crate::cli::outcome::{brief, say};
use crate::cli::output::{Form, Output, json_line};
use crate::domain::names::TaskId;
use crate::domain::text::escape;
use crate::domain::time::show_span;
use crate::domain::verify::limits::limits;
use crate::domain::verify::manifest::{FindingRecord, Manifest, ObjectRecord, SummaryRecord};
use crate::domain::verify::object::ReadBack;
use crate::domain::verify::subject::Subject;
use crate::domain::verify::tally::{Found, Tally};

/// One line of JSON.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Record {
    /// An object that was read back.
    Object(ObjectRecord),
    /// Something that stands out.
    Finding(FindingRecord),
    /// Last of each task.
    Verification(Box<Whole>),
    /// In its place: the task could not be reached, or not be read through.
    Unverified { task: String, problem: String },
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    summary: SummaryRecord,
    /// Where it was written.
    manifest: Option<String>,
}

/// An object: for programs alone. People are told what stands out.
pub fn object(output: &mut Output, object: &ReadBack) {
    if output.form() == Form::Json {
        output.tell(&json_line(&Record::Object(object.into())));
    }
}

/// That a task could not be verified, and why.
pub fn unverified(output: &mut Output, task: TaskId, failure: &Report) {
    if output.form() == Form::Json {
        output.tell(&json_line(&Record::Unverified { task: task.to_string(), problem: failure.to_string() }));
    }
    say(&format!("logferry: the task {task} was not verified\n{}", brief(failure)));
}

/// Everything that was found of a task.
pub fn whole(output: &mut Output, subject: &Subject, tally: &Tally, manifest: bool) {
    let written = manifest.then(|| Manifest::key(subject));
    let text = match output.form() {
        Form::Json => {
            let findings = tally.found.iter().map(|found| json_line(&Record::Finding(found.into())));
            let whole = Whole { summary: SummaryRecord::new(subject, tally), manifest: written };
            findings.chain([json_line(&Record::Verification(Box::new(whole)))]).collect()
        }
        Form::People | Form::Fields => text(subject, tally, written),
    };
    output.tell(&text);
}

fn text(subject: &Subject, tally: &Tally, written: Option<String>) -> String {
    let (range, store) = (subject.range, &subject.store);
    let found = format!("{}; {} of text, {} events", tally.landed, tally.raw, tally.events.count);
    let mut facts = vec![
        ("task", subject.task.to_string()),
        ("log group", subject.group.clone()),
        ("window", format!("{} to {} ({})", range.from(), range.to(), show_span(range.span()))),
        ("folder", store.place(&subject.folder)),
        ("found", found),
    ];
    facts.extend(tally.events.span.map(|(first, last)| ("events", format!("{first} to {last}"))));
    facts.push(("verdict", format!("{}: {}", tally.verdict().word(), tally.verdict().meaning())));
    facts.extend(written.map(|key| ("manifest", store.place(&key))));
    let lines = facts.into_iter().map(|(name, value)| format!("{name:<14}{}\n", escape(&value)));
    let text = lines.collect::<String>() + &list("findings", tally.found.iter().map(finding));
    let more = tally.beyond();
    let more = if more > 0 { format!("  and {more} more\n") } else { String::new() };
    text + &more + &list("not proved", limits(subject).into_iter().map(str::to_owned))
}

fn list(title: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("  {}", escape(&line))).collect();
    if lines.is_empty() { String::new() } else { format!("{title}\n{}\n", lines.join("\n")) }
}

fn finding(Found { key, finding }: &Found) -> String {
    let about = key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
    format!("{:<5}  {about}{finding}", finding.weight().word())
}
