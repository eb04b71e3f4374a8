//! Lifecycle rules in words: in a cell of the table of buckets, and on a bucket's page.

use ratatui::text::Line;

use super::problem::{field, said};
use super::verdict;
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::lifecycle::{Lifecycle, Rule, Touch};
use crate::domain::problem::Problem;
use crate::tui::cells::counted;
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
