//! What stands around every screen: header, tabs, message line, footer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::messages;
use crate::tui::cells::{fit_end, fit_middle, pad, thousands, wrap};
use crate::tui::keys;
use crate::tui::list::Filter;
use crate::tui::model::{Life, Model, Screen, Tone};
use crate::tui::places::{Connection, Who};
use crate::tui::theme::{Role, Theme};

/// Cells a profile, account or Region may take in the header.
const NAME_WIDTH: usize = 20;

/// More than this of an alarm would hide what it is about.
const ALARM_LINES: u16 = 3;

/// Program, profile, account, Region at the left; sandbox or endpoint at the right.
pub fn header(model: &Model, out: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let width = usize::from(area.width);
    let badge = match (&model.settings.sandbox, model.link().and_then(|link| link.endpoint_url.as_deref())) {
        (Some(badge), _) => Span::styled(format!(" {} ", fit_end(badge, NAME_WIDTH)), theme.style(Role::Badge)),
        (None, Some(url)) => Span::styled(format!("{} ", fit_middle(url, 32)), theme.style(Role::Warning)),
        (None, None) => Span::default(),
    };
    let lock = if model.settings.read_only { " READ-ONLY " } else { "" };
    // Without colours two marks side by side would be one.
    let gap = if lock.is_empty() || badge.width() == 0 { "" } else { " " };
    let right = Line::from(vec![Span::styled(lock, theme.style(Role::Alarm)), Span::raw(gap), badge]);
    let room = width.saturating_sub(right.width() + 1);
    let text = fit_end(&whereabouts(model), room.saturating_sub(" logferry  ".len()));
    let left = vec![Span::styled(" logferry  ", theme.style(Role::Title)), Span::styled(text, theme.style(Role::Text))];
    out.render_widget(Line::from(left), area);
    let at = area.width.saturating_sub(u16::try_from(right.width()).unwrap_or(area.width));
    out.render_widget(right, Rect { x: at, width: area.width - at, ..area });
}

fn whereabouts(model: &Model) -> String {
    let place = model.places.here();
    let link = match &place.connection {
        Connection::Connecting(_) => return "connecting …".to_owned(),
        Connection::Failed(_) => return "not connected".to_owned(),
        Connection::Up(link) => link,
    };
    let account = match &place.who {
        Who::Unknown => "account …".to_owned(),
        Who::Known(identity) | Who::Stranger(identity) => identity.account.to_string(),
        Who::Refused(_) => "account unknown".to_owned(),
    };
    let profile = link.profile.as_deref().map(|name| fit_middle(name, NAME_WIDTH));
    let parts = profile.into_iter().chain([account, link.region.to_string()]);
    parts.collect::<Vec<_>>().join(" · ")
}

/// The screens with their numbers.
pub fn tabs(model: &Model, out: &mut Frame<'_>, area: Rect) {
    let spans = all_tabs(model, area.width).flat_map(|(_, spans)| spans);
    out.render_widget(Line::from(spans.collect::<Vec<_>>()), area);
}

/// The screen whose tab is at `column`.
pub fn tab_at(model: &Model, column: u16) -> Option<Screen> {
    let mut end = 0;
    let mut tabs = all_tabs(model, model.size.0);
    let hit = tabs.find(|(_, spans)| {
        end += spans.iter().map(Span::width).sum::<usize>();
        usize::from(column) < end
    });
    hit.map(|(screen, _)| screen)
}

fn all_tabs(model: &Model, width: u16) -> impl Iterator<Item = (Screen, Vec<Span<'static>>)> {
    let there = (1..).zip(Screen::ALL).filter(|(_, screen)| *screen != Screen::Form || model.form.is_some());
    there.map(move |(number, screen)| (screen, tab(model, screen, number, width < 76)))
}

/// ` 3 Exports (2) `; where it is narrow, others than that of the screen by their numbers alone.
fn tab(model: &Model, screen: Screen, number: usize, narrow: bool) -> Vec<Span<'static>> {
    let theme = model.settings.theme;
    let here = screen == model.screen;
    let mut spans = vec![Span::styled(format!(" {number}"), theme.style(Role::Key))];
    if here || !narrow {
        let role = if here { Role::Tab } else { Role::Muted };
        spans.push(Span::raw(" "));
        spans.push(Span::styled(screen.title(), theme.style(role)));
    }
    if screen == Screen::Exports {
        let open = model.exports.counts().0.open();
        if open > 0 {
            spans.push(Span::styled(format!(" ({})", thousands(open)), theme.style(Role::Active)));
        }
    }
    spans.push(Span::raw(" "));
    spans
}

/// What the terminal is called while this runs: `logferry: 3 running, 12 queued`, without the zeros.
pub fn terminal_title(model: &Model) -> String {
    let counts = model.exports.counts().0;
    let parts = [(counts.active, "running"), (counts.queued, "queued")];
    let told = parts.into_iter().filter(|(number, _)| *number > 0);
    let told: Vec<String> = told.map(|(number, word)| format!("{} {word}", thousands(number))).collect();
    if told.is_empty() { "logferry".to_owned() } else { format!("logferry: {}", told.join(", ")) }
}

/// The filter as the title line shows it, in `room` cells.
pub fn filter(theme: Theme, filter: &Filter, room: usize) -> Vec<Span<'static>> {
    let (text, role, cursor) = match filter {
        Filter::Off => return Vec::new(),
        Filter::Editing(input) => (input.value(), Role::Text, true),
        Filter::Kept(text) => (text.as_str(), Role::Marked, false),
    };
    let mut spans = vec![
        Span::styled("  / ", theme.style(Role::Key)),
        Span::styled(fit_middle(text, room.saturating_sub(6)), theme.style(role)),
    ];
    if cursor {
        spans.push(Span::styled(" ", theme.style(Role::Cursor)));
    }
    spans
}

/// What stands on the message line while nothing else does.
const WAITING: &str = " quits as soon as nothing is under way or queued (q: quit now, or stay)";

/// The last thing worth saying.
pub fn message(model: &Model, out: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    if model.life == Life::Finishing {
        let text = match model.settings.sandbox {
            Some(_) => " finishing … the sandbox ends with the program (Ctrl-C: quit now)",
            None => " finishing … what AWS has goes on there, what is queued is kept (Ctrl-C: quit now)",
        };
        return out.render_widget(Line::styled(text, theme.style(Role::Warning)), area);
    }
    if let Some(trouble) = model.exports.trouble() {
        return alarm(theme, out, area, trouble);
    }
    let Some(message) = model.message() else {
        if model.life == Life::Waiting {
            out.render_widget(Line::styled(WAITING, theme.style(Role::Warning)), area);
        }
        return;
    };
    let (_, role) = messages::tone(message.tone);
    let hint = match (message.tone, model.messages.standing()) {
        (Tone::Bad, many @ 2..) => format!("  (Esc; ! shows all {})", thousands(many)),
        (Tone::Bad, _) => "  (Esc)".to_owned(),
        (Tone::Note | Tone::Good | Tone::Warning, _) => String::new(),
    };
    let text = fit_end(&message.text, usize::from(area.width).saturating_sub(1 + hint.len()));
    out.render_widget(
        Line::from(vec![
            Span::styled(format!(" {text}"), theme.style(role)),
            Span::styled(hint, theme.style(Role::Muted)),
        ]),
        area,
    );
}

/// The ledger is of no use just now: over the message line, and up into the body as far as the words need.
fn alarm(theme: Theme, out: &mut Frame<'_>, area: Rect, trouble: &str) {
    let text = format!("LEDGER: nothing is launched: {trouble}");
    let width = usize::from(area.width);
    let lines = wrap(&text, width.saturating_sub(2));
    let height = u16::try_from(lines.len()).unwrap_or(1).min(ALARM_LINES);
    let top = area.bottom().saturating_sub(height);
    for (line, y) in lines.iter().zip(top..area.bottom()) {
        let line = Line::styled(format!(" {}", pad(line, width.saturating_sub(1), false)), theme.style(Role::Alarm));
        out.render_widget(line, Rect { y, height: 1, ..area });
    }
}

/// The keys that matter now, as many as fit.
pub fn footer(model: &Model, out: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let mut spans: Vec<Span<'_>> = Vec::new();
    let mut used = 0;
    for binding in keys::footer(model).into_iter().take(7) {
        let Some(key) = keys::names(model, binding).into_iter().next() else { continue };
        let forbidden = binding.is_forbidden(model);
        let (role, why) = if forbidden { (Role::Muted, "(read-only) ") } else { (Role::Key, "") };
        let key = Span::styled(format!(" {key}"), theme.style(role));
        let label = Span::styled(format!(" {} {why}", binding.label), theme.style(Role::Muted));
        used += key.width() + label.width();
        if used > usize::from(area.width) {
            break;
        }
        spans.extend([key, label]);
    }
    out.render_widget(Line::from(spans), area);
}
