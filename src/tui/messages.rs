//! Everything that was said since the start: what stood on the message line, and what kept a listing from being shown. Kept
//! within bounds, repetitions counted.

use std::collections::VecDeque;

use crate::domain::time::Timestamp;
use crate::tui::model::Tone;

/// As many are kept: a day's worth of reading; the oldest go first.
const KEPT: usize = 500;

/// One message, however often it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How it is meant.
    pub tone: Tone,
    /// The words (untrusted parts in it: escape).
    pub text: String,
    /// When it was said first.
    pub first: Timestamp,
    /// When it was said last.
    pub last: Timestamp,
    /// How often it was said.
    pub times: u64,
    /// A failure on the message line that nobody has dismissed.
    pub stands: bool,
}

/// The messages, in the order they were said last.
#[derive(Clone, Debug, Default)]
pub struct MessageLog(VecDeque<Entry>);

impl MessageLog {
    /// Keeps what stands on the message line.
    pub fn said(&mut self, tone: Tone, text: &str, at: Timestamp) {
        self.keep(tone, text, at, tone == Tone::Bad);
    }

    /// Keeps a failure that is shown elsewhere.
    pub fn failed(&mut self, text: &str, at: Timestamp) {
        self.keep(Tone::Bad, text, at, false);
    }

    fn keep(&mut self, tone: Tone, text: &str, at: Timestamp, stands: bool) {
        let known = self.0.iter().position(|entry| entry.tone == tone && entry.text == text);
        let before = known.and_then(|known| self.0.remove(known));
        let (first, times) = before.as_ref().map_or((at, 0), |before| (before.first, before.times));
        let stands = stands || before.is_some_and(|before| before.stands);
        self.0.push_back(Entry { tone, text: text.to_owned(), first, last: at, times: times + 1, stands });
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// Somebody has dismissed what stood there.
    pub fn dismiss(&mut self) {
        for entry in &mut self.0 {
            entry.stands = false;
        }
    }

    /// How many failures nobody has dismissed.
    pub fn standing(&self) -> usize {
        self.0.iter().filter(|entry| entry.stands).count()
    }

    /// The last one first.
    pub fn newest_first(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.0.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    #[test]
    fn repetitions_are_counted_and_the_last_one_said_comes_first() {
        let mut log = MessageLog::default();
        for (second, text) in ["a", "b", "a", "a"].iter().enumerate() {
            log.said(Tone::Bad, text, at(i64::try_from(second).unwrap()));
        }
        log.said(Tone::Note, "a", at(9));
        let told: Vec<_> = log.newest_first().map(|entry| (entry.text.as_str(), entry.times, entry.first)).collect();
        assert_eq!(told, [("a", 1, at(9)), ("a", 3, at(0)), ("b", 1, at(1))], "a note is no failure");
    }

    #[test]
    fn a_failure_stands_until_it_is_dismissed() {
        let mut log = MessageLog::default();
        log.said(Tone::Bad, "a", at(1));
        log.said(Tone::Warning, "b", at(2));
        log.failed("c", at(3));
        assert_eq!(log.standing(), 1, "of what stands on the message line");
        log.dismiss();
        log.failed("a", at(4));
        assert_eq!(log.standing(), 0);
        log.said(Tone::Bad, "a", at(5));
        assert_eq!(log.standing(), 1, "said once more");
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut log = MessageLog::default();
        for number in 0..KEPT + 3 {
            log.said(Tone::Note, &number.to_string(), at(0));
        }
        assert_eq!(log.newest_first().len(), KEPT);
        assert_eq!(log.newest_first().last().map(|entry| entry.text.as_str()), Some("3"));
    }
}
