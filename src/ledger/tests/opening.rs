//! Opening: made where there is nothing, found again, and refused, untouched, where it is no ledger of ours.
//!
//! Tests may run as root, whom permissions do not bind. A file that may not be written is stood in for by a connection
//! that was opened for reading; that SQLite opens so when the file's mode forbids writing is its own promise.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use futures::future::join_all;
use rusqlite::{Connection, OpenFlags};

use super::*;
use crate::domain::reducer::Reduced;
use crate::ledger::error::Fault;
use crate::ledger::{LedgerError, open, schema};

async fn refusal(directory: &Path) -> String {
    Ledger::open(directory).await.unwrap_err().to_string()
}

/// The file of a ledger that nobody has open.
async fn closed() -> (TempDir, std::path::PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let file = Ledger::open(home.path()).await.unwrap().file().to_owned();
    (home, file)
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_ledger_is_for_its_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("deep/er");
    let ledger = Ledger::open(&directory).await.unwrap();
    ledger.add(queued_plan(1, &super::home()), hours(1, "/web", 3)).await.unwrap();
    assert_eq!((mode(&directory), mode(ledger.file())), (0o700, 0o600));
    assert_eq!(ledger.file(), directory.join("ledger.db"));
    let log = directory.join("ledger.db-wal");
    assert_eq!(mode(&log), 0o600);
    let names: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains(".new-")), "{names:?}");
}

#[tokio::test]
async fn it_is_written_for_good_and_from_the_start() {
    let desk = Desk::new().await;
    let conn = open::connect(desk.ledger.file()).unwrap();
    let text = |pragma: &str| conn.pragma_query_value(None, pragma, |row| row.get::<_, String>(0)).unwrap();
    let number = |pragma: &str| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!([number("synchronous"), number("foreign_keys"), number("user_version")], [2, 1, schema::KNOWN]);
}

#[tokio::test]
async fn everything_is_there_when_it_is_opened_again() {
    let desk = Desk::with_hours(3).await;
    desk.complete(task_id(1, 0), 2).await;
    desk.fold(task_id(1, 1), [Fact::launching()]).await;
    let (task, plan) = (desk.task(task_id(1, 1)).await, desk.plan(1).await);
    let Desk { home, ledger } = desk;
    drop(ledger);
    let again = Ledger::open(home.path()).await.unwrap();
    assert_eq!(again.task(task_id(1, 1)).await.unwrap(), Some(task));
    assert_eq!(again.plan(plan_id(1)).await.unwrap(), Some(plan));
    let board = again.board(10, 10).await.unwrap();
    assert_eq!(ids(&board.tasks), [task_id(1, 1), task_id(1, 2), task_id(1, 0)]);
}

#[tokio::test]
async fn rights_that_are_too_wide_are_narrowed() {
    let (home, file) = closed().await;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    Ledger::open(home.path()).await.unwrap();
    assert_eq!(mode(&file), 0o600);
}

#[tokio::test]
async fn a_newer_version_is_refused() {
    let (home, file) = closed().await;
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let told = refusal(home.path()).await;
    assert!(
        told.contains(&format!(
            "{} is of version 7, this logferry knows versions up to {}",
            file.display(),
            schema::KNOWN
        )),
        "{told}"
    );
}

#[tokio::test]
async fn what_was_queued_before_checks_and_engines_could_be_chosen_is_checked_and_exported_by_aws() {
    let desk = Desk::with_hours(1).await;
    let Desk { home, ledger } = desk;
    let file = ledger.file().to_owned();
    drop(ledger);
    let old = Connection::open(&file).unwrap();
    old.execute_batch(
        "ALTER TABLE plans DROP COLUMN preflight; ALTER TABLE plans DROP COLUMN engine;
         ALTER TABLE tasks DROP COLUMN headway; DROP TABLE checkpoints; PRAGMA user_version = 1",
    )
    .unwrap();
    drop(old);
    let ledger = Ledger::open(home.path()).await.unwrap();
    let plan = ledger.plan(plan_id(1)).await.unwrap().unwrap();
    assert_eq!((plan.preflight, plan.engine), (Preflight::Full, Engine::Managed));
    let task = ledger.task(task_id(1, 0)).await.unwrap().unwrap();
    assert_eq!((task.spec.preflight, task.spec.engine, task.headway), (Preflight::Full, Engine::Managed, None));
}

#[tokio::test]
async fn a_ledger_that_becomes_newer_meanwhile_is_not_written_any_more() {
    let desk = Desk::with_hours(1).await;
    let newer = Connection::open(desk.ledger.file()).unwrap();
    newer.pragma_update(None, "user_version", schema::KNOWN + 1).unwrap();
    let refused = desk.ledger.fold(vec![(task_id(1, 0), Fact::launching())], at(1), None).await;
    assert!(matches!(refused, Err(LedgerError::Newer { found, .. }) if found == schema::KNOWN + 1), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_ledger_is_refused_and_left_as_it_is() {
    for (contents, why) in
        [(b"lorem ipsum dolor sit amet".repeat(100), "it is not a SQLite database"), (Vec::new(), "it is empty")]
    {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("ledger.db");
        fs::write(&file, &contents).unwrap();
        let told = refusal(home.path()).await;
        assert!(told.contains(&format!("the ledger {} cannot be read: {why}", file.display())), "{told}");
        assert_eq!(fs::read(&file).unwrap(), contents);
    }
}

#[tokio::test]
async fn the_database_of_another_program_is_refused() {
    let home = tempfile::tempdir().unwrap();
    Connection::open(home.path().join("ledger.db")).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let told = refusal(home.path()).await;
    assert!(told.contains("it is the database of another program"), "{told}");
}

#[tokio::test]
async fn a_damaged_ledger_is_told_when_the_damage_is_met() {
    let (home, file) = closed().await;
    let mut bytes = fs::read(&file).unwrap();
    bytes[4096..].fill(0xa5);
    fs::write(&file, &bytes).unwrap();
    let opened = Ledger::open(home.path()).await;
    let met = match opened {
        Ok(ledger) => ledger.board(10, 10).await.map(drop).unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(met, LedgerError::Corrupt { .. }), "{met:?}");
    assert_eq!(fs::read(&file).unwrap(), bytes, "it is left as it is");
}

#[tokio::test]
async fn a_log_without_its_ledger_is_never_played_into_a_new_one() {
    let desk = Desk::with_hours(1).await;
    fs::remove_file(desk.ledger.file()).unwrap();
    let told = refusal(desk.home.path()).await;
    assert!(told.contains("it is gone, and its log"), "{told}");
}

#[tokio::test]
async fn a_directory_in_place_of_the_file_is_refused() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("ledger.db")).unwrap();
    let told = refusal(home.path()).await;
    assert!(told.contains("cannot be opened: is a directory"), "{told}");
}

#[tokio::test]
async fn a_state_directory_that_cannot_be_made_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    let told = refusal(&file.join("state")).await;
    assert!(told.contains("/file/state cannot be made: ") && told.contains("--state-dir"), "{told}");
}

#[tokio::test]
async fn a_connection_that_can_only_read_is_refused() {
    let (_home, file) = closed().await;
    let conn = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let refused = open::configure(&conn).unwrap_err();
    assert!(matches!(refused, Fault::ReadOnly));
    let told = refused.on(&file).to_string();
    assert!(told.contains(&format!("the ledger {} cannot be written", file.display())), "{told}");
}

#[tokio::test]
async fn what_sqlite_says_becomes_what_an_operator_can_use() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("ledger.db");
    let told = |code| {
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        Fault::from(error).on(&file)
    };
    assert!(matches!(told(rusqlite::ffi::SQLITE_FULL), LedgerError::NoSpace { .. }));
    assert!(matches!(told(rusqlite::ffi::SQLITE_BUSY), LedgerError::Locked { .. }));
    assert!(matches!(told(rusqlite::ffi::SQLITE_READONLY_DIRECTORY), LedgerError::ReadOnly { .. }));
    assert!(matches!(told(rusqlite::ffi::SQLITE_CANTOPEN), LedgerError::ReadOnly { .. }));
    assert!(matches!(told(rusqlite::ffi::SQLITE_CORRUPT), LedgerError::Corrupt { .. }));
    assert!(matches!(told(rusqlite::ffi::SQLITE_IOERR), LedgerError::Failed { .. }));
}

#[tokio::test]
async fn several_that_open_at_once_make_one_ledger() {
    const ROUNDS: usize = 20;
    for _ in 0..ROUNDS {
        let home = tempfile::tempdir().unwrap();
        let opened = join_all((0..8).map(|_| Ledger::open(home.path()))).await;
        let ledgers: Vec<_> = opened.into_iter().map(Result::unwrap).collect();
        ledgers[0].add(queued_plan(1, &super::home()), hours(1, "/web", 1)).await.unwrap();
        for ledger in ledgers {
            assert!(ledger.plan(plan_id(1)).await.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_removed_or_replaced() {
    let desk = Desk::with_hours(1).await;
    let file = desk.ledger.file().to_owned();
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).unwrap();
    let fold = || desk.ledger.fold(vec![(task_id(1, 0), Fact::launching())], at(9), None);
    let gone = |told: LedgerError| matches!(told, LedgerError::Gone { .. });
    assert!(gone(fold().await.unwrap_err()));
    std::fs::copy(&aside, &file).unwrap();
    assert!(gone(fold().await.unwrap_err()), "another file, though it reads the same");
    std::fs::rename(&aside, &file).unwrap();
    assert_eq!(fold().await.unwrap(), [Reduced::Moved(State::Queued)]);
}
