//! The export form: what a person fills in before tasks are queued.
//!
//! A component of its own: it holds what was typed, checks it as it is typed, draws itself, and gives tasks out when
//! nothing stands against them. It makes no calls; the screen around it passes in what is known of the account.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::inventory::RemoteTask;
use crate::domain::task::TaskSpec;
use crate::domain::time::Timestamp;
use crate::tui::theme::Theme;

/// What the form needs to know of the world to judge what is typed.
#[derive(Clone, Copy, Debug)]
pub struct FormContext<'a> {
    /// The clock.
    pub now: Timestamp,
    /// Log group names loaded so far, in listing order.
    pub groups: &'a [String],
    /// Whether that is all of them: only then is a name that is not among them unknown.
    pub groups_complete: bool,
    /// Bucket names loaded so far.
    pub buckets: &'a [String],
}

/// What keys mean inside the form; the key table maps keys to these, all other keys go to [`Form::edit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormAction {
    /// To the next field (Tab, Down).
    NextField,
    /// To the previous field (Shift-Tab, Up).
    PreviousField,
    /// Enter: choose in a list or picker; in a text field go on to the next; on the last line, submit.
    Confirm,
    /// Ctrl-S: submit from anywhere.
    Submit,
    /// Ctrl-T: UTC or local zone.
    ToggleZone,
    /// Ctrl-P: the next range preset.
    NextPreset,
    /// Ctrl-O: open the picker of the field (log groups, buckets).
    Pick,
    /// Ctrl-U: empty the field.
    ClearField,
    /// Esc: close the picker, or else leave the form (nothing typed is lost).
    Leave,
}

/// What the form asks of the screen around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormOutcome {
    /// Nothing beyond a redraw.
    Stay,
    /// Show the previous screen; the draft stays.
    Leave,
    /// Queue these tasks; the draft has served.
    Submit(Vec<TaskSpec>),
}

/// The form and everything typed in it.
#[derive(Clone, Debug, Default)]
pub struct Form {}

impl Form {
    /// An empty form with a sensible range (yesterday, UTC).
    pub fn new(_now: Timestamp) -> Self {
        Self {}
    }

    /// Puts these log groups into the form; everything else stays as typed.
    pub fn set_groups(&mut self, _groups: &[String]) {}

    /// Puts this bucket into the form; everything else stays as typed.
    pub fn set_bucket(&mut self, _bucket: &str) {}

    /// Fills every field from a past task ("run again").
    pub fn fill_from(&mut self, _task: &RemoteTask) {}

    /// Performs an action.
    pub fn perform(&mut self, _action: FormAction, _context: &FormContext<'_>) -> FormOutcome {
        FormOutcome::Stay
    }

    /// Gives a key to the field under the cursor.
    pub fn edit(&mut self, _key: KeyEvent) {}

    /// Pastes text into the field under the cursor.
    pub fn paste(&mut self, _text: &str) {}

    /// Draws the form into `area`.
    pub fn view(&self, _frame: &mut Frame<'_>, _area: Rect, _theme: Theme, _context: &FormContext<'_>) {}
}
