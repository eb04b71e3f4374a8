//! Verification: reads back what a task has left in its bucket or directory and says what it comes to.
//!
//! ```text
//! listing, by the page ──► four objects at a time: GetObject ──bytes──► a thread: hash, decompress, count ──► in order
//! ```
//! Nothing is held whole: neither the listing nor an object. Callers: the faces, which keep or print what they are told.

pub(super) mod body;
pub(super) mod fetch;
pub(super) mod inspect;
mod shelf;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::{mpsc, watch};

use super::reach::{insist, pages};
use crate::aws::Session;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::inventory::{Object, Page};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::store::Store;
use crate::domain::verify::manifest::Manifest;
use crate::domain::verify::object::{Body, Place, ReadBack};
use crate::domain::verify::subject::Subject;
use crate::domain::verify::tally::Tally;
use shelf::Shelf;

/// Objects read side by side. Each takes a thread and a few hundred KiB; more would compete with exports for the link.
const ABREAST: usize = 4;

/// How far a verification, or a download, has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What was listed so far.
    pub listed: Landed,
    /// Whether that is all.
    pub listed_all: bool,
    /// Objects that were read, or could not be.
    pub objects: u64,
    /// Their bytes, and those of the objects that are being read.
    pub bytes: ByteCount,
}

impl Progress {
    /// These were listed, and perhaps they are the last.
    pub(super) fn list(&mut self, items: &[Object], all: bool) {
        self.listed.objects += items.len() as u64;
        self.listed.bytes += items.iter().map(|object| object.size).sum();
        self.listed_all = all;
    }
}

impl fmt::Display for Progress {
    /// `12 of 120 objects, 3.0 MiB of 40 MiB`; a listing that is not at its end is marked by a plus.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listed, listed_all, objects, bytes } = self;
        let plus = if *listed_all { "" } else { "+" };
        write!(f, "{objects} of {}{plus} objects, {bytes} of {}{plus}", listed.objects, listed.bytes)
    }
}

/// One task's objects, and a way to them.
#[derive(Clone, Debug)]
pub struct Verification {
    shelf: Shelf,
    subject: Subject,
}

impl Verification {
    /// Of `subject`, through `session` where its objects are in a bucket. Finds out where that is; whoever may not ask
    /// takes it to be where the session is.
    ///
    /// # Errors
    /// There is no such bucket, or no way to it.
    pub async fn new(session: Session, subject: Subject) -> Result<Self, Problem> {
        let shelf = match &subject.store {
            Store::Bucket(name) => Shelf::in_bucket(session, name.clone(), subject.folder.clone()).await?,
            Store::Directory(directory) => Shelf::in_directory(directory, subject.folder.clone()),
        };
        Ok(Self { shelf, subject })
    }

    /// Of `subject` if its objects are on this machine: nobody needs to connect for that.
    pub fn here(subject: &Subject) -> Option<Self> {
        let directory = subject.store.directory()?;
        Some(Self { shelf: Shelf::in_directory(directory, subject.folder.clone()), subject: subject.clone() })
    }

    /// Reads everything back. Each object is told to `objects` in the order of the listing, and the reading waits for
    /// whoever takes them. Dropping this stops it.
    ///
    /// # Errors
    /// The folder cannot be listed. What only holds of one object is a finding.
    pub async fn run(
        &self,
        progress: &watch::Sender<Progress>,
        objects: mpsc::Sender<ReadBack>,
    ) -> Result<Tally, Problem> {
        let mut tally = Tally::default();
        let reader = Reader { of: Arc::new(self.clone()), progress: progress.clone() };
        let mut read = pin!(reader.listed().map_ok(|object| reader.clone().look_at(object)).try_buffered(ABREAST));
        while let Some(seen) = read.try_next().await? {
            match seen {
                Seen::Passed(object) => tally.pass_by(&object),
                Seen::Read(object) => {
                    tally.take(&object, &self.subject);
                    // Nobody may want to hear of each.
                    let _ = objects.send(object).await;
                }
            }
        }
        Ok(tally.end(&self.subject))
    }

    /// Writes what was found beside the objects.
    ///
    /// # Errors
    /// The object could not be put.
    pub async fn write(&self, manifest: &Manifest) -> Result<(), Problem> {
        let key = Manifest::key(&self.subject);
        let unwritten = |error: serde_json::Error| {
            Problem::new(ProblemKind::InvalidRequest, "PutObject").on(key.as_str()).saying(error.to_string())
        };
        let json = serde_json::to_vec_pretty(manifest).map_err(unwritten)?;
        self.shelf.put_manifest(json).await
    }

    /// What is verified.
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    async fn list(&self, token: Option<String>) -> Result<Page<Object>, Problem> {
        insist(|| self.shelf.page(token.clone())).await
    }
}

/// Who reads. It owns what it needs, for what it reads side by side is handed from thread to thread.
#[derive(Clone)]
struct Reader {
    of: Arc<Verification>,
    progress: watch::Sender<Progress>,
}

impl Reader {
    /// Every object in the folder, by key.
    fn listed(&self) -> impl Stream<Item = Result<Object, Problem>> + Send + use<> {
        let progress = self.progress.clone();
        let listed = pages(Arc::clone(&self.of), |of, token| async move { of.list(token).await });
        let noted = listed.map_ok(move |page| {
            progress.send_modify(|progress| progress.list(&page.items, page.next.is_none()));
            stream::iter(page.items).map(Ok)
        });
        noted.try_flatten()
    }

    /// Reads `object` back, if an export writes such a one.
    async fn look_at(self, object: Object) -> Result<Seen, Problem> {
        let key = object.key.strip_prefix(self.of.subject.folder.as_str()).unwrap_or(&object.key).to_owned();
        let seen = if Place::parse(&key).is_some() {
            let body = self.read(&object.key).await;
            Seen::Read(ReadBack { key, size: object.size, body })
        } else {
            Seen::Passed(Object { key, ..object })
        };
        self.progress.send_modify(|progress| progress.objects += 1);
        Ok(seen)
    }

    async fn read(&self, key: &str) -> Result<Body, Problem> {
        let Verification { shelf, subject } = &*self.of;
        let come = |bytes| self.progress.send_modify(|progress| progress.bytes += ByteCount(bytes));
        inspect::inspect(shelf.source(key), subject.expected(), come).await
    }
}

/// What was done with a listed object.
enum Seen {
    /// No export writes such a one: it was not opened.
    Passed(Object),
    /// It was read, or could not be.
    Read(ReadBack),
}
