//! What is told of a direct export under way, in the words that all faces share. Estimates are marked with `~`.

use super::super::amount::thousands;
use super::super::time::{Timestamp, show_span};
use super::headway::Headway;
use super::speed::Speed;

/// How far an export has come, how fast it is and what holds it up.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// Its counters.
    pub headway: &'a Headway,
    /// What was seen of them.
    pub speed: Option<&'a Speed>,
    /// By when.
    pub now: Timestamp,
}

impl Telling<'_> {
    /// Everything while it is at work, the most telling first: all of it may not fit.
    pub fn parts(self) -> Vec<String> {
        let Headway { events, uploaded, bound, .. } = self.headway;
        let left = self.left().map(|left| format!("{left} left"));
        let events = format!("{} events", thousands(*events));
        let bound = bound.map(|bound| bound.to_string());
        let told = [
            left,
            self.speed(),
            bound,
            Some(streams(self.headway)),
            Some(events),
            Some(format!("{uploaded} uploaded")),
        ];
        told.into_iter().flatten().collect()
    }

    /// `48,200 events/s`, once any were read.
    pub fn speed(self) -> Option<String> {
        let speed = self.speed.filter(|_| self.headway.events > 0)?;
        Some(format!("{} events/s", thousands(speed.per_second(self.now)?)))
    }

    /// `~3m 20s`, until all was read.
    pub fn left(self) -> Option<String> {
        Some(format!("~{}", show_span(self.speed?.left(self.now)?)))
    }

    /// `~42%` of the range.
    pub fn share(self) -> Option<String> {
        self.headway.read.map(|read| format!("~{}%", read.percent()))
    }
}

/// `3/12 streams`; while they are being discovered, how many were so far.
pub fn streams(headway: &Headway) -> String {
    let Headway { streams_done, streams_known, all_known, over_time, .. } = *headway;
    let (done, known) = (thousands(streams_done), thousands(streams_known));
    match (over_time, all_known) {
        (true, true) => format!("{known} streams together"),
        // Counted beside, if at all.
        (true, false) if streams_known == 0 => "all streams together".to_owned(),
        (true, false) => format!("{known} streams found so far, read together"),
        (false, true) => format!("{done}/{known} streams"),
        (false, false) if streams_known == 0 => "looking for streams".to_owned(),
        (false, false) => format!("{done}/{known} streams found so far"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::headway::{Bound, PerSecond, Share};
    use super::super::quota::Operation;
    use super::*;
    use crate::domain::amount::ByteCount;
    use std::time::Duration;

    const START: Timestamp = Timestamp::from_millis(1_786_298_400_000);

    fn headway(events: u64, read: u64) -> Headway {
        let (sent, quota) = (PerSecond::of(8.0), Some(PerSecond::of(10.0)));
        Headway {
            events,
            uploaded: ByteCount(12 << 20),
            streams_done: 3,
            streams_known: 12,
            all_known: true,
            read: Some(Share::of(read, 100)),
            bound: Some(Bound::Quota { call: Operation::GetLogEvents, sent, quota }),
            ..Headway::default()
        }
    }

    #[test]
    fn everything_is_told_and_estimates_are_marked() {
        let mut speed = Speed::default();
        speed.take(&headway(0, 20), START);
        let now = START.after(Duration::from_secs(10));
        let headway = headway(482_000, 30);
        speed.take(&headway, now);
        let telling = Telling { headway: &headway, speed: Some(&speed), now };
        assert_eq!(
            telling.parts().join(" · "),
            "~1m 10s left · 48,200 events/s · GetLogEvents 8 of 10/s · 3/12 streams · 482,000 events · 12.0 MiB uploaded"
        );
        assert_eq!(telling.share().as_deref(), Some("~30%"));
    }

    #[test]
    fn discovery_is_told_as_discovery() {
        let told = |headway: Headway| streams(&headway);
        let begun = Headway::default();
        assert_eq!(told(begun), "looking for streams");
        let found = Headway { streams_done: 3, streams_known: 150, ..begun };
        assert_eq!(told(found), "3/150 streams found so far");
        assert_eq!(told(Headway { all_known: true, ..found }), "3/150 streams");
        let together = Headway { over_time: true, streams_known: 20_000, ..begun };
        assert_eq!(told(together), "20,000 streams found so far, read together");
        assert_eq!(told(Headway { all_known: true, ..together }), "20,000 streams together");
    }
}
