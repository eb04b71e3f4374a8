//! What a change does to a document, line by line, for a person to confirm.

use std::fmt;

use similar::{ChangeTag, TextDiff};

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stays.
    Same,
    /// It is new.
    Added,
    /// It goes.
    Removed,
}

impl Change {
    /// The sign in front of the line: a space, `+` or `-`.
    pub const fn sign(self) -> char {
        match self {
            Self::Same => ' ',
            Self::Added => '+',
            Self::Removed => '-',
        }
    }
}

/// A line of either document (untrusted text: escape it before it reaches a cell).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What becomes of it.
    pub change: Change,
    /// Its text, without the end of line.
    pub text: String,
}

impl fmt::Display for Line {
    /// As in a patch: `+    "Effect": "Allow",`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.change.sign(), self.text)
    }
}

/// Every line of `old` and `new`, in order.
pub fn diff(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let line = |(tag, text): (ChangeTag, &str)| {
        let change = match tag {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Insert => Change::Added,
            ChangeTag::Delete => Change::Removed,
        };
        Line { change, text: text.to_owned() }
    };
    let changes = TextDiff::from_slices(&old, &new);
    changes.iter_all_changes().map(|change| line((change.tag(), change.value()))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::export::tests::export;
    use super::super::{Grant, merge};
    use super::*;

    #[test]
    fn a_merge_shows_as_added_lines_behind_the_last_statement() {
        let old = merge(None, &export(), &[Grant::GetBucketAcl]).unwrap();
        let new = merge(Some(&old), &export(), &[Grant::CallerPutObject]).unwrap();
        let shown: Vec<String> = diff(&old.pretty(), &new.pretty()).iter().map(Line::to_string).collect();
        let changed: Vec<&str> = shown.iter().map(String::as_str).filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(changed.iter().filter(|line| line.starts_with('-')).count(), 0, "{shown:#?}");
        assert!(changed.contains(&"+      \"Sid\": \"LogferryCallerPutObject\","), "{shown:#?}");
        assert!(shown.contains(&"       \"Sid\": \"LogferryExportGetBucketAcl\",".to_owned()), "{shown:#?}");
    }

    proptest! {
        #[test]
        fn both_documents_can_be_read_back(old in "([ab]{0,2}\n){0,8}", new in "([ab]{0,2}\n){0,8}") {
            let lines = diff(&old, &new);
            let kept = |gone: Change| -> String {
                lines.iter().filter(|line| line.change != gone).map(|line| line.text.clone() + "\n").collect()
            };
            prop_assert_eq!((kept(Change::Added), kept(Change::Removed)), (old, new));
        }
    }
}
