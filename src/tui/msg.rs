//! Everything that can happen to the terminal interface. The driver makes these; `update` takes them in.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::aws::NamedGroup;
use crate::domain::inventory::{Bucket, Encryption, LogGroup, Page, RemoteTask};
use crate::domain::lifecycle::Lifecycle;
use crate::domain::names::{BucketName, LogGroupName, TaskId};
use crate::domain::place::{AccountId, Identity, Lane, Region};
use crate::domain::preflight::{Checklist, Finding, Report};
use crate::domain::problem::Problem;
use crate::domain::task::{Holder, Task};
use crate::export::listings::{LastListing, Origin};
use crate::export::remedy::{Applied, Change, Created, Outcome, Step};
use crate::export::verify::Progress;
use crate::export::{Elsewhere, NoPeek, Peeked, Snapshot, Transition};
use crate::ledger::Past;
use crate::tui::change::Refusal;
use crate::tui::landed::talk::News;
use crate::tui::list::RequestId;
use crate::tui::proof::Evidence;
use crate::tui::review::Draft;
use crate::tui::save_plan::NotSaved;
use crate::tui::since::Answer;

/// One happening.
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key went down.
    Key(KeyEvent),
    /// The wheel turned, or a button went down or up.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// A second has passed and something on screen shows time.
    Tick,
    /// Nothing else is to be done: filters that have not looked at every row go on.
    Sift,
    /// A question was answered.
    Reply(RequestId, Reply),
    /// The tasks as they stand.
    Snapshot(Arc<Snapshot>),
    /// A task moved.
    Transition(Transition),
    /// The system asks the program to end: no questions.
    Stop,
}

/// What a connection is, without its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The profile in use, if one was named.
    pub profile: Option<String>,
    /// Where calls go.
    pub region: Region,
    /// The custom endpoint, if any.
    pub endpoint_url: Option<String>,
}

impl Link {
    /// Where a listing made through it comes from.
    pub fn origin(&self) -> Origin {
        Origin::new(self.profile.as_deref(), &self.region, self.endpoint_url.as_deref())
    }

    /// The lane of `account` there.
    pub fn lane(&self, account: &AccountId) -> Lane {
        Lane { account: account.clone(), region: self.region.clone(), endpoint: self.endpoint_url.clone() }
    }
}

/// An answer to a question asked by an effect.
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
#[derive(Clone, Debug)]
pub enum Reply {
    /// The connection stands, or cannot be made.
    Connected(Result<Link, Problem>),
    /// Whose credentials they are.
    Identity(Result<Identity, Problem>),
    /// A page of log groups by name.
    Groups(Result<Page<NamedGroup>, Problem>),
    /// Log groups as they were listed at an earlier time, if they were.
    Recalled(Option<LastListing>),
    /// Log groups with something in their names.
    Found(Result<Page<NamedGroup>, Problem>),
    /// What is to be known of some log groups.
    GroupDetails(Result<Vec<LogGroup>, Problem>),
    /// A page of buckets.
    Buckets(Result<Page<Bucket>, Problem>),
    /// Details of one bucket.
    BucketDetails(BucketDetails),
    /// What the checks of the bucket of this name found.
    BucketChecked(String, Report),
    /// A change of a bucket as it would be, if there is something to be changed.
    Proposed(Result<Option<Arc<Change>>, Refusal>),
    /// This change was made, or not.
    Applied(Arc<Change>, Result<Applied, Refusal>),
    /// A step of a bucket that is being created was taken.
    BucketStep(Step, Outcome),
    /// What came of creating the bucket of this name.
    BucketCreated(BucketName, Result<Created, Refusal>),
    /// A verification has come so far.
    Verifying(Progress),
    /// What a verification has found.
    Verified(Result<Arc<Evidence>, Problem>),
    /// The manifest was written, or not.
    ManifestWritten(Result<(), Problem>),
    /// Something about landed objects.
    Landed(News),
    /// A page of past tasks.
    History(Result<Page<RemoteTask>, Problem>),
    /// A page of what the ledger has of the past, or in words why it cannot be read.
    Past(Result<Past, String>),
    /// Who holds a slot, if anybody.
    Slot(Result<Option<Holder>, Problem>),
    /// A task with its timeline, if the ledger has it.
    Task(Result<Option<Task>, String>),
    /// The tasks of a plan, or in words why it makes none.
    Expanded(Result<Arc<Draft>, String>),
    /// What the checks found.
    Checklist(Arc<Checklist>),
    /// The log groups of a plan, or in words why they cannot be told.
    PlanGroups(Result<Vec<LogGroupName>, String>),
    /// A plan file was written, or not.
    PlanSaved(Result<(), NotSaved>),
    /// What a peek has seen, or why it sees nothing.
    Peeked(Result<Peeked, NoPeek>),
    /// How far exports have come.
    Since(Answer),
    /// Tasks were queued, or in words why not.
    Submitted(Result<Queued, String>),
    /// A change of the queue was recorded, or in words why not.
    Changed(Result<Changed, String>),
}

impl Reply {
    /// A failure that is shown in place of what it kept from being shown, where the next answer wipes it away. Of details
    /// none is taken: each row shows its own.
    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Connected(Err(problem))
            | Self::Identity(Err(problem))
            | Self::Groups(Err(problem))
            | Self::GroupDetails(Err(problem))
            | Self::Buckets(Err(problem))
            | Self::History(Err(problem))
            | Self::Slot(Err(problem)) => Some(problem),
            Self::Connected(Ok(_))
            | Self::Identity(Ok(_))
            | Self::Groups(Ok(_))
            | Self::GroupDetails(Ok(_))
            | Self::Buckets(Ok(_))
            | Self::History(Ok(_))
            | Self::Slot(Ok(_))
            | Self::Past(_)
            | Self::Recalled(_)
            | Self::Found(_)
            | Self::BucketDetails(_)
            | Self::BucketChecked(..)
            | Self::Proposed(_)
            | Self::Applied(..)
            | Self::BucketStep(..)
            | Self::BucketCreated(..)
            | Self::Verifying(_)
            | Self::Verified(_)
            | Self::ManifestWritten(_)
            | Self::Landed(_)
            | Self::Task(_)
            | Self::Expanded(_)
            | Self::Checklist(_)
            | Self::PlanGroups(_)
            | Self::PlanSaved(_)
            | Self::Peeked(_)
            | Self::Since(_)
            | Self::Submitted(_)
            | Self::Changed(_) => None,
        }
    }
}

/// What came of a change of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is seen by itself.
    Done,
    /// So many tasks moved.
    Moved(usize),
    /// So many tasks are queued once more, and these are not: others have their windows.
    Retried(usize, Vec<(TaskId, Elsewhere)>),
}

/// Tasks that were queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// How many.
    pub tasks: usize,
    /// The first of them.
    pub first: TaskId,
}

/// What a listing of buckets leaves out.
#[derive(Clone, Debug)]
pub struct BucketDetails {
    /// Whose.
    pub bucket: String,
    /// Where it is.
    pub region: Result<Region, Problem>,
    /// How it encrypts.
    pub encryption: Result<Encryption, Problem>,
    /// Whether its policy lets the exports of the lane in, whichever log group they are of.
    pub policy: Finding,
    /// Its lifecycle rules, if it has any.
    pub lifecycle: Result<Option<Lifecycle>, Problem>,
}
