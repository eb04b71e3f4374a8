//! Quantities that carry their unit in the type.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByteCount(pub u64);

/// Binary units, as S3 and the AWS console count.
const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

impl fmt::Display for ByteCount {
    /// At most four significant characters and a unit: `0 B`, `999 B`, `1.5 KiB`, `12.0 MiB`, `340 GiB`.
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1024 {
            return f.pad(&format!("{} B", self.0));
        }
        let mut value = self.0 as f64 / 1024.0;
        let mut unit = UNITS[0];
        for next in &UNITS[1..] {
            // 1023.95 and above would round to "1024": take the next unit instead.
            if value < 1023.95 {
                break;
            }
            value /= 1024.0;
            unit = next;
        }
        let shown = if value < 99.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") };
        f.pad(&shown)
    }
}

impl Add for ByteCount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for ByteCount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for ByteCount {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

/// A number for people: `15,000`.
pub fn thousands(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// What lies in the bucket under one export task's folder: log objects only, never the write test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Landed {
    /// Log objects (`000000.gz` and on).
    pub objects: u64,
    /// Their sizes as S3 lists them: compressed bytes.
    pub bytes: ByteCount,
}

impl Landed {
    /// No log object at all: what makes a completed task "completed, empty".
    pub const fn is_empty(self) -> bool {
        self.objects == 0
    }
}

impl AddAssign for Landed {
    fn add_assign(&mut self, other: Self) {
        self.objects = self.objects.saturating_add(other.objects);
        self.bytes += other.bytes;
    }
}

impl fmt::Display for Landed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.objects == 1 { "object" } else { "objects" };
        write!(f, "{} {noun}, {}", self.objects, self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_read_at_a_glance() {
        let shown = |n: u64| ByteCount(n).to_string();
        assert_eq!(shown(0), "0 B");
        assert_eq!(shown(1023), "1023 B");
        assert_eq!(shown(1536), "1.5 KiB");
        assert_eq!(shown(1024 * 1024 - 1), "1.0 MiB");
        assert_eq!(shown(340 << 30), "340 GiB");
        assert_eq!(shown(u64::MAX), "16.0 EiB");
    }

    proptest! {
        #[test]
        fn a_size_never_needs_more_than_eight_cells(n: u64) {
            prop_assert!(ByteCount(n).to_string().len() <= 8);
        }
    }
}
