//! What is still missing of a log group's export, by the windows that were exported or queued before.
//!
//! Pure. The command line asks it for `--since-last`, with what the ledger knows of one log group and one destination.
//! Windows that completed, empty or not, are done; open ones are on their way; failed and cancelled ones count for
//! nothing, so that a gap is exported again together with what has come since. What was younger than [`AVAILABILITY_LAG`] when AWS
//! accepted the export of it may not have been there yet, and is missing still.

use thiserror::Error;

use super::names::{LogGroupName, TaskId};
use super::place::Lane;
use super::plan::{MOST_TASKS, Plan, PlanError, PlannedTask};
use super::state::State;
use super::time::{AVAILABILITY_LAG, TimeRange, Timestamp};

/// Nothing was ever exported of it, and no start was given.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("nothing is known to begin from")]
pub struct NoStart;

/// Whether a window in this state need not be exported again.
pub const fn covers(state: State) -> bool {
    match state {
        State::Completed | State::Queued | State::Launching | State::Pending | State::Running | State::Cancelling => {
            true
        }
        State::Failed | State::Cancelled => false,
    }
}

/// What is known of a task that exports a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The window.
    pub window: TimeRange,
    /// The task's state.
    pub state: State,
    /// When AWS accepted it, last.
    pub accepted: Option<Timestamp>,
}

impl Known {
    /// The part of the window that need not be exported again. Of a task that AWS has not accepted yet, all of it: it cannot
    /// be known how old the data will be by then.
    fn covered(self) -> Option<TimeRange> {
        let Self { window, state, accepted } = self;
        let available = accepted.map_or(window.to(), |accepted| accepted.before(AVAILABILITY_LAG).min(window.to()));
        if covers(state) { between(window.from(), available) } else { None }
    }
}

/// The start of the first window `known`: from there on nothing is left out.
pub fn start(known: &[Known]) -> Option<Timestamp> {
    known.iter().map(|known| known.window.from()).min()
}

/// What is missing up to `to`, oldest first: everything since the start of the first window `known` that no covering window
/// holds. `from` counts only where no window is known.
pub fn missing(known: &[Known], from: Option<Timestamp>, to: Timestamp) -> Result<Vec<TimeRange>, NoStart> {
    let mut reached = start(known).or(from).ok_or(NoStart)?;
    let mut covering: Vec<TimeRange> = known.iter().filter_map(|known| known.covered()).collect();
    covering.sort_by_key(|window| window.from());
    let mut gaps = Vec::new();
    for window in covering {
        gaps.extend(between(reached, window.from().min(to)));
        reached = reached.max(window.to());
    }
    gaps.extend(between(reached, to));
    Ok(gaps)
}

/// How far back the exports of a log group reach without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The first instant that is missing.
    pub at: Timestamp,
    /// Whether something later is not.
    pub leaps: bool,
}

/// How far what is `known` reaches; `None` if nothing is known.
pub fn reached(known: &[Known]) -> Option<Reached> {
    let gaps = missing(known, None, Timestamp::from_millis(i64::MAX)).ok()?;
    Some(Reached { at: gaps.first()?.from(), leaps: gaps.len() > 1 })
}

/// Whether covering windows among `known` hold all of `window`, however young it was when they were exported.
pub fn holds(known: &[Known], window: TimeRange) -> bool {
    // Only what is known from the window's start on is asked for.
    let start = Known { window, state: State::Failed, accepted: None };
    let within = known.iter().filter_map(|other| {
        let cut = between(other.window.from().max(window.from()), other.window.to())?;
        Some(Known { window: cut, state: other.state, accepted: None })
    });
    let known: Vec<_> = within.chain(std::iter::once(start)).collect();
    missing(&known, None, window.to()).is_ok_and(|gaps| gaps.is_empty())
}

/// The range between two instants, if there is one.
fn between(from: Timestamp, to: Timestamp) -> Option<TimeRange> {
    TimeRange::new(from, to).ok()
}

/// A log group and what is missing of it.
pub type Gaps = (LogGroupName, Vec<TimeRange>);

/// The tasks that export just `gaps` as `plan` says, cut by its split: all log groups over the oldest window first, as
/// [`Plan::expand`] has it.
pub fn expand(
    plan: &Plan,
    lane: &Lane,
    gaps: &[Gaps],
    mut next_id: impl FnMut() -> TaskId,
) -> Result<Vec<PlannedTask>, PlanError> {
    let windows = gaps.iter().flat_map(|(group, ranges)| {
        let windows = ranges.iter().flat_map(|range| plan.split.windows(*range, plan.zone));
        windows.map(move |window| (window, group))
    });
    let mut windows: Vec<_> = windows.take(MOST_TASKS + 1).collect();
    if windows.len() > MOST_TASKS {
        return Err(PlanError::TooMany);
    }
    windows.sort_by_key(|(window, _)| window.from());
    let task = |(window, group)| {
        let id = next_id();
        Ok(PlannedTask { id, spec: plan.spec(lane, group, window, id)? })
    };
    windows.into_iter().map(task).collect()
}

/// From the first instant of all gaps to the last; `None` if nothing is missing.
pub fn extent(gaps: &[Gaps]) -> Option<TimeRange> {
    let ranges = || gaps.iter().flat_map(|(_, ranges)| ranges);
    let from = ranges().map(|range| range.from()).min()?;
    let to = ranges().map(|range| range.to()).max()?;
    between(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::engine::Engine;
    use crate::domain::place::{AccountId, Region};
    use crate::domain::preflight::Preflight;
    use crate::domain::split::Split;
    use crate::domain::store::Store;
    use crate::domain::zone::Zone;
    use proptest::prelude::*;
    use uuid::Uuid;

    const HOUR: i64 = 3_600_000;

    /// So many hours after 2026-11-01T00:00:00Z.
    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(1_793_491_200_000 + hours * HOUR)
    }

    fn hours(from: i64, to: i64) -> TimeRange {
        TimeRange::new(at(from), at(to)).unwrap()
    }

    fn known(of: &[(TimeRange, State)]) -> Vec<Known> {
        of.iter().map(|&(window, state)| Known { window, state, accepted: None }).collect()
    }

    fn missing(of: &[(TimeRange, State)], from: Option<Timestamp>, to: Timestamp) -> Result<Vec<TimeRange>, NoStart> {
        super::missing(&known(of), from, to)
    }

    fn holds(of: &[(TimeRange, State)], window: TimeRange) -> bool {
        super::holds(&known(of), window)
    }

    #[test]
    fn what_was_too_young_when_it_was_exported_is_missing_still() {
        let exported =
            |accepted| [Known { window: hours(0, 24), state: State::Completed, accepted: Some(at(accepted)) }];
        assert_eq!(super::missing(&exported(36), None, at(24)), Ok(vec![]));
        assert_eq!(super::missing(&exported(30), None, at(48)), Ok(vec![hours(18, 48)]));
        assert_eq!(super::missing(&exported(5), None, at(24)), Ok(vec![hours(0, 24)]), "all of it");
    }

    #[test]
    fn without_history_everything_from_the_given_start_is_missing() {
        assert_eq!(missing(&[], Some(at(0)), at(24)), Ok(vec![hours(0, 24)]));
        assert_eq!(missing(&[], None, at(24)), Err(NoStart));
        assert_eq!(missing(&[], Some(at(24)), at(24)), Ok(vec![]));
    }

    #[test]
    fn an_export_goes_on_at_the_end_of_the_last_one() {
        let known = [(hours(0, 24), State::Completed), (hours(24, 48), State::Completed)];
        assert_eq!(missing(&known, None, at(72)), Ok(vec![hours(48, 72)]));
        assert_eq!(missing(&known, None, at(48)), Ok(vec![]));
        assert_eq!(
            missing(&known, Some(at(-100)), at(72)),
            Ok(vec![hours(48, 72)]),
            "a start counts without history only"
        );
    }

    #[test]
    fn what_failed_or_was_cancelled_is_exported_again_with_what_came_since() {
        let known = [
            (hours(0, 24), State::Completed),
            (hours(24, 48), State::Failed),
            (hours(48, 72), State::Completed),
            (hours(72, 96), State::Cancelled),
        ];
        assert_eq!(missing(&known, None, at(120)), Ok(vec![hours(24, 48), hours(72, 120)]));
        let first_failed = [(hours(0, 24), State::Failed)];
        assert_eq!(missing(&first_failed, None, at(48)), Ok(vec![hours(0, 48)]));
    }

    #[test]
    fn what_is_on_its_way_is_not_queued_twice() {
        let known = [(hours(0, 24), State::Failed), (hours(0, 24), State::Running), (hours(24, 48), State::Queued)];
        assert_eq!(missing(&known, None, at(60)), Ok(vec![hours(48, 60)]));
    }

    #[test]
    fn exports_reach_up_to_the_first_gap() {
        let reached = |of: &[_]| super::reached(&known(of)).map(|reached| (reached.at, reached.leaps));
        assert_eq!(reached(&[]), None);
        let mut days = vec![(hours(0, 24), State::Completed), (hours(24, 48), State::Queued)];
        assert_eq!(reached(&days), Some((at(48), false)));
        days.push((hours(72, 96), State::Completed));
        assert_eq!(reached(&days), Some((at(48), true)), "what lies behind the gap does not close it");
        assert_eq!(reached(&[(hours(0, 24), State::Failed)]), Some((at(0), false)));
    }

    fn plan() -> Plan {
        Plan {
            name: None,
            groups: Vec::new(),
            range: hours(0, 1),
            split: Split::Daily,
            zone: Zone::Utc,
            store: Store::stored("logs-archive").unwrap(),
            template: None,
            stream_prefix: None,
            label: None,
            preflight: Preflight::default(),
            engine: Engine::Managed,
        }
    }

    fn group(name: &str) -> LogGroupName {
        LogGroupName::parse(name).unwrap()
    }

    #[test]
    fn gaps_are_cut_by_the_split_and_run_oldest_window_first() {
        let gaps = [(group("web"), vec![hours(0, 24), hours(60, 80)]), (group("app"), vec![hours(48, 72)])];
        let lane = Lane::new(AccountId("1".to_owned()), Region("eu-central-1".to_owned()));
        let tasks = expand(&plan(), &lane, &gaps, || TaskId(Uuid::nil())).unwrap();
        let told: Vec<_> = tasks.iter().map(|task| (task.spec.group.as_str(), task.spec.window)).collect();
        let expected = [("web", hours(0, 24)), ("app", hours(48, 72)), ("web", hours(60, 72)), ("web", hours(72, 80))];
        assert_eq!(told, expected);
        assert_eq!(extent(&gaps), Some(hours(0, 80)));
        assert_eq!(extent(&[(group("web"), vec![])]), None);
    }

    #[test]
    fn a_window_is_held_by_one_or_by_several_that_leave_no_gap() {
        let whole = hours(24, 48);
        let own = (whole, State::Failed);
        assert!(!holds(&[own], whole));
        assert!(holds(&[own, (hours(0, 72), State::Completed)], whole));
        assert!(holds(&[own, (hours(12, 30), State::Completed), (hours(30, 48), State::Queued)], whole));
        assert!(!holds(&[own, (hours(24, 30), State::Completed), (hours(31, 48), State::Queued)], whole));
        assert!(!holds(&[own, (hours(0, 72), State::Cancelled), (hours(0, 24), State::Completed)], whole));
    }

    fn any_windows() -> impl Strategy<Value = Vec<(TimeRange, State)>> {
        let window = (0..200_i64, 1..30_i64).prop_map(|(from, long)| hours(from, from + long));
        proptest::collection::vec((window, proptest::sample::select(State::ALL.to_vec())), 1..20)
    }

    proptest! {
        #[test]
        fn every_hour_is_done_before_or_missing_once(known in any_windows(), to in 0..260_i64) {
            let gaps = missing(&known, None, at(to)).unwrap();
            let start = known.iter().map(|(window, _)| window.from()).min().unwrap();
            // Every window begins and ends on a full hour: an hour is inside of one or outside of it, never both.
            let holds = |range: &TimeRange, hour: i64| range.from() <= at(hour) && at(hour) < range.to();
            for hour in -5..265 {
                let done = known.iter().any(|(window, state)| covers(*state) && holds(window, hour));
                let due = at(hour) >= start && hour < to && !done;
                let times = gaps.iter().filter(|gap| holds(gap, hour)).count();
                prop_assert_eq!(times, usize::from(due), "hour {}", hour);
            }
            prop_assert!(gaps.windows(2).all(|pair| pair[0].to() < pair[1].from()), "gaps that touch are one");
        }

        #[test]
        fn only_what_was_available_when_it_was_accepted_is_done(
            windows in any_windows(),
            accepted in proptest::collection::vec(proptest::option::of(0..300_i64), 20),
            to in 0..260_i64,
        ) {
            let known: Vec<_> = windows.into_iter().zip(accepted).map(|((window, state), accepted)| {
                Known { window, state, accepted: accepted.map(at) }
            }).collect();
            let gaps = super::missing(&known, None, at(to)).unwrap();
            let start = known.iter().map(|known| known.window.from()).min().unwrap();
            for hour in 0..260 {
                let holds = |range: &TimeRange| range.from() <= at(hour) && at(hour) < range.to();
                let was_there = |known: &Known| known.accepted.is_none_or(|accepted| at(hour + 1 + 12) <= accepted);
                let done = known.iter().any(|known| covers(known.state) && holds(&known.window) && was_there(known));
                let due = at(hour) >= start && hour < to && !done;
                prop_assert_eq!(gaps.iter().filter(|gap| holds(gap)).count(), usize::from(due), "hour {}", hour);
            }
        }

        #[test]
        fn a_second_run_finds_nothing_missing(known in any_windows(), to in 0..260_i64) {
            let gaps = missing(&known, None, at(to)).unwrap();
            let queued = gaps.into_iter().map(|gap| (gap, State::Queued));
            let both: Vec<_> = known.into_iter().chain(queued).collect();
            prop_assert_eq!(missing(&both, None, at(to)).unwrap(), vec![]);
        }
    }
}
