//! A loose search through names: the letters of each word in their order, anywhere; capitals matter only if one is typed.
//!
//! A word may leave letters out (`chkout`), several words may stand in any order (`prod checkout`), and how well a name
//! matches is a number: letters in a row, and at the beginnings of its parts, count more. As in fzf `'word` is looked for
//! as it stands, `^word` at the beginning, `word$` at the end, and `!word` must be missing: no name of a log group or a
//! bucket has such signs.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A text that is looked for in many names.
#[derive(Clone, Debug)]
pub struct Search {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Search {
    /// For what was typed into a filter.
    pub fn new(text: &str) -> Self {
        Self {
            pattern: Pattern::parse(text, CaseMatching::Smart, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }

    /// The same words, none of which may leave letters out any more.
    pub fn strict(mut self) -> Self {
        for atom in self.pattern.atoms.iter_mut().filter(|atom| atom.kind == AtomKind::Fuzzy) {
            atom.kind = AtomKind::Substring;
        }
        self
    }

    /// How well `name` matches; `None` if it does not.
    pub fn score(&mut self, name: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher)
    }

    /// Which characters of `name` were matched: their places, from 0.
    pub fn hits(&mut self, name: &str) -> Vec<usize> {
        let mut hits = Vec::new();
        self.pattern.indices(Utf32Str::new(name, &mut self.buffer), &mut self.matcher, &mut hits);
        hits.into_iter().filter_map(|at| usize::try_from(at).ok()).collect()
    }
}

/// The longest word that ListLogGroups can look for in names, and the shortest (service model).
const SOUGHT: std::ops::RangeInclusive<usize> = 3..=24;

/// The part of a filter's text that AWS can look for: its longest word, which names must have as it stands, or begin with
/// if it begins with `^`. `None` if no word will do.
pub fn for_aws(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '#');
    let words = text.split_whitespace().filter(|word| !word.starts_with('!')).filter_map(|word| {
        let word = word.strip_prefix('\'').unwrap_or(word);
        let word = word.strip_suffix('$').unwrap_or(word);
        let (sign, letters) = word.strip_prefix('^').map_or(("", word), |letters| ("^", letters));
        let sound = letters.len() >= *SOUGHT.start() && letters.chars().all(allowed);
        sound.then(|| (letters.len(), format!("{sign}{}", &letters[..letters.len().min(*SOUGHT.end())])))
    });
    words.max_by_key(|(length, _)| *length).map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_is_asked_for_the_longest_word() {
        for (text, sought) in [
            ("prod checkout", "checkout"),
            ("^/aws/lambda web", "^/aws/lambda"),
            ("'web$ ab !payments", "web"),
            ("a-word-that-is-longer-than-aws-allows", "a-word-that-is-longer-th"),
        ] {
            assert_eq!(for_aws(text).as_deref(), Some(sought), "{text}");
        }
        for text in ["", "ab", "!payments", "größe", "a b c"] {
            assert_eq!(for_aws(text), None, "{text}");
        }
    }

    fn finds(text: &str, name: &str) -> bool {
        Search::new(text).score(name).is_some()
    }

    #[test]
    fn letters_in_order_and_words_in_any() {
        for text in ["chkout", "prod checkout", "checkout  prod", "/lam/ck", "PROD", "lambda"] {
            let found = finds(text, "/aws/lambda/PROD-checkout");
            assert!(found, "{text}");
        }
        for text in ["tuo", "prod staging", "Checkout"] {
            assert!(!finds(text, "/aws/lambda/PROD-checkout"), "{text}");
        }
    }

    #[test]
    fn signs_make_a_word_strict() {
        for (text, name) in [("'log", "acme-log"), ("^acme", "acme-log"), ("log$", "acme-log"), ("!log", "acme")] {
            assert!(finds(text, name), "{text} in {name}");
        }
        for (text, name) in [("'log", "l-o-g"), ("^log", "acme-log"), ("acme$", "acme-log"), ("acme !log", "acme-log")]
        {
            assert!(!finds(text, name), "{text} in {name}");
        }
    }

    #[test]
    fn strictly_a_word_leaves_nothing_out() {
        let strictly = |text: &str, name: &str| Search::new(text).strict().score(name).is_some();
        assert!(strictly("prod check", "/aws/checkout-prod") && strictly("^/aws !dev", "/aws/checkout-prod"));
        assert!(!strictly("chkout", "/aws/checkout-prod") && !strictly("prod !aws", "/aws/checkout-prod"));
    }

    #[test]
    fn hits_are_the_letters_that_match() {
        assert_eq!(Search::new("lg x").hits("log-x"), [0, 2, 4]);
        assert_eq!(Search::new("zz").hits("log-x"), [0; 0]);
    }

    #[test]
    fn letters_in_a_row_match_better() {
        let mut search = Search::new("log");
        let scores = ["logs", "acme-log", "l-o-g"].map(|name| search.score(name).unwrap());
        assert!(scores.is_sorted_by(|one, other| one >= other) && scores[1] > scores[2], "{scores:?}");
    }
}
