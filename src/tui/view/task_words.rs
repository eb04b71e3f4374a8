//! Tasks in words and signs: states, windows, what a task waits for.

use unicode_width::UnicodeWidthStr;

use super::headway;
use crate::domain::engine::Direct;
use crate::domain::inventory::RemoteStatus;
use crate::domain::names::{label_in, task_id_in};
use crate::domain::task::{Holder, State, Task, Wait};
use crate::domain::text::escape;
use crate::domain::time::{Timestamp, show_span};
use crate::tui::cells::{fit_middle, thousands};
use crate::tui::rates::Rate;
use crate::tui::theme::Role;

/// What is said first of a slot that is taken.
const SLOT_HELD: &str = "slot held by ";

/// A name cut to fewer cells tells nothing.
const NAME_LEAST: usize = 6;

/// From nothing to the most.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Cells of the moving mark's track.
const TRACK: usize = 10;

/// The direct engine, and what was chosen of it.
pub fn direct(direct: &Direct) -> String {
    let pattern = direct.pattern.as_ref().map(|pattern| format!(", events that match {}", escape(pattern.as_str())));
    format!("direct: logferry reads and writes, {}{}", direct.format, pattern.unwrap_or_default())
}

/// `2026-11-01`.
pub fn day(at: Timestamp) -> String {
    at.utc().map_or_else(|| format!("{} ms", at.millis()), |utc| utc.format("%Y-%m-%d").to_string())
}

/// `2026-11-01 14:00`, with seconds only if there are any.
pub fn minute(at: Timestamp) -> String {
    let Some(utc) = at.utc() else { return format!("{} ms", at.millis()) };
    let form = if at.millis() % 60_000 == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    utc.format(form).to_string()
}

/// `14:00:09Z`.
pub fn second(at: Timestamp) -> String {
    at.utc().map_or_else(|| format!("{} ms", at.millis()), |utc| utc.format("%H:%M:%SZ").to_string())
}

/// `2026-11-01 00:00 → 11-02 00:00 UTC`: the second year is left out where it is the first one.
pub fn short_window(from: Timestamp, to: Timestamp) -> String {
    let (start, end) = (minute(from), minute(to));
    let same_year = start.get(..5).is_some_and(|year| end.starts_with(year));
    let end = if same_year { end.get(5..).unwrap_or(&end) } else { &end };
    format!("{start} → {end} UTC")
}

/// [`short_window`] without seconds, for narrow screens: details have them.
pub fn narrow_window(from: Timestamp, to: Timestamp) -> String {
    let whole_minute = |at: Timestamp| Timestamp::from_millis(at.millis() - at.millis().rem_euclid(60_000));
    short_window(whole_minute(from), whole_minute(to))
}

/// Both ends in full.
pub fn window(from: Timestamp, to: Timestamp) -> String {
    format!("{} → {} UTC", minute(from), minute(to))
}

/// A sign, and how it is meant.
pub const fn state_sign(state: State) -> (char, Role) {
    match state {
        State::Queued => ('○', Role::Muted),
        State::Launching | State::Pending => ('◌', Role::Active),
        State::Running => ('▶', Role::Active),
        State::Cancelling => ('◍', Role::Warning),
        State::Completed => ('✓', Role::Good),
        State::Failed => ('✗', Role::Bad),
        State::Cancelled => ('■', Role::Muted),
    }
}

/// The state AWS's status stands for, where it is one of ours.
pub const fn remote_sign(status: &RemoteStatus) -> (char, Role) {
    match status {
        RemoteStatus::Pending => state_sign(State::Pending),
        RemoteStatus::Running => state_sign(State::Running),
        RemoteStatus::PendingCancel => state_sign(State::Cancelling),
        RemoteStatus::Completed => state_sign(State::Completed),
        RemoteStatus::Failed => state_sign(State::Failed),
        RemoteStatus::Cancelled => state_sign(State::Cancelled),
        RemoteStatus::Other(_) => ('?', Role::Warning),
    }
}

/// AWS tells no percentage: a mark that moves while AWS is at work, words otherwise. Of a direct export it is known how
/// much of the range was read.
pub fn progress(task: &Task, now: Timestamp) -> (String, Role) {
    let words = match task.state {
        State::Queued => ("waiting", Role::Muted),
        State::Launching => ("asking AWS", Role::Active),
        State::Pending => ("accepted", Role::Active),
        State::Running => {
            return (
                headway::bar(task).unwrap_or_else(|| moving(task.elapsed(now).unwrap_or_default().as_secs())),
                Role::Active,
            );
        }
        State::Cancelling => ("cancelling", Role::Warning),
        State::Completed if task.is_empty() => ("empty", Role::Warning),
        State::Completed => ("done", Role::Good),
        State::Failed => ("see Enter", Role::Bad),
        State::Cancelled => ("", Role::Muted),
    };
    (words.0.to_owned(), words.1)
}

/// How bytes have come in: a cell for each span, the last one still open. Whatever has come at all stands above the floor.
pub fn sparkline(rate: &Rate) -> String {
    let most = rate.cells.iter().copied().flatten().max().unwrap_or(0).max(1);
    let level = |came: u64| came.saturating_mul(BARS.len() as u64 - 1).div_ceil(most);
    let bar = |came| usize::try_from(level(came)).ok().and_then(|level| BARS.get(level)).copied();
    rate.cells.iter().map(|came| came.and_then(bar).unwrap_or(' ')).collect()
}

/// The same, and how many bytes a second that makes: an estimate.
pub fn rate(rate: &Rate) -> String {
    format!("{} ~{}/s", sparkline(rate), rate.a_second)
}

fn moving(seconds: u64) -> String {
    let at = usize::try_from(seconds).unwrap_or(0) % TRACK;
    (0..TRACK).map(|cell| if cell == at || cell == (at + 1) % TRACK { '▰' } else { '▱' }).collect()
}

/// Whether what lies in the bucket is not known, so that zero would be a lie.
pub const fn is_uncounted(task: &Task) -> bool {
    task.uncounted.is_some() || (task.state.is_end() && task.remote.is_some() && !task.counted)
}

/// `text` and what may be left out where both do not fit into `room` cells.
pub fn beside(text: &str, extra: &str, room: usize) -> String {
    if text.width() + 2 + extra.width() <= room { format!("{text}  {extra}") } else { text.to_owned() }
}

/// Behind whom a task waits for its turn: `after /ecs/web (2 before it)`.
pub fn turn(before: usize, after: Option<&Task>) -> String {
    match after {
        None => "waits for its turn: it is next".to_owned(),
        Some(last) => format!("after {} ({} before it)", last.spec.group, thousands(before)),
    }
}

/// For whom or what a task waits, in `room` cells where it can be shortened.
pub fn wait(wait: &Wait, now: Timestamp, room: usize) -> String {
    match wait {
        Wait::Turn => "waits for its turn".to_owned(),
        Wait::Slot(None) => "slot held by another export task".to_owned(),
        Wait::Slot(Some(holder)) => slot_held(holder, now, room),
        Wait::Retry { problem, until } => {
            let left = until.since(now);
            let next =
                if left.as_secs() == 0 { "trying now".to_owned() } else { format!("next try in {}", show_span(left)) };
            format!("{}, {next}", problem.explain().cause)
        }
    }
}

/// `slot held by /big/one (another logferry), 5s`: the log group tells most, so the name is shortened before it.
pub fn slot_held(holder: &Holder, now: Timestamp, room: usize) -> String {
    let age = holder.created.map(|at| format!(", {}", show_span(now.since(at)))).unwrap_or_default();
    let name = holder.name.as_deref().map(holder_name).unwrap_or_default();
    let group = escape(&holder.group);
    let left = room.saturating_sub(SLOT_HELD.width() + group.width() + age.width());
    let name = match left.checked_sub(" ()".len()) {
        Some(left) if !name.is_empty() && left >= NAME_LEAST => format!(" ({})", fit_middle(&name, left)),
        Some(_) | None => String::new(),
    };
    let left = room.saturating_sub(SLOT_HELD.width() + name.width() + age.width());
    format!("{SLOT_HELD}{}{name}{age}", fit_middle(&holder.group, left))
}

/// The holder's taskName for people.
fn holder_name(name: &str) -> String {
    match own_label(name) {
        None => name.to_owned(),
        Some("") => "another logferry".to_owned(),
        Some(label) => format!("another logferry: {label}"),
    }
}

/// The person's label in a taskName of ours, without our mark and id; `None` for a name somebody else gave.
pub fn own_label(name: &str) -> Option<&str> {
    task_id_in(name).map(|_| label_in(name))
}
