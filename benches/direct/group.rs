//! The log groups that are exported: their shape, and where in time their events lie.

use logferry::sandbox::logs::SyntheticGroup;

/// 10 GetLogEvents a second: the lowest that AWS documents.
pub const REGION: &str = "eu-west-1";

/// 2026-08-09T18:00:00Z, and a day later.
pub const FROM: i64 = 1_786_298_400_000;
pub const UNTIL: i64 = FROM + 24 * 3_600_000;

/// A message's bytes, on average.
const MESSAGE: u32 = 120;

/// What a line has besides its message: `2026-08-09T18:00:00.123Z `, and the line feed. CloudWatch Logs counts as many bytes
/// for an event (PutLogEvents reference), so the bytes of a group's lines are what its pages are measured by.
pub const LINE: u64 = 26;

/// So many streams of so many events.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub streams: u32,
    pub each: u64,
}

impl Shape {
    pub const fn new(streams: u32, each: u64) -> Self {
        Self { streams, each }
    }

    /// `STREAMSxEVENTS`.
    pub fn parse(text: &str) -> Option<Self> {
        let (streams, each) = text.split_once('x')?;
        Some(Self { streams: streams.parse().ok()?, each: each.parse().ok()? })
    }

    /// The shape in `percent` of its size: streams are shortened, never fewer.
    pub fn scaled(self, percent: u64) -> Self {
        Self { each: (self.each * percent / 100).max(1), ..self }
    }

    /// The shape with so many streams whose lines have about `bytes`.
    pub fn of_bytes(streams: u32, bytes: u64) -> Self {
        Self { streams, each: bytes / (u64::from(MESSAGE) + LINE) / u64::from(streams) }
    }

    pub fn name(self) -> String {
        format!("{}x{}", self.streams, self.each)
    }

    pub fn events(self) -> u64 {
        u64::from(self.streams) * self.each
    }

    /// What the sandbox is told.
    pub fn group(self) -> SyntheticGroup {
        SyntheticGroup {
            name: self.name(),
            streams: self.streams,
            events_per_stream: self.each,
            message_bytes: MESSAGE,
            from: FROM,
            to: UNTIL,
            seed: 7,
        }
    }
}
