//! A line of an object as rows of the screen: escaped, with what is looked for marked, folded or cut.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::domain::sought::Sought;
use crate::domain::text::escape;

/// A run of a row's text, and whether it is what is looked for.
pub type Run = (String, bool);

/// How many rows of `width` cells `line` is folded into: one at least.
pub fn count(line: &str, width: usize) -> usize {
    if line.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return line.len().div_ceil(width.max(1)).max(1);
    }
    fold(line, "", width).len()
}

/// `line` folded into rows of at most `width` cells, wherever that is: spaces of a log line may say something.
pub fn fold(line: &str, sought: &str, width: usize) -> Vec<Vec<Run>> {
    let (mut rows, mut used) = (vec![Vec::new()], 0);
    each(line, sought, |grapheme, hit| {
        let cells = grapheme.width();
        if used > 0 && used + cells > width {
            rows.push(Vec::new());
            used = 0;
        }
        used += cells;
        if let Some(row) = rows.last_mut() {
            push(row, grapheme, hit);
        }
        true
    });
    rows
}

/// The part of `line` that is in sight in `width` cells, from its cell `left` on; more of it is told by `…`.
pub fn cut(line: &str, sought: &str, left: usize, width: usize) -> Vec<Run> {
    let (mut row, mut at) = (Vec::new(), 0);
    each(line, sought, |grapheme, hit| {
        let cells = grapheme.width();
        if at >= left {
            if at + cells > left + width {
                shorten(&mut row);
                return false;
            }
            push(&mut row, grapheme, hit);
        }
        at += cells;
        true
    });
    row
}

/// Its last letter makes room for the sign that there is more.
fn shorten(row: &mut [Run]) {
    if let Some((text, _)) = row.last_mut() {
        let cut = text.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        text.truncate(cut);
        text.push('…');
    }
}

fn push(row: &mut Vec<Run>, grapheme: &str, hit: bool) {
    match row.last_mut() {
        Some((text, last)) if *last == hit => text.push_str(grapheme),
        Some(_) | None => row.push((grapheme.to_owned(), hit)),
    }
}

/// Calls `take` with each letter of the line as it is shown, until that says no.
fn each(line: &str, sought: &str, mut take: impl FnMut(&str, bool) -> bool) {
    let mut at = 0;
    let hits = Sought::new(sought).ranges(line);
    let ends = std::iter::once(line.len()..line.len());
    for hit in hits.into_iter().chain(ends) {
        for (part, is_hit) in [(at..hit.start, false), (hit.clone(), true)] {
            let shown = escape(line.get(part).unwrap_or_default());
            if !shown.graphemes(true).all(|grapheme| take(grapheme, is_hit)) {
                return;
            }
        }
        at = hit.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn runs(row: &[Run]) -> Vec<(&str, bool)> {
        row.iter().map(|(text, hit)| (text.as_str(), *hit)).collect()
    }

    #[test]
    fn what_is_looked_for_is_marked_across_rows() {
        let rows = fold("GET /err 500 error", "err", 6);
        assert_eq!(runs(&rows[0]), [("GET /", false), ("e", true)]);
        assert_eq!(runs(&rows[1]), [("rr", true), (" 500", false)]);
        assert_eq!(runs(&rows[2]), [(" ", false), ("err", true), ("or", false)]);
    }

    #[test]
    fn nothing_in_a_line_is_obeyed() {
        assert_eq!(runs(&fold("a\u{1b}[2J\u{202e}", "", 80)[0]), [("a\\u{1b}[2J\\u{202e}", false)]);
        assert_eq!(runs(&cut("日本語", "", 0, 5)), [("日…", false)]);
        assert_eq!(runs(&cut("abcdef", "cd", 1, 4)), [("b", false), ("cd", true), ("…", false)]);
        assert_eq!(cut("abc", "", 5, 4), []);
    }

    proptest! {
        #[test]
        fn rows_fit_and_are_as_many_as_counted(line in any::<String>(), width in 12_usize..40) {
            let rows = fold(&line, "a", width);
            prop_assert_eq!(rows.len(), count(&line, width));
            for row in &rows {
                let cells: usize = row.iter().map(|(text, _)| text.width()).sum();
                prop_assert!(cells <= width + 1, "{row:?}");
            }
        }
    }
}
