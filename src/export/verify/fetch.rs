//! An object's bytes, whatever happens on the way: where the connection breaks, reading goes on at that byte.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use bytes::Bytes;
use tokio::time::sleep;

use super::shelf::blocking;

use crate::aws::{ObjectBody, Session};
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::export::backoff::Backoff;
use crate::export::managed::passes;

/// Failures in a row, without a byte between them, after which an object is given up.
const PATIENCE: u32 = 5;

/// What is read of a file at a time.
const PIECE: usize = 64 * 1024;

/// Where an object is.
#[derive(Clone, Debug)]
pub(in crate::export) enum Source<'a> {
    /// In a bucket.
    Object { session: &'a Session, region: &'a Region, bucket: &'a str, key: &'a str },
    /// On this machine.
    File(PathBuf),
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object { bucket, key, .. } => write!(f, "s3://{bucket}/{key}"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// An object that is being read.
#[derive(Debug)]
enum Open {
    Object(Box<ObjectBody>),
    File(File),
}

/// Reads one object from its beginning to its end.
#[derive(Debug)]
pub(in crate::export) struct Fetch<'a> {
    source: Source<'a>,
    open: Option<Open>,
    /// What was read at first: another content under the same key is not read on.
    version: Option<String>,
    at: u64,
    failures: u32,
    backoff: Backoff,
}

impl<'a> Fetch<'a> {
    pub const fn new(source: Source<'a>) -> Self {
        Self { source, open: None, version: None, at: 0, failures: 0, backoff: Backoff::new() }
    }

    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        loop {
            let failed = match self.step().await {
                Ok(bytes) => return bytes.map(Ok),
                Err(problem) => problem,
            };
            self.open = None;
            self.failures += 1;
            if !passes(failed.kind) || self.failures > PATIENCE {
                return Some(Err(failed));
            }
            sleep(self.backoff.step()).await;
        }
    }

    async fn step(&mut self) -> Result<Option<Bytes>, Problem> {
        let open = match self.open.take() {
            Some(open) => open,
            None => self.open().await?,
        };
        let bytes = match open {
            Open::Object(mut body) => {
                let bytes = body.next().await.transpose()?;
                self.open = Some(Open::Object(body));
                bytes
            }
            Open::File(file) => self.read(file).await?,
        };
        let Some(bytes) = bytes else { return Ok(None) };
        if !bytes.is_empty() {
            self.at += bytes.len() as u64;
            self.failures = 0;
            self.backoff.reset();
        }
        Ok(Some(bytes))
    }

    async fn open(&mut self) -> Result<Open, Problem> {
        match &self.source {
            Source::Object { session, region, bucket, key } => {
                let body = session.open_object(bucket, region, key, self.at, self.version.as_deref()).await?;
                self.version = body.version().map(str::to_owned);
                Ok(Open::Object(Box::new(body)))
            }
            Source::File(path) => {
                let at = path.clone();
                blocking("ReadFile", path, move || File::open(at)).await.map(Open::File)
            }
        }
    }

    /// The next bytes of a file that is read; `None` at its end.
    async fn read(&mut self, mut file: File) -> Result<Option<Bytes>, Problem> {
        let Source::File(path) = &self.source else { return Ok(None) };
        let read = move || {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece)?;
            piece.truncate(read);
            Ok((file, piece))
        };
        let (file, piece) = blocking("ReadFile", path, read).await?;
        self.open = Some(Open::File(file));
        Ok((!piece.is_empty()).then(|| Bytes::from(piece)))
    }
}
