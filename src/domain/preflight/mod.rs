//! Preflight: what is looked at before an export is launched, and what is made of it.
//!
//! Pure: `export` asks AWS and hands in what it answered, or the [`Problem`]; each judge turns that into a [`Finding`].
//! The form, `logferry doctor` and the launch share these judges, so that they never disagree.
//!
//! One rule stands above all: **what could not be looked at is [`Verdict::Unchecked`]**, never a pass, and never a
//! block.

mod answer;
mod bucket;
mod checklist;
mod choice;
mod directory;
mod encryption;
mod group;
mod policy;
mod range;
mod remedy;
mod report;
mod settings;
mod slot;

use std::fmt;

pub use bucket::{BucketFacts, Owner, Probe, bucket, caller, owner, region, shut_out};
pub use checklist::{Checklist, Item};
pub use choice::{Preflight, PreflightError};
pub use directory::{DirectoryFacts, There, directory};
pub use encryption::encryption;
pub use group::{EventsSeen, GroupAnswer, events, log_group};
pub use policy::policy;
pub use range::{RangeFacts, range};
pub use remedy::Remedy;
pub use report::Report;
pub use settings::{
    ObjectOwnership, PUBLIC_ACCESS_SWITCHES, object_lock, object_ownership, public_access, requester_pays, versioning,
};
pub use slot::slot;

use super::engine::EngineKind;
use super::place::Lane;
use super::problem::{Problem, ProblemKind};

/// What is looked at: a row of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The log group exists, and its class can be exported.
    LogGroup,
    /// The time range makes sense.
    Range,
    /// There are events in it.
    Events,
    /// The bucket exists.
    Bucket,
    /// The directory exists, or can be made.
    Directory,
    /// Whose the bucket is.
    Owner,
    /// The bucket is in the log group's Region.
    Region,
    /// Its default encryption is one the service can write with.
    Encryption,
    /// Its policy lets the service in.
    Policy,
    /// Its Block Public Access settings.
    PublicAccess,
    /// Who owns objects in it, and whether it has ACLs.
    ObjectOwnership,
    /// Whether it keeps objects from being deleted.
    ObjectLock,
    /// Whether it keeps versions.
    Versioning,
    /// Who pays for requests.
    RequesterPays,
    /// The caller may put objects there, or write files.
    Caller,
    /// There is room on the directory's disk.
    Space,
    /// The lane's slot is free.
    Slot,
}

impl Check {
    /// Every check, in the order of the checklist.
    pub const ALL: [Self; 17] = [
        Self::LogGroup,
        Self::Range,
        Self::Events,
        Self::Bucket,
        Self::Directory,
        Self::Owner,
        Self::Region,
        Self::Encryption,
        Self::Policy,
        Self::PublicAccess,
        Self::ObjectOwnership,
        Self::ObjectLock,
        Self::Versioning,
        Self::RequesterPays,
        Self::Caller,
        Self::Space,
        Self::Slot,
    ];

    /// Whether it says something of an export by `engine`. A direct export needs nothing that lets AWS's export service in,
    /// takes no slot, and writes as its caller wherever the bucket is.
    pub const fn concerns(self, engine: EngineKind) -> bool {
        match (engine, self) {
            (EngineKind::Managed, _)
            | (
                EngineKind::Direct,
                Self::LogGroup
                | Self::Range
                | Self::Events
                | Self::Bucket
                | Self::Directory
                | Self::Owner
                | Self::ObjectLock
                | Self::Versioning
                | Self::RequesterPays
                | Self::Caller
                | Self::Space,
            ) => true,
            (
                EngineKind::Direct,
                Self::Region
                | Self::Encryption
                | Self::Policy
                | Self::PublicAccess
                | Self::ObjectOwnership
                | Self::Slot,
            ) => false,
        }
    }

    /// Whether it is made of an export into a bucket.
    pub const fn is_of_bucket(self) -> bool {
        !matches!(self, Self::Directory | Self::Space)
    }

    /// Whether it is made of an export into a directory.
    pub const fn is_of_directory(self) -> bool {
        matches!(self, Self::LogGroup | Self::Range | Self::Events | Self::Directory | Self::Caller | Self::Space)
    }

    /// Its name in the checklist and in `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LogGroup => "log group",
            Self::Range => "range",
            Self::Events => "events",
            Self::Bucket => "bucket",
            Self::Directory => "directory",
            Self::Owner => "bucket owner",
            Self::Region => "bucket Region",
            Self::Encryption => "encryption",
            Self::Policy => "bucket policy",
            Self::PublicAccess => "public access",
            Self::ObjectOwnership => "object ownership",
            Self::ObjectLock => "object lock",
            Self::Versioning => "versioning",
            Self::RequesterPays => "requester pays",
            Self::Caller => "your permission",
            Self::Space => "free space",
            Self::Slot => "slot",
        }
    }
}

/// What is made of a check. Ordered from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing stands against the export.
    Pass,
    /// It could not be looked at, or cannot be known.
    Unchecked,
    /// The export will be launched, and may not do what is expected.
    Warn,
    /// AWS would refuse the export, or it would be worthless.
    Block,
}

impl Verdict {
    /// The word for a cell and for `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unchecked => "could not check",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// What is made of it.
    pub verdict: Verdict,
    /// Why: a clause without a full stop (it may hold untrusted text: escape it before it reaches a cell).
    pub reason: String,
    /// What to do about it, if there is something to do.
    pub remedy: Option<Remedy>,
}

impl Finding {
    fn new(check: Check, verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { check, verdict, reason: reason.into(), remedy: None }
    }

    fn pass(check: Check, reason: impl Into<String>) -> Self {
        Self::new(check, Verdict::Pass, reason)
    }

    fn warn(check: Check, reason: impl Into<String>) -> Self {
        Self::new(check, Verdict::Warn, reason)
    }

    fn block(check: Check, reason: impl Into<String>) -> Self {
        Self::new(check, Verdict::Block, reason)
    }

    fn unknown(check: Check, reason: impl Into<String>) -> Self {
        Self::new(check, Verdict::Unchecked, reason)
    }

    /// The finding of a check whose call failed.
    fn unchecked(check: Check, problem: &Problem) -> Self {
        let advice = Remedy::Advice(problem.explain().remedy.into_owned());
        Self::unknown(check, problem.to_string()).with(advice)
    }

    /// The failure of the export of `group` in `lane` that this finding keeps from being launched.
    pub fn into_problem(self, group: &str, lane: &Lane) -> Problem {
        let said = format!("{}: {}", self.check.word(), self.reason);
        let remedy = self.remedy.map(|remedy| format!("{remedy}, then press r to run it again"));
        let mut problem =
            Problem::new(ProblemKind::Blocked, "Preflight").on(group).in_region(&lane.region.0).saying(said);
        problem.context.remedy = remedy;
        problem
    }

    #[must_use]
    fn with(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }

    #[must_use]
    fn advising(self, advice: impl Into<String>) -> Self {
        self.with(Remedy::Advice(advice.into()))
    }
}

impl fmt::Display for Finding {
    /// One line: `bucket policy: block: … (…)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.check.word(), self.verdict.word(), self.reason)?;
        self.remedy.as_ref().map_or(Ok(()), |remedy| write!(f, " ({remedy})"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::place::{AccountId, Region};

    /// What AWS answers to a call the caller may not make.
    pub(super) fn denied(operation: &'static str) -> Problem {
        Problem::new(ProblemKind::AccessDenied, operation).on("acme-logs")
    }

    /// A finding in one line, for tables.
    pub(super) fn shown(finding: &Finding) -> String {
        format!("{}: {}", finding.verdict.word(), finding.reason)
    }

    #[test]
    fn a_failed_call_is_unchecked_with_its_cause_and_remedy() {
        let finding = Finding::unchecked(Check::Policy, &denied("GetBucketPolicy"));
        assert_eq!(
            finding.to_string(),
            "bucket policy: could not check: GetBucketPolicy on acme-logs failed: your credentials may not do this (have the \
             action allowed in your IAM policy (README lists the least one), or use another profile)"
        );
    }

    #[test]
    fn a_block_becomes_a_failure_that_names_its_check_and_what_to_do() {
        let lane = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
        let block = Finding::block(Check::Policy, "it denies\n everything").advising("have it\u{202e} mended");
        let problem = block.into_problem("web", &lane);
        assert_eq!(
            problem.to_string(),
            "Preflight on web in eu-central-1 failed: the bucket's policy does not let CloudWatch Logs in (bucket policy: \
             it denies\n everything)"
        );
        assert_eq!(problem.explain().remedy, "have it\\u{202e} mended, then press r to run it again");
        let others: Vec<&str> = Check::ALL
            .into_iter()
            .filter(|check| {
                let problem = Finding::block(*check, "").into_problem("web", &lane);
                problem.explain().cause == "a check before the launch found what AWS would refuse"
            })
            .map(Check::word)
            .collect();
        assert_eq!(
            others,
            [
                "events",
                "bucket owner",
                "public access",
                "object ownership",
                "object lock",
                "versioning",
                "requester pays",
                "your permission",
                "slot"
            ],
            "those that block have words of their own"
        );
    }

    #[test]
    fn every_check_is_in_the_list_once_and_in_order() {
        assert!(Check::ALL.is_sorted());
        let words: std::collections::HashSet<&str> = Check::ALL.iter().map(|check| check.word()).collect();
        assert_eq!(words.len(), Check::ALL.len());
    }
}
