//! AWS's documented request rates of CloudWatch Logs, as token buckets per account, Region and operation.
//!
//! Pure arithmetic on instants that are passed in; `faults` asks it.

use std::collections::HashMap;
use std::time::Instant;

use super::world::Caller;

/// The buckets that have been drawn from.
#[derive(Debug, Default)]
pub struct Rates {
    buckets: HashMap<(String, String, String), Bucket>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Rates {
    /// Takes a token for this call; `false` if there is none. Operations without a documented rate always pass.
    pub fn admits(&mut self, caller: &Caller, operation: &str, now: Instant) -> bool {
        let Some(rate) = per_second(operation, &caller.region).map(f64::from) else { return true };
        let key = (caller.account.clone(), caller.region.clone(), operation.to_owned());
        let bucket = self.buckets.entry(key).or_insert(Bucket { tokens: rate, filled: now });
        let elapsed = now.saturating_duration_since(bucket.filled).as_secs_f64();
        // A bucket holds one second's worth: AWS documents rates, not bursts.
        bucket.tokens = elapsed.mul_add(rate, bucket.tokens).min(rate);
        bucket.filled = now;
        let admitted = bucket.tokens >= 1.0;
        if admitted {
            bucket.tokens -= 1.0;
        }
        admitted
    }
}

/// Calls a second for an account in a Region ("CloudWatch Logs service quotas", 2026; not adjustable for exports).
fn per_second(operation: &str, region: &str) -> Option<u32> {
    match operation {
        "CreateExportTask" | "DescribeExportTasks" | "CancelExportTask" => Some(5),
        "DescribeLogGroups" => Some(10),
        "DescribeLogStreams" => Some(25),
        "FilterLogEvents" => Some(if region == "eu-central-1" { 5 } else { 25 }),
        "GetLogEvents" => Some(if matches!(region, "us-west-2" | "eu-west-1") { 10 } else { 25 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn caller(region: &str) -> Caller {
        Caller { access_key: "AKIA".into(), account: "123456789012".into(), region: region.into() }
    }

    fn admitted(rates: &mut Rates, region: &str, operation: &str, now: Instant) -> usize {
        (0..100).filter(|_| rates.admits(&caller(region), operation, now)).count()
    }

    #[test]
    fn each_operation_has_its_documented_rate_by_region() {
        let now = Instant::now();
        let mut rates = Rates::default();
        for (operation, region, expected) in [
            ("CreateExportTask", "eu-central-1", 5),
            ("DescribeLogGroups", "eu-central-1", 10),
            ("DescribeLogStreams", "eu-central-1", 25),
            ("FilterLogEvents", "eu-central-1", 5),
            ("FilterLogEvents", "us-east-1", 25),
            ("GetLogEvents", "eu-west-1", 10),
            ("GetLogEvents", "eu-central-1", 25),
            ("PutLogEvents", "eu-central-1", 100),
        ] {
            assert_eq!(admitted(&mut rates, region, operation, now), expected, "{operation} in {region}");
        }
    }

    #[test]
    fn tokens_come_back_with_time_but_never_more_than_a_second_holds() {
        let start = Instant::now();
        let mut rates = Rates::default();
        admitted(&mut rates, "eu-central-1", "CreateExportTask", start);
        let later = start + Duration::from_millis(400);
        assert_eq!(admitted(&mut rates, "eu-central-1", "CreateExportTask", later), 2);
        let much_later = later + Duration::from_mins(1);
        assert_eq!(admitted(&mut rates, "eu-central-1", "CreateExportTask", much_later), 5);
    }

    #[test]
    fn regions_do_not_share_a_bucket() {
        let now = Instant::now();
        let mut rates = Rates::default();
        admitted(&mut rates, "eu-central-1", "CreateExportTask", now);
        assert_eq!(admitted(&mut rates, "eu-west-1", "CreateExportTask", now), 5);
    }
}
