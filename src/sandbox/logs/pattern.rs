//! FilterLogEvents' simple patterns: terms that all must occur, `"quoted phrases"`, `-excluded` ones, `?any` of several.
//! JSON and space-delimited patterns (`{ … }`, `[ … ]`) are refused rather than misread.

use super::answer::ServiceError;

/// A parsed pattern. Matching is by substring and case-sensitive, as in CloudWatch Logs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

impl Pattern {
    /// The pattern in `text`; an empty one matches everything.
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        let mut rest = text.trim();
        if rest.starts_with(['{', '[', '%']) {
            return Err(ServiceError::invalid("Invalid filter pattern: this sandbox knows only simple terms"));
        }
        let mut pattern = Self::default();
        while !rest.is_empty() {
            let (sign, unsigned) = split_sign(rest);
            let (term, after) = split_term(unsigned)?;
            let list = match sign {
                Some('-') => &mut pattern.none,
                Some(_) => &mut pattern.any,
                None => &mut pattern.all,
            };
            list.extend((!term.is_empty()).then(|| term.to_owned()));
            rest = after.trim_start();
        }
        Ok(pattern)
    }

    /// Whether `message` is wanted.
    pub fn matches(&self, message: &str) -> bool {
        let occurs = |term: &String| message.contains(term.as_str());
        self.all.iter().all(occurs)
            && (self.any.is_empty() || self.any.iter().any(occurs))
            && !self.none.iter().any(occurs)
    }
}

/// A leading `-` or `?`, and what follows.
fn split_sign(text: &str) -> (Option<char>, &str) {
    match text.chars().next() {
        Some(sign @ ('-' | '?')) => (Some(sign), &text[1..]),
        Some(_) | None => (None, text),
    }
}

/// The term at the start of `text`, without its quotes, and what follows.
fn split_term(text: &str) -> Result<(&str, &str), ServiceError> {
    match text.strip_prefix('"') {
        Some(quoted) => {
            quoted.split_once('"').ok_or_else(|| ServiceError::invalid("Invalid filter pattern: unclosed quote"))
        }
        None => Ok(text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_cloudwatch_logs_documents_them() {
        let cases = [
            ("", "anything", true),
            ("ERROR", "an ERROR here", true),
            ("ERROR", "an error here", false),
            ("ERROR timeout", "timeout: ERROR", true),
            ("ERROR timeout", "ERROR alone", false),
            ("\"INTERNAL SERVER\"", "INTERNAL SERVER ERROR", true),
            ("\"INTERNAL SERVER\"", "SERVER INTERNAL", false),
            ("ERROR -retry", "ERROR retry", false),
            ("ERROR -retry", "ERROR final", true),
            ("-\"two words\"", "two words", false),
            ("?WARN ?ERROR", "a WARN", true),
            ("?WARN ?ERROR", "an INFO", false),
            ("größe", "größe 日本", true),
        ];
        for (pattern, message, wanted) in cases {
            assert_eq!(Pattern::parse(pattern).unwrap().matches(message), wanted, "{pattern} on {message}");
        }
    }

    #[test]
    fn what_would_be_misread_is_refused() {
        for pattern in ["{ $.status = 500 }", "[ip, user]", "\"open"] {
            assert_eq!(Pattern::parse(pattern).unwrap_err().code, "InvalidParameterException", "{pattern}");
        }
    }
}
