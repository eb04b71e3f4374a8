//! Objects into an S3 bucket.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{OnceCell, watch};

use super::pack::member_of;
use super::patience::Patience;
use super::sink::Place;
use crate::aws::{Objects, Part, Session};
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::direct::numbering::{Numbers, Slot};
use crate::domain::inventory::Upload;
use crate::domain::layout::{KEY_LIMIT, stream_folder};
use crate::domain::names::BucketName;
use crate::domain::place::Region;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::Wait;

/// How often the uploads of a task are listed again after some were given up: parts that were on their way may arrive
/// after it (AbortMultipartUpload reference).
const ROUNDS: u32 = 50;

/// One task's folder in a bucket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bucket {
    name: BucketName,
    region: Region,
    /// `<prefix>/<taskId>/`.
    root: Arc<str>,
    clients: Arc<Mutex<Clients>>,
    patience: Patience,
}

/// Clients of the session as it was last seen: making them costs more than putting a small object.
#[derive(Debug)]
struct Clients {
    session: watch::Receiver<Session>,
    made: Option<Objects>,
}

impl Bucket {
    /// Writes below `root` (`<prefix>/<taskId>/`) of a bucket in `region`, which need not be the session's. Credentials are the
    /// session's as they are at each call: they may be renewed meanwhile.
    pub fn new(session: watch::Receiver<Session>, name: BucketName, region: Region, root: &str) -> Self {
        let clients = Arc::new(Mutex::new(Clients { session, made: None }));
        Self { name, region, root: root.into(), clients, patience: Patience::new() }
    }

    pub(super) fn waits(&self) -> watch::Receiver<Option<Wait>> {
        self.patience.waits()
    }

    fn objects(&self) -> Objects {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody renews a session whose other end is gone: the last one stays.
        let renewed = clients.session.has_changed().unwrap_or(false);
        if let Some(objects) = clients.made.as_ref().filter(|_| !renewed) {
            return objects.clone();
        }
        let objects = clients.session.borrow_and_update().objects(&self.name, &self.region);
        clients.made.insert(objects).clone()
    }

    pub(super) fn place(&self, stream: &str, slot: Slot) -> Result<Place, Problem> {
        let name = format!("{}{}/{}", self.root, folder(stream), slot.object());
        if name.len() > KEY_LIMIT {
            let problem = Problem::new(ProblemKind::InvalidRequest, "PutObject").on(format!("log stream {stream}"));
            return Err(problem.saying(format!("its key would have {} bytes, S3 allows {KEY_LIMIT}", name.len())));
        }
        Ok(Place { name })
    }

    pub(super) async fn put(&self, key: &str, body: Bytes) -> Result<(), Problem> {
        let put = || {
            let (objects, body) = (self.objects(), body.clone());
            async move { objects.put(key, body).await }
        };
        self.patience.persist(put).await
    }

    pub(super) fn parts(&self, key: &str) -> Parts {
        Parts { bucket: self.clone(), key: key.to_owned(), upload: OnceCell::new() }
    }

    pub(super) async fn clear(&self, numbers: &Numbers) -> Result<Landed, Problem> {
        self.give_up().await?;
        let mut landed = Landed::default();
        let mut token = None;
        loop {
            let list = || {
                let (objects, token) = (self.objects(), token.clone());
                async move { objects.list(&self.root, token).await }
            };
            let page = self.patience.persist(list).await?;
            for object in &page.items {
                let Some((folder, name)) = self.parts_of(&object.key) else { continue };
                if numbers.is_left_over(folder, name) {
                    self.remove(&object.key).await?;
                } else if numbers.is_settled(folder, name) {
                    landed += Landed { objects: 1, bytes: object.size };
                }
            }
            token = page.next;
            if token.is_none() {
                return Ok(landed);
            }
        }
    }

    /// A key's folder and name below the task's folder.
    fn parts_of<'a>(&self, key: &'a str) -> Option<(&'a str, &'a str)> {
        key.strip_prefix(&*self.root)?.split_once('/')
    }

    /// Removes an object; where that is not allowed, it is made an empty gzip file. Who may put objects may do at least
    /// that.
    async fn remove(&self, key: &str) -> Result<(), Problem> {
        let delete = || {
            let objects = self.objects();
            async move { objects.delete(key).await }
        };
        match self.patience.persist(delete).await {
            Err(problem) if problem.kind == ProblemKind::AccessDenied => self.put(key, member_of(b"").into()).await,
            settled => settled,
        }
    }

    pub(super) async fn give_up(&self) -> Result<(), Problem> {
        for _ in 0..ROUNDS {
            let list = || {
                let objects = self.objects();
                async move { objects.uploads(&self.root).await }
            };
            let uploads = match self.patience.persist(list).await {
                // Without the permission to list them there is no way to them; they are no part of the export.
                Err(problem) if problem.kind == ProblemKind::AccessDenied => {
                    tracing::warn!(%problem, "uploads that a dead run may have left are not looked for");
                    return Ok(());
                }
                listed => listed?,
            };
            if uploads.is_empty() {
                return Ok(());
            }
            for upload in &uploads {
                let abort = || {
                    let objects = self.objects();
                    async move { objects.abort(upload).await }
                };
                self.patience.persist(abort).await?;
            }
        }
        let problem =
            Problem::new(ProblemKind::Server, "AbortMultipartUpload").on(format!("s3://{}/{}", self.name, self.root));
        Err(problem.saying("uploads that were given up are still listed"))
    }
}

/// The folder of a stream's objects, as its keys have it.
pub(super) fn folder(stream: &str) -> String {
    stream_folder(stream)
}

/// An upload in parts, begun with the first of them.
#[derive(Debug)]
pub(super) struct Parts {
    bucket: Bucket,
    key: String,
    upload: OnceCell<Upload>,
}

impl Parts {
    async fn upload(&self) -> Result<&Upload, Problem> {
        let begin = || {
            let objects = self.bucket.objects();
            async move { objects.begin(&self.key).await }
        };
        self.upload.get_or_try_init(|| self.bucket.patience.persist(begin)).await
    }

    pub async fn put(&self, number: u32, body: Bytes) -> Result<Part, Problem> {
        let upload = self.upload().await?;
        let put = || {
            let (objects, body) = (self.bucket.objects(), body.clone());
            async move { objects.put_part(upload, number, body).await }
        };
        self.bucket.patience.persist(put).await
    }

    pub async fn complete(&self, parts: Vec<Part>, size: u64) -> Result<(), Problem> {
        let upload = self.upload().await?;
        let complete = || {
            let (objects, parts) = (self.bucket.objects(), parts.clone());
            async move { objects.complete(upload, parts, ByteCount(size)).await }
        };
        self.bucket.patience.persist(complete).await
    }
}
