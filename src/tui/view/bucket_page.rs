//! A bucket's own page: what is known of it, and what the checks found, the worst first.

use std::cmp::Reverse;

use ratatui::text::{Line, Span};

use super::details::{fields, heading};
use super::problem::{self, field};
use super::{rules, task_words, verdict};
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::preflight::{Finding, Report, Verdict};
use crate::tui::cells::{counted, fold, pad, wrap};
use crate::tui::model::{Checkup, Detail, Model};
use crate::tui::places::Who;
use crate::tui::theme::{Role, Theme};

/// Cells of a verdict and of the name of a check, each with its gap.
const VERDICT: usize = 19;
const CHECK: usize = 18;
/// Where a reason begins.
const REASON: usize = 3 + VERDICT + CHECK;

/// The page's lines of at most `width` cells.
pub fn lines(model: &Model, name: &str, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut lines = known(model, name, width);
    lines.extend(heading(theme, &format!("Checks, for exports under {DEFAULT_PREFIX}/")));
    lines.extend(checks(model, name, width));
    lines
}

/// What the listing and its details tell.
fn known(model: &Model, name: &str, width: usize) -> Vec<Line<'static>> {
    let listed = model.buckets.list.rows().iter().find(|bucket| bucket.name == name);
    let details = match model.buckets.details.get(name) {
        Some(Detail::Known(details)) => Some(details),
        Some(Detail::Asked(_)) | None => None,
    };
    let region = details.and_then(|details| details.region.as_ref().ok());
    let region = region.or_else(|| listed.and_then(|bucket| bucket.region.as_ref()));
    let created = listed.and_then(|bucket| bucket.created);
    let encryption = details.and_then(|details| details.encryption.as_ref().ok());
    let rows = [
        ("Region", region.map(ToString::to_string).unwrap_or_default(), Role::Text),
        ("Created", created.map(|at| format!("{} UTC", task_words::minute(at))).unwrap_or_default(), Role::Text),
        ("Encryption", encryption.map(|found| found.word().to_owned()).unwrap_or_default(), Role::Text),
    ];
    let mut lines = fields(model.settings.theme, &rows, width);
    lines.extend(details.iter().flat_map(|details| rules::fields(model.settings.theme, &details.lifecycle, width)));
    lines
}

fn checks(model: &Model, name: &str, width: usize) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let say = |text: &str, role| field(theme, "", text, role, width);
    match (model.buckets.checkups.get(name), &model.places.here().who) {
        (Some(Checkup::Done(report)), _) => findings(theme, report, width),
        (Some(Checkup::Unfit(why)), _) => say(&format!("no export can go there: {why}"), Role::Bad),
        (Some(Checkup::Stale) | None, Who::Refused(problem)) => {
            let mut lines =
                say("AWS does not tell whose account this is, and for whom the checks are to be made:", Role::Warning);
            lines.extend(problem::lines(theme, problem, width));
            lines
        }
        (Some(Checkup::Stale) | None, Who::Stranger(_)) => {
            say("this profile leads to another account now: choose a lane on 5", Role::Warning)
        }
        (Some(Checkup::Asked(_)), _) | (Some(Checkup::Stale) | None, Who::Unknown | Who::Known(_)) => {
            say("checking …", Role::Active)
        }
    }
}

fn findings(theme: Theme, report: &Report, width: usize) -> Vec<Line<'static>> {
    let mut lines = field(theme, "Altogether", &summary(report), verdict::sign(report.worst()).1, width);
    let mut found: Vec<&Finding> = report.findings().iter().collect();
    // Stable: within a verdict the order of the checklist.
    found.sort_by_key(|finding| Reverse(finding.verdict));
    lines.extend(found.into_iter().flat_map(|finding| finding_lines(theme, finding, width)));
    lines
}

/// `blocked: 1 block, 2 warnings, 1 could not be checked`.
fn summary(report: &Report) -> String {
    let word = match report.worst() {
        Verdict::Block => "AWS would refuse an export",
        Verdict::Warn => "an export can be launched, with warnings",
        Verdict::Unchecked | Verdict::Pass => "nothing stands against an export, as far as could be checked",
    };
    let blocks = report.count(Verdict::Block);
    let warnings = report.count(Verdict::Warn);
    let parts = [(blocks, "block"), (warnings, "warning")].into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, noun)| counted(count, noun)).collect();
    if parts.is_empty() { word.to_owned() } else { format!("{word}: {}", parts.join(", ")) }
}

/// The finding, and under it what to do.
fn finding_lines(theme: Theme, finding: &Finding, width: usize) -> Vec<Line<'static>> {
    let (word, role) = verdict::cell(finding.verdict);
    let room = width.saturating_sub(REASON + 1);
    let lead = [
        Span::styled(format!("   {}", pad(&word, VERDICT, false)), theme.style(role)),
        Span::styled(pad(finding.check.word(), CHECK, false), theme.style(Role::Text)),
    ];
    let indent = || vec![Span::raw(" ".repeat(REASON))];
    let line = |(at, text): (usize, String)| {
        let mut spans = if at == 0 { lead.to_vec() } else { indent() };
        spans.push(Span::styled(text, theme.style(Role::Text)));
        Line::from(spans)
    };
    let mut lines: Vec<Line<'static>> = wrap(&finding.reason, room).into_iter().enumerate().map(line).collect();
    let Some(remedy) = &finding.remedy else { return lines };
    let below = |text: String| {
        let mut spans = indent();
        spans.push(Span::styled(text, theme.style(Role::Muted)));
        Line::from(spans)
    };
    lines.extend(wrap(&format!("→ {remedy}"), room).into_iter().map(below));
    lines.extend(remedy.statement().into_iter().flat_map(|text| statement(theme, text, width)));
    lines
}

/// A statement to hand on, as it is written: its indentation says something.
fn statement(theme: Theme, text: &str, width: usize) -> Vec<Line<'static>> {
    let folded = text.lines().flat_map(|line| fold(line, width.saturating_sub(7)));
    folded.map(|line| Line::styled(format!("      {line}"), theme.style(Role::Text))).collect()
}
