//! What a person can do about a finding: something the program can do for him, a text for somebody else, or advice.

use std::fmt;

use crate::domain::policy::Grant;

/// What to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A sentence without a full stop: it takes a person.
    Advice(String),
    /// Create the bucket, which is not there; or mend its name.
    Create,
    /// Add these statements to the bucket's policy, as `domain::policy::merge` does.
    Grant(Vec<Grant>),
    /// Give this statement to whoever owns the other account's bucket.
    BucketStatement(String),
    /// Give this statement to whoever owns the KMS key.
    KeyStatement(String),
    /// This advice, or the direct engine: what stands against AWS's own export does not stand against it.
    Direct(String),
    /// Choose another bucket or the direct engine, or say that the policy of the customer-managed key lets the service in.
    TrustKey,
}

impl Remedy {
    /// Whether the program can do it, once a person has confirmed.
    pub const fn acts(&self) -> bool {
        match self {
            Self::Create | Self::Grant(_) => true,
            Self::Advice(_) | Self::BucketStatement(_) | Self::KeyStatement(_) | Self::Direct(_) | Self::TrustKey => {
                false
            }
        }
    }

    /// The text to hand on, if there is one: JSON of several lines.
    pub fn statement(&self) -> Option<&str> {
        match self {
            Self::BucketStatement(statement) | Self::KeyStatement(statement) => Some(statement),
            Self::Advice(_) | Self::Create | Self::Grant(_) | Self::Direct(_) | Self::TrustKey => None,
        }
    }
}

impl fmt::Display for Remedy {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advice(advice) => f.write_str(advice),
            Self::Create => f.write_str("check its name, or create it"),
            Self::Grant(_) => f.write_str("let the logs service in: add the missing statements to the bucket policy"),
            Self::BucketStatement(_) => f.write_str("have its owner add this statement to the bucket policy"),
            Self::KeyStatement(_) => f.write_str("have this statement added to the key policy"),
            Self::Direct(advice) => write!(f, "{advice}, or export with the direct engine (--engine direct)"),
            Self::TrustKey => f.write_str(
                "choose a bucket with SSE-S3, or export with the direct engine (--engine direct), or say --allow-kms if the \
                 key's policy lets the logs service in",
            ),
        }
    }
}
