//! A failure in place of what it kept from being shown: what failed, on what, why, and what to do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::problem::Problem;
use crate::tui::cells::wrap;
use crate::tui::theme::{Role, Theme};

/// A listing's failure as a page.
pub fn page(theme: Theme, out: &mut Frame<'_>, area: Rect, problem: &Problem) {
    draw(theme, out, area, problem, " tries again; the other screens go on working.");
}

/// The connection's failure as a page: without it no screen has anything to show.
pub fn no_connection(theme: Theme, out: &mut Frame<'_>, area: Rect, problem: &Problem) {
    draw(theme, out, area, problem, " tries again.");
}

fn draw(theme: Theme, out: &mut Frame<'_>, area: Rect, problem: &Problem, what_r_does: &'static str) {
    let mut shown = lines(theme, problem, usize::from(area.width));
    shown.push(Line::default());
    shown.push(Line::from(vec![
        Span::styled("   R", theme.style(Role::Key)),
        Span::styled(what_r_does, theme.style(Role::Muted)),
    ]));
    out.render_widget(Paragraph::new(shown), area);
}

/// The failure as labelled lines of at most `width` cells.
pub fn lines(theme: Theme, problem: &Problem, width: usize) -> Vec<Line<'static>> {
    let explanation = problem.explain();
    let place = [problem.resource.as_deref(), problem.region.as_deref()];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" in ");
    let (who, said) = said(problem);
    let rows = [
        ("Failed", &*problem.operation, Role::Bad),
        ("On", place.as_str(), Role::Text),
        ("Account", problem.context.account.as_deref().unwrap_or_default(), Role::Text),
        ("Because", explanation.cause, Role::Text),
        ("To do", &*explanation.remedy, Role::Title),
        (who, said.as_str(), Role::Muted),
        ("Request id", problem.request_id.as_deref().unwrap_or_default(), Role::Muted),
    ];
    let told = rows.into_iter().filter(|(_, text, _)| !text.is_empty());
    told.flat_map(|(label, text, role)| field(theme, label, text, role, width)).collect()
}

/// The words of the other side, and who it was: AWS answers with a code; without one it is a cause on our side.
pub fn said(problem: &Problem) -> (&'static str, String) {
    let who = if problem.code.is_some() { "AWS said" } else { "Detail" };
    let said = [problem.code.as_deref(), problem.message.as_deref()];
    (who, said.into_iter().flatten().collect::<Vec<_>>().join(": "))
}

/// `label   text`, wrapped under itself; a line break in the text is one on the screen.
pub fn field(theme: Theme, label: &'static str, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    let line = |(at, text): (usize, String)| {
        let label = if at == 0 { label } else { "" };
        Line::from(vec![
            Span::styled(format!("   {label:<14}"), theme.style(Role::Muted)),
            Span::styled(text, theme.style(role)),
        ])
    };
    let lines = text.lines().flat_map(|text| wrap(text, width.saturating_sub(19)));
    lines.enumerate().map(line).collect()
}
