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
use crate::domain::plan::Plan;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::time::Timestamp;
use crate::export::Queue;
use crate::tui::msg::Queued;

/// One order. Answers are words where something went wrong.
#[derive(Debug)]
pub enum Order {
    /// Drive a lane.
    Work(Lane, Session),
    /// Queue the tasks of a plan.
    Submit(Lane, Plan, oneshot::Sender<Result<Queued, String>>),
    /// Cancel a task.
    Cancel(TaskId, oneshot::Sender<Result<(), String>>),
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
        Order::Work(lane, session) => queue.work(lane, session).await,
        Order::Submit(lane, plan, answer) => drop(answer.send(submit(queue, lane, plan).await)),
        Order::Cancel(id, answer) => {
            let cancelled = queue.cancel(vec![id]).await;
            drop(answer.send(cancelled.map(drop).map_err(|error| error.to_string())));
        }
        Order::Shutdown(grace, done) => {
            queue.shutdown(grace).await;
            let _ = done.send(());
        }
    }
}

/// Expands the plan away from the threads that answer keys: it may have 100,000 tasks.
async fn submit(queue: &Queue, lane: Lane, plan: Plan) -> Result<Queued, String> {
    let expanded = tokio::task::spawn_blocking(move || {
        let tasks = plan.expand(&lane, || TaskId(Uuid::now_v7())).map_err(|refused| refused.to_string())?;
        let now = Timestamp::from(SystemTime::now());
        let queued = QueuedPlan::new(PlanId(Uuid::now_v7()), Arc::new(lane), &plan, tasks.len() as u64, now);
        Ok::<_, String>((queued, tasks))
    });
    let (plan, tasks) = expanded.await.map_err(|error| error.to_string())??;
    let first = tasks.first().ok_or("the plan has no tasks")?.id;
    let queued = Queued { tasks: tasks.len(), first };
    queue.submit(plan, tasks).await.map_err(|error| error.to_string())?;
    Ok(queued)
}
