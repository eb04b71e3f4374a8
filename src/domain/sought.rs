//! A text looked for in names.

use std::ops::Range;

/// A substring to look for: capitals matter only if it has one ("smart case").
#[derive(Clone, Copy, Debug)]
pub enum Sought<'a> {
    /// Nothing is asked for: all are shown.
    Everything,
    /// As it stands.
    Exactly(&'a str),
    /// Whatever the case.
    AnyCase(&'a str),
}

impl<'a> Sought<'a> {
    /// What a filter's text asks for.
    pub fn new(text: &'a str) -> Self {
        match text {
            "" => Self::Everything,
            _ if text.chars().any(char::is_uppercase) => Self::Exactly(text),
            _ => Self::AnyCase(text),
        }
    }

    /// Whether nothing is filtered out.
    pub const fn is_everything(&self) -> bool {
        matches!(self, Self::Everything)
    }

    /// Whether `name` has it.
    pub fn is_in(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Exactly(text) => name.contains(text),
            Self::AnyCase(text) => name.to_lowercase().contains(text),
        }
    }

    /// Where it stands in `text`: byte ranges, in order, none within another.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        match self {
            Self::Everything => Vec::new(),
            Self::Exactly(sought) => text.match_indices(sought).map(|(at, found)| at..at + found.len()).collect(),
            Self::AnyCase(sought) => any_case(text, sought),
        }
    }
}

/// A letter may have more or fewer bytes in lower case: each byte of that is led back to its letter.
fn any_case(text: &str, sought: &str) -> Vec<Range<usize>> {
    let (mut lower, mut from) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (at, c) in text.char_indices() {
        lower.extend(c.to_lowercase());
        from.resize(lower.len(), at..at + c.len_utf8());
    }
    let place = |at: usize, found: &str| {
        let (first, last) = (from.get(at)?, from.get(at + found.len() - 1)?);
        Some(first.start..last.end)
    };
    lower.match_indices(sought).filter_map(|(at, found)| place(at, found)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_found_whatever_the_case_unless_a_capital_is_asked_for() {
        assert_eq!(Sought::new("err").ranges("ERR err Err"), [0..3, 4..7, 8..11]);
        assert_eq!(Sought::new("Err").ranges("ERR err Err, Err"), [8..11, 13..16]);
        assert_eq!(Sought::new("").ranges("abc"), [0..0; 0]);
        assert_eq!(Sought::new("straße").ranges("eine STRASSE, die Straße, Straße"), [18..25, 27..34]);
    }

    proptest! {
        #[test]
        fn what_is_found_is_part_of_the_text(text in any::<String>(), sought in "[a-zİß]{1,3}") {
            for range in Sought::new(&sought).ranges(&text) {
                prop_assert!(text.get(range).is_some());
            }
        }

        #[test]
        fn a_text_that_has_it_has_a_place_for_it(text in "[a-zA-Z İ]{0,20}", sought in "[a-z]{1,2}") {
            let sought = Sought::new(&sought);
            prop_assert_eq!(sought.is_in(&text), !sought.ranges(&text).is_empty());
        }
    }
}
