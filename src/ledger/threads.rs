//! The ledger's two threads, each with a connection of its own: one writes, one reads, so that a long list never delays a
//! transition.
//!
//! The reader also looks, a few times a second, whether any process has committed. As long as nobody has, that costs one
//! look at the age of a file.
//! Both end when nobody can send them work any more.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::error::LedgerError;
use super::open;
use super::transaction;

/// Work for a thread.
pub(super) type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How soon a commit of another process is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A file's time of change is only so exact: what was written this long after a change may bear the same.
const EXACT: Duration = Duration::from_secs(1);

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
pub(super) fn read(mut conn: Connection, jobs: &Receiver<Job>, file: &Path, news: &Arc<watch::Sender<u64>>) {
    let log = LogFile { path: log_of(file), seen: None };
    let mut watcher = Watcher { log, seen: None, due: Instant::now(), fails: false };
    loop {
        watcher.look(&conn, news);
        match jobs.recv_timeout(watcher.due.saturating_duration_since(Instant::now())) {
            Ok(job) => job(&mut conn),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The file that SQLite appends what is committed to, or overwrites from its start: no commit without a write to it.
struct LogFile {
    path: PathBuf,
    /// When it was changed last, and its size, at the last look.
    seen: Option<(SystemTime, u64)>,
}

impl LogFile {
    /// Whether something may have been written to it since the last look.
    fn may_be_new(&mut self) -> bool {
        let seen = fs::metadata(&self.path).and_then(|file| Ok((file.modified()?, file.len()))).ok();
        let is_old = |(changed, _): (SystemTime, u64)| changed.elapsed().is_ok_and(|age| age > EXACT);
        let is_same = seen == self.seen && seen.is_some_and(is_old);
        self.seen = seen;
        !is_same
    }
}

/// Where SQLite has the log of the database in `file`.
fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Notices commits.
struct Watcher {
    log: LogFile,
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
        if !self.log.may_be_new() && !self.fails {
            return;
        }
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

#[cfg(test)]
mod tests {
    use std::fs::{File, FileTimes};

    use super::*;

    #[test]
    fn a_log_that_was_changed_lately_or_since_the_last_look_may_hold_something_new() {
        let home = tempfile::tempdir().unwrap();
        let path = log_of(&home.path().join("ledger.db"));
        assert!(path.ends_with("ledger.db-wal"));
        let mut log = LogFile { path: path.clone(), seen: None };
        assert!(log.may_be_new() && log.may_be_new(), "while there is none nothing is known");
        fs::write(&path, "a commit").unwrap();
        assert!(log.may_be_new() && log.may_be_new(), "another one may follow at what is the same time for a file");
        let changed_at = |age: u64| {
            let times = FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(age));
            File::options().append(true).open(&path).unwrap().set_times(times).unwrap();
        };
        changed_at(60);
        assert!(log.may_be_new(), "it is another than at the last look");
        assert!(!log.may_be_new());
        changed_at(30);
        assert!(log.may_be_new() && !log.may_be_new(), "overwritten in place");
    }
}
