//! What went wrong, for operators: what failed, on which resource, Region and account, why, and what to do next.
//!
//! `aws` fills in a [`Problem`] from an SDK error; [`explain`] turns code and message into a cause and a remedy. The
//! table has a row per text of the service; what it does not know it says plainly.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

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
            | Self::AccessDenied
            | Self::BucketAccess
            | Self::NotFound
            | Self::InvalidRequest
            | Self::AlreadyFinished
            | Self::Disk
            | Self::ExportFailed
            | Self::ExportTimedOut
            | Self::Vanished
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
    /// AWS's error code.
    pub code: Option<String>,
    /// AWS's message, or the innermost cause of a transport failure.
    pub message: Option<String>,
    /// AWS's request id, for a support case.
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of `kind` in `operation`, nothing more known.
    pub const fn new(kind: ProblemKind, operation: &'static str) -> Self {
        Self {
            kind,
            operation: Cow::Borrowed(operation),
            resource: None,
            region: None,
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
        explain(self.kind, self.message.as_deref().unwrap_or_default())
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// A sentence without a full stop: why it failed.
    pub cause: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

/// Rows are tried in order; the first whose kind and text match answers. An empty text matches any message.
/// Source of the texts: aws-facts section 2 (observed 2023 to 2026; the same text came under two codes, so the text decides).
const TABLE: &[(ProblemKind, &str, Explanation)] = &[
    (
        ProblemKind::BucketAccess,
        "GetBucketAcl call on the given bucket failed",
        Explanation {
            cause: "the bucket's policy does not let CloudWatch Logs read its ACL",
            remedy: "allow s3:GetBucketAcl on the bucket to the logs service principal in the bucket policy",
        },
    ),
    (
        ProblemKind::BucketAccess,
        "PutObject call on the given bucket failed",
        Explanation {
            cause: "the bucket's policy does not let CloudWatch Logs write into it",
            remedy: "allow s3:PutObject on the bucket's objects to the logs service principal in the bucket policy",
        },
    ),
    (
        ProblemKind::BucketAccess,
        "caller has been granted s3:PutObject",
        Explanation {
            cause: "you yourself lack s3:PutObject on the bucket, which exports need since 2019",
            remedy: "have s3:PutObject on the bucket added to your own IAM policy",
        },
    ),
    (
        ProblemKind::NotFound,
        "bucket does not exist",
        Explanation {
            cause: "there is no such bucket, or not in this Region",
            remedy: "check the bucket's name and that it is in the log group's Region",
        },
    ),
    (
        ProblemKind::NotFound,
        "log group does not exist",
        Explanation {
            cause: "there is no such log group in this account and Region",
            remedy: "check the name, the profile and the Region; press R on the log groups to reload",
        },
    ),
    (
        ProblemKind::NotFound,
        "",
        Explanation { cause: "it does not exist", remedy: "check its name, the profile and the Region" },
    ),
    (
        ProblemKind::NoCredentials,
        "",
        Explanation {
            cause: "no usable AWS credentials were found",
            remedy: "run `aws configure` or `aws sso login`, set AWS_PROFILE, or start with --profile; --sandbox needs none",
        },
    ),
    (
        ProblemKind::ExpiredCredentials,
        "",
        Explanation {
            cause: "the AWS credentials have expired or are not valid",
            remedy: "run `aws sso login` (or renew them as you usually do), then press R",
        },
    ),
    (
        ProblemKind::NoRegion,
        "",
        Explanation {
            cause: "no AWS Region is set",
            remedy: "start with --region, set AWS_REGION, or add `region` to the profile",
        },
    ),
    (
        ProblemKind::NoSuchProfile,
        "",
        Explanation {
            cause: "there is no such AWS profile, or its configuration cannot be read",
            remedy: "choose one with --profile or AWS_PROFILE, or add it with `aws configure --profile NAME`",
        },
    ),
    (
        ProblemKind::AccessDenied,
        "",
        Explanation {
            cause: "your credentials may not do this",
            remedy: "have the action allowed in your IAM policy (README lists the least one), or use another profile",
        },
    ),
    (
        ProblemKind::BucketAccess,
        "",
        Explanation {
            cause: "the bucket does not let this export write into it",
            remedy: "check the bucket policy and your own s3:PutObject permission",
        },
    ),
    (
        ProblemKind::SlotTaken,
        "",
        Explanation {
            cause: "another export task holds this account's one slot in the Region",
            remedy: "nothing to do: the task waits for the slot",
        },
    ),
    (
        ProblemKind::Throttled,
        "",
        Explanation { cause: "AWS asks for fewer calls a second", remedy: "nothing to do: it is tried again" },
    ),
    (
        ProblemKind::InvalidRequest,
        "Region",
        Explanation {
            cause: "the bucket is not in the log group's Region",
            remedy: "choose a bucket in the same Region",
        },
    ),
    (
        ProblemKind::InvalidRequest,
        "KMS",
        Explanation {
            cause: "the export feature does not accept this bucket's SSE-KMS encryption",
            remedy: "choose a bucket with SSE-S3 (AES-256) default encryption",
        },
    ),
    (
        ProblemKind::InvalidRequest,
        "",
        Explanation { cause: "AWS does not accept the request", remedy: "read AWS's message and correct the form" },
    ),
    (
        ProblemKind::AlreadyFinished,
        "",
        Explanation { cause: "the export task had already finished", remedy: "nothing to cancel: see its end state" },
    ),
    (
        ProblemKind::Network,
        "",
        Explanation {
            cause: "the endpoint could not be reached",
            remedy: "check the network, VPN and proxy, the Region and --endpoint-url, then press R",
        },
    ),
    (
        ProblemKind::Timeout,
        "",
        Explanation { cause: "no answer came in time", remedy: "check the network, then press R to try again" },
    ),
    (
        ProblemKind::Server,
        "",
        Explanation { cause: "AWS had an internal failure", remedy: "nothing to do: it is tried again" },
    ),
    (
        ProblemKind::Disk,
        "",
        Explanation {
            cause: "this machine's disk did not take or give the file",
            remedy: "see that there is room, and that you may write into the directory, then run it again",
        },
    ),
    (
        ProblemKind::Interrupted,
        "",
        Explanation {
            cause: "logferry ended before AWS's answer came",
            remedy: "nothing to do: the task is looked for by its name before it is launched again",
        },
    ),
    (
        ProblemKind::Vanished,
        "",
        Explanation {
            cause: "AWS no longer lists this export task, so whether it finished is not known",
            remedy: "look at what lies under its prefix in the bucket before exporting the range again",
        },
    ),
    (
        ProblemKind::ExportTimedOut,
        "",
        Explanation {
            cause: "AWS gave up on the export after 24 hours",
            remedy: "export the range again in shorter windows: press r, or `logferry tasks retry --split`",
        },
    ),
    (
        ProblemKind::ExportBroke,
        "",
        Explanation {
            cause: "AWS had an internal failure during the export",
            remedy: "press r to run it again; it was retried by itself before",
        },
    ),
    (
        ProblemKind::ExportFailed,
        "",
        Explanation { cause: "AWS ended the export task as failed", remedy: "press r to run it again" },
    ),
];

/// What is said of anything the table does not hold.
const UNKNOWN: Explanation = Explanation {
    cause: "this failure is not known to logferry",
    remedy: "AWS's own code and message are shown as they came; the log file has the whole chain",
};

/// Cause and remedy of a failure of `kind` with AWS's `message`.
pub fn explain(kind: ProblemKind, message: &str) -> Explanation {
    TABLE
        .iter()
        .find(|(row, text, _)| *row == kind && message.contains(text))
        .map_or(UNKNOWN, |(_, _, explanation)| *explanation)
}
