//! Screen 2: buckets.

use ratatui::Frame;

use super::groups::{Instead, count, instead};
use super::table::{self, Cells, Column};
use super::{hint, problem, rules, task_words, title, verdict};
use crate::domain::inventory::{Bucket, Encryption};
use crate::domain::place::Region;
use crate::domain::preflight::{self, Verdict};
use crate::domain::problem::Problem;
use crate::tui::layout::Areas;
use crate::tui::model::{Detail, Model, Screen};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "Bucket", least: 16, most: 64, right: false, drop: 0 },
    Column { head: "Region", least: 16, most: 16, right: false, drop: 1 },
    Column { head: "Encryption", least: 13, most: 13, right: false, drop: 2 },
    Column { head: "Policy", least: 17, most: 17, right: false, drop: 0 },
    Column { head: "Created", least: 10, most: 10, right: false, drop: 3 },
    // Wide enough that at 120 columns the names of buckets stand whole instead.
    Column { head: "Lifecycle", least: 36, most: 80, right: false, drop: 4 },
];

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = &model.buckets.list;
    title(theme, out, areas.title, Screen::Buckets.title(), &count(list), Some(list.filter()));
    match instead(list, &["No buckets in this account.", "n creates one that exports can go into; R loads again."]) {
        Some(Instead::Problem(trouble)) => problem::page(theme, out, areas.body, trouble),
        Some(Instead::Words(words)) => hint(theme, out, areas.body, words),
        None => table::draw(theme, out, areas.body, COLUMNS, list, Screen::Buckets.row_height(), |b| row(model, b)),
    }
}

fn row(model: &Model, bucket: &Bucket) -> Cells {
    let detail = model.buckets.details.get(&bucket.name);
    let known = match detail {
        Some(Detail::Known(known)) => Some(known.as_ref()),
        Some(Detail::Asked(_)) | None => None,
    };
    let region = known.map(|known| &known.region);
    Cells {
        mark: None,
        columns: vec![
            (bucket.name.clone(), Role::Text),
            place(model, region.and_then(|told| told.as_ref().ok()).or(bucket.region.as_ref()), region),
            known.map_or_else(unknown, |known| encryption(model, &known.encryption)),
            known.map_or_else(unknown, |known| verdict::cell(known.policy.verdict)),
            bucket.created.map_or_else(|| ("–".to_owned(), Role::Muted), |at| (task_words::day(at), Role::Muted)),
            known.map_or_else(unknown, |known| rules::cell(&known.lifecycle)),
        ],
        under: None,
    }
}

fn unknown() -> (String, Role) {
    ("…".to_owned(), Role::Muted)
}

/// A bucket elsewhere cannot be exported to.
fn place(model: &Model, told: Option<&Region>, answer: Option<&Result<Region, Problem>>) -> (String, Role) {
    match (told, answer) {
        (Some(region), _) => {
            let here = model.link().is_none_or(|link| link.region == *region);
            verdict::judged(&region.0, if here { Verdict::Pass } else { Verdict::Block })
        }
        (None, Some(Err(trouble))) => verdict::refused(trouble),
        (None, Some(Ok(_)) | None) => unknown(),
    }
}

fn encryption(model: &Model, answer: &Result<Encryption, Problem>) -> (String, Role) {
    match (answer, model.link()) {
        (Err(trouble), _) => verdict::refused(trouble),
        (Ok(encryption), Some(link)) => {
            verdict::judged(encryption.word(), preflight::encryption(&link.region, answer, false).verdict)
        }
        (Ok(encryption), None) => (encryption.word().to_owned(), Role::Text),
    }
}
