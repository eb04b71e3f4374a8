//! One rule added, changed or taken away; every byte of the others stays.

use std::ops::Range;

use thiserror::Error;

use super::configuration::{Lifecycle, ROOT, RULE};
use super::new_rule::{NewRule, Spelling};
use super::rule::Rule;
use super::xml::{Element, XmlError, read};

/// S3: "it can contain up to 1,000 rules".
const MOST_RULES: usize = 1000;

/// The namespace of a configuration that is written anew (S3 API reference, PutBucketLifecycleConfiguration).
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// What is to become of a bucket's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One more.
    Add(NewRule),
    /// The rule of the same id is replaced, and stays on or off as it was.
    Change(NewRule),
    /// The rule of that id goes.
    Remove(String),
}

/// Why rules cannot be edited so.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EditError {
    /// There is a rule of that id already.
    #[error("there is a rule {0:?} already: choose another id, or edit that one")]
    Taken(String),
    /// There is no rule of that id, or no rule at all.
    #[error("there is no rule {0:?}")]
    Missing(String),
    /// There are as many rules as S3 takes.
    #[error("there are {MOST_RULES} rules already, and S3 takes no more")]
    Full,
    /// The rule, or what is left of the configuration, holds something this program would lose.
    #[error("{0} holds more than logferry can write, and that would be lost: edit it where it was made")]
    WouldLose(String),
    /// The result cannot be read. This program wrote it, so that is a defect of its own.
    #[error(transparent)]
    Unreadable(#[from] XmlError),
}

/// The configuration after `edit`; `None` if no rule is left, which S3 takes for no configuration at all.
pub fn edited(before: Option<&Lifecycle>, edit: &Edit) -> Result<Option<Lifecycle>, EditError> {
    let text = match edit {
        Edit::Add(rule) => added(before, rule)?,
        Edit::Change(rule) => {
            let (lifecycle, old) = find(before, rule.id())?;
            let (_, spelling) = writable(&old)?;
            let enabled = old.child_text("Status") == Some("Enabled");
            spliced(lifecycle, old.at, &rule.xml(enabled, spelling))
        }
        Edit::Remove(id) => {
            let (lifecycle, old) = find(before, id)?;
            if lifecycle.rules().len() == 1 {
                return nothing_left(lifecycle);
            }
            spliced(lifecycle, old.at, "")
        }
    };
    Ok(Some(Lifecycle::parse(&text)?))
}

fn added(before: Option<&Lifecycle>, rule: &NewRule) -> Result<String, EditError> {
    let anew = || format!("<{ROOT} xmlns=\"{NAMESPACE}\">{}</{ROOT}>", rule.xml(true, Spelling::Filter));
    let Some(lifecycle) = before else { return Ok(anew()) };
    if lifecycle.rule(rule.id()).is_some() {
        return Err(EditError::Taken(rule.id().to_owned()));
    }
    if lifecycle.rules().len() >= MOST_RULES {
        return Err(EditError::Full);
    }
    let root = lifecycle.root();
    let last = root.children.iter().rfind(|child| child.name == RULE).map(|rule| rule.at.end);
    // Behind the last rule, or else first of all; a root of one tag has no room for it, and nothing to lose.
    let place = last.or_else(|| root.inner.as_ref().map(|inner| inner.start));
    Ok(place.map_or_else(anew, |at| spliced(lifecycle, at..at, &rule.xml(true, spelling(root)))))
}

/// The way the rules that are there are spelled.
fn spelling(root: &Element) -> Spelling {
    let old = root.children.iter().any(|rule| rule.child("Prefix").is_some());
    if old { Spelling::Prefix } else { Spelling::Filter }
}

fn find<'a>(before: Option<&'a Lifecycle>, id: &str) -> Result<(&'a Lifecycle, Element), EditError> {
    let missing = || EditError::Missing(id.to_owned());
    let lifecycle = before.ok_or_else(missing)?;
    let at = lifecycle.rule(id).ok_or_else(missing)?.at.clone();
    let element = lifecycle.root().children.iter().find(|child| child.at == at).cloned();
    element.map(|element| (lifecycle, element)).ok_or_else(missing)
}

/// The rule `id` as this program would write it, to be changed.
pub fn editable(before: Option<&Lifecycle>, id: &str) -> Result<NewRule, EditError> {
    let (_, old) = find(before, id)?;
    writable(&old).map(|(rule, _)| rule)
}

/// `old` as this program would write it, and how it is spelled; unless this program cannot write all that it says.
fn writable(old: &Element) -> Result<(NewRule, Spelling), EditError> {
    let rule = Rule::read(old);
    let lost = || EditError::WouldLose(format!("the rule {:?}", rule.id.clone().unwrap_or_default()));
    let own = NewRule::of(&rule).ok_or_else(lost)?;
    let essence = without_filter_of_nothing(old).essence();
    for spelling in [Spelling::Filter, Spelling::Prefix] {
        if without_filter_of_nothing(&read(&own.xml(rule.enabled, spelling))?).essence() == essence {
            return Ok((own, spelling));
        }
    }
    Err(lost())
}

/// A filter that asks for the empty prefix asks for nothing, and S3 takes either.
fn without_filter_of_nothing(rule: &Element) -> Element {
    let mut rule = rule.clone();
    let empty = |asked: &Element| asked.name == "Prefix" && asked.text.is_empty() && asked.children.is_empty();
    rule.children
        .iter_mut()
        .filter(|child| child.name == "Filter")
        .for_each(|filter| filter.children.retain(|asked| !empty(asked)));
    rule
}

fn nothing_left(lifecycle: &Lifecycle) -> Result<Option<Lifecycle>, EditError> {
    let only_rules = lifecycle.root().children.iter().all(|child| child.name == RULE);
    if only_rules { Ok(None) } else { Err(EditError::WouldLose("the configuration".to_owned())) }
}

fn spliced(lifecycle: &Lifecycle, at: Range<usize>, rule: &str) -> String {
    let mut text = lifecycle.text().to_owned();
    text.replace_range(at, rule);
    text
}

#[cfg(test)]
mod tests {
    use super::super::new_rule::{Actions, Archive, ArchiveClass};
    use super::*;
    use proptest::prelude::*;

    fn expiring(id: &str, days: u32) -> NewRule {
        NewRule::new(id, "exports/", Actions { expire: Some(days), ..Actions::default() }).unwrap()
    }

    fn lifecycle(inner: &str) -> Lifecycle {
        Lifecycle::parse(&format!("<LifecycleConfiguration>{inner}</LifecycleConfiguration>")).unwrap()
    }

    fn error(before: &Lifecycle, edit: &Edit) -> String {
        edited(Some(before), edit).unwrap_err().to_string()
    }

    const SIMPLE: &str = "<Rule><ID>old</ID><Filter><Prefix>a/</Prefix></Filter><Status>Disabled</Status><Expiration>\n<Days>3</Days></Expiration></Rule>";

    #[test]
    fn the_first_rule_of_a_bucket_makes_its_configuration() {
        let made = edited(None, &Edit::Add(expiring("x", 9))).unwrap().unwrap();
        assert!(
            made.text().starts_with("<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>")
        );
        assert_eq!(made.summary(), "expire after 9 d");
        let empty = Lifecycle::parse("<LifecycleConfiguration/>").unwrap();
        assert_eq!(edited(Some(&empty), &Edit::Add(expiring("x", 9))).unwrap(), Some(made));
    }

    #[test]
    fn the_last_rule_takes_the_configuration_with_it() {
        assert_eq!(edited(Some(&lifecycle(SIMPLE)), &Edit::Remove("old".to_owned())), Ok(None));
        let more = lifecycle(&format!("{SIMPLE}<Novelty/>"));
        assert!(error(&more, &Edit::Remove("old".to_owned())).starts_with("the configuration holds more"));
    }

    #[test]
    fn what_cannot_be_done_is_told() {
        let before = lifecycle(SIMPLE);
        let taken = "there is a rule \"old\" already: choose another id, or edit that one";
        assert_eq!(error(&before, &Edit::Add(expiring("old", 9))), taken);
        assert_eq!(error(&before, &Edit::Change(expiring("x", 9))), "there is no rule \"x\"");
        assert_eq!(edited(None, &Edit::Remove("x".to_owned())), Err(EditError::Missing("x".to_owned())));
        let rules: String = (0..MOST_RULES).map(|n| SIMPLE.replace("old", &format!("r{n}"))).collect();
        assert_eq!(edited(Some(&lifecycle(&rules)), &Edit::Add(expiring("x", 9))), Err(EditError::Full));
    }

    #[test]
    fn a_changed_rule_stays_off_if_it_was_and_keeps_its_place() {
        let before = lifecycle(&format!("{SIMPLE}<!-- mine --> {}", SIMPLE.replace("old", "next")));
        assert_eq!(editable(Some(&before), "old").map(|rule| rule.to_string()), Ok("expire after 3 d".to_owned()));
        let after = edited(Some(&before), &Edit::Change(expiring("old", 9))).unwrap().unwrap();
        let rules: Vec<String> = after.rules().iter().map(Rule::summary).collect();
        assert_eq!(rules, ["off: expire after 9 d", "off: expire after 3 d"]);
        assert!(after.text().contains(&format!("</Rule><!-- mine --> {}", SIMPLE.replace("old", "next"))));
    }

    #[test]
    fn a_rule_that_says_more_than_can_be_written_is_not_changed() {
        for more in [
            "<Novelty/>",
            "<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>",
            "<Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition>",
            "<Expiration><Days>9</Days></Expiration>",
        ] {
            let rule = SIMPLE.replace("</Rule>", &format!("{more}</Rule>"));
            let told = error(&lifecycle(&rule), &Edit::Change(expiring("old", 9)));
            assert!(told.starts_with("the rule \"old\" holds more than logferry can write"), "{more}: {told}");
        }
        for inside in [
            SIMPLE.replace("<Days>3</Days>", "<Days>3</Days><Novelty/>"),
            SIMPLE.replace("<Prefix>a/</Prefix>", "<And><Prefix>a/</Prefix></And>"),
        ] {
            assert!(edited(Some(&lifecycle(&inside)), &Edit::Change(expiring("old", 9))).is_err(), "{inside}");
        }
        for same in ["<Filter/>", "<Filter></Filter>", "<Filter><Prefix/></Filter>", "<Prefix/>"] {
            let whole = SIMPLE.replace("<Filter><Prefix>a/</Prefix></Filter>", same);
            assert!(edited(Some(&lifecycle(&whole)), &Edit::Change(expiring("old", 9))).is_ok(), "{same}");
        }
    }

    #[test]
    fn beside_rules_of_the_old_spelling_a_new_one_is_spelled_so_too() {
        let old = lifecycle("<Rule><ID>a</ID><Prefix>a/</Prefix><Status>Enabled</Status></Rule>");
        let after = edited(Some(&old), &Edit::Add(expiring("x", 9))).unwrap().unwrap();
        assert!(!after.text().contains("Filter") && after.text().contains("<Prefix>exports/</Prefix>"));
    }

    /// Rules of all kinds, with spacing, comments and elements nobody here has heard of.
    fn any_rule(id: usize) -> impl Strategy<Value = String> {
        let scope = prop_oneof![
            Just("<Filter><Prefix>a/&amp;</Prefix></Filter>"),
            Just("<Filter/>"),
            Just("<Filter>\n <And><Prefix>ä</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>"),
        ];
        let does = prop_oneof![
            Just("<Expiration><Days>3</Days></Expiration>"),
            Just("<Novelty since='2031'><Deep>€</Deep></Novelty>"),
            Just("<!-- kept --><Transition><Date>2030-01-01T00:00:00Z</Date></Transition>"),
        ];
        let space = prop_oneof![Just(""), Just("\n  "), Just("\t")];
        (scope, does, space).prop_map(move |(scope, does, space)| {
            format!("<Rule>{space}<ID>r{id}</ID>{scope}{space}<Status>Enabled</Status>{does}</Rule>")
        })
    }

    fn any_rules() -> impl Strategy<Value = Vec<String>> {
        (0_usize..6).prop_flat_map(|count| (0..count).map(any_rule).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn other_rules_stay_byte_for_byte(rules in any_rules(), between in "[ \n]{0,2}(<!-- b -->)?", pick in any::<prop::sample::Index>()) {
            let head = "<?xml version=\"1.0\"?>\n<LifecycleConfiguration xmlns=\"urn:s3\">";
            let text = format!("{head}{}</LifecycleConfiguration>\n", rules.join(&between));
            let before = Lifecycle::parse(&text).unwrap();
            let archive = Some(Archive { class: ArchiveClass::Flexible, days: 1 });
            let new = NewRule::new("new", "exports/", Actions { archive, ..Actions::default() }).unwrap();
            let added = edited(Some(&before), &Edit::Add(new.clone())).unwrap().unwrap();
            let own = new.xml(true, Spelling::Filter);
            prop_assert_eq!(added.text().replacen(&own, "", 1), text.clone(), "only the rule is new");
            prop_assert_eq!(added.rules().len(), rules.len() + 1);

            let changed = NewRule::new("new", "other/", Actions { expire: Some(5), ..Actions::default() }).unwrap();
            let again = edited(Some(&added), &Edit::Change(changed.clone())).unwrap().unwrap();
            prop_assert_eq!(again.text().replacen(&changed.xml(true, Spelling::Filter), &own, 1), added.text());

            let removed = edited(Some(&added), &Edit::Remove("new".to_owned())).unwrap();
            if rules.is_empty() {
                prop_assert_eq!(removed, None);
            } else {
                prop_assert_eq!(removed.map(|left| left.text().to_owned()), Some(text.clone()));
                let gone = pick.index(rules.len());
                let left = edited(Some(&before), &Edit::Remove(format!("r{gone}"))).unwrap();
                let left = left.map(|left| left.text().to_owned()).unwrap_or_default();
                for (at, rule) in rules.iter().enumerate() {
                    prop_assert_eq!(left.contains(rule.as_str()), at != gone && rules.len() > 1);
                }
            }
        }
    }
}
