//! The progress bar at the foot of a terminal: how many tasks have ended, how many there are, and what goes on.
//!
//! It is drawn when the queue stands differently, at most ten times a second, and never by a clock of its own. What its
//! text says comes out of [`text`], which is pure.

use std::collections::HashSet;
use std::time::Duration;

use indicatif::ProgressBar;

use super::foot;
use super::progress::Progress;
use super::scope::{Left, Scope};
use super::{Summary, now, words};
use crate::domain::direct::telling::Telling;
use crate::domain::task::Task;
use crate::domain::text::escape;
use crate::domain::time::{Timestamp, show_span};
use crate::domain::zone::Zone;
use crate::export::Snapshot;

/// `Exporting [=======>            ] 12/120 …`, cut at the edge of the terminal.
const TEMPLATE: &str = "{prefix:.bold} [{bar:20}] {pos}/{len} {wide_msg}";

/// The bar. Dropping it takes it off the terminal.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar, if stderr is a terminal that can show one.
    pub fn on_terminal() -> Option<Self> {
        foot::bar("Exporting", TEMPLATE).map(Self)
    }

    /// Shows how `scope` stands.
    pub fn show(
        &mut self,
        snapshot: &Snapshot,
        scope: &Scope,
        summary: &Summary,
        started: Timestamp,
        progress: &Progress,
    ) {
        let left = scope.left(snapshot, &HashSet::new());
        let ended = summary.tally.all() as u64;
        self.0.set_length(ended + left.moving + left.held);
        self.0.set_position(ended);
        self.0.set_message(text(snapshot, scope, summary, now().since(started), progress));
    }

    /// Does something that writes to the terminal, the bar out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// What goes on, the most telling first: it may be cut. `elapsed`: since following began.
fn text(snapshot: &Snapshot, scope: &Scope, summary: &Summary, elapsed: Duration, progress: &Progress) -> String {
    let left = scope.left(snapshot, &HashSet::new());
    let told =
        [bad_ends(summary), rest(summary.tally.all(), left, elapsed), held(left), at_work(snapshot, scope, progress)];
    told.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn bad_ends(summary: &Summary) -> Option<String> {
    let bad =
        [("failed", summary.tally.failed), ("cancelled", summary.tally.cancelled), ("empty", summary.tally.empty)];
    let told: Vec<_> =
        bad.into_iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{count} {word}")).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// How long the rest may take, at the speed so far.
fn rest(ended: usize, left: Left, elapsed: Duration) -> Option<String> {
    let ended = u32::try_from(ended).ok().filter(|ended| *ended > 0)?;
    let moving = u32::try_from(left.moving).ok().filter(|moving| *moving > 0)?;
    Some(format!("about {} left", show_span(elapsed.saturating_mul(moving) / ended)))
}

fn held(left: Left) -> Option<String> {
    (left.held > 0).then(|| format!("{} paused", left.held))
}

/// The task that is worked on, or else why the first one waits.
fn at_work(snapshot: &Snapshot, scope: &Scope, progress: &Progress) -> Option<String> {
    let mut followed = snapshot.tasks.iter().filter(|task| scope.has(task) && !task.state.is_end());
    let first = followed.next()?;
    let others = followed.filter(|task| task.state.is_in_aws()).count();
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    Some(format!("{}{more}", one(first, progress.telling(first, now()))))
}

fn one(task: &Task, telling: Option<Telling<'_>>) -> String {
    let (group, from) = (escape(task.spec.group.as_str()), task.spec.window.from().show(Zone::Utc));
    let word = task.state.word().to_lowercase();
    match (&task.wait, telling) {
        (Some(wait), _) => format!("{group} {}", words::wait(wait)),
        (None, Some(telling)) => {
            let told: Vec<_> = telling.share().into_iter().chain(telling.parts()).collect();
            format!("{word} {group} ({})", told.join(", "))
        }
        (None, None) if task.landed.is_empty() => format!("{word} {group} of {from}"),
        (None, None) => format!("{word} {group} of {from} ({})", task.landed),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use indicatif::ProgressStyle;

    use super::super::fixtures::{plan, task};
    use super::*;
    use crate::domain::amount::{ByteCount, Landed};
    use crate::domain::direct::headway::{Headway, Share};
    use crate::domain::names::{PlanId, RemoteId, TaskId};
    use crate::domain::queued_plan::Counts;
    use crate::domain::task::{Holder, State, Wait};
    use uuid::Uuid;

    fn snapshot(task: Task) -> Snapshot {
        let mut plan = plan(1);
        plan.counts = Counts { queued: 5, active: 1, failed: 1, ..Counts::default() };
        Snapshot { tasks: vec![Arc::new(task)], plans: vec![Arc::new(plan)], ..Snapshot::default() }
    }

    fn told(task: Task) -> String {
        let mut summary = Summary::default();
        let id = TaskId(Uuid::from_u128(99));
        summary.take(&Task { id, state: State::Failed, ..task.clone() });
        let scope = Scope::Plan(PlanId(Uuid::from_u128(1)));
        text(&snapshot(task), &scope, &summary, Duration::from_secs(30), &Progress::default())
    }

    #[test]
    fn the_text_says_what_goes_on_and_how_long_it_may_take() {
        let landed = Landed { objects: 2, bytes: ByteCount(2048) };
        let running = Task { state: State::Running, wait: None, landed, ..task("web") };
        assert_eq!(
            told(running),
            "1 failed, about 3m 00s left, running web of 2026-11-02 00:00:00Z (2 objects, 2.0 KiB)"
        );
    }

    #[test]
    fn a_direct_export_tells_how_far_it_has_come() {
        let headway = Headway { events: 1_200, read: Some(Share::of(1, 4)), over_time: true, ..Headway::default() };
        let running = Task { state: State::Running, wait: None, headway: Some(headway), ..task("web") };
        assert_eq!(
            told(running),
            "1 failed, about 3m 00s left, running web (~25%, all streams together, 1,200 events, 0 B uploaded)"
        );
    }

    #[test]
    fn the_holder_of_the_slot_can_play_no_tricks() {
        let holder = Holder {
            remote: RemoteId("0e4c\u{1b}[2J".to_owned()),
            group: "\u{202e}evil".to_owned(),
            name: None,
            created: None,
        };
        let waiting = Task { wait: Some(Wait::Slot(Some(holder))), ..task("web") };
        assert_eq!(
            told(waiting),
            "1 failed, about 3m 00s left, web waits for the slot, which the export of \\u{202e}evil has (0e4c\\u{1b}[2J)"
        );
    }

    #[test]
    fn the_template_is_one_that_indicatif_knows() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
