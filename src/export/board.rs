//! The board: reads from the ledger what changed, whoever changed it, and tells faces.
//!
//! The only source of transitions and snapshots, so that a face sees another process's doings exactly as its own. It
//! writes nothing and drives nothing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use super::queue::{Snapshot, Transition};
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{Move, State, Task};
use crate::ledger::{Board, Changes, LaneRecord, Ledger, LedgerError, Mark};

/// Between two readings, so that a flood of changes is told at most ten times a second.
const REST: Duration = Duration::from_millis(100);
/// Before a ledger that could not be read is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// Open tasks held: a plan of 15,000 tasks fits, and a screen is quick with them.
const OPEN: usize = 20_000;
/// Ended tasks held, the newest: what somebody looks for on the screen of running exports. The history has them all.
const ENDED: usize = 500;

/// Why the ledger is of no use just now, in words.
pub(super) type Trouble = Option<Arc<str>>;

/// The keeper of the board.
pub(super) struct BoardKeeper {
    ledger: Ledger,
    news: watch::Receiver<u64>,
    /// Up to where the ledger was read.
    mark: Option<Mark>,
    rows: Rows,
    plans: BTreeMap<PlanId, Arc<QueuedPlan>>,
    lanes: BTreeMap<Arc<Lane>, Arc<LaneRecord>>,
    transitions: mpsc::Sender<Transition>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    /// Of the one that writes.
    writing: watch::Receiver<Trouble>,
    reading: Trouble,
}

impl BoardKeeper {
    /// Reads everything for the first time.
    pub async fn open(
        ledger: Ledger,
        transitions: mpsc::Sender<Transition>,
        snapshots: watch::Sender<Arc<Snapshot>>,
        writing: watch::Receiver<Trouble>,
    ) -> Result<Self, LedgerError> {
        let mut keeper = Self {
            news: ledger.news(),
            ledger,
            mark: None,
            rows: Rows::default(),
            plans: BTreeMap::new(),
            lanes: BTreeMap::new(),
            transitions,
            snapshots,
            writing,
            reading: None,
        };
        keeper.read().await?;
        keeper.publish();
        Ok(keeper)
    }

    /// Runs until nobody looks any more.
    pub async fn run(mut self) {
        while !self.snapshots.is_closed() {
            self.wait().await;
            self.news.borrow_and_update();
            self.reading = self.read().await.err().map(|error| error.to_string().into());
            self.publish();
        }
    }

    /// Waits for a reason to read, and no less than the rest between two readings.
    async fn wait(&mut self) {
        if self.reading.is_some() {
            return sleep(TRY_AGAIN).await;
        }
        sleep(REST).await;
        tokio::select! {
            _ = self.news.changed() => {}
            Ok(()) = self.writing.changed() => {}
            () = self.snapshots.closed() => {}
        }
    }

    /// Reads what is new; everything if nothing was read yet, or too few of the open tasks are held.
    async fn read(&mut self) -> Result<(), LedgerError> {
        match self.mark {
            None => self.read_all().await,
            Some(mark) => {
                let read = self.ledger.changes(mark).await?;
                self.tell(read).await;
                if self.rows.are_low(self.open_tasks()) { self.read_all().await } else { Ok(()) }
            }
        }
    }

    async fn read_all(&mut self) -> Result<(), LedgerError> {
        let Board { mark, tasks, plans, lanes } = self.ledger.board(OPEN, ENDED).await?;
        // Moves that came between the last reading and this one are read, and told, with the next changes.
        self.mark.get_or_insert(mark);
        self.rows = Rows::default();
        self.take_in(tasks.into_iter().map(Arc::new), plans, lanes);
        Ok(())
    }

    async fn tell(&mut self, Changes { mark, tasks, moves, plans, lanes }: Changes) {
        let tasks: HashMap<TaskId, Arc<Task>> = tasks.into_iter().map(|task| (task.id, Arc::new(task))).collect();
        self.mark = Some(mark);
        self.take_in(tasks.values().cloned(), plans, lanes);
        for Move { task, before, moment } in moves {
            let Some(task) = tasks.get(&task).map(Arc::clone) else { continue };
            // A face that has gone away needs to hear nothing.
            let _ = self.transitions.send(Transition { before, moment, task }).await;
        }
    }

    fn take_in(&mut self, tasks: impl Iterator<Item = Arc<Task>>, plans: Vec<QueuedPlan>, lanes: Vec<LaneRecord>) {
        self.plans.extend(plans.into_iter().map(|plan| (plan.id, Arc::new(plan))));
        self.lanes.extend(lanes.into_iter().map(|record| (Arc::clone(&record.lane), Arc::new(record))));
        for task in tasks {
            self.rows.put(task);
        }
        self.rows.forget_oldest();
    }

    /// How many tasks have not ended, those that are not held here included.
    fn open_tasks(&self) -> u64 {
        self.plans.values().map(|plan| plan.counts.open()).sum()
    }

    fn publish(&self) {
        let snapshot = Snapshot {
            tasks: self.rows.by_order.values().cloned().collect(),
            beyond: self.open_tasks().saturating_sub(self.rows.open as u64),
            plans: self.plans.values().cloned().collect(),
            lanes: self.lanes.values().cloned().collect(),
            trouble: self.reading.clone().or_else(|| self.writing.borrow().clone()),
        };
        self.snapshots.send_if_modified(|last| {
            let news = **last != snapshot;
            if news {
                *last = Arc::new(snapshot);
            }
            news
        });
    }
}

/// Tasks in the order of [`Snapshot::tasks`].
#[derive(Default)]
struct Rows {
    by_order: BTreeMap<Order, Arc<Task>>,
    orders: HashMap<TaskId, Order>,
    open: usize,
    ended: usize,
}

/// What a row is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Active(TaskId),
    Queued(i64, TaskId),
    Ended(std::cmp::Reverse<(i64, TaskId)>),
}

impl Rows {
    fn put(&mut self, task: Arc<Task>) {
        self.remove(task.id);
        let order = Order::of(&task);
        if let Order::Queued(..) = order
            && self.open >= OPEN
            && self.last_queued().is_some_and(|last| last < order)
        {
            return;
        }
        *self.count(order) += 1;
        self.orders.insert(task.id, order);
        self.by_order.insert(order, task);
    }

    fn remove(&mut self, id: TaskId) {
        if let Some(order) = self.orders.remove(&id) {
            self.by_order.remove(&order);
            *self.count(order) -= 1;
        }
    }

    fn forget_oldest(&mut self) {
        while self.ended > ENDED {
            let Some((_, oldest)) = self.by_order.last_key_value() else { return };
            let oldest = oldest.id;
            self.remove(oldest);
        }
    }

    fn last_queued(&self) -> Option<Order> {
        let end = Order::Queued(i64::MAX, TaskId(uuid::Uuid::max()));
        self.by_order.range(..=end).next_back().map(|(order, _)| *order)
    }

    /// Whether so many of the open tasks held have ended that the ones behind them must be read. `open`: how many there
    /// are.
    const fn are_low(&self, open: u64) -> bool {
        self.open < OPEN / 2 && (self.open as u64) < open
    }

    const fn count(&mut self, order: Order) -> &mut usize {
        match order {
            Order::Active(_) | Order::Queued(..) => &mut self.open,
            Order::Ended(_) => &mut self.ended,
        }
    }
}

impl Order {
    fn of(task: &Task) -> Self {
        match task.state {
            State::Launching | State::Pending | State::Running | State::Cancelling => Self::Active(task.id),
            State::Queued => Self::Queued(task.place, task.id),
            State::Completed | State::Failed | State::Cancelled => {
                Self::Ended(std::cmp::Reverse((task.ended.unwrap_or(task.queued).millis(), task.id)))
            }
        }
    }
}
