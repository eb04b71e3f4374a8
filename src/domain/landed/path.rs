//! Where an object lies on this machine once it is downloaded. Keys are untrusted text: no name leads out of the directory.

use std::fmt;
use std::path::PathBuf;

use crate::domain::direct::file_name::directory_of;
use crate::domain::layout::stream_folder;

/// A key that cannot be a path below a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadsAway;

impl fmt::Display for LeadsAway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its name would lead out of the directory, or to no file at all: it is not downloaded")
    }
}

/// The path of what is called `name` below a task's folder, relative to the directory. Parts that some file system does not
/// take (too long, with odd characters) are rewritten as those of direct exports are.
///
/// # Errors
/// A part of it is empty, `.`, `..` or holds a zero byte.
pub fn below(name: &str) -> Result<PathBuf, LeadsAway> {
    name.split('/').map(|part| is_name(part).then(|| directory_of(part)).ok_or(LeadsAway)).collect()
}

fn is_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains('\0')
}

/// The directory that is offered for all objects of `group`: its name as one part of a path.
pub fn directory_for(group: &str) -> String {
    directory_of(&stream_folder(group.trim_matches('/')))
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_names_stay_and_those_that_lead_away_are_refused() {
        assert_eq!(below("web-1/000000.gz").as_deref(), Ok(Path::new("web-1/000000.gz")));
        assert_eq!(below("[$LATEST]8f/000000.gz").as_deref(), Ok(Path::new("[$LATEST]8f/000000.gz")));
        for name in ["../etc/passwd", "a/../../b", "/etc/passwd", "a//b", "a/", "", ".", "a/./b", "a\0b/c"] {
            assert_eq!(below(name), Err(LeadsAway), "{name:?}");
        }
    }

    #[test]
    fn a_log_group_makes_one_directory() {
        assert_eq!(directory_for("/aws/lambda/checkout"), "aws-lambda-checkout");
        assert_eq!(directory_for("plain"), "plain");
    }

    proptest! {
        #[test]
        fn whatever_a_key_says_its_path_stays_below(name in any::<String>()) {
            if let Ok(path) = below(&name) {
                prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
                prop_assert!(path.components().all(|part| part.as_os_str().len() <= 255));
            }
        }
    }
}
