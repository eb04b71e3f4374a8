//! Plans in words and signs: what they are called, how far they are, what holds them.

use super::task_words::day;
use crate::domain::names::{Label, LogGroupName, PlanName};
use crate::domain::queued_plan::{Counts, Pause, QueuedPlan};
use crate::domain::split::Split;
use crate::tui::cells::{counted, thousands};
use crate::tui::theme::Role;

/// Cells of a plan's bar.
const BAR: u64 = 10;

/// What a plan is called, with its dates.
pub fn title(plan: &QueuedPlan) -> String {
    let (from, to) = (day(plan.range.from()), day(plan.range.to()));
    format!("{}, {from} to {to}", title_in(plan, None))
}

/// What a plan is called: its name, or else the label on its tasks, or else what it is. `group`: its only log group, if
/// that is known.
pub fn title_in(plan: &QueuedPlan, group: Option<&LogGroupName>) -> String {
    called(plan).map_or_else(|| what(plan, group), str::to_owned)
}

/// The same where room is short, if it has no name, by how many log groups and which days: `3 groups 11-01→11-25`.
pub fn short_title(plan: &QueuedPlan, group: Option<&LogGroupName>) -> String {
    let month_day = |at| day(at).split_once('-').map_or_else(String::new, |(_, rest)| rest.to_owned());
    let days = || format!("{}→{}", month_day(plan.range.from()), month_day(plan.range.to()));
    let groups = || group.map_or_else(|| counted(plan.groups, "group"), ToString::to_string);
    called(plan).map_or_else(|| format!("{} {}", groups(), days()), str::to_owned)
}

/// The name a person gave it, or else the label on its tasks.
fn called(plan: &QueuedPlan) -> Option<&str> {
    plan.name.as_ref().map(PlanName::as_str).or(plan.label.as_ref().map(Label::as_str))
}

/// What a plan is: `12 log groups, daily`.
fn what(plan: &QueuedPlan, group: Option<&LogGroupName>) -> String {
    let split = match plan.split {
        Split::None => String::new(),
        Split::Hourly | Split::Daily | Split::Weekly | Split::Monthly => format!(", {}", plan.split),
    };
    let groups = group.map_or_else(|| counted(plan.groups, "log group"), ToString::to_string);
    format!("{groups}{split}")
}

/// Where a plan stands, with a sign.
pub const fn state(plan: &QueuedPlan) -> (char, &'static str, Role) {
    let counts = plan.counts;
    match (&plan.pause, counts.open(), counts.active) {
        (_, 0, _) if counts.failed > 0 => ('✗', "Ended", Role::Bad),
        (_, 0, _) if counts.cancelled > 0 => ('■', "Ended", Role::Muted),
        (_, 0, _) => ('✓', "Completed", Role::Good),
        (Some(Pause::Failures(_)), _, _) => ('‖', "Stopped", Role::Bad),
        (Some(Pause::Asked), _, _) => ('‖', "Paused", Role::Warning),
        (None, _, 0) => ('○', "Queued", Role::Muted),
        (None, _, _) => ('▶', "Running", Role::Active),
    }
}

/// How much of a plan has ended, well or not. It is full only when all of it has.
pub fn bar(counts: Counts) -> String {
    let cells = |part: u64| part.saturating_mul(BAR).checked_div(counts.total()).unwrap_or(0);
    let good = cells(counts.completed + counts.empty);
    let ended = cells(counts.ended());
    let cell = |at| match at {
        _ if at < good => '▰',
        _ if at < ended => '×',
        _ => '▱',
    };
    (0..BAR).map(cell).collect()
}

/// `12 of 120 done · 2 failed`, without the zeros.
pub fn counts(counts: Counts) -> String {
    let done = counts.completed + counts.empty;
    let parts = [
        (counts.failed, "failed"),
        (counts.cancelled, "cancelled"),
        (counts.empty, "empty"),
        (counts.active, "active"),
    ];
    let told = parts.into_iter().filter(|(number, _)| *number > 0);
    let told = told.map(|(number, word)| format!(" · {} {word}", thousands(number)));
    format!("{} of {} done{}", thousands(done), thousands(counts.total()), told.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bar_shows_what_went_well_and_what_did_not() {
        let counts = Counts { queued: 50, completed: 40, failed: 10, ..Counts::default() };
        assert_eq!(bar(counts), "▰▰▰▰×▱▱▱▱▱");
        assert_eq!(bar(Counts::default()), "▱▱▱▱▱▱▱▱▱▱");
    }

    proptest! {
        #[test]
        fn a_bar_is_full_only_when_all_has_ended(open in 0_u64..20_000, completed in 0_u64..20_000, failed in 0_u64..99) {
            let counts = Counts { queued: open, completed, failed, ..Counts::default() };
            let full = !bar(counts).contains('▱');
            prop_assert_eq!(full, open == 0 && completed + failed > 0);
            prop_assert_eq!(bar(counts).chars().count() as u64, BAR);
        }
    }
}
