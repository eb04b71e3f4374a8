//! Lifecycle rules in words: in a cell of the table of buckets, on a bucket's page, and on a page of their own.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::problem::{self, field, said};
use super::{title, verdict};
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::lifecycle::{Lifecycle, Rule, Touch};
use crate::domain::problem::Problem;
use crate::tui::cells::{counted, fit_end, fit_middle, pad};
use crate::tui::layout::Areas;
use crate::tui::model::Model;
use crate::tui::rules::RulesPage;
use crate::tui::theme::{Role, Theme};

/// One cell: what the rules do.
pub fn cell(answer: &Result<Option<Lifecycle>, Problem>) -> (String, Role) {
    match answer {
        Ok(Some(lifecycle)) => (lifecycle.summary(), Role::Text),
        Ok(None) => ("–".to_owned(), Role::Muted),
        Err(trouble) => verdict::refused(trouble),
    }
}

/// The rules that touch exports, each in full, and how many others there are.
pub fn fields(theme: Theme, answer: &Result<Option<Lifecycle>, Problem>, width: usize) -> Vec<Line<'static>> {
    let lifecycle = match answer {
        Ok(Some(lifecycle)) => lifecycle,
        Ok(None) => return field(theme, "Lifecycle", "no rules", Role::Text, width),
        Err(trouble) => {
            let why = format!("cannot be read: {}; {}", trouble.explain().cause, said(trouble).1);
            return field(theme, "Lifecycle", &why, Role::Muted, width);
        }
    };
    let told: Vec<String> = lifecycle.touching(DEFAULT_PREFIX).map(|(rule, touch)| in_full(rule, &touch)).collect();
    let others = lifecycle.rules().len() - told.len();
    let labels = std::iter::once("Lifecycle").chain(std::iter::repeat(""));
    let mut lines: Vec<Line<'static>> =
        labels.zip(&told).flat_map(|(label, rule)| field(theme, label, rule, Role::Text, width)).collect();
    if told.is_empty() || others > 0 {
        let label = if told.is_empty() { "Lifecycle" } else { "" };
        let text =
            format!("{} that {} not touch exports", counted(others, "rule"), if others == 1 { "does" } else { "do" });
        lines.extend(field(theme, label, &text, Role::Muted, width));
    }
    lines
}

/// `to-glacier, on exportedlogs/: expire after 365 d`.
fn in_full(rule: &Rule, touch: &Touch) -> String {
    let id = rule.id.as_deref().unwrap_or("(no id)");
    let depends = match touch {
        Touch::No | Touch::Yes => "",
        Touch::Maybe(_) => " (may touch exports)",
    };
    format!("{id}, on {}: {}{depends}", rule.scope, rule.summary())
}

/// Lines a rule takes on its page.
const RULE_LINES: usize = 2;

/// Draws the page of a bucket's rules.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas, page: &RulesPage) {
    let theme = model.settings.theme;
    let name = format!("Lifecycle rules · {}", page.bucket);
    let name = fit_end(&name, usize::from(areas.title.width / 2));
    let count = model.rules_here().map(|rules| counted(rules.len(), "rule")).unwrap_or_default();
    title(theme, out, areas.title, &name, &count, None);
    let width = usize::from(areas.body.width);
    let lines = match (model.buckets.rules(&page.bucket), model.rules_here()) {
        (None, _) => field(theme, "", "looking at its rules …", Role::Active, width),
        (Some(Err(trouble)), _) => problem::lines(theme, trouble, width),
        (Some(Ok(_)), None | Some([])) => {
            let none = "No lifecycle rule: whatever is put there stays as it is, until somebody deletes it.";
            field(theme, "", none, Role::Text, width)
        }
        (Some(Ok(_)), Some(rules)) => shown(theme, rules, page.at, areas.body),
    };
    out.render_widget(Paragraph::new(lines), areas.body);
}

/// Rules that are seen at once.
pub fn in_sight(body: Rect) -> usize {
    (usize::from(body.height) / RULE_LINES).max(1)
}

fn shown(theme: Theme, rules: &[Rule], at: usize, body: Rect) -> Vec<Line<'static>> {
    let (room, width) = (in_sight(body), usize::from(body.width));
    let at = at.min(rules.len().saturating_sub(1));
    let top = (at + 1).saturating_sub(room);
    let seen = rules.iter().enumerate().skip(top).take(room);
    seen.flat_map(|(place, rule)| two_lines(theme, rule, place == at, width)).collect()
}

/// Its id, which objects it is about and whether exports are among them; under it what it does.
fn two_lines(theme: Theme, rule: &Rule, here: bool, width: usize) -> [Line<'static>; RULE_LINES] {
    let style = |role| theme.style(if here { Role::Cursor } else { role });
    let mark = if here { '›' } else { ' ' };
    let (touches, look) = match rule.scope.touches(DEFAULT_PREFIX) {
        Touch::Yes | Touch::Maybe(_) if !rule.enabled => ("is off", Role::Muted),
        Touch::Yes => ("touches exports", Role::Warning),
        Touch::Maybe(_) => ("may touch exports", Role::Warning),
        Touch::No => ("does not touch exports", Role::Muted),
    };
    let room = width.saturating_sub(touches.len() + 6);
    let id = fit_middle(&format!("{}, on {}", rule.id.as_deref().unwrap_or("(no id)"), rule.scope), room);
    let does = fit_end(&rule.summary(), width.saturating_sub(6));
    [
        Line::from(vec![
            Span::styled(format!("{mark}  {}", pad(&id, room, false)), style(Role::Text)),
            Span::styled(pad(&format!("  {touches}"), width.saturating_sub(room + 3), false), style(look)),
        ]),
        Line::styled(pad(&format!("     {does}"), width, false), style(Role::Muted)),
    ]
}
