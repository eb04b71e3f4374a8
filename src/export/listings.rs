//! The log groups of a place as they were listed last: a file each in the state directory, `listings/<name>.groups`, to be
//! shown until they are listed anew.
//!
//! It is a cache: what is damaged, too long or not ours is as good as not there, and nothing fails because of it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::domain::inventory::{GroupClass, ListedGroup};
use crate::domain::place::{AccountId, Region};
use crate::domain::time::Timestamp;

/// Names of log groups tell what somebody works on: nobody's business but the owner's.
const FILE_MODE: u32 = 0o600;
const DIRECTORY_MODE: u32 = 0o700;

/// The format of the files; another one is not read.
const VERSION: u32 = 1;
/// Files kept; the oldest go.
const FILES: usize = 16;
/// The longest file that is kept: half a million names of the usual length.
const BYTES: usize = 32 * 1024 * 1024;
/// Their ending.
const ENDING: &str = "groups";

/// Where a listing comes from, as far as it is known before AWS has answered anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The profile in use, if one was named.
    pub profile: Option<String>,
    /// The Region.
    pub region: String,
    /// The custom endpoint, if any.
    pub endpoint: Option<String>,
}

impl Origin {
    /// Of a connection.
    pub fn new(profile: Option<&str>, region: &Region, endpoint: Option<&str>) -> Self {
        Self { profile: profile.map(str::to_owned), region: region.0.clone(), endpoint: endpoint.map(str::to_owned) }
    }
}

/// What was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastListing {
    /// Whose log groups they are.
    pub account: AccountId,
    /// When the listing was complete.
    pub at: Timestamp,
    /// The log groups, in the listing's order.
    pub groups: Vec<ListedGroup>,
}

/// The first line of a file.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    version: u32,
    origin: Origin,
    account: String,
    at: Timestamp,
    count: usize,
}

/// The youngest listing of `origin`, of `account` where that is known already; `None` if there is none.
pub async fn recall(state: PathBuf, origin: Origin, account: Option<AccountId>) -> Option<LastListing> {
    let read = move || read_youngest(&directory(&state), &origin, account.as_ref());
    tokio::task::spawn_blocking(read).await.ok().flatten()
}

/// Keeps a listing in the place of the one before it. A failure is told in the log alone.
pub async fn keep(state: PathBuf, origin: Origin, listing: LastListing) {
    let kept = tokio::task::spawn_blocking(move || write(&directory(&state), &origin, &listing)).await;
    if let Err(error) = kept.map_err(io::Error::other).flatten() {
        tracing::warn!(%error, "the listing of log groups is not kept for the next start");
    }
}

fn directory(state: &Path) -> PathBuf {
    state.join("listings")
}

fn read_youngest(directory: &Path, origin: &Origin, account: Option<&AccountId>) -> Option<LastListing> {
    let is_of = |listing: &LastListing| account.is_none_or(|account| *account == listing.account);
    by_age(directory).into_iter().rev().filter_map(|path| read(&path, origin)).find(is_of)
}

/// The files there are, the oldest first.
fn by_age(directory: &Path) -> Vec<PathBuf> {
    let ours = |path: &PathBuf| path.extension().is_some_and(|ending| ending == ENDING);
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let age = |path: PathBuf| {
        let changed = path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        (changed, path)
    };
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(ours).map(age).collect();
    files.sort_unstable();
    files.into_iter().map(|(_, path)| path).collect()
}

fn read(path: &Path, origin: &Origin) -> Option<LastListing> {
    let file = fs::File::open(path).ok()?;
    if file.metadata().ok()?.len() > BYTES as u64 {
        return None;
    }
    let mut file = BufReader::new(file);
    let mut line = String::new();
    file.read_line(&mut line).ok()?;
    let head: Head = serde_json::from_str(&line).ok()?;
    if head.version != VERSION || head.origin != *origin {
        return None;
    }
    let mut groups = Vec::new();
    loop {
        line.clear();
        if file.read_line(&mut line).ok()? == 0 {
            break;
        }
        // A line that was cut off is not one.
        let (class, name) = line.strip_suffix('\n')?.split_once('\t')?;
        groups.push(ListedGroup { name: Arc::from(name), class: GroupClass::from_code(class) });
    }
    let Head { account, at, count, .. } = head;
    (groups.len() == count).then_some(LastListing { account: AccountId(account), at, groups })
}

fn write(directory: &Path, origin: &Origin, listing: &LastListing) -> io::Result<()> {
    let text = text(origin, listing)?;
    if text.len() > BYTES {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(directory)?;
    let path = directory.join(format!("{}.{ENDING}", name(origin, &listing.account)));
    // Several processes may do the same at a time: each writes a file of its own, and the last one stays.
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let written = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&new);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes())).and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        // Nothing may be there to be taken away.
        let _ = fs::remove_file(&new);
    }
    written?;
    let files = by_age(directory);
    let surplus = files.len().saturating_sub(FILES);
    files.into_iter().take(surplus).try_for_each(fs::remove_file)
}

/// A name with a line break is nothing that AWS allows: it is left out.
fn text(origin: &Origin, listing: &LastListing) -> io::Result<String> {
    let sound = |group: &&ListedGroup| !group.name.contains('\n');
    let head = Head {
        version: VERSION,
        origin: origin.clone(),
        account: listing.account.0.clone(),
        at: listing.at,
        count: listing.groups.iter().filter(sound).count(),
    };
    let mut text = serde_json::to_string(&head)?;
    text.push('\n');
    for group in listing.groups.iter().filter(sound) {
        text.extend([group.class.code(), "\t", &group.name, "\n"]);
    }
    Ok(text)
}

/// Tells files of different places apart; whether it is the right one is in its first line.
fn name(origin: &Origin, account: &AccountId) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325; // FNV-1a
    for byte in format!("{origin:?}{account}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn origin(region: &str) -> Origin {
        Origin { profile: Some("prod".into()), region: region.into(), endpoint: None }
    }

    fn listing(account: &str, names: &[&str]) -> LastListing {
        let classes = [GroupClass::Standard, GroupClass::InfrequentAccess, GroupClass::Other("COLD".into())];
        let groups = names.iter().zip(classes.into_iter().cycle());
        let groups = groups.map(|(name, class)| ListedGroup { name: Arc::from(*name), class }).collect();
        LastListing { account: AccountId(account.into()), at: Timestamp::from_millis(7), groups }
    }

    #[test]
    fn what_was_kept_last_is_recalled_for_its_place_alone() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("listings");
        let (old, new) = (listing("1", &["a"]), listing("1", &["/a", "b c\td", "c"]));
        for listing in [&old, &new] {
            write(&place, &origin("eu-central-1"), listing).unwrap();
        }
        assert_eq!(read_youngest(&place, &origin("eu-central-1"), None), Some(new));
        assert_eq!(read_youngest(&place, &origin("us-east-1"), None), None);
        assert_eq!(by_age(&place).len(), 1);
        let other = listing("2", &["/other"]);
        write(&place, &origin("eu-central-1"), &other).unwrap();
        let of = |account: &str| read_youngest(&place, &origin("eu-central-1"), Some(&AccountId(account.into())));
        assert_eq!((of("2"), of("3")), (Some(other), None));
        assert_eq!(of("1").map(|listing| listing.groups.len()), Some(3));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&place), mode(&by_age(&place)[0])), (0o700, 0o600));
    }

    #[test]
    fn a_damaged_file_is_no_listing() {
        let home = tempfile::tempdir().unwrap();
        let whole = listing("1", &["/a", "/b", "/c"]);
        write(home.path(), &origin("eu-central-1"), &whole).unwrap();
        let path = by_age(home.path()).remove(0);
        let text = fs::read(&path).unwrap();
        for end in 0..text.len() {
            fs::write(&path, &text[..end]).unwrap();
            assert_eq!(read_youngest(home.path(), &origin("eu-central-1"), None), None, "cut after {end} bytes");
        }
        for garbage in [&b"\xff\xfe\n"[..], b"{}\n", b"[1]\n\n"] {
            fs::write(&path, garbage).unwrap();
            assert_eq!(read_youngest(home.path(), &origin("eu-central-1"), None), None);
        }
    }

    #[test]
    fn files_do_not_add_up_without_end() {
        let home = tempfile::tempdir().unwrap();
        for region in 0..FILES + 5 {
            write(home.path(), &origin(&region.to_string()), &listing("1", &["/a"])).unwrap();
        }
        assert_eq!(by_age(home.path()).len(), FILES);
        assert!(read_youngest(home.path(), &origin(&(FILES + 4).to_string()), None).is_some());
    }

    #[test]
    fn where_nothing_can_be_written_nothing_is_kept_and_nothing_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(write(&file, &origin("eu-central-1"), &listing("1", &["/a"])).is_err());
        assert_eq!(read_youngest(&file, &origin("eu-central-1"), None), None);
    }
}
