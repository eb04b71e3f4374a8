//! Objects copied to files of this machine, as they lie in the bucket.
//!
//! A file gets its name once it is whole and on the disk: it is written under another one, synced and renamed. Whatever ends
//! the copying before that, the half file goes. What is there already stays, unless it is to be replaced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::aws::Session;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::inventory::Object;
use crate::domain::landed::{Folder, path};
use crate::domain::place::Region;
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::reach::{Reach, pages};
use crate::export::verify::Progress;
use crate::export::verify::fetch::Fetch;

/// Objects copied side by side: as many as verification reads.
const ABREAST: usize = 4;
/// Pieces on the way to the disk, of some 16 KiB each.
const PIECES: usize = 64;
/// Ends the names of files that are not whole yet.
const UNFINISHED: &str = ".unfinished";
/// Objects that are named of those that were not copied.
const NAMED: usize = 100;

/// What is to be copied, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToCopy {
    /// The task's folder.
    pub folder: Arc<Folder>,
    /// Where its bucket is, if that is known.
    pub region: Option<Region>,
    /// One object, as it was listed but for its key, which is its name below the folder; `None` is all of them.
    pub one: Option<Object>,
    /// Where they go: each under its name below the folder.
    pub directory: PathBuf,
    /// Whether files that are there are replaced.
    pub replace: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// What was copied.
    pub saved: Landed,
    /// Objects whose file was there, and stays as it was.
    pub kept: u64,
    /// How many were not copied.
    pub failed: u64,
    /// The first of these, by name, and why.
    pub reasons: Vec<(String, String)>,
}

/// What came of one object.
enum Outcome {
    Saved(u64),
    Kept,
    Failed(String),
}

/// Copies. Dropping the future stops it.
///
/// # Errors
/// The folder cannot be listed, or the disk does not take the files. What only holds of one object is told of it.
pub async fn copy(
    session: Session,
    wanted: Arc<ToCopy>,
    progress: &watch::Sender<Progress>,
) -> Result<Copied, Problem> {
    let reach = super::reach(session, &wanted.folder.bucket, wanted.region.clone()).await?;
    let copier = Arc::new(Copier { reach, wanted, progress: progress.clone() });
    let objects = copier.pages().map_ok(|items| stream::iter(items).map(Ok)).try_flatten();
    let under_way = objects.map_ok(|object| Arc::clone(&copier).copy(object));
    let mut ended = pin!(under_way.try_buffer_unordered(ABREAST));
    let mut sum = Copied::default();
    while let Some((name, outcome)) = ended.try_next().await? {
        sum.take(name, outcome);
    }
    Ok(sum)
}

/// Who copies. It owns what it needs, for what it copies side by side is handed from thread to thread.
struct Copier {
    reach: Reach,
    wanted: Arc<ToCopy>,
    progress: watch::Sender<Progress>,
}

impl Copier {
    /// What is to be copied, page by page.
    fn pages(&self) -> impl Stream<Item = Result<Vec<Object>, Problem>> + Send + use<> {
        let (folder, progress) = (&self.wanted.folder, self.progress.clone());
        let note = move |items: &[Object], all| progress.send_modify(|progress| progress.list(items, all));
        if let Some(object) = &self.wanted.one {
            let objects = vec![Object { key: folder.key(&object.key), ..object.clone() }];
            note(&objects, true);
            stream::iter([Ok(objects)]).left_stream()
        } else {
            let from = (self.reach.clone(), folder.prefix.clone());
            let pages = pages(from, |(reach, prefix), token| async move { reach.list(&prefix, token).await });
            let noted = pages.map_ok(move |page| {
                note(&page.items, page.next.is_none());
                page.items
            });
            noted.right_stream()
        }
    }

    /// Copies one object, if its name is that of a file below the directory.
    async fn copy(self: Arc<Self>, object: Object) -> Result<(String, Outcome), Problem> {
        let Self { reach, wanted, progress } = &*self;
        let name = wanted.folder.below(&object.key).to_owned();
        let come = |bytes| progress.send_modify(|progress| progress.bytes += ByteCount(bytes));
        let outcome = match path::below(&name) {
            Err(leads_away) => Outcome::Failed(leads_away.to_string()),
            Ok(path) => save(reach, &object.key, wanted.directory.join(path), wanted.replace, come).await?,
        };
        progress.send_modify(|progress| progress.objects += 1);
        Ok((name, outcome))
    }
}

impl Copied {
    fn take(&mut self, name: String, outcome: Outcome) {
        match outcome {
            Outcome::Saved(bytes) => self.saved += Landed { objects: 1, bytes: ByteCount(bytes) },
            Outcome::Kept => self.kept += 1,
            Outcome::Failed(why) => {
                self.failed += 1;
                if self.reasons.len() < NAMED {
                    self.reasons.push((name, why));
                }
            }
        }
    }
}

/// Copies what is at `key` into a file at `path`.
async fn save(reach: &Reach, key: &str, path: PathBuf, replace: bool, come: impl Fn(u64)) -> Result<Outcome, Problem> {
    if !replace && exists(path.clone()).await {
        return Ok(Outcome::Kept);
    }
    let (pieces, arriving) = mpsc::channel(PIECES);
    let on_disk = path.clone();
    let writing = spawn_blocking(move || write(&on_disk, replace, arriving));
    let fetched = feed(reach, key, &pieces, come).await;
    drop(pieces);
    let written = writing.await.map_err(io::Error::other).flatten();
    match (written, fetched) {
        (Err(error), _) => {
            Err(Problem::new(ProblemKind::Disk, "WriteFile").on(path.display().to_string()).saying(error.to_string()))
        }
        (Ok(Written::Kept), _) => Ok(Outcome::Kept),
        (Ok(_), Err(problem)) => {
            let explanation = problem.explain();
            Ok(Outcome::Failed(format!("{}: {}", explanation.cause, explanation.remedy)))
        }
        (Ok(Written::Whole), Ok(bytes)) => Ok(Outcome::Saved(bytes)),
        (Ok(Written::GivenUp), Ok(_)) => Ok(Outcome::Failed("not all of it came".to_owned())),
    }
}

/// Whether there is such a file. One that cannot be looked for is found out when it is written.
async fn exists(path: PathBuf) -> bool {
    spawn_blocking(move || path.try_exists()).await.is_ok_and(|found| found.unwrap_or(false))
}

/// Sends the bytes to whoever writes, and at the end that they are all.
async fn feed(reach: &Reach, key: &str, pieces: &mpsc::Sender<Piece>, come: impl Fn(u64)) -> Result<u64, Problem> {
    let (mut fetch, mut bytes) = (Fetch::new(reach.source(key)), 0);
    while let Some(piece) = fetch.next().await {
        let piece = piece?;
        let length = piece.len() as u64;
        if pieces.send(Some(piece)).await.is_err() {
            return Ok(bytes);
        }
        bytes += length;
        come(length);
    }
    // Nobody listens any more only where the writing has failed, which is told.
    drop(pieces.send(None).await);
    Ok(bytes)
}

/// Bytes of a file, or the word that these were all: that nothing more comes may also mean that the copying was stopped.
type Piece = Option<Bytes>;

/// What came of a file.
enum Written {
    /// It has its name.
    Whole,
    /// There is one of its name.
    Kept,
    /// Not all of it came: nothing is left of it.
    GivenUp,
}

/// Writes what arrives, and gives it the name `path` once it is whole.
fn write(path: &Path, replace: bool, mut arriving: mpsc::Receiver<Piece>) -> io::Result<Written> {
    // What cannot be read leaves nothing behind: nothing is made before something comes.
    let Some(mut piece) = arriving.blocking_recv() else { return Ok(Written::GivenUp) };
    let mut unfinished = Unfinished::create(path)?;
    while let Some(bytes) = piece {
        unfinished.file.write_all(&bytes)?;
        let Some(next) = arriving.blocking_recv() else { return Ok(Written::GivenUp) };
        piece = next;
    }
    unfinished.publish(path, replace)
}

/// A file that is not whole yet. It goes when this does.
struct Unfinished {
    file: File,
    path: PathBuf,
}

impl Unfinished {
    /// Beside `path`, under a name that nobody else has.
    fn create(path: &Path) -> io::Result<Self> {
        let directory = path.parent().unwrap_or(path);
        fs::create_dir_all(directory)?;
        let path = directory.join(format!(".{}{UNFINISHED}", Uuid::new_v4()));
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok(Self { file, path })
    }

    /// Gives it its name, for good; not if one of that name has come meanwhile that is to stay.
    fn publish(self, path: &Path, replace: bool) -> io::Result<Written> {
        self.file.sync_all()?;
        if !replace && path.try_exists()? {
            return Ok(Written::Kept);
        }
        fs::rename(&self.path, path)?;
        if let Some(directory) = path.parent() {
            File::open(directory)?.sync_all()?;
        }
        Ok(Written::Whole)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Once it has its name there is none of this one.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::names::BucketName;
    use crate::export::checker::tests::Bench;

    const PREFIX: &str = "landed/4d2b/";

    struct Desk {
        bench: Bench,
        directory: tempfile::TempDir,
    }

    impl Desk {
        async fn new(objects: &[(&str, &[u8])]) -> Self {
            let bench = Bench::start().await;
            let bucket = BucketName::parse("acme-log-exports").unwrap();
            let reach = bench.session.objects(&bucket, bench.session.region());
            for (name, body) in objects {
                reach.put(&format!("{PREFIX}{name}"), Bytes::copy_from_slice(body)).await.unwrap();
            }
            Self { bench, directory: tempfile::tempdir().unwrap() }
        }

        fn wanted(&self, one: Option<&str>, replace: bool) -> ToCopy {
            let folder = Folder {
                bucket: "acme-log-exports".into(),
                prefix: PREFIX.into(),
                group: "/g".into(),
                task: "4d2b".into(),
            };
            ToCopy {
                folder: Arc::new(folder),
                region: None,
                one: one.map(|name| Object { key: name.into(), ..Object::default() }),
                directory: self.directory.path().join("to"),
                replace,
            }
        }

        async fn copy(&self, one: Option<&str>, replace: bool) -> (Copied, Progress) {
            let (progress, seen) = watch::channel(Progress::default());
            let copied =
                copy(self.bench.session.clone(), Arc::new(self.wanted(one, replace)), &progress).await.unwrap();
            (copied, *seen.borrow())
        }

        /// Every file below the directory, by its path in it.
        fn files(&self) -> Vec<String> {
            fn walk(root: &Path, at: &Path, found: &mut Vec<String>) {
                for entry in fs::read_dir(at).into_iter().flatten() {
                    let path = entry.unwrap().path();
                    if path.is_dir() {
                        walk(root, &path, found);
                    } else {
                        found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                    }
                }
            }
            let mut found = Vec::new();
            walk(self.directory.path(), self.directory.path(), &mut found);
            found.sort();
            found
        }

        fn read(&self, name: &str) -> Vec<u8> {
            fs::read(self.directory.path().join(name)).unwrap()
        }
    }

    #[tokio::test]
    async fn all_objects_are_copied_as_they_lie_there_and_none_leads_away() {
        let big = vec![7; 3_000_000];
        let objects: [(&str, &[u8]); 4] = [
            ("web/000000.gz", b"one"),
            ("web/000001.gz", &big),
            ("x/../../../escaped", b"no"),
            ("empty/000000.gz", b""),
        ];
        let desk = Desk::new(&objects).await;
        let (copied, progress) = desk.copy(None, false).await;
        assert_eq!(copied.saved, Landed { objects: 3, bytes: ByteCount(3_000_003) });
        assert_eq!((copied.kept, copied.failed, copied.reasons[0].0.as_str()), (0, 1, "x/../../../escaped"));
        assert!(copied.reasons[0].1.contains("would lead out of the directory"));
        assert_eq!(desk.files(), ["to/empty/000000.gz", "to/web/000000.gz", "to/web/000001.gz"]);
        assert_eq!(desk.read("to/web/000001.gz"), big);
        assert_eq!((progress.objects, progress.listed.objects, progress.listed_all), (4, 4, true));
        assert_eq!(progress.bytes, ByteCount(3_000_003));
    }

    #[tokio::test]
    async fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
        let desk = Desk::new(&[("web/000000.gz", b"new"), ("web/000001.gz", b"other")]).await;
        fs::create_dir_all(desk.directory.path().join("to/web")).unwrap();
        fs::write(desk.directory.path().join("to/web/000000.gz"), "mine").unwrap();
        let (copied, _) = desk.copy(None, false).await;
        assert_eq!((copied.saved.objects, copied.kept), (1, 1));
        assert_eq!(desk.read("to/web/000000.gz"), b"mine");
        let (copied, _) = desk.copy(Some("web/000000.gz"), true).await;
        assert_eq!((copied.saved.objects, copied.kept), (1, 0));
        assert_eq!(desk.read("to/web/000000.gz"), b"new");
        assert_eq!(desk.files(), ["to/web/000000.gz", "to/web/000001.gz"]);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_told_and_leaves_nothing() {
        let desk = Desk::new(&[]).await;
        let (copied, _) = desk.copy(Some("gone/000000.gz"), false).await;
        assert_eq!((copied.failed, copied.saved.objects), (1, 0));
        assert!(desk.files().is_empty());
    }

    #[tokio::test]
    async fn a_disk_that_does_not_take_it_ends_it() {
        let desk = Desk::new(&[("web/000000.gz", b"one")]).await;
        fs::write(desk.directory.path().join("to"), "a file where the directory is to be").unwrap();
        let (progress, _) = watch::channel(Progress::default());
        let refused =
            copy(desk.bench.session.clone(), Arc::new(desk.wanted(None, false)), &progress).await.unwrap_err();
        assert_eq!(refused.kind, ProblemKind::Disk);
        assert_eq!(desk.files(), ["to"]);
    }

    #[tokio::test]
    async fn half_a_file_is_nobody_s() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("to/web/000000.gz");
        let (pieces, arriving) = mpsc::channel(4);
        let writing = spawn_blocking({
            let path = path.clone();
            move || write(&path, false, arriving)
        });
        pieces.send(Some(Bytes::from_static(b"half"))).await.unwrap();
        // Whoever fetches has been stopped.
        drop(pieces);
        assert!(matches!(writing.await.unwrap(), Ok(Written::GivenUp)));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 0);
    }
}
