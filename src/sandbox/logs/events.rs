//! A log stream's events as one ascending sequence, reached by place: computed ones first, then what was put. Reading,
//! filtering and exporting all go through [`Events`], so they cannot disagree.

use std::ops::Range;
use std::sync::Arc;

use super::generated::Generated;

/// What CloudWatch Logs counts for an event besides its message, in bytes (PutLogEvents reference).
pub(super) const OVERHEAD: usize = 26;

/// An event that was put.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// When it happened, epoch milliseconds.
    pub at: i64,
    /// When it was put.
    pub ingested: i64,
    /// What it says.
    pub message: Box<str>,
}

/// All events of a stream. A clone is a snapshot and costs next to nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Events {
    generated: Option<Generated>,
    put: Arc<Vec<Event>>,
    /// The bytes of all messages in `put`.
    put_bytes: u64,
}

impl From<Generated> for Events {
    fn from(generated: Generated) -> Self {
        Self { generated: Some(generated), ..Self::default() }
    }
}

impl Events {
    fn computed(&self) -> u64 {
        self.generated.map_or(0, |generated| generated.count)
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.computed() + self.put.len() as u64
    }

    fn stored(&self, index: u64) -> Option<&Event> {
        let index = index.checked_sub(self.computed())?;
        self.put.get(usize::try_from(index).ok()?)
    }

    /// When event `index` happened; past the end, later than everything.
    pub fn timestamp(&self, index: u64) -> i64 {
        match self.generated {
            Some(generated) if index < generated.count => generated.timestamp(index),
            Some(_) | None => self.stored(index).map_or(i64::MAX, |event| event.at),
        }
    }

    /// When event `index` was taken in: computed ones in the second they happened.
    pub fn ingested(&self, index: u64) -> i64 {
        self.stored(index).map_or_else(|| self.timestamp(index).saturating_add(400), |event| event.ingested)
    }

    /// Appends event `index`'s message.
    pub fn write_message(&self, index: u64, out: &mut String) {
        match self.generated {
            Some(generated) if index < generated.count => generated.write_message(index, out),
            Some(_) | None => out.push_str(self.stored(index).map_or("", |event| &event.message)),
        }
    }

    /// The place of the first event not before `at`.
    pub fn first_from(&self, at: i64) -> u64 {
        let computed = self.generated.map_or(0, |generated| generated.first_from(at));
        if computed < self.computed() {
            return computed;
        }
        // Nothing that was put lies before what is computed.
        computed + self.put.partition_point(|event| event.at < at) as u64
    }

    /// The places of the events from `from` until before `until`.
    pub fn between(&self, from: Option<i64>, until: Option<i64>) -> Range<u64> {
        let start = from.map_or(0, |from| self.first_from(from));
        let end = until.map_or_else(|| self.len(), |until| self.first_from(until));
        start..end.max(start)
    }

    /// The first and last event's timestamps.
    pub fn span(&self) -> Option<(i64, i64)> {
        (self.len() > 0).then(|| (self.timestamp(0), self.timestamp(self.len() - 1)))
    }

    /// Takes in events, which must not lie before [`Events::earliest_put`]; the sequence stays ascending.
    pub fn put(&mut self, events: impl IntoIterator<Item = Event>) {
        let all = Arc::make_mut(&mut self.put);
        let before = all.len();
        all.extend(events);
        self.put_bytes += all[before..].iter().map(|event| event.message.len() as u64).sum::<u64>();
        all.sort_by_key(|event| event.at); // Stable, and near linear for what is nearly sorted.
    }

    /// Before this nothing can be put: computed events cannot be interleaved with.
    pub fn earliest_put(&self) -> i64 {
        match self.generated {
            Some(generated) if generated.count > 0 => generated.timestamp(generated.count - 1),
            Some(_) | None => i64::MIN,
        }
    }

    /// About how many bytes CloudWatch Logs counts for all of them.
    pub fn stored_bytes(&self) -> u64 {
        let computed = self.generated.map_or(0, |generated| generated.message_bytes());
        computed + self.put_bytes + self.len() * OVERHEAD as u64
    }
}

#[cfg(test)]
mod tests {
    use super::super::generated::Text;
    use super::*;

    fn event(at: i64, message: &str) -> Event {
        Event { at, ingested: at, message: message.into() }
    }

    #[test]
    fn what_is_put_late_still_stands_in_its_place() {
        let mut events = Events::default();
        events.put([event(10, "a"), event(30, "c")]);
        events.put([event(20, "b"), event(10, "a2")]);
        let mut text = String::new();
        (0..events.len()).for_each(|index| events.write_message(index, &mut text));
        assert_eq!(text, "aa2bc");
        assert_eq!(events.between(Some(10), Some(20)), 0..2);
        assert_eq!(events.between(Some(11), None), 2..4);
        assert_eq!(events.between(Some(31), None), 4..4);
        assert_eq!(events.between(Some(30), Some(10)), 3..3);
    }

    #[test]
    fn what_is_put_after_computed_events_follows_them() {
        let mut events = Events::from(Generated { seed: 1, count: 5, from: 0, to: 50, text: Text::Filler(10) });
        let last = events.earliest_put();
        events.put([event(last, "tail")]);
        assert_eq!(events.len(), 6);
        assert_eq!(events.timestamp(5), last);
        assert_eq!(events.span().map(|span| span.1), Some(last));
    }
}
