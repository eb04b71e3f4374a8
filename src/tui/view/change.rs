//! The page of a change of a bucket: what it is, how far it is, and every line that changes.

use std::path::Path;

use ratatui::text::{Line, Span};

use super::problem::{self, field};
use crate::domain::lifecycle::Edit;
use crate::domain::policy::{Change as Fate, Line as DiffLine};
use crate::export::remedy::Change;
use crate::tui::cells::{counted, fold};
use crate::tui::change::{ChangePage, Refusal, Stage, Wish};
use crate::tui::theme::{Role, Theme};

/// Unchanged lines shown before and behind changed ones; of more it is said how many there are.
const AROUND: usize = 3;

/// Title, and lines of at most `width` cells.
pub fn page(theme: Theme, page: &ChangePage, width: usize) -> (String, Vec<Line<'static>>) {
    let say = |text: &str, role| field(theme, "", text, role, width);
    let title = page.stage.change().map_or_else(|| wished(&page.wish), |change| capital(&change.title()));
    let mut lines = match &page.stage {
        Stage::Asked(_) => say("looking at what is there …", Role::Active),
        Stage::Nothing => say("✓ Nothing to do: its policy lets the logs service in already.", Role::Good),
        Stage::Ready(change) => ready(theme, change, width),
        Stage::Writing(..) => say("writing …", Role::Active),
        Stage::Applied(change, copy) => applied(theme, change, copy.as_deref(), width),
        Stage::Refused(refusal) => refused(theme, refusal, "R looks at it again.", width),
    };
    if let Some(change) = page.stage.change() {
        lines.push(Line::default());
        lines.extend(diff_lines(theme, &change.diff(), width));
    }
    (title, lines)
}

fn wished(wish: &Wish) -> String {
    let bucket = wish.bucket();
    match wish {
        Wish::Grant(..) => format!("Let the logs service into {bucket}"),
        Wish::Lifecycle(_, Edit::Add(_)) => format!("Add a lifecycle rule to {bucket}"),
        Wish::Lifecycle(_, Edit::Change(rule)) => format!("Edit the lifecycle rule {} of {bucket}", rule.id()),
        Wish::Lifecycle(_, Edit::Remove(id)) => format!("Remove the lifecycle rule {id} of {bucket}"),
        Wish::Undo(_, setting) => format!("Undo the last change of the {} of {bucket}", setting.word()),
    }
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// What is known before it is confirmed.
fn ready(theme: Theme, change: &Change, width: usize) -> Vec<Line<'static>> {
    let diff = change.diff();
    let of = |fate: Fate| diff.iter().filter(|line| line.change == fate).count();
    let removed = of(Fate::Removed);
    let sizes = format!("{} added, {} taken away", counted(of(Fate::Added), "line"), counted(removed, "line"));
    let mut lines = field(theme, "Bucket", &format!("{} in {}", change.bucket(), change.region()), Role::Text, width);
    lines.extend(field(theme, "Change", &sizes, if removed > 0 { Role::Warning } else { Role::Text }, width));
    for note in change.notes() {
        lines.extend(field(theme, "! Mind", note, Role::Warning, width));
    }
    let kept = if change.is_undo() {
        "nothing is written before Enter"
    } else {
        "nothing is written before Enter; what stands there now is kept on this machine first, and can be put back"
    };
    lines.extend(field(theme, "", kept, Role::Muted, width));
    lines
}

fn applied(theme: Theme, change: &Change, copy: Option<&Path>, width: usize) -> Vec<Line<'static>> {
    let done = format!("✓ Done, and read back from {}.", change.bucket());
    let mut lines = field(theme, "", &done, Role::Good, width);
    if let Some(copy) = copy {
        lines.extend(field(theme, "Kept", &copy.display().to_string(), Role::Text, width));
        lines.extend(field(theme, "", "u shows what would undo it", Role::Muted, width));
    }
    lines
}

/// Why something was not done, what to do, and what a key does.
pub fn refused(theme: Theme, refusal: &Refusal, key: &str, width: usize) -> Vec<Line<'static>> {
    let mut lines = match &refusal.problem {
        Some(trouble) => problem::lines(theme, trouble, width),
        None => [("✗ Not done", &refusal.why, Role::Bad), ("To do", &refusal.remedy, Role::Title)]
            .into_iter()
            .flat_map(|(label, text, role)| field(theme, label, text, role, width))
            .collect(),
    };
    lines.push(Line::default());
    lines.extend(field(theme, "", key, Role::Muted, width));
    lines
}

/// The changed lines, each with its sign, and what stands around them.
fn diff_lines(theme: Theme, diff: &[DiffLine], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut hidden = 0;
    for (at, line) in diff.iter().enumerate() {
        let around = at.saturating_sub(AROUND)..(at + AROUND + 1).min(diff.len());
        let near = diff.get(around).unwrap_or_default().iter().any(|line| line.change != Fate::Same);
        if !near {
            hidden += 1;
            continue;
        }
        lines.extend(gap(theme, std::mem::take(&mut hidden)));
        lines.extend(diff_line(theme, line, width));
    }
    lines.extend(gap(theme, hidden));
    lines
}

fn gap(theme: Theme, hidden: usize) -> Option<Line<'static>> {
    let text = format!("     … {} as they are", counted(hidden, "line"));
    (hidden > 0).then(|| Line::styled(text, theme.style(Role::Muted)))
}

fn diff_line(theme: Theme, line: &DiffLine, width: usize) -> Vec<Line<'static>> {
    let role = match line.change {
        Fate::Same => Role::Muted,
        Fate::Added => Role::Good,
        Fate::Removed => Role::Bad,
    };
    let folded = fold(&line.text, width.saturating_sub(6));
    let shown = folded.into_iter().enumerate().map(|(at, text)| {
        let sign = if at == 0 { line.change.sign() } else { '┆' };
        Line::from(vec![Span::styled(format!("   {sign} "), theme.style(role)), Span::styled(text, theme.style(role))])
    });
    shown.collect()
}
