//! Keys of buckets: in their list and on a bucket's own page.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, ESC, bind, c, ctrl, enabled, k};
use crate::tui::sheet::SheetAction;

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(Context::Buckets, &[ENTER], Action::OpenForm, 1, "export to", "Open the export form with this bucket")
        .when(enabled::on_bucket),
    bind(Context::Buckets, &[c('e')], Action::OpenForm, 1, "export", "The same, also without a bucket"),
    bind(
        Context::Buckets,
        &[c('i')],
        Action::OpenDetails,
        2,
        "checks",
        "The bucket's own page: its settings, and what they mean for exports",
    )
    .when(enabled::on_bucket),
    bind(
        Context::Buckets,
        &[c('a')],
        Action::AskGrant,
        3,
        "allow",
        "See what its policy lacks for exports, and add it: the logs service is let in",
    )
    .when(enabled::on_bucket_of_known_account)
    .changing(),
    bind(
        Context::BucketDetails,
        &[c('a')],
        Action::AskGrant,
        2,
        "allow",
        "See what its policy lacks for exports, and add it: the logs service is let in",
    )
    .when(enabled::on_bucket_of_known_account)
    .changing(),
    bind(
        Context::Buckets,
        &[c('n')],
        Action::NewBucket,
        4,
        "new",
        "Create a bucket in this Region: a form, then a page that tells exactly what will be created",
    )
    .when(enabled::known_account)
    .changing(),
    bind(Context::Buckets, &[c('l')], Action::OpenRules, 0, "", "The bucket's lifecycle rules")
        .when(enabled::on_bucket),
    bind(
        Context::BucketDetails,
        &[c('l')],
        Action::OpenRules,
        3,
        "lifecycle",
        "The bucket's lifecycle rules: see, add, edit, remove them",
    ),
    bind(Context::Rules, &[c('n')], Action::AddRule, 1, "new", "A new rule: archive, expire, abort incomplete uploads")
        .when(enabled::on_known_rules)
        .changing(),
    bind(Context::Rules, &[ENTER, c('e')], Action::EditRule, 2, "edit", "Edit the rule; it stays on or off, as it is")
        .when(enabled::on_rule)
        .changing(),
    bind(
        Context::Rules,
        &[c('d')],
        Action::RemoveRule,
        3,
        "remove",
        "See what removing the rule changes, and remove it",
    )
    .when(enabled::on_rule)
    .changing(),
    bind(Context::Rules, &[c('R')], Action::Reload, 5, "reload", "Look at the bucket's rules again"),
    bind(Context::Rules, &[ESC, c('q')], Action::Close, 4, "close", "Back"),
    bind(
        Context::Sheet,
        &[ENTER, ctrl('s')],
        Action::Sheet(SheetAction::Submit),
        1,
        "see it",
        "See exactly what would be done; nothing is done yet",
    ),
    bind(
        Context::Sheet,
        &[k(KeyCode::Tab), k(KeyCode::Down)],
        Action::Sheet(SheetAction::Next),
        2,
        "next",
        "The next field; ←, → or Space choose where there is something to choose",
    ),
    bind(
        Context::Sheet,
        &[k(KeyCode::BackTab), k(KeyCode::Up)],
        Action::Sheet(SheetAction::Previous),
        0,
        "",
        "The previous field",
    ),
    bind(Context::Sheet, &[ctrl('u')], Action::Sheet(SheetAction::Clear), 0, "", "Empty the field"),
    bind(Context::Sheet, &[ESC], Action::Close, 3, "close", "Close it; nothing is done"),
    bind(Context::Creation, &[ENTER, c('y')], Action::CreateBucket, 1, "create", "Create the bucket")
        .when(enabled::on_shown_creation)
        .changing(),
    bind(
        Context::Creation,
        &[c('R')],
        Action::CreateBucket,
        1,
        "try again",
        "Try again what failed, or go on with the steps that are left",
    )
    .when(enabled::on_failed_creation)
    .changing(),
    bind(
        Context::Creation,
        &[ESC, c('n'), c('q')],
        Action::Close,
        2,
        "close",
        "Back to the form, or to the buckets once the bucket is there",
    ),
    bind(Context::Change, &[ENTER, c('y')], Action::Apply, 1, "apply", "Write the change to the bucket")
        .when(enabled::on_change)
        .changing(),
    bind(Context::Change, &[c('u')], Action::AskUndo, 1, "undo", "See what would undo the change that was made")
        .when(enabled::on_applied_change)
        .changing(),
    bind(
        Context::Change,
        &[c('R')],
        Action::Reload,
        4,
        "look again",
        "Look at the bucket again, and work the change out anew",
    )
    .when(enabled::on_refused_change),
    bind(Context::Change, &[ESC, c('n'), c('q')], Action::Close, 2, "close", "Back; what is not applied is not done"),
    bind(Context::BucketDetails, &[c('e')], Action::OpenForm, 2, "export to", "Open the export form with this bucket"),
    bind(Context::BucketDetails, &[c('R')], Action::Reload, 4, "check again", "Make the checks again"),
];
