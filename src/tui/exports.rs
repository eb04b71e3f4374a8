//! The queue as screen 3 shows it: tasks under the plans they belong to, which fold; and what every lane is at.
//!
//! Made anew from each snapshot: a snapshot may hold 20,000 tasks, and comes at most ten times a second.

mod picture;

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::direct::speed::{Speed, Speeds};
use crate::domain::names::{LogGroupName, PlanId, TaskId};
use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::domain::queued_plan::{Counts, QueuedPlan};
use crate::domain::task::{Holder, State, Task, Wait};
use crate::domain::time::Timestamp;
use crate::export::Snapshot;
use crate::ledger::LaneRecord;
use crate::tui::list::{Filter, List, Row, Sought};
use crate::tui::places::is_of_credentials;
use crate::tui::rates::Rates;

pub use picture::{Frozen, Picture};

/// A plan with more tasks than this is folded until somebody unfolds it: its head says what it is at.
const UNFOLDED: usize = 30;

/// One row of the screen.
#[derive(Clone, Debug)]
pub enum ExportRow {
    /// A plan of several tasks.
    Plan(PlanRow),
    /// A task.
    Task(TaskRow),
}

/// The head of a plan's tasks.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// The plan.
    pub plan: Arc<QueuedPlan>,
    /// Whether its tasks are hidden.
    pub folded: bool,
    /// The task it is at, or the next one.
    pub at: Option<Arc<Task>>,
    /// The log group, if all its tasks are of one.
    pub group: Option<LogGroupName>,
}

/// A task and its turn.
#[derive(Clone, Debug)]
pub struct TaskRow {
    /// The task.
    pub task: Arc<Task>,
    /// How many open tasks of its lane come before it.
    pub before: usize,
    /// The last of those.
    pub after: Option<Arc<Task>>,
    /// Whether it stands under the head of its plan.
    pub nested: bool,
}

impl Row for ExportRow {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plan(one), Self::Plan(other)) => one.plan.id == other.plan.id,
            (Self::Task(one), Self::Task(other)) => one.task.id == other.task.id,
            (Self::Plan(_), Self::Task(_)) | (Self::Task(_), Self::Plan(_)) => false,
        }
    }
    fn name(&self) -> &str {
        match self {
            Self::Plan(row) => row.plan.name.as_ref().map_or("", |name| name.as_str()),
            Self::Task(row) => row.task.spec.group.as_str(),
        }
    }
}

/// What a lane is at, as the queue knows it.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// Tasks that wait.
    pub queued: u64,
    /// Tasks that AWS has, or may have.
    pub active: u64,
    /// What holds its slot.
    pub slot: Slot,
    /// A task of it waits for credentials.
    pub starved: Option<Problem>,
}

/// What holds a lane's slot, as its tasks tell.
#[derive(Clone, Debug, Default)]
pub enum Slot {
    /// They do not.
    #[default]
    Untold,
    /// One of ours.
    Ours(Arc<Task>),
    /// Somebody else's.
    Foreign(Option<Holder>),
}

/// The queue, and how it is looked at.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    live: Picture,
    frozen: Option<Box<Frozen>>,
    loads: HashMap<Arc<Lane>, Load>,
    rates: Rates,
    list: List<ExportRow>,
    filter: Filter,
    folds: HashMap<PlanId, bool>,
    known: bool,
    speeds: Speeds,
}

impl Exports {
    /// Takes the queue in as it stands at `now`.
    pub fn take(&mut self, snapshot: Arc<Snapshot>, now: Timestamp) {
        self.rates.take(&snapshot.tasks, now);
        self.speeds.take(&snapshot.tasks, now);
        self.loads = loads(&snapshot);
        self.live = Picture::of(snapshot);
        self.known = true;
        match &mut self.frozen {
            Some(frozen) => frozen.compare(&self.live),
            None => self.arrange(),
        }
    }

    /// Stops the screen at `now`: the queue goes on, and what it was is shown.
    pub fn freeze(&mut self, now: Timestamp) {
        self.frozen = Some(Box::new(Frozen::new(self.live.clone(), self.rates.clone(), self.speeds.clone(), now)));
    }

    /// Lets the screen go on; whether it stood still.
    pub fn go_on(&mut self) -> bool {
        let stood = self.frozen.take().is_some();
        if stood {
            self.arrange();
        }
        stood
    }

    /// The moment that the screen was stopped at.
    pub fn frozen(&self) -> Option<&Frozen> {
        self.frozen.as_deref()
    }

    /// Whether the queue has been read at all: until then, that it is empty says nothing.
    pub const fn is_known(&self) -> bool {
        self.known
    }

    /// The queue as the screen shows it.
    pub fn shown(&self) -> &Picture {
        self.frozen.as_ref().map_or(&self.live, |frozen| &frozen.picture)
    }

    /// How the bytes of tasks at work have come in.
    pub const fn rates(&self) -> &Rates {
        &self.rates
    }

    /// The same, as the screen shows it.
    pub fn shown_rates(&self) -> &Rates {
        self.frozen.as_ref().map_or(&self.rates, |frozen| &frozen.rates)
    }

    /// The rows shown.
    pub const fn list(&self) -> &List<ExportRow> {
        &self.list
    }

    /// The rows shown, to move in.
    pub const fn list_mut(&mut self) -> &mut List<ExportRow> {
        &mut self.list
    }

    /// The filter.
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Shows only what has this text in it, under the heads it belongs to.
    pub fn set_filter(&mut self, filter: Filter) {
        let same = filter.text() == self.filter.text();
        self.filter = filter;
        if !same {
            self.arrange();
        }
    }

    /// Hides or shows the tasks of a plan; the cursor goes to its head.
    pub fn fold(&mut self, plan: PlanId, folded: bool) {
        self.folds.insert(plan, folded);
        self.arrange();
        self.list.seek(|row| matches!(row, ExportRow::Plan(row) if row.plan.id == plan));
    }

    /// Puts the cursor on a task, wherever it is shown.
    pub fn seek(&mut self, id: TaskId) -> bool {
        self.list.seek(|row| matches!(row, ExportRow::Task(row) if row.task.id == id))
    }

    /// Puts the cursor on the head of the plan that a task belongs to; on itself if it has none.
    pub fn seek_plan(&mut self, id: TaskId) {
        let plan = self.task(id).map(|task| task.plan);
        if !self.list.seek(|row| matches!(row, ExportRow::Plan(row) if Some(row.plan.id) == plan)) {
            self.seek(id);
        }
    }

    /// The tasks held, in the order of the queue.
    pub fn tasks(&self) -> &[Arc<Task>] {
        self.live.tasks()
    }

    /// A task by its id.
    pub fn task(&self, id: TaskId) -> Option<&Arc<Task>> {
        self.tasks().iter().find(|task| task.id == id)
    }

    /// How fast a direct export is, while it is at work.
    pub fn speed(&self, id: TaskId) -> Option<&Speed> {
        self.speeds.of(id)
    }

    /// The same, as the screen shows it.
    pub fn shown_speed(&self, id: TaskId) -> Option<&Speed> {
        self.frozen.as_ref().map_or(&self.speeds, |frozen| &frozen.speeds).of(id)
    }

    /// A plan by its id.
    pub fn plan(&self, id: PlanId) -> Option<&Arc<QueuedPlan>> {
        self.live.plans.get(&id)
    }

    /// Every lane the ledger knows.
    pub fn lanes(&self) -> &[Arc<LaneRecord>] {
        self.live.lanes()
    }

    /// What the ledger knows of `lane`.
    pub fn lane(&self, lane: &Lane) -> Option<&Arc<LaneRecord>> {
        self.live.lane(lane)
    }

    /// What `lane` is at.
    pub fn load(&self, lane: &Lane) -> Option<&Load> {
        self.loads.get(lane)
    }

    /// Why the ledger is of no use just now.
    pub fn trouble(&self) -> Option<&str> {
        self.live.snapshot.trouble.as_deref()
    }

    /// Where all tasks stand, those that are not listed included; and how many of the active ones are being cancelled.
    pub const fn counts(&self) -> (Counts, u64) {
        self.live.counts()
    }

    /// Whether something of it reads differently as time passes: elapsed times, and waits that are counted down.
    pub fn is_moving(&self) -> bool {
        let mut open = self.tasks().iter().filter(|task| !task.state.is_end());
        open.any(|task| task.state.is_in_aws() || matches!(task.wait, Some(Wait::Slot(_) | Wait::Retry { .. })))
    }

    fn arrange(&mut self) {
        let Picture { snapshot, plans, .. } = self.shown();
        let rows = Groups::of(snapshot, plans).into_rows(&self.folds, &Sought::new(self.filter.text()));
        self.list.replace(rows);
    }
}

/// Tasks gathered under their plans, in the order of their first tasks.
#[derive(Default)]
struct Groups {
    gathered: Vec<(Option<Arc<QueuedPlan>>, Vec<TaskRow>)>,
    of_plan: HashMap<PlanId, usize>,
    lines: Vec<Line>,
}

/// The open tasks of a lane met so far.
struct Line {
    lane: Arc<Lane>,
    count: usize,
    last: Option<Arc<Task>>,
}

impl Groups {
    fn of(snapshot: &Snapshot, plans: &HashMap<PlanId, Arc<QueuedPlan>>) -> Self {
        let mut groups = Self::default();
        for task in &snapshot.tasks {
            let row = groups.row(task);
            match plans.get(&task.plan).filter(|plan| plan.counts.total() > 1) {
                Some(plan) => groups.under(plan, row),
                None => groups.gathered.push((None, vec![row])),
            }
        }
        groups
    }

    fn row(&mut self, task: &Arc<Task>) -> TaskRow {
        let mut row = TaskRow { task: Arc::clone(task), before: 0, after: None, nested: false };
        if task.state.is_end() {
            return row;
        }
        let known = self.lines.iter().position(|line| Arc::ptr_eq(&line.lane, &task.lane) || line.lane == task.lane);
        let at = known.unwrap_or_else(|| {
            self.lines.push(Line { lane: Arc::clone(&task.lane), count: 0, last: None });
            self.lines.len() - 1
        });
        if let Some(line) = self.lines.get_mut(at) {
            (row.before, row.after) = (line.count, line.last.replace(Arc::clone(task)));
            line.count += 1;
        }
        row
    }

    fn under(&mut self, plan: &Arc<QueuedPlan>, row: TaskRow) {
        let row = TaskRow { nested: true, ..row };
        let next = self.gathered.len();
        let at = *self.of_plan.entry(plan.id).or_insert(next);
        match self.gathered.get_mut(at) {
            Some((_, rows)) => rows.push(row),
            None => self.gathered.push((Some(Arc::clone(plan)), vec![row])),
        }
    }

    fn into_rows(self, folds: &HashMap<PlanId, bool>, sought: &Sought<'_>) -> Vec<ExportRow> {
        let mut rows = Vec::new();
        for (plan, mut tasks) in self.gathered {
            let head = plan.map(|plan| {
                let folded = *folds.get(&plan.id).unwrap_or(&(tasks.len() > UNFOLDED));
                let at = tasks.first().map(|row| &row.task).filter(|task| !task.state.is_end()).cloned();
                let one = tasks.first().filter(|_| plan.groups == 1);
                let group = one.map(|row| row.task.spec.group.clone());
                PlanRow { plan, folded: folded && sought.is_everything(), at, group }
            });
            let by_name = head.as_ref().and_then(|head| head.plan.name.as_ref());
            if !by_name.is_some_and(|name| sought.is_in(name.as_str())) {
                tasks.retain(|row| sought.is_in(row.task.spec.group.as_str()));
            }
            if tasks.is_empty() {
                continue;
            }
            let hidden = head.as_ref().is_some_and(|head| head.folded);
            rows.extend(head.map(ExportRow::Plan));
            if !hidden {
                rows.extend(tasks.into_iter().map(ExportRow::Task));
            }
        }
        rows
    }
}

fn loads(snapshot: &Snapshot) -> HashMap<Arc<Lane>, Load> {
    let mut loads: HashMap<Arc<Lane>, Load> = HashMap::new();
    for plan in snapshot.plans.iter().filter(|plan| plan.counts.open() > 0) {
        let load = loads.entry(Arc::clone(&plan.lane)).or_default();
        load.queued += plan.counts.queued;
        load.active += plan.counts.active;
    }
    let open = snapshot.tasks.iter().filter(|task| !task.state.is_end());
    // Only what AWS has, and whoever waits for something else than its turn, tells more.
    for task in open.filter(|task| !matches!((task.state, &task.wait), (State::Queued, None | Some(Wait::Turn)))) {
        let load = loads.entry(Arc::clone(&task.lane)).or_default();
        match &task.wait {
            _ if task.holds_slot() => load.slot = Slot::Ours(Arc::clone(task)),
            Some(Wait::Slot(holder)) if !matches!(load.slot, Slot::Ours(_)) => {
                load.slot = Slot::Foreign(holder.clone());
            }
            Some(Wait::Turn | Wait::Slot(_) | Wait::Retry { .. }) | None => {}
        }
        if let Some(Wait::Retry { problem, .. }) = &task.wait
            && is_of_credentials(problem.kind)
        {
            load.starved = Some(problem.clone());
        }
    }
    loads
}
