//! Which objects a rule is about, and whether exports are among them.

use std::fmt;

use super::xml::Element;

/// What a rule's filter asks of an object. Everything it asks must hold ("Adding filters to Lifecycle rules", S3 user guide).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Keys begin with this; empty for every key (untrusted text: escape it before it reaches a cell).
    pub prefix: String,
    /// What else is asked, in words.
    pub more: Vec<String>,
}

/// Whether a rule does something to the objects under a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touch {
    /// It does not.
    No,
    /// It depends, and on what: a clause (untrusted text: escape it before it reaches a cell).
    Maybe(String),
    /// It does: to all of them, or to those under a longer prefix.
    Yes,
}

impl Scope {
    /// Reads a rule's `Filter`, or the `Prefix` that rules had before there were filters.
    pub(super) fn read(rule: &Element) -> Self {
        let mut scope = Self::default();
        match rule.child("Filter") {
            Some(filter) => filter.children.iter().for_each(|asked| scope.take(asked)),
            None => rule.child_text("Prefix").unwrap_or_default().clone_into(&mut scope.prefix),
        }
        scope
    }

    fn take(&mut self, asked: &Element) {
        let value = asked.text.as_str();
        match asked.name.as_str() {
            "And" => asked.children.iter().for_each(|asked| self.take(asked)),
            "Prefix" => value.clone_into(&mut self.prefix),
            "Tag" => {
                let part = |name| asked.child_text(name).unwrap_or_default();
                self.more.push(format!("tagged {}={}", part("Key"), part("Value")));
            }
            "ObjectSizeGreaterThan" => self.more.push(format!("larger than {value} bytes")),
            "ObjectSizeLessThan" => self.more.push(format!("smaller than {value} bytes")),
            other => self.more.push(format!("{other} (not known to logferry)")),
        }
    }

    /// Whether the rule is about objects under the destination prefix `prefix`, given without a slash at its end; empty for
    /// the whole bucket.
    pub fn touches(&self, prefix: &str) -> Touch {
        let folder = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        if !folder.starts_with(&self.prefix) && !self.prefix.starts_with(&folder) {
            return Touch::No;
        }
        if self.more.is_empty() {
            Touch::Yes
        } else {
            Touch::Maybe(format!("only objects {}", self.more.join(" and ")))
        }
    }
}

impl fmt::Display for Scope {
    /// `exports/, larger than 500 bytes`, or `the whole bucket`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.prefix.is_empty() { "the whole bucket" } else { &self.prefix })?;
        self.more.iter().try_for_each(|more| write!(f, ", {more}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::xml::read;
    use super::*;

    fn scope(filter: &str) -> Scope {
        Scope::read(&read(&format!("<Rule>{filter}</Rule>")).unwrap())
    }

    #[test]
    fn a_prefix_touches_what_lies_under_it_and_over_it() {
        let touches = |rule: &str, prefix| scope(&format!("<Filter><Prefix>{rule}</Prefix></Filter>")).touches(prefix);
        for (rule, prefix, expected) in [
            ("", "exports", Touch::Yes),
            ("exports", "exports", Touch::Yes),
            ("exports/", "exports", Touch::Yes),
            ("exp", "exports", Touch::Yes),
            ("exports/2026/", "exports", Touch::Yes),
            ("exports/", "exports/web", Touch::Yes),
            ("exports-old/", "exports", Touch::No),
            ("other/", "exports", Touch::No),
            ("/exports", "exports", Touch::No),
            ("other/", "", Touch::Yes),
        ] {
            assert_eq!(touches(rule, prefix), expected, "{rule:?} on {prefix:?}");
        }
    }

    #[test]
    fn the_old_prefix_and_no_filter_at_all_are_understood() {
        assert_eq!(scope("<Prefix>logs/</Prefix>").prefix, "logs/");
        for everything in ["<Filter/>", "<Filter></Filter>", "<Prefix/>", ""] {
            assert_eq!(scope(everything), Scope::default(), "{everything}");
            assert_eq!(scope(everything).to_string(), "the whole bucket");
        }
    }

    #[test]
    fn tags_sizes_and_what_is_not_known_make_it_depend() {
        let both = scope(
            "<Filter><And><Prefix>a/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>\
             <ObjectSizeGreaterThan>500</ObjectSizeGreaterThan></And></Filter>",
        );
        assert_eq!(both.touches("a"), Touch::Maybe("only objects tagged k=v and larger than 500 bytes".to_owned()));
        assert_eq!(both.touches("b"), Touch::No);
        assert_eq!(both.to_string(), "a/, tagged k=v, larger than 500 bytes");
        let novelty = scope("<Filter><Colour>blue</Colour></Filter>");
        assert_eq!(novelty.touches("a"), Touch::Maybe("only objects Colour (not known to logferry)".to_owned()));
    }
}
