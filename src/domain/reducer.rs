//! The one reducer: folds facts into a task, whoever reports them: an engine, a person, another process.
//!
//! Caller: the ledger, inside the transaction that records the outcome, so that a fact is always folded into the task as
//! it stands.

use super::amount::Landed;
use super::engine::EngineKind;
use super::preflight::Check;
use super::problem::Problem;
use super::task::{Fact, Moment, State, Task, TaskSpec, Wait};
use super::text::escape;
use super::time::Timestamp;

/// What a fact did to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduced {
    /// It moved, from this state (Cancelling may move to itself when the remote id is learnt).
    Moved(State),
    /// Something else about it changed.
    Changed,
    /// Nothing changed: the fact was late or a repetition.
    Ignored,
}

/// Folds `fact`, learnt at `now`, into `task`.
pub fn reduce(task: &mut Task, fact: Fact, now: Timestamp) -> Reduced {
    let before = task.state;
    let Some(event) = fact.event() else { return note(task, fact) };
    let Some(after) = before.after(event) else { return Reduced::Ignored };
    let remark = remark(&fact, after, &task.spec);
    absorb(task, fact, now);
    task.state = after;
    if after.is_end() {
        task.ended = Some(now);
        task.wait = None;
    }
    enter(task, Moment { at: now, state: after, remark });
    Reduced::Moved(before)
}

/// Facts without a transition.
fn note(task: &mut Task, fact: Fact) -> Reduced {
    let changed = match fact {
        Fact::Landed(landed) if !task.state.is_end() => {
            let news = task.landed != landed || task.uncounted.is_some();
            (task.landed, task.uncounted) = (landed, None);
            news
        }
        Fact::Headway(headway, landed) if !task.state.is_end() => {
            let news = (task.headway, task.landed) != (Some(headway), landed);
            (task.headway, task.landed, task.uncounted) = (Some(headway), landed, None);
            news
        }
        Fact::Uncounted(problem) if !task.state.is_end() && task.uncounted.as_ref() != Some(&problem) => {
            task.uncounted = Some(problem);
            true
        }
        Fact::Waiting(wait) if !task.state.is_end() && task.wait.as_ref() != Some(&wait) => {
            task.wait = Some(wait);
            true
        }
        Fact::Seen => task.state.is_in_aws() && task.wait.take().is_some(),
        _ => false,
    };
    if changed { Reduced::Changed } else { Reduced::Ignored }
}

fn absorb(task: &mut Task, fact: Fact, now: Timestamp) {
    let before = task.state;
    task.wait = None;
    match fact {
        Fact::Launching { .. } => task.doubt = task.doubt.or(Some(now)),
        Fact::PutBack { wait, doubt } => {
            task.wait = Some(wait);
            task.doubt = task.doubt.filter(|_| doubt);
        }
        Fact::Accepted(remote) => {
            task.remote = Some(remote);
            task.accepted = Some(now);
            task.doubt = None;
        }
        Fact::Completed(Ok(landed)) | Fact::Cancelled(Ok(landed)) => {
            settle(task, landed);
            task.problem = None;
        }
        Fact::Failed { problem, left } => {
            task.problem = Some(problem);
            if let Some(landed) = left {
                settle(task, landed);
            }
        }
        Fact::Completed(Err(problem)) | Fact::Cancelled(Err(problem)) => task.uncounted = Some(problem),
        Fact::CancelRefused { problem, .. } => task.problem = Some(problem),
        Fact::Again(problem) if before == State::Cancelling => task.problem = Some(problem),
        Fact::Retry | Fact::Again(_) => begin_again(task),
        Fact::Started
        | Fact::Landed(_)
        | Fact::Headway(..)
        | Fact::Uncounted(_)
        | Fact::Waiting(_)
        | Fact::Seen
        | Fact::CancelAsked => {}
    }
}

/// What was known of the attempt before is told by the timeline alone.
fn begin_again(task: &mut Task) {
    task.attempt += 1;
    task.wait = Some(Wait::Turn);
    (task.remote, task.accepted, task.ended, task.doubt) = (None, None, None, None);
    (task.problem, task.uncounted) = (None, None);
    (task.landed, task.counted, task.headway) = (Landed::default(), false, None);
}

/// The final count of a task's objects.
fn settle(task: &mut Task, landed: Landed) {
    task.landed = landed;
    task.counted = true;
    task.uncounted = None;
}

/// Writes a line of the timeline. A task that waits for the slot is launched and put back again and again: only the
/// first of equal rounds is kept.
fn enter(task: &mut Task, moment: Moment) {
    if let [.., earlier, launch] = task.timeline.as_slice()
        && launch.state == State::Launching
        && (earlier.state, &earlier.remark) == (moment.state, &moment.remark)
    {
        task.timeline.pop();
        return;
    }
    task.timeline.push(moment);
}

/// What a fact that led to `after` means, as a line of the timeline.
fn remark(fact: &Fact, after: State, spec: &TaskSpec) -> String {
    let (engine, store) = (spec.engine.kind(), &spec.destination.store);
    match fact {
        Fact::CancelAsked | Fact::PutBack { .. } if after == State::Cancelled => match engine {
            EngineKind::Managed => "cancelled before AWS had it".to_owned(),
            EngineKind::Direct => "cancelled before it was begun".to_owned(),
        },
        Fact::Launching { warned } => launching(warned, engine),
        Fact::PutBack { wait, .. } | Fact::Waiting(wait) => waiting(wait),
        Fact::Accepted(remote) => match engine {
            EngineKind::Managed => format!("accepted by AWS as {}", escape(&remote.0)),
            EngineKind::Direct => "read and written by logferry itself".to_owned(),
        },
        Fact::Started => match engine {
            EngineKind::Managed => "AWS is exporting".to_owned(),
            EngineKind::Direct => "log events are being read".to_owned(),
        },
        Fact::Landed(landed) | Fact::Headway(_, landed) => format!("{landed} so far"),
        Fact::Uncounted(problem) => format!("what has landed could not be counted: {}", cause(problem)),
        Fact::Seen => "seen".to_owned(),
        Fact::Completed(Ok(landed)) if landed.is_empty() => "completed, empty: no log object landed".to_owned(),
        Fact::Completed(Ok(landed)) => format!("completed: {landed}"),
        Fact::Completed(Err(problem)) => format!("completed; the objects could not be counted: {}", cause(problem)),
        Fact::Failed { problem, .. } => format!("failed: {}", cause(problem)),
        Fact::CancelAsked => "cancel asked for".to_owned(),
        Fact::CancelRefused { problem, .. } => format!("AWS refused to cancel: {}", cause(problem)),
        Fact::Cancelled(Ok(landed)) => format!("cancelled; left in the {}: {landed}", store.word()),
        Fact::Retry => "to be run again".to_owned(),
        Fact::Again(problem) if after == State::Failed => format!("failed: {}", cause(problem)),
        Fact::Again(problem) => format!("failed: {}; to be tried again by itself", cause(problem)),
        Fact::Cancelled(Err(problem)) => format!("cancelled; what was left could not be counted: {}", cause(problem)),
    }
}

fn launching(warned: &[Check], engine: EngineKind) -> String {
    let what = match engine {
        EngineKind::Managed => "asking AWS to export",
        EngineKind::Direct => "beginning to export",
    };
    if warned.is_empty() {
        return what.to_owned();
    }
    let checks: Vec<&str> = warned.iter().map(|check| check.word()).collect();
    format!("{what}; checks that warn: {}", checks.join(", "))
}

fn waiting(wait: &Wait) -> String {
    match wait {
        Wait::Turn => "waiting for its turn".to_owned(),
        Wait::Slot(None) => "the slot is taken".to_owned(),
        Wait::Slot(Some(holder)) => format!("the slot is taken by the export of {}", escape(&holder.group)),
        Wait::Retry { problem, .. } => format!("{}; to be tried again", cause(problem)),
    }
}

fn cause(problem: &Problem) -> String {
    match &problem.message {
        Some(message) => format!("{} ({})", problem.explain().cause, escape(message)),
        None => problem.explain().cause.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::domain::amount::ByteCount;
    use crate::domain::engine::Engine;
    use crate::domain::layout::Destination;
    use crate::domain::names::{LogGroupName, PlanId, RemoteId, TaskId};
    use crate::domain::place::{AccountId, Lane, Region};
    use crate::domain::preflight::Preflight;
    use crate::domain::problem::ProblemKind;
    use crate::domain::store::Store;
    use crate::domain::task::Holder;
    use crate::domain::time::TimeRange;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000 + second * 1000)
    }

    fn task() -> Task {
        let spec = TaskSpec {
            group: LogGroupName::parse("/demo/orders").unwrap(),
            window: TimeRange::new(at(-3600), at(0)).unwrap(),
            destination: Destination { store: Store::stored("acme-log-exports").unwrap(), prefix: None },
            stream_prefix: None,
            label: None,
            preflight: Preflight::default(),
            engine: Engine::Managed,
        };
        let lane = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
        Task::new(TaskId(Uuid::from_u128(7)), PlanId(Uuid::from_u128(1)), Arc::new(lane), spec, at(0))
    }

    fn after(facts: impl IntoIterator<Item = Fact>) -> Task {
        let mut task = task();
        for (second, fact) in facts.into_iter().enumerate() {
            reduce(&mut task, fact, at(i64::try_from(second).unwrap() + 1));
        }
        task
    }

    fn remote() -> RemoteId {
        RemoteId("0e4c2ad4".to_owned())
    }

    fn landed(objects: u64) -> Landed {
        Landed { objects, bytes: ByteCount(objects * 100) }
    }

    fn slot() -> Fact {
        let holder = Holder { remote: remote(), group: "/theirs".to_owned(), name: None, created: None };
        Fact::PutBack { wait: Wait::Slot(Some(holder)), doubt: false }
    }

    #[test]
    fn a_life_leaves_its_timeline() {
        let task = after([
            Fact::launching(),
            Fact::Accepted(remote()),
            Fact::Started,
            Fact::Landed(landed(1)),
            Fact::Completed(Ok(landed(2))),
        ]);
        let told: Vec<&str> = task.timeline.iter().map(|moment| moment.remark.as_str()).collect();
        assert_eq!(
            told,
            [
                "queued",
                "asking AWS to export",
                "accepted by AWS as 0e4c2ad4",
                "AWS is exporting",
                "completed: 2 objects, 200 B"
            ]
        );
        assert_eq!((task.landed, task.counted, task.ended), (landed(2), true, Some(at(5))));
    }

    #[test]
    fn a_completed_task_without_objects_is_empty() {
        let task = after([Fact::launching(), Fact::Accepted(remote()), Fact::Completed(Ok(landed(0)))]);
        assert!(task.is_empty());
        assert_eq!(task.timeline.last().unwrap().remark, "completed, empty: no log object landed");
    }

    #[test]
    fn rounds_of_waiting_for_the_same_slot_are_told_once() {
        let task = after([Fact::launching(), slot(), Fact::launching(), slot(), Fact::launching(), slot()]);
        assert_eq!(task.timeline.len(), 3, "{:#?}", task.timeline);
        assert_eq!(task.state, State::Queued);
    }

    #[test]
    fn nothing_is_counted_after_the_final_count() {
        let mut task = after([Fact::launching(), Fact::Accepted(remote()), Fact::Completed(Ok(landed(5)))]);
        assert_eq!(reduce(&mut task, Fact::Landed(landed(4)), at(9)), Reduced::Ignored);
        assert_eq!(task.landed, landed(5));
    }

    #[test]
    fn a_wish_to_cancel_survives_the_answer_to_the_launch() {
        let task = after([Fact::launching(), Fact::CancelAsked, Fact::Accepted(remote())]);
        assert_eq!((task.state, task.remote), (State::Cancelling, Some(remote())));
    }

    #[test]
    fn seeing_the_task_again_ends_a_wait_without_a_line_in_the_timeline() {
        let problem = Problem::new(ProblemKind::Throttled, "DescribeExportTasks");
        let wait = Wait::Retry { problem, until: at(60) };
        let mut task = after([Fact::launching(), Fact::Accepted(remote()), Fact::Waiting(wait)]);
        let lines = task.timeline.len();
        assert!(task.wait.is_some());
        assert_eq!(reduce(&mut task, Fact::Seen, at(9)), Reduced::Changed);
        assert_eq!((task.wait, task.timeline.len()), (None, lines));
    }

    #[test]
    fn a_task_cancelled_while_it_was_put_back_is_told_as_cancelled_and_waits_for_nothing() {
        let task = after([Fact::launching(), Fact::CancelAsked, slot()]);
        assert_eq!((task.state, task.wait.clone(), task.ended), (State::Cancelled, None, Some(at(3))));
        assert_eq!(task.timeline.last().unwrap().remark, "cancelled before AWS had it");
    }

    #[test]
    fn a_failed_task_keeps_the_final_count() {
        let problem = Problem::new(ProblemKind::ExportFailed, "DescribeExportTasks");
        let failed = Fact::Failed { problem, left: Some(landed(1)) };
        let task = after([Fact::launching(), Fact::Accepted(remote()), failed]);
        assert_eq!((task.landed, task.counted), (landed(1), true));
    }

    #[test]
    fn a_launch_is_in_doubt_until_aws_is_known_not_to_have_it() {
        let lost = Problem::new(ProblemKind::Timeout, "CreateExportTask");
        let back = |doubt| Fact::PutBack { wait: Wait::Retry { problem: lost.clone(), until: at(60) }, doubt };
        assert_eq!(after([Fact::launching()]).doubt, Some(at(1)));
        assert_eq!(after([Fact::launching(), back(true)]).doubt, Some(at(1)));
        assert_eq!(after([Fact::launching(), back(true), Fact::launching()]).doubt, Some(at(1)), "since the first");
        assert_eq!(after([Fact::launching(), back(false)]).doubt, None);
        assert_eq!(after([Fact::launching(), Fact::Accepted(remote())]).doubt, None);
    }

    #[test]
    fn a_retry_begins_another_attempt_with_nothing_left_of_the_one_before() {
        let problem = Problem::new(ProblemKind::ExportFailed, "DescribeExportTasks");
        let failed = Fact::Failed { problem, left: Some(landed(1)) };
        let task = after([Fact::launching(), Fact::Accepted(remote()), failed, Fact::Retry]);
        assert_eq!((task.state, task.attempt, task.wait.clone()), (State::Queued, 2, Some(Wait::Turn)));
        assert_eq!((task.remote.clone(), task.landed, task.counted, task.ended), (None, landed(0), false, None));
        assert_eq!(task.timeline.len(), 5, "the attempt before is still told: {:#?}", task.timeline);
    }
}
