//! Applying a change: look again, keep a copy, write, read back. And proposing to undo one.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::Remedies;
use super::change::Change;
use super::copy::KeptCopy;
use super::error::RemedyError;
use super::setting::{Setting, Stored};
use crate::domain::names::BucketName;
use crate::domain::problem::Problem;
use crate::domain::time::{Timestamp, Zone};

/// How long S3 may go on showing what was there before ("bucket configurations have an eventual consistency model"), in
/// looks, each twice as long after the one before.
const LOOKS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// What came of applying a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Where what was replaced is kept; `None` of an undo, which replaces only what this program wrote.
    pub copy: Option<PathBuf>,
}

/// What S3 shows after something was written.
enum Seen {
    Written,
    Before,
    Other,
}

impl Remedies {
    /// Applies `change`, unless the bucket is no longer what it was made of.
    ///
    /// # Errors
    /// Whatever comes before the writing says that nothing was written. An answer that was lost is no error if what was
    /// written is there.
    pub async fn apply(&self, change: &Change) -> Result<Applied, RemedyError> {
        let Change { setting, before, .. } = change;
        let now = setting.read(&self.session, self.at(&change.bucket, &change.region)).await?;
        if !setting.same(before.as_ref(), now.as_ref()) {
            return Err(RemedyError::Changed { setting: *setting, bucket: change.bucket.clone() });
        }
        if let Some(undone) = &change.undoes {
            self.write(change, None).await?;
            undone.retire().await;
            return Ok(Applied { copy: None });
        }
        let copy = KeptCopy::keep(&self.state, &self.lane, change, Timestamp::from(SystemTime::now())).await?;
        self.write(change, Some(&copy)).await?;
        Ok(Applied { copy: Some(copy.path) })
    }

    /// Writes, and sees to it that it is there.
    async fn write(&self, change: &Change, copy: Option<&KeptCopy>) -> Result<(), RemedyError> {
        let at = self.at(&change.bucket, &change.region);
        let written = change.setting.write(&self.session, at, change.after.as_ref()).await;
        if let Err(problem) = &written
            && !problem.kind.is_ambiguous()
        {
            if let Some(copy) = copy {
                copy.discard().await;
            }
            return Err(problem.clone().into());
        }
        let (setting, bucket, path) = (change.setting, change.bucket.clone(), copy.map(|copy| copy.path.clone()));
        match self.settled(change).await {
            Ok(Seen::Written) => Ok(()),
            // What went wrong first says more than that it shows.
            Ok(Seen::Before) => {
                Err(written.err().map_or(RemedyError::NotSeen { setting, bucket, copy: path }, Into::into))
            }
            Ok(Seen::Other) => Err(RemedyError::NotAsWritten { setting, bucket, copy: path }),
            Err(problem) => Err(written.err().unwrap_or(problem).into()),
        }
    }

    /// What S3 shows once it no longer shows what was there before, or after long enough.
    async fn settled(&self, change: &Change) -> Result<Seen, Problem> {
        let mut pause = FIRST_PAUSE;
        for look in 1..=LOOKS {
            let now = change.setting.read(&self.session, self.at(&change.bucket, &change.region)).await?;
            if change.setting.same(change.after.as_ref(), now.as_ref()) {
                return Ok(Seen::Written);
            }
            if !change.setting.same(change.before.as_ref(), now.as_ref()) {
                return Ok(Seen::Other);
            }
            if look < LOOKS {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        Ok(Seen::Before)
    }

    /// What it takes to undo the latest change of a bucket's setting. Refused if what stands there now is not what was
    /// written then: it would undo somebody else's change as well.
    pub async fn propose_undo(&self, bucket: &BucketName, setting: Setting) -> Result<Change, RemedyError> {
        let copy = KeptCopy::latest(&self.state, &self.lane, setting, bucket).await?;
        let copy = copy.ok_or_else(|| RemedyError::NothingToUndo { setting, bucket: bucket.clone() })?;
        let region = self.session.find_bucket(bucket.as_str()).await?;
        let now: Option<Stored> = setting.read(&self.session, self.at(bucket, &region)).await?;
        if !setting.same(copy.record.after.as_ref(), now.as_ref()) {
            let bucket = bucket.clone();
            return Err(if setting.same(copy.record.before.as_ref(), now.as_ref()) {
                RemedyError::AsBefore { setting, bucket }
            } else {
                RemedyError::Changed { setting, bucket }
            });
        }
        let after = copy.record.before.clone();
        let notes = vec![format!("this undoes the change of {}", copy.at().show(Zone::Utc))];
        Ok(Change { setting, bucket: bucket.clone(), region, before: now, after, notes, undoes: Some(copy) })
    }
}
