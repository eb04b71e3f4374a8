//! What keys do.

use crate::ledger::Shift;
use crate::tui::form::FormAction;
use crate::tui::hooks::Hook;
use crate::tui::landed::LandedAction;
use crate::tui::landed::download::DownloadAction;
use crate::tui::landed::reading::ReadingAction;
use crate::tui::line::Edit;
use crate::tui::list::Motion;
use crate::tui::model::Screen;
use crate::tui::sheet::SheetAction;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves the cursor or scrolls.
    Move(Motion),
    /// Shows a screen.
    GoTo(Screen),
    /// Shows the next screen.
    NextScreen,
    /// Shows the previous screen.
    PreviousScreen,
    /// Begins typing a filter.
    EditFilter,
    /// Keeps the filter.
    KeepFilter,
    /// Takes the filter away.
    DropFilter,
    /// Has AWS search for what the filter looks for.
    SearchAws,
    /// Dismisses a message, or the filter.
    Dismiss,
    /// Marks the row and goes down.
    Mark,
    /// Marks all shown, or none.
    MarkAll,
    /// Marks everything from the row that was marked last.
    MarkRange,
    /// Marks what is shown and not marked, and nothing else of it.
    InvertMarks,
    /// Sorts by the next column.
    SortNext,
    /// Sorts the other way round.
    SortTurn,
    /// Opens the form.
    OpenForm,
    /// Opens a task's details, folds or unfolds a plan.
    OpenDetails,
    /// Opens the details of the plan.
    OpenPlan,
    /// Stops the screen of exports, or lets it go on.
    Freeze,
    /// Hides the plan's tasks.
    Fold,
    /// Shows the plan's tasks.
    Unfold,
    /// Moves or cuts in a text.
    Edit(Edit),
    /// Takes the last change of a field back.
    Undo,
    /// Makes it again.
    Redo,
    /// Loads again, or connects again.
    Reload,
    /// Asks whether to cancel the task.
    AskCancel,
    /// Asks whether to cancel everything of the plan.
    AskCancelPlan,
    /// Queues the task once more.
    Retry,
    /// Queues all failed tasks of the plan once more.
    RetryFailed,
    /// Holds the plan, or lets it go on.
    PausePlan,
    /// Holds the lane, or lets it go on.
    PauseLane,
    /// Moves the task, or the plan, within its lane's queue.
    Shift(Shift),
    /// Shows what would let the export service into the bucket.
    AskGrant,
    /// Applies the change that is shown.
    Apply,
    /// Shows what would undo the change that was made.
    AskUndo,
    /// Shows the lifecycle rules of the bucket.
    OpenRules,
    /// Opens the form for one more rule.
    AddRule,
    /// Opens the form for the rule.
    EditRule,
    /// Shows what removing the rule would change.
    RemoveRule,
    /// Something of the form's for a rule or a bucket.
    Sheet(SheetAction),
    /// Opens the form for a new bucket.
    NewBucket,
    /// Creates the bucket that is shown, or goes on with it.
    CreateBucket,
    /// Looks at the lane: screens 1, 2 and 4 and the form are about it.
    Browse,
    /// Asks where another lane is.
    AddLane,
    /// To the other field of that question.
    OtherField,
    /// Empties its field.
    ClearField,
    /// Connects to it.
    ConnectLane,
    /// Looks at what an export would hold.
    Peek,
    /// Looks at the log group before.
    PeekBack,
    /// Looks at the next log group.
    PeekOn,
    /// Looks once more.
    PeekAgain,
    /// Writes the plan file.
    SavePlan,
    /// Writes it in place of the file that is there.
    OverwritePlan,
    /// Queues what is shown.
    Enqueue,
    /// Shows what reading the task's objects back has found, or begins it.
    Verify,
    /// Stops reading back.
    StopVerifying,
    /// Asks whether to write down what was found.
    AskManifest,
    /// Shows the checks in full.
    OpenChecks,
    /// Asks whether to launch what a check blocks, or has the checks block again.
    AskUnchecked,
    /// The next status filter.
    NextStatus,
    /// Opens the form with the values of a task that has ended.
    RunAgain,
    /// Shows the keys.
    Help,
    /// Shows everything that was said.
    OpenMessages,
    /// Opens the command palette.
    OpenPalette,
    /// Does what is chosen in it.
    RunCommand,
    /// Closes what lies over the screen.
    Close,
    /// Says yes.
    Yes,
    /// Quits, after asking if need be.
    Quit,
    /// Quits as soon as nothing is under way.
    QuitWhenDone,
    /// Stops until the shell continues us.
    Suspend,
    /// Something with what has landed.
    Landed(LandedAction),
    /// Something with the object that is read.
    Reading(ReadingAction),
    /// Something with a copy of what has landed.
    Download(DownloadAction),
    /// Something of the form's.
    Form(FormAction),
    /// A test hook.
    Hook(Hook),
}
