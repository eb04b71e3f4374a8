//! Creating a bucket that exports can go into: step by step, each told with what came of it.
//!
//! A bucket of one's own that is there already is gone on with if it is as good as new: nothing in it, and no setting that
//! this would not have made. So a creation that broke off is finished by asking for it again, and nobody's bucket is
//! rearranged.

use std::time::Duration;

use super::Remedies;
use super::error::RemedyError;
use super::setting::{Setting, Stored};
use crate::aws::{BucketAt, Creation};
use crate::domain::bucket_name::NewBucketName;
use crate::domain::inventory::Encryption;
use crate::domain::lifecycle::{Edit, NewRule, edited};
use crate::domain::names::BucketName;
use crate::domain::place::{AccountId, Region};
use crate::domain::policy::{Document, Export, merge, missing_for};
use crate::domain::preflight::{ObjectOwnership, Owner, PUBLIC_ACCESS_SWITCHES};
use crate::domain::problem::{Problem, ProblemKind};

/// What S3 answers of a name that is another account's.
const TAKEN: &str = "BucketAlreadyExists";

/// What S3 may answer of a bucket that was created a moment ago.
const NOT_YET: [&str; 2] = ["NoSuchBucket", "OperationAborted"];

/// How often a step is tried while S3 answers so, and what is waited before the second time; longer each time.
const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// A bucket that is to be created, in the lane's Region.
#[derive(Clone, Debug)]
pub struct NewBucket {
    /// Its name.
    pub name: NewBucketName,
    /// Whether it keeps versions.
    pub versioned: bool,
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

/// What came of creating a bucket.
#[derive(Clone, Debug)]
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
        self.steps.iter().find_map(|(_, outcome)| match outcome {
            Outcome::Failed(problem) => Some(problem),
            Outcome::Done | Outcome::Already | Outcome::NotReached => None,
        })
    }
}

impl NewBucket {
    /// Whether the step is taken for it.
    pub const fn wants(&self, step: Step) -> bool {
        match step {
            Step::Create | Step::Ownership | Step::PublicAccess | Step::Encryption | Step::Policy => true,
            Step::Versioning => self.versioned,
            Step::Lifecycle => self.rule.is_some(),
        }
    }
}

/// How a bucket stands once it was seen to that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// It was made now.
    New,
    /// It was there before.
    There,
    /// Either.
    Unclear,
}

/// The documents a new bucket gets.
struct Documents {
    policy: Stored,
    lifecycle: Option<Stored>,
}

impl Documents {
    /// The one for the step that is about a document.
    const fn of(&self, setting: Setting) -> Option<&Stored> {
        match setting {
            Setting::Policy => Some(&self.policy),
            Setting::Lifecycle => self.lifecycle.as_ref(),
        }
    }
}

impl Remedies {
    /// The policy a new bucket gets, as JSON; for whoever wants to see it first.
    pub fn new_bucket_policy(&self, new: &NewBucket) -> Result<Document, RemedyError> {
        let own = [self.lane.account.clone()];
        let accounts = if new.accounts.is_empty() { &own[..] } else { &new.accounts };
        let bucket = new.name.name();
        let mut policy: Option<Document> = None;
        for account in accounts {
            let export = Export {
                account: account.clone(),
                region: self.lane.region.clone(),
                group: None,
                bucket: bucket.to_string(),
                prefix: None,
            };
            let grants = missing_for(policy.as_ref(), &export, &self.lane.account);
            let merged = merge(policy.as_ref(), &export, &grants);
            policy = Some(merged.map_err(|source| RemedyError::Policy { bucket: bucket.clone(), source })?);
        }
        policy.filter(|policy| !policy.is_too_long()).ok_or_else(|| RemedyError::TooLong(bucket.clone()))
    }

    /// Creates a bucket, or finishes one that is the account's own and as good as new.
    ///
    /// # Errors
    /// Nothing was done: the name is taken, or AWS refused to create it, or a bucket of one's own is in use under the name.
    /// Whatever fails once the bucket is there is told in [`Created`].
    pub async fn create_bucket(&self, new: &NewBucket) -> Result<Created, RemedyError> {
        let bucket = new.name.name();
        let documents = self.documents(new)?;
        let stands = self.make(bucket).await?;
        let done = match stands {
            Stands::New => Vec::new(),
            Stands::There => self.look_over(new, &documents).await?,
            Stands::Unclear => match self.look_over(new, &documents).await {
                // It may be there since a moment ago, and that has to be said.
                Err(RemedyError::Aws(problem)) => return Ok(self.broken_off(new, &problem)),
                looked => looked?,
            },
        };
        let mut steps: Vec<(Step, Outcome)> = Vec::new();
        for step in Step::ALL.into_iter().filter(|step| new.wants(*step)) {
            let failed = steps.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
            let outcome = match step {
                _ if failed => Outcome::NotReached,
                Step::Create if stands == Stands::There => Outcome::Already,
                Step::Create => Outcome::Done,
                // Made with the bucket, in one call.
                Step::Ownership if stands == Stands::New => Outcome::Done,
                step if done.contains(&step) => Outcome::Already,
                step => {
                    let taken = self.step(step, bucket, &documents).await;
                    taken.map_or_else(Outcome::Failed, |()| Outcome::Done)
                }
            };
            steps.push((step, outcome));
        }
        Ok(Created { bucket: bucket.clone(), region: self.lane.region.clone(), steps })
    }

    /// What is told of a bucket that is there and cannot be looked over.
    fn broken_off(&self, new: &NewBucket, problem: &Problem) -> Created {
        let outcome = |step| match step {
            Step::Create => Outcome::Done,
            Step::Ownership => Outcome::Failed(problem.clone()),
            Step::PublicAccess | Step::Encryption | Step::Versioning | Step::Policy | Step::Lifecycle => {
                Outcome::NotReached
            }
        };
        let steps = Step::ALL.into_iter().filter(|step| new.wants(*step)).map(|step| (step, outcome(step))).collect();
        Created { bucket: new.name.name().clone(), region: self.lane.region.clone(), steps }
    }

    fn documents(&self, new: &NewBucket) -> Result<Documents, RemedyError> {
        let stored = |text: &str| Stored { text: text.to_owned(), smallest: None };
        let lifecycle = new.rule.as_ref().map(|rule| edited(None, &Edit::Add(rule.clone()))).transpose();
        let lifecycle =
            lifecycle.map_err(|source| RemedyError::Edit { bucket: new.name.name().clone(), source })?.flatten();
        Ok(Documents {
            policy: stored(&self.new_bucket_policy(new)?.text()),
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

    /// Takes a step, again and again while S3 does not know the new bucket everywhere.
    async fn step(&self, step: Step, bucket: &BucketName, documents: &Documents) -> Result<(), Problem> {
        let at = self.at(bucket, &self.lane.region);
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.take(step, at, documents).await {
                Err(problem) if problem.code.as_deref().is_some_and(|code| NOT_YET.contains(&code)) => {}
                taken => return taken,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.take(step, at, documents).await
    }

    async fn take(&self, step: Step, at: BucketAt<'_>, documents: &Documents) -> Result<(), Problem> {
        let document = |setting: Setting| setting.write(&self.session, at, documents.of(setting));
        match step {
            Step::Create => Ok(()),
            Step::Ownership => self.session.enforce_bucket_owner(at).await,
            Step::PublicAccess => self.session.block_public_access(at).await,
            Step::Encryption => self.session.encrypt_with_s3_keys(at).await,
            Step::Versioning => self.session.keep_versions(at).await,
            Step::Policy => document(Setting::Policy).await,
            Step::Lifecycle => document(Setting::Lifecycle).await,
        }
    }
}
