//! Themes, `NO_COLOR` and `--ascii`: what really reaches the terminal.

use crate::support::pty::Terminal;

/// Whether the program chose a colour: an SGR sequence with one of the sixteen, or more.
fn is_coloured(tail: &str) -> bool {
    let sequences = tail.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
    let numbers = sequences.filter(|(inside, _)| inside.bytes().all(|b| b.is_ascii_digit() || b == b';'));
    let mut codes = numbers.flat_map(|(inside, _)| inside.split(';').filter_map(|code| code.parse::<u32>().ok()));
    codes.any(|code| matches!(code, 30..=38 | 40..=48 | 90..=97 | 100..=107))
}

fn drawn(arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::start((100, 30), &[&["--sandbox"], arguments].concat(), environment);
    terminal.wait_for("/aws/lambda/");
    terminal
}

#[test]
fn no_color_means_no_colour_and_an_option_comes_before_it() {
    assert!(is_coloured(&drawn(&[], &[]).tail()));
    let plain = drawn(&[], &[("NO_COLOR", "1")]).tail();
    assert!(!is_coloured(&plain) && plain.contains("\x1b[7m"), "no colour, and the cursor is seen");
    assert!(!is_coloured(&drawn(&["--theme", "monochrome"], &[]).tail()));
    assert!(is_coloured(&drawn(&["--theme", "light"], &[("NO_COLOR", "1")]).tail()));
}

#[test]
fn with_ascii_set_no_glyph_of_ours_is_written() {
    let mut terminal = drawn(&["--ascii"], &[]);
    for (key, shown) in
        [("?", "more lines below"), ("\x1b", "stored"), ("3", "No exports yet"), ("4", "failed"), ("5", "slot")]
    {
        terminal.keys(key);
        terminal.wait_until(shown, |screen| {
            screen.lines.iter().any(|line| line.to_lowercase().contains(&shown.to_lowercase()))
        });
    }
    // What somebody called a task stays as it is called.
    let tail = terminal.tail();
    let glyphs: String = tail.chars().filter(|c| !c.is_ascii() && !c.is_alphabetic()).collect();
    assert!(glyphs.is_empty(), "{glyphs:?}");
}
