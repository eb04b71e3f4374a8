//! What checks find before a launch, told by the check's name, which the message begins with.

use super::{Origin, ProblemKind, Row};

/// What to do where the finding itself says nothing better.
const MEND: &str = "mend what the check found (`logferry doctor` tells how), then press r to run it again";

const fn row(says: &'static [&'static str], cause: &'static str) -> Row {
    Row { from: Origin::Here, codes: &[], says, kind: ProblemKind::Blocked, cause, remedy: MEND }
}

pub(super) const ROWS: &[Row] = &[
    row(&["log group: "], "the log group cannot be exported"),
    row(&["range: "], "the range makes no sense"),
    row(&["directory: "], "the directory cannot be exported to"),
    row(&["your permission: you may not write there"], "you may not write into the directory"),
    row(&["free space: "], "there is no room in the directory"),
    row(&["bucket Region: "], "the bucket is not in the log group's Region"),
    row(&["bucket policy: "], "the bucket's policy does not let CloudWatch Logs in"),
    row(&["bucket: "], "the bucket cannot be exported to"),
    row(&["encryption: "], "exports cannot write with the bucket's encryption"),
    row(&[], "a check before the launch found what AWS would refuse"),
];
