//! Text of one line under a cursor: typing, pasting, and nothing that a terminal would obey.

use crossterm::event::{Event, KeyCode, KeyEvent};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::escape;

/// What a key does to a text, beyond putting a letter in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// To the beginning.
    Start,
    /// To the end.
    End,
    /// To the beginning of the word before the cursor.
    WordBack,
    /// To the beginning of the word behind it.
    WordOn,
    /// Deletes up to the beginning of the word before it.
    CutWordBack,
    /// Deletes up to the beginning of the word behind it.
    CutWordOn,
    /// Deletes up to the end.
    CutRest,
    /// Deletes everything.
    CutAll,
}

/// Moves in `input`, or cuts; whether its text changed.
pub fn edit(input: &mut Input, edit: Edit) -> bool {
    let request = match edit {
        Edit::Start => InputRequest::GoToStart,
        Edit::End => InputRequest::GoToEnd,
        Edit::WordBack => InputRequest::GoToPrevWord,
        Edit::WordOn => InputRequest::GoToNextWord,
        Edit::CutWordBack => InputRequest::DeletePrevWord,
        Edit::CutWordOn => InputRequest::DeleteNextWord,
        Edit::CutRest => InputRequest::DeleteTillEnd,
        Edit::CutAll => InputRequest::DeleteLine,
    };
    input.handle(request).is_some_and(|changed| changed.value)
}

/// Gives a key to `input`; whether its text changed.
pub fn type_key(input: &mut Input, key: KeyEvent) -> bool {
    if matches!(key.code, KeyCode::Char(c) if !is_typable(c)) {
        return false;
    }
    input.handle_event(&Event::Key(key)).is_some_and(|changed| changed.value)
}

/// Puts `text` where the cursor is, the cursor after it.
pub fn insert(input: &mut Input, text: &str) {
    let cursor = input.cursor();
    let (before, after) = split(input);
    let joined = format!("{before}{text}{after}");
    *input = std::mem::take(input).with_value(joined).with_cursor(cursor + text.chars().count());
}

/// The text before and after the cursor.
pub fn split(input: &Input) -> (&str, &str) {
    let text = input.value();
    let at = text.char_indices().nth(input.cursor()).map_or(text.len(), |(at, _)| at);
    text.split_at(at)
}

/// `text` without control characters and line separators: a field is one line.
pub fn without_controls(text: &str) -> String {
    text.chars().filter(|c| is_typable(*c)).collect()
}

fn is_typable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// The part of `input` that is in sight in `room` cells, scrolled so that the cursor is; and the cursor's cell in it.
pub fn window(input: &tui_input::Input, room: usize) -> (String, usize) {
    let (before, after) = split(input);
    let (before, after) = (escape(before), escape(after));
    let mut hidden = 0;
    let scroll = before.width().saturating_sub(room);
    let skipped = before.graphemes(true).take_while(|grapheme| {
        let goes = hidden < scroll;
        hidden += if goes { grapheme.width() } else { 0 };
        goes
    });
    let start: usize = skipped.map(str::len).sum();
    let text = format!("{}{after}", &before[start..]);
    let mut left = room;
    let shown = text.graphemes(true).take_while(|grapheme| {
        let fits = grapheme.width() <= left;
        left = left.saturating_sub(grapheme.width());
        fits
    });
    (shown.collect(), before[start..].width())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tui_input::Input;

    #[test]
    fn a_long_text_scrolls_with_its_cursor() {
        let input = Input::new("abcdefgh".to_owned());
        assert_eq!(window(&input, 5), ("defgh".to_owned(), 5));
        assert_eq!(window(&input.clone().with_cursor(2), 5), ("abcde".to_owned(), 2));
        assert_eq!(window(&input.with_cursor(6), 5), ("bcdef".to_owned(), 5));
        assert_eq!(window(&Input::new("日本語".to_owned()), 5), ("本語".to_owned(), 4));
    }

    #[test]
    fn hidden_characters_in_a_field_are_visible_and_moved_over() {
        assert_eq!(window(&Input::new("a\u{202e}".to_owned()), 20), ("a\\u{202e}".to_owned(), 9));
    }

    #[test]
    fn words_are_walked_over_and_cut() {
        let mut input = Input::new("/ecs/web prod".to_owned());
        for (step, at) in
            [(Edit::WordBack, 9), (Edit::WordBack, 5), (Edit::WordOn, 9), (Edit::End, 13), (Edit::Start, 0)]
        {
            assert!(!edit(&mut input, step), "{step:?} changes nothing");
            assert_eq!(input.cursor(), at, "{step:?}");
        }
        for (cut, left) in [
            (Edit::CutWordOn, "ecs/web prod"),
            (Edit::CutWordOn, "web prod"),
            (Edit::End, "web prod"),
            (Edit::CutWordBack, "web "),
            (Edit::WordBack, "web "),
            (Edit::CutRest, ""),
        ] {
            edit(&mut input, cut);
            assert_eq!(input.value(), left, "{cut:?}");
        }
        assert!(!edit(&mut input, Edit::CutAll), "nothing is left to cut");
    }

    proptest! {
        #[test]
        fn what_is_in_sight_fits_and_holds_the_cursor(text in any::<String>(), cursor in 0usize..20, room in 0usize..30) {
            let (shown, at) = window(&Input::new(text).with_cursor(cursor), room);
            prop_assert!(shown.width() <= room.max(1) + 1, "{shown:?}");
            prop_assert!(at <= room);
        }
    }
}
