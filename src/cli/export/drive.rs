//! Holds the queue: gives it the tasks, hears of every transition, ends when all have ended or a signal comes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{Report, eyre};
use tokio::sync::mpsc;

use super::summary::Summary;
use super::tell::Teller;
use crate::aws::Session;
use crate::cli::outcome::say;
use crate::cli::signals::Signals;
use crate::domain::names::{PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::plan::PlannedTask;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::export::{Queue, Terms, Transition};
use crate::ledger::Ledger;

/// How long a launch under way may take to be answered after a signal: one attempt of a call (15 s) and a look whether AWS
/// has the task would be too long for somebody who has pressed Ctrl-C; a second signal ends the wait.
const GRACE: Duration = Duration::from_secs(10);

/// Queues the tasks of `plan` and drives its lane until they have ended. Answers how they ended; an error if the queue
/// itself broke.
pub async fn to_the_end(
    ledger: Ledger,
    session: Session,
    plan: QueuedPlan,
    tasks: Vec<PlannedTask>,
    signals: &mut Signals,
    teller: &mut Teller,
) -> Result<Summary, Report> {
    let mut run =
        Run { plan: plan.id, active: HashMap::new(), waits: HashMap::new(), summary: Summary::of(tasks.len()), teller };
    let (queue, mut transitions) = Queue::start(ledger, Terms::default()).await?;
    let lane = Lane::clone(&plan.lane);
    queue.submit(plan, tasks).await?;
    queue.work(lane, session).await;
    while run.summary.open() > 0 {
        tokio::select! {
            biased;
            ended = signals.next() => {
                run.summary.interrupted = Some(ended);
                say(&format!("logferry: {}: launching nothing more", ended.name));
                wind_up(&queue, &mut transitions, signals, &mut run).await;
                break;
            }
            moved = transitions.recv() => run.hear(moved.ok_or_else(|| eyre!("the queue ended by itself"))?),
        }
    }
    Ok(run.end())
}

/// Shuts the queue down, hearing what still happens; a second signal, and nothing is waited for any more.
async fn wind_up(
    queue: &Queue,
    transitions: &mut mpsc::Receiver<Transition>,
    signals: &mut Signals,
    run: &mut Run<'_>,
) {
    let closing = queue.shutdown(GRACE);
    tokio::pin!(closing);
    loop {
        tokio::select! {
            biased;
            _ = signals.next() => break,
            Some(moved) = transitions.recv() => run.hear(moved),
            () = &mut closing => break,
        }
    }
    while let Ok(moved) = transitions.try_recv() {
        run.hear(moved);
    }
}

/// What is known while it goes on.
struct Run<'t> {
    /// The plan that is told of; the lane may have others.
    plan: PlanId,
    /// Tasks that have moved and not ended.
    active: HashMap<TaskId, Arc<Task>>,
    /// The last wait told of a task: rounds of waiting for the same slot are told once.
    waits: HashMap<TaskId, String>,
    summary: Summary,
    teller: &'t mut Teller,
}

impl Run<'_> {
    fn hear(&mut self, moved: Transition) {
        if moved.task.plan != self.plan {
            return;
        }
        if self.is_news(&moved) {
            self.teller.transition(&moved);
        }
        let Transition { task, moment, .. } = moved;
        if moment.state.is_end() {
            self.active.remove(&task.id);
            self.waits.remove(&task.id);
            self.summary.add(&task);
        } else {
            self.active.insert(task.id, task);
        }
    }

    fn is_news(&mut self, Transition { task, moment, .. }: &Transition) -> bool {
        match moment.state {
            State::Launching => !self.waits.contains_key(&task.id),
            State::Queued => {
                let remark = moment.remark.clone();
                self.waits.insert(task.id, remark.clone()) != Some(remark)
            }
            State::Pending
            | State::Running
            | State::Cancelling
            | State::Completed
            | State::Failed
            | State::Cancelled => true,
        }
    }

    /// What goes on without us is part of the summary.
    fn end(mut self) -> Summary {
        let mut going_on: Vec<_> = self.active.into_values().filter(|task| task.state.is_in_aws()).collect();
        going_on.sort_by_key(|task| task.id);
        self.summary.in_aws = going_on;
        self.summary
    }
}
