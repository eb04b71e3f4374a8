//! The lane's one slot: who holds it, and waiting until it is free.
//!
//! AWS: one RUNNING or PENDING export task per account and Region (quota L-EEC839DF), shared with everybody there.

use std::time::Duration;

use super::backoff::Backoff;
use super::managed::{LOOK, Managed};
use crate::aws::Session;
use crate::domain::inventory::RemoteStatus;
use crate::domain::problem::Problem;
use crate::domain::task::{Fact, Holder, Wait};

/// Between two searches for the holder: each may take three calls, and 2 a second on average are enough.
const SEARCH: Duration = Duration::from_secs(2);

/// The active task of the lane, if AWS shows one.
///
/// # Errors
/// AWS refuses the call.
pub async fn holder_of(session: &Session) -> Result<Option<Holder>, Problem> {
    for status in [RemoteStatus::Running, RemoteStatus::Pending, RemoteStatus::PendingCancel] {
        let page = session.export_tasks(Some(status), None).await?;
        if let Some(task) = page.items.into_iter().find(|task| task.status.is_active()) {
            return Ok(Some(task.into()));
        }
    }
    Ok(None)
}

impl Managed {
    /// Puts the task back and returns when another attempt is worth making, or when there is nothing to wait for any more.
    /// `holder` is whoever has the slot, if AWS shows it.
    pub(super) async fn wait_for_slot(&self, holder: Option<Holder>, doubt: bool) {
        self.reporter.tell(Fact::PutBack { wait: Wait::Slot(holder.clone()), doubt }).await;
        // What a launch is to know stays known meanwhile, so that the slot is taken as soon as it is free.
        tokio::select! {
            () = self.wait_for_end(holder) => {}
            never = Box::pin(self.clearance.keep_recent()) => match never {},
        }
    }

    async fn wait_for_end(&self, holder: Option<Holder>) {
        match holder {
            Some(holder) => self.wait_for_end_of(holder).await,
            None => self.rest(SEARCH).await,
        }
    }

    async fn wait_for_end_of(&self, holder: Holder) {
        let mut backoff = Backoff::new();
        let mut pause = LOOK;
        loop {
            self.rest(pause).await;
            if self.wishes.is_any() {
                return;
            }
            pause = match self.session().export_task(&holder.remote).await {
                Ok(Some(task)) if task.status.is_active() => {
                    backoff.reset();
                    self.reporter.tell(Fact::Waiting(Wait::Slot(Some(holder.clone())))).await;
                    LOOK
                }
                Ok(_) => return,
                Err(problem) => self.wait_after(problem, &mut backoff).await,
            };
        }
    }
}
