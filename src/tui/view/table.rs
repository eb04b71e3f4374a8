//! The table all four listings are drawn with. Virtual: only rows on screen are formatted. Columns that do not fit are
//! dropped in a defined order.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::tui::cells::{fit_middle, pad};
use crate::tui::hits::{moved, underlined};
use crate::tui::list::{List, Row};
use crate::tui::search::Search;
use crate::tui::theme::{Role, Theme};

/// Cells before a second line.
const LEAD: usize = 5;

/// Cells of outside text on a second line that are worth more than the whole of what stands before it.
const CUT_LEAST: usize = 24;

/// Cells between columns.
const GAP: usize = 2;

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// Cells it needs.
    pub least: usize,
    /// Cells it takes if there is room.
    pub most: usize,
    /// Numbers stand at the right.
    pub right: bool,
    /// Dropped when room is short, the highest first; 0 stays.
    pub drop: u8,
}

/// One row, formatted.
#[derive(Clone, Debug)]
pub struct Cells {
    /// A text (still to be fitted) and a role for each column.
    pub columns: Vec<(String, Role)>,
    /// A sign before the row, one cell.
    pub mark: Option<char>,
    /// The second line of listings whose rows have two.
    pub under: Option<Under>,
}

/// A second line: what must be read in full, then what may be cut.
#[derive(Clone, Debug)]
pub struct Under {
    /// Shown whole.
    pub whole: String,
    /// Shown in its place where the rest would have to be cut otherwise.
    pub narrow: String,
    /// Outside text, cut in the middle.
    pub cut: String,
}

/// Cells each column gets in `width`; `None` for dropped ones.
pub fn widths(columns: &[Column], width: usize) -> Vec<Option<usize>> {
    let mut kept: Vec<bool> = vec![true; columns.len()];
    let need = |kept: &[bool]| -> usize {
        columns.iter().zip(kept).filter(|(_, kept)| **kept).map(|(column, _)| column.least + GAP).sum()
    };
    while need(&kept) > width + GAP {
        let droppable =
            columns.iter().enumerate().filter(|(at, column)| kept.get(*at) == Some(&true) && column.drop > 0);
        let Some((at, _)) = droppable.max_by_key(|(_, column)| column.drop) else { break };
        if let Some(kept) = kept.get_mut(at) {
            *kept = false;
        }
    }
    let mut spare = (width + GAP).saturating_sub(need(&kept));
    let mut hungry = columns.iter().zip(&kept).filter(|(column, kept)| **kept && column.most > column.least).count();
    let give = |(column, kept): (&Column, &bool)| {
        kept.then(|| {
            if column.most <= column.least {
                return column.least;
            }
            let extra = (spare / hungry.max(1)).min(column.most - column.least);
            spare -= extra;
            hungry -= 1;
            column.least + extra
        })
    };
    columns.iter().zip(&kept).map(give).collect()
}

/// Draws the rows of `list` that are on screen, `format`ted one by one.
pub fn draw<T: Row>(
    theme: Theme,
    out: &mut Frame<'_>,
    area: Rect,
    columns: &[Column],
    list: &List<T>,
    row_height: u16,
    format: impl Fn(&T) -> Cells,
) {
    let widths = widths(columns, usize::from(area.width).saturating_sub(4));
    out.render_widget(head(theme, columns, &widths, list.sorted_by()), Rect { height: area.height.min(1), ..area });
    let room = area.height.saturating_sub(1) / row_height;
    let mut y = area.y + 1;
    let mut search = Some(list.filter().text()).filter(|text| T::RANKED && !text.is_empty()).map(Search::new);
    for (place, row) in list.on_screen(usize::from(room.max(1))) {
        let cells = format(row);
        let hits = search.as_mut().map(|search| search.hits(row.name())).unwrap_or_default();
        let look = Look { theme, here: place == list.cursor(), hits: &hits, width: usize::from(area.width) };
        for line in lines(look, columns, &widths, &cells) {
            if y < area.bottom() {
                out.render_widget(line, Rect { y, height: 1, ..area });
            }
            y += 1;
        }
    }
}

/// The heads; that of the column the rows are sorted by is marked, in the gap before it where it has no room of its own.
fn head(
    theme: Theme,
    columns: &[Column],
    widths: &[Option<usize>],
    sorted: Option<(&'static str, char)>,
) -> Line<'static> {
    let mut line = "   ".to_owned();
    let cells = columns.iter().zip(widths).filter_map(|(column, width)| Some((column, (*width)?)));
    for (at, (column, width)) in cells.enumerate() {
        let mark = sorted.and_then(|(head, mark)| (head == column.head).then_some(mark));
        let fits = column.head.width() + GAP <= width;
        let (gap, text) = match mark {
            None => ("  ".to_owned(), column.head.to_owned()),
            Some(mark) if !fits => (format!(" {mark}"), column.head.to_owned()),
            Some(mark) if column.right => ("  ".to_owned(), format!("{mark} {}", column.head)),
            Some(mark) => ("  ".to_owned(), format!("{} {mark}", column.head)),
        };
        if at > 0 {
            line.push_str(&gap);
        }
        line.push_str(&pad(&text, width, column.right));
    }
    Line::styled(line, theme.style(Role::Muted))
}

/// How a row is drawn.
#[derive(Clone, Copy)]
struct Look<'a> {
    theme: Theme,
    /// Whether the cursor is on it.
    here: bool,
    /// Which characters of its name the filter has matched.
    hits: &'a [usize],
    width: usize,
}

impl Look<'_> {
    /// Under the cursor the whole row has one look: colours inside reverse video are hard to read.
    fn style(&self, role: Role) -> Style {
        self.theme.style(if self.here { Role::Cursor } else { role })
    }
}

fn lines(look: Look<'_>, columns: &[Column], widths: &[Option<usize>], cells: &Cells) -> Vec<Line<'static>> {
    let Look { here, width, .. } = look;
    let style = |role| look.style(role);
    let lead = format!("{}{} ", if here { '›' } else { ' ' }, cells.mark.unwrap_or(' '));
    let mut spans = vec![Span::styled(lead, style(Role::Marked))];
    let columns = columns.iter().zip(widths).zip(&cells.columns).enumerate();
    for (at, ((column, column_width), (text, role))) in columns {
        if let Some(column_width) = column_width {
            let fitted = fit_middle(text, *column_width);
            let hits = if at == 0 { moved(look.hits, text, &fitted) } else { Vec::new() };
            spans.extend(underlined(&pad(&fitted, *column_width, column.right), &hits, style(*role)));
            spans.push(Span::styled("  ", style(Role::Text)));
        }
    }
    let mut shown = vec![spans];
    if let Some(under) = &cells.under {
        let fits = LEAD + under.whole.width() + under.cut.width().min(CUT_LEAST) < width;
        let whole = format!("{:LEAD$}{}", "", if fits { &under.whole } else { &under.narrow });
        let whole = Span::styled(whole, style(Role::Muted));
        let cut = fit_middle(&under.cut, width.saturating_sub(whole.width() + 1));
        shown.push(vec![whole, Span::styled(cut, style(Role::Muted))]);
    }
    shown.into_iter().map(|spans| filled(spans, width, style(Role::Text))).collect()
}

fn filled(mut spans: Vec<Span<'static>>, width: usize, style: Style) -> Line<'static> {
    let used: usize = spans.iter().map(Span::width).sum();
    spans.push(Span::styled(" ".repeat(width.saturating_sub(used)), style));
    Line::from(spans)
}
