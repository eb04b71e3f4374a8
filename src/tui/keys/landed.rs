//! Keys of what has landed: a task's objects, one of them that is read, a copy of them; and when they mean something.

use crossterm::event::KeyCode;

use super::enabled::{Verdict, task};
use super::{Action, Binding, Context, ENTER, ESC, bind, c, ctrl, k};
use crate::tui::landed::LandedAction;
use crate::tui::landed::download::{Download, DownloadAction};
use crate::tui::landed::reading::ReadingAction;
use crate::tui::model::{Model, Subject};
use crate::tui::places::Place;

const OPEN: Action = Action::Landed(LandedAction::Open);
const URI: Action = Action::Landed(LandedAction::CopyUri);
const LINE: Action = Action::Landed(LandedAction::CopyLine);
const CONSOLE: Action = Action::Landed(LandedAction::Console);
const ONE: Action = Action::Download(DownloadAction::One);
const ALL: Action = Action::Download(DownloadAction::All);
const NEXT: Action = Action::Reading(ReadingAction::Match(true));
const PREVIOUS: Action = Action::Reading(ReadingAction::Match(false));
const RIGHT: Action = Action::Reading(ReadingAction::Shift(true));
const LEFT: Action = Action::Reading(ReadingAction::Shift(false));

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(Context::Exports, &[c('o')], OPEN, 4, "objects", "The objects the task has left in its bucket")
        .when(on_landed),
    bind(Context::TaskDetails, &[c('o')], OPEN, 3, "objects", "The objects it has left in its bucket").when(on_landed),
    bind(Context::History, &[c('o')], OPEN, 3, "objects", "The objects the task has left in its bucket")
        .when(on_landed),
    bind(Context::PastDetails, &[c('o')], OPEN, 3, "objects", "The objects it has left in its bucket").when(on_landed),
    bind(
        Context::TaskDetails,
        &[c('y')],
        URI,
        0,
        "",
        "Copy the S3 URI of all it has left, by way of the terminal (OSC 52)",
    )
    .when(on_landed),
    bind(Context::TaskDetails, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches all of it")
        .when(on_landed),
    bind(
        Context::TaskDetails,
        &[c('O')],
        CONSOLE,
        0,
        "",
        "Show the URL of its folder in the AWS console, and copy that",
    )
    .when(on_landed),
    bind(
        Context::PastDetails,
        &[c('y')],
        URI,
        0,
        "",
        "Copy the S3 URI of all it has left, by way of the terminal (OSC 52)",
    )
    .when(on_landed),
    bind(Context::PastDetails, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches all of it")
        .when(on_landed),
    bind(
        Context::PastDetails,
        &[c('O')],
        CONSOLE,
        0,
        "",
        "Show the URL of its folder in the AWS console, and copy that",
    )
    .when(on_landed),
    bind(Context::Landed, &[ENTER], Action::Reading(ReadingAction::Open), 1, "read", "Read the object, unpacked")
        .when(on_object),
    bind(Context::Landed, &[c('d')], ONE, 2, "download", "Download the object: asks for the directory first")
        .when(on_object),
    bind(Context::Landed, &[c('D')], ALL, 3, "all", "Download all objects of the task, filtered out or not")
        .when(on_objects),
    bind(Context::Landed, &[c('y')], URI, 4, "copy URI", "Copy the object's S3 URI, by way of the terminal (OSC 52)")
        .when(on_object),
    bind(Context::Landed, &[c('Y')], LINE, 0, "", "Copy the line by which the AWS CLI fetches it, quoted for a shell")
        .when(on_object),
    bind(Context::Landed, &[c('O')], CONSOLE, 0, "", "Show the URL of its page in the AWS console, and copy that")
        .when(on_object),
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
    bind(Context::Reading, &[c('n')], NEXT, 2, "next", "To the next line that has it").when(on_sought),
    bind(Context::Reading, &[c('N')], PREVIOUS, 0, "", "To the line before that has it").when(on_sought),
    bind(Context::Reading, &[c('#')], Action::Reading(ReadingAction::AskLine), 4, "line", "Go to a line by its number"),
    bind(Context::Reading, &[c('w')], Action::Reading(ReadingAction::Wrap), 3, "wrap", "Fold long lines, or cut them"),
    bind(Context::Reading, &[k(KeyCode::Right), c('l')], RIGHT, 0, "", "To the right, where lines are cut")
        .when(on_cut_lines),
    bind(Context::Reading, &[k(KeyCode::Left), c('h')], LEFT, 0, "", "To the left").when(on_cut_lines),
    bind(Context::Reading, &[c('R')], Action::Reload, 0, "", "Read it again from where it lies"),
    bind(Context::Reading, &[c('d')], ONE, 4, "download", "Download it: asks for the directory first"),
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
    bind(Context::Download, &[ENTER], Action::Download(DownloadAction::Begin), 1, "download", "Begin"),
    bind(Context::Download, &[ctrl('u')], Action::ClearField, 0, "", "Empty the field"),
    bind(Context::Download, &[ESC], Action::Close, 2, "close", "Back; nothing is downloaded"),
    bind(
        Context::Downloading,
        &[c('c')],
        Action::Download(DownloadAction::Stop),
        2,
        "stop",
        "Stop it: what is whole stays, nothing is left of the rest",
    )
    .when(on_download),
    bind(
        Context::Downloading,
        &[k(KeyCode::F(2))],
        Action::Download(DownloadAction::Replace),
        2,
        "replace",
        "Download everything again, over the files that are there",
    )
    .when(on_kept_files),
];

/// A task whose objects can be looked at: AWS has it, or had, and its lane can be asked.
fn on_landed(model: &Model) -> Verdict {
    let place = match model.subject() {
        Some(Subject::Past(_)) => Some(model.places.here_id()),
        Some(Subject::Task(_) | Subject::Plan(_) | Subject::Bucket(_)) | None => {
            let task = task(model)?;
            if task.spec.destination.store.bucket().is_none() {
                return Err("its objects are files of this machine: its details tell where");
            }
            match &task.remote {
                None if task.state.is_end() => return Err("AWS never had this task: nothing of it is in the bucket"),
                None => return Err("this task has not begun: nothing of it is in the bucket yet"),
                Some(_) => model.places.of_lane(&task.lane),
            }
        }
    };
    let linked = place.and_then(|id| model.places.get(id)).and_then(Place::link);
    linked.map(|_| ()).ok_or("its lane is not connected: choose it on 5 first")
}

/// An object of a task.
fn on_object(model: &Model) -> Verdict {
    let under_cursor = model.landed.as_deref().and_then(|landed| landed.list.current());
    if under_cursor.is_some() || model.reading.is_some() { Ok(()) } else { Err("no object here") }
}

/// Objects of a task.
fn on_objects(model: &Model) -> Verdict {
    let some = model.landed.as_deref().is_some_and(|landed| !landed.list.rows().is_empty());
    some.then_some(()).ok_or("there are no objects here")
}

/// A download that goes on.
fn on_download(model: &Model) -> Verdict {
    model.is_downloading().then_some(()).ok_or("nothing is being downloaded")
}

/// A download that has left files as they were.
fn on_kept_files(model: &Model) -> Verdict {
    let kept = model.download.as_deref().is_some_and(Download::has_kept);
    kept.then_some(()).ok_or("no file was in the way")
}

/// An object that is read, and a text that is looked for in it.
fn on_sought(model: &Model) -> Verdict {
    let sought = model.reading.as_deref().is_some_and(|reading| !reading.sought.is_empty());
    sought.then_some(()).ok_or("nothing is looked for: / asks for a text")
}

/// An object whose lines are not folded.
fn on_cut_lines(model: &Model) -> Verdict {
    let cut = model.reading.as_deref().is_some_and(|reading| !reading.wrap);
    cut.then_some(()).ok_or("lines are folded: w cuts them")
}
