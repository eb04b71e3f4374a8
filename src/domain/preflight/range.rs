//! The time range: AWS takes almost any, and answers a wrong one with an empty export.

use std::time::Duration;

use super::{Check, Finding};
use crate::domain::engine::EngineKind;
use crate::domain::inventory::LogGroup;
use crate::domain::time::{RangeError, TimeRange, Timestamp, Zone};

/// A range as it was typed, and what it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct RangeFacts<'a> {
    /// The start.
    pub from: Timestamp,
    /// The end.
    pub to: Timestamp,
    /// The log group, if it is known.
    pub group: Option<&'a LogGroup>,
    /// By which engine it is exported.
    pub engine: EngineKind,
    /// The time now.
    pub now: Timestamp,
    /// The zone instants are written in.
    pub zone: Zone,
}

const CHECK: Check = Check::Range;

const DAY: Duration = Duration::from_hours(24);

/// What there is to say of a range: one pass, one block, or a warning for each thing that is lost. What a log group that
/// is not known holds cannot be known either.
pub fn range(facts: &RangeFacts<'_>) -> Vec<Finding> {
    let range = match TimeRange::new(facts.from, facts.to) {
        Ok(range) => range,
        Err(error) => return vec![impossible(error)],
    };
    let lost = [created(facts, range), retained(facts, range), available(facts, range)];
    let warnings: Vec<Finding> = lost.into_iter().flatten().collect();
    match facts.group {
        _ if !warnings.is_empty() => warnings,
        Some(_) => vec![Finding::pass(CHECK, "the log group holds all of it")],
        None => vec![Finding::unknown(CHECK, "it is a range; how much of it the log group holds is not known")],
    }
}

fn impossible(error: RangeError) -> Finding {
    let advice = match error {
        RangeError::NotBefore => "give a from that is earlier than to",
        RangeError::BeforeLogs(_) => "that looks like seconds: AWS takes milliseconds, a thousand times as much",
    };
    Finding::block(CHECK, error.to_string()).advising(advice)
}

/// Before the log group was there.
fn created(facts: &RangeFacts<'_>, range: TimeRange) -> Option<Finding> {
    let created = facts.group?.created.filter(|created| *created > range.from())?;
    let reason = format!("the log group was created only on {}", created.show(facts.zone));
    Some(Finding::warn(CHECK, reason).advising(remaining(facts, range, created)))
}

/// Older than the log group keeps.
fn retained(facts: &RangeFacts<'_>, range: TimeRange) -> Option<Finding> {
    let days = facts.group?.retention_days?;
    let kept = facts.now.before(DAY * days);
    let reason = format!("the log group keeps {days} days: what is older than {} is gone", kept.show(facts.zone));
    (kept > range.from()).then(|| Finding::warn(CHECK, reason).advising(remaining(facts, range, kept)))
}

/// What is still there of a range whose part before `start` is not.
fn remaining(facts: &RangeFacts<'_>, range: TimeRange, start: Timestamp) -> String {
    if start >= range.to() {
        return "nothing of the range is there: choose a later one".to_owned();
    }
    format!("what is there: {} to {}", start.show(facts.zone), range.to().show(facts.zone))
}

/// Too young to be exported by AWS for sure. Whoever reads events sees them within seconds.
fn available(facts: &RangeFacts<'_>, range: TimeRange) -> Option<Finding> {
    match facts.engine {
        EngineKind::Managed => {}
        EngineKind::Direct => return None,
    }
    let cutoff = range.past_availability(facts.now)?.show(facts.zone);
    let reason =
        format!("log data may take 12 hours to become available: what is younger than {cutoff} may be missing");
    Some(Finding::warn(CHECK, reason).advising(format!("end the range at {cutoff}, or export again later")))
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::shown;
    use super::*;
    use crate::domain::inventory::GroupClass;

    const NOW: Timestamp = Timestamp::from_millis(1_786_298_400_000); // 2026-08-09T18:00:00Z

    fn ago(days: u32) -> Timestamp {
        NOW.before(DAY * days)
    }

    fn group(retention_days: Option<u32>, created: Option<Timestamp>) -> LogGroup {
        LogGroup { name: "web".to_owned(), class: GroupClass::Standard, stored: None, retention_days, created }
    }

    fn found(from: Timestamp, to: Timestamp, group: Option<&LogGroup>) -> Vec<Finding> {
        range(&RangeFacts { from, to, group, engine: EngineKind::Managed, now: NOW, zone: Zone::Utc })
    }

    fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(|finding| format!("{} ({})", shown(finding), finding.remedy.as_ref().unwrap())).collect()
    }

    #[test]
    fn a_range_the_group_holds_passes() {
        let whole = group(Some(30), Some(ago(100)));
        let bare = group(None, None);
        for (group, verdict) in
            [(Some(&bare), Verdict::Pass), (Some(&whole), Verdict::Pass), (None, Verdict::Unchecked)]
        {
            let findings = found(ago(29), ago(1), group);
            assert_eq!(findings.iter().map(|finding| finding.verdict).collect::<Vec<_>>(), [verdict]);
        }
    }

    #[test]
    fn what_is_no_range_blocks_alone() {
        let turned = found(ago(1), ago(2), Some(&group(Some(1), None)));
        assert_eq!(lines(&turned), ["block: from must be before to (give a from that is earlier than to)"]);
        let seconds = Timestamp::from_millis(1_786_298_400);
        assert_eq!(
            lines(&found(seconds, NOW, None)),
            ["block: 1970-01-21T16:11:38.400Z is before 2006: no log is that old (that looks like seconds: AWS takes \
              milliseconds, a thousand times as much)"]
        );
    }

    #[test]
    fn what_the_group_does_not_hold_is_told_with_what_is_left() {
        let young = group(None, Some(ago(5)));
        assert_eq!(
            lines(&found(ago(10), ago(1), Some(&young))),
            ["warn: the log group was created only on 2026-08-04 18:00:00Z (what is there: 2026-08-04 18:00:00Z to \
              2026-08-08 18:00:00Z)"]
        );
        let short = group(Some(3), None);
        assert_eq!(
            lines(&found(ago(10), ago(4), Some(&short))),
            [
                "warn: the log group keeps 3 days: what is older than 2026-08-06 18:00:00Z is gone (nothing of the range is \
              there: choose a later one)"
            ]
        );
    }

    #[test]
    fn a_young_end_is_told_with_the_exact_cut_off() {
        assert_eq!(
            lines(&found(ago(1), NOW, None)),
            ["warn: log data may take 12 hours to become available: what is younger than 2026-08-09 06:00:00Z may be \
              missing (end the range at 2026-08-09 06:00:00Z, or export again later)"]
        );
        assert_eq!(found(ago(10), NOW, Some(&group(Some(3), Some(ago(5))))).len(), 3);
    }
}
