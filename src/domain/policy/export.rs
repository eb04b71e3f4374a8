//! The export a bucket policy is asked about.

use crate::domain::layout::Destination;
use crate::domain::names::DestinationPrefix;
use crate::domain::place::{AccountId, Lane, Region};

/// What is to be exported where, as far as a bucket policy can tell the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The account whose log group is exported.
    pub account: AccountId,
    /// The Region of log group and bucket.
    pub region: Region,
    /// The log group's name; `None` asks for every log group of the account and Region.
    pub group: Option<String>,
    /// The destination bucket's name.
    pub bucket: String,
    /// The destination prefix as it will be given to AWS; `None` if none will.
    pub prefix: Option<String>,
}

impl Export {
    /// An export of `group`, or of any log group, from `lane` to `destination`.
    pub fn new(lane: &Lane, group: Option<&str>, destination: &Destination) -> Self {
        Self {
            account: lane.account.clone(),
            region: lane.region.clone(),
            group: group.map(str::to_owned),
            bucket: destination.store.to_string(),
            prefix: destination.prefix.as_ref().map(DestinationPrefix::to_string),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::store::Store;

    /// The export that the tests of this folder ask about.
    pub(in super::super) fn export() -> Export {
        let lane = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
        let destination = Destination {
            store: Store::stored("acme-logs").unwrap(),
            prefix: Some(DestinationPrefix::parse("exports").unwrap()),
        };
        Export::new(&lane, Some("/aws/lambda/checkout"), &destination)
    }
}
