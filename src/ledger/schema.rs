//! The versions of the ledger's tables, and how a file comes to the newest one.
//!
//! A step that was ever released is never changed: a new one is put behind it.

use rusqlite::{Connection, TransactionBehavior};

use super::error::Fault;

/// "logf" in the file's header: tells a ledger from any other SQLite database.
const APPLICATION: i32 = 0x6C6F_6766;

/// What leads from each version to the next; the first makes a ledger of an empty file.
const STEPS: [&str; 3] = [include_str!("schema/1.sql"), include_str!("schema/2.sql"), include_str!("schema/3.sql")];

/// The version this program reads and writes.
#[expect(clippy::cast_possible_wrap, reason = "there will never be so many steps")]
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// Makes a ledger of an empty database.
pub(super) fn create(conn: &mut Connection) -> Result<(), Fault> {
    conn.pragma_update(None, "application_id", APPLICATION)?;
    migrate(conn)
}

/// Brings a ledger up to [`KNOWN`]; of several processes one does it, in one transaction.
pub(super) fn migrate(conn: &mut Connection) -> Result<(), Fault> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION {
        return Err(Fault::Damaged("it is the database of another program".to_owned()));
    }
    if version(conn)? == KNOWN {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = usize::try_from(version(&tx)?).unwrap_or(0);
    for step in STEPS.iter().skip(from) {
        tx.execute_batch(step)?;
    }
    if from < STEPS.len() {
        tx.pragma_update(None, "user_version", KNOWN)?;
    }
    tx.commit()?;
    expect_known(conn)
}

/// Refuses a version that is not ours: a newer program may bring the file up while this one has it open.
pub(super) fn expect_known(conn: &Connection) -> Result<(), Fault> {
    match version(conn)? {
        KNOWN => Ok(()),
        found => Err(Fault::Newer { found, known: KNOWN }),
    }
}

fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))
}
