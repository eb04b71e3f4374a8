//! The work behind an accepted task, one tokio task each: PENDING for a while, RUNNING with objects landing one after
//! the other, an end. All delays are AWS's scale divided by the sandbox's clock. A cancel is noticed at every delay.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::domain::layout::folder;
use crate::domain::names::RemoteId;
use crate::domain::place::Lane;

use super::super::super::world::World;
use super::objects::{Object, Streams};
use super::task::{End, ExportTask};

/// How long a task stays PENDING. The delays are of the size people report for small exports; AWS promises none.
const PENDING: Duration = Duration::from_secs(20);
/// How long a RUNNING task writes nothing.
const WARM_UP: Duration = Duration::from_secs(8);
/// How fast a RUNNING task writes, in bytes a second before compression.
const BYTES_A_SECOND: u64 = 4 * 1024 * 1024;
/// How long a task stays `PENDING_CANCEL`.
const WIND_DOWN: Duration = Duration::from_secs(3);
/// AWS: a task times out after 24 hours.
const TIME_OUT: Duration = Duration::from_hours(24);

const TIMED_OUT: &str = "The export task timed out after 24 hours. Reduce the time range and try again.";
const NO_WRITE: &str = "PutObject call on the given bucket failed. Please check if CloudWatch Logs has been granted \
                        permission to perform this operation.";

/// Does `task`'s work until it ends.
pub(super) async fn run(world: Arc<World>, lane: Lane, task: ExportTask, streams: Streams) {
    let work = Work { world: &world, lane: &lane, task: &task };
    let end = tokio::select! {
        () = task.stop.cancelled() => work.wind_down().await,
        end = timeout(work.scaled(TIME_OUT), work.export(streams)) => {
            end.unwrap_or_else(|_| End::Failed(TIMED_OUT.to_owned()))
        }
    };
    work.change(|task| task.end(end));
}

/// Holds the slot for `span` of real time, doing nothing: somebody else's task.
pub(super) async fn hold(world: Arc<World>, lane: Lane, task: ExportTask, span: Duration) {
    let work = Work { world: &world, lane: &lane, task: &task };
    let end = tokio::select! {
        () = task.stop.cancelled() => work.wind_down().await,
        () = sleep(span) => End::Completed,
    };
    work.change(|task| task.end(end));
}

struct Work<'a> {
    world: &'a Arc<World>,
    lane: &'a Lane,
    task: &'a ExportTask,
}

impl Work<'_> {
    /// A delay on the sandbox's clock.
    fn scaled(&self, span: Duration) -> Duration {
        let clock = self.world.config.clock;
        Duration::try_from_secs_f64(span.as_secs_f64() / clock).unwrap_or(span)
    }

    /// Changes the task as the store has it.
    fn change<T>(&self, change: impl FnOnce(&mut ExportTask) -> T) -> Option<T> {
        self.world
            .logs
            .with(self.lane, |shelf| shelf.tasks.iter_mut().rev().find(|task| task.id == self.task.id).map(change))
    }

    /// `PENDING_CANCEL` lasts a moment.
    async fn wind_down(&self) -> End {
        sleep(self.scaled(WIND_DOWN)).await;
        End::Cancelled
    }

    async fn export(&self, mut streams: Streams) -> End {
        sleep(self.scaled(PENDING)).await;
        if self.change(ExportTask::start) != Some(true) {
            return End::Cancelled;
        }
        let failure = self.world.logs.take_failure(&self.task.order.group);
        let started = Instant::now();
        let mut raw = 0;
        sleep(self.scaled(WARM_UP)).await;
        loop {
            let (rest, next) = match produce(streams).await {
                Ok(produced) => produced,
                Err(why) => return End::Failed(why),
            };
            streams = rest;
            if let Some(object) = next {
                raw += object.raw;
                sleep_until(started + self.scaled(WARM_UP + writing(raw))).await;
                if !self.land(object) {
                    return End::Failed(NO_WRITE.to_owned());
                }
            } else if failure.is_none() {
                return End::Completed;
            }
            if let Some(why) = failure {
                return End::Failed(why);
            }
        }
    }

    /// Puts an object into the bucket; `false` if there is no bucket any more.
    fn land(&self, object: Object) -> bool {
        let folder = folder(self.task.order.prefix(), &RemoteId(self.task.id.clone()));
        self.world.s3.put_object(&self.task.order.bucket, &format!("{folder}{}", object.key), object.body)
    }
}

/// How long AWS takes for so many bytes.
fn writing(raw: u64) -> Duration {
    Duration::from_millis(raw.saturating_mul(1_000) / BYTES_A_SECOND)
}

/// Compresses the next object, off the runtime's own threads.
async fn produce(mut streams: Streams) -> Result<(Streams, Option<Object>), String> {
    let produced = spawn_blocking(move || streams.next_object().map(|object| (streams, object))).await;
    match produced {
        Ok(Ok(produced)) => Ok(produced),
        Ok(Err(error)) => Err(format!("Internal error: {error}")),
        Err(error) => Err(format!("Internal error: {error}")),
    }
}
