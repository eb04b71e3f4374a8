//! An object's bytes, whatever happens on the way: where the connection breaks, reading goes on at that byte.

use bytes::Bytes;
use tokio::time::sleep;

use crate::aws::ObjectBody;
use crate::domain::problem::Problem;
use crate::export::backoff::Backoff;
use crate::export::managed::passes;
use crate::export::reach::Reach;

/// Failures in a row, without a byte between them, after which an object is given up.
const PATIENCE: u32 = 5;

/// Where an object is.
#[derive(Clone, Copy, Debug)]
pub(in crate::export) struct Source<'a> {
    pub reach: &'a Reach,
    pub key: &'a str,
}

/// Reads one object from its beginning to its end.
#[derive(Debug)]
pub(in crate::export) struct Fetch<'a> {
    source: Source<'a>,
    open: Option<ObjectBody>,
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
        if self.open.is_none() {
            let body = self.source.open(self.at, self.version.as_deref()).await?;
            self.version = body.version().map(str::to_owned);
            self.open = Some(body);
        }
        let Some(body) = &mut self.open else { return Ok(None) };
        let Some(bytes) = body.next().await.transpose()? else { return Ok(None) };
        if !bytes.is_empty() {
            self.at += bytes.len() as u64;
            self.failures = 0;
            self.backoff.reset();
        }
        Ok(Some(bytes))
    }
}

impl Source<'_> {
    async fn open(&self, from: u64, version: Option<&str>) -> Result<ObjectBody, Problem> {
        let Reach { session, region, bucket } = self.reach;
        session.open_object(bucket, region, self.key, from, version).await
    }
}
