//! A task's life: the states it goes through, and the one table of moves between them.
//!
//! ```text
//! Queued ─► Launching ─► Pending ─► Running ─► Completed
//!    │          │            │         ├─────► Failed ──retry──► Queued
//!    │          │            └─────────┴─ a failure that passes: back to Queued
//!    │          └─ slot taken: back to Queued
//!    └──────────┴───────────────┴────────────► Cancelling ─► Cancelled
//! ```

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
    /// AWS refused the cancel of a task it has not begun.
    StillPending,
    /// AWS refused the cancel of a task it is at work on.
    StillRunning,
    /// AWS says CANCELLED, or AWS never had the task.
    Cancel,
    /// A person asked to run a failed or cancelled task again.
    Retry,
    /// AWS says FAILED for a reason that passes: to be tried again by itself.
    Again,
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
            (Self::Launching, E::PutBack)
            | (Self::Failed | Self::Cancelled, E::Retry)
            | (Self::Pending | Self::Running, E::Again) => Some(Self::Queued),
            (Self::Launching, E::Accepted) | (Self::Cancelling, E::StillPending) => Some(Self::Pending),
            (Self::Pending, E::Started) | (Self::Cancelling, E::StillRunning) => Some(Self::Running),
            // A cancel asked for while CreateExportTask was under way: then the id is learnt, and the wish stands.
            (Self::Launching | Self::Pending | Self::Running, E::AskCancel) | (Self::Cancelling, E::Accepted) => {
                Some(Self::Cancelling)
            }
            // AWS never heard of a queued task: cancelling it is done at once and without a call.
            (Self::Queued, E::AskCancel | E::Cancel)
            | (Self::Launching | Self::Pending | Self::Running | Self::Cancelling, E::Cancel)
            | (Self::Cancelling, E::PutBack) => Some(Self::Cancelled),
            (Self::Pending | Self::Running | Self::Cancelling, E::Finish) => Some(Self::Completed),
            (Self::Queued | Self::Launching | Self::Pending | Self::Running | Self::Cancelling, E::Fail)
            // Nobody wants another attempt at a task that was to be cancelled.
            | (Self::Cancelling, E::Again) => Some(Self::Failed),
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
                | E::StillPending
                | E::StillRunning
                | E::Cancel
                | E::Retry
                | E::Again,
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

#[cfg(test)]
mod tests {
    use super::State::{Cancelled, Cancelling, Completed, Failed, Launching, Pending, Queued, Running};
    use super::*;

    const EVENTS: [Event; 12] = [
        Event::Launch,
        Event::PutBack,
        Event::Accepted,
        Event::Started,
        Event::Finish,
        Event::Fail,
        Event::AskCancel,
        Event::StillPending,
        Event::StillRunning,
        Event::Cancel,
        Event::Retry,
        Event::Again,
    ];

    /// Where each state goes, by event in the order of [`EVENTS`].
    #[rustfmt::skip]
    const MOVES: [(State, [Option<State>; 12]); 8] = [
        //            Launch           PutBack          Accepted          Started        Finish           Fail          AskCancel         StillPending   StillRunning   Cancel           Retry         Again
        (Queued,     [Some(Launching), None,            None,             None,          None,            Some(Failed), Some(Cancelled),  None,          None,          Some(Cancelled), None,         None]),
        (Launching,  [None,            Some(Queued),    Some(Pending),    None,          None,            Some(Failed), Some(Cancelling), None,          None,          Some(Cancelled), None,         None]),
        (Pending,    [None,            None,            None,             Some(Running), Some(Completed), Some(Failed), Some(Cancelling), None,          None,          Some(Cancelled), None,         Some(Queued)]),
        (Running,    [None,            None,            None,             None,          Some(Completed), Some(Failed), Some(Cancelling), None,          None,          Some(Cancelled), None,         Some(Queued)]),
        (Cancelling, [None,            Some(Cancelled), Some(Cancelling), None,          Some(Completed), Some(Failed), None,             Some(Pending), Some(Running), Some(Cancelled), None,         Some(Failed)]),
        (Completed,  [None,            None,            None,             None,          None,            None,         None,             None,          None,          None,            None,         None]),
        (Failed,     [None,            None,            None,             None,          None,            None,         None,             None,          None,          None,            Some(Queued),  None]),
        (Cancelled,  [None,            None,            None,             None,          None,            None,         None,             None,          None,          None,            Some(Queued),  None]),
    ];

    #[test]
    fn every_state_and_event_goes_where_the_table_says() {
        for (state, row) in MOVES {
            for (event, expected) in EVENTS.into_iter().zip(row) {
                assert_eq!(state.after(event), expected, "{state:?} on {event:?}");
            }
        }
    }

    #[test]
    fn the_table_has_a_row_for_every_state() {
        assert_eq!(MOVES.map(|(state, _)| state), State::ALL);
    }

    #[test]
    fn an_end_is_left_only_by_a_retry() {
        for state in State::ALL.into_iter().filter(|state| state.is_end()) {
            for event in EVENTS.into_iter().filter(|event| *event != Event::Retry) {
                assert_eq!(state.after(event), None, "{state:?} on {event:?}");
            }
        }
    }
}
