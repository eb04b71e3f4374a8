//! Fitting text into cells: widths as terminals count them, outside text made safe first.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::escape;

/// Outside text, escaped and cut in the middle to at most `width` cells: both ends of a long name tell it apart.
pub fn fit_middle(text: &str, width: usize) -> String {
    let safe = escape(text);
    if safe.width() <= width {
        return safe.into_owned();
    }
    if width == 0 {
        return String::new();
    }
    let tail_room = (width - 1) / 2;
    let head_room = width - 1 - tail_room;
    let head = take_cells(safe.graphemes(true), head_room);
    let mut tail: Vec<&str> = take_cells(safe.graphemes(true).rev(), tail_room);
    tail.reverse();
    format!("{}…{}", head.concat(), tail.concat())
}

/// Outside text, escaped and cut at the end to at most `width` cells.
pub fn fit_end(text: &str, width: usize) -> String {
    let safe = escape(text);
    if safe.width() <= width {
        return safe.into_owned();
    }
    match width {
        0 => String::new(),
        _ => format!("{}…", take_cells(safe.graphemes(true), width - 1).concat()),
    }
}

fn take_cells<'a>(graphemes: impl Iterator<Item = &'a str>, room: usize) -> Vec<&'a str> {
    let mut left = room;
    graphemes
        .take_while(|g| {
            let fits = g.width() <= left;
            left = left.saturating_sub(g.width());
            fits
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(fit_middle("/aws/lambda/checkout-payments", 13), "/aws/l…yments");
        assert_eq!(fit_middle("short", 13), "short");
        assert_eq!(fit_middle("日本語日本語", 5), "日…語");
        assert_eq!(fit_middle("abc", 0), "");
        assert_eq!(fit_end("abcdef", 4), "abc…");
    }
}
