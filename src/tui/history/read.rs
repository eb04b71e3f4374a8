//! Reading the ledger's past, as a future for the driver's background tasks.

use std::sync::Arc;

use super::query::Query;
use crate::domain::past::PastFilter;
use crate::domain::place::Lane;
use crate::ledger::{Ledger, PastMark};
use crate::tui::msg::Reply;

/// Tasks a page: more than any screen shows.
const PAGE: usize = 100;

/// A page of what is wanted of the past of `lane`.
pub async fn past(ledger: Ledger, lane: Lane, after: Option<PastMark>, wanted: Arc<PastFilter>) -> Reply {
    let mut query = Query::new(&wanted);
    let page = ledger.past(&lane, after, PAGE, move |glance| query.passes(glance)).await;
    Reply::Past(page.map_err(|error| error.to_string()))
}
