//! The guard of read-only sessions: nothing that changes AWS leaves this program through one.
//!
//! It stands in the SDK clients themselves, before a request is made, so that no call can forget to ask it. What is not
//! known to look only is refused: a call that is added later need not be added here.

use std::error::Error;

use aws_sdk_s3::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use thiserror::Error;

/// Beginnings of the operations of CloudWatch Logs, S3 and STS that only look.
const LOOKING: [&str; 5] = ["Describe", "Filter", "Get", "Head", "List"];

/// Lets only those operations through that look.
#[derive(Debug)]
pub(super) struct ReadOnly;

/// The refusal of an operation, found again in the SDK's chain of causes.
#[derive(Debug, Error)]
#[error("this session is read-only")]
pub(super) struct Refused;

impl Intercept for ReadOnly {
    fn name(&self) -> &'static str {
        "ReadOnly"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let operation = config.load::<Metadata>().map(Metadata::name);
        if operation.is_some_and(only_looks) { Ok(()) } else { Err(Refused.into()) }
    }
}

/// Whether an operation of that name changes nothing.
fn only_looks(operation: &str) -> bool {
    LOOKING.iter().any(|beginning| operation.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_something_or_is_not_known_is_refused() {
        for looks in ["DescribeExportTasks", "FilterLogEvents", "GetBucketPolicy", "HeadBucket", "ListObjectsV2"] {
            assert!(only_looks(looks), "{looks}");
        }
        for changes in [
            "CreateBucket",
            "CreateExportTask",
            "CancelExportTask",
            "PutObject",
            "PutBucketPolicy",
            "DeleteBucketLifecycle",
            "UploadPart",
            "CompleteMultipartUpload",
            "AbortMultipartUpload",
            "CopyObject",
            "SomethingNew",
        ] {
            assert!(!only_looks(changes), "{changes}");
        }
    }
}
