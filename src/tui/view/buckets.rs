//! Screen 2: buckets.

use ratatui::Frame;

use super::groups::{Instead, count, instead};
use super::table::{self, Cells, Column};
use super::{hint, problem, task_words, title};
use crate::domain::inventory::{Bucket, Encryption};
use crate::domain::problem::{Problem, ProblemKind};
use crate::tui::layout::Areas;
use crate::tui::model::{Detail, Model, Screen};
use crate::tui::theme::Role;

const COLUMNS: &[Column] = &[
    Column { head: "Bucket", least: 16, most: 64, right: false, drop: 0 },
    Column { head: "Region", least: 14, most: 14, right: false, drop: 1 },
    Column { head: "Encryption", least: 11, most: 11, right: false, drop: 0 },
    Column { head: "Created", least: 10, most: 10, right: false, drop: 2 },
];

/// Draws the screen.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas) {
    let theme = model.settings.theme;
    let list = &model.buckets.list;
    title(theme, out, areas.title, Screen::Buckets.title(), &count(list), Some(list.filter()));
    match instead(
        list,
        &[
            "No buckets in this account.",
            "Create one in S3 with a policy that lets CloudWatch Logs write, then press R.",
        ],
    ) {
        Some(Instead::Problem(trouble)) => problem::page(theme, out, areas.body, trouble),
        Some(Instead::Words(words)) => hint(theme, out, areas.body, words),
        None => table::draw(theme, out, areas.body, COLUMNS, list, Screen::Buckets.row_height(), |b| row(model, b)),
    }
}

fn row(model: &Model, bucket: &Bucket) -> Cells {
    let detail = model.buckets.details.get(&bucket.name);
    Cells {
        mark: None,
        columns: vec![
            (bucket.name.clone(), Role::Text),
            region(model, bucket, detail),
            encryption(detail),
            bucket.created.map_or_else(|| ("–".to_owned(), Role::Muted), |at| (task_words::day(at), Role::Muted)),
        ],
        under: None,
    }
}

/// A bucket elsewhere cannot be exported to: its Region is a warning.
fn region(model: &Model, bucket: &Bucket, detail: Option<&Detail>) -> (String, Role) {
    let told = match detail {
        Some(Detail::Known { region: Ok(region), .. }) => Some(region),
        Some(Detail::Known { region: Err(_), .. } | Detail::Asked(_)) | None => bucket.region.as_ref(),
    };
    match (told, detail) {
        (Some(region), _) => {
            let here = model.link().is_none_or(|link| link.region == *region);
            (region.to_string(), if here { Role::Text } else { Role::Warning })
        }
        (None, Some(Detail::Known { region: Err(trouble), .. })) => refused(trouble),
        (None, _) => ("…".to_owned(), Role::Muted),
    }
}

fn encryption(detail: Option<&Detail>) -> (String, Role) {
    match detail {
        Some(Detail::Known { encryption: Ok(encryption), .. }) => {
            let role = match encryption {
                Encryption::S3 => Role::Good,
                Encryption::Kms(_) | Encryption::KmsDual => Role::Warning,
                Encryption::None | Encryption::Other(_) => Role::Text,
            };
            (encryption.word().to_owned(), role)
        }
        Some(Detail::Known { encryption: Err(trouble), .. }) => refused(trouble),
        Some(Detail::Asked(_)) | None => ("…".to_owned(), Role::Muted),
    }
}

fn refused(trouble: &Problem) -> (String, Role) {
    let words = if trouble.kind == ProblemKind::AccessDenied { "no access" } else { "unavailable" };
    (words.to_owned(), Role::Muted)
}
