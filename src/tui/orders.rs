//! What the queue is told, in the order it was asked for: one task passes orders on, one after the other.
//!
//! The driver sends them and never waits; answers go back to it as inbound messages.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::aws::Session;
use crate::domain::names::TaskId;
use crate::domain::task::TaskSpec;
use crate::export::Queue;

/// One order.
#[derive(Debug)]
pub enum Order {
    /// Queue tasks; their ids are the answer.
    Submit(Vec<TaskSpec>, oneshot::Sender<Vec<TaskId>>),
    /// Cancel a task.
    Cancel(TaskId),
    /// Go on through a session with fresh credentials.
    Renew(Session),
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
        Order::Submit(specs, answer) => drop(answer.send(queue.submit(specs).await)),
        Order::Cancel(id) => queue.cancel(id).await,
        Order::Renew(session) => queue.renew(session).await,
        Order::Shutdown(grace, done) => {
            queue.shutdown(grace).await;
            let _ = done.send(());
        }
    }
}
