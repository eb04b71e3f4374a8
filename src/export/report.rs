//! How engines report: facts on one bounded channel to the actor.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::lane::EngineId;
use crate::domain::names::TaskId;
use crate::domain::place::Lane;
use crate::domain::task::Fact;

/// A fact on its way to the actor.
#[derive(Debug)]
pub(super) struct Report {
    /// Whose.
    pub id: TaskId,
    /// The lane it is driven in, whose lease must still be ours when it is recorded, and by which engine; `None`: not by
    /// this queue.
    pub driven: Option<(Arc<Lane>, EngineId)>,
    /// What.
    pub fact: Fact,
    /// Where the answer goes, if the engine waits for one.
    pub answer: Option<oneshot::Sender<bool>>,
}

impl Report {
    /// The lane it is driven in.
    pub fn lane(&self) -> Option<&Arc<Lane>> {
        self.driven.as_ref().map(|(lane, _)| lane)
    }
}

/// An engine's line to the actor, for one task.
#[derive(Clone, Debug)]
pub struct Reporter {
    pub(super) id: TaskId,
    pub(super) driven: Option<(Arc<Lane>, EngineId)>,
    pub(super) to: mpsc::Sender<Report>,
}

impl Reporter {
    /// Which task is reported on.
    pub const fn id(&self) -> TaskId {
        self.id
    }

    /// Reports something that has happened. Waits while the actor is behind; a closed queue swallows it.
    pub async fn tell(&self, fact: Fact) {
        // An actor that is gone has nobody left to show the fact to.
        let _ = self.to.send(self.report(fact, None)).await;
    }

    /// Reports something that is about to happen and waits until it is recorded. `false`: it must not happen any more
    /// (the task was cancelled meanwhile, the lane was lost, or the queue is closing).
    pub(super) async fn declare(&self, fact: Fact) -> bool {
        let (answer, answered) = oneshot::channel();
        let sent = self.to.send(self.report(fact, Some(answer))).await;
        sent.is_ok() && answered.await.unwrap_or(false)
    }

    fn report(&self, fact: Fact, answer: Option<oneshot::Sender<bool>>) -> Report {
        Report { id: self.id, driven: self.driven.clone(), fact, answer }
    }
}
