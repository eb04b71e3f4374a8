//! Several handles on one file, each with connections of its own, as several processes have them: news, changes, leases.

use tokio::time::timeout;

use super::*;
use crate::ledger::{Driver, Lease, LedgerError, Mark};

fn driver(n: u128) -> Driver {
    Driver { id: Uuid::from_u128(n), label: format!("pid {n} on build-3") }
}

fn lease(n: u128) -> Lease {
    Lease { lane: Arc::new(home()), driver: Uuid::from_u128(n) }
}

#[tokio::test]
async fn what_one_writes_the_other_is_told_and_reads() {
    let desk = Desk::new().await;
    let other = desk.another().await;
    let mut news = other.news();
    let mark = other.board(10, 10).await.unwrap().mark;
    news.borrow_and_update();
    desk.add(1, hours(1, "/web", 2)).await;
    timeout(Duration::from_secs(5), news.changed()).await.expect("news of another process").unwrap();
    let changes = other.changes(mark).await.unwrap();
    assert_eq!(ids(&changes.tasks), [task_id(1, 0), task_id(1, 1)]);
    assert_eq!((changes.plans.len(), changes.lanes.len(), changes.moves.len()), (1, 1, 0));

    other.fold(vec![(task_id(1, 1), Fact::CancelAsked)], at(5), None).await.unwrap();
    let changes = desk.ledger.changes(changes.mark).await.unwrap();
    assert_eq!(ids(&changes.tasks), [task_id(1, 1)], "only what has changed");
    assert_eq!(changes.moves[0].moment.state, State::Cancelled);
    assert_eq!((changes.plans.len(), changes.lanes.len()), (1, 0));
    assert!(desk.ledger.changes(changes.mark).await.unwrap().tasks.is_empty());
}

#[tokio::test]
async fn one_s_own_write_ticks_at_once_and_what_changes_nothing_does_not() {
    let desk = Desk::with_hours(1).await;
    desk.ledger.know_lane(&home(), Some("nightly")).await.unwrap();
    let mut news = desk.ledger.news();
    news.borrow_and_update();
    desk.ledger.know_lane(&home(), Some("nightly")).await.unwrap();
    desk.ledger.pause_lane(&home(), false).await.unwrap();
    desk.ledger.release(Uuid::from_u128(1)).await.unwrap();
    desk.fold(task_id(1, 0), [Fact::Seen]).await;
    assert!(!news.has_changed().unwrap());
    desk.fold(task_id(1, 0), [Fact::launching()]).await;
    assert!(news.has_changed().unwrap(), "before the write has answered");
    news.borrow_and_update();
    // The reader's own look notices the same commit later, and does not tell it twice.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!news.has_changed().unwrap());
}

#[tokio::test]
async fn news_end_with_the_last_handle() {
    let desk = Desk::new().await;
    let mut news = desk.ledger.news();
    news.borrow_and_update();
    let Desk { home: _home, ledger } = desk;
    let clone = ledger.clone();
    drop(ledger);
    assert!(clone.lanes().await.is_ok(), "another handle keeps it open");
    drop(clone);
    timeout(Duration::from_secs(5), news.changed()).await.expect("both threads end").unwrap_err();
}

#[tokio::test]
async fn a_lease_is_taken_renewed_refused_and_runs_out() {
    let desk = Desk::new().await;
    let take = async |n, now, until| desk.ledger.take_lease(&home(), &driver(n), at(now), at(until)).await.unwrap();
    assert!(take(1, 0, 15).await);
    assert!(take(1, 5, 20).await, "renewed");
    assert!(!take(2, 20, 35).await, "it has not run out");
    assert!(take(2, 21, 36).await, "it has");
    assert!(!take(1, 22, 37).await);
    let lanes = desk.ledger.lanes().await.unwrap();
    assert_eq!((&lanes[0].driver, lanes[0].until), (&Some(driver(2)), Some(at(36))));
    desk.ledger.release(Uuid::from_u128(2)).await.unwrap();
    assert_eq!(desk.ledger.lanes().await.unwrap()[0].driver, None);
    assert!(take(1, 23, 38).await, "given up");
}

#[tokio::test]
async fn only_who_holds_the_lane_folds_under_a_lease() {
    let desk = Desk::with_hours(1).await;
    let fold = async |facts: Vec<Fact>, now, n| {
        let facts = facts.into_iter().map(|fact| (task_id(1, 0), fact)).collect();
        desk.ledger.fold(facts, at(now), Some(lease(n))).await
    };
    let lost = |answer| matches!(answer, Err(LedgerError::LeaseLost(lane)) if lane == home());
    assert!(lost(fold(vec![Fact::launching()], 1, 1).await), "nobody holds it");
    assert!(desk.ledger.take_lease(&home(), &driver(1), at(1), at(16)).await.unwrap());
    assert!(fold(vec![Fact::launching()], 2, 1).await.is_ok());
    assert!(lost(fold(vec![Fact::Accepted(remote(1))], 2, 2).await), "another holds it");
    assert!(lost(fold(vec![Fact::Accepted(remote(1))], 17, 1).await), "it has run out");
    assert!(desk.ledger.take_lease(&home(), &driver(2), at(18), at(33)).await.unwrap());
    assert!(lost(fold(vec![Fact::Accepted(remote(1))], 19, 1).await), "another has taken over");
    assert_eq!(desk.state(task_id(1, 0)).await, State::Launching, "nothing was written");
    assert!(fold(vec![Fact::Accepted(remote(1))], 33, 2).await.is_ok(), "to the last moment");
}

#[tokio::test]
async fn lanes_of_one_name_on_different_endpoints_are_two() {
    let desk = Desk::new().await;
    let emulated = Lane { endpoint: Some("http://127.0.0.1:4566".to_owned()), ..home() };
    desk.ledger.know_lane(&home(), None).await.unwrap();
    desk.ledger.know_lane(&emulated, Some("local")).await.unwrap();
    desk.ledger.pause_lane(&emulated, true).await.unwrap();
    let lanes = desk.ledger.lanes().await.unwrap();
    assert_eq!(lanes.iter().map(|known| known.paused).collect::<Vec<_>>(), [false, true]);
    assert_eq!((&*lanes[1].lane, lanes[1].profile.as_deref()), (&emulated, Some("local")));
}

#[tokio::test]
async fn two_that_write_at_once_lose_nothing() {
    let desk = Desk::with_hours(200).await;
    let other = desk.another().await;
    let cancel = async |ledger: &Ledger, from: usize| {
        for n in (from..200).step_by(2) {
            ledger.fold(vec![(task_id(1, n), Fact::CancelAsked)], at(1), None).await.unwrap();
        }
    };
    tokio::join!(cancel(&desk.ledger, 0), cancel(&other, 1));
    assert_eq!(desk.plan(1).await.counts, Counts { cancelled: 200, ..Counts::default() });
    assert_eq!(other.changes(Mark::default()).await.unwrap().moves.len(), 200);
}

#[tokio::test]
async fn moves_that_are_long_past_are_forgotten() {
    let desk = Desk::with_hours(1).await;
    desk.fold(task_id(1, 0), [Fact::launching(), Fact::Accepted(remote(1))]).await;
    let conn = crate::ledger::open::connect(desk.ledger.file()).unwrap();
    conn.execute("UPDATE moves SET seq = seq + 250000 WHERE seq = 2", []).unwrap();
    desk.fold(task_id(1, 0), [Fact::Started]).await;
    let told: Vec<_> = desk.ledger.changes(Mark::default()).await.unwrap().moves;
    assert_eq!(told.iter().map(|told| told.moment.state).collect::<Vec<_>>(), [State::Pending, State::Running]);
    assert_eq!(desk.task(task_id(1, 0)).await.timeline.len(), 4, "the timeline keeps everything");
}

#[tokio::test]
async fn an_idle_ledger_writes_nothing() {
    let desk = Desk::with_hours(1).await;
    let size = || desk.home.path().join("ledger.db-wal").metadata().unwrap().len();
    let before = size();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(size(), before);
}
