//! What went wrong, for operators: what failed, on which resource, Region and account, why, and what to do next.
//!
//! `aws` turns an SDK error into a [`Symptom`]; [`recognise`] finds its kind, and [`Problem::explain`] its cause and remedy,
//! both by the same table: a row per code and text that is known. What it does not hold is said plainly to be unknown.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::escape;

mod table;

#[cfg(test)]
pub(crate) use table::remedies;
pub use table::{Origin, Symptom, recognise};

/// What sort of failure: decides whether to wait, to retry, or to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProblemKind {
    /// No credentials were found anywhere in the chain.
    NoCredentials,
    /// There were credentials; they have expired or are not valid any more.
    ExpiredCredentials,
    /// No Region is configured.
    NoRegion,
    /// The profile that was asked for is not configured, or cannot be read.
    NoSuchProfile,
    /// This machine's clock is so far off that AWS takes no signature made by it.
    ClockSkew,
    /// The caller may not do this.
    AccessDenied,
    /// The destination bucket does not let the export service, or the caller, write.
    BucketAccess,
    /// The lane's one slot is taken (LimitExceededException).
    SlotTaken,
    /// Too many calls; later will do.
    Throttled,
    /// No such log group, bucket or task.
    NotFound,
    /// The bucket is in another Region than the one that was asked.
    WrongRegion,
    /// The request itself is wrong.
    InvalidRequest,
    /// A cancel came too late: the task had already finished.
    AlreadyFinished,
    /// The endpoint could not be reached, or the connection broke before an answer.
    Network,
    /// No answer within the time allowed.
    Timeout,
    /// AWS answered 5xx.
    Server,
    /// A file or directory on this machine could not be written or read.
    Disk,
    /// A check before the launch found what AWS would refuse, or what makes the export worthless: AWS was not asked.
    Blocked,
    /// AWS ended the export task as failed.
    ExportFailed,
    /// AWS ended the export task as failed, and says that it was a failure of its own.
    ExportBroke,
    /// AWS gave up on the export task: it takes 24 hours at most.
    ExportTimedOut,
    /// This program ended, or lost the lane, while AWS was being asked: what came of it is not known yet.
    Interrupted,
    /// AWS no longer lists an export task it had accepted: how it ended cannot be known.
    Vanished,
    /// The session is read-only, and the call would have changed something: it was not made.
    ReadOnly,
    /// Something this program does not know.
    Unknown,
}

impl ProblemKind {
    /// Whether the same call may well succeed a little later without anybody changing anything.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::SlotTaken
            | Self::Throttled
            | Self::Network
            | Self::Timeout
            | Self::Server
            | Self::ExportBroke
            | Self::Interrupted => true,
            Self::NoCredentials
            | Self::ExpiredCredentials
            | Self::NoRegion
            | Self::NoSuchProfile
            | Self::ClockSkew
            | Self::AccessDenied
            | Self::BucketAccess
            | Self::NotFound
            | Self::WrongRegion
            | Self::InvalidRequest
            | Self::AlreadyFinished
            | Self::Disk
            | Self::Blocked
            | Self::ExportFailed
            | Self::ExportTimedOut
            | Self::Vanished
            | Self::ReadOnly
            | Self::Unknown => false,
        }
    }

    /// Whether the call may have been carried out although it looks failed: the reply was lost, not the request.
    pub const fn is_ambiguous(self) -> bool {
        matches!(self, Self::Network | Self::Timeout | Self::Server)
    }
}

/// One failure, with everything an operator needs to act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What sort.
    pub kind: ProblemKind,
    /// The call that failed, as AWS names it: `CreateExportTask`.
    pub operation: Cow<'static, str>,
    /// On what: a log group's, bucket's or task's name.
    pub resource: Option<String>,
    /// Where.
    pub region: Option<String>,
    /// What else is known. Apart, because failures are handed through many hands and are to be small.
    #[serde(default)]
    pub context: Box<Context>,
    /// AWS's error code.
    pub code: Option<String>,
    /// AWS's message, or the innermost cause of a transport failure.
    pub message: Option<String>,
    /// AWS's request id, for a support case.
    pub request_id: Option<String>,
}

/// Who failed, and where it would have worked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Whose credentials it failed for, once that is known.
    pub account: Option<String>,
    /// The profile the credentials came from, if one was named.
    pub profile: Option<String>,
    /// Where the bucket is, by what S3 said when it was asked in the wrong Region.
    pub bucket_region: Option<String>,
    /// What to do, where that is known better than by the kind of failure.
    pub remedy: Option<String>,
}

impl Problem {
    /// A problem of `kind` in `operation`, nothing more known.
    pub fn new(kind: ProblemKind, operation: &'static str) -> Self {
        Self {
            kind,
            operation: Cow::Borrowed(operation),
            resource: None,
            region: None,
            context: Box::default(),
            code: None,
            message: None,
            request_id: None,
        }
    }

    /// Names the thing it failed on.
    #[must_use]
    pub fn on(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }

    /// Names the Region it failed in.
    #[must_use]
    pub fn in_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Adds what the other side said.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Cause and remedy, in words.
    pub fn explain(&self) -> Explanation {
        let message = self.message.as_deref().unwrap_or_default();
        let (cause, remedy) = table::words(self.kind, self.code.as_deref(), message);
        let own = self.context.remedy.as_deref().map(|remedy| Cow::Owned(escape(remedy).into_owned()));
        Explanation { cause, remedy: own.unwrap_or_else(|| self.fill(remedy)) }
    }

    /// Puts what is known of this failure into the words of its row.
    fn fill(&self, remedy: &'static str) -> Cow<'static, str> {
        if !remedy.contains('{') {
            return Cow::Borrowed(remedy);
        }
        let profile =
            self.context.profile.as_deref().map(|name| format!(" --profile {}", escape(name))).unwrap_or_default();
        let elsewhere = self.context.bucket_region.as_deref().map_or(Cow::Borrowed("the bucket's own"), escape);
        Cow::Owned(remedy.replace(table::PROFILE, &profile).replace(table::ELSEWHERE, &elsewhere))
    }
}

impl fmt::Display for Problem {
    /// One line: `CreateExportTask on web in eu-central-1 failed: the bucket … (InvalidParameterException: …)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(resource) = &self.resource {
            write!(f, " on {resource}")?;
        }
        if let Some(region) = &self.region {
            write!(f, " in {region}")?;
        }
        write!(f, " failed: {}", self.explain().cause)?;
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => write!(f, " ({code}: {message})"),
            (Some(said), None) | (None, Some(said)) => write!(f, " ({said})"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// A sentence without a full stop: why it failed.
    pub cause: &'static str,
    /// What to do next, safe to show.
    pub remedy: Cow<'static, str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_the_profile_and_the_region_that_are_known() {
        let mut expired =
            Problem::new(ProblemKind::ExpiredCredentials, "DescribeLogGroups").saying("the SSO token has expired");
        assert!(expired.explain().remedy.contains("`aws sso login`"), "{:?}", expired.explain());
        expired.context.profile = Some("prod\u{1b}[2J".to_owned());
        assert!(
            expired.explain().remedy.contains("`aws sso login --profile prod\\u{1b}[2J`"),
            "{:?}",
            expired.explain()
        );
        let mut elsewhere = Problem::new(ProblemKind::WrongRegion, "ListObjectsV2");
        assert!(elsewhere.explain().remedy.contains("the bucket's own"), "{:?}", elsewhere.explain());
        elsewhere.context.bucket_region = Some("us-west-2".to_owned());
        assert!(elsewhere.explain().remedy.contains("us-west-2"), "{:?}", elsewhere.explain());
    }

    #[test]
    fn what_was_written_before_accounts_were_known_is_still_read() {
        let old = r#"{"kind":"Throttled","operation":"CreateExportTask","resource":null,"region":"eu-central-1",
            "code":null,"message":null,"request_id":null}"#;
        let expected = Problem::new(ProblemKind::Throttled, "CreateExportTask").in_region("eu-central-1");
        assert_eq!(serde_json::from_str::<Problem>(old).unwrap(), expected);
    }
}
