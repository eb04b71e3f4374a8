//! A task that has ended, sessions, and what verifying it finds.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use logferry::aws::Session;
use logferry::domain::engine::Engine;
use logferry::domain::names::{RemoteId, TaskId};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::state::State;
use logferry::domain::store::Store;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::domain::verify::object::{Body, ReadBack};
use logferry::domain::verify::subject::Subject;
use logferry::domain::verify::tally::Tally;
use logferry::export::verify::{Progress, Verification};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

pub const REGION: &str = "eu-central-1";
pub const ACCOUNT: &str = "123456789012";
pub const BUCKET: &str = "acme-logs";
pub const FOLDER: &str = "p/4d2b8b9e/";

/// 2026-08-09T18:00:00Z: where the range begins.
pub const FROM: Timestamp = Timestamp::from_millis(1_786_298_400_000);

/// A completed task of one hour.
pub fn subject() -> Subject {
    Subject {
        task: TaskId(Uuid::from_u128(7)),
        lane: Arc::new(Lane::new(AccountId(ACCOUNT.to_owned()), Region(REGION.to_owned()))),
        remote: RemoteId("4d2b8b9e".to_owned()),
        group: "web".to_owned(),
        engine: Engine::Managed,
        range: TimeRange::new(FROM, FROM.after(Duration::from_hours(1))).expect("a good range"),
        store: Store::stored(BUCKET).expect("a good name"),
        folder: FOLDER.to_owned(),
        state: State::Completed,
        accepted: None,
        counted: None,
    }
}

/// So many events, a millisecond apart from the range's beginning on.
pub fn lines(count: u64) -> String {
    let line = |n| format!("{} message {n} {:x}", FROM.after(Duration::from_millis(n)), n * 7919);
    (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// A gzip file.
pub fn gz(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("into memory");
    encoder.finish().expect("into memory")
}

/// What was found, object by object and together.
pub struct Found {
    pub objects: Vec<ReadBack>,
    pub tally: Tally,
    pub progress: Progress,
}

impl Found {
    /// The findings: keys and names.
    pub fn findings(&self) -> Vec<(Option<&str>, &'static str)> {
        self.tally.found.iter().map(|found| (found.key.as_deref(), found.finding.code())).collect()
    }

    /// The one object, read.
    pub fn body(&self) -> &Body {
        let [object] = self.objects.as_slice() else { panic!("one object: {:?}", self.objects) };
        object.body.as_ref().expect("it could be read")
    }
}

/// Verifies through `session`.
pub async fn verify(session: Session, subject: Subject) -> Found {
    let verification = Verification::new(session, subject).await.expect("the bucket is there");
    let (progress, seen) = watch::channel(Progress::default());
    let (objects, mut told) = mpsc::channel(1);
    let hear = async {
        let mut all = Vec::new();
        while let Some(object) = told.recv().await {
            all.push(object);
        }
        all
    };
    let (tally, objects) = tokio::join!(verification.run(&progress, objects), hear);
    let progress = *seen.borrow();
    Found { objects, tally: tally.expect("the folder can be listed"), progress }
}
