//! Validation as the service model's constraints ask for, in the wording AWS answers with. All failures of a request
//! are collected and told at once, as AWS does.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;

use super::answer::ServiceError;

/// What a text member must look like.
pub(super) struct TextRule {
    /// The longest, in characters; the shortest is one.
    max: usize,
    /// Which characters may occur.
    allowed: fn(char) -> bool,
    /// The model's pattern, told when one may not.
    pattern: &'static str,
}

/// A log group's name (service model).
pub(super) const GROUP: TextRule = TextRule { max: 512, allowed: is_group_char, pattern: r"[\.\-_/#A-Za-z0-9]+" };
/// A log stream's name or its prefix (service model).
pub(super) const STREAM: TextRule = TextRule { max: 512, allowed: |c| !matches!(c, ':' | '*'), pattern: r"[^:*]*" };
/// A free text of up to 512 characters: an export task's name, id, or a destination.
pub(super) const FREE: TextRule = TextRule { max: 512, allowed: |_| true, pattern: ".*" };

/// Whether `c` may occur in a log group's name.
pub(super) fn is_group_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '#')
}

/// The failures found so far.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<String>);

impl Checks {
    /// Notes that `value` at `field` does not satisfy `constraint`.
    fn fail(&mut self, value: &str, field: &str, constraint: &str) {
        self.0.push(format!("Value {value} at '{field}' failed to satisfy constraint: {constraint}"));
    }

    /// A member that must be there; the default stands in until [`Checks::finish`] refuses.
    pub fn present<T: Default>(&mut self, field: &str, value: Option<T>) -> T {
        if value.is_none() {
            self.fail("null", field, "Member must not be null");
        }
        value.unwrap_or_default()
    }

    /// A text that must be there and follow `rule`.
    pub fn required(&mut self, field: &str, value: Option<String>, rule: &TextRule) -> String {
        self.optional(field, value.as_deref(), rule);
        self.present(field, value)
    }

    /// A text that follows `rule` if it is there.
    pub fn optional(&mut self, field: &str, value: Option<&str>, rule: &TextRule) {
        let Some(text) = value else { return };
        let quoted = format!("'{text}'");
        self.length(&quoted, field, text.chars().count(), 1..=rule.max);
        if !text.chars().all(rule.allowed) {
            let constraint = format!("Member must satisfy regular expression pattern: {}", rule.pattern);
            self.fail(&quoted, field, &constraint);
        }
    }

    /// A list, or a text, of a length within bounds; `shown` is how the message names it.
    pub fn length(&mut self, shown: &str, field: &str, length: usize, bounds: RangeInclusive<usize>) {
        if length < *bounds.start() {
            self.fail(shown, field, &format!("Member must have length greater than or equal to {}", bounds.start()));
        }
        if length > *bounds.end() {
            self.fail(shown, field, &format!("Member must have length less than or equal to {}", bounds.end()));
        }
    }

    /// A text, if it is there, that its own test lets pass; `pattern` is told otherwise.
    pub fn pattern(&mut self, field: &str, value: Option<&str>, fits: fn(&str) -> bool, pattern: &str) {
        if let Some(text) = value.filter(|text| !fits(text)) {
            let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
            self.fail(&format!("'{text}'"), field, &constraint);
        }
    }

    /// A number within bounds, if it is there.
    pub fn number(&mut self, field: &str, value: Option<i64>, bounds: RangeInclusive<i64>) {
        let Some(value) = value else { return };
        if value < *bounds.start() {
            let constraint = format!("Member must have value greater than or equal to {}", bounds.start());
            self.fail(&format!("'{value}'"), field, &constraint);
        }
        if value > *bounds.end() {
            let constraint = format!("Member must have value less than or equal to {}", bounds.end());
            self.fail(&format!("'{value}'"), field, &constraint);
        }
    }

    /// A page's size within `1..=max`; `default` when none was asked for.
    pub fn limit(&mut self, value: Option<i64>, max: i64, default: usize) -> usize {
        self.number("limit", value, 1..=max);
        value.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(default)
    }

    /// A word out of a list, if it is there.
    pub fn word(&mut self, field: &str, value: Option<&str>, words: &[&str]) {
        if let Some(value) = value.filter(|value| !words.contains(value)) {
            let constraint = format!("Member must satisfy enum value set: [{}]", words.join(", "));
            self.fail(&format!("'{value}'"), field, &constraint);
        }
    }

    /// The error that tells all failures, if there were any.
    pub fn finish(self) -> Result<(), ServiceError> {
        let count = self.0.len();
        match count {
            0 => Ok(()),
            1 => Err(ServiceError::invalid(format!("1 validation error detected: {}", self.0.join("; ")))),
            _ => Err(ServiceError::invalid(format!("{count} validation errors detected: {}", self.0.join("; ")))),
        }
    }
}

/// A request's body as the operation's input.
pub(super) fn input<T: DeserializeOwned>(body: &[u8]) -> Result<T, ServiceError> {
    serde_json::from_slice(body).map_err(|error| ServiceError::serialization(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_failures_are_told_at_once_in_the_words_of_aws() {
        let mut checks = Checks::default();
        checks.required("logGroupName", Some("a b".to_owned()), &GROUP);
        checks.required("logStreamName", None, &STREAM);
        checks.number("limit", Some(51), 1..=50);
        let error = checks.finish().unwrap_err();
        assert_eq!(error.code, "InvalidParameterException");
        assert_eq!(
            error.message,
            "3 validation errors detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+; Value null at 'logStreamName' failed to satisfy \
             constraint: Member must not be null; Value '51' at 'limit' failed to satisfy constraint: Member must have \
             value less than or equal to 50"
        );
    }

    #[test]
    fn a_name_at_its_limits_passes_and_one_beyond_does_not() {
        for (length, good) in [(0, false), (1, true), (512, true), (513, false)] {
            let mut checks = Checks::default();
            checks.optional("logGroupName", Some(&"g".repeat(length)), &GROUP);
            assert_eq!(checks.finish().is_ok(), good, "{length}");
        }
    }
}
