//! A bucket's whole lifecycle configuration: the text, and the rules found in it.

use super::rule::Rule;
use super::scope::Touch;
use super::xml::{self, Element, XmlError};

/// The root of every configuration.
pub(super) const ROOT: &str = "LifecycleConfiguration";

/// What each rule is called in it.
pub(super) const RULE: &str = "Rule";

/// A lifecycle configuration, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    text: String,
    root: Element,
    rules: Vec<Rule>,
}

impl Lifecycle {
    /// Reads a configuration as GetBucketLifecycleConfiguration answers it.
    pub fn parse(text: &str) -> Result<Self, XmlError> {
        let root = xml::read(text)?;
        if root.name != ROOT {
            let what = format!("{} stands where {ROOT} belongs", root.name);
            return Err(XmlError { what, at: root.at.start });
        }
        let rules = root.children.iter().filter(|child| child.name == RULE).map(Rule::read).collect();
        Ok(Self { text: text.to_owned(), root, rules })
    }

    /// The configuration as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its rules, in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.as_deref() == Some(id))
    }

    /// The rules that do something to objects under `prefix`, or may, in their order; each with how sure that is.
    pub fn touching(&self, prefix: &str) -> impl Iterator<Item = (&Rule, Touch)> {
        let touches = self.rules.iter().map(move |rule| (rule, rule.scope.touches(prefix)));
        touches.filter(|(_, touch)| *touch != Touch::No)
    }

    /// One line for a table: what its one rule does, or how many there are.
    pub fn summary(&self) -> String {
        match self.rules.as_slice() {
            [] => "no rule".to_owned(),
            [rule] => rule.summary(),
            rules => {
                let on = rules.iter().filter(|rule| rule.enabled).count();
                if on == rules.len() { format!("{on} rules") } else { format!("{} rules, {on} on", rules.len()) }
            }
        }
    }

    /// Its lines for people, an element a line (untrusted text: escape it before it reaches a cell).
    pub fn pretty(&self) -> String {
        let mut lines = Vec::new();
        self.root.lines(&self.text, 0, &mut lines);
        lines.join("\n")
    }

    /// Whether both mean the same to S3, which gives rules back in a spelling of its own.
    pub fn means(&self, other: &Self) -> bool {
        self.root.essence() == other.root.essence()
    }

    pub(super) const fn root(&self) -> &Element {
        &self.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(rules: &str) -> Lifecycle {
        Lifecycle::parse(&format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>")).unwrap()
    }

    const OFF: &str =
        "<Rule><ID>off</ID><Status>Disabled</Status><Filter/><Expiration><Days>1</Days></Expiration></Rule>";
    const ON: &str = "<Rule><ID>on</ID><Status>Enabled</Status><Filter><Prefix>a/</Prefix></Filter><Expiration><Days>9</Days></Expiration></Rule>";

    #[test]
    fn another_root_is_no_configuration() {
        let error = Lifecycle::parse("<x:LifecycleConfiguration/>").unwrap_err().to_string();
        assert!(error.contains("x:LifecycleConfiguration stands where LifecycleConfiguration belongs"), "{error}");
    }

    #[test]
    fn one_line_tells_what_there_is() {
        assert_eq!(with("").summary(), "no rule");
        assert_eq!(with(ON).summary(), "expire after 9 d");
        assert_eq!(with(&format!("{ON}{OFF}")).summary(), "2 rules, 1 on");
        assert_eq!(with(&format!("{ON}{ON}")).summary(), "2 rules");
    }

    #[test]
    fn rules_are_found_by_id_and_by_what_they_touch() {
        let lifecycle = with(&format!("{OFF}<Novelty/>{ON}"));
        assert_eq!(lifecycle.rule("on").map(|rule| rule.enabled), Some(true));
        assert_eq!(lifecycle.rule("none"), None);
        let touching = |prefix| lifecycle.touching(prefix).filter_map(|(rule, _)| rule.id.clone()).collect::<Vec<_>>();
        assert_eq!(touching("a/b"), ["off", "on"]);
        assert_eq!(touching("b"), ["off"]);
    }

    #[test]
    fn people_see_an_element_a_line() {
        assert_eq!(
            with("<Rule>\n<ID>a&amp;b</ID><Filter><Prefix/></Filter></Rule>").pretty(),
            "<LifecycleConfiguration>\n  <Rule>\n    <ID>a&amp;b</ID>\n    <Filter>\n      <Prefix/>\n    </Filter>\n  </Rule>\n\
             </LifecycleConfiguration>"
        );
    }
}
