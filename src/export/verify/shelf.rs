//! Where a task's objects lie, and how they are had from there: a bucket through AWS, or a directory of this machine.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

use super::fetch::Source;
use crate::aws::Session;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::{Object, Page};
use crate::domain::layout::MANIFEST;
use crate::domain::names::BucketName;
use crate::domain::place::Region;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::store::Directory;
use crate::domain::time::Timestamp;
use crate::export::reach::Reach;

/// A page of a directory has at least so many files, as one of S3's has at most, and all of the last stream's.
const PAGE: usize = 1000;

/// One task's folder.
#[derive(Clone, Debug)]
pub(super) enum Shelf {
    /// In a bucket.
    Bucket { session: Box<Session>, region: Region, name: BucketName, folder: String },
    /// On this machine: the task's own directory, and what stands before the names in it where keys are told.
    Directory { root: PathBuf, folder: String },
}

impl Shelf {
    /// `folder` of a bucket. Finds out where that is; whoever may not ask takes it to be where the session is.
    pub async fn in_bucket(session: Session, name: BucketName, folder: String) -> Result<Self, Problem> {
        let Reach { session, region, .. } = Reach::find(session, name.as_str()).await?;
        Ok(Self::Bucket { session: Box::new(session), region, name, folder })
    }

    /// `folder` of a directory.
    pub fn in_directory(directory: &Directory, folder: String) -> Self {
        Self::Directory { root: PathBuf::from(directory.path_to(&folder)), folder }
    }

    /// One page of what lies there, by key.
    pub async fn page(&self, token: Option<String>) -> Result<Page<Object>, Problem> {
        match self {
            Self::Bucket { session, region, name, folder } => {
                session.objects_in(name.as_str(), region, folder, token).await
            }
            Self::Directory { root, folder } => {
                let (at, folder) = (root.clone(), folder.clone());
                blocking("ListFiles", root, move || page(&at, &folder, token.as_deref())).await
            }
        }
    }

    /// The way to an object by its key.
    pub fn source<'a>(&'a self, key: &'a str) -> Source<'a> {
        match self {
            Self::Bucket { session, region, name, .. } => {
                Source::Object { session, region, bucket: name.as_str(), key }
            }
            Self::Directory { root, folder } => {
                Source::File(root.join(key.strip_prefix(folder.as_str()).unwrap_or(key)))
            }
        }
    }

    /// Writes the manifest, over an earlier one.
    pub async fn put_manifest(&self, json: Vec<u8>) -> Result<(), Problem> {
        match self {
            Self::Bucket { session, region, name, folder } => {
                let key = crate::domain::layout::manifest_key(folder);
                session.put_json(name.as_str(), region, &key, json).await
            }
            Self::Directory { root, .. } => {
                let at = root.clone();
                blocking("WriteFile", root, move || put_over(&at, &json)).await
            }
        }
    }
}

/// Runs `work` where it may block; what fails is told of `path`.
pub(super) async fn blocking<T, F>(operation: &'static str, path: &Path, work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce() -> io::Result<T> + Send + 'static,
{
    let done = spawn_blocking(work).await.map_err(io::Error::other).flatten();
    done.map_err(|error| {
        Problem::new(ProblemKind::Disk, operation).on(path.display().to_string()).saying(error.to_string())
    })
}

/// The files behind the name `after`, directory by directory, until there are enough.
fn page(root: &Path, folder: &str, after: Option<&str>) -> io::Result<Page<Object>> {
    let names = names_in(root)?;
    let mut rest = names.iter().filter(|name| after.is_none_or(|after| name.as_str() > after)).peekable();
    let mut items = Vec::new();
    while let Some(name) = rest.next() {
        let path = root.join(name);
        if path.symlink_metadata()?.is_dir() {
            for file in names_in(&path)? {
                items.extend(object(&path.join(&file), format!("{folder}{name}/{file}"))?);
            }
        } else {
            items.extend(object(&path, format!("{folder}{name}"))?);
        }
        if items.len() >= PAGE && rest.peek().is_some() {
            return Ok(Page { items, next: Some(name.clone()) });
        }
    }
    Ok(Page { items, next: None })
}

/// What lies in a directory, by name; nothing where there is none: no file has ever been written.
fn names_in(directory: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let name = |entry: io::Result<fs::DirEntry>| entry.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names = entries.map(name).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

/// A file; neither a link, which nobody follows here, nor anything else.
fn object(path: &Path, key: String) -> io::Result<Option<Object>> {
    let found = path.symlink_metadata()?;
    Ok(found.is_file().then(|| Object {
        key,
        size: ByteCount(found.len()),
        modified: found.modified().ok().map(Timestamp::from),
        class: None,
    }))
}

/// Writes the manifest of a task's directory: whole or not at all.
fn put_over(root: &Path, json: &[u8]) -> io::Result<()> {
    let (path, beside) = (root.join(MANIFEST), root.join(format!("{MANIFEST}.unfinished")));
    let mut file = File::create(&beside)?;
    file.write_all(json)?;
    file.sync_all()?;
    fs::rename(&beside, &path)?;
    File::open(root)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_listed_by_key_page_by_page_and_links_are_passed_by() {
        let home = tempfile::tempdir().unwrap();
        for stream in ["a", "b", "c"] {
            fs::create_dir(home.path().join(stream)).unwrap();
            for number in 0..600 {
                fs::write(home.path().join(format!("{stream}/{number:06}.gz")), stream).unwrap();
            }
        }
        fs::write(home.path().join(MANIFEST), "{}").unwrap();
        std::os::unix::fs::symlink("/etc", home.path().join("link")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", home.path().join("a/link.gz")).unwrap();
        let first = page(home.path(), "p/4d2b/", None).unwrap();
        assert_eq!((first.items.len(), first.next.as_deref()), (1200, Some("b")));
        let second = page(home.path(), "p/4d2b/", first.next.as_deref()).unwrap();
        assert_eq!((second.items.len(), second.next), (601, None));
        let keys: Vec<&str> = first.items.iter().chain(&second.items).map(|object| object.key.as_str()).collect();
        assert!(keys.is_sorted() && keys[0] == "p/4d2b/a/000000.gz" && keys[1800] == "p/4d2b/manifest.json");
        assert!(page(&home.path().join("nothing"), "", None).unwrap().items.is_empty());
    }
}
