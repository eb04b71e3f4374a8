//! What exports are put into: a bucket, or a directory of this machine.
//!
//! As text, wherever somebody types, stores or reads it, a bucket is its name and a directory is `file:` and its absolute
//! path. No bucket's name holds a colon, so neither is ever taken for the other.

use std::fmt;

use super::direct::file_name::path_of;
use super::names::{BucketName, NameError};

/// How a directory begins.
const FILE: &str = "file:";

/// How a bucket may begin where either is meant.
const S3: &str = "s3://";

/// The longest path: with the longest key behind it, it is what Linux takes (`PATH_MAX`, 4,096 bytes).
const LONGEST: usize = 2048;

/// What a destination lies in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Store {
    /// An S3 bucket.
    Bucket(BucketName),
    /// A directory of the machine the export runs on; for the direct engine alone.
    Directory(Directory),
}

/// A directory by its absolute path, without `.` and `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Directory(String);

/// Where whoever names a directory stands: what relative paths begin at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The working directory, absolute and free of symbolic links as getcwd gives it; `None` if it cannot be named.
    pub working: Option<String>,
    /// The person's home, for `~`.
    pub home: Option<String>,
}

impl Store {
    /// Reads `NAME`, `s3://NAME` or `file:DIRECTORY`, where a relative directory begins at `base`.
    ///
    /// # Errors
    /// It is no bucket's name, and no directory that can be told for certain.
    pub fn parse(text: &str, base: &Base) -> Result<Self, NameError> {
        if let Some(path) = text.strip_prefix(FILE) {
            return Directory::parse(path, base).map(Self::Directory);
        }
        let name = text.strip_prefix(S3).map_or(text, |rest| rest.strip_suffix('/').unwrap_or(rest));
        if name.contains('/') && name.len() < text.len() {
            return Err(NameError::Rule("give the bucket alone here: the prefix has a place of its own"));
        }
        BucketName::parse(name).map(Self::Bucket)
    }

    /// Reads what [`Self::as_str`] gave.
    ///
    /// # Errors
    /// It is neither.
    pub fn stored(text: &str) -> Result<Self, NameError> {
        Self::parse(text, &Base::default())
    }

    /// The bucket's name, or `file:` and the directory's absolute path.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bucket(name) => name.as_str(),
            Self::Directory(Directory(text)) => text,
        }
    }

    /// The bucket, if it is one.
    pub const fn bucket(&self) -> Option<&BucketName> {
        match self {
            Self::Bucket(name) => Some(name),
            Self::Directory(_) => None,
        }
    }

    /// The directory, if it is one.
    pub const fn directory(&self) -> Option<&Directory> {
        match self {
            Self::Bucket(_) => None,
            Self::Directory(directory) => Some(directory),
        }
    }

    /// What it is, in a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Bucket(_) => "bucket",
            Self::Directory(_) => "directory",
        }
    }

    /// Where what is called `key` in it is found: `s3://BUCKET/KEY`, or a path (untrusted text: escape it before it reaches
    /// a cell).
    pub fn place(&self, key: &str) -> String {
        match self {
            Self::Bucket(name) => format!("{S3}{name}/{key}"),
            Self::Directory(directory) => directory.path_to(key),
        }
    }

    /// The same for a key of which some parts are not known yet: those stand in it in angle brackets.
    pub fn sketch(&self, key: &str) -> String {
        match self {
            Self::Bucket(_) => self.place(key),
            Self::Directory(directory) => {
                let known = |part: &str| if part.contains('<') { part.to_owned() } else { path_of(part) };
                let parts: Vec<String> = key.split('/').map(known).collect();
                format!("{}/{}", directory.path().trim_end_matches('/'), parts.join("/"))
            }
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Directory {
    fn parse(typed: &str, base: &Base) -> Result<Self, NameError> {
        const WHAT: &str = "directory";
        // `file:///var/logs` is how URLs have it.
        let typed = typed.strip_prefix("//").unwrap_or(typed);
        if typed.is_empty() {
            return Err(NameError::Empty(WHAT));
        }
        if let Some(odd) = typed.chars().find(|c| c.is_control()) {
            return Err(NameError::Character(WHAT, odd));
        }
        let path = resolved(typed, base)?;
        let length = path.chars().count();
        if path.len() > LONGEST {
            Err(NameError::TooLong(WHAT, length, LONGEST))
        } else {
            Ok(Self(FILE.to_owned() + &path))
        }
    }

    /// Its absolute path.
    pub fn path(&self) -> &str {
        &self.0[FILE.len()..]
    }

    /// The path of what is called `key` in it. No key leads out of it.
    pub fn path_to(&self, key: &str) -> String {
        format!("{}/{}", self.path().trim_end_matches('/'), path_of(key))
    }
}

impl fmt::Display for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.path())
    }
}

/// `typed` as an absolute path. `..` is taken back from the base alone, which has no symbolic links: behind a name that is
/// one it would lead to somewhere else than it seems to.
fn resolved(typed: &str, base: &Base) -> Result<String, NameError> {
    const UNKNOWN: NameError = NameError::Rule("write the whole path: file:/…; the directory it begins at has no name");
    let (mut begin, rest) = match typed.strip_prefix('~') {
        _ if typed.starts_with('/') => (Vec::new(), typed),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            (base.home.as_deref().ok_or(UNKNOWN)?.split('/').collect(), rest)
        }
        Some(_) | None => (base.working.as_deref().ok_or(UNKNOWN)?.split('/').collect::<Vec<_>>(), typed),
    };
    let mut named = false;
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if named => {
                return Err(NameError::Rule("write the directory without .. behind a name: that may be a link"));
            }
            ".." => drop(begin.pop()),
            name => {
                named = true;
                begin.push(name);
            }
        }
    }
    begin.retain(|part| !part.is_empty());
    Ok(format!("/{}", begin.join("/")))
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;
    use proptest::prelude::*;

    fn base() -> Base {
        Base { working: Some("/home/ada/work".to_owned()), home: Some("/home/ada".to_owned()) }
    }

    fn read(text: &str) -> String {
        Store::parse(text, &base()).map_or_else(|refused| refused.to_string(), |store| store.to_string())
    }

    #[test]
    fn a_bucket_may_be_named_with_or_without_its_scheme() {
        for text in ["logs-archive", "s3://logs-archive", "s3://logs-archive/"] {
            assert_eq!(Store::parse(text, &base()).unwrap().bucket().unwrap().as_str(), "logs-archive");
        }
        assert_eq!(read("s3://logs-archive/web"), "give the bucket alone here: the prefix has a place of its own");
        assert_eq!(read("./logs"), "bucket name may not contain '/'");
    }

    #[test]
    fn directories_are_absolute_whatever_was_typed() {
        for (typed, path) in [
            ("file:/var/logs", "/var/logs"),
            ("file:///var/logs/", "/var/logs"),
            ("file:/var//./logs", "/var/logs"),
            ("file:logs", "/home/ada/work/logs"),
            ("file:./logs", "/home/ada/work/logs"),
            ("file:../../logs", "/home/logs"),
            ("file:../../../../../logs", "/logs"),
            ("file:.", "/home/ada/work"),
            ("file:~", "/home/ada"),
            ("file:~/logs", "/home/ada/logs"),
            ("file:~ada/logs", "/home/ada/work/~ada/logs"),
            ("file:/", "/"),
        ] {
            assert_eq!(read(typed), format!("file:{path}"), "{typed}");
        }
    }

    #[test]
    fn what_may_lead_elsewhere_than_it_seems_is_refused() {
        assert_eq!(read("file:"), "a directory is needed");
        assert_eq!(read("file:a\u{7}"), "directory may not contain '\\u{7}'");
        assert!(read("file:/var/log/../other").contains("without .."));
        assert!(read("file:a/..").contains("without .."));
        assert!(read(&format!("file:/{}", "x".repeat(LONGEST))).contains("too long"));
        assert!(Store::stored("file:logs").unwrap_err().to_string().contains("whole path"));
    }

    #[test]
    fn a_place_is_a_url_or_a_path() {
        let store = |text| Store::parse(text, &base()).unwrap();
        assert_eq!(store("logs-archive").place("web/0/"), "s3://logs-archive/web/0/");
        assert_eq!(store("file:./logs").place("web/0/"), "/home/ada/work/logs/web/0/");
        assert_eq!(store("file:/").place("web/manifest.json"), "/web/manifest.json");
        assert_eq!(store("logs-archive").sketch("web/<taskId>/0"), "s3://logs-archive/web/<taskId>/0");
        assert_eq!(store("file:/logs").sketch("web/<taskId>/0"), "/logs/web/<taskId>/0");
        assert!(!store("file:/logs").sketch("../<taskId>/0").contains(".."));
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_as_it_was(text in "(file:)?[a-z~./]{1,12}") {
            if let Ok(store) = Store::parse(&text, &base()) {
                prop_assert_eq!(Store::stored(store.as_str()), Ok(store));
            }
        }

        #[test]
        fn no_key_leads_out_of_the_directory(key in "[a./\\\\~%\u{0}é-]{0,12}|(/|\\.\\./|[a-z]){0,8}") {
            let Ok(Store::Directory(directory)) = Store::parse("file:/var/logs", &base()) else { unreachable!() };
            let path = directory.path_to(&key);
            let below = Path::new(&path).strip_prefix("/var/logs").unwrap();
            prop_assert!(below.components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
            prop_assert!(!path.chars().any(char::is_control), "{path:?}");
        }
    }
}
