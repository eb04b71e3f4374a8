//! One row a task: what AWS remembers and what the ledger has, matched by AWS's id and by our id in the task's name.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crate::domain::amount::Landed;
use crate::domain::inventory::{RemoteStatus, RemoteTask};
use crate::domain::names::{PlanId, RemoteId, TaskId, attempt_in, label_in};
use crate::domain::past::Glance;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::state::State;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;
use crate::tui::list::Row;
use crate::tui::sorting::{Order, PastColumn};

/// A past task. AWS's, the ledger's, or both.
#[derive(Clone, Debug)]
pub struct PastRow {
    /// As AWS tells it.
    pub remote: Option<Arc<RemoteTask>>,
    /// The task of the ledger it is of: itself, or what AWS has is an earlier attempt.
    of: Option<Arc<Task>>,
    is_earlier: bool,
    /// What it is ordered by.
    pub begun: Timestamp,
}

/// Who remembers a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Memory {
    /// AWS alone.
    Aws,
    /// AWS and the ledger.
    Both,
    /// The ledger alone.
    Ledger,
}

impl PastRow {
    /// The task of the ledger, if this is no earlier attempt of it.
    pub fn task(&self) -> Option<&Arc<Task>> {
        self.of.as_ref().filter(|_| !self.is_earlier)
    }

    /// The plan it was part of.
    pub fn plan(&self) -> Option<PlanId> {
        self.of.as_ref().map(|task| task.plan)
    }

    /// Who remembers it.
    pub const fn memory(&self) -> Memory {
        match (&self.remote, &self.of) {
            (Some(_), None) => Memory::Aws,
            (Some(_), Some(_)) => Memory::Both,
            (None, _) => Memory::Ledger,
        }
    }

    /// Whether this program launched it, here or on another machine.
    pub fn is_ours(&self) -> bool {
        self.of.is_some() || self.remote.as_ref().is_some_and(|task| task.is_ours())
    }

    /// Where it stands, by whoever knows more; `None` for a status newer than this program.
    pub fn state(&self) -> Option<State> {
        match (self.task(), &self.remote) {
            (Some(task), _) if task.state.is_end() => Some(task.state),
            (_, Some(remote)) => state_of(&remote.status),
            (Some(task), None) => Some(task.state),
            (None, None) => None,
        }
    }

    /// Which log group.
    pub fn group(&self) -> &str {
        match (&self.remote, &self.of) {
            (Some(remote), _) => &remote.group,
            (None, Some(task)) => task.spec.group.as_str(),
            (None, None) => "",
        }
    }

    /// Where the export goes: untrusted text.
    pub fn place(&self) -> String {
        match (&self.remote, &self.of) {
            (Some(remote), _) => format!("s3://{}/{}", remote.bucket, remote.prefix),
            (None, Some(task)) => task.spec.destination.store.place(task.spec.destination.prefix()),
            (None, None) => String::new(),
        }
    }

    /// Destination bucket, or directory, and prefix.
    fn destination(&self) -> (&str, &str) {
        match (&self.remote, &self.of) {
            (Some(remote), _) => (&remote.bucket, &remote.prefix),
            (None, Some(task)) => (task.spec.destination.store.as_str(), task.spec.destination.prefix()),
            (None, None) => ("", ""),
        }
    }

    /// Start and end of the window.
    pub fn window(&self) -> (Timestamp, Timestamp) {
        match (&self.remote, &self.of) {
            (Some(remote), _) => (remote.from, remote.to),
            (None, Some(task)) => (task.spec.window.from(), task.spec.window.to()),
            (None, None) => (self.begun, self.begun),
        }
    }

    /// When it was accepted, and when it ended.
    pub fn span(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        match (&self.remote, self.task()) {
            (Some(remote), Some(task)) => (remote.created, remote.completed.or(task.ended)),
            (Some(remote), None) => (remote.created, remote.completed),
            (None, Some(task)) => (task.accepted, task.ended),
            (None, None) => (None, None),
        }
    }

    /// How long AWS, or this program, was at it.
    pub fn took(&self) -> Option<Duration> {
        let (created, ended) = self.span();
        created.zip(ended).map(|(from, to)| to.since(from))
    }

    /// What lies in the bucket, where that was counted after the end.
    pub fn landed(&self) -> Option<Landed> {
        self.task().filter(|task| task.state.is_end() && task.counted).map(|task| task.landed)
    }

    /// The person's label, or the name somebody else gave.
    pub fn label(&self) -> &str {
        let own = self.of.as_ref().and_then(|task| task.spec.label.as_ref()).map(crate::domain::names::Label::as_str);
        own.or_else(|| self.remote.as_ref()?.name.as_deref().map(label_in)).unwrap_or_default()
    }

    /// What a filter looks at.
    pub fn glance<'a>(&'a self, plans: &'a HashMap<PlanId, Arc<QueuedPlan>>) -> Glance<'a> {
        let ((bucket, prefix), (from, to)) = (self.destination(), self.window());
        let name = |id| plans.get(&id).and_then(|plan| plan.name.as_ref()).map_or("", |name| name.as_str());
        Glance {
            group: self.group(),
            bucket,
            prefix,
            plan: self.plan().map(|id| (id, name(id))),
            label: self.label(),
            state: self.state(),
            is_empty: self.task().is_some_and(|task| task.is_empty()),
            from,
            to,
            begun: self.begun,
        }
    }

    /// AWS's id.
    fn remote_id(&self) -> Option<&RemoteId> {
        let listed = self.remote.as_ref().map(|remote| &remote.id);
        listed.or_else(|| self.task().and_then(|task| task.remote.as_ref()))
    }
}

impl Row for PastRow {
    fn same(&self, other: &Self) -> bool {
        let ids = |row: &Self| row.task().map(|task| task.id);
        match (self.remote_id(), other.remote_id()) {
            (Some(one), Some(other)) => one == other,
            (Some(_) | None, _) => ids(self).is_some() && ids(self) == ids(other),
        }
    }
    fn name(&self) -> &str {
        self.group()
    }
}

impl Row for Arc<RemoteTask> {
    fn same(&self, other: &Self) -> bool {
        self.id == other.id
    }
    fn name(&self) -> &str {
        &self.group
    }
}

/// The state AWS's status stands for.
pub const fn state_of(status: &RemoteStatus) -> Option<State> {
    match status {
        RemoteStatus::Pending => Some(State::Pending),
        RemoteStatus::Running => Some(State::Running),
        RemoteStatus::PendingCancel => Some(State::Cancelling),
        RemoteStatus::Completed => Some(State::Completed),
        RemoteStatus::Failed => Some(State::Failed),
        RemoteStatus::Cancelled => Some(State::Cancelled),
        RemoteStatus::Other(_) => None,
    }
}

/// When AWS accepted a task. An emulator may not tell: then it is at least not older than what it exported.
pub fn begun(remote: &RemoteTask) -> Timestamp {
    remote.created.unwrap_or(remote.to)
}

/// Every task once, the newest first.
pub fn merge(aws: &[Arc<RemoteTask>], tasks: &HashMap<TaskId, Arc<Task>>) -> Vec<PastRow> {
    let by_remote: HashMap<&RemoteId, &Arc<Task>> =
        tasks.values().filter_map(|task| Some((task.remote.as_ref()?, task))).collect();
    let (mut listed, mut taken) = (HashSet::new(), HashSet::new());
    // Pages overlap where tasks were created between them.
    let mut rows: Vec<PastRow> = aws
        .iter()
        .filter(|remote| listed.insert(&remote.id))
        .map(|remote| {
            let named = || tasks.get(&attempt_in(remote.name.as_deref()?)?.task);
            let of = by_remote.get(&remote.id).copied().or_else(named);
            let is_earlier = of.is_some_and(|task| !is_it(task, remote) || !taken.insert(task.id));
            PastRow { remote: Some(Arc::clone(remote)), of: of.cloned(), is_earlier, begun: begun(remote) }
        })
        .collect();
    // What is queued has no past yet.
    let forgotten = tasks.values().filter(|task| task.state != State::Queued && !taken.contains(&task.id));
    let mut forgotten: Vec<PastRow> = forgotten.map(alone).collect();
    forgotten.sort_by_key(|row| Reverse(row.task().map(|task| task.id.0)));
    rows.append(&mut forgotten);
    rows.sort_by_key(|row| Reverse(row.begun));
    rows
}

/// Sorts rows that stand newest first; where nothing is known of a column they stay so, behind all others.
pub fn sort(rows: &mut [PastRow], Order { by, descending }: Order<PastColumn>) {
    match by {
        PastColumn::Created if descending => {}
        PastColumn::Created => rows.reverse(),
        PastColumn::State => by_known(rows, descending, |row| row.state().map(|state| state as u8)),
        PastColumn::Group if descending => rows.sort_by(|one, other| other.group().cmp(one.group())),
        PastColumn::Group => rows.sort_by(|one, other| one.group().cmp(other.group())),
        PastColumn::Took => by_known(rows, descending, PastRow::took),
        PastColumn::Landed => by_known(rows, descending, |row| row.landed().map(|landed| landed.bytes)),
    }
}

fn by_known<K: Ord>(rows: &mut [PastRow], descending: bool, key: impl Fn(&PastRow) -> Option<K>) {
    rows.sort_by_cached_key(|row| {
        let key = key(row);
        let (up, down) = if descending { (None, key) } else { (key, None) };
        (up.is_none() && down.is_none(), up, Reverse(down))
    });
}

/// A task that AWS does not remember, or never had.
fn alone(task: &Arc<Task>) -> PastRow {
    let begun = task.accepted.or(task.ended).unwrap_or(task.queued);
    PastRow { remote: None, of: Some(Arc::clone(task)), is_earlier: false, begun }
}

/// Whether what AWS has is the attempt the ledger knows: by AWS's id, or before that is known, by the number in its name.
fn is_it(task: &Task, remote: &RemoteTask) -> bool {
    match &task.remote {
        Some(id) => *id == remote.id,
        None => remote.name.as_deref().and_then(attempt_in) == Some(task.attempt()),
    }
}
