//! Keys of buckets: in their list and on a bucket's own page.

use super::{Action, Binding, Context, ENTER, ESC, bind, c, enabled};

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
