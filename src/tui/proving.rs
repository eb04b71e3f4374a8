//! Verifying, as futures for the driver's background tasks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use crate::aws::Session;
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;
use crate::domain::verify::manifest::{Manifest, ObjectRecord};
use crate::domain::verify::object::ReadBack;
use crate::domain::verify::subject::Subject;
use crate::export::verify::{Progress, Verification};
use crate::tui::msg::Reply;
use crate::tui::proof::Evidence;

/// Between two reports of how far it is.
const REPORT: Duration = Duration::from_millis(100);
/// Objects on the way to the list of them.
const UNLISTED: usize = 64;

/// Reads a task's objects back; how far that is, is `told` every now and then.
pub async fn verify<F>(session: Session, subject: Arc<Subject>, told: impl Fn(Reply) -> F + Send) -> Reply
where
    F: Future<Output = ()> + Send,
{
    let (progress, seen) = watch::channel(Progress::default());
    let work = async {
        let evidence = read_back(session, subject, &progress).await;
        Reply::Verified(evidence.map(Arc::new))
    };
    reported(seen, work, |progress| told(Reply::Verifying(progress))).await
}

/// Does the work, and has `told` every now and then how far that is. Whoever calls holds the other end of `seen` meanwhile.
pub async fn reported<F>(
    mut seen: watch::Receiver<Progress>,
    work: impl Future<Output = Reply>,
    told: impl Fn(Progress) -> F,
) -> Reply
where
    F: Future<Output = ()>,
{
    let report = async {
        while seen.changed().await.is_ok() {
            let progress = *seen.borrow_and_update();
            told(progress).await;
            sleep(REPORT).await;
        }
    };
    tokio::select! {
        reply = work => reply,
        // Never first: what it listens to is held until the work is done.
        () = report => std::future::pending().await,
    }
}

async fn read_back(
    session: Session,
    subject: Arc<Subject>,
    progress: &watch::Sender<Progress>,
) -> Result<Evidence, Problem> {
    let verification = Verification::new(session, (*subject).clone()).await?;
    let (objects, unlisted) = mpsc::channel(UNLISTED);
    let (tally, objects) = tokio::join!(verification.run(progress, objects), listed(unlisted));
    Ok(Evidence { tally: tally?, objects })
}

async fn listed(mut unlisted: mpsc::Receiver<ReadBack>) -> Vec<ReadBack> {
    let mut all = Vec::new();
    while let Some(object) = unlisted.recv().await {
        all.push(object);
    }
    all
}

/// Writes down what was found.
pub async fn write(session: Session, subject: Arc<Subject>, evidence: Arc<Evidence>, now: Timestamp) -> Reply {
    let verification = Verification::new(session, (*subject).clone()).await;
    let records: Vec<ObjectRecord> = evidence.objects.iter().map(ObjectRecord::from).collect();
    let manifest = Manifest::new(&subject, &evidence.tally, records, now);
    Reply::ManifestWritten(match verification {
        Ok(verification) => verification.write(&manifest).await,
        Err(problem) => Err(problem),
    })
}
