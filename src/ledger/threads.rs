//! The ledger's two threads, each with a connection of its own: one writes, one reads, so that a long list never delays a
//! transition.
//!
//! The reader also looks, a few times a second, whether any process has committed; that costs one look at shared memory.
//! Both end when nobody can send them work any more.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::error::LedgerError;
use super::open;
use super::transaction;

/// Work for a thread.
pub(super) type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How soon a commit of another process is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Starts a thread that works on the ledger in `file`, opening its connection there; `work` gets what is sent.
pub(super) async fn start(
    name: &str,
    file: &Path,
    work: impl FnOnce(Connection, &Receiver<Job>) + Send + 'static,
) -> Result<Sender<Job>, LedgerError> {
    let (jobs, sent) = mpsc::channel();
    let (opened, is_open) = oneshot::channel();
    let path = file.to_owned();
    let run = move || match open::connect(&path) {
        Ok(conn) => {
            let _ = opened.send(Ok(()));
            work(conn, &sent);
        }
        Err(error) => drop(opened.send(Err(error))),
    };
    let started = thread::Builder::new().name(name.to_owned()).spawn(run);
    started.map_err(|source| no_thread(file, source))?;
    is_open.await.map_err(|_| LedgerError::Closed { file: file.to_owned() })??;
    Ok(jobs)
}

fn no_thread(file: &Path, source: io::Error) -> LedgerError {
    LedgerError::Unopened { file: file.to_owned(), source }
}

/// The writer: one transaction after the other.
pub(super) fn write(mut conn: Connection, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        job(&mut conn);
    }
}

/// The reader, which ticks `news` for commits of whatever process.
pub(super) fn read(mut conn: Connection, jobs: &Receiver<Job>, news: &Arc<watch::Sender<u64>>) {
    let mut watcher = Watcher { seen: None, due: Instant::now(), fails: false };
    loop {
        watcher.look(&conn, news);
        match jobs.recv_timeout(watcher.due.saturating_duration_since(Instant::now())) {
            Ok(job) => job(&mut conn),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Notices commits.
struct Watcher {
    /// SQLite's `data_version` at the last look: it is another after a commit through any other connection.
    seen: Option<i64>,
    due: Instant,
    /// Whether the last look failed, which is logged once.
    fails: bool,
}

impl Watcher {
    /// Looks if it is time to. A look that fails is made up for by the next one; readers are told of lasting trouble when
    /// they read.
    fn look(&mut self, conn: &Connection, news: &watch::Sender<u64>) {
        if Instant::now() < self.due {
            return;
        }
        self.due = Instant::now() + LOOK_EVERY;
        let looked = self.compare(conn, news);
        if let (Err(error), false) = (&looked, self.fails) {
            tracing::warn!(%error, "looking for news of the ledger failed");
        }
        self.fails = looked.is_err();
    }

    fn compare(&mut self, conn: &Connection, news: &watch::Sender<u64>) -> rusqlite::Result<()> {
        let version = conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.seen != Some(version) {
            transaction::tell(news, transaction::revision(conn)?);
            self.seen = Some(version);
        }
        Ok(())
    }
}
