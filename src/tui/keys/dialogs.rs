//! Keys of the form, of what lies over screens, and of everywhere.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, ESC, PEEK, bind, c, ctrl, enabled, k};
use crate::tui::form::FormAction;
use crate::tui::hooks::Hook;
use crate::tui::list::Motion;

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(
        Context::Form,
        &[k(KeyCode::Tab), k(KeyCode::Down)],
        Action::Form(FormAction::NextField),
        4,
        "next",
        "The next field",
    ),
    bind(
        Context::Form,
        &[k(KeyCode::BackTab), k(KeyCode::Up)],
        Action::Form(FormAction::PreviousField),
        0,
        "",
        "The previous field",
    ),
    bind(
        Context::Form,
        &[ENTER],
        Action::Form(FormAction::Confirm),
        0,
        "",
        "Choose, go on to the next field, or on the last line see what will be queued",
    ),
    bind(
        Context::Form,
        &[ctrl('s')],
        Action::Form(FormAction::Submit),
        1,
        "export",
        "See what will be queued, from any field",
    ),
    bind(
        Context::Form,
        &[ctrl('o')],
        Action::Form(FormAction::Pick),
        2,
        "pick",
        "Pick log groups or the bucket from a list, a day from a calendar",
    ),
    bind(Context::Form, &[ctrl('p')], Action::Form(FormAction::NextPreset), 5, "preset", "The next preset range"),
    bind(Context::Form, &[ctrl('t')], Action::Form(FormAction::ToggleZone), 6, "zone", "UTC or local time"),
    bind(
        Context::Form,
        &[k(KeyCode::F(4))],
        Action::Form(FormAction::ToggleEngine),
        0,
        "",
        "Have AWS export, or logferry itself: the direct engine",
    ),
    bind(
        Context::Form,
        &[k(KeyCode::F(2))],
        Action::Form(FormAction::Save),
        9,
        "save",
        "Save it as a plan file, for `logferry export PLAN.TOML`",
    ),
    bind(
        Context::Form,
        &[PEEK],
        Action::Peek,
        8,
        "peek",
        "The first and last events of the range, and how much there is, from a few calls",
    ),
    bind(Context::Form, &[ctrl('u')], Action::Form(FormAction::ClearField), 0, "", "Empty the field"),
    bind(
        Context::Form,
        &[ctrl('r')],
        Action::Reload,
        0,
        "",
        "Load log groups and buckets again, for new ones, and check again what stands in the form",
    ),
    bind(
        Context::Form,
        &[ctrl('l')],
        Action::OpenChecks,
        3,
        "checks",
        "Every check of what stands in the form, with reasons and what to do",
    ),
    bind(
        Context::Form,
        &[ctrl('g')],
        Action::AskGrant,
        2,
        "allow",
        "See what the bucket's policy lacks for this export, and add it: the logs service is let in",
    )
    .when(enabled::on_missing_grant)
    .changing(),
    bind(
        Context::Form,
        &[ctrl('n')],
        Action::NewBucket,
        2,
        "create",
        "Create the bucket, which is not there: a form, then a page that tells exactly what will be created",
    )
    .when(enabled::on_missing_bucket)
    .changing(),
    bind(
        Context::Form,
        &[ctrl('v')],
        Action::Form(FormAction::TrustKey),
        0,
        "",
        "Take it that the bucket's own KMS key lets the logs service in, or no longer",
    )
    .when(enabled::on_own_key),
    bind(
        Context::Form,
        &[ctrl('x')],
        Action::AskUnchecked,
        0,
        "",
        "Launch what a check blocks all the same, after a question; or have checks block again",
    )
    .when(enabled::on_block),
    bind(Context::Form, &[ESC], Action::Form(FormAction::Leave), 7, "back", "Back; nothing typed is lost"),
    bind(
        Context::Picker,
        &[ENTER],
        Action::Form(FormAction::Confirm),
        1,
        "choose",
        "Choose what is marked, or else the name under the cursor",
    ),
    bind(Context::Picker, &[c(' ')], Action::Form(FormAction::Mark), 2, "mark", "Mark the log group and go down")
        .when(enabled::picks_several),
    bind(
        Context::Picker,
        &[ESC, ctrl('o')],
        Action::Form(FormAction::Leave),
        3,
        "close",
        "Back to the form without choosing",
    ),
    bind(
        Context::Picker,
        &[k(KeyCode::Down), k(KeyCode::Tab)],
        Action::Form(FormAction::NextField),
        0,
        "",
        "Down; any other text narrows the list",
    ),
    bind(Context::Picker, &[k(KeyCode::Up), k(KeyCode::BackTab)], Action::Form(FormAction::PreviousField), 0, "", "Up"),
    bind(Context::Picker, &[ctrl('u')], Action::Form(FormAction::ClearField), 0, "", "Show every name again"),
    bind(Context::Review, &[ENTER, c('y')], Action::Enqueue, 1, "queue", "Queue all of it")
        .when(enabled::can_be_queued)
        .changing(),
    bind(
        Context::Review,
        &[ESC, c('n'), c('q')],
        Action::Close,
        2,
        "back",
        "Back to the form; nothing is queued and nothing typed is lost",
    ),
    bind(
        Context::Checks,
        &[ctrl('r'), c('R')],
        Action::Reload,
        2,
        "check again",
        "Check again, and load again what the form judges names by",
    ),
    bind(
        Context::Checks,
        &[ctrl('g')],
        Action::AskGrant,
        1,
        "allow",
        "See what the bucket's policy lacks for this export, and add it: the logs service is let in",
    )
    .when(enabled::on_missing_grant)
    .changing(),
    bind(
        Context::Checks,
        &[ctrl('n')],
        Action::NewBucket,
        2,
        "create",
        "Create the bucket, which is not there: a form, then a page that tells exactly what will be created",
    )
    .when(enabled::on_missing_bucket)
    .changing(),
    bind(
        Context::Checks,
        &[ctrl('v')],
        Action::Form(FormAction::TrustKey),
        3,
        "trust the key",
        "Take it that the bucket's own KMS key lets the logs service in, or no longer",
    )
    .when(enabled::on_own_key),
    bind(
        Context::Checks,
        &[ctrl('x')],
        Action::AskUnchecked,
        4,
        "launch anyway",
        "Launch what a check blocks all the same, after a question; or have checks block again",
    )
    .when(enabled::on_block),
    bind(
        Context::AddLane,
        &[ENTER],
        Action::ConnectLane,
        1,
        "connect",
        "Connect there, and drive what is queued there",
    ),
    bind(
        Context::AddLane,
        &[k(KeyCode::Tab), k(KeyCode::Down), k(KeyCode::BackTab), k(KeyCode::Up)],
        Action::OtherField,
        2,
        "other field",
        "The other field",
    ),
    bind(Context::AddLane, &[ctrl('u')], Action::ClearField, 0, "", "Empty the field"),
    bind(Context::AddLane, &[ESC], Action::Close, 3, "close", "Close it without adding a lane"),
    bind(Context::Peek, &[k(KeyCode::Left), c('h')], Action::PeekBack, 2, "other group", "The log group before")
        .when(enabled::on_several_groups),
    bind(Context::Peek, &[k(KeyCode::Right), c('l')], Action::PeekOn, 0, "", "The next log group")
        .when(enabled::on_several_groups),
    bind(Context::Peek, &[PEEK, c('R')], Action::PeekAgain, 4, "look again", "Look once more"),
    bind(Context::SavePlan, &[ENTER], Action::SavePlan, 1, "save", "Write the file, unless there is one of that name"),
    bind(
        Context::SavePlan,
        &[k(KeyCode::F(2))],
        Action::OverwritePlan,
        2,
        "overwrite",
        "Write it in place of the one that is there",
    )
    .when(enabled::on_file_in_the_way),
    bind(Context::SavePlan, &[ctrl('u')], Action::ClearField, 0, "", "Empty the field"),
    bind(Context::SavePlan, &[ESC], Action::Close, 3, "close", "Back to the form; nothing is written"),
    bind(Context::Pager, &[ESC, ENTER, c('q'), c('?')], Action::Close, 1, "close", "Back to the screen"),
    bind(Context::Scroll, &[k(KeyCode::Up), c('k')], Action::Move(Motion::Up), 0, "", "Scroll up"),
    bind(Context::Scroll, &[k(KeyCode::Down), c('j')], Action::Move(Motion::Down), 3, "scroll", "Scroll down"),
    bind(Context::Scroll, &[k(KeyCode::PageUp), ctrl('u')], Action::Move(Motion::PageUp), 0, "", "A page up"),
    bind(
        Context::Scroll,
        &[k(KeyCode::PageDown), ctrl('d'), c(' ')],
        Action::Move(Motion::PageDown),
        0,
        "",
        "A page down",
    ),
    bind(Context::Scroll, &[k(KeyCode::Home), c('g')], Action::Move(Motion::First), 0, "", "To the beginning"),
    bind(Context::Scroll, &[k(KeyCode::End), c('G')], Action::Move(Motion::Last), 0, "", "To the end"),
    bind(Context::Confirm, &[c('y')], Action::Yes, 1, "yes", "Yes"),
    bind(
        Context::Confirm,
        &[c('w')],
        Action::QuitWhenDone,
        2,
        "wait",
        "Of quitting: wait, and quit as soon as nothing is under way or queued",
    )
    .when(enabled::on_quitting),
    bind(Context::Confirm, &[c('n'), ESC, c('q')], Action::Close, 3, "no", "No"),
    bind(Context::Always, &[k(KeyCode::F(1))], Action::Help, 7, "help", "These keys, also while typing")
        .when(enabled::no_help_yet),
    bind(Context::Always, &[ctrl('c')], Action::Quit, 0, "", "Quit; a second time without waiting"),
    bind(Context::Always, &[ctrl('z')], Action::Suspend, 0, "", "Stop until the shell's `fg`"),
    bind(Context::Always, &[k(KeyCode::F(10))], Action::Hook(Hook::Flood), 0, "", "").when(enabled::test_hooks),
    bind(Context::Always, &[k(KeyCode::F(11))], Action::Hook(Hook::PanicHere), 0, "", "").when(enabled::test_hooks),
    bind(Context::Always, &[k(KeyCode::F(12))], Action::Hook(Hook::PanicInTask), 0, "", "").when(enabled::test_hooks),
];
