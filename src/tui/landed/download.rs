//! A copy of landed objects on this machine: where to, how far it is, what came of it. One at a time; it goes on while its
//! page is closed.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::LandedObject;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::Object;
use crate::domain::landed::{Folder, path};
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::export::landed::{Copied, ToCopy};
use crate::export::verify::Progress;
use crate::tui::entry::{Entry, TakesText};
use crate::tui::line::without_controls;
use crate::tui::list::RequestId;
use crate::tui::model::Overlay;
use crate::tui::places::PlaceId;
use crate::tui::save_plan::typed_path;

/// How far it is.
#[derive(Clone, Debug)]
pub enum Stage {
    /// The directory is being typed.
    Typing,
    /// Objects are being copied.
    Going(RequestId, Progress),
    /// This came of it.
    Done(Copied),
    /// Nothing can be listed, or nothing be written.
    Refused(Box<Problem>),
    /// A person has stopped it.
    Stopped,
}

/// The one download that is kept.
#[derive(Clone, Debug)]
pub struct Download {
    /// Whose objects.
    pub folder: Arc<Folder>,
    /// The place whose session reads.
    pub place: PlaceId,
    /// Where the bucket is, if that is known.
    pub region: Option<Region>,
    /// One object; `None` is all of them.
    pub one: Option<LandedObject>,
    /// The directory, as it is typed.
    pub directory: Entry,
    /// How far it is.
    pub stage: Stage,
}

impl Download {
    /// Into a directory for the task alone: those of two tasks have the same names.
    pub fn new(folder: Arc<Folder>, place: PlaceId, region: Option<Region>, one: Option<LandedObject>) -> Self {
        let directory = format!("./{}/{}", path::directory_for(&folder.group), path::directory_for(&folder.task));
        Self { folder, place, region, one, directory: Entry::new(directory), stage: Stage::Typing }
    }

    /// What is asked for.
    pub fn wanted(&self, replace: bool) -> ToCopy {
        let object = |one: &LandedObject| Object {
            key: one.name.clone(),
            size: one.size,
            modified: one.modified,
            class: one.class.clone(),
        };
        ToCopy {
            folder: Arc::clone(&self.folder),
            region: self.region.clone(),
            one: self.one.as_ref().map(object),
            directory: typed_path(self.directory.value()),
            replace,
        }
    }

    /// Whether the directory is being typed.
    pub const fn is_typed(&self) -> bool {
        matches!(self.stage, Stage::Typing)
    }

    /// Whether objects are being copied.
    pub const fn is_going(&self) -> bool {
        matches!(self.stage, Stage::Going(..))
    }

    /// Whether files were there already, and stayed.
    pub const fn has_kept(&self) -> bool {
        matches!(&self.stage, Stage::Done(copied) if copied.kept > 0)
    }

    /// What is copied, in words.
    pub fn what(&self) -> String {
        match &self.one {
            Some(object) => object.name.clone(),
            None => format!("all objects of {}", self.folder.group),
        }
    }

    /// The bytes of the one object; `None` if they are not known yet.
    pub fn size(&self) -> Option<ByteCount> {
        self.one.as_ref().map(|object| object.size)
    }
}

impl TakesText for Download {
    fn edit(&mut self, key: KeyEvent) {
        self.directory.type_key(key);
    }

    fn paste(&mut self, text: &str) {
        self.directory.insert(without_controls(text).trim());
    }

    fn field(&mut self) -> Option<&mut Entry> {
        Some(&mut self.directory)
    }
}

/// Its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownloadPage {
    /// The first line shown.
    pub top: usize,
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}

/// What keys do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownloadAction {
    /// Opens the page: for the object under the cursor, or that is read.
    One,
    /// Opens the page: for all objects.
    All,
    /// Begins.
    Begin,
    /// Begins once more, over what is there.
    Replace,
    /// Stops it.
    Stop,
}
