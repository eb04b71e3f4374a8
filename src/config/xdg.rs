//! Where files of a kind belong by the XDG base directory specification, and where directories begin that are typed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::domain::store::Base;

/// Our directory in `base` (the value of `XDG_STATE_HOME`, say), or else in `under_home` of `home`. A relative path is to
/// be ignored, says the specification. `None` where neither names a directory.
pub fn directory(base: Option<OsString>, home: Option<OsString>, under_home: impl AsRef<Path>) -> Option<PathBuf> {
    let absolute = |value: OsString| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
    let base = base.and_then(absolute).or_else(|| home.and_then(absolute).map(|home| home.join(under_home)));
    base.map(|base| base.join("logferry"))
}

/// Where this process stands: what relative directories that somebody types begin at.
pub fn base() -> Base {
    let text = |path: PathBuf| path.into_os_string().into_string().ok().filter(|path| path.starts_with('/'));
    Base {
        working: std::env::current_dir().ok().and_then(text),
        home: std::env::var_os("HOME").map(PathBuf::from).and_then(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_follows_the_xdg_rules() {
        let path = |state: Option<&str>, home: Option<&str>| {
            directory(state.map(Into::into), home.map(Into::into), ".local/state")
        };
        assert_eq!(path(Some("/s"), Some("/h")).unwrap(), Path::new("/s/logferry"));
        let fallback = Path::new("/h/.local/state/logferry");
        assert_eq!(path(None, Some("/h")).unwrap(), fallback);
        assert_eq!(path(Some("relative"), Some("/h")).unwrap(), fallback);
        assert_eq!(path(Some(""), Some("/h")).unwrap(), fallback);
        assert_eq!(path(None, None), None);
    }
}
