//! Where something is: accounts, Regions, lanes.

use std::fmt;

/// A twelve-digit AWS account id, kept as the text AWS gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub String);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An AWS Region code such as `eu-central-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(pub String);

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One (account, Region): where AWS allows one active export task (quota L-EEC839DF).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// The account whose log groups are exported.
    pub account: AccountId,
    /// The Region of the log groups and of the destination bucket.
    pub region: Region,
    /// The endpoint everything is sent to; `None` is AWS itself. An emulator may call itself by the same account and
    /// Region, and what is queued for one must never be launched on the other.
    pub endpoint: Option<String>,
}

impl Lane {
    /// A lane of AWS itself.
    pub const fn new(account: AccountId, region: Region) -> Self {
        Self { account, region, endpoint: None }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.account, self.region)
    }
}

/// Who the credentials belong to, as STS GetCallerIdentity answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The caller's account.
    pub account: AccountId,
    /// The caller's full ARN: user, role session or root.
    pub arn: String,
}
