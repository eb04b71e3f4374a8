//! A reader of JSON that unescapes texts where they stand. Knows values and their delimiters, nothing of events.

use std::ops::Range;

use memchr::memchr2;

use super::decode::DecodeError;

/// How deep values may nest that nobody asked for; the service nests two deep.
const DEEPEST: u32 = 64;

/// JSON in the making: everything before `at` was read, and its texts unescaped in place.
pub(super) struct Json<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl<'a> Json<'a> {
    /// A reader at the start of `bytes`, which are UTF-8.
    pub fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The text in `range`, as an earlier call gave it.
    pub fn text(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    fn wrong<T>(&self, what: &'static str) -> Result<T, DecodeError> {
        Err(DecodeError::Json { what, at: self.at })
    }

    /// The next byte that is no white space, not yet taken.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at).copied() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }

    /// Takes `byte` if it is next.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Reads an object: `member` is called at each value, with its key, and takes the value.
    pub fn members(
        &mut self,
        mut member: impl FnMut(&mut Self, Range<usize>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        if !self.takes(b'{') {
            return self.wrong("no object");
        }
        if self.takes(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            if !self.takes(b':') {
                return self.wrong("no colon");
            }
            member(self, key)?;
            if self.takes(b'}') {
                return Ok(());
            }
            if !self.takes(b',') {
                return self.wrong("no comma");
            }
        }
    }

    /// Reads an array, or `null` as an empty one: `item` is called at each value and takes it.
    pub fn items(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), DecodeError>) -> Result<(), DecodeError> {
        if self.is_null()? {
            return Ok(());
        }
        if !self.takes(b'[') {
            return self.wrong("no array");
        }
        if self.takes(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.takes(b']') {
                return Ok(());
            }
            if !self.takes(b',') {
                return self.wrong("no comma");
            }
        }
    }

    /// Nothing but white space is left.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.wrong("more than one value"),
        }
    }

    /// Takes `null` if it is next.
    fn is_null(&mut self) -> Result<bool, DecodeError> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.word(b"null").map(|()| true)
    }

    fn word(&mut self, word: &[u8]) -> Result<(), DecodeError> {
        if !self.bytes[self.at..].starts_with(word) {
            return self.wrong("no value");
        }
        self.at += word.len();
        Ok(())
    }

    /// A text, unescaped, or `null`.
    pub fn text_or_null(&mut self) -> Result<Option<Range<usize>>, DecodeError> {
        if self.is_null()? { Ok(None) } else { self.string().map(Some) }
    }

    /// A whole number, or `null`.
    pub fn integer_or_null(&mut self) -> Result<Option<i64>, DecodeError> {
        if self.is_null()? {
            return Ok(None);
        }
        let negative = self.takes(b'-');
        let start = self.at;
        let mut value = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at).copied() {
            let Some(next) = value.checked_mul(10).and_then(|value| value.checked_add(i64::from(digit - b'0'))) else {
                return self.wrong("a number out of range");
            };
            value = next;
            self.at += 1;
        }
        if self.at == start || matches!(self.bytes.get(self.at), Some(b'.' | b'e' | b'E')) {
            return self.wrong("no whole number");
        }
        Ok(Some(if negative { -value } else { value }))
    }

    /// A text: where it lies, unescaped.
    fn string(&mut self) -> Result<Range<usize>, DecodeError> {
        if !self.takes(b'"') {
            return self.wrong("no text");
        }
        let start = self.at;
        // Nearly every text ends at its first quote or has escapes all along: the first is one search.
        let mut end = self.special()?;
        while self.bytes[self.at] == b'\\' {
            end += self.unescape(end)?;
            let plain = self.at;
            let length = self.special()? - plain;
            self.bytes.copy_within(plain..plain + length, end);
            end += length;
        }
        self.at += 1;
        Ok(start..end)
    }

    /// Goes to the next quote or backslash, and says where it is.
    fn special(&mut self) -> Result<usize, DecodeError> {
        match memchr2(b'"', b'\\', &self.bytes[self.at..]) {
            Some(distance) => {
                self.at += distance;
                Ok(self.at)
            }
            None => self.wrong("a text without an end"),
        }
    }

    /// Takes the escape at hand and writes what it stands for to `to`, which lies at or before it; how many bytes.
    fn unescape(&mut self, to: usize) -> Result<usize, DecodeError> {
        let Some(letter) = self.bytes.get(self.at + 1).copied() else { return self.wrong("a text without an end") };
        let plain = match letter {
            b'"' | b'\\' | b'/' => letter,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 0x08,
            b'f' => 0x0c,
            b'u' => return self.unescape_unit(to),
            _ => return self.wrong("an escape that is none"),
        };
        self.at += 2;
        self.bytes[to] = plain;
        Ok(1)
    }

    /// The same for `\u` and four digits, and for two of them that make one character. Half of such a pair stands for
    /// none: it becomes U+FFFD, for a page must not be lost over it.
    fn unescape_unit(&mut self, to: usize) -> Result<usize, DecodeError> {
        let first = self.unit()?;
        let mut character = char::from_u32(first);
        if (0xD800..0xDC00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            let after_first = self.at;
            let second = self.unit()?;
            if (0xDC00..0xE000).contains(&second) {
                character = char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            } else {
                self.at = after_first;
            }
        }
        let mut utf8 = [0; 4];
        let written = character.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut utf8).len();
        self.bytes[to..to + written].copy_from_slice(&utf8[..written]);
        Ok(written)
    }

    /// Takes `\u` and its four digits: their number.
    fn unit(&mut self) -> Result<u32, DecodeError> {
        let digits = self.bytes.get(self.at + 2..self.at + 6).and_then(|digits| std::str::from_utf8(digits).ok());
        let plain = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let Some(unit) = plain.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.wrong("an escape that is none");
        };
        self.at += 6;
        Ok(unit)
    }

    /// Passes over any value.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        self.skip_at(0)
    }

    fn skip_at(&mut self, depth: u32) -> Result<(), DecodeError> {
        if depth > DEEPEST {
            return self.wrong("values nested too deeply");
        }
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.members(|json, _| json.skip_at(depth + 1)),
            Some(b'[') => self.items(|json| json.skip_at(depth + 1)),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'-' | b'0'..=b'9') => {
                let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                self.at += self.bytes[self.at..].iter().take_while(|byte| is_part(byte)).count();
                Ok(())
            }
            Some(_) | None => self.wrong("no value"),
        }
    }
}
