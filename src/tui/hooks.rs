//! Test hooks: keys that break or burden the program on purpose, bound only with `LOGFERRY_TEST_HOOKS=1`.

use std::time::{Duration, SystemTime};

use tokio::time::{MissedTickBehavior, interval};

use crate::domain::amount::{ByteCount, Landed};
use crate::domain::layout::Destination;
use crate::domain::names::{BucketName, LogGroupName, NameError, RemoteId};
use crate::domain::task::{Fact, TaskSpec};
use crate::domain::time::{TimeRange, Timestamp};
use crate::export::{Queue, Reporter};

/// What a hook does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hook {
    /// Panics in `update`.
    PanicHere,
    /// Panics in a background task.
    PanicInTask,
    /// Takes in tasks that report as fast as engines ever might.
    Flood,
}

/// Tasks of a flood.
const TASKS: usize = 8;
/// What each of them reports: 10 facts every 10 ms.
const FACTS: u64 = 10;
const BEAT: Duration = Duration::from_millis(10);

#[expect(clippy::panic, reason = "a test hook: proves that a panic leaves a sane terminal")]
pub(super) fn panic_here() {
    panic!("test hook: a panic in update");
}

#[expect(clippy::panic, reason = "a test hook: proves that a panic in a task leaves a sane terminal")]
pub(super) fn panic_in_task() {
    panic!("test hook: a panic in a background task");
}

/// Eight tasks that report a thousand facts a second each, until the program ends.
pub(super) async fn flood(queue: Queue) {
    for number in 0..TASKS {
        let Ok(spec) = spec(number) else { return };
        let Some(reporter) = queue.take_in(spec).await else { return };
        tokio::spawn(report(reporter, number));
    }
}

fn spec(number: usize) -> Result<TaskSpec, NameError> {
    let now = Timestamp::from(SystemTime::now());
    let hour = TimeRange::new(now.before(Duration::from_hours(1)), now);
    Ok(TaskSpec {
        group: LogGroupName::parse(&format!("/flood/{number}"))?,
        window: hour.map_err(|_| NameError::Rule("the clock stands before 2006"))?,
        destination: Destination { bucket: BucketName::parse("flood")?, prefix: None },
        stream_prefix: None,
        label: None,
    })
}

async fn report(reporter: Reporter, number: usize) {
    reporter.tell(Fact::Accepted(RemoteId(format!("flood-{number}")))).await;
    reporter.tell(Fact::Started).await;
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut landed = Landed::default();
    loop {
        beat.tick().await;
        for _ in 0..FACTS {
            landed.objects += 1;
            landed.bytes += ByteCount(1_000);
            reporter.tell(Fact::Landed(landed)).await;
        }
    }
}
