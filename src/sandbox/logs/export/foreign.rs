//! Export tasks that somebody else started: they hold the slot and do nothing else. Tests and the control endpoint plant
//! them.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::domain::place::Lane;

use super::super::super::world::World;
use super::super::ops::now;
use super::task::{ExportTask, Order};
use super::{api, worker};

/// An hour, in milliseconds: what a foreign task exports.
const HOUR: i64 = 60 * 60 * 1_000;

/// Plants a RUNNING export task of `group` that completes after `span` of real time; its task id. `None` if the slot is
/// taken. Must be called inside a tokio runtime; outside of one nothing is planted.
pub fn plant(world: &Arc<World>, lane: &Lane, group: &str, name: Option<&str>, span: Duration) -> Option<String> {
    let runtime = Handle::try_current().ok()?;
    let order = Order {
        name: name.map(str::to_owned),
        group: group.to_owned(),
        stream_prefix: None,
        from: now() - HOUR,
        to: now(),
        bucket: "somebody-elses-exports".to_owned(),
        prefix: None,
    };
    let mut task = ExportTask::accepted(order);
    task.start();
    world.logs.with(lane, |shelf| api::occupy(shelf, task.clone())).ok()?;
    let id = task.id.clone();
    runtime.spawn(worker::hold(world.clone(), lane.clone(), task, span));
    Some(id)
}
