//! All findings of one preflight, and what they come to.

use super::{Finding, Verdict};

/// The findings, in the order of the checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// The findings in the order of the checklist; several of one check keep theirs.
    pub fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.check);
        Self { findings }
    }

    /// Its findings.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Its findings, in the same order.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// The worst verdict; a report without findings passes.
    pub fn worst(&self) -> Verdict {
        self.findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Pass)
    }

    /// Whether the export must not be launched.
    pub fn blocks(&self) -> bool {
        self.worst() == Verdict::Block
    }

    /// How many findings have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == verdict).count()
    }

    /// The exit code of `logferry doctor`: 0, 3 with warnings, 4 if blocked. What could not be checked alone is no
    /// warning: whether the caller may put objects, for one, is never known without a probe.
    pub fn exit_code(&self) -> u8 {
        match self.worst() {
            Verdict::Pass | Verdict::Unchecked => 0,
            Verdict::Warn => 3,
            Verdict::Block => 4,
        }
    }
}

impl FromIterator<Finding> for Report {
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        Self::new(findings.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Check;
    use super::*;

    fn report(verdicts: &[Verdict]) -> Report {
        verdicts.iter().map(|verdict| Finding::new(Check::Bucket, *verdict, "")).collect()
    }

    #[test]
    fn the_worst_finding_decides() {
        let cases = [
            (&[][..], Verdict::Pass, 0),
            (&[Verdict::Pass, Verdict::Unchecked], Verdict::Unchecked, 0),
            (&[Verdict::Warn, Verdict::Unchecked, Verdict::Pass], Verdict::Warn, 3),
            (&[Verdict::Warn, Verdict::Block, Verdict::Unchecked], Verdict::Block, 4),
        ];
        for (verdicts, worst, code) in cases {
            let report = report(verdicts);
            assert_eq!((report.worst(), report.exit_code(), report.blocks()), (worst, code, code == 4));
        }
        assert_eq!(report(&[Verdict::Warn, Verdict::Pass, Verdict::Warn]).count(Verdict::Warn), 2);
    }

    #[test]
    fn findings_stand_in_the_order_of_the_checklist() {
        let findings =
            vec![Finding::pass(Check::Slot, ""), Finding::warn(Check::Range, "1"), Finding::warn(Check::Range, "2")];
        let report = Report::new(findings);
        let order: Vec<_> = report.findings().iter().map(|finding| (finding.check, finding.reason.as_str())).collect();
        assert_eq!(order, [(Check::Range, "1"), (Check::Range, "2"), (Check::Slot, "")]);
    }
}
