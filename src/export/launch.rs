//! Launching: from the queue to AWS's acceptance, once and only once.
//!
//! CreateExportTask has no idempotency token. What identifies a task is the taskName we give it, with our id in it: a
//! task whose reply was lost is looked for by that name before it is ever created again.

use std::time::Duration;

use tokio::time::sleep;

use super::backoff::{Backoff, now};
use super::managed::{Managed, passes};
use super::slot::holder_of;
use crate::domain::names::{RemoteId, attempt_in, task_name};
use crate::domain::preflight::Check;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::{Fact, Holder, Wait};
use crate::domain::time::Timestamp;

/// How often the task is looked for after a lost reply before it is believed not to exist, over ten seconds. One that
/// shows up later still is found before the next attempt, or as the slot's holder.
const LOOKS: u32 = 4;
/// After the first such look; after the second twice that, and so on.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Clocks differ: tasks created up to this long before our launch are looked at too.
const CLOCK_SKEW: Duration = Duration::from_mins(15);
/// Pages of 50 tasks looked through at most.
const LOOK_PAGES: u32 = 20;

/// How often AWS may answer a launch with a failure of its own before the task fails with it: with the waits between
/// them that is five minutes. Everything else that passes (the network, credentials, throttling) concerns the lane, not
/// the task, and is waited out.
const SERVER_FAILURES: u32 = 12;

/// How one attempt to launch ended.
enum Attempt {
    Accepted(RemoteId),
    Refused(Problem),
    SlotTaken(Option<Holder>),
    Later(Problem),
}

impl Managed {
    /// Gets AWS to accept the task, however long it takes. `None`: it was refused, cancelled, withdrawn, or the queue
    /// closed. `doubt`: since when AWS may have the task although it was told otherwise.
    pub(super) async fn launch(&self, mut doubt: Option<Timestamp>) -> Option<RemoteId> {
        let mut backoff = Backoff::new();
        let mut tries = 0;
        // Recorded before AWS is asked; refused once the task is cancelled or withdrawn, or the queue is closing.
        while let Some(warned) = self.clear(doubt).await
            && self.reporter.declare(Fact::Launching { warned }).await
        {
            match self.ask(&mut doubt).await {
                Attempt::Accepted(remote) => return Some(self.accepted(remote).await),
                Attempt::Refused(problem) => return self.refused(problem).await,
                Attempt::SlotTaken(holder) => {
                    backoff.reset();
                    self.wait_for_slot(holder, doubt.is_some()).await;
                }
                Attempt::Later(problem) => {
                    tries += u32::from(problem.kind == ProblemKind::Server);
                    if tries > SERVER_FAILURES {
                        return self.refused(problem).await;
                    }
                    self.put_back(problem, doubt.is_some(), &mut backoff).await;
                }
            }
        }
        None
    }

    /// The checks that warn of the launch; `None`: it may not be made. While there is a `doubt` AWS may have the task, and
    /// what is found of it there counts alone.
    async fn clear(&self, doubt: Option<Timestamp>) -> Option<Vec<Check>> {
        match doubt {
            Some(_) => Some(Vec::new()),
            None => self.clearance.pass(&self.wishes, &self.reporter).await,
        }
    }

    /// Takes up a launch whose answer nobody has noted: AWS has been asked since `since`, or was about to be.
    pub(super) async fn take_up(&self, since: Timestamp) -> Option<RemoteId> {
        let lost = Problem::new(ProblemKind::Interrupted, "CreateExportTask").on(self.spec.group.as_str());
        match self.after_lost_reply(lost, since).await {
            Attempt::Accepted(remote) => Some(self.accepted(remote).await),
            Attempt::Later(problem) => {
                self.put_back(problem, true, &mut Backoff::new()).await;
                self.launch(Some(since)).await
            }
            Attempt::Refused(problem) => self.refused(problem).await,
            Attempt::SlotTaken(holder) => {
                self.wait_for_slot(holder, true).await;
                self.launch(Some(since)).await
            }
        }
    }

    async fn accepted(&self, remote: RemoteId) -> RemoteId {
        self.reporter.tell(Fact::Accepted(remote.clone())).await;
        remote
    }

    async fn refused(&self, problem: Problem) -> Option<RemoteId> {
        self.reporter.tell(Fact::Failed { problem, left: None }).await;
        None
    }

    /// Back to the queue, until the next try.
    async fn put_back(&self, problem: Problem, doubt: bool, backoff: &mut Backoff) {
        let (pause, wait) = backoff.step_after(problem);
        self.reporter.tell(Fact::PutBack { wait, doubt }).await;
        self.rest(pause).await;
    }

    /// One try. While there is a doubt the task is looked for before it may be created again.
    async fn ask(&self, doubt: &mut Option<Timestamp>) -> Attempt {
        if let Some(since) = *doubt {
            match self.find_by_name(since).await {
                Ok(Some(remote)) => return Attempt::Accepted(remote),
                Ok(None) => {}
                Err(problem) => return Attempt::Later(problem),
            }
        }
        let begun = now();
        let name = task_name(self.attempt, self.spec.label.as_ref());
        match self.session().create_export_task(&name, &self.spec).await {
            Ok(remote) => Attempt::Accepted(remote),
            Err(problem) if problem.kind == ProblemKind::SlotTaken => self.slot_taken().await,
            Err(problem) if problem.kind.is_ambiguous() => {
                let since = *doubt.get_or_insert(begun);
                self.after_lost_reply(problem, since).await
            }
            Err(problem) if passes(problem.kind) => Attempt::Later(problem),
            Err(problem) => Attempt::Refused(problem),
        }
    }

    /// The holder may be this very task: an earlier attempt whose reply was lost. Not being able to look is no harm:
    /// if there is a doubt, the next attempt begins by looking.
    async fn slot_taken(&self) -> Attempt {
        match holder_of(&self.session()).await {
            Ok(Some(holder)) if holder.name.as_deref().and_then(attempt_in) == Some(self.attempt) => {
                Attempt::Accepted(holder.remote)
            }
            Ok(holder) => Attempt::SlotTaken(holder),
            Err(_) => Attempt::SlotTaken(None),
        }
    }

    /// AWS may have the task or not. Asks until AWS has said so; meanwhile the task stays in Launching.
    async fn after_lost_reply(&self, lost: Problem, since: Timestamp) -> Attempt {
        let mut backoff = Backoff::new();
        let mut looks = 0;
        while looks < LOOKS {
            let pause = match self.find_by_name(since).await {
                Ok(Some(remote)) => return Attempt::Accepted(remote),
                Ok(None) => {
                    looks += 1;
                    let pause = LOOK_AGAIN * looks;
                    let wait = Wait::Retry { problem: lost.clone(), until: now().after(pause) };
                    self.reporter.tell(Fact::Waiting(wait)).await;
                    pause
                }
                Err(problem) => self.wait_after(problem, &mut backoff).await,
            };
            sleep(pause).await;
        }
        Attempt::Later(lost)
    }

    /// Looks for this task by its name among the tasks AWS accepted since shortly before `begun`.
    async fn find_by_name(&self, begun: Timestamp) -> Result<Option<RemoteId>, Problem> {
        let oldest = begun.before(CLOCK_SKEW);
        let mut token = None;
        for _ in 0..LOOK_PAGES {
            let page = self.session().export_tasks(None, token).await?;
            let ours = page.items.iter().find(|task| task.name.as_deref().and_then(attempt_in) == Some(self.attempt));
            if let Some(task) = ours {
                return Ok(Some(task.id.clone()));
            }
            let past = page.items.last().and_then(|task| task.created).is_some_and(|created| created < oldest);
            token = page.next;
            if past || token.is_none() {
                break;
            }
        }
        Ok(None)
    }
}
