//! Where objects go: a bucket, or a directory of this machine. Two kinds, one set of words for the writer.

use bytes::Bytes;
use tokio::sync::watch;

use super::bucket::{self, Bucket};
use super::directory::{self, Directory};
use crate::domain::amount::Landed;
use crate::domain::direct::numbering::{Numbers, Slot};
use crate::domain::problem::Problem;
use crate::domain::task::Wait;

/// A destination.
#[derive(Clone, Debug)]
pub enum Sink {
    /// An S3 bucket.
    Bucket(Bucket),
    /// A directory.
    Directory(Directory),
}

/// Where one object is to be: its key, or its path below the task's directory.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub name: String,
}

/// An object that is written part by part.
#[derive(Debug)]
pub(super) enum Parts {
    Bucket(bucket::Parts),
    Directory(directory::Parts),
}

/// A part that is where it belongs.
#[derive(Debug)]
pub(super) enum Part {
    Bucket(Box<crate::aws::Part>),
    Directory,
}

impl Sink {
    /// The folder whose objects are counted together with those of `stream`: no two streams that could overwrite each other
    /// have different ones.
    pub(super) fn folder(&self, stream: &str) -> String {
        match self {
            Self::Bucket(_) => bucket::folder(stream),
            Self::Directory(_) => directory::folder(stream),
        }
    }

    /// Where an object of `stream` is to be.
    pub(super) fn place(&self, stream: &str, slot: Slot) -> Result<Place, Problem> {
        match self {
            Self::Bucket(bucket) => bucket.place(stream, slot),
            Self::Directory(_) => Ok(directory::place(stream, slot)),
        }
    }

    /// Writes an object in one go.
    pub(super) async fn put(&self, place: &Place, body: Bytes) -> Result<(), Problem> {
        match self {
            Self::Bucket(bucket) => bucket.put(&place.name, body).await,
            Self::Directory(directory) => directory.put(&place.name, body).await,
        }
    }

    /// Prepares to write an object part by part.
    pub(super) fn parts(&self, place: &Place) -> Parts {
        match self {
            Self::Bucket(bucket) => Parts::Bucket(bucket.parts(&place.name)),
            Self::Directory(directory) => Parts::Directory(directory.parts(&place.name)),
        }
    }

    /// Removes what a dead run left in the task's folder and `numbers` do not know as part of the export: objects, and
    /// uploads that were never completed. Answers what is part of the export as it lies there.
    ///
    /// # Errors
    /// It cannot be listed, or what is in it not be removed.
    pub async fn clear(&self, numbers: &Numbers) -> Result<Landed, Problem> {
        match self {
            Self::Bucket(bucket) => bucket.clear(numbers).await,
            Self::Directory(directory) => directory.clear(numbers).await,
        }
    }

    /// Gives up everything that is only written in part. Objects that are complete stay.
    pub async fn give_up(&self) -> Result<(), Problem> {
        match self {
            Self::Bucket(bucket) => bucket.give_up().await,
            Self::Directory(directory) => directory.give_up().await,
        }
    }

    /// Why nothing moves just now; `None` while it does. A directory never waits.
    pub fn waits(&self) -> watch::Receiver<Option<Wait>> {
        match self {
            Self::Bucket(bucket) => bucket.waits(),
            Self::Directory(_) => watch::Sender::new(None).subscribe(),
        }
    }
}

impl Parts {
    /// Writes part `number`, counted from 1, which begins at byte `offset` of the object.
    pub async fn put(&self, number: u32, offset: u64, body: Bytes) -> Result<Part, Problem> {
        match self {
            Self::Bucket(parts) => parts.put(number, body).await.map(|part| Part::Bucket(Box::new(part))),
            Self::Directory(parts) => parts.put(offset, body).await.map(|()| Part::Directory),
        }
    }

    /// Makes the object of its parts, in their order; `size` of all of them.
    pub async fn complete(&self, done: Vec<Part>, size: u64) -> Result<(), Problem> {
        match self {
            Self::Bucket(parts) => {
                let known = |part| match part {
                    Part::Bucket(part) => Some(*part),
                    Part::Directory => None,
                };
                parts.complete(done.into_iter().filter_map(known).collect(), size).await
            }
            Self::Directory(parts) => parts.complete(size).await,
        }
    }
}
