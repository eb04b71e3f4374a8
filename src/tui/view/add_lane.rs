//! The question where another lane is, in a box over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use crate::tui::add_lane::{AddLane, Field, Stage};
use crate::tui::cells::{fit_end, pad, wrap};
use crate::tui::line::window;
use crate::tui::theme::{Role, Theme};

/// Cells of a label and its bar.
const LABEL: usize = 10;

/// What empty fields mean.
const NO_PROFILE: &str = "none: environment or default";
const NO_PROFILES: &str = "twelve digits: an account of the sandbox's";
const NO_REGION: &str = "the profile's own";

/// Draws the box in the middle of `area`; the terminal's cursor stands in it.
pub fn draw(theme: Theme, out: &mut Frame<'_>, area: Rect, form: &AddLane, in_sandbox: bool) {
    let width = area.width.saturating_sub(4).min(72);
    let inner = usize::from(width.saturating_sub(4));
    let profile = if in_sandbox { NO_PROFILES } else { NO_PROFILE };
    let mut lines = vec![
        line(theme, form, Field::Profile, inner, profile),
        line(theme, form, Field::Region, inner, NO_REGION),
        Line::default(),
    ];
    lines.extend(standing(theme, &form.stage, inner));
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let block = Block::bordered().title(" Add a lane ").border_style(theme.style(Role::Key));
    out.render_widget(Clear, place);
    out.render_widget(Paragraph::new(lines).block(block), place);
    cursor(out, form, place, inner);
}

fn line(theme: Theme, form: &AddLane, field: Field, width: usize, empty: &str) -> Line<'static> {
    let (label, input) = match field {
        Field::Profile => ("Profile", &form.profile),
        Field::Region => ("Region", &form.region),
    };
    let focused = form.at == field;
    let room = width.saturating_sub(LABEL + 1);
    let (text, role) = match input.value() {
        "" => (fit_end(empty, room), Role::Muted),
        _ => (window(input.input(), room).0, Role::Text),
    };
    let (mark, bar) = if focused { ("▸", "┃") } else { (" ", "│") };
    Line::from(vec![
        Span::styled(format!("{mark} {}{bar}", pad(label, LABEL - 3, false)), theme.style(Role::Key)),
        Span::styled(text, theme.style(role)),
    ])
}

fn standing(theme: Theme, stage: &Stage, width: usize) -> Vec<Line<'static>> {
    let tell = |text: &str, role: Role| -> Vec<Line<'static>> {
        wrap(text, width).into_iter().map(|line| Line::styled(format!(" {line}"), theme.style(role))).collect()
    };
    match stage {
        Stage::Typing => tell("Enter connects, Esc closes.", Role::Muted),
        Stage::Asked(_) => tell("connecting …", Role::Active),
        Stage::Failed(problem) => {
            let explanation = problem.explain();
            let mut lines = tell(&format!("✗ {}", explanation.cause), Role::Bad);
            lines.extend(problem.message.iter().flat_map(|said| tell(said, Role::Muted)));
            lines.extend(tell(&explanation.remedy, Role::Text));
            lines
        }
    }
}

fn cursor(out: &mut Frame<'_>, form: &AddLane, place: Rect, width: usize) {
    let (input, row) = match form.at {
        Field::Profile => (&form.profile, 1),
        Field::Region => (&form.region, 2),
    };
    let (_, at) = window(input.input(), width.saturating_sub(LABEL + 1));
    let column = u16::try_from(1 + LABEL + at).unwrap_or(0);
    if row < place.height && column < place.width {
        out.set_cursor_position((place.x + column, place.y + row));
    }
}
