//! The page of a bucket's lifecycle rules: which bucket, and which rule the cursor is on.

use crate::domain::lifecycle::{Lifecycle, Rule};
use crate::domain::problem::Problem;
use crate::tui::model::{Buckets, Detail, Model, Overlay};

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesPage {
    /// The bucket, by its name.
    pub bucket: String,
    /// The rule the cursor is on, counted from the first.
    pub at: usize,
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}

impl Buckets {
    /// What is known of the lifecycle rules of a bucket; `None` while AWS has not told.
    pub fn rules(&self, bucket: &str) -> Option<&Result<Option<Lifecycle>, Problem>> {
        match self.details.get(bucket)? {
            Detail::Known(details) => Some(&details.lifecycle),
            Detail::Asked(_) => None,
        }
    }
}

impl Model {
    /// The rules of the page that is open, if they are known: none is no rule.
    pub fn rules_here(&self) -> Option<&[Rule]> {
        let Some(Overlay::Rules(page)) = &self.overlay else { return None };
        let lifecycle = self.buckets.rules(&page.bucket)?.as_ref().ok()?;
        Some(lifecycle.as_ref().map(Lifecycle::rules).unwrap_or_default())
    }

    /// The rule the cursor is on.
    pub fn rule_here(&self) -> Option<&Rule> {
        let Some(Overlay::Rules(page)) = &self.overlay else { return None };
        let rules = self.rules_here()?;
        rules.get(page.at.min(rules.len().saturating_sub(1)))
    }
}
