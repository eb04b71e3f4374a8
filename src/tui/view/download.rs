//! The page of a download: where to, how far it is, what came of it.

use ratatui::Frame;
use ratatui::text::{Line, Span};

use super::problem::{self, field};
use super::proof::bar;
use crate::domain::landed::links;
use crate::export::landed::Copied;
use crate::tui::cells::{counted, fit_middle, thousands};
use crate::tui::landed::download::{Download, DownloadPage, Stage};
use crate::tui::layout::Areas;
use crate::tui::line::window;
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};

/// The words before the directory.
const INTO: &str = " ▸ Directory    ┃";

/// Cells of them.
const INTO_CELLS: usize = 17;

/// Draws the page; while the directory is typed the terminal's cursor stands in it.
pub fn draw(model: &Model, out: &mut Frame<'_>, areas: Areas, shown: &DownloadPage) {
    let Some(download) = &model.download else { return };
    let (title, lines) = page(model.settings.theme, download, usize::from(areas.body.width));
    super::page(model, out, areas, &title, lines, shown.top);
    if let Stage::Typing = download.stage {
        let (_, at) = directory(download, usize::from(areas.body.width));
        let column = u16::try_from(INTO_CELLS + at).unwrap_or(u16::MAX);
        if column < areas.body.width && areas.body.height > 0 {
            out.set_cursor_position((areas.body.x + column, areas.body.y));
        }
    }
}

/// How many lines the page has.
pub fn lines(model: &Model, areas: Areas) -> usize {
    let width = usize::from(areas.body.width);
    model.download.as_ref().map_or(0, |download| page(model.settings.theme, download, width).1.len())
}

/// Title and lines of at most `width` cells.
fn page(theme: Theme, download: &Download, width: usize) -> (String, Vec<Line<'static>>) {
    let title = format!("Download · {}", fit_middle(&download.what(), width / 2));
    let mut lines = match &download.stage {
        Stage::Typing => typing(theme, download, width),
        Stage::Going(_, progress) => {
            let mut lines = field(theme, "Copying", &progress.to_string(), Role::Active, width);
            lines.extend(field(theme, "", &bar(progress), Role::Active, width));
            lines.extend(field(theme, "", "Esc leaves it going on, c stops it", Role::Muted, width));
            lines
        }
        Stage::Stopped => {
            let told = "what was whole by then stays, nothing is left of the others";
            field(theme, "Stopped", told, Role::Warning, width)
        }
        Stage::Refused(trouble) => problem::lines(theme, trouble, width),
        Stage::Done(copied) => done(theme, copied, width),
    };
    if !matches!(download.stage, Stage::Typing) {
        lines.extend(field(theme, "Directory", download.directory.value().trim(), Role::Text, width));
    }
    let key = download.one.as_ref().map(|object| object.name.as_str()).unwrap_or_default();
    let from = links::uri(&download.folder.bucket, &download.folder.key(key));
    lines.extend(field(theme, "From", &from, Role::Text, width));
    if let Stage::Done(copied) = &download.stage {
        lines.extend(reasons(theme, copied, width));
    }
    (title, lines)
}

fn directory(download: &Download, width: usize) -> (String, usize) {
    window(download.directory.input(), width.saturating_sub(INTO_CELLS + 2))
}

fn typing(theme: Theme, download: &Download, width: usize) -> Vec<Line<'static>> {
    let (shown, _) = directory(download, width);
    let mut lines = vec![Line::from(vec![
        Span::styled(INTO, theme.style(Role::Key)),
        Span::styled(shown, theme.style(Role::Text)),
    ])];
    let told = "each object becomes <stream>/000000.gz below it, packed as it is; a file that is there is left alone";
    lines.extend(field(theme, "", told, Role::Muted, width));
    lines
}

fn done(theme: Theme, copied: &Copied, width: usize) -> Vec<Line<'static>> {
    let Copied { saved, kept, failed, .. } = copied;
    let told = format!("{}, {}", counted(saved.objects, "object"), saved.bytes);
    let good = *failed == 0 && (saved.objects > 0 || *kept == 0);
    let (sign, role) = if good { ("✓", Role::Good) } else { ("!", Role::Warning) };
    let mut lines = field(theme, "Downloaded", &format!("{sign} {told}"), role, width);
    if *kept > 0 {
        let told = format!("{}: F2 downloads everything again, over what is there", counted(*kept, "file"));
        lines.extend(field(theme, "There already", &told, Role::Warning, width));
    }
    if *failed > 0 {
        lines.extend(field(theme, "Not copied", &counted(*failed, "object"), Role::Bad, width));
    }
    lines
}

fn reasons(theme: Theme, copied: &Copied, width: usize) -> Vec<Line<'static>> {
    let told = copied.reasons.iter().map(|(name, why)| format!("{name}: {why}"));
    let mut lines: Vec<Line<'static>> = told.flat_map(|told| field(theme, "✗", &told, Role::Bad, width)).collect();
    let more = copied.failed.saturating_sub(copied.reasons.len() as u64);
    if more > 0 {
        lines.extend(field(theme, "", &format!("and {} more", thousands(more)), Role::Muted, width));
    }
    lines
}
