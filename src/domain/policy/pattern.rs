//! Patterns of policies against texts of a call, of which sometimes only the beginning is known.
//!
//! `*` stands for any characters, `?` for one (IAM user guide, "Using wildcards in ARNs"). The task id in an object's
//! key is not known before AWS has made the task: whether a pattern takes such a key is answered for all its endings at
//! once.

use super::truth::Truth;

/// A text of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    known: String,
    /// Whether something follows that is not known: at least one character.
    open: bool,
}

impl Text {
    /// A text that is known to its end.
    pub fn exact(text: impl Into<String>) -> Self {
        Self { known: text.into(), open: false }
    }

    /// A text that begins with this and goes on.
    pub fn beginning(text: impl Into<String>) -> Self {
        Self { known: text.into(), open: true }
    }

    /// The text, if it is known to its end.
    pub fn known(&self) -> Option<&str> {
        (!self.open).then_some(self.known.as_str())
    }

    fn lowercase(&self) -> Self {
        Self { known: self.known.to_lowercase(), open: self.open }
    }

    fn depends(&self) -> Truth {
        Truth::Unknown(format!("it depends on what follows {}", self.known).into())
    }
}

/// Whether `text` is `wanted`, to the letter.
pub(super) fn equals(wanted: &str, text: &Text) -> Truth {
    match wanted.strip_prefix(text.known.as_str()) {
        Some(rest) if text.open && !rest.is_empty() => text.depends(),
        Some("") if !text.open => Truth::Yes,
        Some(_) | None => Truth::No,
    }
}

/// Whether `text` is `wanted` in any letter case.
pub(super) fn equals_in_any_case(wanted: &str, text: &Text) -> Truth {
    equals(&wanted.to_lowercase(), &text.lowercase())
}

/// Whether `text` fits `pattern`.
pub(super) fn fits(pattern: &str, text: &Text) -> Truth {
    let pattern: Vec<char> = pattern.chars().collect();
    let start = pass_stars(&pattern, (0..=pattern.len()).map(|at| at == 0).collect());
    let reached = text.known.chars().fold(start, |reached, c| step(&pattern, &reached, c));
    let (end, inside) = (reached[pattern.len()], &reached[..pattern.len()]);
    let takes_all = pattern.last() == Some(&'*') && inside.last() == Some(&true);
    match text.open {
        false => end.into(),
        true if takes_all => Truth::Yes,
        true if inside.contains(&true) => text.depends(),
        true => Truth::No,
    }
}

/// The places in `pattern` that can be reached from `reached` by reading `c`. All at once: no pattern, however many
/// stars it has, takes longer than its length times the text's.
fn step(pattern: &[char], reached: &[bool], c: char) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    for (at, wanted) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
        match wanted {
            '*' => next[at] = true,
            '?' => next[at + 1] = true,
            wanted => next[at + 1] |= *wanted == c,
        }
    }
    pass_stars(pattern, next)
}

/// A star also stands for nothing: whoever stands before one stands behind it as well.
fn pass_stars(pattern: &[char], mut reached: Vec<bool>) -> Vec<bool> {
    for (at, wanted) in pattern.iter().enumerate() {
        reached[at + 1] |= reached[at] && *wanted == '*';
    }
    reached
}

/// Whether `text` fits `pattern` in any letter case, as actions do.
pub(super) fn fits_in_any_case(pattern: &str, text: &Text) -> Truth {
    fits(&pattern.to_lowercase(), &text.lowercase())
}

/// An ARN has six parts; the last may hold colons of its own.
const ARN_PARTS: usize = 6;

/// Whether an ARN fits `pattern`, part by part: a `*` does not reach over the colon between two parts (IAM user guide,
/// "Amazon Resource Name (ARN) condition operators"; ArnEquals and ArnLike do the same).
pub(super) fn fits_arn(pattern: &str, arn: &Text) -> Truth {
    let patterns: Vec<&str> = pattern.splitn(ARN_PARTS, ':').collect();
    let parts: Vec<&str> = arn.known.splitn(ARN_PARTS, ':').collect();
    if patterns.len() != parts.len() {
        return Truth::No;
    }
    let part = |(at, part): (usize, &&str)| Text { known: (*part).to_owned(), open: arn.open && at + 1 == parts.len() };
    let fit = parts.iter().enumerate().map(part).zip(&patterns).map(|(part, pattern)| fits(pattern, &part));
    Truth::all(fit.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unknown(truth: &Truth) -> bool {
        matches!(truth, Truth::Unknown(_))
    }

    #[test]
    fn stars_and_question_marks_stand_for_what_iam_says() {
        let cases = [
            ("", "", true),
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("**a**", "bab", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
            ("*a*a*a*a*a*a*a*a*b", &"a".repeat(1000), false),
        ];
        for (pattern, text, fit) in cases {
            assert_eq!(fits(pattern, &Text::exact(text)), fit.into(), "{pattern} {text}");
        }
        assert_eq!(fits_in_any_case("S3:put*", &Text::exact("s3:PutObject")), Truth::Yes);
    }

    #[test]
    fn a_beginning_fits_what_takes_every_ending() {
        let key = Text::beginning("b/exports/");
        assert_eq!(fits("b/*", &key), Truth::Yes);
        assert_eq!(fits("b/exports/*", &key), Truth::Yes);
        assert_eq!(fits("b/exports/", &key), Truth::No);
        assert_eq!(fits("b/other/*", &key), Truth::No);
        assert!(unknown(&fits("b/exports/4d2b*", &key)));
        assert!(unknown(&fits("*.gz", &key)));
        assert!(unknown(&fits("b/exports/?*", &key)), "at least one character follows, but that is not worth a rule");
    }

    #[test]
    fn a_beginning_equals_nothing_for_sure() {
        let key = Text::beginning("b/");
        assert_eq!(equals("b/", &key), Truth::No);
        assert!(unknown(&equals("b/x", &key)));
        assert_eq!(equals("c/x", &key), Truth::No);
        assert_eq!(equals("b/", &Text::exact("b/")), Truth::Yes);
        assert_eq!(equals("b/x", &Text::exact("b/")), Truth::No);
        assert_eq!(equals_in_any_case("TRUE", &Text::exact("true")), Truth::Yes);
    }

    #[test]
    fn a_star_in_an_arn_ends_at_its_part() {
        let arn = Text::exact("arn:aws:logs:eu-central-1:123456789012:log-group:/ecs/web:*");
        for pattern in ["arn:aws:logs:*:*:log-group:*", "arn:*:logs:eu-*:123456789012:*", "arn:aws:logs:*:*:*web:*"] {
            assert_eq!(fits_arn(pattern, &arn), Truth::Yes, "{pattern}");
        }
        for pattern in ["arn:aws:logs:*", "*", "arn:aws:logs:*:log-group:*", "arn:aws:s3:*:*:*"] {
            assert_eq!(fits_arn(pattern, &arn), Truth::No, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn an_answer_for_a_beginning_holds_for_every_ending(
            pattern in "[ab*?]{0,8}", known in "[ab]{0,4}", ending in "[ab]{1,4}",
        ) {
            let whole = fits(&pattern, &Text::exact(format!("{known}{ending}")));
            let open = fits(&pattern, &Text::beginning(known.as_str()));
            prop_assert!(unknown(&open) || open == whole);
        }

        #[test]
        fn a_text_fits_itself_with_any_part_starred(before in "[a-c]{0,5}", part in "[a-c]{0,5}", after in "[a-c]{0,5}") {
            let text = Text::exact(format!("{before}{part}{after}"));
            prop_assert_eq!(fits(&format!("{before}*{after}"), &text), Truth::Yes);
        }
    }
}
