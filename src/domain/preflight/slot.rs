//! The lane's one slot: who holds it just now.

use super::{Check, Finding};
use crate::domain::inventory::RemoteTask;
use crate::domain::problem::Problem;

/// Who holds the slot, by the tasks DescribeExportTasks lists. It blocks nothing: a task waits in the queue for its
/// turn.
pub fn slot(tasks: &Result<Vec<RemoteTask>, Problem>) -> Finding {
    const CHECK: Check = Check::Slot;
    let tasks = match tasks {
        Err(problem) => return Finding::unchecked(CHECK, problem),
        Ok(tasks) => tasks,
    };
    match tasks.iter().find(|task| task.status.is_active()) {
        None => Finding::pass(CHECK, "it is free"),
        Some(task) if task.is_ours() => {
            Finding::pass(CHECK, format!("a logferry export of {} has it: the task waits its turn", task.group))
        }
        Some(task) => Finding::warn(CHECK, format!("somebody else's export of {} has it ({})", task.group, task.id))
            .advising("nothing to do: the task waits until that export has ended"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::{denied, shown};
    use super::*;
    use crate::domain::inventory::RemoteStatus;
    use crate::domain::names::RemoteId;
    use crate::domain::time::Timestamp;

    fn task(status: RemoteStatus, name: &str) -> RemoteTask {
        RemoteTask {
            id: RemoteId("4d2b".to_owned()),
            name: Some(name.to_owned()),
            group: "web".to_owned(),
            from: Timestamp::from_millis(0),
            to: Timestamp::from_millis(1),
            bucket: "acme-logs".to_owned(),
            prefix: "exports".to_owned(),
            status,
            message: None,
            created: None,
            completed: None,
        }
    }

    #[test]
    fn whoever_holds_the_slot_is_named_and_nothing_is_blocked() {
        let ended = task(RemoteStatus::Completed, "nightly");
        assert_eq!(slot(&Ok(vec![ended.clone()])).verdict, Verdict::Pass);
        let foreign = slot(&Ok(vec![ended, task(RemoteStatus::Running, "nightly")]));
        assert_eq!(shown(&foreign), "warn: somebody else's export of web has it (4d2b)");
        let own = slot(&Ok(vec![task(RemoteStatus::Pending, "logferry/1")]));
        assert_eq!(shown(&own), "pass: a logferry export of web has it: the task waits its turn");
        assert_eq!(slot(&Err(denied("DescribeExportTasks"))).verdict, Verdict::Unchecked);
    }
}
