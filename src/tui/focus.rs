//! What a key is about: the thing whose details are shown, or else what the cursor is on.

use std::sync::Arc;

use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::Task;
use crate::tui::exports::ExportRow;
use crate::tui::landed::download::Download;
use crate::tui::model::{Model, Overlay, Screen, Subject};

impl Model {
    /// What a key is about: whose details are shown, or else what the cursor is on.
    pub fn subject(&self) -> Option<Subject> {
        match (&self.overlay, self.screen) {
            (Some(Overlay::Details(subject, _)), _) => Some(subject.clone()),
            (_, Screen::Exports) => self.exports.list().current().map(|row| match row {
                ExportRow::Plan(row) => Subject::Plan(row.plan.id),
                ExportRow::Task(row) => Subject::Task(row.task.id),
            }),
            (_, Screen::History) => self.history.list().current().and_then(|row| match (row.task(), &row.remote) {
                (Some(task), _) => Some(Subject::Task(task.id)),
                (None, Some(remote)) => Some(Subject::Past(remote.id.clone())),
                (None, None) => None,
            }),
            (_, Screen::Buckets) => self.buckets.list.current().map(|bucket| Subject::Bucket(bucket.name.clone())),
            (_, Screen::Groups | Screen::Lanes | Screen::Form) => None,
        }
    }

    /// Whether objects are being copied to this machine.
    pub fn is_downloading(&self) -> bool {
        self.download.as_deref().is_some_and(Download::is_going)
    }

    /// Whether it is asked where to download to.
    pub fn types_directory(&self) -> bool {
        self.download.as_deref().is_some_and(Download::is_typed)
    }

    /// The task a key is about.
    pub fn task_here(&self) -> Option<&Arc<Task>> {
        match self.subject()? {
            Subject::Task(id) => self.task(id),
            Subject::Past(_) | Subject::Plan(_) | Subject::Bucket(_) => None,
        }
    }

    /// The plan a key is about: itself, or that of the task.
    pub fn plan_here(&self) -> Option<&Arc<QueuedPlan>> {
        match self.subject()? {
            Subject::Plan(id) => self.exports.plan(id),
            Subject::Task(id) => self.exports.plan(self.task(id)?.plan),
            Subject::Past(_) | Subject::Bucket(_) => None,
        }
    }

    /// The bucket a key is about.
    pub fn bucket_here(&self) -> Option<String> {
        match self.subject()? {
            Subject::Bucket(name) => Some(name),
            Subject::Task(_) | Subject::Past(_) | Subject::Plan(_) => None,
        }
    }

    /// The lane a key is about: under the cursor, or that of the task or plan.
    pub fn lane_here(&self) -> Option<Arc<Lane>> {
        if self.screen == Screen::Lanes {
            return self.lanes.current().and_then(|row| row.lane.clone());
        }
        let of_task = || self.task_here().map(|task| Arc::clone(&task.lane));
        self.plan_here().map(|plan| Arc::clone(&plan.lane)).or_else(of_task)
    }
}
