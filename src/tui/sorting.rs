//! What listings are sorted by, and how that is remembered: a small file in the state directory.
//!
//! What is damaged there, or of another version, is as good as not there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The file in the state directory.
const FILE: &str = "sorting.json";
/// Its format; another one is not read.
const VERSION: u32 = 1;
/// Nothing that was ever written is longer.
const BYTES: u64 = 4096;
/// As everything that is kept: nobody's business but the owner's.
const FILE_MODE: u32 = 0o600;

/// A column that a listing can be sorted by.
pub trait SortColumn: Copy + PartialEq + Sized + 'static {
    /// All of them, as they stand from left to right.
    const ALL: &'static [Self];
    /// What stands over it.
    fn head(self) -> &'static str;
    /// Whether one who sorts by it wants the highest first.
    fn begins_at_the_end(self) -> bool;
}

/// A column, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order<C> {
    /// The column.
    pub by: C,
    /// Whether the highest comes first.
    pub descending: bool,
}

impl<C: SortColumn> Order<C> {
    /// By `by`, in the direction that is wanted of it.
    pub fn natural(by: C) -> Self {
        Self { by, descending: by.begins_at_the_end() }
    }

    /// By the next of the columns that are `offered`.
    pub fn next(self, offered: &[C]) -> Self {
        let place = C::ALL.iter().position(|column| *column == self.by).unwrap_or(0);
        let after = C::ALL.iter().cycle().skip(place + 1).take(C::ALL.len());
        after.copied().find(|column| offered.contains(column)).map_or(self, Self::natural)
    }

    /// The other way round.
    pub fn turned(self) -> Self {
        Self { by: self.by, descending: !self.descending }
    }

    /// For the head of the table.
    pub fn mark(self) -> (&'static str, char) {
        (self.by.head(), if self.descending { '▼' } else { '▲' })
    }

    /// In words.
    pub fn words(self) -> String {
        let direction = if self.descending { "descending" } else { "ascending" };
        format!("sorted by {}, {direction}", self.by.head().to_lowercase())
    }
}

/// Columns of log groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupColumn {
    /// The name.
    #[default]
    Name,
    /// The class.
    Class,
    /// Stored bytes.
    Stored,
    /// Days that events are kept; for ever is the longest.
    Retention,
    /// When it was created.
    Created,
}

impl SortColumn for GroupColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::Class, Self::Stored, Self::Retention, Self::Created];
    fn head(self) -> &'static str {
        match self {
            Self::Name => "Log group",
            Self::Class => "Class",
            Self::Stored => "Stored",
            Self::Retention => "Retention",
            Self::Created => "Created",
        }
    }
    fn begins_at_the_end(self) -> bool {
        matches!(self, Self::Stored | Self::Created)
    }
}

/// Columns of buckets that are known of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BucketColumn {
    /// The name.
    #[default]
    Name,
    /// The Region.
    Region,
    /// When it was created.
    Created,
}

impl SortColumn for BucketColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::Region, Self::Created];
    fn head(self) -> &'static str {
        match self {
            Self::Name => "Bucket",
            Self::Region => "Region",
            Self::Created => "Created",
        }
    }
    fn begins_at_the_end(self) -> bool {
        matches!(self, Self::Created)
    }
}

/// Columns of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PastColumn {
    /// Where it stands.
    State,
    /// The log group.
    Group,
    /// When it was accepted.
    #[default]
    Created,
    /// How long it took.
    Took,
    /// The bytes that landed.
    Landed,
}

impl SortColumn for PastColumn {
    const ALL: &'static [Self] = &[Self::State, Self::Group, Self::Created, Self::Took, Self::Landed];
    fn head(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Group => "Log group",
            Self::Created => "Created",
            Self::Took => "Took",
            Self::Landed => "Landed",
        }
    }
    fn begins_at_the_end(self) -> bool {
        matches!(self, Self::Created | Self::Took | Self::Landed)
    }
}

impl<C: SortColumn + Default> Default for Order<C> {
    fn default() -> Self {
        Self::natural(C::default())
    }
}

/// What each listing is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sorting {
    /// Log groups.
    pub groups: Order<GroupColumn>,
    /// Buckets.
    pub buckets: Order<BucketColumn>,
    /// The history.
    pub history: Order<PastColumn>,
}

/// The file's content.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    version: u32,
    sorting: Sorting,
}

/// What was chosen the last time, if that is known.
pub fn recall(state: &Path) -> Sorting {
    read(&state.join(FILE)).unwrap_or_default()
}

fn read(path: &Path) -> Option<Sorting> {
    if fs::metadata(path).ok()?.len() > BYTES {
        return None;
    }
    let kept: Kept = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (kept.version == VERSION).then_some(kept.sorting)
}

/// Keeps `sorting` for the next start, in the place of what was kept before.
pub fn keep(state: &Path, sorting: Sorting) -> io::Result<()> {
    let text = serde_json::to_vec(&Kept { version: VERSION, sorting })?;
    // Several processes may do the same at a time: each writes a file of its own, and the last one stays.
    let new: PathBuf = state.join(format!("{FILE}.{}.new", std::process::id()));
    let written = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&new);
    let written = written.and_then(|mut file| file.write_all(&text));
    written.and_then(|()| fs::rename(&new, state.join(FILE))).inspect_err(|_| drop(fs::remove_file(&new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_column_is_one_that_is_offered() {
        let order: Order<GroupColumn> = Order::default();
        assert_eq!(order, Order { by: GroupColumn::Name, descending: false });
        let offered = [GroupColumn::Name, GroupColumn::Class];
        assert_eq!(order.next(&offered).by, GroupColumn::Class);
        assert_eq!(order.next(&offered).next(&offered).by, GroupColumn::Name);
        assert_eq!(order.turned().next(&offered), Order { by: GroupColumn::Class, descending: false });
        let all = GroupColumn::ALL;
        assert_eq!(order.next(all).next(all), Order { by: GroupColumn::Stored, descending: true });
        assert_eq!(order.next(&[GroupColumn::Name]).by, GroupColumn::Name);
    }

    #[test]
    fn what_was_chosen_is_remembered_and_what_is_damaged_is_not() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(recall(home.path()), Sorting::default(), "nothing is there");
        let chosen = Sorting { history: Order { by: PastColumn::Took, descending: false }, ..Sorting::default() };
        keep(home.path(), chosen).unwrap();
        assert_eq!(recall(home.path()), chosen);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        let file = home.path().join(FILE);
        let whole = fs::read(&file).unwrap();
        for end in 0..whole.len() {
            fs::write(&file, &whole[..end]).unwrap();
            assert_eq!(recall(home.path()), Sorting::default(), "cut after {end} bytes");
        }
        let other = String::from_utf8(whole).unwrap().replace("\"version\":1", "\"version\":2");
        fs::write(&file, other).unwrap();
        assert_eq!(recall(home.path()), Sorting::default(), "of another version");
        assert!(keep(&file, chosen).is_err(), "a file is no directory");
    }
}
