//! How followed tasks ended: counts, what landed, failures by cause, and the exit code they make. Pure.

use std::collections::HashMap;
use std::sync::Arc;

use crate::cli::outcome::remedy;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::names::TaskId;
use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::tui::EndedBySignal;

/// Log groups named of each cause; the lines above the summary have them all.
pub const NAMED: usize = 5;

/// How a task ended, as far as a script can tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Completed, with log objects in the bucket.
    Completed,
    /// Completed, and no log object landed.
    Empty,
    /// Completed, says AWS; what landed could not be counted.
    Unchecked,
    /// Failed.
    Failed,
    /// Cancelled by somebody.
    Cancelled,
}

impl End {
    /// The end of `task`, if it has ended.
    pub const fn of(task: &Task) -> Option<Self> {
        match task.state {
            State::Completed if task.is_empty() => Some(Self::Empty),
            State::Completed if task.counted => Some(Self::Completed),
            State::Completed => Some(Self::Unchecked),
            State::Failed => Some(Self::Failed),
            State::Cancelled => Some(Self::Cancelled),
            State::Queued | State::Launching | State::Pending | State::Running | State::Cancelling => None,
        }
    }
}

/// Why some tasks did not end well.
#[derive(Debug, PartialEq, Eq)]
pub struct Cause {
    /// In words.
    pub words: &'static str,
    /// What to do about it.
    pub remedy: String,
    /// AWS's own words.
    pub said: Option<String>,
    /// How many tasks.
    pub tasks: usize,
    /// Their log groups, the first [`NAMED`].
    pub groups: Vec<String>,
}

/// What is remembered of a task that has ended. Completed tasks, which are the many, take no text.
#[derive(Debug)]
struct Ended {
    end: End,
    landed: Landed,
    blame: Option<Box<(Problem, String)>>,
}

/// How many tasks ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// [`End::Completed`].
    pub completed: usize,
    /// [`End::Empty`].
    pub empty: usize,
    /// [`End::Unchecked`].
    pub unchecked: usize,
    /// [`End::Failed`].
    pub failed: usize,
    /// [`End::Cancelled`].
    pub cancelled: usize,
}

impl Tally {
    const fn of(&mut self, end: End) -> &mut usize {
        match end {
            End::Completed => &mut self.completed,
            End::Empty => &mut self.empty,
            End::Unchecked => &mut self.unchecked,
            End::Failed => &mut self.failed,
            End::Cancelled => &mut self.cancelled,
        }
    }

    /// All of them.
    pub const fn all(self) -> usize {
        self.completed + self.empty + self.unchecked + self.failed + self.cancelled
    }
}

/// How the tasks that were followed ended, and what is left.
#[derive(Debug, Default)]
pub struct Summary {
    ended: HashMap<TaskId, Ended>,
    /// How many ended how.
    pub tally: Tally,
    /// The signal that ended the run early.
    pub interrupted: Option<EndedBySignal>,
    /// Tasks that AWS has, or may have, and goes on with.
    pub active: Vec<Arc<Task>>,
    /// How many wait in the queue.
    pub still_queued: u64,
    /// Whether it is a failure that some of them wait: somebody waited for all of them.
    pub all_wanted: bool,
    /// Paused plans with tasks that wait.
    pub paused: Vec<Arc<QueuedPlan>>,
    /// Paused lanes in which tasks wait.
    pub paused_lanes: Vec<Arc<Lane>>,
    /// How many lanes could not be driven.
    pub unreached: usize,
}

impl Summary {
    /// Takes in how `task` stands: as often as one likes, the last time counts.
    pub fn take(&mut self, task: &Task) {
        if let Some(before) = self.ended.remove(&task.id) {
            *self.tally.of(before.end) -= 1;
        }
        let Some(end) = End::of(task) else { return };
        *self.tally.of(end) += 1;
        let problem = task.problem.as_ref().or(task.uncounted.as_ref());
        let blame = problem.map(|problem| Box::new((problem.clone(), task.spec.group.to_string())));
        self.ended.insert(task.id, Ended { end, landed: task.landed, blame });
    }

    /// Whether `id` has ended.
    pub fn has_ended(&self, id: TaskId) -> bool {
        self.ended.contains_key(&id)
    }

    /// How many tasks there are.
    pub fn tasks(&self) -> usize {
        self.tally.all() + self.active.len() + usize::try_from(self.still_queued).unwrap_or(usize::MAX)
    }

    /// What landed, all together.
    pub fn landed(&self) -> Landed {
        let landed = || self.ended.values().map(|ended| ended.landed);
        Landed {
            objects: landed().map(|landed| landed.objects).sum(),
            bytes: landed().map(|landed| landed.bytes).sum::<ByteCount>(),
        }
    }

    /// Why tasks failed or could not be counted, in the order they were queued.
    pub fn causes(&self) -> Vec<Cause> {
        let blamed = self.ended.iter().filter_map(|(id, ended)| Some((id, ended.blame.as_deref()?)));
        let mut blamed: Vec<_> = blamed.collect();
        blamed.sort_by_key(|(id, _)| **id);
        let mut causes = Vec::new();
        for (_, (problem, group)) in blamed {
            blame(&mut causes, problem, group);
        }
        causes
    }

    /// What a script learns: the codes stand in the help and in README.
    pub const fn exit_code(&self) -> u8 {
        let Tally { empty, unchecked, failed, cancelled, .. } = self.tally;
        match self.interrupted {
            Some(ended) => ended.exit_code,
            None if self.unreached > 0 => 1,
            None if failed + cancelled > 0 || (self.all_wanted && self.still_queued > 0) => 3,
            None if empty + unchecked > 0 => 4,
            None => 0,
        }
    }
}

fn blame(causes: &mut Vec<Cause>, problem: &Problem, group: &str) {
    let words = problem.explain().cause;
    let known = causes.iter().position(|known| known.words == words && known.said == problem.message);
    let at = known.unwrap_or_else(|| {
        let said = problem.message.clone();
        causes.push(Cause { words, remedy: remedy(problem), said, tasks: 0, groups: Vec::new() });
        causes.len() - 1
    });
    let Some(known) = causes.get_mut(at) else { return };
    known.tasks += 1;
    if known.groups.len() < NAMED && !known.groups.iter().any(|named| named == group) {
        known.groups.push(group.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::fixtures::task;
    use super::*;
    use crate::domain::problem::ProblemKind;

    fn ended(state: State, objects: u64) -> Task {
        let landed = Landed { objects, bytes: ByteCount(objects * 10) };
        let id = TaskId(Uuid::new_v4());
        Task { id, state, landed, counted: true, ..task("web") }
    }

    fn summary(tasks: &[Task]) -> Summary {
        let mut summary = Summary::default();
        for task in tasks {
            summary.take(task);
        }
        summary
    }

    #[test]
    fn the_worst_end_decides_the_exit_code() {
        let code = |tasks: &[Task]| summary(tasks).exit_code();
        let (good, empty) = (ended(State::Completed, 2), ended(State::Completed, 0));
        let unchecked = Task { counted: false, ..ended(State::Completed, 2) };
        assert_eq!(code(std::slice::from_ref(&good)), 0);
        assert_eq!(code(&[good.clone(), empty.clone()]), 4);
        assert_eq!(code(&[good.clone(), unchecked]), 4);
        assert_eq!(code(&[empty, ended(State::Failed, 0)]), 3);
        assert_eq!(code(&[good.clone(), ended(State::Cancelled, 0)]), 3);
        let lane_lost = Summary { unreached: 1, ..summary(&[good.clone(), ended(State::Failed, 0)]) };
        assert_eq!(lane_lost.exit_code(), 1);
        let held = Summary { still_queued: 1, all_wanted: true, ..summary(std::slice::from_ref(&good)) };
        assert_eq!(held.exit_code(), 3);
        assert_eq!(Summary { all_wanted: false, ..held }.exit_code(), 0, "nobody waited for that one");
    }

    #[test]
    fn a_signal_decides_before_everything_else() {
        let mut summary = summary(&[ended(State::Failed, 0)]);
        summary.active = vec![Arc::new(ended(State::Running, 0))];
        summary.still_queued = 3;
        summary.interrupted = Some(EndedBySignal { name: "SIGTERM", exit_code: 143 });
        assert_eq!((summary.exit_code(), summary.tasks()), (143, 5));
    }

    #[test]
    fn a_task_that_is_run_again_is_counted_by_its_last_end() {
        let failed = ended(State::Failed, 0);
        let mut summary = summary(&[failed.clone(), failed.clone()]);
        assert_eq!((summary.tally.failed, summary.tally.all()), (1, 1));
        summary.take(&Task { state: State::Queued, ..failed.clone() });
        assert_eq!(summary.tally.all(), 0);
        summary.take(&Task { state: State::Completed, counted: false, ..failed });
        assert_eq!((summary.tally.unchecked, summary.tally.all()), (1, 1));
    }

    #[test]
    fn failures_are_grouped_by_cause_and_what_aws_said() {
        let mut summary = Summary::default();
        for (id, group, said) in
            [(1, "a", "no bucket"), (2, "b", "no bucket"), (3, "a", "no bucket"), (4, "c", "other")]
        {
            let problem = Problem::new(ProblemKind::NotFound, "CreateExportTask").saying(said);
            let id = TaskId(Uuid::from_u128(id));
            summary.take(&Task { id, state: State::Failed, problem: Some(problem), ..task(group) });
        }
        let told: Vec<_> = summary.causes().iter().map(|cause| (cause.tasks, cause.groups.join(","))).collect();
        assert_eq!(told, [(3, "a,b".to_owned()), (1, "c".to_owned())]);
    }
}
