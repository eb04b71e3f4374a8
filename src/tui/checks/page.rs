//! The checks as a page over the form: what does not pass first, in full.

use ratatui::text::{Line, Span};

use super::words::{WORST_FIRST, mark, tally, told};
use crate::domain::names::LogGroupName;
use crate::domain::preflight::{Item, Verdict};
use crate::domain::text::escape;
use crate::tui::cells::{fit_end, pad, wrap};
use crate::tui::checks::Checks;
use crate::tui::theme::{Role, Theme};

/// Cells of a check in the list of what passes.
const CHECK: usize = 18;

/// Where reasons and remedies begin.
const INDENT: usize = 5;

/// Its lines for `width` cells.
pub fn page(checks: &Checks, off: bool, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(format!("   {}", tally(checks)), theme.style(Role::Muted)), Line::default()];
    if off {
        let text = "   ! The checks are off: the export is launched whatever blocks it.";
        lines.extend([Line::styled(fit_end(text, width), theme.style(Role::Warning)), Line::default()]);
    }
    let Some(list) = checks.answer() else { return lines };
    for verdict in WORST_FIRST {
        let mut items = list.of(verdict).peekable();
        if verdict == Verdict::Pass {
            lines.extend(items.map(|item| passed(item, theme, width)));
        } else if items.peek().is_some() {
            lines.extend(items.flat_map(|item| stands_out(item, theme, width)));
        }
    }
    for remark in list.remarks() {
        lines.push(Line::default());
        lines.extend(indented(remark, theme.style(Role::Muted), 3, width));
    }
    lines
}

fn indented(text: &str, style: ratatui::style::Style, by: usize, width: usize) -> impl Iterator<Item = Line<'static>> {
    let lines = wrap(text, width.saturating_sub(by + 1));
    lines.into_iter().map(move |line| Line::styled(format!("{:by$}{line}", ""), style))
}

/// A finding somebody should read, with everything there is to say of it.
fn stands_out(item: &Item, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let finding = &item.finding;
    let (sign, role) = mark(finding.verdict);
    let mut lines = vec![Line::from(vec![
        Span::styled(format!("   {sign} {}  ", finding.verdict.word()), theme.style(role)),
        Span::styled(finding.check.word(), theme.style(Role::Title)),
    ])];
    lines.extend(indented(&finding.reason, theme.style(Role::Text), INDENT, width));
    if !item.groups.is_empty() {
        let names: Vec<&str> = item.groups.iter().map(LogGroupName::as_str).collect();
        lines.extend(indented(&format!("of {}", names.join(", ")), theme.style(Role::Muted), INDENT, width));
    }
    if let Some(remedy) = &finding.remedy {
        lines.extend(indented(&format!("→ {}", told(remedy)), theme.style(Role::Text), INDENT, width));
        let statement = remedy.statement().into_iter().flat_map(str::lines);
        // Not wrapped: it is there to be copied.
        lines.extend(statement.map(|line| Line::styled(format!("       {}", escape(line)), theme.style(Role::Muted))));
    }
    lines.push(Line::default());
    lines
}

fn passed(item: &Item, theme: Theme, width: usize) -> Line<'static> {
    let (sign, role) = mark(item.finding.verdict);
    let before = format!("   {sign} {}  ", item.finding.verdict.word());
    let check = pad(item.finding.check.word(), CHECK, false);
    let room = width.saturating_sub(before.chars().count() + CHECK + 1);
    Line::from(vec![
        Span::styled(before, theme.style(role)),
        Span::styled(check, theme.style(Role::Text)),
        Span::styled(fit_end(&item.finding.reason, room), theme.style(Role::Muted)),
    ])
}
