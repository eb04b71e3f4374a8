//! Keys of the listings that are looked through, and of every screen.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, ESC, PEEK, bind, c, ctrl, enabled, k};
use crate::tui::list::Motion;
use crate::tui::model::Screen;

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(
        Context::Groups,
        &[ENTER],
        Action::OpenForm,
        1,
        "export",
        "Open the export form with the marked log groups, or the one under the cursor",
    )
    .when(enabled::on_group),
    bind(Context::Groups, &[c('e')], Action::OpenForm, 1, "export", "The same, also without a log group"),
    bind(Context::Groups, &[c(' ')], Action::Mark, 2, "mark", "Mark or unmark the log group and go down")
        .when(enabled::on_group),
    bind(
        Context::Groups,
        &[c('a')],
        Action::MarkAll,
        4,
        "all",
        "Mark all log groups shown that have the filter's words as they stand (all, if none has), or clear the marks",
    )
    .when(enabled::on_group),
    bind(
        Context::Groups,
        &[ctrl(' '), c('V')],
        Action::MarkRange,
        0,
        "",
        "Mark all log groups from the one marked last to the one under the cursor",
    )
    .when(enabled::on_range),
    bind(
        Context::Groups,
        &[c('*')],
        Action::InvertMarks,
        0,
        "",
        "Mark the log groups shown that are not marked, and unmark those that are",
    )
    .when(enabled::on_group),
    bind(
        Context::Groups,
        &[ctrl('f')],
        Action::SearchAws,
        3,
        "search AWS",
        "Have AWS search for the longest word of the filter while not all log groups are loaded",
    )
    .when(enabled::can_search_aws),
    bind(
        Context::Groups,
        &[PEEK],
        Action::Peek,
        8,
        "peek",
        "Peek at the marked log groups, or the one under the cursor: the first and last events of the form's range, or of \
         the last 24 hours, and how much there is",
    )
    .when(enabled::on_group),
    bind(Context::History, &[ENTER], Action::OpenDetails, 1, "details", "Everything AWS and the ledger know of the task")
        .when(enabled::on_past),
    bind(Context::History, &[c('r')], Action::RunAgain, 2, "run again", "Open the export form with the same values")
        .when(enabled::on_past),
    bind(Context::History, &[c('b')], Action::NextStatus, 3, "state", "Show only tasks in the next state: it writes `state:` into the filter")
        .when(enabled::can_filter),
    bind(
        Context::Lists,
        &[c('/')],
        Action::EditFilter,
        3,
        "filter",
        "Show only rows with this text; of log groups and buckets those with its letters, the best first: `'word` as it \
         stands, `!word` without it; of past tasks those with each word \
         somewhere, and `state:failed`, `group:`, `bucket:`, `plan:`, `from:` and `to:` (the window), `since:` and \
         `until:` (when it was begun). Capitals matter only if you type one",
    )
    .when(enabled::can_filter),
    bind(
        Context::Lists,
        &[c('s')],
        Action::SortNext,
        0,
        "",
        "Sort by the next column of which every row is known; past tasks as far as they are loaded. It is remembered",
    )
    .when(enabled::can_sort),
    bind(Context::Lists, &[c('S')], Action::SortTurn, 0, "", "Sort the other way round").when(enabled::can_sort),
    bind(Context::Lists, &[c('R')], Action::Reload, 5, "reload", "Load the listing again, or connect the lane again")
        .when(enabled::can_reload),
    bind(Context::Lists, &[k(KeyCode::Up), c('k')], Action::Move(Motion::Up), 0, "", "Up"),
    bind(Context::Lists, &[k(KeyCode::Down), c('j')], Action::Move(Motion::Down), 0, "", "Down"),
    bind(Context::Lists, &[k(KeyCode::PageUp)], Action::Move(Motion::PageUp), 0, "", "A page up"),
    bind(Context::Lists, &[k(KeyCode::PageDown)], Action::Move(Motion::PageDown), 0, "", "A page down"),
    bind(Context::Lists, &[ctrl('u')], Action::Move(Motion::HalfUp), 0, "", "Half a page up"),
    bind(Context::Lists, &[ctrl('d')], Action::Move(Motion::HalfDown), 0, "", "Half a page down"),
    bind(Context::Lists, &[k(KeyCode::Home), c('g')], Action::Move(Motion::First), 0, "", "To the first row"),
    bind(Context::Lists, &[k(KeyCode::End), c('G')], Action::Move(Motion::Last), 0, "", "To the last row"),
    bind(Context::Screens, &[c('1')], Action::GoTo(Screen::Groups), 0, "", "Log groups"),
    bind(Context::Screens, &[c('2')], Action::GoTo(Screen::Buckets), 0, "", "Buckets"),
    bind(Context::Screens, &[c('3')], Action::GoTo(Screen::Exports), 0, "", "Exports"),
    bind(Context::Screens, &[c('4')], Action::GoTo(Screen::History), 0, "", "History"),
    bind(Context::Screens, &[c('5')], Action::GoTo(Screen::Lanes), 0, "", "Lanes"),
    bind(Context::Screens, &[c('6')], Action::GoTo(Screen::Form), 0, "", "The export form"),
    bind(Context::Screens, &[k(KeyCode::Tab)], Action::NextScreen, 0, "", "The next screen"),
    bind(Context::Screens, &[k(KeyCode::BackTab)], Action::PreviousScreen, 0, "", "The previous screen"),
    bind(Context::Screens, &[ESC], Action::Dismiss, 0, "", "Dismiss the message, or else the filter"),
    bind(
        Context::Screens,
        &[c('!')],
        Action::OpenMessages,
        0,
        "messages",
        "Everything that was said since the start, the last first: what stood on the message line, and failures shown elsewhere",
    ),
    bind(Context::Screens, &[c('?')], Action::Help, 6, "help", "These keys"),
    bind(Context::Screens, &[c('q')], Action::Quit, 7, "quit", "Quit; asks first if work would stand still"),
    bind(Context::Filter, &[ENTER], Action::KeepFilter, 1, "keep", "Keep the filter and go back to the list"),
    bind(Context::Filter, &[ESC], Action::DropFilter, 2, "clear", "Take the filter away"),
    bind(Context::Filter, &[ctrl('f')], Action::SearchAws, 3, "search AWS", "The same, of log groups")
        .when(enabled::can_search_aws),
    bind(Context::Filter, &[k(KeyCode::Up)], Action::Move(Motion::Up), 0, "", "Up"),
    bind(Context::Filter, &[k(KeyCode::Down)], Action::Move(Motion::Down), 0, "", "Down"),
];
