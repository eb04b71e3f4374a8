//! `view`: the model as cells. Pure: it changes nothing and asks nothing; all outside text passes through `cells`.

mod add_lane;
mod bucket_page;
mod buckets;
mod change;
mod confirm;
mod creation;
mod details;
mod download;
mod exports;
mod finish;
mod frame;
mod groups;
mod headway;
mod help;
mod history;
mod landed;
mod lanes;
mod messages;
mod palette;
mod peek;
mod plan_details;
mod plan_words;
mod problem;
mod proof;
mod reading;
mod review;
mod rules;
mod save_plan;
mod sheet;
mod table;
mod task_words;
mod verdict;

#[cfg(test)]
mod bucket_tests;
#[cfg(test)]
mod checks_tests;
#[cfg(test)]
mod desk_tests;
#[cfg(test)]
mod group_tests;
#[cfg(test)]
mod headway_tests;
#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod landed_tests;
#[cfg(test)]
mod making_tests;
#[cfg(test)]
mod matrix_tests;
#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod tests;

pub use frame::{tab_at, terminal_title};
pub use plan_words::title as plan_title;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::tui::cells::fit_end;
use crate::tui::checks::page as page_of_checks;
use crate::tui::layout::{self, Areas, MINIMUM};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::places::Connection;
use crate::tui::theme::{Role, Theme};

/// Draws everything.
pub fn view(model: &Model, out: &mut Frame<'_>) {
    draw(model, out);
    finish::ground(out.buffer_mut(), model.settings.theme);
    if model.settings.ascii {
        finish::to_ascii(out.buffer_mut());
    }
}

fn draw(model: &Model, out: &mut Frame<'_>) {
    let area = out.area();
    let Some(areas) = layout::areas((area.width, area.height)) else {
        return too_small(out, area);
    };
    let theme = model.settings.theme;
    frame::header(model, out, areas.header);
    frame::tabs(model, out, areas.tabs);
    match &model.overlay {
        Some(Overlay::Help(page)) => help::draw(model, out, areas, page),
        Some(Overlay::Palette(shown)) => {
            screen(model, out, areas);
            palette::draw(model, out, areas, shown);
        }
        Some(Overlay::Details(subject, scroll)) => {
            let (title, lines) = details::page(model, subject, usize::from(areas.body.width));
            page(model, out, areas, &title, lines, *scroll);
        }
        Some(Overlay::Messages(scroll)) => {
            let (title, lines) = messages::page(model, usize::from(areas.body.width));
            page(model, out, areas, &title, lines, *scroll);
        }
        Some(Overlay::Checks(scroll)) => {
            page(model, out, areas, "Checks", checks(model, areas), *scroll);
        }
        Some(Overlay::Review(review)) => review::draw(model, out, areas, review),
        Some(Overlay::Change(shown)) => {
            let (title, lines) = change::page(theme, shown, usize::from(areas.body.width));
            page(model, out, areas, &title, lines, shown.top);
        }
        Some(Overlay::Proof(shown)) => {
            let (title, lines) = proof_page(model, areas);
            page(model, out, areas, &title, lines, shown.top);
        }
        Some(Overlay::Rules(shown)) => rules::draw(model, out, areas, shown),
        Some(Overlay::Sheet(form)) => sheet::draw(model, out, areas, form),
        Some(Overlay::Creation(shown)) => {
            let (title, lines) = creation::page(theme, shown, usize::from(areas.body.width));
            page(model, out, areas, &title, lines, shown.top);
        }
        Some(Overlay::Confirm(question)) => {
            screen(model, out, areas);
            confirm::draw(model, out, areas.body, question);
        }
        Some(Overlay::AddLane(form)) => {
            screen(model, out, areas);
            add_lane::draw(theme, out, areas.body, form, model.settings.sandbox.is_some());
        }
        Some(Overlay::Peek(shown)) => {
            let (title, lines) = peek::page(theme, shown, usize::from(areas.body.width));
            page(model, out, areas, &title, lines, shown.top);
        }
        Some(Overlay::SavePlan(page)) => {
            screen(model, out, areas);
            save_plan::draw(theme, out, areas.body, page);
        }
        Some(Overlay::Landed(_)) => landed::draw(model, out, areas),
        Some(Overlay::Reading(_)) => reading::draw(model, out, areas),
        Some(Overlay::Download(shown)) => download::draw(model, out, areas, shown),
        None => screen(model, out, areas),
    }
    frame::message(model, out, areas.message);
    frame::footer(model, out, areas.footer);
}

/// Lines of the page that lies over the screen, and how many of them are seen at once.
pub fn overlay_extent(model: &Model) -> (usize, usize) {
    let Some(areas) = layout::areas(model.size) else { return (0, 1) };
    let height = usize::from(areas.body.height);
    match &model.overlay {
        Some(Overlay::Help(page)) => (help::lines(model, page).len(), height),
        Some(Overlay::Palette(shown)) => (shown.shown().len(), palette::in_sight(areas)),
        Some(Overlay::Details(subject, _)) => {
            (details::page(model, subject, usize::from(areas.body.width)).1.len(), height)
        }
        Some(Overlay::Messages(_)) => (messages::page(model, usize::from(areas.body.width)).1.len(), height),
        Some(Overlay::Checks(_)) => (checks(model, areas).len(), height),
        Some(Overlay::Review(review)) => review::extent(model, review, areas.body),
        Some(Overlay::Change(shown)) => {
            (change::page(model.settings.theme, shown, usize::from(areas.body.width)).1.len(), height)
        }
        Some(Overlay::Peek(shown)) => {
            (peek::page(model.settings.theme, shown, usize::from(areas.body.width)).1.len(), height)
        }
        Some(Overlay::Creation(shown)) => {
            (creation::page(model.settings.theme, shown, usize::from(areas.body.width)).1.len(), height)
        }
        Some(Overlay::Proof(_)) => (proof_page(model, areas).1.len(), height),
        Some(Overlay::Rules(_)) => (model.rules_here().map_or(0, <[_]>::len), rules::in_sight(areas.body)),
        Some(Overlay::Download(_)) => (download::lines(model, areas), height),
        // One line of the body is the head.
        Some(Overlay::Landed(_)) => (0, height.saturating_sub(1)),
        Some(
            Overlay::Confirm(_) | Overlay::AddLane(_) | Overlay::SavePlan(_) | Overlay::Sheet(_) | Overlay::Reading(_),
        )
        | None => (0, height),
    }
}

fn checks(model: &Model, areas: Areas) -> Vec<Line<'static>> {
    page_of_checks(&model.checks, model.is_unchecked(), model.settings.theme, usize::from(areas.body.width))
}

fn proof_page(model: &Model, areas: Areas) -> (String, Vec<Line<'static>>) {
    let theme = model.settings.theme;
    let shown = model.proof.as_ref().map(|proof| proof::page(theme, proof, usize::from(areas.body.width)));
    shown.unwrap_or_default()
}

fn screen(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    match (model.screen, &model.places.here().connection) {
        (Screen::Form, _) => {
            if let Some(form) = &model.form {
                form.view(out, areas.below_tabs(), theme, &model.form_context());
            }
        }
        // The queue is on this machine: it is there without a connection too.
        (Screen::Exports, _) => exports::draw(model, out, areas),
        (Screen::Lanes, _) => lanes::draw(model, out, areas),
        (_, Connection::Connecting(_)) => {
            let place = model.places.here().wanted.region.as_deref().unwrap_or("AWS");
            let text = format!("connecting to {} …", fit_end(place, 40));
            hint(theme, out, areas.body, &[text.as_str(), "The keys work meanwhile: ? shows them."]);
        }
        (_, Connection::Failed(trouble)) => {
            title(theme, out, areas.title, "No connection", "", None);
            problem::no_connection(theme, out, areas.body, trouble);
        }
        (Screen::Groups, Connection::Up(_)) => groups::draw(model, out, areas),
        (Screen::Buckets, Connection::Up(_)) => buckets::draw(model, out, areas),
        (Screen::History, Connection::Up(_)) => history::draw(model, out, areas),
    }
}

/// The title line: what this is, how much of it, the filter.
fn title(
    theme: Theme,
    out: &mut Frame<'_>,
    area: Rect,
    name: &str,
    count: &str,
    filter: Option<&crate::tui::list::Filter>,
) {
    let mut spans = vec![Span::styled(format!(" {name}"), theme.style(Role::Title))];
    if !count.is_empty() {
        let room = usize::from(area.width).saturating_sub(name.len() + 4);
        spans.push(Span::styled(format!("  {}", fit_end(count, room)), theme.style(Role::Muted)));
    }
    let used: usize = spans.iter().map(Span::width).sum();
    if let Some(filter) = filter {
        spans.extend(frame::filter(theme, filter, usize::from(area.width).saturating_sub(used)));
    }
    out.render_widget(Line::from(spans), area);
}

/// A page over the screen, scrolled.
fn page(model: &Model, out: &mut Frame<'_>, areas: Areas, name: &str, lines: Vec<Line<'static>>, scroll: usize) {
    let theme = model.settings.theme;
    let height = usize::from(areas.body.height);
    let top = scroll.min(lines.len().saturating_sub(height));
    let rest = lines.len().saturating_sub(top + height);
    let more = more_below(rest);
    let room = usize::from(areas.title.width).saturating_sub(more.len() + 4);
    title(theme, out, areas.title, &fit_end(name, room), &more, None);
    let seen: Vec<Line<'_>> = lines.into_iter().skip(top).take(height).collect();
    out.render_widget(Paragraph::new(seen), areas.body);
}

fn more_below(rest: usize) -> String {
    match rest {
        0 => String::new(),
        1 => "1 more line below".to_owned(),
        many => format!("{many} more lines below"),
    }
}

/// Calm words where rows would be: the first line plain, the others muted.
fn hint(theme: Theme, out: &mut Frame<'_>, area: Rect, lines: &[&str]) {
    let width = usize::from(area.width).saturating_sub(2);
    let mut shown = vec![Line::default()];
    for (at, text) in lines.iter().enumerate() {
        let role = if at == 0 { Role::Text } else { Role::Muted };
        let wrapped = crate::tui::cells::wrap(text, width);
        shown.extend(wrapped.into_iter().map(|line| Line::styled(format!(" {line}"), theme.style(role))));
    }
    out.render_widget(Paragraph::new(shown), area);
}

fn too_small(out: &mut Frame<'_>, area: Rect) {
    let (width, height) = MINIMUM;
    let text = format!("too small: {}x{}, needs {width}x{height}", area.width, area.height);
    let lines: Vec<Line<'_>> =
        crate::tui::cells::wrap(&text, usize::from(area.width)).into_iter().map(Line::from).collect();
    out.render_widget(Paragraph::new(lines), area);
}
