//! Keys of what has landed: a task's objects, and one of them that is read.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, ESC, bind, c, ctrl, enabled, k};
use crate::tui::landed::LandedAction;
use crate::tui::landed::reading::ReadingAction;

const OPEN: Action = Action::Landed(LandedAction::Open);
const URI: Action = Action::Landed(LandedAction::CopyUri);
const LINE: Action = Action::Landed(LandedAction::CopyLine);
const CONSOLE: Action = Action::Landed(LandedAction::Console);
const NEXT: Action = Action::Reading(ReadingAction::Match(true));
const PREVIOUS: Action = Action::Reading(ReadingAction::Match(false));
const RIGHT: Action = Action::Reading(ReadingAction::Shift(true));
const LEFT: Action = Action::Reading(ReadingAction::Shift(false));

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(Context::Exports, &[c('o')], OPEN, 4, "objects", "The objects the task has left in its bucket")
        .when(enabled::on_landed),
    bind(Context::TaskDetails, &[c('o')], OPEN, 3, "objects", "The objects it has left in its bucket")
        .when(enabled::on_landed),
    bind(Context::History, &[c('o')], OPEN, 3, "objects", "The objects the task has left in its bucket")
        .when(enabled::on_landed),
    bind(Context::PastDetails, &[c('o')], OPEN, 3, "objects", "The objects it has left in its bucket")
        .when(enabled::on_landed),
    bind(
        Context::TaskDetails,
        &[c('y')],
        URI,
        0,
        "",
        "Copy the S3 URI of all it has left, by way of the terminal (OSC 52)",
    )
    .when(enabled::on_landed),
    bind(Context::TaskDetails, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches all of it")
        .when(enabled::on_landed),
    bind(
        Context::TaskDetails,
        &[c('O')],
        CONSOLE,
        0,
        "",
        "Show the URL of its folder in the AWS console, and copy that",
    )
    .when(enabled::on_landed),
    bind(
        Context::PastDetails,
        &[c('y')],
        URI,
        0,
        "",
        "Copy the S3 URI of all it has left, by way of the terminal (OSC 52)",
    )
    .when(enabled::on_landed),
    bind(Context::PastDetails, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches all of it")
        .when(enabled::on_landed),
    bind(
        Context::PastDetails,
        &[c('O')],
        CONSOLE,
        0,
        "",
        "Show the URL of its folder in the AWS console, and copy that",
    )
    .when(enabled::on_landed),
    bind(Context::Landed, &[ENTER], Action::Reading(ReadingAction::Open), 1, "read", "Read the object, unpacked")
        .when(enabled::on_object),
    bind(Context::Landed, &[c('y')], URI, 4, "copy URI", "Copy the object's S3 URI, by way of the terminal (OSC 52)")
        .when(enabled::on_object),
    bind(Context::Landed, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches it, quoted for a shell")
        .when(enabled::on_object),
    bind(Context::Landed, &[c('O')], CONSOLE, 0, "", "Show the URL of its page in the AWS console, and copy that")
        .when(enabled::on_object),
    bind(Context::Landed, &[c('?')], Action::Help, 6, "help", "These keys"),
    bind(
        Context::Landed,
        &[ESC, c('q')],
        Action::Landed(LandedAction::Leave),
        5,
        "back",
        "Take the filter away, or else go back",
    ),
    bind(
        Context::Reading,
        &[c('/')],
        Action::Reading(ReadingAction::AskText),
        1,
        "look for",
        "Look for a text from here on. Capitals matter only if you type one",
    ),
    bind(Context::Reading, &[c('n')], NEXT, 2, "next", "To the next line that has it").when(enabled::on_sought),
    bind(Context::Reading, &[c('N')], PREVIOUS, 0, "", "To the line before that has it").when(enabled::on_sought),
    bind(Context::Reading, &[c('#')], Action::Reading(ReadingAction::AskLine), 4, "line", "Go to a line by its number"),
    bind(Context::Reading, &[c('w')], Action::Reading(ReadingAction::Wrap), 3, "wrap", "Fold long lines, or cut them"),
    bind(Context::Reading, &[k(KeyCode::Right), c('l')], RIGHT, 0, "", "To the right, where lines are cut")
        .when(enabled::on_cut_lines),
    bind(Context::Reading, &[k(KeyCode::Left), c('h')], LEFT, 0, "", "To the left").when(enabled::on_cut_lines),
    bind(Context::Reading, &[c('R')], Action::Reload, 0, "", "Read it again from where it lies"),
    bind(Context::Reading, &[c('y')], URI, 0, "", "Copy its S3 URI, by way of the terminal (OSC 52)"),
    bind(Context::Reading, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches it, quoted for a shell"),
    bind(Context::Reading, &[c('O')], CONSOLE, 0, "", "Show the URL of its page in the AWS console, and copy that"),
    bind(
        Context::Reading,
        &[ESC, c('q')],
        Action::Reading(ReadingAction::Leave),
        5,
        "back",
        "Stop looking for a text, or else go back to the objects",
    ),
    bind(Context::Prompt, &[ENTER], Action::Reading(ReadingAction::Answer), 1, "go", "Go there"),
    bind(Context::Prompt, &[ctrl('u')], Action::ClearField, 0, "", "Empty the field"),
    bind(Context::Prompt, &[ESC], Action::Reading(ReadingAction::Abandon), 2, "close", "Back to the text"),
];
