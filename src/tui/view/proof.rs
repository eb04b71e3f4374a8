//! The page of a verification: how far it is, what it comes to, what stands out, what it does not prove, every object.

use ratatui::text::{Line, Span};

use super::details::{fields, heading};
use super::problem::{self, field};
use super::task_words::window;
use crate::domain::verify::limits::limits;
use crate::domain::verify::manifest::Manifest;
use crate::domain::verify::object::ReadBack;
use crate::domain::verify::subject::Subject;
use crate::domain::verify::tally::{Found, Tally, Verdict, Weight};
use crate::export::verify::Progress;
use crate::tui::cells::{counted, fit_end, fit_middle, pad, thousands};
use crate::tui::proof::{Evidence, Proof, Stage, Written};
use crate::tui::theme::{Role, Theme};

/// Objects listed; a page of a million lines would help nobody.
const LISTED: usize = 500;
/// Cells of a bar.
const BAR: u64 = 30;
/// Cells of the columns beside an object's key: size, events, damage.
const SIZE: usize = 9;
const EVENTS: usize = 11;
const WORD: usize = 8;

/// Title and lines of at most `width` cells.
pub fn page(theme: Theme, proof: &Proof, width: usize) -> (String, Vec<Line<'static>>) {
    let subject = &proof.subject;
    let mut lines = match &proof.stage {
        Stage::Reading(_, progress) => reading(theme, progress, width),
        Stage::Stopped => field(theme, "Stopped", "R reads everything back from the beginning", Role::Warning, width),
        Stage::Refused(trouble) => problem::lines(theme, trouble, width),
        Stage::Done(evidence) => verdict(theme, &evidence.tally, width),
    };
    lines.extend(facts(theme, proof, width));
    if let Some(evidence) = proof.evidence() {
        lines.extend(findings(theme, &evidence.tally, width));
        lines.extend(not_proved(theme, subject, width));
        lines.extend(objects(theme, evidence, width));
    }
    (format!("Verification · {}", subject.group), lines)
}

fn reading(theme: Theme, progress: &Progress, width: usize) -> Vec<Line<'static>> {
    let mut lines = field(theme, "Reading back", &progress.to_string(), Role::Active, width);
    lines.extend(field(theme, "", &bar(progress), Role::Active, width));
    lines.extend(field(theme, "", "Esc leaves it going on, c stops it", Role::Muted, width));
    lines
}

/// How much of what is to be read has come.
pub fn bar(progress: &Progress) -> String {
    let all = progress.listed.bytes.0.max(1);
    // Before the listing is complete a share of it would be a guess.
    let full = if progress.listed_all { progress.bytes.0.min(all) * BAR / all } else { 0 };
    (0..BAR).map(|at| if at < full { '━' } else { '─' }).collect()
}

fn verdict(theme: Theme, tally: &Tally, width: usize) -> Vec<Line<'static>> {
    let verdict = tally.verdict();
    let (sign, role) = match verdict {
        Verdict::Sound => ("✓", Role::Good),
        Verdict::Doubtful => ("!", Role::Warning),
        Verdict::Wrong => ("✗", Role::Bad),
    };
    field(theme, "Verdict", &format!("{sign} {}: {}", verdict.word(), verdict.meaning()), role, width)
}

fn facts(theme: Theme, proof: &Proof, width: usize) -> Vec<Line<'static>> {
    let subject = &proof.subject;
    let tally = proof.evidence().map(|evidence| &evidence.tally);
    let found = tally.map(|tally| {
        let (raw, events) = (tally.raw, counted(tally.events.count, "event"));
        format!("{}; {raw} of text, {events}", tally.landed)
    });
    let span = tally.and_then(|tally| tally.events.span).map(|(first, last)| format!("{first} to {last}"));
    let (manifest, role) = manifest(proof);
    let rows = [
        ("Window", window(subject.range.from(), subject.range.to()), Role::Text),
        ("Folder", subject.store.place(&subject.folder), Role::Text),
        ("Found", found.unwrap_or_default(), Role::Text),
        ("Events from", span.unwrap_or_default(), Role::Text),
        ("Manifest", manifest, role),
    ];
    fields(theme, &rows, width)
}

fn manifest(proof: &Proof) -> (String, Role) {
    let subject = &proof.subject;
    match &proof.written {
        Written::No => (String::new(), Role::Text),
        Written::Writing(_) => ("being written …".to_owned(), Role::Active),
        Written::Yes => (format!("✓ {}", subject.store.place(&Manifest::key(subject))), Role::Good),
        Written::Refused(trouble) => (format!("✗ {trouble}; {}", trouble.explain().remedy), Role::Bad),
    }
}

fn findings(theme: Theme, tally: &Tally, width: usize) -> Vec<Line<'static>> {
    if tally.found.is_empty() {
        return Vec::new();
    }
    let mut lines = heading(theme, "What stands out").to_vec();
    for Found { key, finding } in &tally.found {
        let (label, role) = match finding.weight() {
            Weight::Wrong => ("✗ wrong", Role::Bad),
            Weight::Doubt => ("! doubt", Role::Warning),
        };
        let about = key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
        lines.extend(field(theme, label, &format!("{about}{finding}"), role, width));
    }
    let more = tally.beyond();
    if more > 0 {
        lines.extend(field(theme, "", &format!("and {} more", thousands(more)), Role::Muted, width));
    }
    lines
}

fn not_proved(theme: Theme, subject: &Subject, width: usize) -> Vec<Line<'static>> {
    let mut lines = heading(theme, "What this does not prove").to_vec();
    lines.extend(
        limits(subject).into_iter().flat_map(|limit| field(theme, "", &format!("· {limit}"), Role::Text, width)),
    );
    lines
}

fn objects(theme: Theme, evidence: &Evidence, width: usize) -> Vec<Line<'static>> {
    let mut lines = heading(theme, &counted(evidence.objects.len(), "object")).to_vec();
    let name = width.saturating_sub(3 + SIZE + EVENTS + WORD + 6);
    lines.extend(evidence.objects.iter().take(LISTED).map(|object| row(theme, object, name)));
    let more = evidence.objects.len().saturating_sub(LISTED);
    if more > 0 {
        let text = format!("and {}; `logferry verify --json` lists them all", counted(more, "more object"));
        lines.extend(field(theme, "", &text, Role::Muted, width));
    }
    lines
}

/// Key, size, events, and whether it is whole.
fn row(theme: Theme, object: &ReadBack, name: usize) -> Line<'static> {
    let (size, events, word, role) = match &object.body {
        Ok(body) => {
            let (word, role) = if body.damage.is_some() { ("damaged", Role::Bad) } else { ("whole", Role::Good) };
            (body.size, thousands(body.events.count), word, role)
        }
        Err(_) => (object.size, "?".to_owned(), "unread", Role::Warning),
    };
    let cell = |text: &str, width, right| pad(&fit_end(text, width), width, right);
    Line::from(vec![
        Span::styled(format!("   {}", pad(&fit_middle(&object.key, name), name, false)), theme.style(Role::Text)),
        Span::styled(format!("  {}", cell(&size.to_string(), SIZE, true)), theme.style(Role::Text)),
        Span::styled(format!("  {}", cell(&events, EVENTS, true)), theme.style(Role::Text)),
        Span::styled(format!("  {}", cell(word, WORD, false).trim_end()), theme.style(role)),
    ])
}
