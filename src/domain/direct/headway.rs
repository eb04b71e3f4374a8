//! How far a direct export has come, for people.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::amount::ByteCount;
use super::quota::Operation;

/// Counters of a direct export. What earlier runs made durable is counted in, what died with them is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Headway {
    /// Log events read.
    pub events: u64,
    /// Bytes of their lines, before they are compressed.
    pub raw: ByteCount,
    /// Compressed bytes that have arrived at the destination, those of unfinished objects included.
    pub uploaded: ByteCount,
    /// Streams read to their end, also by earlier runs; none while the whole group is read over time.
    pub streams_done: u64,
    /// Streams that are known to have to be read.
    pub streams_known: u64,
    /// Whether no more streams are looked for. Some may still appear.
    pub all_known: bool,
    /// Whether all streams are read together over time, by FilterLogEvents: none of them is done before the end then.
    pub over_time: bool,
    /// How much of all that is to be read was read; `None` until that can be said, which takes all streams to be known.
    pub read: Option<Share>,
    /// What holds reading up just now; `None` before anything was read.
    pub bound: Option<Bound>,
}

/// A part of a whole, in millionths. By the range of time that was read, so no more than an estimate of the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(u32);

impl Share {
    const WHOLE: u32 = 1_000_000;

    /// `part` of `whole`; never more than all of it, and all of nothing.
    pub fn of(part: u64, whole: u64) -> Self {
        let scaled = u128::from(part.min(whole)) * u128::from(Self::WHOLE);
        let millionths = scaled.checked_div(u128::from(whole)).unwrap_or(u128::from(Self::WHOLE));
        Self(u32::try_from(millionths).unwrap_or(Self::WHOLE))
    }

    /// From 0 to 1.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / f64::from(Self::WHOLE)
    }

    /// From 0 to 99: who has read everything still has to write the rest of it.
    pub const fn percent(self) -> u32 {
        let percent = self.0 / (Self::WHOLE / 100);
        if percent > 99 { 99 } else { percent }
    }
}

/// Requests a second, in tenths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerSecond(u32);

impl PerSecond {
    /// Rounded to tenths.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    pub fn of(rate: f64) -> Self {
        Self((rate * 10.0).round().clamp(0.0, f64::from(u32::MAX)) as u32)
    }

    /// As a number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl fmt::Display for PerSecond {
    /// `8`, `8.5`, `120`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 10, self.0 % 10) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, _) if whole >= 100 => write!(f, "{whole}"),
            (whole, tenth) => write!(f, "{whole}.{tenth}"),
        }
    }
}

/// What holds reading up: without it the export would be faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The quota of a call.
    Quota {
        /// Which call.
        call: Operation,
        /// Requests a second that are sent: our share, less what the service has refused.
        sent: PerSecond,
        /// Requests a second that AWS documents; `None` for a service that documents none and was seen to throttle.
        quota: Option<PerSecond>,
    },
    /// Uploads: what was packed waits for them.
    Upload,
    /// Packing: what was read waits for it.
    Packing,
    /// Nothing on this side: the service's answers are awaited.
    Answers,
}

impl fmt::Display for Bound {
    /// `GetLogEvents 8 of 10/s`, `no quota: uploading`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quota { call, sent, quota: Some(quota) } => write!(f, "{} {sent} of {quota}/s", call.name()),
            Self::Quota { call, sent, quota: None } => write!(f, "{} {sent}/s, throttled", call.name()),
            Self::Upload => f.write_str("no quota: uploading"),
            Self::Packing => f.write_str("no quota: packing"),
            Self::Answers => f.write_str("no quota: awaiting answers"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_more_than_all_and_never_tells_a_hundred_percent() {
        assert_eq!(Share::of(1, 4).percent(), 25);
        assert_eq!(Share::of(5, 4), Share::of(4, 4));
        assert_eq!((Share::of(4, 4).percent(), Share::of(0, 0).percent()), (99, 99));
        assert!((Share::of(u64::MAX / 2, u64::MAX).fraction() - 0.5).abs() < 1e-5);
    }

    #[test]
    fn a_quota_is_named_with_what_is_sent_of_it() {
        let bound = |sent, quota: Option<f64>| {
            let (sent, quota) = (PerSecond::of(sent), quota.map(PerSecond::of));
            Bound::Quota { call: Operation::GetLogEvents, sent, quota }.to_string()
        };
        assert_eq!(bound(8.0, Some(10.0)), "GetLogEvents 8 of 10/s");
        assert_eq!(bound(6.84, Some(10.0)), "GetLogEvents 6.8 of 10/s");
        assert_eq!(bound(120.4, None), "GetLogEvents 120/s, throttled");
    }

    #[test]
    fn what_an_older_version_has_written_is_read() {
        let old = r#"{"events":7,"raw":70,"uploaded":7,"streams_done":1,"streams_known":2,"binding":"GetLogEvents"}"#;
        let headway: Headway = serde_json::from_str(old).unwrap();
        assert_eq!((headway.events, headway.streams_known, headway.bound), (7, 2, None));
    }
}
