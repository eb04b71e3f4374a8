//! What direct exports under way are at: how fast they are, and whose turn it is to be told of.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::scope::Scope;
use crate::domain::direct::speed::Speeds;
use crate::domain::direct::telling::Telling;
use crate::domain::names::TaskId;
use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;
use crate::export::Snapshot;

/// Between two lines of one export's progress, and before the first: short ones are told by their ends.
const EVERY: Duration = Duration::from_secs(5);

/// The exports at work that are followed.
#[derive(Debug, Default)]
pub struct Progress {
    speeds: Speeds,
    /// When each was told of last, or was seen first.
    told: HashMap<TaskId, Timestamp>,
}

impl Progress {
    /// Takes the queue in as it stands at `at`; answers the exports to be told of now.
    pub fn take(&mut self, snapshot: &Snapshot, scope: &Scope, at: Timestamp) -> Vec<Arc<Task>> {
        self.speeds.take(&snapshot.tasks, at);
        let at_work = |task: &&Arc<Task>| task.state == State::Running && task.headway.is_some() && scope.has(task);
        let at_work: Vec<_> = snapshot.tasks.iter().filter(at_work).collect();
        let mut before = std::mem::take(&mut self.told);
        let mut due = Vec::new();
        for task in at_work {
            let told = before.remove(&task.id).unwrap_or(at);
            let is_due = at.since(told) >= EVERY;
            self.told.insert(task.id, if is_due { at } else { told });
            due.extend(is_due.then(|| Arc::clone(task)));
        }
        due
    }

    /// What is told of a direct export that was begun, at `now`.
    pub fn telling<'a>(&'a self, task: &'a Task, now: Timestamp) -> Option<Telling<'a>> {
        Some(Telling { headway: task.headway.as_ref()?, speed: self.speeds.of(task.id), now })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{NOW, task};
    use super::*;
    use crate::domain::direct::headway::Headway;

    #[test]
    fn an_export_at_work_is_told_of_from_time_to_time() {
        let running = |events| {
            let headway = Some(Headway { events, ..Headway::default() });
            let task = Task { state: State::Running, wait: None, headway, ..task("web") };
            Snapshot { tasks: vec![Arc::new(task)], ..Snapshot::default() }
        };
        let (mut progress, scope) = (Progress::default(), Scope::Everything);
        let told: Vec<usize> = (0..12)
            .map(|second| progress.take(&running(second), &scope, NOW.after(Duration::from_secs(second))).len())
            .collect();
        assert_eq!(told, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
        assert!(progress.take(&Snapshot::default(), &scope, NOW).is_empty() && progress.told.is_empty());
    }
}
