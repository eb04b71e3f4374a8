//! The two settings of a bucket that are documents: its policy and its lifecycle rules. Both are read, replaced and compared
//! here, so that everything else treats them alike.

use serde::{Deserialize, Serialize};

use crate::aws::{BucketAt, LifecycleText, Session};
use crate::domain::lifecycle::Lifecycle;
use crate::domain::policy;
use crate::domain::problem::Problem;

/// A setting that is a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// The bucket policy.
    Policy,
    /// The lifecycle rules.
    Lifecycle,
}

/// A document as S3 keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// JSON of a policy, XML of lifecycle rules.
    pub text: String,
    /// Below which size nothing is archived, by S3's word: part of the lifecycle rules that is not in their text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<String>,
}

impl Setting {
    /// What it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy => "bucket policy",
            Self::Lifecycle => "lifecycle configuration",
        }
    }

    /// The document now; `None` if the bucket has none.
    pub(super) async fn read(self, session: &Session, at: BucketAt<'_>) -> Result<Option<Stored>, Problem> {
        match self {
            Self::Policy => {
                let policy = session.bucket_policy(at.bucket, at.region).await?;
                Ok(policy.map(|text| Stored { text, smallest: None }))
            }
            Self::Lifecycle => {
                let lifecycle = session.lifecycle(at).await?;
                Ok(lifecycle.map(|LifecycleText { xml, smallest }| Stored { text: xml, smallest }))
            }
        }
    }

    /// Puts `document` in place of what is there; `None` takes that away.
    pub(super) async fn write(
        self,
        session: &Session,
        at: BucketAt<'_>,
        document: Option<&Stored>,
    ) -> Result<(), Problem> {
        match (self, document) {
            (Self::Policy, Some(policy)) => session.put_bucket_policy(at, &policy.text).await,
            (Self::Policy, None) => session.delete_bucket_policy(at).await,
            (Self::Lifecycle, Some(Stored { text, smallest })) => {
                let text = LifecycleText { xml: text.clone(), smallest: smallest.clone() };
                session.put_lifecycle(at, &text).await
            }
            (Self::Lifecycle, None) => session.delete_lifecycle(at).await,
        }
    }

    /// Whether both mean the same to S3, which gives documents back in a spelling of its own.
    pub(super) fn same(self, one: Option<&Stored>, other: Option<&Stored>) -> bool {
        match (one, other) {
            (None, None) => true,
            (Some(one), Some(other)) => self.same_text(&one.text, &other.text) && agree(one, other),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn same_text(self, one: &str, other: &str) -> bool {
        match self {
            Self::Policy => policy::same(one, other),
            Self::Lifecycle => match (Lifecycle::parse(one), Lifecycle::parse(other)) {
                (Ok(one), Ok(other)) => one.means(&other),
                _ => one == other,
            },
        }
    }

    /// The document for people, an element a line; as it is if it cannot be read.
    pub(super) fn pretty(self, document: Option<&Stored>) -> String {
        let Some(Stored { text, .. }) = document else { return String::new() };
        match self {
            Self::Policy => policy::Document::parse(text).map_or_else(|_| text.clone(), |policy| policy.pretty()),
            Self::Lifecycle => Lifecycle::parse(text).map_or_else(|_| text.clone(), |rules| rules.pretty()),
        }
    }
}

/// Whether nothing is archived below the same size. What is not said is S3's default, and whatever it was told to be.
fn agree(one: &Stored, other: &Stored) -> bool {
    one.smallest.as_ref().zip(other.smallest.as_ref()).is_none_or(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str, smallest: Option<&str>) -> Stored {
        Stored { text: text.to_owned(), smallest: smallest.map(str::to_owned) }
    }

    #[test]
    fn a_document_s_meaning_is_compared_and_not_its_spelling() {
        let same = |one, other| Setting::Lifecycle.same(one, other);
        let short = rules("<LifecycleConfiguration><Rule/></LifecycleConfiguration>", None);
        let long = rules("<LifecycleConfiguration>\n <Rule></Rule></LifecycleConfiguration>", Some("varies"));
        assert!(same(Some(&short), Some(&long)) && same(None, None));
        assert!(!same(Some(&short), None) && !same(None, Some(&short)));
        let other = rules("<LifecycleConfiguration><Rule/></LifecycleConfiguration>", Some("all"));
        assert!(!same(Some(&long), Some(&other)), "another smallest size");
        let broken = rules("<A>", None);
        assert!(!same(Some(&broken), Some(&short)) && same(Some(&broken), Some(&broken)));
    }
}
