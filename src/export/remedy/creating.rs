//! The steps of a bucket that is being created, taken one by one by whoever shows them.

use std::time::Duration;

use super::Remedies;
use super::create::{Created, Documents, NewBucket, Outcome, Stands, Step};
use super::setting::Setting;
use crate::domain::problem::Problem;

/// What S3 may answer of a bucket that was created a moment ago.
const NOT_YET: [&str; 2] = ["NoSuchBucket", "OperationAborted"];

/// How often a step is tried while S3 answers so, and what is waited before the second time; longer each time.
const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// A bucket that is there and not finished yet.
#[derive(Debug)]
pub struct Creating<'a> {
    pub(super) remedies: &'a Remedies,
    pub(super) new: &'a NewBucket,
    pub(super) documents: Documents,
    pub(super) stands: Stands,
    /// Steps that were taken before.
    pub(super) done: Vec<Step>,
    /// Why it could not be looked over, although it may have been made a moment ago.
    pub(super) trouble: Option<Problem>,
    /// What came of the steps so far.
    pub(super) steps: Vec<(Step, Outcome)>,
}

impl Creating<'_> {
    /// Takes the next step; `None` once all have been. Behind a failure none is tried.
    pub async fn next(&mut self) -> Option<(Step, Outcome)> {
        let step = self.new.steps().nth(self.steps.len())?;
        let outcome = self.outcome(step).await;
        self.steps.push((step, outcome.clone()));
        Some((step, outcome))
    }

    /// What came of it.
    pub fn end(self) -> Created {
        let (bucket, region) = (self.new.name.name().clone(), self.remedies.lane().region.clone());
        Created { bucket, region, steps: self.steps }
    }

    async fn outcome(&mut self, step: Step) -> Outcome {
        match (step, self.stands) {
            _ if self.steps.iter().any(|(_, outcome)| outcome.failure().is_some()) => Outcome::NotReached,
            (Step::Create, Stands::There) => Outcome::Already,
            // The owner is enforced in the call that makes a bucket.
            (Step::Create, _) | (Step::Ownership, Stands::New) => Outcome::Done,
            _ if self.done.contains(&step) => Outcome::Already,
            _ => match self.trouble.take() {
                Some(problem) => Outcome::Failed(problem),
                None => self.attempts(step).await.map_or_else(Outcome::Failed, |()| Outcome::Done),
            },
        }
    }

    /// Takes a step, again and again while S3 does not know the new bucket everywhere.
    async fn attempts(&self, step: Step) -> Result<(), Problem> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.take(step).await {
                Err(problem) if problem.code.as_deref().is_some_and(|code| NOT_YET.contains(&code)) => {}
                taken => return taken,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.take(step).await
    }

    async fn take(&self, step: Step) -> Result<(), Problem> {
        let session = &self.remedies.session;
        let at = self.remedies.at(self.new.name.name(), &self.remedies.lane.region);
        let document = |setting: Setting| setting.write(session, at, self.documents.of(setting));
        match step {
            Step::Create => Ok(()),
            Step::Ownership => session.enforce_bucket_owner(at).await,
            Step::PublicAccess => session.block_public_access(at).await,
            Step::Encryption => session.encrypt_with_s3_keys(at).await,
            Step::Versioning => session.keep_versions(at).await,
            Step::Policy => document(Setting::Policy).await,
            Step::Lifecycle => document(Setting::Lifecycle).await,
        }
    }
}
