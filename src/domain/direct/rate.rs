//! How fast requests may go out: a schedule that slows down when the service throttles and recovers by and by (additive
//! increase, multiplicative decrease). Pure arithmetic on instants that are passed in, each
//! as the time since one that the caller has chosen.

use std::time::Duration;

/// How far requests may run ahead of an even schedule, so that a late one is caught up with.
const SLACK: Duration = Duration::from_millis(250);
/// What is left of the rate after the service has throttled.
const DECREASE: f64 = 0.85;
/// How much of the ceiling comes back in a second.
const INCREASE: f64 = 0.05;
/// Refusals this close together are one: all were sent at the rate that was too high.
const ECHO: Duration = Duration::from_millis(500);
/// No slower than this, in requests a second.
const SLOWEST: f64 = 0.2;

/// The schedule of one operation's requests.
#[derive(Clone, Debug)]
pub struct Rate {
    /// Requests a second at most; without one there is no schedule until the service throttles.
    ceiling: Option<f64>,
    /// Requests a second now; without one they go out at once.
    now: Option<f64>,
    /// When the next request is due on an even schedule.
    due: Option<Duration>,
    adapted: Option<Duration>,
    throttled: Option<Duration>,
    /// Requests since `counting_since`: what was too fast, where nobody gave a rate.
    counted: u32,
    counting_since: Option<Duration>,
}

impl Rate {
    /// At most `ceiling` requests a second; `None` does not hold any back.
    pub const fn new(ceiling: Option<f64>) -> Self {
        Self { ceiling, now: ceiling, due: None, adapted: None, throttled: None, counted: 0, counting_since: None }
    }

    /// Requests a second at present; `None`: as many as come.
    pub const fn per_second(&self) -> Option<f64> {
        self.now
    }

    /// Takes the next place in the schedule: how long to wait for it.
    pub fn reserve(&mut self, now: Duration) -> Duration {
        self.count(now);
        self.recover(now);
        let Some(rate) = self.now else { return Duration::ZERO };
        let due = self.due.map_or(now, |due| due.max(now));
        self.due = Some(due + Duration::from_secs_f64(rate.max(SLOWEST).recip()));
        due.saturating_sub(now).saturating_sub(SLACK)
    }

    /// The service refused a request for its rate: slower, from now on.
    pub fn throttled(&mut self, now: Duration) {
        if self.throttled.is_some_and(|last| now.saturating_sub(last) < ECHO) {
            return;
        }
        self.recover(now);
        let was = self.now.unwrap_or_else(|| self.measured(now));
        self.now = Some((was * DECREASE).max(SLOWEST));
        self.throttled = Some(now);
        self.adapted = Some(now);
        // What was sent already has used the service's own slack up: go on without ours.
        self.due = Some(self.due.map_or(now, |due| due.max(now)) + SLACK);
    }

    fn recover(&mut self, now: Duration) {
        let (Some(rate), Some(since)) = (self.now, self.adapted) else { return };
        let seconds = now.saturating_sub(since).as_secs_f64();
        // Without a ceiling the rate itself is the measure: it grows until the service throttles again.
        let grown = INCREASE.mul_add(self.ceiling.unwrap_or(rate) * seconds, rate);
        self.now = Some(self.ceiling.map_or(grown, |ceiling| grown.min(ceiling)));
        self.adapted = Some(now);
    }

    fn count(&mut self, now: Duration) {
        if self.counting_since.is_none_or(|since| now.saturating_sub(since) > Duration::from_secs(2)) {
            self.counting_since = Some(now);
            self.counted = 0;
        }
        self.counted += 1;
    }

    /// Requests a second since counting began.
    fn measured(&self, now: Duration) -> f64 {
        let seconds = self.counting_since.map_or(1.0, |since| now.saturating_sub(since).as_secs_f64());
        f64::from(self.counted) / seconds.max(0.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_hours(1);

    /// How many requests go out within `span`, each sent as soon as its place comes.
    fn sent(rate: &mut Rate, start: Duration, span: Duration) -> u32 {
        let (mut now, mut count) = (start, 0);
        loop {
            now += rate.reserve(now);
            if now > start + span {
                return count;
            }
            count += 1;
        }
    }

    #[test]
    fn requests_keep_to_the_ceiling_with_a_little_slack() {
        let count = sent(&mut Rate::new(Some(10.0)), START, Duration::from_secs(20));
        assert!((200..=203).contains(&count), "{count}");
    }

    #[test]
    fn a_pause_is_made_up_for_only_within_the_slack() {
        let (mut rate, start) = (Rate::new(Some(10.0)), START);
        sent(&mut rate, start, Duration::from_secs(1));
        let count = sent(&mut rate, start + Duration::from_mins(1), Duration::from_secs(1));
        assert!((10..=13).contains(&count), "{count}");
    }

    #[test]
    fn without_a_ceiling_nothing_waits_until_the_service_throttles() {
        let (mut rate, start) = (Rate::new(None), START);
        let waits: Duration = (0..100).map(|n| rate.reserve(start + Duration::from_millis(n * 10))).sum();
        assert_eq!(waits, Duration::ZERO);
        rate.throttled(start + Duration::from_secs(1));
        let after = rate.per_second().unwrap();
        assert!((80.0..90.0).contains(&after), "{after}");
    }

    #[test]
    fn throttling_slows_down_once_for_all_its_echoes_and_wears_off() {
        let (mut rate, start) = (Rate::new(Some(20.0)), START);
        for n in 0..5 {
            rate.throttled(start + Duration::from_millis(n * 50));
        }
        assert_eq!(rate.per_second(), Some(17.0));
        rate.reserve(start + Duration::from_secs(2));
        let recovered = rate.per_second().unwrap();
        assert!((18.9..19.1).contains(&recovered), "{recovered}");
        rate.reserve(start + Duration::from_mins(1));
        assert_eq!(rate.per_second(), Some(20.0));
    }
}
