//! One rule: whether it is on, which objects it is about, and what it does to them.

use std::fmt;
use std::ops::Range;

use super::new_rule::ArchiveClass;
use super::scope::Scope;
use super::xml::Element;

/// A rule as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id; S3 gives one to rules that come without (untrusted text: escape it before it reaches a cell).
    pub id: Option<String>,
    /// Whether it is on.
    pub enabled: bool,
    /// Which objects it is about.
    pub scope: Scope,
    /// What it does, in the order it is written.
    pub actions: Vec<Action>,
    /// Where it stands in the text.
    pub(super) at: Range<usize>,
}

/// When something is done to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// So many days after it was created, or ceased to be the current version.
    Days(u64),
    /// On a date, as S3 writes it.
    Date(String),
    /// Something that is not known here.
    Unknown,
}

/// Something a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves objects to a storage class, by S3's code.
    Transition(String, When),
    /// Deletes objects; where there are versions, it marks them as deleted.
    Expire(When),
    /// Takes delete markers away that nothing is behind any more.
    ExpireMarkers,
    /// Moves versions that are no longer current to a storage class.
    TransitionOld(String, When),
    /// Deletes versions that are no longer current.
    ExpireOld(When),
    /// Throws away the parts of uploads that were not completed within so many days.
    AbortUploads(When),
    /// Something newer than this program, by the element's name.
    Other(String),
}

impl Rule {
    pub(super) fn read(element: &Element) -> Self {
        Self {
            id: element.child_text("ID").filter(|id| !id.is_empty()).map(str::to_owned),
            enabled: element.child_text("Status") == Some("Enabled"),
            scope: Scope::read(element),
            actions: element.children.iter().filter_map(Action::read).collect(),
            at: element.at.clone(),
        }
    }

    /// One line: `archive to Glacier Deep Archive after 30 d, expire after 365 d`; `off: …` if it is not on.
    pub fn summary(&self) -> String {
        let actions: Vec<String> = self.actions.iter().map(Action::to_string).collect();
        let does = if actions.is_empty() { "does nothing".to_owned() } else { actions.join(", ") };
        if self.enabled { does } else { format!("off: {does}") }
    }
}

impl Action {
    /// What `element` of a rule does; `None` of what says which rule it is and which objects it is about.
    fn read(element: &Element) -> Option<Self> {
        let class = || element.child_text("StorageClass").unwrap_or_default().to_owned();
        Some(match element.name.as_str() {
            "ID" | "Status" | "Filter" | "Prefix" => return None,
            "Transition" => Self::Transition(class(), When::read(element, "Days")),
            "Expiration" if element.child_text("ExpiredObjectDeleteMarker") == Some("true") => Self::ExpireMarkers,
            "Expiration" => Self::Expire(When::read(element, "Days")),
            "NoncurrentVersionTransition" => Self::TransitionOld(class(), When::read(element, "NoncurrentDays")),
            "NoncurrentVersionExpiration" => Self::ExpireOld(When::read(element, "NoncurrentDays")),
            "AbortIncompleteMultipartUpload" => Self::AbortUploads(When::read(element, "DaysAfterInitiation")),
            other => Self::Other(other.to_owned()),
        })
    }
}

impl When {
    fn read(element: &Element, days: &str) -> Self {
        let days = element.child_text(days).and_then(|days| days.trim().parse().ok());
        let date = || element.child_text("Date").map(|date| Self::Date(date.to_owned()));
        days.map(Self::Days).or_else(date).unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for When {
    /// `after 30 d`, `on 2026-12-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "after {days} d"),
            // "The time is always midnight UTC": it says nothing.
            Self::Date(date) => write!(f, "on {}", date.split('T').next().unwrap_or(date)),
            Self::Unknown => f.write_str("at a time logferry does not know"),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transition(class, when) => match ArchiveClass::from_code(class) {
                Some(archive) => write!(f, "archive to {archive} {when}"),
                None => write!(f, "move to {class} {when}"),
            },
            Self::Expire(when) => write!(f, "expire {when}"),
            Self::ExpireMarkers => f.write_str("remove delete markers"),
            Self::TransitionOld(class, when) => write!(f, "move old versions to {class} {when}"),
            Self::ExpireOld(when) => write!(f, "expire old versions {when}"),
            Self::AbortUploads(when) => write!(f, "abort incomplete uploads {when}"),
            Self::Other(name) => write!(f, "{name} (not known to logferry)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::xml::read;
    use super::*;

    fn rule(text: &str) -> Rule {
        Rule::read(&read(&format!("<Rule>{text}</Rule>")).unwrap())
    }

    #[test]
    fn a_rule_says_in_one_line_what_it_does() {
        let all = rule(
            "<ID>x</ID><Filter/><Status>Enabled</Status>\
             <Transition><Days>30</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>\
             <Transition><Date>2026-12-01T00:00:00Z</Date><StorageClass>STANDARD_IA</StorageClass></Transition>\
             <Expiration><Days>365</Days></Expiration>\
             <NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>GLACIER</StorageClass>\
             </NoncurrentVersionTransition>\
             <NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>\
             <AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>\
             <Novelty/>",
        );
        assert_eq!(
            all.summary(),
            "archive to Glacier Deep Archive after 30 d, move to STANDARD_IA on 2026-12-01, expire after 365 d, \
             move old versions to GLACIER after 1 d, expire old versions after 7 d, abort incomplete uploads after 2 d, \
             Novelty (not known to logferry)"
        );
    }

    #[test]
    fn what_is_off_or_odd_is_said() {
        let off = rule(
            "<Status>Disabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
        );
        assert_eq!((off.id.as_deref(), off.summary()), (None, "off: remove delete markers".to_owned()));
        assert_eq!(rule("<Status>Enabled</Status>").summary(), "does nothing");
        let odd = rule("<Status>Enabled</Status><Expiration><Days>soon</Days></Expiration>");
        assert_eq!(odd.summary(), "expire at a time logferry does not know");
    }
}
