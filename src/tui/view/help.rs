//! The keys, from the table, grouped by where they hold; of what is looked for, only what has its words.

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{more_below, title};
use crate::tui::cells::{pad, wrap};
use crate::tui::help::HelpPage;
use crate::tui::keys::{Binding, Context, bindings, names, of_screen};
use crate::tui::layout::Areas;
use crate::tui::list::Filter;
use crate::tui::model::Model;
use crate::tui::search::Search;
use crate::tui::theme::Role;

/// Cells for the keys.
const KEYS: usize = 16;

/// Draws the page.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas, page: &HelpPage) {
    let lines = lines(model, page);
    let height = usize::from(areas.body.height);
    let top = page.top.min(lines.len().saturating_sub(height));
    let more = more_below(lines.len().saturating_sub(top + height));
    let typed = Filter::Editing(page.input.clone());
    title(model.settings.theme, out, areas.title, "Keys", &more, Some(&typed));
    let seen: Vec<Line<'_>> = lines.into_iter().skip(top).take(height).collect();
    out.render_widget(Paragraph::new(seen), areas.body);
}

/// Every binding that has a sentence, those of the screen one comes from first; if something is looked for, those whose
/// keys, place or sentence have it.
pub fn lines(model: &Model, page: &HelpPage) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut lines = Vec::new();
    let mut heading: Option<Context> = None;
    let here = of_screen(model.screen);
    let mut search = Search::new(page.input.value()).strict();
    let (first, rest): (Vec<&Binding>, Vec<&Binding>) = bindings().partition(|binding| binding.context == here);
    for binding in first.into_iter().chain(rest).filter(|binding| !binding.help.is_empty()) {
        let keys = names(model, binding).join(" ");
        let told = format!("{keys} {} {} {}", binding.context.title(), binding.label, binding.help);
        if search.score(&told).is_none() {
            continue;
        }
        if heading != Some(binding.context) {
            if heading.is_some() {
                lines.push(Line::default());
            }
            heading = Some(binding.context);
            lines.push(Line::styled(format!(" {}", binding.context.title()), theme.style(Role::Title)));
        }
        lines.extend(row(model, binding, &keys));
    }
    if lines.is_empty() {
        lines.push(Line::styled(" No key has these words. Esc goes back.", theme.style(Role::Muted)));
    }
    lines
}

fn row(model: &Model, binding: &Binding, keys: &str) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let room = usize::from(model.size.0).saturating_sub(KEYS + 4);
    let (key_role, role, why) = if binding.is_forbidden(model) {
        (Role::Muted, Role::Muted, " (read-only: not now)")
    } else {
        (Role::Key, Role::Text, "")
    };
    let words = wrap(&format!("{}{why}", binding.help), room).into_iter().enumerate();
    let line = |(at, text): (usize, String)| {
        let keys = if at == 0 { keys } else { "" };
        Line::from(vec![
            Span::styled(format!("   {}", pad(keys, KEYS, false)), theme.style(key_role)),
            Span::styled(text, theme.style(role)),
        ])
    };
    words.map(line).collect()
}
