//! A failure in place of what it kept from being shown: what failed, on what, why, and what to do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::problem::Problem;
use crate::tui::cells::wrap;
use crate::tui::theme::{Role, Theme};

/// The failure as a page.
pub fn page(theme: Theme, out: &mut Frame<'_>, area: Rect, problem: &Problem) {
    let mut shown = lines(theme, problem, usize::from(area.width));
    shown.push(Line::default());
    shown.push(Line::from(vec![
        Span::styled("   R", theme.style(Role::Key)),
        Span::styled(" tries again; the other screens go on working.", theme.style(Role::Muted)),
    ]));
    out.render_widget(Paragraph::new(shown), area);
}

/// The failure as labelled lines of at most `width` cells.
pub fn lines(theme: Theme, problem: &Problem, width: usize) -> Vec<Line<'static>> {
    let explanation = problem.explain();
    let place = [problem.resource.as_deref(), problem.region.as_deref()];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" in ");
    let said = [problem.code.as_deref(), problem.message.as_deref()];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(": ");
    let rows = [
        ("Failed", problem.operation, Role::Bad),
        ("On", place.as_str(), Role::Text),
        ("Because", explanation.cause, Role::Text),
        ("To do", explanation.remedy, Role::Title),
        ("AWS said", said.as_str(), Role::Muted),
        ("Request id", problem.request_id.as_deref().unwrap_or_default(), Role::Muted),
    ];
    let told = rows.into_iter().filter(|(_, text, _)| !text.is_empty());
    told.flat_map(|(label, text, role)| field(theme, label, text, role, width)).collect()
}

/// `label   text`, wrapped under itself.
pub fn field(theme: Theme, label: &'static str, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    let line = |(at, text): (usize, String)| {
        let label = if at == 0 { label } else { "" };
        Line::from(vec![
            Span::styled(format!("   {label:<14}"), theme.style(Role::Muted)),
            Span::styled(text, theme.style(role)),
        ])
    };
    wrap(text, width.saturating_sub(19)).into_iter().enumerate().map(line).collect()
}
