//! A connection: profile, Region, endpoint and the SDK clients made from them.

use crate::domain::inventory::{Bucket, Encryption, LogGroup, Page, RemoteStatus, RemoteTask};
use crate::domain::place::{Identity, Region};
use crate::domain::problem::{Problem, ProblemKind};

/// What a person chose about where to connect; the rest comes from the usual AWS chain.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--region`.
    pub region: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// Fixed keys (access key id, secret): used for the embedded sandbox, where no AWS configuration is read.
    pub fixed_keys: Option<(String, String)>,
}

/// Clients for one profile and Region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Session {
    profile: Option<String>,
    region: Region,
    endpoint_url: Option<String>,
}

impl Session {
    /// Resolves configuration and builds the clients. Reads files and may ask the instance metadata service, so never
    /// call it before the first frame. No credentials are asked for yet: those fail at the first call.
    pub async fn connect(_options: ConnectOptions) -> Result<Self, Problem> {
        Err(Problem::new(ProblemKind::NoRegion, "Connect"))
    }

    /// The profile in use, if one was named.
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// The Region all calls go to.
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// The custom endpoint, if any.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }

    /// Who the credentials belong to (STS GetCallerIdentity).
    pub async fn identity(&self) -> Result<Identity, Problem> {
        Err(Problem::new(ProblemKind::Unknown, "GetCallerIdentity"))
    }

    /// One page of log groups (DescribeLogGroups, 50 a page).
    pub async fn log_groups(&self, _token: Option<String>) -> Result<Page<LogGroup>, Problem> {
        Err(Problem::new(ProblemKind::Unknown, "DescribeLogGroups"))
    }

    /// One page of the account's buckets (ListBuckets).
    pub async fn buckets(&self, _token: Option<String>) -> Result<Page<Bucket>, Problem> {
        Err(Problem::new(ProblemKind::Unknown, "ListBuckets"))
    }

    /// A bucket's Region (GetBucketLocation).
    pub async fn bucket_region(&self, _bucket: &str) -> Result<Region, Problem> {
        Err(Problem::new(ProblemKind::Unknown, "GetBucketLocation"))
    }

    /// A bucket's default encryption (GetBucketEncryption).
    pub async fn bucket_encryption(&self, _bucket: &str) -> Result<Encryption, Problem> {
        Err(Problem::new(ProblemKind::Unknown, "GetBucketEncryption"))
    }

    /// One page of the account's export tasks, newest first (DescribeExportTasks, 50 a page), all or of one status.
    pub async fn export_tasks(
        &self,
        _status: Option<RemoteStatus>,
        _token: Option<String>,
    ) -> Result<Page<RemoteTask>, Problem> {
        Err(Problem::new(ProblemKind::Unknown, "DescribeExportTasks"))
    }
}
