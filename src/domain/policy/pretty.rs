//! JSON for people: one key a line, two spaces a level, every value spelled as it was.
//!
//! Works on the text and not on parsed values, because those would lose the order of keys and the spelling of numbers.

/// Deeper levels are not moved further to the right: a hostile text of brackets alone must not fill the memory.
const DEEPEST: usize = 40;

/// `json`, which is valid, laid out.
pub fn pretty(json: &str) -> String {
    let mut page = Page { text: String::with_capacity(json.len() * 2), depth: 0 };
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let length = if c == '"' { string_length(rest) } else { c.len_utf8() };
        let (token, after) = rest.split_at(length);
        rest = after.trim_start_matches([' ', '\t', '\r', '\n']);
        match c {
            ' ' | '\t' | '\r' | '\n' => {}
            '{' | '[' if rest.starts_with(['}', ']']) => page.text.push(c),
            '{' | '[' => page.open(c),
            '}' | ']' if page.text.ends_with(['{', '[']) => page.text.push(c),
            '}' | ']' => page.close(c),
            ',' => page.next(),
            ':' => page.text.push_str(": "),
            _ => page.text.push_str(token),
        }
    }
    page.text
}

/// The length of the string literal `rest` begins with, quotes included.
fn string_length(rest: &str) -> usize {
    let mut escaped = true; // the opening quote does not end it
    for (at, c) in rest.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    rest.len()
}

struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn line(&mut self) {
        self.text.push('\n');
        (0..self.depth.min(DEEPEST)).for_each(|_| self.text.push_str("  "));
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.line();
    }

    fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.text.push(bracket);
    }

    fn next(&mut self) {
        self.text.push(',');
        self.line();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_key_has_its_line_and_values_keep_their_spelling() {
        let json = r#"{"b":[1.10,{ }, []],"a":"x{\"y,\\","c":{"d" : null}}"#;
        let shown = "{\n  \"b\": [\n    1.10,\n    {},\n    []\n  ],\n  \"a\": \"x{\\\"y,\\\\\",\n  \"c\": {\n    \"d\": null\n  }\n}";
        assert_eq!(pretty(json), shown);
        assert_eq!(pretty(shown), shown);
    }

    #[test]
    fn depth_costs_no_more_than_its_length() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(pretty(&deep).len() < 20_000 * (2 * DEEPEST + 2));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![any::<String>().prop_map(Value::from), any::<i64>().prop_map(Value::from), Just(Value::Null)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_layout_is_serde_json_s_own_and_the_value_stays(value in value()) {
            prop_assert_eq!(pretty(&value.to_string()), serde_json::to_string_pretty(&value).unwrap());
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = pretty(&text);
        }
    }
}
