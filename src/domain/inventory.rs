//! What an account holds, as listings show it: log groups, buckets, past export tasks.

use std::sync::Arc;

use super::amount::ByteCount;
use super::names::{LABEL_MARK, RemoteId};
use super::place::Region;
use super::time::Timestamp;

/// One row of DescribeLogGroups. Fields that a listing may leave out are options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogGroup {
    /// The full name, as AWS gives it (untrusted text: escape it before it reaches a cell).
    pub name: String,
    /// Which storage class; AWS leaves it out for groups older than classes, they are STANDARD.
    pub class: GroupClass,
    /// Stored bytes, compressed, as CloudWatch Logs counts; it lags by hours.
    pub stored: Option<ByteCount>,
    /// Retention in days; `None` keeps events for ever.
    pub retention_days: Option<u32>,
    /// When the group was created.
    pub created: Option<Timestamp>,
}

impl LogGroup {
    /// What a listing of names tells of it.
    pub fn listed(&self) -> ListedGroup {
        ListedGroup { name: Arc::from(self.name.as_str()), class: self.class.clone() }
    }

    /// What a listing of names leaves out.
    pub const fn details(&self) -> GroupDetails {
        GroupDetails { stored: self.stored, retention_days: self.retention_days, created: self.created }
    }
}

/// One row of ListLogGroups: what is known of a log group that nobody has looked at. An account may hold a million.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGroup {
    /// The full name (untrusted text, as [`LogGroup::name`]).
    pub name: Arc<str>,
    /// Which storage class.
    pub class: GroupClass,
}

/// What ListLogGroups leaves out and [`LogGroup`] has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupDetails {
    /// As [`LogGroup::stored`].
    pub stored: Option<ByteCount>,
    /// As [`LogGroup::retention_days`].
    pub retention_days: Option<u32>,
    /// As [`LogGroup::created`].
    pub created: Option<Timestamp>,
}

/// A log group's storage class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupClass {
    /// Exportable and readable.
    Standard,
    /// Exportable; supports neither GetLogEvents nor FilterLogEvents.
    InfrequentAccess,
    /// Whether it can be exported is not documented.
    Delivery,
    /// A class newer than this program.
    Other(String),
}

impl GroupClass {
    /// AWS's code.
    pub fn code(&self) -> &str {
        match self {
            Self::Standard => "STANDARD",
            Self::InfrequentAccess => "INFREQUENT_ACCESS",
            Self::Delivery => "DELIVERY",
            Self::Other(code) => code,
        }
    }

    /// The class AWS means by `code`.
    pub fn from_code(code: &str) -> Self {
        let known = [Self::Standard, Self::InfrequentAccess, Self::Delivery];
        known.into_iter().find(|known| known.code() == code).unwrap_or_else(|| Self::Other(code.to_owned()))
    }

    /// The word for a table cell.
    pub fn word(&self) -> &str {
        match self {
            Self::Standard => "Standard",
            Self::InfrequentAccess => "Infrequent",
            Self::Delivery => "Delivery",
            Self::Other(name) => name,
        }
    }
}

/// One row of ListBuckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// Its Region, where the listing already tells it.
    pub region: Option<Region>,
}

/// One row of ListObjectsV2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// The whole key (untrusted text: stream names are part of it).
    pub key: String,
    /// Its size.
    pub size: ByteCount,
    /// When it was written last.
    pub modified: Option<Timestamp>,
    /// Its storage class, as S3 calls it, unless it is STANDARD.
    pub class: Option<String>,
}

/// An upload in parts that was neither completed nor given up. S3 bills what was put of it until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The key the object is to have.
    pub key: String,
    /// S3's id of the upload.
    pub id: String,
}

/// Default encryption of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// SSE-S3, AES-256: exports work.
    S3,
    /// SSE-KMS; the key's id or ARN if it is not the AWS-managed `aws/s3` key.
    Kms(Option<String>),
    /// DSSE-KMS: the export service refuses it.
    KmsDual,
    /// No default encryption configured (emulators; S3 itself always has one since 2023).
    None,
    /// An algorithm newer than this program.
    Other(String),
}

impl Encryption {
    /// The word for a table cell.
    pub fn word(&self) -> &str {
        match self {
            Self::S3 => "SSE-S3",
            Self::Kms(_) => "SSE-KMS",
            Self::KmsDual => "DSSE-KMS",
            Self::None => "none",
            Self::Other(name) => name,
        }
    }
}

/// An export task as AWS remembers it: one row of DescribeExportTasks, ours or anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteTask {
    /// AWS's task id.
    pub id: RemoteId,
    /// The free label given at creation; ours starts with [`LABEL_MARK`].
    pub name: Option<String>,
    /// The log group's name.
    pub group: String,
    /// Start of the range.
    pub from: Timestamp,
    /// End of the range.
    pub to: Timestamp,
    /// The destination bucket.
    pub bucket: String,
    /// The destination prefix; `exportedlogs` when none was given.
    pub prefix: String,
    /// Where it stands.
    pub status: RemoteStatus,
    /// What AWS says about the status; absent while PENDING.
    pub message: Option<String>,
    /// When AWS accepted it.
    pub created: Option<Timestamp>,
    /// When it ended, if it has.
    pub completed: Option<Timestamp>,
}

impl RemoteTask {
    /// Whether this program launched it (it may have been another process on another machine).
    pub fn is_ours(&self) -> bool {
        self.name.as_deref().is_some_and(|name| name.starts_with(LABEL_MARK))
    }
}

/// `status.code` of an export task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RemoteStatus {
    /// Accepted, not begun.
    Pending,
    /// AWS is copying.
    Running,
    /// A cancel was asked for.
    PendingCancel,
    /// Ended well (it may still be empty).
    Completed,
    /// Ended with a failure.
    Failed,
    /// Ended by a cancel.
    Cancelled,
    /// A code newer than this program (moto says `active` for some).
    Other(String),
}

impl RemoteStatus {
    /// The six codes of the service model, in a task's order of life.
    pub const KNOWN: [Self; 6] =
        [Self::Pending, Self::Running, Self::PendingCancel, Self::Completed, Self::Failed, Self::Cancelled];

    /// AWS's code.
    pub fn code(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::PendingCancel => "PENDING_CANCEL",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Other(code) => code,
        }
    }

    /// The status AWS means by `code`.
    pub fn from_code(code: &str) -> Self {
        Self::KNOWN.into_iter().find(|known| known.code() == code).unwrap_or_else(|| Self::Other(code.to_owned()))
    }

    /// Whether the task holds, or may hold, its lane's slot. An unknown code is not an end: AWS may still be at work.
    pub const fn is_active(&self) -> bool {
        match self {
            Self::Pending | Self::Running | Self::PendingCancel | Self::Other(_) => true,
            Self::Completed | Self::Failed | Self::Cancelled => false,
        }
    }
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in AWS's order.
    pub items: Vec<T>,
    /// The token of the next page; `None` at the end.
    pub next: Option<String>,
}
