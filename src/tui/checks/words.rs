//! Checks in words and signs.

use crate::domain::names::LogGroupName;
use crate::domain::preflight::{Checklist, Finding, Item, Remedy, Verdict};
use crate::tui::cells::counted;
use crate::tui::checks::Checks;
use crate::tui::form::FormAction;
use crate::tui::keys::{self, Action};
use crate::tui::theme::Role;

/// Verdicts, the one to look at first first.
pub const WORST_FIRST: [Verdict; 4] = [Verdict::Block, Verdict::Warn, Verdict::Unchecked, Verdict::Pass];

/// Findings told on the page before queueing; the form tells them all.
const MOST_FACTS: usize = 4;

/// The sign of a verdict and its look.
pub const fn mark(verdict: Verdict) -> (&'static str, Role) {
    match verdict {
        Verdict::Pass => ("✓", Role::Good),
        Verdict::Unchecked => ("?", Role::Muted),
        Verdict::Warn => ("!", Role::Warning),
        Verdict::Block => ("✗", Role::Bad),
    }
}

/// How far the checks are, or how many findings there are of each verdict.
pub fn tally(checks: &Checks) -> String {
    let Some(list) = checks.answer() else {
        return if checks.is_under_way() { "checking …" } else { "wait for valid fields" }.to_owned();
    };
    let again = if checks.is_under_way() { "; checking again …" } else { "" };
    let count = |verdict: Verdict| (list.of(verdict).count(), verdict.word());
    let counts = WORST_FIRST.map(count).into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
    format!("{}{again}", counts.join(", "))
}

/// What to do, for somebody at the keys.
pub fn told(remedy: &Remedy) -> String {
    match remedy {
        Remedy::TrustKey => {
            let key = keys::name_in_form(Action::Form(FormAction::TrustKey));
            let engine = engine_key();
            format!(
                "choose a bucket with SSE-S3, or press {engine} for the direct engine, or {key} if the key's policy lets the \
                 logs service in"
            )
        }
        Remedy::Direct(advice) => format!("{advice}, or press {} for the direct engine", engine_key()),
        Remedy::Create => {
            format!("check its name, or press {} to create it", keys::name_in_form(Action::NewBucket))
        }
        Remedy::Grant(_) => {
            format!("press {} to see what the policy lacks, and to add it", keys::name_in_form(Action::AskGrant))
        }
        Remedy::Advice(_) | Remedy::BucketStatement(_) | Remedy::KeyStatement(_) => remedy.to_string(),
    }
}

fn engine_key() -> String {
    keys::name_in_form(Action::Form(FormAction::ToggleEngine))
}

/// `bucket policy: the bucket has no policy`.
pub fn clause(finding: &Finding) -> String {
    format!("{}: {}", finding.check.word(), finding.reason)
}

/// Whose finding it is, where it is not everybody's: `/ecs/web and 2 more log groups`.
pub fn whose(item: &Item) -> Option<String> {
    let names: Vec<&str> = item.groups.iter().map(LogGroupName::as_str).collect();
    match names.as_slice() {
        [] => None,
        [first] => Some((*first).to_owned()),
        [first, rest @ ..] => Some(format!("{first} and {}", counted(rest.len(), "more log group"))),
    }
}

/// What the page before queueing tells of them: label, text, look.
pub fn facts(checks: &Checks, off: bool) -> Vec<(&'static str, String, Role)> {
    let mut facts = vec![("Checks", tally(checks), Role::Text)];
    let Some(list) = checks.answer() else { return facts };
    if off {
        facts.push(("! Checks off", "it is launched all the same, whatever blocks it".to_owned(), Role::Warning));
    }
    let of = |verdict, label| list.of(verdict).map(move |item| (label, sentence(item), mark(verdict).1));
    facts.extend(of(Verdict::Block, "✗ Blocked").chain(of(Verdict::Warn, "! Warning")).take(MOST_FACTS));
    let told = facts.len();
    let all = list.of(Verdict::Block).count() + list.of(Verdict::Warn).count();
    if all > MOST_FACTS {
        let more = format!("{} more: {} in the form shows them", all - MOST_FACTS, page_key());
        facts.insert(told, ("", more, Role::Muted));
    }
    facts
}

fn sentence(item: &Item) -> String {
    let whose = whose(item).map_or_else(String::new, |whose| format!(" ({whose})"));
    format!("{}{whose}", clause(&item.finding))
}

/// The key that shows all of them.
pub fn page_key() -> String {
    keys::name_in_form(Action::OpenChecks)
}

/// Whether the list warns of the range: then nobody else has to.
pub fn warns_of_range(list: &Checklist) -> bool {
    use crate::domain::preflight::Check;
    list.worst_of(Check::Range).is_some_and(|item| item.finding.verdict == Verdict::Warn)
}
