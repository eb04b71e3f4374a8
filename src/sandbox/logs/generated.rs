//! Events that are computed, not stored: event `i` of a stream has a timestamp and a message that follow from the
//! stream's seed and `i` alone, so a group of any size costs no memory and any page of it is reached at once.

use std::fmt::Write as _;
use std::sync::LazyLock;

/// A stream's computed events: `count` of them, spread over `from..to` (epoch milliseconds) in ascending order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Generated {
    /// What the stream's dice start from.
    pub seed: u64,
    /// How many events.
    pub count: u64,
    /// The first event is not before this.
    pub from: i64,
    /// The last event is before this.
    pub to: i64,
    /// What they say.
    pub text: Text,
}

/// What computed messages say.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    /// Filler of this many bytes on average.
    Filler(u32),
    /// What some service writes.
    Voice(Voice),
}

/// How a service words its events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    /// Writes one message.
    pub write: fn(&mut String, &Moment),
    /// A message's usual size in bytes, for a group's stored bytes.
    pub typical: u32,
}

/// The one event a message is written for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// The stream's seed.
    pub seed: u64,
    /// The event's place in its stream, from 0.
    pub index: u64,
    /// Its timestamp, epoch milliseconds.
    pub at: i64,
}

impl Moment {
    /// The `n`th die of this event.
    pub fn die(&self, n: u64) -> u64 {
        mix(self.seed ^ mix(self.index.wrapping_mul(8).wrapping_add(n)))
    }

    /// One of `choices` by the `n`th die.
    pub fn pick<T: Copy>(&self, n: u64, choices: &[T]) -> T {
        choices[place(self.die(n), choices.len())]
    }
}

/// Where a die of any size falls among `length` places.
fn place(die: u64, length: usize) -> usize {
    usize::try_from(die % length.max(1) as u64).unwrap_or_default()
}

/// `SplitMix64`'s finaliser: every input bit moves every output bit, in a handful of instructions.
pub(super) fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Generated {
    /// Event `index`'s timestamp: the start of its share of the span, plus less than a share of jitter, so that
    /// timestamps never descend.
    pub fn timestamp(&self, index: u64) -> i64 {
        let span = u64::try_from(self.to.saturating_sub(self.from)).unwrap_or_default();
        let count = self.count.max(1);
        let share = span / count;
        // The wide product is for spans of years with billions of events; the narrow one is several times faster.
        let start = span.checked_mul(index).map_or_else(
            || u64::try_from(u128::from(span) * u128::from(index) / u128::from(count)).unwrap_or(u64::MAX),
            |product| product / count,
        );
        let jitter = mix(self.seed.rotate_left(17) ^ index) % share.max(1);
        let offset = i64::try_from(start).unwrap_or(i64::MAX).saturating_add(i64::try_from(jitter).unwrap_or(i64::MAX));
        self.from.saturating_add(offset)
    }

    /// The place of the first event not before `at`: near where an even spread has it, for jitter is less than a share.
    pub fn first_from(&self, at: i64) -> u64 {
        let span = u64::try_from(self.to.saturating_sub(self.from)).unwrap_or_default().max(1);
        let offset = u64::try_from(at.saturating_sub(self.from)).unwrap_or_default().min(span);
        let near = u128::from(offset) * u128::from(self.count) / u128::from(span);
        let mut index = u64::try_from(near).unwrap_or(u64::MAX).min(self.count);
        while index > 0 && self.timestamp(index - 1) >= at {
            index -= 1;
        }
        while index < self.count && self.timestamp(index) < at {
            index += 1;
        }
        index
    }

    /// Appends event `index`'s message.
    pub fn write_message(&self, index: u64, out: &mut String) {
        let moment = Moment { seed: self.seed, index, at: self.timestamp(index) };
        match self.text {
            Text::Filler(bytes) => write_filler(out, &moment, bytes),
            Text::Voice(voice) => (voice.write)(out, &moment),
        }
    }

    /// About how many bytes all messages have.
    pub fn message_bytes(&self) -> u64 {
        let each = match self.text {
            Text::Filler(bytes) => bytes,
            Text::Voice(voice) => voice.typical,
        };
        self.count.saturating_mul(u64::from(each))
    }
}

/// Text to cut filler from: words in a fixed shuffle, so that it compresses about as logs do.
static FILLER: LazyLock<String> = LazyLock::new(|| {
    const WORDS: [&str; 24] = [
        "request",
        "served",
        "cache",
        "miss",
        "upstream",
        "latency",
        "retry",
        "payload",
        "checksum",
        "queue",
        "worker",
        "batch",
        "commit",
        "offset",
        "partition",
        "session",
        "token",
        "renewed",
        "tenant",
        "shard",
        "replica",
        "lag",
        "flush",
        "segment",
    ];
    (0..2_000_u64).fold(String::new(), |mut text, n| {
        let die = mix(n);
        let _ = write!(text, "{}={:x} ", WORDS[place(die, WORDS.len())], die >> 44);
        text
    })
});

/// A counter and words, three to five quarters of `bytes` long: `bytes` on average.
fn write_filler(out: &mut String, moment: &Moment, bytes: u32) {
    let bytes = u64::from(bytes);
    let length = bytes * 3 / 4 + moment.die(0) % (bytes / 2 + 1);
    let start = out.len();
    let _ = write!(out, "#{:09} ", moment.index);
    let end = start + usize::try_from(length).unwrap_or_default();
    let mut at = place(moment.die(1), FILLER.len());
    while out.len() < end {
        let cut = FILLER.len().min(at + end - out.len());
        out.push_str(&FILLER[at..cut]); // ASCII: any cut is a character boundary.
        at = 0;
    }
    out.truncate(end.max(start + 1));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn timestamps_never_descend_nor_leave_the_span(seed: u64, count in 1..5_000_u64, span in 1..1_000_000_i64) {
            let stream = Generated { seed, count, from: 1_000, to: 1_000 + span, text: Text::Filler(40) };
            let all: Vec<i64> = (0..count).map(|index| stream.timestamp(index)).collect();
            prop_assert!(all.is_sorted());
            prop_assert!(all.iter().all(|at| (1_000..1_000 + span).contains(at)));
        }
    }

    proptest! {
        #[test]
        fn the_first_event_from_an_instant_on_is_found(
            seed: u64, count in 0..3_000_u64, span in 1..100_000_i64, at in -10..100_010_i64,
        ) {
            let stream = Generated { seed, count, from: 0, to: span, text: Text::Filler(40) };
            let wanted = (0..count).find(|index| stream.timestamp(*index) >= at).unwrap_or(count);
            prop_assert_eq!(stream.first_from(at), wanted);
        }
    }

    #[test]
    fn filler_has_the_bytes_asked_for_on_average() {
        for bytes in [1_u32, 20, 100, 1_000, 100_000] {
            let stream = Generated { seed: 7, count: 500, from: 0, to: 500, text: Text::Filler(bytes) };
            let mut text = String::new();
            (0..500).for_each(|index| stream.write_message(index, &mut text));
            let wanted = usize::try_from(stream.message_bytes()).unwrap();
            assert!(text.len().abs_diff(wanted) <= wanted / 10, "{bytes}: {} instead of {wanted}", text.len());
        }
    }
}
