//! Why a remedy was not applied, for operators: what, on which bucket, and what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::setting::Setting;
use crate::domain::lifecycle::{EditError, XmlError};
use crate::domain::names::BucketName;
use crate::domain::place::Region;
use crate::domain::policy::DocumentError;
use crate::domain::problem::Problem;

/// Why a remedy was not applied.
#[derive(Debug, Error)]
pub enum RemedyError {
    /// AWS said no, or could not be asked.
    #[error(transparent)]
    Aws(#[from] Problem),
    /// The bucket's policy is none that can be added to.
    #[error("the bucket policy of {bucket} cannot be read, so nothing is added to it: {source}")]
    Policy {
        /// The bucket.
        bucket: BucketName,
        /// What is wrong with it.
        source: DocumentError,
    },
    /// The policy would be longer than S3 takes.
    #[error("the bucket policy of {0} would be over 20 KB, and S3 takes no longer one")]
    TooLong(BucketName),
    /// The lifecycle rules cannot be read.
    #[error("{bucket}: {source}")]
    Lifecycle {
        /// The bucket.
        bucket: BucketName,
        /// What is wrong with them.
        source: XmlError,
    },
    /// The rules cannot be edited so.
    #[error("{bucket}: {source}")]
    Edit {
        /// The bucket.
        bucket: BucketName,
        /// Why.
        source: EditError,
    },
    /// Somebody changed it since it was looked at. Nothing was written.
    #[error("the {} of {bucket} has changed since it was looked at: nothing was written", .setting.word())]
    Changed {
        /// What has changed.
        setting: Setting,
        /// The bucket.
        bucket: BucketName,
    },
    /// S3 took it, and what it gives back is something else.
    #[error(
        "the {} of {bucket} was written, and S3 gives back something else: somebody may have changed it at the same time",
        .setting.word()
    )]
    NotAsWritten {
        /// What.
        setting: Setting,
        /// The bucket.
        bucket: BucketName,
        /// The copy of what stood there before.
        copy: Option<PathBuf>,
    },
    /// S3 took it, and still gives back what was there before.
    #[error("S3 took the {} of {bucket}, and still shows the old one", .setting.word())]
    NotSeen {
        /// What.
        setting: Setting,
        /// The bucket.
        bucket: BucketName,
        /// The copy of what stood there before.
        copy: Option<PathBuf>,
    },
    /// No copy could be made of what would be replaced. Nothing was written.
    #[error("cannot keep a copy in {}: nothing was written to AWS", .path.display())]
    Copy {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A copy cannot be read.
    #[error("the copy {} cannot be read: {why}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Nothing was changed by this program, as far as its copies tell.
    #[error("there is no change of the {} of {bucket} to undo", .setting.word())]
    NothingToUndo {
        /// Of what.
        setting: Setting,
        /// The bucket.
        bucket: BucketName,
    },
    /// It stands as it did before the change already.
    #[error("the {} of {bucket} is as it was before the change already", .setting.word())]
    AsBefore {
        /// What.
        setting: Setting,
        /// The bucket.
        bucket: BucketName,
    },
    /// The bucket's name belongs to another account.
    #[error("the bucket name {0} is taken by another account")]
    NameTaken(BucketName),
    /// The bucket is the caller's own, in another Region.
    #[error("you have a bucket {bucket} already, in {found} and not in {wanted}")]
    Elsewhere {
        /// The bucket.
        bucket: BucketName,
        /// Where it is.
        found: Region,
        /// Where it was to be.
        wanted: Region,
    },
    /// The bucket is the caller's own, and no new one.
    #[error("you have a bucket {bucket} already, and it is in use: {what}")]
    InUse {
        /// The bucket.
        bucket: BucketName,
        /// What shows it: a clause.
        what: String,
    },
}

impl RemedyError {
    /// What to do about it: a clause.
    pub fn remedy(&self) -> String {
        match self {
            Self::Aws(problem) => problem.explain().remedy.into_owned(),
            Self::Policy { .. } | Self::Lifecycle { .. } => "have its owner mend it first".to_owned(),
            Self::TooLong(_) => "have its owner take statements out that are no longer needed".to_owned(),
            Self::Edit { source, .. } => match source {
                EditError::Taken(_) | EditError::Missing(_) => "`logferry buckets lifecycle NAME` lists the rules",
                EditError::Full => "remove a rule that is no longer needed",
                EditError::WouldLose(_) | EditError::Unreadable(_) => "edit it in the S3 console, or where it was made",
            }
            .to_owned(),
            Self::Changed { .. } => "look at it again and decide anew".to_owned(),
            Self::NotAsWritten { copy, .. } => with_copy("look at it before anything else is changed", copy.as_ref()),
            Self::NotSeen { copy, .. } => with_copy("it may take S3 some seconds more: look again", copy.as_ref()),
            Self::Copy { .. } => "make room or mend the permissions there, or choose another --state-dir".to_owned(),
            Self::Unreadable { .. } => "restore by hand what it holds".to_owned(),
            Self::NothingToUndo { .. } | Self::AsBefore { .. } => "nothing to do".to_owned(),
            Self::NameTaken(_) => "choose another: names are shared by all accounts of AWS".to_owned(),
            Self::Elsewhere { found, .. } => format!("choose another name, or export from {found} into it"),
            Self::InUse { .. } => "choose another name, or export into it as it is".to_owned(),
        }
    }
}

fn with_copy(remedy: &str, copy: Option<&PathBuf>) -> String {
    let kept = copy.map(|path| format!("; what stood there before is kept in {}", path.display()));
    format!("{remedy}{}", kept.unwrap_or_default())
}
