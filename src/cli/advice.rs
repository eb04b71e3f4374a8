//! What to do about a finding of the checks, for somebody at a command line. Callers: `doctor` and `export`.

use super::outcome::without_keys;
use crate::domain::preflight::{Finding, Remedy};

/// What to do, in one line, about something found of an export into `bucket`: not escaped yet.
pub fn advice(remedy: &Remedy, bucket: &str) -> String {
    let advice = without_keys(&remedy.to_string());
    match remedy {
        Remedy::Create => format!("{advice}: `logferry buckets create {bucket}` does it"),
        Remedy::Grant(_) => {
            format!("{advice}; `logferry buckets grant {bucket}`, with the prefix if there is one, does it")
        }
        Remedy::Advice(_)
        | Remedy::BucketStatement(_)
        | Remedy::KeyStatement(_)
        | Remedy::Direct(_)
        | Remedy::TrustKey => advice,
    }
}

/// The statement to hand on, where the remedy is one.
pub fn statement(finding: &Finding) -> Option<serde_json::Value> {
    serde_json::from_str(finding.remedy.as_ref()?.statement()?).ok()
}
