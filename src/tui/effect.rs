//! Everything `update` can ask for. The driver carries these out; an effect with a request id is answered by a
//! `Reply` with the same id.

use std::sync::Arc;

use crate::domain::inventory::{GroupClass, RemoteStatus};
use crate::domain::layout::Destination;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::past::PastFilter;
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::plan::Plan;
use crate::domain::verify::subject::Subject as Verified;
use crate::export::PeekAt;
use crate::export::listings::{LastListing, Origin};
use crate::export::remedy::{Change as BucketChange, NewBucket};
use crate::ledger::{PastMark, Shift};
use crate::tui::change::Wish;
use crate::tui::checks::Subject;
use crate::tui::hooks::Hook;
use crate::tui::landed::talk::Errand;
use crate::tui::list::RequestId;
use crate::tui::places::{PlaceId, Wanted};
use crate::tui::proof::Evidence;
use crate::tui::review::Draft;
use crate::tui::save_plan::PlanFile;
use crate::tui::since::Target;
use crate::tui::sorting::Sorting;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Resolve the configuration of a place and make the clients.
    Connect(PlaceId, Wanted, RequestId),
    /// Ask whose credentials a place has.
    Identify(PlaceId, RequestId),
    /// Ask who holds the slot of a place's lane.
    LookAtSlot(PlaceId, RequestId),
    /// Ask for a page of log groups by name.
    LoadGroups(RequestId, Option<String>),
    /// Read how the log groups of a place were listed last, in this account if it is known.
    RecallGroups(RequestId, Origin, Option<AccountId>),
    /// Keep a listing of log groups for the next start.
    KeepGroups(Origin, LastListing),
    /// Keep what listings are sorted by for the next start.
    KeepSorting(Sorting),
    /// Ask for log groups with this in their names.
    FindGroups(RequestId, String),
    /// Ask what is to be known of these log groups.
    LoadGroupDetails(RequestId, Vec<Arc<str>>),
    /// Ask for a page of buckets.
    LoadBuckets(RequestId, Option<String>),
    /// Ask for what the bucket listing left out.
    LoadBucketDetails {
        /// The question.
        request: RequestId,
        /// Whose.
        bucket: String,
        /// Its Region, where known already.
        region: Option<Region>,
        /// The lane its policy is judged for; `None` where AWS does not tell whose account this is.
        lane: Option<Lane>,
    },
    /// Make the checks of a bucket, whichever log group is exported.
    CheckBucket {
        /// The question.
        request: RequestId,
        /// Where exports come from.
        lane: Lane,
        /// Where they go.
        to: Destination,
        /// Whether answers of a moment ago will not do.
        anew: bool,
    },
    /// Work out a change of a bucket.
    Propose {
        /// The question.
        request: RequestId,
        /// The place whose account owns the bucket.
        place: PlaceId,
        /// The lane exports come from.
        lane: Lane,
        /// What is wanted.
        wish: Wish,
    },
    /// Make a change that was shown.
    Apply {
        /// The question.
        request: RequestId,
        /// The place whose account owns the bucket.
        place: PlaceId,
        /// The lane exports come from.
        lane: Lane,
        /// The change.
        change: Arc<BucketChange>,
    },
    /// Create a bucket that was shown, or go on with it: each step is told, then the end.
    CreateBucket {
        /// The question.
        request: RequestId,
        /// The place whose account will own it.
        place: PlaceId,
        /// The lane it is created in.
        lane: Lane,
        /// What it is to be like.
        new: Box<NewBucket>,
    },
    /// Ask for a page of past tasks, all or of one status.
    LoadHistory {
        /// The question.
        request: RequestId,
        /// Only tasks of this status.
        status: Option<RemoteStatus>,
        /// The page.
        token: Option<String>,
    },
    /// Read a page of what the ledger has of the past.
    LoadPast {
        /// The question.
        request: RequestId,
        /// Of which lane.
        lane: Lane,
        /// Behind this; `None`: from the beginning.
        after: Option<PastMark>,
        /// What of it.
        wanted: Arc<PastFilter>,
    },
    /// Read a task from the ledger, with its timeline.
    LoadTask(RequestId, TaskId),
    /// Drive the lane of this account through the place's session, or go on through fresh credentials of it.
    Work(PlaceId, AccountId),
    /// Work out the tasks of a plan in a lane.
    Expand(RequestId, Arc<Lane>, Plan),
    /// Check what the form asks for.
    Check {
        /// The question.
        request: RequestId,
        /// What, and in which lane.
        subject: Box<Subject>,
        /// Whether answers from before will not do.
        fresh: bool,
    },
    /// Look up the log groups of a plan.
    LoadPlanGroups(RequestId, PlanId),
    /// Look at the events of a log group.
    Peek {
        /// The question.
        request: RequestId,
        /// Which.
        at: Arc<PeekAt>,
        /// The log group's class, if it is known.
        class: Option<GroupClass>,
    },
    /// Give the look up.
    StopPeek,
    /// Write a plan file.
    SavePlan(RequestId, Arc<PlanFile>),
    /// Look up how far exports of this have come.
    LookSince(RequestId, Arc<(Lane, Target)>),
    /// Queue these.
    Submit(RequestId, Arc<Draft>),
    /// Change something in the queue.
    Change(RequestId, Change),
    /// Read back what a task has left in the bucket.
    Verify {
        /// The question.
        request: RequestId,
        /// The place whose session reads.
        place: PlaceId,
        /// The task.
        subject: Arc<Verified>,
    },
    /// Read no further.
    StopVerifying,
    /// Write down what was found, beside the objects.
    WriteManifest {
        /// The question.
        request: RequestId,
        /// The place whose session writes.
        place: PlaceId,
        /// The task.
        subject: Arc<Verified>,
        /// What was found.
        evidence: Arc<Evidence>,
    },
    /// Something about landed objects.
    Landed(Errand),
    /// Put this on the clipboard of the person's terminal.
    Copy(String),
    /// Call a person who looks elsewhere: this has happened.
    Notify(String),
    /// Give the terminal back and stop until the shell continues us.
    Suspend,
    /// Shut the queue down, then end.
    Quit,
    /// End now.
    QuitAtOnce,
    /// A test hook of the driver's.
    Hook(Hook),
}

/// A change that a person wants in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Cancel a task.
    Cancel(TaskId),
    /// Cancel everything of a plan that has not ended.
    CancelPlan(PlanId),
    /// Run a failed or cancelled task once more, unless others have its window.
    Retry(TaskId),
    /// Run all failed tasks of a plan once more, but those whose windows others have.
    RetryFailed(PlanId),
    /// Run these once more, whoever has their windows.
    RetryTwice(Vec<TaskId>),
    /// Hold a plan's queued tasks, or let them go on.
    PausePlan(PlanId, bool),
    /// Hold a lane, or let it go on.
    PauseLane(Arc<Lane>, bool),
    /// Move a queued task within its lane.
    Shift(TaskId, Shift),
    /// Move all queued tasks of a plan within their lane.
    ShiftPlan(PlanId, Shift),
}
