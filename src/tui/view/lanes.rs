//! Screen 5: every account and Region side by side, with what holds its slot.

use ratatui::Frame;

use super::table::{self, Cells, Column, Under};
use super::task_words::{beside, narrow_window, slot_held};
use super::{hint, title};
use crate::domain::problem::Problem;
use crate::domain::task::{Holder, Task};
use crate::domain::time::show_span;
use crate::ledger::LaneRecord;
use crate::tui::cells::{counted, thousands};
use crate::tui::exports::{Load, Slot};
use crate::tui::lanes::LaneRow;
use crate::tui::layout::Areas;
use crate::tui::model::{Model, Screen};
use crate::tui::places::{Connection, Place, Who};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "Account", least: 12, most: 14, right: false, drop: 0 },
    Column { head: "Region", least: 14, most: 16, right: false, drop: 0 },
    Column { head: "Profile", least: 8, most: 24, right: false, drop: 3 },
    Column { head: "Queued", least: 6, most: 8, right: true, drop: 0 },
    Column { head: "Active", least: 6, most: 6, right: true, drop: 4 },
    Column { head: "Driven by", least: 14, most: 40, right: false, drop: 1 },
];

/// Cells of a second line that stay blank.
const UNDER_FRAME: usize = 6;

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = &model.lanes;
    let count = format!("{}, one export at a time in each", counted(list.rows().len(), "lane"));
    title(theme, out, areas.title, Screen::Lanes.title(), &count, Some(list.filter()));
    if list.shown_count() == 0 {
        return hint(theme, out, areas.body, &["Nothing matches the filter.", "Esc shows everything again."]);
    }
    let room = usize::from(areas.body.width).saturating_sub(UNDER_FRAME);
    table::draw(theme, out, areas.body, COLUMNS, list, Screen::Lanes.row_height(), |lane| row(model, lane, room));
}

fn row(model: &Model, row: &LaneRow, room: usize) -> Cells {
    let place = row.place.and_then(|id| model.places.get(id));
    let record = row.record.as_deref();
    let load = row.lane.as_ref().and_then(|lane| model.exports.load(lane));
    let here = row.place == Some(model.places.here_id());
    let unknown = || ("…".to_owned(), Role::Muted);
    let told = |text: &str| (text.to_owned(), if here { Role::Marked } else { Role::Text });
    let number = |number: u64| match number {
        0 => ("–".to_owned(), Role::Muted),
        number => (thousands(number), Role::Text),
    };
    let region = row.lane.as_ref().map(|lane| lane.region.0.as_str());
    let wanted =
        place.and_then(|place| place.link().map(|link| link.region.0.as_str()).or(place.wanted.region.as_deref()));
    Cells {
        mark: here.then_some('●'),
        columns: vec![
            row.lane.as_ref().map_or_else(unknown, |lane| told(&lane.account.0)),
            region.or(wanted).map_or_else(unknown, told),
            profile(place, record),
            number(load.map_or(0, |load| load.queued)),
            number(load.map_or(0, |load| load.active)),
            driver(model, record, load),
        ],
        under: Some(under(model, row, place, load, room)),
    }
}

fn profile(place: Option<&Place>, record: Option<&LaneRecord>) -> (String, Role) {
    let linked = place.and_then(|place| place.link().and_then(|link| link.profile.as_deref()));
    let stored = record.and_then(|record| record.profile.as_deref());
    let wanted = place.and_then(|place| place.wanted.profile.as_deref());
    linked.or(stored).or(wanted).map_or_else(|| ("–".to_owned(), Role::Muted), |name| (name.to_owned(), Role::Text))
}

/// Whose process launches what is queued in it.
fn driver(model: &Model, record: Option<&LaneRecord>, load: Option<&Load>) -> (String, Role) {
    let alive = record.filter(|record| record.until.is_some_and(|until| until > model.now));
    match (alive.and_then(|record| record.driver.as_ref()), load.is_some()) {
        (Some(driver), _) if Some(driver.id) == model.this => ("this logferry".to_owned(), Role::Good),
        (Some(driver), _) => (driver.label.clone(), Role::Text),
        (None, true) => ("nobody yet".to_owned(), Role::Warning),
        (None, false) => ("–".to_owned(), Role::Muted),
    }
}

fn under(model: &Model, row: &LaneRow, place: Option<&Place>, load: Option<&Load>, room: usize) -> Under {
    let paused = row.record.as_ref().is_some_and(|record| record.paused);
    let whole = if paused { "‖ paused: P lets it go on  ".to_owned() } else { String::new() };
    // The one that all lanes share is in the header.
    let other = |url: &&str| Some(*url) != model.settings.endpoint_url.as_deref();
    let endpoint = row.lane.as_ref().and_then(|lane| lane.endpoint.as_deref()).filter(other);
    let endpoint = endpoint.map(|url| format!("  · {url}")).unwrap_or_default();
    let room = room.saturating_sub(whole.chars().count() + endpoint.chars().count());
    let narrow = whole.clone();
    Under { whole, narrow, cut: format!("{}{endpoint}", standing(model, place, load, room)) }
}

/// What holds the slot, or why that is not known.
fn standing(model: &Model, place: Option<&Place>, load: Option<&Load>, room: usize) -> String {
    if let Some(problem) = load.and_then(|load| load.starved.as_ref()) {
        return trouble(problem);
    }
    match load.map(|load| &load.slot) {
        Some(Slot::Ours(task)) => ours(model, task, room),
        Some(Slot::Foreign(Some(holder))) => slot_held(holder, model.now, room),
        Some(Slot::Foreign(None)) => "slot held by another export task".to_owned(),
        Some(Slot::Untold) | None => match place {
            Some(place) => reached(model, place, room),
            None => "not connected: Enter or R connects".to_owned(),
        },
    }
}

fn ours(model: &Model, task: &Task, room: usize) -> String {
    let elapsed = task.elapsed(model.now).map(|span| format!(", {}", show_span(span))).unwrap_or_default();
    let window = narrow_window(task.spec.window.from(), task.spec.window.to());
    let holds = format!("ours: {}, {}{elapsed}", task.spec.group, task.state.word().to_lowercase());
    beside(&holds, &window, room)
}

fn reached(model: &Model, place: &Place, room: usize) -> String {
    match (&place.connection, &place.who) {
        (Connection::Connecting(_), _) => "connecting …".to_owned(),
        (Connection::Failed(problem), _) | (Connection::Up(_), Who::Refused(problem)) => trouble(problem),
        (Connection::Up(_), Who::Unknown) => "asking whose account it is …".to_owned(),
        (Connection::Up(link), Who::Stranger(identity)) => {
            let endpoint = link.endpoint_url.as_deref().map(|url| format!(" at {url}")).unwrap_or_default();
            format!("its profile leads to {} {}{endpoint} now: nothing is launched", identity.account, link.region)
        }
        (Connection::Up(_), Who::Known(_)) => seen(model, place.look.seen.as_ref(), room),
    }
}

fn seen(model: &Model, seen: Option<&Result<Option<Holder>, Problem>>, room: usize) -> String {
    match seen {
        None => "looking who has the slot …".to_owned(),
        Some(Ok(None)) => "slot free".to_owned(),
        Some(Ok(Some(holder))) => slot_held(holder, model.now, room),
        Some(Err(problem)) => trouble(problem),
    }
}

fn trouble(problem: &Problem) -> String {
    let explanation = problem.explain();
    format!("✗ {}: {}", explanation.cause, explanation.remedy)
}
