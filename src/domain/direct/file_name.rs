//! What the parts of a key are called on a disk, first of all a stream's folder: log stream names are untrusted text, and
//! longer than names on disks may be.
//!
//! Most names stay as they stand in a key. The others are rewritten and marked, so that no name escapes the task's directory
//! (`..`), none is refused by a file system and no two meet.

use std::fmt::Write as _;

use super::super::layout::stream_folder;

/// The longest name that Linux, macOS and Windows take is 255 bytes (or more units); room is left for the temporary
/// names beside it.
const LONGEST: usize = 200;

/// Stands in every rewritten name and in no other: a name that holds it is rewritten too.
const MARK: &str = "%~";

/// The name of a stream's directory.
pub fn directory_of(stream: &str) -> String {
    let folder = stream_folder(stream);
    if is_plain(&folder) { folder } else { rewritten(&folder) }
}

/// The path of what is called `key` in a bucket: every part of it is one plain name. Empty parts are left out, but for a
/// slash at the end.
pub fn path_of(key: &str) -> String {
    let parts: Vec<String> = key.split('/').filter(|part| !part.is_empty()).map(directory_of).collect();
    let end = if key.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    parts.join("/") + end
}

/// Whether every file system takes `folder` as it is.
fn is_plain(folder: &str) -> bool {
    let odd_edge = folder.starts_with([' ', '.']) || folder.ends_with([' ', '.']);
    !folder.is_empty() && folder.len() <= LONGEST && !odd_edge && !folder.contains(MARK) && !folder.chars().any(is_odd)
}

/// What some file system forbids, or a terminal would obey.
fn is_odd(c: char) -> bool {
    super::super::text::is_hidden(c) || r#"/\<>"|?*:"#.contains(c)
}

/// A readable beginning, the mark, and a fingerprint of the whole name: two rewritten names differ as their fingerprints do.
fn rewritten(folder: &str) -> String {
    let mut name = String::new();
    for c in folder.trim_start_matches([' ', '.']).chars() {
        if name.len() + c.len_utf8() > LONGEST - MARK.len() - 32 {
            break;
        }
        name.push(if is_odd(c) || c == '%' { '_' } else { c });
    }
    // Into a String: cannot fail.
    let _ = write!(name, "{MARK}{:032x}", fingerprint(folder));
    name
}

/// FNV-1a, 128 bits. Names that were made to meet only share a directory: their objects are numbered on.
fn fingerprint(text: &str) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let step = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, step)
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_names_stay_as_they_stand_in_a_key() {
        for (stream, directory) in [
            ("2026/08/09/[$LATEST]8f0a1b", "2026-08-09-[$LATEST]8f0a1b"),
            ("i-0abc.web", "i-0abc.web"),
            ("Größe 100%", "Größe 100%"),
        ] {
            assert_eq!(directory_of(stream), directory);
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_rewritten() {
        for stream in ["..", ".", "...", "a\0b", "a\\b", "C:", "tail.", " lead", "a\u{202e}b", "%~", &"x".repeat(512)] {
            let directory = directory_of(stream);
            assert!(directory.contains(MARK), "{stream:?}: {directory}");
        }
    }

    #[test]
    fn a_key_is_a_path_of_plain_names() {
        assert_eq!(path_of("nightly/web/4d2b/"), "nightly/web/4d2b/");
        assert_eq!(path_of("/aws//x/000000.gz"), "aws/x/000000.gz");
        assert_eq!(path_of("a/../b").matches(MARK).count(), 1);
        assert_eq!(path_of("/"), "");
    }

    proptest! {
        #[test]
        fn every_name_is_one_plain_component(stream in any::<String>()) {
            let directory = directory_of(&stream);
            let components: Vec<_> = Path::new(&directory).components().collect();
            prop_assert!(matches!(components.as_slice(), [Component::Normal(_)]), "{directory:?}");
            prop_assert!(directory.len() <= LONGEST && !directory.chars().any(char::is_control));
        }

        #[test]
        fn names_meet_only_where_their_keys_do(one in "[ab/.%~]{1,5}", other in "[ab/.%~]{1,5}") {
            prop_assert_eq!(
                directory_of(&one) == directory_of(&other),
                stream_folder(&one) == stream_folder(&other)
            );
        }
    }
}
