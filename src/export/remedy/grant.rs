//! Letting the export service into a bucket: the statements its policy lacks, added to it.

use super::Remedies;
use super::change::Change;
use super::error::RemedyError;
use super::setting::{Setting, Stored};
use crate::domain::layout::Destination;
use crate::domain::names::{BucketName, LogGroupName};
use crate::domain::place::{AccountId, Lane};
use crate::domain::policy::{Document, Export, Grant, merge, missing_for};
use crate::domain::preflight::{self, Verdict};

impl Remedies {
    /// What the policy of the destination bucket lacks for exports of `groups`, or of any log group, from the lane's account
    /// or from `account`; `None` if it lacks nothing, as a directory does. Others' statements stay as they are.
    pub async fn propose_grant(
        &self,
        destination: &Destination,
        groups: &[LogGroupName],
        account: Option<&AccountId>,
    ) -> Result<Option<Change>, RemedyError> {
        let Some(bucket) = destination.store.bucket() else { return Ok(None) };
        let exports = exports(&self.lane, destination, groups, account);
        let region = self.session.find_bucket(bucket.as_str()).await?;
        let before = Setting::Policy.read(&self.session, self.at(bucket, &region)).await?;
        let policy = before.as_ref().map(|policy| parse(bucket, &policy.text)).transpose()?;
        let grants = grants(policy.as_ref(), &exports, &self.lane.account);
        let Some(export) = exports.first().filter(|_| !grants.is_empty()) else { return Ok(None) };
        let merged = merge(policy.as_ref(), export, &grants);
        let merged = merged.map_err(|source| RemedyError::Policy { bucket: bucket.clone(), source })?;
        if merged.is_too_long() {
            return Err(RemedyError::TooLong(bucket.clone()));
        }
        let after = merged.text();
        Ok(Some(Change {
            setting: Setting::Policy,
            bucket: bucket.clone(),
            region,
            before,
            notes: notes(&exports, &after),
            after: Some(Stored { text: after, smallest: None }),
            undoes: None,
        }))
    }
}

fn parse(bucket: &BucketName, text: &str) -> Result<Document, RemedyError> {
    Document::parse(text).map_err(|source| RemedyError::Policy { bucket: bucket.clone(), source })
}

/// The exports that are to be let in: at least one.
fn exports(
    lane: &Lane,
    destination: &Destination,
    groups: &[LogGroupName],
    account: Option<&AccountId>,
) -> Vec<Export> {
    let account = account.unwrap_or(&lane.account).clone();
    let export = |group| Export { account: account.clone(), ..Export::new(lane, group, destination) };
    if groups.is_empty() {
        return vec![export(None)];
    }
    groups.iter().map(|group| export(Some(group.as_str()))).collect()
}

/// What any of them lacks. The statements themselves are for every log group of the account and Region.
fn grants(policy: Option<&Document>, exports: &[Export], owner: &AccountId) -> Vec<Grant> {
    let mut all = Vec::new();
    for grant in exports.iter().flat_map(|export| missing_for(policy, export, owner)) {
        if !all.contains(&grant) {
            all.push(grant);
        }
    }
    all
}

/// What will still stand against the exports once `after` is there, or speak for a second look: each once.
fn notes(exports: &[Export], after: &str) -> Vec<String> {
    let mut notes = Vec::new();
    for export in exports {
        let finding = preflight::policy(export, &Ok(Some(after.to_owned())));
        if finding.verdict != Verdict::Pass && !notes.contains(&finding.reason) {
            notes.push(finding.reason);
        }
    }
    notes
}
