//! What the ledger has of the past of one lane, read page by page.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::names::{PlanId, TaskId};
use crate::domain::past::PastFilter;
use crate::domain::place::Lane;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;
use crate::ledger::{Past, PastMark};
use crate::tui::list::RequestId;

/// How far one reading of the ledger has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Walk {
    /// Not begun.
    #[default]
    NotAsked,
    /// A page is being read, from here on.
    UnderWay(RequestId, Option<PastMark>),
    /// There is more, from here on.
    More(PastMark),
    /// That was all.
    Complete,
    /// The ledger could not be read from here on; why.
    Failed(Option<PastMark>, String),
}

impl Walk {
    /// Whether a page is being read.
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::UnderWay(..))
    }

    /// What ended later than this was read; `None` if there is no more to read, or nothing to be had.
    pub fn reached(&self) -> Option<Timestamp> {
        match self {
            Self::UnderWay(_, mark) | Self::Failed(mark, _) => mark.map(PastMark::ended),
            Self::More(mark) => Some(mark.ended()),
            Self::NotAsked | Self::Complete => None,
        }
    }

    /// Takes the answer to `request` in; whether it was waited for.
    fn take(&mut self, request: RequestId, answer: Result<Option<PastMark>, String>) -> bool {
        let Self::UnderWay(asked, after) = self else { return false };
        if *asked != request {
            return false;
        }
        *self = match answer {
            Ok(next) => next.map_or(Self::Complete, Self::More),
            Err(why) => Self::Failed(*after, why),
        };
        true
    }

    fn retry(&mut self) {
        if let Self::Failed(after, _) = self {
            *self = after.map_or(Self::NotAsked, Self::More);
        }
    }
}

/// The tasks read so far, and how far that is.
#[derive(Clone, Debug, Default)]
pub struct Ours {
    lane: Option<Lane>,
    /// The tasks.
    pub tasks: HashMap<TaskId, Arc<Task>>,
    /// Their plans.
    pub plans: HashMap<PlanId, Arc<QueuedPlan>>,
    /// The reading of everything.
    whole: Walk,
    /// The reading of what passes the filter.
    sought: Walk,
}

impl Ours {
    /// Another lane has another past.
    pub fn look_at(&mut self, lane: &Lane) {
        if self.lane.as_ref() != Some(lane) {
            *self = Self { lane: Some(lane.clone()), ..Self::default() };
        }
    }

    /// The reading of everything.
    pub const fn whole(&self) -> &Walk {
        &self.whole
    }

    /// The reading of what passes `wanted`.
    pub fn walk(&self, wanted: &PastFilter) -> &Walk {
        if wanted.is_everything() { &self.whole } else { &self.sought }
    }

    /// Whether everything was read.
    pub fn is_whole(&self) -> bool {
        self.whole == Walk::Complete
    }

    /// Why it cannot be read.
    pub fn trouble(&self) -> Option<&str> {
        [&self.whole, &self.sought].into_iter().find_map(|walk| match walk {
            Walk::Failed(_, why) => Some(why.as_str()),
            Walk::NotAsked | Walk::UnderWay(..) | Walk::More(_) | Walk::Complete => None,
        })
    }

    /// Something else is looked for from now on.
    pub fn seek(&mut self) {
        self.sought = Walk::NotAsked;
    }

    /// What could not be read is read again.
    pub fn retry(&mut self) {
        self.whole.retry();
        self.sought.retry();
    }

    /// Notes a question for what passes `wanted`.
    pub fn ask(&mut self, request: RequestId, after: Option<PastMark>, wanted: &PastFilter) {
        let walk = if wanted.is_everything() { &mut self.whole } else { &mut self.sought };
        *walk = Walk::UnderWay(request, after);
    }

    /// Takes a page in; whether it was waited for.
    pub fn take(&mut self, request: RequestId, page: Result<Past, String>) -> bool {
        let (page, next) = match page {
            Ok(page) => (Some((page.tasks, page.plans)), Ok(page.next)),
            Err(why) => (None, Err(why)),
        };
        if !self.whole.take(request, next.clone()) && !self.sought.take(request, next) {
            return false;
        }
        let (tasks, plans) = page.unwrap_or_default();
        self.tasks.extend(tasks.into_iter().map(|task| (task.id, Arc::new(task))));
        self.plans.extend(plans.into_iter().map(|plan| (plan.id, Arc::new(plan))));
        true
    }

    /// Takes in how a task stands by now; whether it is of this past. One that is not read yet is read by and by.
    pub fn follow(&mut self, task: &Arc<Task>) -> bool {
        let is_here = self.lane.as_ref() == Some(&*task.lane);
        if is_here {
            self.tasks.insert(task.id, Arc::clone(task));
        }
        is_here
    }
}
