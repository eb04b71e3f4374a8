//! One transaction, for reading or for writing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Params, TransactionBehavior};
use tokio::sync::watch;

use super::codec::{Columns, only};
use super::error::Fault;
use super::rows::{self, Stored};
use super::schema;
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::Task;

/// A transaction that sees the ledger as of one moment.
pub(super) struct Reading<'c> {
    conn: &'c Connection,
    /// Tasks of one lane share it.
    lanes: RefCell<HashMap<i64, Arc<Lane>>>,
}

impl<'c> Reading<'c> {
    fn new(conn: &'c Connection) -> Self {
        Self { conn, lanes: RefCell::default() }
    }

    /// The lane of that number.
    pub fn lane(&self, seq: i64) -> rusqlite::Result<Arc<Lane>> {
        if let Some(lane) = self.lanes.borrow().get(&seq) {
            return Ok(Arc::clone(lane));
        }
        let lane =
            Arc::new(self.one("SELECT account, region, endpoint FROM lanes WHERE seq = ?1", [seq], |columns| {
                let (account, region) = (AccountId(columns.take()?), Region(columns.take()?));
                Ok(Lane { account, region, endpoint: columns.take()? })
            })?);
        self.lanes.borrow_mut().insert(seq, Arc::clone(&lane));
        Ok(lane)
    }

    /// What `read` makes of every row of a query.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&mut Columns<'_, '_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.conn.prepare_cached(sql)?.query_map(params, |row| read(&mut Columns::of(row)))?.collect()
    }

    /// Reads a query's rows one by one for as long as `read` wants more; says whether they came to an end before.
    pub fn walk(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&mut Columns<'_, '_>) -> rusqlite::Result<bool>,
    ) -> rusqlite::Result<bool> {
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query(params)?;
        while let Some(row) = rows.next()? {
            if !read(&mut Columns::of(row))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What `read` makes of a query's first row, which is always there.
    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&mut Columns<'_, '_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.conn.prepare_cached(sql)?.query_row(params, |row| read(&mut Columns::of(row)))
    }

    /// What `read` makes of a query's first row, if there is any.
    pub fn maybe<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&mut Columns<'_, '_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>> {
        self.one(sql, params, read).optional()
    }

    /// The task of that number.
    pub fn task(&self, seq: i64) -> rusqlite::Result<Stored> {
        self.one(rows::TASK, [seq], |columns| rows::task(self, columns))
    }

    /// The tasks whose numbers the query `pick` answers, in its order.
    pub fn tasks(&self, pick: &str, params: impl Params) -> rusqlite::Result<Vec<Task>> {
        let picked: Vec<i64> = self.all(pick, params, only)?;
        picked.into_iter().map(|seq| Ok(self.task(seq)?.task)).collect()
    }

    /// The plans that `which` picks from `plans p`.
    pub fn plans(&self, which: &str, params: impl Params) -> rusqlite::Result<Vec<QueuedPlan>> {
        self.all(&rows::select_plans(which), params, |columns| rows::plan(self, columns))
    }
}

/// A transaction that may change the ledger: nobody else does meanwhile.
pub(super) struct Writing<'c> {
    reading: Reading<'c>,
    revision: i64,
    changed: bool,
}

impl<'c> Deref for Writing<'c> {
    type Target = Reading<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}

impl Writing<'_> {
    /// What to stamp on a row that is changed.
    pub const fn stamp(&mut self) -> i64 {
        self.changed = true;
        self.revision
    }

    /// Runs a statement; answers how many rows it touched.
    pub fn run(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.conn.prepare_cached(sql)?.execute(params)
    }
}

/// Runs `work` in a transaction of its own.
pub(super) fn read<T>(
    conn: &mut Connection,
    work: impl FnOnce(&Reading<'_>) -> rusqlite::Result<T>,
) -> Result<T, Fault> {
    let tx = conn.transaction()?;
    Ok(work(&Reading::new(&tx))?)
}

/// Runs `work` in a transaction of its own; after a fault nothing of it stays. Ticks `news` if it has changed anything,
/// and writes nothing at all if not.
pub(super) fn write<T>(
    conn: &mut Connection,
    news: &watch::Sender<u64>,
    work: impl FnOnce(&mut Writing<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::expect_known(&tx)?;
    let revision = revision(&tx)? + 1;
    let mut writing = Writing { reading: Reading::new(&tx), revision, changed: false };
    let answer = work(&mut writing)?;
    if !writing.changed {
        return Ok(answer);
    }
    writing.run("UPDATE counter SET revision = ?1", [revision])?;
    tx.commit()?;
    tell(news, revision);
    Ok(answer)
}

/// The number of the last transaction that changed something.
pub(super) fn revision(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("SELECT revision FROM counter")?.query_row([], |row| row.get(0))
}

/// Ticks, unless that revision was told already.
pub(super) fn tell(news: &watch::Sender<u64>, revision: i64) {
    let revision = revision.unsigned_abs();
    news.send_if_modified(|told| {
        let is_new = *told < revision;
        *told = revision.max(*told);
        is_new
    });
}
