//! How fast a direct export is and how long it may still take, from its counters as they come in. Kept in memory by whoever
//! shows it; times are passed in.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::super::names::TaskId;
use super::super::task::Task;
use super::super::time::Timestamp;
use super::headway::Headway;

/// The speed is that of the last so many seconds: smooth, and yet soon another when it changes.
const RECENT: Duration = Duration::from_secs(10);

/// How much is looked back at to say how long the rest may take.
const HISTORY: Duration = Duration::from_mins(1);

/// Before this much was seen nothing is said.
const LEAST: Duration = Duration::from_secs(1);

/// Before this much was seen nothing is said of the rest.
const LEAST_FOR_REST: Duration = Duration::from_secs(4);

/// Between samples that are kept.
const APART: Duration = Duration::from_millis(500);

/// What was seen of one export.
#[derive(Clone, Debug, Default)]
pub struct Speed {
    samples: VecDeque<Sample>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Timestamp,
    events: u64,
    /// From 0 to 1.
    read: Option<f64>,
}

impl Speed {
    /// Takes in how far it had come at `at`.
    pub fn take(&mut self, headway: &Headway, at: Timestamp) {
        let sample = Sample { at, events: headway.events, read: headway.read.map(super::headway::Share::fraction) };
        if self.samples.back().is_some_and(|last| sample.is_before(last)) {
            // A run was begun anew, or it has turned out that there is more to read.
            self.samples.clear();
        }
        if let [.., earlier, last] = self.samples.make_contiguous()
            && last.at.since(earlier.at) < APART
        {
            *last = sample;
        } else {
            self.samples.push_back(sample);
        }
        let oldest = at.before(HISTORY);
        while self.samples.get(1).is_some_and(|second| second.at <= oldest) {
            self.samples.pop_front();
        }
    }

    /// Events a second by `now`; `None` while too little was seen.
    pub fn per_second(&self, now: Timestamp) -> Option<u64> {
        let last = self.samples.back()?;
        let recent = now.before(RECENT);
        let base = self.samples.iter().rev().find(|sample| sample.at <= recent).or_else(|| self.samples.front())?;
        let span = now.since(base.at);
        if span < LEAST {
            return None;
        }
        let events = u128::from(last.events - base.events) * 1000 / span.as_millis().max(1);
        u64::try_from(events).ok()
    }

    /// How long reading the rest may take, at the speed of the last minute; `None` while that cannot be known: streams are
    /// still being discovered, too little was seen, nothing moves, or only writing is left.
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let last = self.samples.back()?;
        let first = self.samples.iter().find(|sample| sample.read.is_some())?;
        let (read, span) = (last.read?, last.at.since(first.at));
        let grown = read - first.read?;
        let stands = now.since(last.at) > RECENT;
        if stands || span < LEAST_FOR_REST || grown <= 0.0 || read >= 1.0 {
            return None;
        }
        let left = Duration::try_from_secs_f64(span.as_secs_f64() * (1.0 - read) / grown).ok()?;
        Some(left.saturating_sub(now.since(last.at)))
    }
}

impl Sample {
    /// Whether it tells of less than `other`, which came before it.
    fn is_before(&self, other: &Self) -> bool {
        let less = |(one, other): (f64, f64)| one < other;
        self.events < other.events || self.read.zip(other.read).is_some_and(less)
    }
}

/// The speeds of all direct exports at work.
#[derive(Clone, Debug, Default)]
pub struct Speeds(HashMap<TaskId, Speed>);

impl Speeds {
    /// Takes in how far `tasks` had come at `at`; those that are at work no more are forgotten.
    pub fn take(&mut self, tasks: &[Arc<Task>], at: Timestamp) {
        let mut before = std::mem::take(&mut self.0);
        for task in tasks.iter().filter(|task| task.state.is_in_aws()) {
            let Some(headway) = &task.headway else { continue };
            let mut speed = before.remove(&task.id).unwrap_or_default();
            speed.take(headway, at);
            self.0.insert(task.id, speed);
        }
    }

    /// Of one of them.
    pub fn of(&self, task: TaskId) -> Option<&Speed> {
        self.0.get(&task)
    }
}

#[cfg(test)]
mod tests {
    use super::super::headway::Share;
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_786_298_400_000);

    fn after(millis: u64) -> Timestamp {
        START.after(Duration::from_millis(millis))
    }

    fn headway(events: u64, read: Option<u64>) -> Headway {
        Headway { events, read: read.map(|percent| Share::of(percent, 100)), ..Headway::default() }
    }

    /// Four samples a second of `events` a second and `percent` a second.
    fn seen(seconds: u64, events: u64, percent: Option<u64>) -> Speed {
        let mut speed = Speed::default();
        for quarter in 0..=seconds * 4 {
            let share = percent.map(|percent| percent * quarter / 4);
            speed.take(&headway(events * quarter / 4, share), after(quarter * 250));
        }
        speed
    }

    #[test]
    fn nothing_is_said_before_something_was_seen() {
        let mut speed = Speed::default();
        speed.take(&headway(500, Some(3)), START);
        assert_eq!((speed.per_second(after(200)), speed.left(after(200))), (None, None));
        let shortly = seen(2, 100, Some(1));
        assert_eq!((shortly.per_second(after(2_000)), shortly.left(after(2_000))), (Some(100), None));
    }

    #[test]
    fn the_rest_takes_as_long_as_what_was_read_tells() {
        let speed = seen(20, 100, Some(1));
        let left = speed.left(after(20_000)).unwrap();
        assert!((78..=82).contains(&left.as_secs()), "{left:?}");
        assert_eq!(seen(20, 100, None).left(after(20_000)), None, "streams are still being discovered");
        assert_eq!(seen(200, 100, Some(1)).left(after(200_000)), None, "only writing is left");
    }

    #[test]
    fn the_speed_is_that_of_the_last_seconds_and_falls_to_nothing_when_nothing_comes() {
        let mut speed = seen(30, 100, Some(1));
        for quarter in 1..=80 {
            speed.take(&headway(3_000 + 100 * quarter, Some(30)), after(30_000 + quarter * 250));
        }
        let now = speed.per_second(after(50_000)).unwrap();
        assert!((390..=410).contains(&now), "{now}");
        assert_eq!(speed.per_second(after(70_000)), Some(0));
        assert_eq!(speed.left(after(70_000)), None);
        assert!(speed.samples.len() < 200, "what is kept is bounded");
    }

    #[test]
    fn a_run_that_begins_anew_is_measured_anew() {
        let mut speed = seen(20, 100, Some(1));
        speed.take(&headway(500, Some(5)), after(21_000));
        assert_eq!(speed.per_second(after(21_100)), None);
    }
}
