//! Where the configuration file is, and its text.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::{Config, xdg};

/// The name in our configuration directory.
const NAME: &str = "config.toml";

/// Nobody writes this much by hand; something else was named by mistake.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// Where the file is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Where somebody said: it has to be there.
    Named(PathBuf),
    /// Where XDG has it: it need not be there.
    Usual(PathBuf),
}

impl Location {
    /// Where XDG has it, by this process's environment; `None` if that names no directory.
    pub fn usual() -> Option<Self> {
        let variable = |name| std::env::var_os(name);
        let directory = xdg::directory(variable("XDG_CONFIG_HOME"), variable("HOME"), ".config")?;
        Some(Self::Usual(directory.join(NAME)))
    }

    /// The path.
    pub fn path(&self) -> &Path {
        let (Self::Named(path) | Self::Usual(path)) = self;
        path
    }
}

/// Reads the file; `None` where there is none and need not be one.
///
/// # Errors
/// It cannot be read, or is wrong.
pub fn read_file(location: &Location) -> Result<Option<Config>, ConfigError> {
    let path = location.path();
    match text(path) {
        Ok(text) => match Config::parse(&text) {
            Ok(config) => Ok(Some(config)),
            Err(errors) => Err(ConfigError::Wrong { path: path.to_owned(), errors }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && matches!(location, Location::Usual(_)) => Ok(None),
        Err(error) => Err(ConfigError::Unreadable { path: path.to_owned(), error }),
    }
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(SIZE_LIMIT + 1).read_to_string(&mut text)?;
    if text.len() as u64 > SIZE_LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large for a configuration file"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_was_named_has_to_be_there() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        assert!(matches!(read_file(&Location::Usual(path.clone())), Ok(None)));
        let told = read_file(&Location::Named(path.clone())).unwrap_err().to_string();
        assert!(told.starts_with("cannot read the configuration file ") && told.contains("config.toml: "), "{told}");
        std::fs::write(&path, "retries = 7").unwrap();
        assert_eq!(read_file(&Location::Named(path)).unwrap().map(|config| config.retries), Some(7));
    }

    #[test]
    fn a_file_that_is_no_text_or_no_file_is_told() {
        let home = tempfile::tempdir().unwrap();
        assert!(read_file(&Location::Usual(home.path().to_owned())).is_err(), "a directory");
        let path = home.path().join("config.toml");
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read_file(&Location::Usual(path.clone())).unwrap_err().to_string().contains("UTF-8"));
        File::create(&path).unwrap().set_len(SIZE_LIMIT + 1).unwrap();
        assert!(read_file(&Location::Usual(path)).unwrap_err().to_string().contains("too large"));
    }
}
