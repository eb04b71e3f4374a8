//! What is asked about landed objects, and what is answered.

use std::sync::Arc;

use crate::domain::inventory::{Object, Page};
use crate::domain::landed::Folder;
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::export::landed::{Answer, Ask, Copied, ObjectAt, ToCopy};
use crate::export::verify::Progress;
use crate::tui::list::RequestId;
use crate::tui::places::PlaceId;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Ask for a page of a folder's objects.
    List {
        /// The question.
        request: RequestId,
        /// The place whose session reads.
        place: PlaceId,
        /// The folder.
        folder: Arc<Folder>,
        /// Where its bucket is, if that is known already.
        region: Option<Region>,
        /// The page.
        token: Option<String>,
    },
    /// Ask for something of an object's text, in place of whatever was asked before.
    Read {
        /// The question.
        request: RequestId,
        /// The place whose session reads.
        place: PlaceId,
        /// The object.
        at: Arc<ObjectAt>,
        /// What is asked.
        ask: Ask,
    },
    /// Read no further.
    StopReading,
    /// Copy objects to this machine.
    Download {
        /// The question.
        request: RequestId,
        /// The place whose session reads.
        place: PlaceId,
        /// What, and where to.
        wanted: Arc<ToCopy>,
    },
    /// Copy no more.
    StopDownload,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum News {
    /// A page of a folder's objects, and where its bucket is.
    Listed(Result<(Region, Page<Object>), Problem>),
    /// Something of an object's text.
    Read(Answer),
    /// A download has come so far.
    Downloading(Progress),
    /// What came of it.
    Downloaded(Result<Copied, Problem>),
}
