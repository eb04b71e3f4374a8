//! The checks beside the form, and where there is no room for that, in a line.

use ratatui::text::{Line, Span};

use super::words::{WORST_FIRST, clause, mark, page_key, tally, told, whose};
use crate::domain::preflight::{Check, Item, Verdict};
use crate::tui::cells::{fit_end, pad, wrap};
use crate::tui::checks::Checks;
use crate::tui::theme::{Role, Theme};

/// Cells of a verdict: the longest is `could not check`.
const VERDICT: usize = 15;

/// Cells of a check: the longest is `object ownership`.
const CHECK: usize = 16;

/// Fewer cells of a reason tell nothing.
const REASON: usize = 16;

/// Cells before a check's word: sign, verdict and the gaps.
const BEFORE: usize = 2 + VERDICT + 2;

/// The lines beside the form, at most `height` of `width` cells.
pub fn panel(checks: &Checks, off: bool, theme: Theme, width: usize, height: usize) -> Vec<Line<'static>> {
    let mut head = vec![Span::styled("Checks", theme.style(Role::Title))];
    head.push(Span::styled(
        format!("  {}", fit_end(&tally(checks), width.saturating_sub(8))),
        theme.style(Role::Muted),
    ));
    let mut lines = vec![Line::from(head)];
    if off {
        lines.push(Line::styled(fit_end("! off: launched whatever blocks it", width), theme.style(Role::Warning)));
    }
    let details = details(checks, theme, width);
    let above = lines.len();
    let fits = above + Check::ALL.len() + details.len() <= height;
    let shown = |check: &Check| fits || checks.answer().is_none() || !passes(checks, *check);
    lines.extend(Check::ALL.into_iter().filter(shown).map(|check| row(checks, check, theme, width)));
    lines.extend(details);
    if lines.len() > height {
        lines.truncate(height.saturating_sub(1));
        lines.push(Line::styled(fit_end(&format!("{} shows all of it", page_key()), width), theme.style(Role::Muted)));
    }
    lines
}

fn passes(checks: &Checks, check: Check) -> bool {
    let worst = checks.answer().and_then(|list| list.worst_of(check));
    worst.is_none_or(|item| item.finding.verdict == Verdict::Pass)
}

/// Sign, verdict, check, and as much of the reason as there is room for.
fn row(checks: &Checks, check: Check, theme: Theme, width: usize) -> Line<'static> {
    let worst = checks.answer().and_then(|list| list.worst_of(check));
    let (sign, word, role) = match worst {
        Some(item) => {
            let (sign, role) = mark(item.finding.verdict);
            (sign, item.finding.verdict.word(), role)
        }
        None if checks.answer().is_some() => ("·", "not looked at", Role::Muted),
        None if checks.is_under_way() => ("·", "checking …", Role::Muted),
        None => ("·", "", Role::Muted),
    };
    let mut spans = vec![
        Span::styled(format!("{sign} {}  ", pad(word, VERDICT, false)), theme.style(role)),
        Span::styled(pad(check.word(), CHECK, false), theme.style(Role::Text)),
    ];
    let room = width.saturating_sub(BEFORE + CHECK + 2);
    if let Some(item) = worst.filter(|_| room >= REASON) {
        spans.push(Span::styled(format!("  {}", fit_end(&item.finding.reason, room)), theme.style(Role::Muted)));
    }
    Line::from(spans)
}

/// What does not pass, the worst first, with what to do about it.
fn details(checks: &Checks, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let Some(list) = checks.answer() else { return Vec::new() };
    let worst =
        WORST_FIRST.into_iter().filter(|verdict| *verdict != Verdict::Pass).flat_map(|verdict| list.of(verdict));
    let mut lines: Vec<Line<'static>> = worst.flat_map(|item| detail(item, theme, width)).collect();
    for remark in list.remarks() {
        lines.push(Line::default());
        lines.extend(wrap(remark, width).into_iter().map(|line| Line::styled(line, theme.style(Role::Muted))));
    }
    lines
}

fn detail(item: &Item, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let (sign, role) = mark(item.finding.verdict);
    let mut lines = vec![Line::default()];
    let mut push = |text: &str, first: &str, role: Role| {
        for (at, line) in wrap(text, width.saturating_sub(2)).into_iter().enumerate() {
            let before = if at == 0 { first } else { " " };
            lines.push(Line::styled(format!("{before} {line}"), theme.style(role)));
        }
    };
    push(&clause(&item.finding), sign, role);
    if let Some(whose) = whose(item) {
        push(&format!("of {whose}"), " ", Role::Muted);
    }
    if let Some(remedy) = &item.finding.remedy {
        push(&told(remedy), "→", Role::Text);
    }
    lines
}

/// All of it in one line, and its look: what blocks first, or else the counts.
pub fn summary(checks: &Checks, off: bool) -> (String, Role) {
    let Some(list) = checks.answer() else { return (tally(checks), Role::Muted) };
    let key = page_key();
    if off {
        return (format!("! off: launched whatever blocks it; {key} shows it"), Role::Warning);
    }
    match (list.block(), list.of(Verdict::Warn).next()) {
        (Some(item), _) => {
            let more = list.of(Verdict::Block).count() - 1;
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            (format!("✗ blocked by {}{more}: {key} shows why and what to do", item.finding.check.word()), Role::Bad)
        }
        (None, Some(_)) => (format!("! {}: {key} shows them", tally(checks)), Role::Warning),
        (None, None) => (format!("✓ {}", tally(checks)), Role::Good),
    }
}
