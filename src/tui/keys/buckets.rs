//! Keys of buckets: in their list and on a bucket's own page.

use super::{Action, Binding, Context, ENTER, bind, c, enabled};

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
    bind(Context::BucketDetails, &[c('e')], Action::OpenForm, 2, "export to", "Open the export form with this bucket"),
    bind(Context::BucketDetails, &[c('R')], Action::Reload, 4, "check again", "Make the checks again"),
];
