//! Fitting text into cells: widths as terminals count them, outside text made safe first.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub use crate::domain::amount::thousands;
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

/// `text` in exactly `width` cells, at the left or the right of them. It must have been fitted before.
pub fn pad(text: &str, width: usize, right: bool) -> String {
    let room = " ".repeat(width.saturating_sub(text.width()));
    if right { format!("{room}{text}") } else { format!("{text}{room}") }
}

/// Outside text, escaped and broken into lines of at most `width` cells, between words where it can be.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let safe = escape(text);
    let mut lines = vec![String::new()];
    for word in safe.split_whitespace() {
        let used = lines.last().map_or(0, |line| line.width());
        if used > 0 && used + 1 + word.width() > width {
            lines.push(String::new());
        }
        for (at, grapheme) in word.graphemes(true).enumerate() {
            let used = lines.last().map_or(0, |line| line.width());
            if used > 0 && used + grapheme.width() > width {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if at == 0 && !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(grapheme);
            }
        }
    }
    lines
}

/// Outside text, escaped and broken into lines of at most `width` cells wherever that is: for text whose spaces say
/// something, as those of JSON do.
pub fn fold(text: &str, width: usize) -> Vec<String> {
    let safe = escape(text);
    let (mut lines, mut used) = (vec![String::new()], 0);
    for grapheme in safe.graphemes(true) {
        if used > 0 && used + grapheme.width() > width {
            lines.push(String::new());
            used = 0;
        }
        used += grapheme.width();
        if let Some(line) = lines.last_mut() {
            line.push_str(grapheme);
        }
    }
    lines
}

/// `1 task`, `15,000 tasks`.
pub fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
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

    #[test]
    fn words_wrap_and_long_ones_break() {
        assert_eq!(wrap("the bucket's policy", 10), ["the", "bucket's", "policy"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn folding_keeps_every_space() {
        assert_eq!(fold("  \"a\": 1", 4), ["  \"a", "\": 1"]);
        assert_eq!(fold("", 4), [""]);
    }

    #[test]
    fn numbers_read_in_thousands() {
        let shown = [0_u64, 999, 1_000, 15_000, 1_234_567].map(thousands);
        assert_eq!(shown, ["0", "999", "1,000", "15,000", "1,234,567"]);
        assert_eq!([counted(1_u64, "task"), counted(2_000_u64, "task")], ["1 task", "2,000 tasks"]);
    }

    #[test]
    fn numbers_stand_at_the_right() {
        assert_eq!(pad("12", 4, true), "  12");
        assert_eq!(pad("日", 4, false), "日  ");
    }
}
