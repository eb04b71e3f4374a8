//! Opening the file: making it where there is none, and refusing whatever is no ledger, without touching it.
//!
//! A ledger is made beside its place and put there whole. So a file that is there and empty was cut off, by a full disk or
//! a crash of the machine, and is never taken for a new one.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use super::error::{Fault, LedgerError};
use super::schema;

/// The file in the state directory.
pub const FILE: &str = "ledger.db";

/// Nobody's business but the owner's: log group names, messages of AWS, the names of profiles.
const FILE_MODE: u32 = 0o600;
const DIRECTORY_MODE: u32 = 0o700;

/// How long a write waits for those of other processes. The longest, a plan of 100,000 tasks, takes some seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a connection keeps of the file in memory, in KiB, however large the file is.
const CACHE_KIB: i64 = 8 * 1024;

/// The write-ahead log is cut back to this after a large transaction, in bytes.
const LOG_LIMIT: i64 = 16 * 1024 * 1024;

/// Different statements in use; each is prepared once.
const STATEMENTS: usize = 128;

/// Makes sure that there is a ledger in `directory`, of the version known here, and answers its file.
pub(super) fn prepare(directory: &Path) -> Result<PathBuf, LedgerError> {
    DirBuilder::new()
        .recursive(true)
        .mode(DIRECTORY_MODE)
        .create(directory)
        .map_err(|source| LedgerError::StateDir { directory: directory.to_owned(), source })?;
    let file = directory.join(FILE);
    if !is_there(&file)? {
        create(&file)?;
    }
    Ok(file)
}

/// Which file of the file system one is: its device and number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

/// What stands in the ledger's place.
pub(super) fn identity(file: &Path) -> Result<Identity, LedgerError> {
    let found = fs::metadata(file).map_err(|_| Fault::Gone.on(file))?;
    Ok(Identity(found.dev(), found.ino()))
}

/// Refuses to write into a file that was removed or replaced since it was opened: nobody would ever read it again, while
/// the work goes on.
pub(super) fn expect_in_place(file: &Path, opened: Identity) -> Result<(), Fault> {
    match identity(file) {
        Ok(found) if found == opened => Ok(()),
        Ok(_) | Err(_) => Err(Fault::Gone),
    }
}

/// Opens a connection to the ledger in `file`.
pub(super) fn connect(file: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(file, flags).map_err(Fault::from);
    let ready = opened.and_then(|mut conn| {
        configure(&conn)?;
        schema::migrate(&mut conn)?;
        Ok(conn)
    });
    ready.map_err(|fault| fault.on(file))
}

pub(super) fn configure(conn: &Connection) -> Result<(), Fault> {
    // Without the right to write, SQLite opens for reading and says so only when something is to be written.
    if conn.is_readonly("main")? {
        return Err(Fault::ReadOnly);
    }
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan for whatever is bound: or else SQLite, because of the partial indices, plans anew for each value.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    write_ahead(conn)?;
    // Every commit is on the disk when it answers: after a power cut nothing may be created twice.
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    conn.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    Ok(())
}

fn write_ahead(conn: &Connection) -> Result<(), Fault> {
    Ok(conn.pragma_update(None, "journal_mode", "wal")?)
}

/// Whether a file is there that may be a ledger; whoever may not use it is told why.
fn is_there(file: &Path) -> Result<bool, LedgerError> {
    // Looked for first: another process that makes the ledger just now makes its log after it.
    let log_is_there = beside(file, "-wal").exists();
    let unopened = |source| LedgerError::Unopened { file: file.to_owned(), source };
    match fs::metadata(file) {
        Ok(found) if found.is_dir() => Err(unopened(ErrorKind::IsADirectory.into())),
        Ok(found) if found.len() == 0 => Err(Fault::Damaged("it is empty".to_owned()).on(file)),
        Ok(found) => {
            if found.permissions().mode() & 0o777 != FILE_MODE {
                // Whoever may write it but does not own it cannot change this, and need not.
                let _ = fs::set_permissions(file, Permissions::from_mode(FILE_MODE));
            }
            Ok(true)
        }
        // SQLite would play the old log into the new file.
        Err(error) if error.kind() == ErrorKind::NotFound && log_is_there => {
            Err(Fault::Damaged("it is gone, and its log, the file ending in -wal, is still there".to_owned()).on(file))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(unopened(error)),
    }
}

/// Makes a ledger and puts it in its place, unless another process has done so meanwhile.
fn create(file: &Path) -> Result<(), LedgerError> {
    let new = beside(file, &format!(".new-{}", Uuid::new_v4()));
    let made = fill(&new, file)
        .and_then(|()| put(&new, file).map_err(|source| LedgerError::Unopened { file: file.to_owned(), source }));
    let _ = fs::remove_file(&new);
    made
}

fn fill(new: &Path, file: &Path) -> Result<(), LedgerError> {
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(new).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Fault::ReadOnly.on(file),
        _ => LedgerError::Unopened { file: file.to_owned(), source: error },
    })?;
    // The log is part of what is put there whole: several that open a new ledger at once would lock each other out
    // while each turns it on, and for that lock SQLite does not wait.
    let made = Connection::open(new).map_err(Fault::from).and_then(|mut conn| {
        write_ahead(&conn)?;
        schema::create(&mut conn)
    });
    made.map_err(|fault| fault.on(file))
}

/// A link never replaces anything; where the file system has no links, a rename has to do.
fn put(new: &Path, file: &Path) -> io::Result<()> {
    match fs::hard_link(new, file) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(_) => fs::rename(new, file)?,
    }
    // The name of the file is to outlive a power cut as its contents do.
    file.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

/// `file` with `suffix` behind its name.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
