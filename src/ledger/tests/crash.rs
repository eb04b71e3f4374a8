//! A process killed while it writes: the ledger opens, and holds whole transactions.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::*;

/// Set for the child: where its ledger is.
const DIRECTORY: &str = "LOGFERRY_TEST_CRASH_DIRECTORY";

/// How many tasks each plan of the child has.
const EACH: usize = 200;

/// Not a test by itself: what the child does until it is killed.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let ledger = Ledger::open(Path::new(&directory)).await.unwrap();
        for n in 1.. {
            ledger.add(queued_plan(n, &home()), hours(n, "/web", EACH)).await.unwrap();
            let all = (0..EACH).map(|at| (task_id(n, at), Fact::CancelAsked)).collect();
            ledger.fold(all, at(1), None).await.unwrap();
        }
    });
}

fn child(directory: &Path) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "ledger::tests::crash::child_that_writes_until_it_is_killed"]);
    command.env(DIRECTORY, directory).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until `enough` holds, at most so long that a slow machine can.
async fn wait_for(mut enough: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !enough().await {
        assert!(started.elapsed() < Duration::from_mins(1), "the child writes nothing");
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

#[tokio::test]
async fn whatever_a_killed_process_wrote_is_whole() {
    let desk = Desk::new().await;
    for round in 1..=6_u64 {
        let before = desk.ledger.plans(10_000).await.unwrap().len();
        let mut child = child(desk.home.path());
        // The child begins at plan 1 each time: a repetition changes nothing, and is soon through.
        wait_for(async || desk.ledger.plans(10_000).await.unwrap().len() > before).await;
        tokio::time::sleep(Duration::from_millis(round * 7 % 30)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        whole(&Ledger::open(desk.home.path()).await.unwrap()).await;
    }
}

/// Every plan has all of its tasks, all queued or all cancelled, and its counts say so.
async fn whole(ledger: &Ledger) {
    for plan in ledger.plans(10_000).await.unwrap() {
        let queued = ledger.ids(plan.id, vec![State::Queued]).await.unwrap().len();
        let cancelled = ledger.ids(plan.id, vec![State::Cancelled]).await.unwrap().len();
        assert!([(EACH, 0), (0, EACH)].contains(&(queued, cancelled)), "{queued} queued, {cancelled} cancelled");
        assert_eq!((plan.counts.queued, plan.counts.cancelled), (queued as u64, cancelled as u64));
    }
    let check = crate::ledger::open::connect(ledger.file()).unwrap();
    let found: String = check.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
}
