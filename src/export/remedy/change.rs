//! A change that is proposed: what stands there now, what is to stand there, and how that looks.

use super::copy::KeptCopy;
use super::setting::{Setting, Stored};
use crate::domain::names::BucketName;
use crate::domain::place::Region;
use crate::domain::policy::{Line, diff};
#[cfg(test)]
use crate::domain::{
    layout::Destination,
    place::Lane,
    policy::{Export, merge, missing_for},
};

/// A change of a bucket, to be shown before it is [applied](super::Remedies::apply).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(super) setting: Setting,
    pub(super) bucket: BucketName,
    pub(super) region: Region,
    pub(super) before: Option<Stored>,
    pub(super) after: Option<Stored>,
    pub(super) notes: Vec<String>,
    /// The copy that is put back by it.
    pub(super) undoes: Option<KeptCopy>,
}

impl Change {
    /// What is changed.
    pub const fn setting(&self) -> Setting {
        self.setting
    }

    /// The bucket.
    pub const fn bucket(&self) -> &BucketName {
        &self.bucket
    }

    /// The bucket's Region.
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// Every line of before and after (untrusted text: escape it before it reaches a cell).
    pub fn diff(&self) -> Vec<Line> {
        let [before, after] = [&self.before, &self.after].map(|document| self.setting.pretty(document.as_ref()));
        diff(&before, &after)
    }

    /// The document that will stand there, byte for byte; `None` if there will be none.
    pub fn after(&self) -> Option<&str> {
        self.after.as_ref().map(|document| document.text.as_str())
    }

    /// What is worth knowing before it is confirmed: clauses (untrusted text: escape them before they reach a cell).
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether it puts back what an earlier change replaced.
    pub const fn is_undo(&self) -> bool {
        self.undoes.is_some()
    }

    /// The change in a line: `add to the bucket policy of acme-logs`.
    pub fn title(&self) -> String {
        let what = self.setting.word();
        let does = match (self.is_undo(), &self.before, &self.after) {
            (true, _, Some(_)) => "put back the",
            (_, _, None) => "delete the",
            (false, None, Some(_)) => "set the",
            (false, Some(_), Some(_)) => "change the",
        };
        format!("{does} {what} of {}", self.bucket)
    }
}

#[cfg(test)]
impl Change {
    /// What lets the service into a bucket of `lane`'s that has no policy: for the tests of the faces, which know no AWS.
    ///
    /// # Panics
    /// It is no bucket's.
    pub fn granting(lane: &Lane, to: &Destination) -> Self {
        let export = Export::new(lane, None, to);
        let policy = merge(None, &export, &missing_for(None, &export, &lane.account)).expect("a policy");
        Self {
            setting: Setting::Policy,
            bucket: to.store.bucket().expect("a bucket").clone(),
            region: lane.region.clone(),
            before: None,
            after: Some(Stored { text: policy.text(), smallest: None }),
            notes: Vec::new(),
            undoes: None,
        }
    }
}
