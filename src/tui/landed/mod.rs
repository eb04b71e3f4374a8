//! What has landed of a task, as a page over the screen: its objects, by the page of the listing, filtered.
//!
//! Pure state. `update::landed` asks for what is missing.

pub mod download;
pub mod reading;
pub mod rows;
pub mod talk;

use std::sync::Arc;

use crate::domain::amount::ByteCount;
use crate::domain::inventory::{Object, Page};
use crate::domain::landed::Folder;
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;
use crate::tui::list::{List, RequestId, Row};
use crate::tui::model::{Overlay, Subject};
use crate::tui::places::PlaceId;

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandedObject {
    /// Its key below the task's folder (untrusted text: the stream's name is part of it).
    pub name: String,
    /// Its size.
    pub size: ByteCount,
    /// When it was written last.
    pub modified: Option<Timestamp>,
    /// Its storage class, unless it is STANDARD.
    pub class: Option<String>,
}

impl Row for LandedObject {
    const RANKED: bool = true;
    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }
    fn name(&self) -> &str {
        &self.name
    }
}

/// The one folder that is looked into.
#[derive(Clone, Debug)]
pub struct Landed {
    /// Whose: a task of the queue, or one AWS remembers.
    pub of: Subject,
    /// Where its objects are.
    pub folder: Arc<Folder>,
    /// The place whose session reads.
    pub place: PlaceId,
    /// Where the bucket is, once that is known.
    pub region: Option<Region>,
    /// The objects.
    pub list: List<LandedObject>,
}

impl Landed {
    /// Nothing is known yet.
    pub fn new(of: Subject, folder: Folder, place: PlaceId) -> Self {
        Self { of, folder: Arc::new(folder), place, region: None, list: List::default() }
    }

    /// Takes a page in.
    pub fn learn(&mut self, request: RequestId, answer: Result<(Region, Page<Object>), Problem>) {
        let folder = Arc::clone(&self.folder);
        let object = |object: Object| LandedObject {
            name: folder.below(&object.key).to_owned(),
            size: object.size,
            modified: object.modified,
            class: object.class,
        };
        let page = answer.map(|(region, page)| {
            self.region = Some(region);
            Page { items: page.items.into_iter().map(object).collect(), next: page.next }
        });
        self.list.answer(request, page);
    }

    /// The bytes of all rows that pass the filter.
    pub fn bytes(&self) -> ByteCount {
        self.list.shown().map(|object| object.size).sum()
    }
}

/// Its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LandedPage {
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
}

/// What keys do on its page, beyond what they do in every list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LandedAction {
    /// Opens the page.
    Open,
    /// Takes the filter away, or else leaves the page.
    Leave,
    /// Copies the URI of what is under the cursor.
    CopyUri,
    /// Copies the line by which the AWS CLI fetches it.
    CopyLine,
    /// Shows its page of the console, and copies that.
    Console,
}
