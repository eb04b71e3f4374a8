//! Everything `update` can ask for. The driver carries these out; an effect with a request id is answered by a
//! `Reply` with the same id.

use crate::domain::inventory::RemoteStatus;
use crate::domain::names::TaskId;
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::plan::Plan;
use crate::tui::hooks::Hook;
use crate::tui::list::RequestId;

/// One thing to do.
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Resolve the configuration and make the clients.
    Connect(RequestId),
    /// Ask who we are.
    Identify(RequestId),
    /// Ask for a page of log groups.
    LoadGroups(RequestId, Option<String>),
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
    /// Drive the lane of this account through the session, or go on through fresh credentials of it.
    Work(AccountId),
    /// Queue the tasks of a plan in a lane.
    Submit(RequestId, Lane, Plan),
    /// Cancel a task.
    Cancel(RequestId, TaskId),
    /// Give the terminal back and stop until the shell continues us.
    Suspend,
    /// Shut the queue down, then end.
    Quit,
    /// End now.
    QuitAtOnce,
    /// A test hook of the driver's.
    Hook(Hook),
}
