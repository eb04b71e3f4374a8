//! Making text from outside safe to show: names, messages and log lines are attacker-controlled.
//!
//! Whoever puts such text on a screen, on stdout or into a log line passes it through [`escape`] first. What is shown
//! then holds nothing that moves the cursor, turns the reading direction or hides between letters. Names keep their
//! real text everywhere else: escaping is for eyes, never for AWS.

use std::borrow::Cow;
use std::fmt::Write;

/// Characters that are not control characters and still draw nothing, or rearrange what is drawn. From the Unicode
/// Character Database: general category Cf without the visible Arabic and Syriac signs, line and paragraph separators,
/// and the letters and marks with `Default_Ignorable_Code_Point`. U+FE00..FE0F stay: they only choose how the character
/// before them looks, and every other emoji carries one.
const HIDDEN: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'),       // soft hyphen
    ('\u{34f}', '\u{34f}'),     // combining grapheme joiner
    ('\u{61c}', '\u{61c}'),     // Arabic letter mark
    ('\u{115f}', '\u{1160}'),   // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),   // Khmer inherent vowels
    ('\u{180b}', '\u{180f}'),   // Mongolian selectors and vowel separator
    ('\u{200b}', '\u{200f}'),   // zero-width space and joiners, direction marks
    ('\u{2028}', '\u{202e}'),   // line and paragraph separators, direction embeddings and overrides
    ('\u{2060}', '\u{206f}'),   // word joiner, invisible operators, direction isolates
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{feff}', '\u{feff}'),   // zero-width no-break space
    ('\u{ffa0}', '\u{ffa0}'),   // halfwidth Hangul filler
    ('\u{fff0}', '\u{fffb}'),   // interlinear annotation
    ('\u{13430}', '\u{1345f}'), // Egyptian hieroglyph format controls
    ('\u{1bca0}', '\u{1bca3}'), // shorthand format controls
    ('\u{1d173}', '\u{1d17a}'), // musical format controls
    ('\u{e0000}', '\u{e0fff}'), // tags, supplementary variation selectors
];

/// Whether a terminal would obey or swallow `c` instead of showing it.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// `text` with every character that [`is_hidden`] turned into something visible: `\n`, `\t`, `\r` or `\u{202e}`.
///
/// A backslash stays as it is: the result is for reading, not for turning back.
pub fn escape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_hidden) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut shown = String::with_capacity(text.len() + 8);
    shown.push_str(clean);
    rest.chars().for_each(|c| push_visible(&mut shown, c));
    Cow::Owned(shown)
}

fn push_visible(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\t' => shown.push_str("\\t"),
        '\r' => shown.push_str("\\r"),
        _ if is_hidden(c) => {
            // Writing into a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
        _ => shown.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_is_borrowed_as_it_is() {
        for text in ["", "/aws/lambda/checkout", "größe 日本語 naïve", "C:\\temp", "⚠\u{fe0f}"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(escape("a\nb\tc\rd"), "a\\nb\\tc\\rd");
        assert_eq!(escape("\u{1b}[2J\u{7}\u{0}"), "\\u{1b}[2J\\u{7}\\u{0}");
        assert_eq!(escape("\u{7f}\u{9b}31m"), "\\u{7f}\\u{9b}31m");
    }

    #[test]
    fn direction_overrides_become_visible() {
        assert_eq!(escape("txt.\u{202e}gpj"), "txt.\\u{202e}gpj");
        for c in ['\u{200e}', '\u{200f}', '\u{61c}', '\u{202a}', '\u{2066}', '\u{2069}'] {
            assert_eq!(escape(&c.to_string()), format!("\\u{{{:x}}}", u32::from(c)));
        }
    }

    #[test]
    fn invisible_characters_become_visible() {
        assert_eq!(escape("ad\u{200b}min\u{feff}"), "ad\\u{200b}min\\u{feff}");
        assert_eq!(escape("\u{2028}\u{2029}\u{2060}\u{ad}"), "\\u{2028}\\u{2029}\\u{2060}\\u{ad}");
        assert_eq!(escape("\u{e0041}\u{e0100}\u{3164}"), "\\u{e0041}\\u{e0100}\\u{3164}");
    }

    proptest! {
        #[test]
        fn what_is_shown_hides_nothing_and_is_not_escaped_twice(text in any::<String>()) {
            let shown = escape(&text).into_owned();
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert_eq!(escape(&shown), shown.as_str());
        }

        #[test]
        fn every_hidden_character_leaves_a_trace(text in "[a\u{202e}\u{200b}\u{1b}\n]{0,20}") {
            prop_assert!(escape(&text).chars().count() >= text.chars().count());
            prop_assert_eq!(escape(&text) == text, !text.chars().any(is_hidden));
        }
    }
}
