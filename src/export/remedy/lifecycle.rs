//! Lifecycle rules: what a bucket has, and what one edit makes of it.

use super::Remedies;
use super::change::Change;
use super::error::RemedyError;
use super::setting::{Setting, Stored};
use crate::domain::lifecycle::{Edit, Lifecycle, edited};
use crate::domain::names::BucketName;
use crate::domain::place::Region;

/// The rules of a bucket.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The bucket's Region.
    pub region: Region,
    /// Them; `None` if there are none.
    pub lifecycle: Option<Lifecycle>,
    stored: Option<Stored>,
}

impl Remedies {
    /// The lifecycle rules of a bucket.
    pub async fn rules(&self, bucket: &BucketName) -> Result<Rules, RemedyError> {
        let region = self.session.find_bucket(bucket.as_str()).await?;
        let stored = Setting::Lifecycle.read(&self.session, self.at(bucket, &region)).await?;
        let lifecycle = stored.as_ref().map(|stored| Lifecycle::parse(&stored.text)).transpose();
        let lifecycle = lifecycle.map_err(|source| RemedyError::Lifecycle { bucket: bucket.clone(), source })?;
        Ok(Rules { region, lifecycle, stored })
    }

    /// What `edit` makes of the bucket's rules; every other rule stays byte for byte.
    pub async fn propose_lifecycle(&self, bucket: &BucketName, edit: &Edit) -> Result<Change, RemedyError> {
        let Rules { region, lifecycle, stored } = self.rules(bucket).await?;
        let after = edited(lifecycle.as_ref(), edit);
        let after = after.map_err(|source| RemedyError::Edit { bucket: bucket.clone(), source })?;
        let smallest = stored.as_ref().and_then(|stored| stored.smallest.clone());
        Ok(Change {
            setting: Setting::Lifecycle,
            bucket: bucket.clone(),
            region,
            before: stored,
            after: after.map(|after| Stored { text: after.text().to_owned(), smallest }),
            notes: notes(edit),
            undoes: None,
        })
    }
}

fn notes(edit: &Edit) -> Vec<String> {
    match edit {
        Edit::Add(rule) | Edit::Change(rule) => rule.hints(),
        Edit::Remove(_) => Vec::new(),
    }
}
