//! How an export ended: counts, what landed, failures by cause, and the exit code they make. Pure.

use std::sync::Arc;

use crate::cli::outcome::remedy;
use crate::domain::amount::Landed;
use crate::domain::problem::Problem;
use crate::domain::task::{State, Task};
use crate::tui::EndedBySignal;

/// Log groups named of each cause; the lines above the summary have them all.
pub const NAMED: usize = 5;

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

/// How the tasks of a run ended.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many there were.
    pub tasks: usize,
    /// Completed, with log objects in the bucket.
    pub completed: usize,
    /// Completed, and no log object landed.
    pub empty: usize,
    /// Completed, says AWS; what landed could not be counted.
    pub unchecked: usize,
    /// Failed.
    pub failed: usize,
    /// Cancelled by somebody.
    pub cancelled: usize,
    /// What landed, all together.
    pub landed: Landed,
    /// Why tasks failed or could not be counted.
    pub causes: Vec<Cause>,
    /// The signal that ended the run early.
    pub interrupted: Option<EndedBySignal>,
    /// Tasks that AWS has, or may have, and goes on with.
    pub in_aws: Vec<Arc<Task>>,
}

impl Summary {
    /// Of `tasks` that have not ended yet.
    pub fn of(tasks: usize) -> Self {
        Self { tasks, ..Self::default() }
    }

    /// How many have not ended yet.
    pub const fn open(&self) -> usize {
        let ended = self.completed + self.empty + self.unchecked + self.failed + self.cancelled;
        self.tasks.saturating_sub(ended)
    }

    /// How many AWS never heard of.
    pub fn never_launched(&self) -> usize {
        self.open().saturating_sub(self.in_aws.len())
    }

    /// Counts a task that has ended.
    pub fn add(&mut self, task: &Task) {
        self.landed.objects += task.landed.objects;
        self.landed.bytes += task.landed.bytes;
        *match task.state {
            State::Completed if task.is_empty() => &mut self.empty,
            State::Completed if task.counted => &mut self.completed,
            State::Completed => &mut self.unchecked,
            State::Cancelled => &mut self.cancelled,
            State::Failed => &mut self.failed,
            // Not an end: to be counted when it comes.
            State::Queued | State::Launching | State::Pending | State::Running | State::Cancelling => return,
        } += 1;
        if let Some(problem) = &task.problem {
            self.blame(problem, task.spec.group.as_str());
        }
    }

    fn blame(&mut self, problem: &Problem, group: &str) {
        let words = problem.explain().cause;
        let known = self.causes.iter().position(|known| known.words == words && known.said == problem.message);
        let at = known.unwrap_or_else(|| {
            let said = problem.message.clone();
            self.causes.push(Cause { words, remedy: remedy(problem), said, tasks: 0, groups: Vec::new() });
            self.causes.len() - 1
        });
        let Some(known) = self.causes.get_mut(at) else { return };
        known.tasks += 1;
        if known.groups.len() < NAMED && !known.groups.iter().any(|named| named == group) {
            known.groups.push(group.to_owned());
        }
    }

    /// What a script learns: the codes stand in the help and in README.
    pub const fn exit_code(&self) -> u8 {
        match self.interrupted {
            Some(ended) => ended.exit_code,
            None if self.failed + self.cancelled > 0 => 3,
            None if self.empty + self.unchecked > 0 => 4,
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tell::tests::task;
    use super::*;
    use crate::domain::amount::ByteCount;
    use crate::domain::problem::ProblemKind;

    fn ended(state: State, objects: u64) -> Task {
        let landed = Landed { objects, bytes: ByteCount(objects * 10) };
        Task { state, landed, counted: true, ..task("web") }
    }

    fn code(tasks: &[Task]) -> u8 {
        let mut summary = Summary::of(tasks.len());
        for task in tasks {
            summary.add(task);
        }
        summary.exit_code()
    }

    #[test]
    fn the_worst_end_decides_the_exit_code() {
        let (good, empty) = (ended(State::Completed, 2), ended(State::Completed, 0));
        let unchecked = Task { counted: false, ..good.clone() };
        assert_eq!(code(std::slice::from_ref(&good)), 0);
        assert_eq!(code(&[good.clone(), empty.clone()]), 4);
        assert_eq!(code(&[good.clone(), unchecked]), 4);
        assert_eq!(code(&[empty, ended(State::Failed, 0)]), 3);
        assert_eq!(code(&[good, ended(State::Cancelled, 0)]), 3);
    }

    #[test]
    fn a_signal_decides_before_everything_else_and_tells_what_was_never_launched() {
        let mut summary = Summary::of(5);
        summary.add(&ended(State::Failed, 0));
        summary.in_aws = vec![Arc::new(ended(State::Running, 0))];
        summary.interrupted = Some(EndedBySignal { name: "SIGTERM", exit_code: 143 });
        assert_eq!((summary.exit_code(), summary.open(), summary.never_launched()), (143, 4, 3));
    }

    #[test]
    fn failures_are_grouped_by_cause_and_what_aws_said() {
        let mut summary = Summary::of(4);
        for (group, said) in [("a", "no bucket"), ("b", "no bucket"), ("a", "no bucket"), ("c", "other")] {
            let problem = Problem::new(ProblemKind::NotFound, "CreateExportTask").saying(said);
            summary.add(&Task { state: State::Failed, problem: Some(problem), ..task(group) });
        }
        let told: Vec<_> = summary.causes.iter().map(|cause| (cause.tasks, cause.groups.join(","))).collect();
        assert_eq!(told, [(3, "a,b".to_owned()), (1, "c".to_owned())]);
    }
}
