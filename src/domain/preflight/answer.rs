//! What AWS is likely to answer to an export that is launched although a check blocks it.

use super::Check;

impl Check {
    /// AWS's words where they are known, as CreateExportTask was seen to answer; the code before them has changed over
    /// the years and is left out.
    pub const fn likely_answer(self) -> Option<&'static str> {
        match self {
            Self::LogGroup => Some("The specified log group does not exist."),
            Self::Bucket => Some("The given bucket does not exist. Please make sure the bucket is valid."),
            Self::Policy => Some(
                "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission \
                 to perform this operation.",
            ),
            Self::Caller => Some(
                "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.",
            ),
            Self::Range
            | Self::Events
            | Self::Directory
            | Self::Owner
            | Self::Region
            | Self::Encryption
            | Self::PublicAccess
            | Self::ObjectOwnership
            | Self::ObjectLock
            | Self::Versioning
            | Self::RequesterPays
            | Self::Space
            | Self::Slot => None,
        }
    }
}
