//! The checks beside the form, and where there is no room for that, in a line.

use ratatui::text::{Line, Span};

use super::words::{WORST_FIRST, clause, mark, page_key, tally, told, whose};
use crate::domain::preflight::{Check, Checklist, Item, Verdict};
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

/// The lines beside the form, at most `height` of `width` cells. Where that is too few for all of it, what passes goes
/// before what warns or blocks is cut.
pub fn panel(checks: &Checks, off: bool, theme: Theme, width: usize, height: usize) -> Vec<Line<'static>> {
    let mut lines = vec![head(checks, theme)];
    if off {
        lines.push(Line::styled(fit_end("! off: launched whatever blocks it", width), theme.style(Role::Warning)));
    }
    let (worth, rest) = (details(checks, &[Verdict::Block, Verdict::Warn], theme, width), rest(checks, theme, width));
    let made = checks.made();
    let fits = lines.len() + made.len() + worth.len() < height;
    let shown = |check: &Check| fits || checks.answer().is_none() || !passes(checks, *check);
    lines.extend(made.into_iter().filter(shown).map(|check| row(checks, check, theme, width)));
    lines.extend(worth.into_iter().chain(rest));
    if lines.len() > height {
        lines.truncate(height.saturating_sub(1));
        lines.push(Line::styled(fit_end(&format!("{} shows all of it", page_key()), width), theme.style(Role::Muted)));
    }
    lines
}

/// How far they are, or how many there are of each sign.
fn head(checks: &Checks, theme: Theme) -> Line<'static> {
    let mut spans = vec![Span::styled("Checks", theme.style(Role::Title))];
    let muted = |text: String| Span::styled(format!("  {text}"), theme.style(Role::Muted));
    let Some(list) = checks.answer() else {
        spans.push(muted(tally(checks)));
        return Line::from(spans);
    };
    for verdict in WORST_FIRST {
        let (count, (sign, role)) = (list.of(verdict).count(), mark(verdict));
        if count > 0 {
            spans.push(Span::styled(format!("  {sign} {count}"), theme.style(role)));
        }
    }
    if checks.is_under_way() {
        spans.push(muted("again …".to_owned()));
    }
    Line::from(spans)
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

/// What has one of these verdicts, with what to do about it.
fn details(checks: &Checks, verdicts: &[Verdict], theme: Theme, width: usize) -> Vec<Line<'static>> {
    let items = checks.answer().into_iter().flat_map(|list| verdicts.iter().flat_map(|verdict| list.of(*verdict)));
    items.flat_map(|item| detail(item, theme, width)).collect()
}

/// What could not be looked at.
fn rest(checks: &Checks, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = details(checks, &[Verdict::Unchecked], theme, width);
    for remark in checks.answer().into_iter().flat_map(Checklist::remarks) {
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
