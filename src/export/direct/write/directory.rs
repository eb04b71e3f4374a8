//! Objects into a directory of this machine: `<directory>/<taskId>/<stream>/000000.gz`.
//!
//! A file gets its name once it is whole and on the disk: it is written under another one, synced and renamed, and so is
//! the directory synced. No stream name leads out of the task's directory (`domain::direct::file_name`).

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::sink::Place;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::direct::file_name::directory_of;
use crate::domain::direct::numbering::{Numbers, Slot};
use crate::domain::problem::{Problem, ProblemKind};

/// Ends the names of files that are not whole yet.
const UNFINISHED: &str = ".unfinished";

/// One task's directory. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Directory {
    root: Arc<Path>,
}

impl Directory {
    /// Writes into `root`, which belongs to one task alone. It is made when the first file is.
    pub fn new(root: PathBuf) -> Self {
        Self { root: root.into() }
    }

    pub(super) async fn put(&self, name: &str, body: Bytes) -> Result<(), Problem> {
        let parts = self.parts(name);
        let size = body.len() as u64;
        parts.put(0, body).await?;
        parts.complete(size).await
    }

    pub(super) fn parts(&self, name: &str) -> Parts {
        Parts { directory: self.clone(), path: self.root.join(name).into(), file: Arc::default() }
    }

    pub(super) async fn clear(&self, numbers: &Numbers) -> Result<Landed, Problem> {
        let numbers = numbers.clone();
        let clear = move |root: &Path| {
            let mut landed = Landed::default();
            each_file(root, |folder, name, file| {
                let folder = folder.to_lowercase();
                if name.ends_with(UNFINISHED) || numbers.is_left_over(&folder, name) {
                    fs::remove_file(file)?;
                } else if numbers.is_settled(&folder, name) {
                    landed += Landed { objects: 1, bytes: ByteCount(fs::metadata(file)?.len()) };
                }
                Ok(())
            })?;
            Ok(landed)
        };
        self.blocking("RemoveFile", clear).await
    }

    pub(super) async fn give_up(&self) -> Result<(), Problem> {
        let remove = |root: &Path| {
            each_file(root, |_, name, file| if name.ends_with(UNFINISHED) { fs::remove_file(file) } else { Ok(()) })
        };
        self.blocking("RemoveFile", remove).await
    }

    /// Runs `work` where it may block.
    async fn blocking<T, F>(&self, operation: &'static str, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Path) -> io::Result<T> + Send + 'static,
    {
        let root = Arc::clone(&self.root);
        let done = tokio::task::spawn_blocking(move || work(&root)).await.map_err(io::Error::other).flatten();
        done.map_err(|error| {
            let problem = Problem::new(ProblemKind::Disk, operation).on(self.root.display().to_string());
            problem.saying(error.to_string())
        })
    }
}

/// The folder whose numbers a stream's files have: some file systems take `Web` and `web` for one name.
pub(super) fn folder(stream: &str) -> String {
    directory_of(stream).to_lowercase()
}

pub(super) fn place(stream: &str, slot: Slot) -> Place {
    Place { name: format!("{}/{}", directory_of(stream), slot.object()) }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(UNFINISHED);
    PathBuf::from(name)
}

/// Opens the file that is to be `path` under its first name, and makes the directories to it. Two parts may come first at
/// once: both then open the same file, and neither cuts what the other wrote.
fn open(root: &Path, path: &Path) -> io::Result<File> {
    make(path.parent().unwrap_or(root))?;
    File::options().write(true).create(true).truncate(false).open(unfinished(path))
}

/// Makes a directory and those above it that are missing. Their names are to survive a crash as the files in them do: each
/// directory that gets a new one is synced.
fn make(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let above = directory.parent().ok_or(ErrorKind::NotFound)?;
    make(above)?;
    match fs::create_dir(directory) {
        // Another file's directory may be made at the same time.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && directory.is_dir() => Ok(()),
        made => made.and_then(|()| sync(above)),
    }
}

/// Gives a whole file its name, for good. One that lies there already is not ours to replace: numbers are given out once, and
/// what dead runs left was removed.
fn publish(file: &File, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    if path.try_exists()? {
        return Err(io::Error::new(ErrorKind::AlreadyExists, format!("{} exists already", path.display())));
    }
    fs::rename(unfinished(path), path)?;
    path.parent().map_or(Ok(()), sync)
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Calls `visit` with the directory's name, the name and the path of each file of a task.
fn each_file(root: &Path, mut visit: impl FnMut(&str, &str, &Path) -> io::Result<()>) -> io::Result<()> {
    let directories = match fs::read_dir(root) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    for directory in directories {
        let directory = directory?;
        if !directory.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(directory.path())? {
            let file = file?;
            let (folder, name) = (directory.file_name(), file.file_name());
            visit(&folder.to_string_lossy(), &name.to_string_lossy(), &file.path())?;
        }
        sync(&directory.path())?;
    }
    Ok(())
}

/// A file that is written part by part.
#[derive(Debug)]
pub(super) struct Parts {
    directory: Directory,
    path: Arc<Path>,
    file: Arc<OnceLock<File>>,
}

impl Parts {
    pub async fn put(&self, offset: u64, body: Bytes) -> Result<(), Problem> {
        let (path, file) = (Arc::clone(&self.path), Arc::clone(&self.file));
        let write = move |root: &Path| {
            let file = if let Some(file) = file.get() {
                file
            } else {
                let made = open(root, &path)?;
                file.get_or_init(|| made)
            };
            file.write_all_at(&body, offset)
        };
        self.directory.blocking("WriteFile", write).await
    }

    pub async fn complete(&self, size: u64) -> Result<(), Problem> {
        let (path, file) = (Arc::clone(&self.path), Arc::clone(&self.file));
        let publish = move |_: &Path| {
            let file = file.get().ok_or_else(|| io::Error::other("nothing was written of it"))?;
            // A file that a crash left under this name may have been longer.
            file.set_len(size)?;
            publish(file, &path)
        };
        self.directory.blocking("WriteFile", publish).await
    }
}
