//! A task's life: what is asked for, the states it goes through, and the one table of moves between them.
//!
//! ```text
//! Queued ─► Launching ─► Pending ─► Running ─► Completed
//!    │          │            └─────────┴─────► Failed ──retry──► Queued
//!    │          └─ slot taken: back to Queued
//!    └──────────┴───────────────┴────────────► Cancelling ─► Cancelled
//! ```

use super::amount::Landed;
use super::layout::Destination;
use super::names::{Label, LogGroupName, RemoteId, StreamPrefix, TaskId};
use super::problem::Problem;
use super::time::{TimeRange, Timestamp};

/// What a person asked for: one log group over one window into one destination.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaskSpec {
    /// Whose events.
    pub group: LogGroupName,
    /// Which events.
    pub window: TimeRange,
    /// Where to.
    pub destination: Destination,
    /// Only streams whose name begins with this.
    pub stream_prefix: Option<StreamPrefix>,
    /// The person's own label.
    pub label: Option<Label>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Ours alone; AWS does not know it yet.
    Queued,
    /// CreateExportTask is under way: AWS may or may not have it.
    Launching,
    /// AWS has accepted it and not begun.
    Pending,
    /// AWS is copying.
    Running,
    /// A cancel was asked for and is not confirmed.
    Cancelling,
    /// Ended well.
    Completed,
    /// Ended with a failure.
    Failed,
    /// Ended by a cancel.
    Cancelled,
}

/// What can happen to a task, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Its lane takes it up.
    Launch,
    /// AWS refused because the slot is taken, or asked to come later.
    PutBack,
    /// AWS answered with a task id, or was found to have the task already.
    Accepted,
    /// AWS says RUNNING.
    Started,
    /// AWS says COMPLETED.
    Finish,
    /// AWS says FAILED, or refused the launch for good.
    Fail,
    /// A person asked to cancel.
    AskCancel,
    /// AWS refused the cancel and the task goes on.
    CancelRefused,
    /// AWS says CANCELLED, or AWS never had the task.
    Cancel,
    /// A person asked to run a failed or cancelled task again.
    Retry,
}

impl State {
    /// Every state, in a task's order of life.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Launching,
        Self::Pending,
        Self::Running,
        Self::Cancelling,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The state after `event`; `None` where the event has no place (a late or repeated report: to be ignored).
    ///
    /// Whatever AWS says about an end is believed from every state that is not an end itself: a poll may miss PENDING
    /// and RUNNING altogether, and a cancel may lose its race.
    pub const fn after(self, event: Event) -> Option<Self> {
        use Event as E;
        match (self, event) {
            (Self::Queued, E::Launch) => Some(Self::Launching),
            (Self::Launching, E::PutBack) | (Self::Failed | Self::Cancelled, E::Retry) => Some(Self::Queued),
            (Self::Launching, E::Accepted) => Some(Self::Pending),
            // A cancel asked for while CreateExportTask was under way: the id is learnt, the wish stands.
            (Self::Cancelling, E::Accepted | E::Started) => Some(Self::Cancelling),
            (Self::Pending, E::Started) | (Self::Cancelling, E::CancelRefused) => Some(Self::Running),
            (Self::Launching | Self::Pending | Self::Running, E::AskCancel) => Some(Self::Cancelling),
            // AWS never heard of a queued task: cancelling it is done at once and without a call.
            (Self::Queued, E::AskCancel | E::Cancel)
            | (Self::Launching | Self::Pending | Self::Running | Self::Cancelling, E::Cancel)
            | (Self::Cancelling, E::PutBack) => Some(Self::Cancelled),
            (Self::Pending | Self::Running | Self::Cancelling, E::Finish) => Some(Self::Completed),
            (Self::Queued | Self::Launching | Self::Pending | Self::Running | Self::Cancelling, E::Fail) => {
                Some(Self::Failed)
            }
            (
                Self::Queued
                | Self::Launching
                | Self::Pending
                | Self::Running
                | Self::Cancelling
                | Self::Completed
                | Self::Failed
                | Self::Cancelled,
                E::Launch
                | E::PutBack
                | E::Accepted
                | E::Started
                | E::Finish
                | E::Fail
                | E::AskCancel
                | E::CancelRefused
                | E::Cancel
                | E::Retry,
            ) => None,
        }
    }

    /// Whether nothing more will happen by itself.
    pub const fn is_end(self) -> bool {
        match self {
            Self::Completed | Self::Failed | Self::Cancelled => true,
            Self::Queued | Self::Launching | Self::Pending | Self::Running | Self::Cancelling => false,
        }
    }

    /// Whether AWS has it, or may have it: what goes on in AWS when this program quits.
    pub const fn is_in_aws(self) -> bool {
        match self {
            Self::Launching | Self::Pending | Self::Running | Self::Cancelling => true,
            Self::Queued | Self::Completed | Self::Failed | Self::Cancelled => false,
        }
    }

    /// The word for a cell.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Launching => "Launching",
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Cancelling => "Cancelling",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }
}

/// Who holds the slot a task waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The holder's remote id.
    pub remote: RemoteId,
    /// The log group it exports.
    pub group: String,
    /// Its taskName.
    pub name: Option<String>,
    /// When AWS accepted it.
    pub created: Option<Timestamp>,
}

/// Why a task that could move does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Another task of ours is before it in the lane.
    Turn,
    /// The lane's slot is taken; by whom, if AWS tells.
    Slot(Option<Holder>),
    /// A call failed in a way that passes; the next try is at `until`.
    Retry {
        /// What failed.
        problem: Problem,
        /// When it is tried again.
        until: Timestamp,
    },
}

/// What an engine reports about a task. Small, complete in itself, harmless when repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The lane has taken it up and CreateExportTask is about to be called.
    Launching,
    /// Not now: back to the queue, with the reason.
    PutBack(Wait),
    /// AWS has it, under this id.
    Accepted(RemoteId),
    /// AWS says RUNNING.
    Started,
    /// What lies in the bucket by now. A counter: no transition.
    Landed(Landed),
    /// A look at the task failed and is repeated; the task itself goes on. No transition.
    Unseen(Wait),
    /// AWS says COMPLETED; what landed, counted after the end (`None`: it could not be counted).
    Completed(Option<Landed>),
    /// AWS says FAILED, or refuses for good.
    Failed(Problem),
    /// A person asked to cancel.
    CancelAsked,
    /// AWS refused the cancel.
    CancelRefused(Problem),
    /// AWS says CANCELLED; what was left in the bucket (`None`: AWS never had it, or it could not be counted).
    Cancelled(Option<Landed>),
    /// A person asked for another try.
    Retried,
}

impl Fact {
    /// The move in the table this fact stands for; `None` for counters.
    pub const fn event(&self) -> Option<Event> {
        match self {
            Self::Launching => Some(Event::Launch),
            Self::PutBack(_) => Some(Event::PutBack),
            Self::Accepted(_) => Some(Event::Accepted),
            Self::Started => Some(Event::Started),
            Self::Landed(_) | Self::Unseen(_) => None,
            Self::Completed(_) => Some(Event::Finish),
            Self::Failed(_) => Some(Event::Fail),
            Self::CancelAsked => Some(Event::AskCancel),
            Self::CancelRefused(_) => Some(Event::CancelRefused),
            Self::Cancelled(_) => Some(Event::Cancel),
            Self::Retried => Some(Event::Retry),
        }
    }
}

/// One line of a task's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// The state from then on.
    pub state: State,
    /// What happened, as a sentence for people (untrusted parts in it: escape before it reaches a cell).
    pub remark: String,
}

/// A task and everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Our own id.
    pub id: TaskId,
    /// What was asked for.
    pub spec: TaskSpec,
    /// Where it stands.
    pub state: State,
    /// Why it waits, while it does.
    pub wait: Option<Wait>,
    /// AWS's id, once known.
    pub remote: Option<RemoteId>,
    /// What lies in the bucket, as last counted.
    pub landed: Landed,
    /// Whether [`Task::landed`] was counted after the end, and so is final.
    pub counted: bool,
    /// Why it failed, or why its cancel was refused.
    pub problem: Option<Problem>,
    /// When it was queued.
    pub queued: Timestamp,
    /// When AWS accepted it.
    pub accepted: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<Moment>,
}

impl Task {
    /// A task as it enters the queue.
    pub fn new(id: TaskId, spec: TaskSpec, now: Timestamp) -> Self {
        Self {
            id,
            spec,
            state: State::Queued,
            wait: Some(Wait::Turn),
            remote: None,
            landed: Landed::default(),
            counted: false,
            problem: None,
            queued: now,
            accepted: None,
            ended: None,
            timeline: vec![Moment { at: now, state: State::Queued, remark: "queued".to_owned() }],
        }
    }

    /// Completed, and AWS left nothing but its write test in the bucket.
    pub const fn is_empty(&self) -> bool {
        matches!(self.state, State::Completed) && self.counted && self.landed.is_empty()
    }

    /// How long it has been with AWS: from acceptance to its end, or to `now`.
    pub fn elapsed(&self, now: Timestamp) -> Option<std::time::Duration> {
        self.accepted.map(|accepted| self.ended.unwrap_or(now).since(accepted))
    }
}
