//! The keys, from the table, grouped by where they hold.

use ratatui::text::{Line, Span};

use crate::tui::cells::{pad, wrap};
use crate::tui::keys::{Binding, Context, Key, bindings, of_screen};
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Cells for the keys.
const KEYS: usize = 16;

/// Every binding that has a sentence, those of the screen one comes from first.
pub fn lines(model: &Model) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut lines = Vec::new();
    let mut heading: Option<Context> = None;
    let here = of_screen(model.screen);
    let (first, rest): (Vec<&Binding>, Vec<&Binding>) = bindings().partition(|binding| binding.context == here);
    for binding in first.into_iter().chain(rest).filter(|binding| !binding.help.is_empty()) {
        if heading != Some(binding.context) {
            if heading.is_some() {
                lines.push(Line::default());
            }
            heading = Some(binding.context);
            lines.push(Line::styled(format!(" {}", binding.context.title()), theme.style(Role::Title)));
        }
        let keys = binding.keys.iter().copied().map(Key::name).collect::<Vec<_>>().join(" ");
        let room = usize::from(model.size.0).saturating_sub(KEYS + 4);
        let (key_role, role, why) = if binding.is_forbidden(model) {
            (Role::Muted, Role::Muted, " (read-only: not now)")
        } else {
            (Role::Key, Role::Text, "")
        };
        for (at, text) in wrap(&format!("{}{why}", binding.help), room).into_iter().enumerate() {
            let keys = if at == 0 { keys.as_str() } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!("   {}", pad(keys, KEYS, false)), theme.style(key_role)),
                Span::styled(text, theme.style(role)),
            ]));
        }
    }
    lines
}
