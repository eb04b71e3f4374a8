//! Lines of a text that streams by: those that came last are kept, the others are forgotten. Bounded whatever the text is
//! like, one endless line included.

use std::collections::VecDeque;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

/// What is kept of the text, each line with `OVERHEAD`: some fifty thousand lines of usual length.
pub const KEPT: usize = 8 * 1024 * 1024;
/// The longest line, in bytes; what is longer goes on as another line.
pub const LONGEST: usize = 8 * 1024;
/// What a line takes beyond its text, roughly.
const OVERHEAD: usize = 48;

/// The lines that are kept.
#[derive(Clone, Debug, Default)]
pub struct Window {
    first: u64,
    lines: VecDeque<Arc<str>>,
    bytes: usize,
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
}

impl Window {
    /// The number of the first line that is kept, counted from 0.
    pub const fn first(&self) -> u64 {
        self.first
    }

    /// The number of the line that comes next: so many have come.
    pub fn next(&self) -> u64 {
        self.first + self.lines.len() as u64
    }

    /// Takes what comes next of the text, wherever it is cut.
    pub fn push(&mut self, mut text: &[u8]) {
        while let Some(end) = memchr::memchr(b'\n', text) {
            self.gather(&text[..end]);
            let line = mem::take(&mut self.rest);
            self.keep(line.strip_suffix(b"\r").unwrap_or(&line));
            text = &text[end + 1..];
        }
        self.gather(text);
    }

    /// The text has ended: what has no line break behind it is a line too.
    pub fn end(&mut self) {
        let line = mem::take(&mut self.rest);
        if !line.is_empty() {
            self.keep(&line);
        }
    }

    /// Adds to the line that has begun; of a long one all but the last part is kept as lines.
    fn gather(&mut self, mut text: &[u8]) {
        while self.rest.len() + text.len() > LONGEST {
            let (now, later) = text.split_at(LONGEST - self.rest.len());
            self.rest.extend_from_slice(now);
            let whole = whole_letters(&self.rest);
            let cut = self.rest.split_off(whole);
            let line = mem::replace(&mut self.rest, cut);
            self.keep(&line);
            text = later;
        }
        self.rest.extend_from_slice(text);
    }

    fn keep(&mut self, line: &[u8]) {
        let line: Arc<str> = String::from_utf8_lossy(line).into();
        self.bytes += line.len() + OVERHEAD;
        self.lines.push_back(line);
        while self.bytes > KEPT
            && let Some(old) = self.lines.pop_front()
        {
            self.bytes -= old.len() + OVERHEAD;
            self.first += 1;
        }
    }

    /// The kept lines among these.
    pub fn lines(&self, wanted: Range<u64>) -> impl DoubleEndedIterator<Item = (u64, &Arc<str>)> {
        let place = |number: u64| {
            let place = usize::try_from(number.saturating_sub(self.first)).unwrap_or(usize::MAX);
            place.min(self.lines.len())
        };
        let places = place(wanted.start)..place(wanted.end).max(place(wanted.start));
        let first = self.first + places.start as u64;
        // Counted from their own beginning: an iterator that goes both ways has to know its length.
        let numbered = self.lines.range(places).enumerate();
        numbered.map(move |(at, line)| (first + at as u64, line))
    }
}

/// Where to cut `text` so that no letter is cut in two; of what is no UTF-8 anywhere.
fn whole_letters(text: &[u8]) -> usize {
    let start = text.len().saturating_sub(3);
    let is_lead = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 != 0x80);
    let Some(lead) = (start..text.len()).rev().find(is_lead) else { return text.len() };
    let length = match text.get(lead) {
        Some(0xc0..0xe0) => 2,
        Some(0xe0..0xf0) => 3,
        Some(0xf0..) => 4,
        Some(_) | None => 1,
    };
    if lead > 0 && lead + length > text.len() { lead } else { text.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(window: &Window) -> Vec<String> {
        window.lines(0..u64::MAX).map(|(_, line)| line.to_string()).collect()
    }

    fn read(text: &[u8], piece: usize) -> Window {
        let mut window = Window::default();
        text.chunks(piece).for_each(|piece| window.push(piece));
        window.end();
        window
    }

    #[test]
    fn lines_are_numbered_and_the_last_needs_no_break() {
        let window = read(b"one\r\ntwo\n\nfour", 3);
        assert_eq!(all(&window), ["one", "two", "", "four"]);
        assert_eq!((window.first(), window.next()), (0, 4));
        assert_eq!(window.lines(1..3).map(|(n, line)| (n, &**line)).collect::<Vec<_>>(), [(1, "two"), (2, "")]);
        let backwards = Range { start: 2, end: 1 };
        assert_eq!(window.lines(backwards).count(), 0);
    }

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let mut window = Window::default();
        let line = "x".repeat(999) + "\n";
        for _ in 0..20_000 {
            window.push(line.as_bytes());
        }
        assert_eq!(window.next(), 20_000);
        assert!(window.first() > 10_000 && window.bytes <= KEPT, "{}", window.first());
        assert_eq!(window.lines(0..window.first()).count(), 0);
        assert_eq!(window.lines(19_999..30_000).map(|(number, _)| number).collect::<Vec<_>>(), [19_999]);
        assert_eq!(window.lines(0..u64::MAX).next_back().map(|(number, _)| number), Some(19_999));
    }

    #[test]
    fn an_endless_line_goes_on_as_others_and_no_letter_is_cut() {
        let text = "é".repeat(LONGEST);
        let window = read(text.as_bytes(), 1_000);
        assert_eq!(window.next(), 2);
        assert_eq!(all(&window).concat(), text);
        let window = read(format!("a{text}").as_bytes(), 4_096);
        assert_eq!(all(&window).concat(), format!("a{text}"));
        assert!(all(&read(&vec![0x80; 3 * LONGEST], 700)).len() >= 3, "what is no UTF-8 is bounded too");
    }

    proptest! {
        #[test]
        fn it_makes_no_difference_where_the_text_is_cut(text in "[aé\n\r]{0,60}", piece in 1_usize..9) {
            prop_assert_eq!(all(&read(text.as_bytes(), piece)), all(&read(text.as_bytes(), 1_000)));
        }
    }
}
