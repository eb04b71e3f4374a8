//! The fields there are: what each is called, what it says while it is empty, and between what one chooses.

/// A field of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The name of a new bucket.
    Name,
    /// Whether it keeps versions.
    Versions,
    /// Whether it lets the export service in.
    Exports,
    /// The id of a rule.
    Id,
    /// What the keys begin with that a rule is about.
    Prefix,
    /// Where objects are archived.
    Archive,
    /// After how many days.
    ArchiveAfter,
    /// After how many days objects are deleted.
    ExpireAfter,
    /// After how many days the parts of uploads are thrown away that were not completed.
    AbortAfter,
}

/// In the order of [`crate::domain::lifecycle::ArchiveClass::ALL`], behind none.
const CLASSES: &[&str] = &["no", "Glacier Instant Retrieval", "Glacier Flexible Retrieval", "Glacier Deep Archive"];

const NO_OR_YES: &[&str] = &["no", "yes"];

impl Item {
    /// What a lifecycle rule does.
    pub const ACTIONS: [Self; 4] = [Self::Archive, Self::ArchiveAfter, Self::ExpireAfter, Self::AbortAfter];

    /// Its name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Versions => "Keep versions",
            Self::Exports => "Let exports in",
            Self::Id => "Rule id",
            Self::Prefix => "Keys begin with",
            Self::Archive => "Archive to",
            Self::ArchiveAfter => "Archive after",
            Self::ExpireAfter => "Expire after",
            Self::AbortAfter => "Abort after",
        }
    }

    /// What an empty field means.
    pub const fn empty(self) -> &'static str {
        match self {
            Self::Name | Self::Id | Self::Versions | Self::Exports | Self::Archive => "",
            Self::Prefix => "anything: the whole bucket",
            Self::ArchiveAfter | Self::ExpireAfter | Self::AbortAfter => "never",
        }
    }

    /// What a number in it counts.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::ArchiveAfter | Self::ExpireAfter | Self::AbortAfter => " days",
            Self::Name | Self::Versions | Self::Exports | Self::Id | Self::Prefix | Self::Archive => "",
        }
    }

    /// What is worth knowing while the cursor is on it.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Name => "lower-case letters, digits, dots and hyphens; shared by all accounts of AWS",
            Self::Versions => "←, → choose; versions that are overwritten or deleted go on costing",
            Self::Exports => "←, → choose; its policy lets the logs service of this account and Region in",
            Self::Id => "any name that no other rule of the bucket has",
            Self::Prefix => "a folder ends with a slash: exportedlogs/ is where AWS exports to by default",
            Self::Archive => "←, → choose; instant is read at once, flexible after hours, deep after a day",
            Self::ArchiveAfter => "days after an object was created; 0 for as soon as can be",
            Self::ExpireAfter => "days after an object was created; then it is deleted",
            Self::AbortAfter => "days after an upload was begun and not completed; its parts are deleted",
        }
    }

    /// What one chooses between; nothing where one types.
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Versions | Self::Exports => NO_OR_YES,
            Self::Archive => CLASSES,
            Self::Name | Self::Id | Self::Prefix | Self::ArchiveAfter | Self::ExpireAfter | Self::AbortAfter => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lifecycle::ArchiveClass;

    #[test]
    fn the_classes_are_those_of_the_domain() {
        assert_eq!(CLASSES[1..], ArchiveClass::ALL.map(|class| class.to_string()));
    }
}
