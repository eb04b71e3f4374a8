//! What actions are called where a person writes of them: in the configuration file and in the command palette.

use super::Action;
use crate::ledger::Shift;
use crate::tui::landed::LandedAction;
use crate::tui::landed::download::DownloadAction;
use crate::tui::landed::reading::ReadingAction;
use crate::tui::list::Motion;
use crate::tui::model::Screen;

impl Action {
    /// Its name; `None` for what is done only while one types, or exists for tests alone.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Move(motion) => of_motion(motion),
            Self::GoTo(screen) => screen.name(),
            Self::NextScreen => "next-screen",
            Self::PreviousScreen => "previous-screen",
            Self::EditFilter => "filter",
            Self::SearchAws => "search-aws",
            Self::Dismiss => "dismiss",
            Self::Mark => "mark",
            Self::MarkAll => "mark-all",
            Self::MarkRange => "mark-range",
            Self::InvertMarks => "invert-marks",
            Self::SortNext => "sort",
            Self::SortTurn => "sort-direction",
            Self::OpenForm => "export",
            Self::OpenDetails => "details",
            Self::OpenPlan => "plan",
            Self::Freeze => "freeze",
            Self::Fold => "fold",
            Self::Unfold => "unfold",
            Self::Reload => "reload",
            Self::AskCancel => "cancel",
            Self::AskCancelPlan => "cancel-plan",
            Self::Retry => "retry",
            Self::RetryFailed => "retry-failed",
            Self::PausePlan => "pause-plan",
            Self::PauseLane => "pause-lane",
            Self::Shift(shift) => of_shift(shift),
            Self::AskGrant => "allow",
            Self::Apply => "apply",
            Self::AskUndo => "undo",
            Self::OpenRules => "rules",
            Self::AddRule => "add-rule",
            Self::EditRule => "edit-rule",
            Self::RemoveRule => "remove-rule",
            Self::NewBucket => "new-bucket",
            Self::Browse => "work-here",
            Self::AddLane => "add-lane",
            Self::Peek => "peek",
            Self::PeekBack => "peek-back",
            Self::PeekOn => "peek-on",
            Self::PeekAgain => "peek-again",
            Self::Enqueue => "enqueue",
            Self::Verify => "verify",
            Self::StopVerifying => "stop-verifying",
            Self::AskManifest => "manifest",
            Self::OpenChecks => "checks",
            Self::AskUnchecked => "launch-anyway",
            Self::NextStatus => "status",
            Self::RunAgain => "run-again",
            Self::Help => "help",
            Self::OpenMessages => "messages",
            Self::OpenPalette => "palette",
            Self::Close => "close",
            Self::Yes => "yes",
            Self::Quit => "quit",
            Self::QuitWhenDone => "quit-when-done",
            Self::Suspend => "suspend",
            Self::Landed(action) => return of_landed(action),
            Self::Reading(action) => return of_reading(action),
            Self::Download(action) => return of_download(action),
            Self::KeepFilter
            | Self::DropFilter
            | Self::Edit(_)
            | Self::Undo
            | Self::Redo
            | Self::SavePlan
            | Self::OverwritePlan
            | Self::Sheet(_)
            | Self::CreateBucket
            | Self::OtherField
            | Self::ClearField
            | Self::ConnectLane
            | Self::Form(_)
            | Self::RunCommand
            | Self::Hook(_) => return None,
        })
    }
}

const fn of_motion(motion: Motion) -> &'static str {
    match motion {
        Motion::Up => "up",
        Motion::Down => "down",
        Motion::PageUp => "page-up",
        Motion::PageDown => "page-down",
        Motion::HalfUp => "half-page-up",
        Motion::HalfDown => "half-page-down",
        Motion::First => "first",
        Motion::Last => "last",
    }
}

const fn of_landed(action: LandedAction) -> Option<&'static str> {
    Some(match action {
        LandedAction::Open => "objects",
        LandedAction::CopyUri => "copy-uri",
        LandedAction::CopyLine => "copy-command",
        LandedAction::Console => "console",
        LandedAction::Leave => return None,
    })
}

const fn of_reading(action: ReadingAction) -> Option<&'static str> {
    Some(match action {
        ReadingAction::Open => "read",
        ReadingAction::AskText => "look-for",
        ReadingAction::AskLine => "go-to-line",
        ReadingAction::Match(true) => "next-match",
        ReadingAction::Match(false) => "previous-match",
        ReadingAction::Wrap => "wrap",
        ReadingAction::Shift(true) => "to-the-right",
        ReadingAction::Shift(false) => "to-the-left",
        ReadingAction::Leave | ReadingAction::Answer | ReadingAction::Abandon => return None,
    })
}

const fn of_download(action: DownloadAction) -> Option<&'static str> {
    Some(match action {
        DownloadAction::One => "download",
        DownloadAction::All => "download-all",
        DownloadAction::Stop => "stop-download",
        DownloadAction::Begin | DownloadAction::Replace => return None,
    })
}

const fn of_shift(shift: Shift) -> &'static str {
    match shift {
        Shift::Earlier => "earlier",
        Shift::Later => "later",
        Shift::First => "to-front",
        Shift::Last => "to-end",
    }
}

impl Screen {
    /// The name the palette takes.
    const fn name(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Buckets => "buckets",
            Self::Exports => "exports",
            Self::History => "history",
            Self::Lanes => "lanes",
            Self::Form => "form",
        }
    }
}
