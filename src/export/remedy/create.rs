//! Creating a bucket that exports can go into: step by step, each told with what came of it.
//!
//! A bucket of one's own that is there already is gone on with if it is as good as new: nothing in it, and no setting that
//! this would not have made. So a creation that broke off is finished by asking for it again, and nobody's bucket is
//! rearranged.

use super::Remedies;
use super::creating::Creating;
use super::error::RemedyError;
use super::setting::{Setting, Stored};
use crate::aws::Creation;
use crate::domain::bucket_name::NewBucketName;
use crate::domain::inventory::Encryption;
use crate::domain::lifecycle::{Edit, NewRule, edited};
use crate::domain::names::BucketName;
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::policy::{Document, Export, merge, missing_for};
use crate::domain::preflight::{ObjectOwnership, Owner, PUBLIC_ACCESS_SWITCHES};
use crate::domain::problem::{Problem, ProblemKind};

/// What S3 answers of a name that is another account's.
const TAKEN: &str = "BucketAlreadyExists";

/// A bucket that is to be created, in the lane's Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBucket {
    /// Its name.
    pub name: NewBucketName,
    /// Whether it keeps versions.
    pub versioned: bool,
    /// Whether it gets a policy that lets the export service in.
    pub exports: bool,
    /// The accounts whose logs may be exported into it; none stands for the lane's own.
    pub accounts: Vec<AccountId>,
    /// A rule for its objects.
    pub rule: Option<NewRule>,
}

/// A step of creating a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The bucket itself.
    Create,
    /// Its owner owns every object in it.
    Ownership,
    /// Block Public Access.
    PublicAccess,
    /// Default encryption with S3's own keys.
    Encryption,
    /// Versions.
    Versioning,
    /// The policy that lets the export service in.
    Policy,
    /// The lifecycle rule.
    Lifecycle,
}

impl Step {
    /// The steps in their order. What closes the bucket comes before what opens it.
    pub const ALL: [Self; 7] = [
        Self::Create,
        Self::Ownership,
        Self::PublicAccess,
        Self::Encryption,
        Self::Versioning,
        Self::Policy,
        Self::Lifecycle,
    ];

    /// What it does, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Create => "create the bucket",
            Self::Ownership => "enforce the bucket owner as owner of all objects",
            Self::PublicAccess => "block public access",
            Self::Encryption => "encrypt with SSE-S3",
            Self::Versioning => "keep versions",
            Self::Policy => "let the logs service in by the bucket policy",
            Self::Lifecycle => "set the lifecycle rule",
        }
    }

    /// Its name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Ownership => "ownership",
            Self::PublicAccess => "public_access",
            Self::Encryption => "encryption",
            Self::Versioning => "versioning",
            Self::Policy => "policy",
            Self::Lifecycle => "lifecycle",
        }
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// It was so already.
    Already,
    /// It failed; the steps behind it were not tried.
    Failed(Problem),
    /// An earlier step failed.
    NotReached,
}

impl Outcome {
    /// Why it failed, if it did.
    pub const fn failure(&self) -> Option<&Problem> {
        match self {
            Self::Failed(problem) => Some(problem),
            Self::Done | Self::Already | Self::NotReached => None,
        }
    }
}

/// What came of creating a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The bucket.
    pub bucket: BucketName,
    /// Where it is.
    pub region: Region,
    /// Each step that was wanted, in order.
    pub steps: Vec<(Step, Outcome)>,
}

impl Created {
    /// The first failure. Asking for the same bucket again goes on there.
    pub fn failure(&self) -> Option<&Problem> {
        self.steps.iter().find_map(|(_, outcome)| outcome.failure())
    }
}

impl NewBucket {
    /// Whether the step is taken for it.
    pub const fn wants(&self, step: Step) -> bool {
        match step {
            Step::Create | Step::Ownership | Step::PublicAccess | Step::Encryption => true,
            Step::Versioning => self.versioned,
            Step::Policy => self.exports,
            Step::Lifecycle => self.rule.is_some(),
        }
    }

    /// The steps that are taken for it, in their order.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        Step::ALL.into_iter().filter(|step| self.wants(*step))
    }

    /// The policy it gets if it is created in `lane`; `None` if it gets none.
    pub fn policy(&self, lane: &Lane) -> Result<Option<Document>, RemedyError> {
        if !self.exports {
            return Ok(None);
        }
        let own = [lane.account.clone()];
        let accounts = if self.accounts.is_empty() { &own[..] } else { &self.accounts };
        let bucket = self.name.name();
        let mut policy: Option<Document> = None;
        for account in accounts {
            let export = Export {
                account: account.clone(),
                region: lane.region.clone(),
                group: None,
                bucket: bucket.to_string(),
                prefix: None,
            };
            let grants = missing_for(policy.as_ref(), &export, &lane.account);
            let merged = merge(policy.as_ref(), &export, &grants);
            policy = Some(merged.map_err(|source| RemedyError::Policy { bucket: bucket.clone(), source })?);
        }
        let too_long = policy.as_ref().is_some_and(Document::is_too_long);
        if too_long { Err(RemedyError::TooLong(bucket.clone())) } else { Ok(policy) }
    }
}

/// How a bucket stands once it was seen to that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// It was made now.
    New,
    /// It was there before.
    There,
    /// Either.
    Unclear,
}

/// The documents a new bucket gets.
#[derive(Debug)]
pub(super) struct Documents {
    policy: Option<Stored>,
    lifecycle: Option<Stored>,
}

impl Documents {
    /// The one for the step that is about a document.
    pub(super) const fn of(&self, setting: Setting) -> Option<&Stored> {
        match setting {
            Setting::Policy => self.policy.as_ref(),
            Setting::Lifecycle => self.lifecycle.as_ref(),
        }
    }
}

impl Remedies {
    /// Creates a bucket, or finishes one that is the account's own and as good as new: every step of it.
    ///
    /// # Errors
    /// As [`Self::begin_bucket`]. Whatever fails once the bucket is there is told in [`Created`].
    pub async fn create_bucket(&self, new: &NewBucket) -> Result<Created, RemedyError> {
        let mut creating = self.begin_bucket(new).await?;
        while creating.next().await.is_some() {}
        Ok(creating.end())
    }

    /// Sees to it that a bucket is there that can be finished step by step: a new one, or one that is the account's own and
    /// as good as new.
    ///
    /// # Errors
    /// Nothing was done: the name is taken, or AWS refused to create it, or a bucket of one's own is in use under the name.
    pub async fn begin_bucket<'a>(&'a self, new: &'a NewBucket) -> Result<Creating<'a>, RemedyError> {
        let documents = self.documents(new)?;
        let stands = self.make(new.name.name()).await?;
        let (done, trouble) = match stands {
            Stands::New => (Vec::new(), None),
            Stands::There => (self.look_over(new, &documents).await?, None),
            Stands::Unclear => match self.look_over(new, &documents).await {
                // It may be there since a moment ago, and that has to be said.
                Err(RemedyError::Aws(problem)) => (Vec::new(), Some(problem)),
                looked => (looked?, None),
            },
        };
        Ok(Creating { remedies: self, new, documents, stands, done, trouble, steps: Vec::new() })
    }

    fn documents(&self, new: &NewBucket) -> Result<Documents, RemedyError> {
        let stored = |text: &str| Stored { text: text.to_owned(), smallest: None };
        let lifecycle = new.rule.as_ref().map(|rule| edited(None, &Edit::Add(rule.clone()))).transpose();
        let lifecycle =
            lifecycle.map_err(|source| RemedyError::Edit { bucket: new.name.name().clone(), source })?.flatten();
        Ok(Documents {
            policy: new.policy(&self.lane)?.map(|policy| stored(&policy.text())),
            lifecycle: lifecycle.map(|lifecycle| stored(lifecycle.text())),
        })
    }

    /// Sees to it that the bucket is there and the account's own.
    async fn make(&self, bucket: &BucketName) -> Result<Stands, RemedyError> {
        // Asked first: a bucket that is there already need not be created to be known as one's own.
        match self.session.find_bucket(bucket.as_str()).await {
            Ok(region) => match self.session.bucket_owner(bucket.as_str(), &region, &self.lane.account).await {
                Ok(Owner::Own) if region == self.lane.region => return Ok(Stands::There),
                Ok(Owner::Own) => {
                    let wanted = self.lane.region.clone();
                    return Err(RemedyError::Elsewhere { bucket: bucket.clone(), found: region, wanted });
                }
                Ok(Owner::Other(_)) => return Err(RemedyError::NameTaken(bucket.clone())),
                Err(problem) if problem.kind == ProblemKind::AccessDenied => {}
                Err(problem) => return Err(problem.into()),
            },
            // Nobody's, or nobody's business: S3 tells when it is asked to create it.
            Err(problem) if matches!(problem.kind, ProblemKind::NotFound | ProblemKind::AccessDenied) => {}
            Err(problem) => return Err(problem.into()),
        }
        match self.session.create_bucket(bucket.as_str(), &self.lane.region).await {
            Ok(Creation::Made) => Ok(Stands::New),
            Ok(Creation::Owned) => Ok(Stands::Unclear),
            Err(problem) if problem.code.as_deref() == Some(TAKEN) => Err(RemedyError::NameTaken(bucket.clone())),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Looks a bucket over that was there before: which steps are done already.
    ///
    /// # Errors
    /// It is no new one, by the first thing that shows it.
    async fn look_over(&self, new: &NewBucket, documents: &Documents) -> Result<Vec<Step>, RemedyError> {
        let (bucket, region) = (new.name.name(), &self.lane.region);
        let (at, name) = (self.at(bucket, region), bucket.as_str());
        let in_use = |what: &str| Err(RemedyError::InUse { bucket: bucket.clone(), what: what.to_owned() });
        if !self.session.is_bucket_empty(at).await? {
            return in_use("there are objects in it");
        }
        let mut done = Vec::new();
        for (step, setting) in [(Step::Policy, Setting::Policy), (Step::Lifecycle, Setting::Lifecycle)] {
            match setting.read(&self.session, at).await? {
                None => {}
                there if setting.same(there.as_ref(), documents.of(setting)) => done.push(step),
                Some(_) => return in_use(&format!("it has a {} of its own", setting.word())),
            }
        }
        match self.session.bucket_encryption(name, region).await? {
            Encryption::S3 => done.push(Step::Encryption),
            Encryption::None => {}
            other @ (Encryption::Kms(_) | Encryption::KmsDual | Encryption::Other(_)) => {
                return in_use(&format!("its default encryption is {}", other.word()));
            }
        }
        match self.session.public_access_off(name, region).await?.len() {
            0 => done.push(Step::PublicAccess),
            off if off == PUBLIC_ACCESS_SWITCHES.len() => {}
            _ => return in_use("some of its Block Public Access is off"),
        }
        match self.session.is_versioned(name, region).await? {
            true if new.versioned => done.push(Step::Versioning),
            true => return in_use("it keeps versions"),
            false => {}
        }
        match self.session.object_ownership(name, region).await? {
            ObjectOwnership::BucketOwnerEnforced => done.push(Step::Ownership),
            ObjectOwnership::ObjectWriter => {}
            ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::Other(_) => return in_use("it has ACLs"),
        }
        Ok(done)
    }
}
