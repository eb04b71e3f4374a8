//! What this machine says of a directory that is to be exported into. Nothing is made: whoever looks may only be thinking.
//!
//! Callers: the checks before an export.

use std::fs::metadata;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access, statvfs};
use rustix::io::Errno;
use tokio::task::spawn_blocking;

use crate::domain::amount::ByteCount;
use crate::domain::preflight::{DirectoryFacts, There};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::store::Directory;

/// Looks at `directory`, or at what it will be made in.
pub(super) async fn ask(directory: &Directory) -> DirectoryFacts {
    let path = PathBuf::from(directory.path());
    let looked = spawn_blocking({
        let path = path.clone();
        move || look(&path)
    });
    looked.await.unwrap_or_else(|error| facts(There::Unknown(problem("StatDirectory", &path, &error.into())), &path))
}

fn look(path: &Path) -> DirectoryFacts {
    for above in path.ancestors() {
        let there = match metadata(above) {
            Ok(found) if !found.is_dir() => There::Other(above.display().to_string()),
            Ok(_) if above == path => There::Itself,
            Ok(_) => There::Above(above.display().to_string()),
            // Below a file nothing can be: the file itself is told.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) => There::Unknown(problem("StatDirectory", above, &error)),
        };
        return facts(there, above);
    }
    facts(There::Unknown(problem("StatDirectory", path, &ErrorKind::NotFound.into())), path)
}

fn facts(there: There, at: &Path) -> DirectoryFacts {
    DirectoryFacts { there, writable: writable(at), free: free(at) }
}

/// Whether files and directories may be made in a directory.
fn writable(at: &Path) -> Result<bool, Problem> {
    match access(at, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => Ok(true),
        Err(Errno::ACCESS | Errno::ROFS | Errno::PERM) => Ok(false),
        Err(error) => Err(problem("AccessDirectory", at, &error.into())),
    }
}

/// The bytes that may still be written there; what is kept for the superuser is not counted.
fn free(at: &Path) -> Result<ByteCount, Problem> {
    let found = statvfs(at).map_err(|error| problem("StatFileSystem", at, &error.into()))?;
    Ok(ByteCount(found.f_bavail.saturating_mul(found.f_frsize)))
}

fn problem(operation: &'static str, at: &Path, error: &io::Error) -> Problem {
    Problem::new(ProblemKind::Disk, operation).on(at.display().to_string()).saying(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_directory_is_looked_at_where_it_is_or_will_be_and_nothing_is_made() {
        let home = tempfile::tempdir().unwrap();
        let there = |path: &Path| look(path).there;
        assert_eq!(there(home.path()), There::Itself);
        let deep = home.path().join("a/b/c");
        assert_eq!(there(&deep), There::Above(home.path().display().to_string()));
        let found = look(&deep);
        assert_eq!(found.writable, Ok(true));
        assert!(found.free.unwrap() > ByteCount(0));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        for path in [file.clone(), file.join("below"), file.join("far/below")] {
            assert_eq!(there(&path), There::Other(file.display().to_string()), "{path:?}");
        }
    }

    #[test]
    fn a_directory_that_may_not_be_written_into_is_told() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o500)).unwrap();
        // The superuser may write all the same.
        assert_eq!(look(&home.path().join("logs")).writable, Ok(rustix::process::geteuid().is_root()));
    }
}
