//! AWS's documented request quotas of the calls that read, by Region ("CloudWatch Logs service quotas", 2026).

use serde::{Deserialize, Serialize};

use super::super::place::Region;

/// A call that has a quota of its own, for all of an account in a Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Events of one stream.
    GetLogEvents,
    /// Events of a whole group.
    FilterLogEvents,
    /// The streams of a group.
    DescribeLogStreams,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GetLogEvents, Self::FilterLogEvents, Self::DescribeLogStreams];

    /// As AWS names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetLogEvents => "GetLogEvents",
            Self::FilterLogEvents => "FilterLogEvents",
            Self::DescribeLogStreams => "DescribeLogStreams",
        }
    }

    /// Requests a second that AWS documents for `region`.
    pub fn per_second(self, region: &Region) -> f64 {
        match (self, region.0.as_str()) {
            (Self::FilterLogEvents, "eu-central-1") => 5.0,
            (Self::GetLogEvents, "us-west-2" | "eu-west-1") => 10.0,
            (Self::GetLogEvents | Self::FilterLogEvents | Self::DescribeLogStreams, _) => 25.0,
        }
    }
}
