//! What the queue is told, in the order it was asked for: one task passes orders on, one after the other.
//!
//! The driver sends them and never waits; answers go back to it as inbound messages.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::aws::Session;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::{Plan, sharing};
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::domain::task::State;
use crate::domain::time::Timestamp;
use crate::export::{Queue, apart};
use crate::ledger::{Ledger, LedgerError};
use crate::tui::effect::Change;
use crate::tui::msg::{Changed, Queued};
use crate::tui::review::Draft;

/// One order. Answers are words where something went wrong.
#[derive(Debug)]
pub enum Order {
    /// Drive a lane, and remember how it was reached.
    Work(Lane, Session),
    /// Queue the tasks of a plan.
    Submit(Arc<Draft>, oneshot::Sender<Result<Queued, String>>),
    /// Change something; answers what came of it.
    Change(Change, oneshot::Sender<Result<Changed, String>>),
    /// End, waiting at most so long for a launch under way.
    Shutdown(Duration, oneshot::Sender<()>),
}

/// Where orders go in. Unbounded: they come from a person's keys, and the one that ends must never be refused.
pub type Orders = mpsc::UnboundedSender<Order>;

/// Begins to pass orders on to `queue`.
pub fn pass_on(queue: Queue) -> Orders {
    let (orders, mut coming) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(order) = coming.recv().await {
            carry_out(&queue, order).await;
        }
    });
    orders
}

/// Whoever asked may have gone: then nobody misses the answer.
async fn carry_out(queue: &Queue, order: Order) {
    match order {
        Order::Work(lane, session) => work(queue, lane, session).await,
        Order::Submit(draft, answer) => drop(answer.send(submit(queue, &draft).await)),
        Order::Change(wanted, answer) => {
            drop(answer.send(change(queue, wanted).await.map_err(|error| error.to_string())));
        }
        Order::Shutdown(grace, done) => {
            queue.shutdown(grace).await;
            let _ = done.send(());
        }
    }
}

async fn work(queue: &Queue, lane: Lane, session: Session) {
    // Not to be able to remember the way is no reason not to go: the queue tells what is wrong with the ledger.
    if let Err(error) = queue.ledger().know_lane(&lane, session.profile()).await {
        tracing::warn!(%error, %lane, "the lane could not be noted");
    }
    queue.work(lane, session).await;
}

/// Works the plan out into its tasks, away from the threads that answer keys: it may have 100,000.
pub async fn expand(ledger: Ledger, lane: Arc<Lane>, plan: Plan) -> Result<Arc<Draft>, String> {
    let of = Arc::clone(&lane);
    let expanded = tokio::task::spawn_blocking(move || {
        let tasks = plan.expand(&of, || TaskId(Uuid::now_v7())).map_err(|refused| refused.to_string())?;
        let now = Timestamp::from(SystemTime::now());
        let plan = QueuedPlan::new(PlanId(Uuid::now_v7()), of, &plan, tasks.len() as u64, now);
        Ok::<_, String>(Draft { plan, sharing: sharing(&tasks), tasks, rough: None })
    });
    let draft = expanded.await.map_err(|error| error.to_string())??;
    // How long it takes is worth knowing and no condition.
    let pace = ledger.pace(&lane).await.unwrap_or_default();
    Ok(Arc::new(Draft { rough: pace.rough_duration(draft.tasks.len()), ..draft }))
}

async fn submit(queue: &Queue, draft: &Draft) -> Result<Queued, String> {
    let first = draft.tasks.first().ok_or("the plan has no tasks")?.id;
    let plan = QueuedPlan { queued: Timestamp::from(SystemTime::now()), ..draft.plan.clone() };
    queue.submit(plan, draft.tasks.clone()).await.map_err(|error| error.to_string())?;
    Ok(Queued { tasks: draft.tasks.len(), first })
}

async fn change(queue: &Queue, wanted: Change) -> Result<Changed, LedgerError> {
    let ledger = queue.ledger();
    let done = |()| Changed::Done;
    match wanted {
        Change::Cancel(id) => queue.cancel(vec![id]).await.map(|_| Changed::Done),
        Change::CancelPlan(plan) => queue.cancel_plan(plan).await.map(Changed::Moved),
        Change::Retry(id) => retry(queue, vec![id]).await,
        Change::RetryFailed(plan) => {
            let retried = retry(queue, ledger.ids(plan, vec![State::Failed]).await?).await?;
            // It may have paused itself because of these failures.
            ledger.pause_plan(plan, None).await?;
            Ok(retried)
        }
        Change::RetryTwice(ids) => queue.retry(ids).await.map(|moved| Changed::Retried(moved, Vec::new())),
        Change::PausePlan(plan, held) => ledger.pause_plan(plan, held.then_some(Pause::Asked)).await.map(done),
        Change::PauseLane(lane, held) => ledger.pause_lane(&lane, held).await.map(done),
        Change::Shift(id, shift) => ledger.shift(vec![id], shift).await.map(done),
        Change::ShiftPlan(plan, shift) => {
            let queued = ledger.ids(plan, vec![State::Queued]).await?;
            ledger.shift(queued, shift).await.map(done)
        }
    }
}

/// Queues once more those of `ids` whose windows nobody else has.
async fn retry(queue: &Queue, ids: Vec<TaskId>) -> Result<Changed, LedgerError> {
    let (ids, elsewhere) = apart(queue.ledger(), ids).await?;
    let moved = queue.retry(ids).await?;
    Ok(Changed::Retried(moved, elsewhere.into_iter().map(|(task, how)| (task.id, how)).collect()))
}
