//! What stands around every screen: header, tabs, message line, footer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

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
    let right = Line::from(vec![Span::styled(lock, theme.style(Role::Alarm)), badge]);
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
    let theme = model.settings.theme;
    let narrow = area.width < 76;
    let mut spans = Vec::new();
    for (at, screen) in Screen::ALL.iter().enumerate() {
        if *screen == Screen::Form && model.form.is_none() {
            continue;
        }
        let here = *screen == model.screen;
        spans.push(Span::styled(format!(" {}", at + 1), theme.style(Role::Key)));
        if here || !narrow {
            let role = if here { Role::Tab } else { Role::Muted };
            spans.push(Span::raw(" "));
            spans.push(Span::styled(screen.title(), theme.style(role)));
        }
        if *screen == Screen::Exports {
            let open = model.exports.counts().0.open();
            if open > 0 {
                spans.push(Span::styled(format!(" ({})", thousands(open)), theme.style(Role::Active)));
            }
        }
        spans.push(Span::raw(" "));
    }
    out.render_widget(Line::from(spans), area);
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
    let Some(message) = model.message() else { return };
    let role = match message.tone {
        Tone::Note => Role::Muted,
        Tone::Good => Role::Good,
        Tone::Warning => Role::Warning,
        Tone::Bad => Role::Bad,
    };
    let hint = if message.tone == Tone::Bad { "  (Esc)" } else { "" };
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
        let Some(key) = binding.keys.first() else { continue };
        let forbidden = binding.is_forbidden(model);
        let (role, why) = if forbidden { (Role::Muted, "(read-only) ") } else { (Role::Key, "") };
        let key = Span::styled(format!(" {}", key.name()), theme.style(role));
        let label = Span::styled(format!(" {} {why}", binding.label), theme.style(Role::Muted));
        used += key.width() + label.width();
        if used > usize::from(area.width) {
            break;
        }
        spans.extend([key, label]);
    }
    out.render_widget(Line::from(spans), area);
}
