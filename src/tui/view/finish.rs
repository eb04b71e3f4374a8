//! The last pass over a frame: the ground of the theme, and ASCII where that is asked for.
//!
//! Views draw with our glyphs and the terminal's own ground; here alone is decided what becomes of them. Each glyph of
//! ours is one cell and has a stand-in of one, so nothing moves. Names from outside are left as they are.

use ratatui::buffer::Buffer;
use ratatui::style::Color;

use crate::tui::theme::Theme;

/// Puts the theme's ground under everything that has the terminal's.
pub fn ground(buffer: &mut Buffer, theme: Theme) {
    let Some((front, back)) = theme.ground() else { return };
    for cell in &mut buffer.content {
        if cell.fg == Color::Reset {
            cell.fg = front;
        }
        if cell.bg == Color::Reset {
            cell.bg = back;
        }
    }
}

/// Replaces every glyph of ours by one of ASCII.
pub fn to_ascii(buffer: &mut Buffer) {
    let width = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(width) {
        for at in 0..row.len() {
            let Some(glyph) = row.get(at).and_then(|cell| one_char(cell.symbol())) else { continue };
            let is_blank = |at: usize| row.get(at).is_some_and(|cell| cell.symbol() == " ");
            // An ellipsis that ends a sentence has room for its three dots.
            let ends = glyph == '…' && at > 0 && is_blank(at - 1) && is_blank(at + 1) && is_blank(at + 2);
            let (stand_in, cells) = if ends { (".", 3) } else { (ascii(glyph).unwrap_or_default(), 1) };
            if !stand_in.is_empty() {
                for cell in row.iter_mut().skip(at).take(cells) {
                    cell.set_symbol(stand_in);
                }
            }
        }
    }
}

fn one_char(symbol: &str) -> Option<char> {
    let mut chars = symbol.chars();
    chars.next().filter(|first| !first.is_ascii() && chars.next().is_none())
}

/// Glyphs, each a character, and what stands for any of them.
const STAND_INS: &[(&str, &str)] = &[
    ("─━╌┄·–—▱▍▎▅▄░", "-"),
    ("│┃┆┊‖", "|"),
    ("┌┐└┘├┤┬┴┼╭╮╰╯✓✔", "+"),
    ("…≈", "~"),
    ("✗✘×", "x"),
    ("⚠", "!"),
    ("→▸▶►›»≥", ">"),
    ("←◄◀‹«≤", "<"),
    ("↑▲▴", "^"),
    ("↓▼▾", "v"),
    ("■▰█▉▊▇▓", "#"),
    ("▋▌▆▒", "="),
    ("▏▃▂◌", "."),
    ("▁", "_"),
    ("●•", "*"),
    ("○◦", "o"),
    ("◍◐", "@"),
];

/// What stands for `glyph`, if it is one of ours.
fn ascii(glyph: char) -> Option<&'static str> {
    STAND_INS.iter().find(|(glyphs, _)| glyphs.contains(glyph)).map(|(_, stand_in)| *stand_in)
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;

    use super::*;

    fn shown(line: &str) -> String {
        let mut buffer = Buffer::with_lines([line]);
        to_ascii(&mut buffer);
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn glyphs_of_ours_become_ascii_and_nothing_moves() {
        assert_eq!(shown("┌─┐ ✓ 3 × a → b │ ▰▰▱"), "+-+ + 3 x a > b | ##-");
        assert_eq!(shown("/aws/l…yments"), "/aws/l~yments");
    }

    #[test]
    fn an_ellipsis_with_room_behind_it_is_three_dots() {
        assert_eq!(shown("loading …   "), "loading ... ");
        assert_eq!(shown("loading …"), "loading ~");
    }

    /// The snapshots show every screen: a glyph that is new on one of them needs a stand-in.
    #[test]
    fn every_glyph_on_any_screen_has_a_stand_in() {
        let tui = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui");
        let mut seen = 0;
        for folder in ["view/snapshots", "form/snapshots"] {
            for entry in std::fs::read_dir(tui.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                for glyph in std::fs::read_to_string(&path).unwrap().chars().filter(|glyph| !glyph.is_ascii()) {
                    assert!(ascii(glyph).is_some(), "{glyph:?} in {}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn names_from_outside_stay_as_they_are() {
        assert_eq!(
            shown("日誌 é"),
            Buffer::with_lines(["日誌 é"]).content.iter().map(Cell::symbol).collect::<String>()
        );
    }
}
