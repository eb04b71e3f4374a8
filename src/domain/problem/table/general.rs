//! What this program finds itself, and what is said where AWS's answer is in no other chapter.

use super::{Origin, ProblemKind, Row};

/// What is said of anything the table does not hold.
pub(super) const UNKNOWN: (&str, &str) = (
    "this failure is not known to logferry",
    "AWS's own code and message are shown as they came; the log file has the whole chain",
);

pub(super) const ROWS: &[Row] = &[
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::NoRegion,
        cause: "no AWS Region is set",
        remedy: "start with --region, set AWS_REGION, or add `region` to the profile",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::NoSuchProfile,
        cause: "there is no such AWS profile, or its configuration cannot be read",
        remedy: "choose one with --profile or AWS_PROFILE, or add it with `aws configure --profile NAME`",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::BucketAccess,
        cause: "the bucket does not let this export write into it",
        remedy: "check the bucket policy and your own s3:PutObject permission",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::InvalidRequest,
        cause: "the request was refused, for a reason that logferry does not know",
        remedy: UNKNOWN.1,
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::Interrupted,
        cause: "logferry ended before AWS's answer came",
        remedy: "nothing to do: the task is looked for by its name before it is launched again",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::Disk,
        cause: "this machine's disk did not take or give the file",
        remedy: "see that there is room, and that you may write into the directory, then run it again",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::Vanished,
        cause: "AWS no longer lists this export task, so whether it finished is not known",
        remedy: "look at what lies under its prefix in the bucket before exporting the range again",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::ReadOnly,
        cause: "logferry is read-only and changes nothing in AWS",
        remedy: "start it without --read-only",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::ExportTimedOut,
        cause: "AWS gave up on the export after 24 hours",
        remedy: "export the range again in shorter windows: press r, or `logferry tasks retry --split`",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::ExportBroke,
        cause: "AWS had an internal failure during the export",
        remedy: "press r to run it again; it was retried by itself before",
    },
    Row {
        from: Origin::Here,
        codes: &[],
        says: &[],
        kind: ProblemKind::ExportFailed,
        cause: "AWS ended the export task as failed",
        remedy: "press r to run it again",
    },
];
