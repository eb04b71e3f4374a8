//! One task of the direct engine: its reader and its writer, joined by a bounded channel.
//!
//! Neither outruns the other: the reader waits while the channel is full, and pages in it are all that is between them.
//! Callers: whoever drives the task, which saves the checkpoints and shows the counters.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::lately::Lately;
use super::read::{self, Gauges, Lost, Source};
use super::write::{Plan, Sink, Tally, Writer};
use crate::domain::direct::checkpoint::Checkpoint;
use crate::domain::direct::progress::Progress;
use crate::domain::problem::Problem;

/// Pages between reader and writer: enough that neither waits for the other's next one. Of 2 MB each, at most.
const PAGES: usize = 4;

/// A task that is begun. Dropping it, or its run, stops it: then [`Sink::give_up`] removes what is only written in part.
#[derive(Debug)]
pub struct Job {
    source: Source,
    sink: Sink,
    writer: Writer,
    resume: Progress,
    save: mpsc::Sender<Checkpoint>,
    gauges: Arc<Gauges>,
}

/// How a task ended whose deliveries were all written.
#[derive(Debug)]
pub struct Outcome {
    /// Everything that was read is durable, and this says so: where another run goes on.
    pub checkpoint: Checkpoint,
    /// Streams that were deleted meanwhile: the task has failed, for something of them is missing.
    pub lost: Vec<Lost>,
    /// What ended reading before all was read.
    pub failed: Option<Problem>,
}

impl Job {
    /// Begins a task, or goes on from `resume`, after removing what a dead run left that is not in it. Checkpoints go to
    /// `save`, the last one before the run ends.
    ///
    /// # Errors
    /// The destination cannot be looked at.
    pub async fn begin(
        source: Source,
        plan: Plan,
        resume: Option<Checkpoint>,
        save: mpsc::Sender<Checkpoint>,
    ) -> Result<Self, Problem> {
        let progress = resume.as_ref().map(|checkpoint| checkpoint.progress.clone()).unwrap_or_default();
        let sink = plan.sink.clone();
        let writer = Writer::begin(plan, resume, save.clone()).await?;
        Ok(Self { source, sink, writer, resume: progress, save, gauges: Arc::default() })
    }

    /// What was read so far, at any time.
    pub fn gauges(&self) -> Arc<Gauges> {
        Arc::clone(&self.gauges)
    }

    /// How far writing has come, at any time.
    pub fn tally(&self) -> watch::Receiver<Tally> {
        self.writer.tally()
    }

    /// Waits for uploads, at any time.
    pub fn uploads(&self) -> Arc<Lately> {
        self.writer.uploads()
    }

    /// Reads and writes to the end. A failure of reading still makes durable what was read.
    ///
    /// # Errors
    /// Writing failed; what was written in part is removed. The last checkpoint that was saved is where another run goes on.
    pub async fn run(self) -> Result<Outcome, Problem> {
        let Self { source, sink, writer, resume, save, gauges } = self;
        let (out, deliveries) = mpsc::channel(PAGES);
        let (read, written) = tokio::join!(read::read(source, &resume, out, gauges), writer.run(deliveries));
        let checkpoint = match written {
            Ok(checkpoint) => checkpoint,
            Err(problem) => {
                if let Err(left) = sink.give_up().await {
                    tracing::warn!(problem = %left, "what was written in part could not be removed");
                }
                return Err(problem);
            }
        };
        if save.send(checkpoint.clone()).await.is_err() {
            tracing::debug!("nobody saves the last checkpoint");
        }
        let (lost, failed) = match read {
            Ok(summary) => (summary.lost, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        Ok(Outcome { checkpoint, lost, failed })
    }
}
