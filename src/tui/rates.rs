//! How the bytes of tasks at work have come in over the last minute, as they were seen to.
//!
//! Counters of the screen, and no truth: AWS tells none of it. What a task had when it was seen first counts as no rate.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::domain::amount::ByteCount;
use crate::domain::names::TaskId;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;

/// Spans a trail is divided into: as many cells are drawn.
pub const CELLS: usize = 10;

/// Seconds of one of them: what AWS has put into the bucket is counted every 2 seconds at best.
const SECONDS: u64 = 6;

/// The trails of all tasks at work.
#[derive(Clone, Debug, Default)]
pub struct Rates(HashMap<TaskId, Trail>);

/// What was seen of one task.
#[derive(Clone, Debug)]
struct Trail {
    begun: Timestamp,
    seen: ByteCount,
    /// Bytes that came in a span, by its number since the epoch, in order; spans without any are left out.
    came: VecDeque<(i64, u64)>,
}

/// The last minute of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Bytes that came in each span, the last one still open; `None` before the task was seen.
    pub cells: [Option<u64>; CELLS],
    /// Bytes a second over all of it: an estimate, from counts that are seconds apart.
    pub a_second: ByteCount,
}

impl Rates {
    /// Takes in how far the tasks at work are at `now`; forgets those that are no longer.
    pub fn take(&mut self, tasks: &[Arc<Task>], now: Timestamp) {
        let mut before = std::mem::take(&mut self.0);
        for task in tasks.iter().filter(|task| task.state.is_in_aws()) {
            let bytes = bytes(task);
            let trail = before.remove(&task.id).filter(|trail| trail.seen <= bytes);
            let mut trail = trail.unwrap_or_else(|| Trail { begun: now, seen: bytes, came: VecDeque::new() });
            trail.take(bytes, now);
            self.0.insert(task.id, trail);
        }
    }

    /// The last minute of a task before `now`, if anything of it came while it was looked at.
    pub fn of(&self, id: TaskId, now: Timestamp) -> Option<Rate> {
        self.0.get(&id).and_then(|trail| trail.rate(now))
    }
}

/// What counts as its bytes: those in the bucket, or of a direct export also those on their way into it.
fn bytes(task: &Task) -> ByteCount {
    task.headway.map_or(task.landed.bytes, |headway| headway.uploaded.max(task.landed.bytes))
}

/// The number of the span that `at` lies in.
const fn span_of(at: Timestamp) -> i64 {
    at.millis().div_euclid((SECONDS * 1000).cast_signed())
}

impl Trail {
    fn take(&mut self, bytes: ByteCount, now: Timestamp) {
        let more = bytes.0 - self.seen.0;
        if more == 0 {
            return;
        }
        self.seen = bytes;
        let span = span_of(now);
        match self.came.back_mut().filter(|(last, _)| *last == span) {
            Some((_, came)) => *came += more,
            None => self.came.push_back((span, more)),
        }
        if self.came.len() > CELLS {
            self.came.pop_front();
        }
    }

    fn rate(&self, now: Timestamp) -> Option<Rate> {
        let last = span_of(now);
        let mut cells = [None; CELLS];
        let mut total = 0;
        for (cell, back) in cells.iter_mut().rev().zip(0..) {
            let span = last - back;
            let came = self.came.iter().find(|(at, _)| *at == span).map_or(0, |(_, came)| *came);
            total += came;
            *cell = (span >= span_of(self.begun)).then_some(came);
        }
        if total == 0 && self.came.is_empty() {
            return None;
        }
        let minute = Duration::from_secs(SECONDS * CELLS as u64);
        let seconds = now.since(self.begun).min(minute).as_secs().max(1);
        Some(Rate { cells, a_second: ByteCount(total / seconds) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::task::State;
    use crate::tui::fixtures::{NOW, task};

    const MIB: u64 = 1024 * 1024;

    /// A running task of so many bytes.
    fn at_work(bytes: u64) -> Vec<Arc<Task>> {
        let mut task = task(1, "/a", State::Running);
        task.landed.bytes = ByteCount(bytes);
        vec![Arc::new(task)]
    }

    fn after(seconds: u64) -> Timestamp {
        NOW.after(Duration::from_secs(seconds))
    }

    #[test]
    fn what_was_there_before_is_no_rate_and_what_comes_is_spread_over_the_minute() {
        let mut rates = Rates::default();
        let id = at_work(0)[0].id;
        rates.take(&at_work(500 * MIB), NOW);
        assert_eq!(rates.of(id, NOW), None, "nothing has come yet");
        rates.take(&at_work(506 * MIB), after(6));
        rates.take(&at_work(530 * MIB), after(12));
        let rate = rates.of(id, after(12)).unwrap();
        assert_eq!(rate.cells[CELLS - 3..], [Some(0), Some(6 * MIB), Some(24 * MIB)]);
        assert_eq!((rate.cells[0], rate.a_second), (None, ByteCount(30 * MIB / 12)));
        let later = rates.of(id, after(72)).unwrap();
        assert_eq!((later.cells[0], later.a_second), (Some(0), ByteCount(0)), "the minute after");
    }

    #[test]
    fn a_task_that_begins_anew_has_no_rate_below_nothing_and_one_that_ends_is_forgotten() {
        let mut rates = Rates::default();
        let id = at_work(0)[0].id;
        rates.take(&at_work(MIB), NOW);
        rates.take(&at_work(2 * MIB), after(1));
        rates.take(&at_work(0), after(2));
        assert_eq!(rates.of(id, after(2)), None);
        rates.take(&at_work(MIB), after(3));
        assert_eq!(rates.of(id, after(3)).map(|rate| rate.a_second), Some(ByteCount(MIB)));
        rates.take(&[Arc::new(task(1, "/a", State::Completed))], after(4));
        assert_eq!(rates.of(id, after(4)), None);
    }
}
