//! The history: what AWS remembers of past export tasks, page by page, and what the ledger has of them, as one listing.
//!
//! Neither is ever asked for all of it. Rows are shown down to where both are known; with a filter, whatever is known and
//! passes it.

mod merge;
mod ours;
mod query;
mod read;

use std::sync::Arc;

use crate::domain::inventory::{Page, RemoteStatus, RemoteTask};
use crate::domain::names::{PlanId, RemoteId, TaskId};
use crate::domain::past::{PastFilter, Standing};
use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::state::State;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;
use crate::ledger::{Past, PastMark};
use crate::tui::list::{Fetch, Filter, List, RequestId, Sorted};
use crate::tui::sorting::{Order, PastColumn};

pub use self::merge::{Memory, PastRow};
pub use self::read::past;

use self::ours::{Ours, Walk};
use self::query::Query;

/// The next pages are asked for when the cursor is this near the end of what is there.
const NEAR_END: usize = 20;

/// Pages of AWS's that are asked for, behind a filter, when somebody goes on at the end: until one has something, and no
/// more than this. AWS allows 5 of these calls a second, engines' own included.
const PAGES_ON: u8 = 8;

/// The screen.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What AWS remembers, newest first: all, or what has `status`.
    pub aws: List<Arc<RemoteTask>>,
    /// A task of ours has moved since AWS's first page came.
    pub stale: bool,
    /// AWS's first page, asked for again under the rows as they stand.
    pub refreshing: Option<RequestId>,
    status: Option<RemoteStatus>,
    /// Behind a filter: so many pages may still be asked for.
    pages_on: u8,
    ours: Ours,
    /// Everything known, newest first.
    merged: Vec<PastRow>,
    list: List<PastRow>,
    filter: Filter,
    wanted: Arc<PastFilter>,
    wrong: Option<String>,
    /// Tasks have moved that the rows do not show yet.
    is_behind: bool,
    order: Order<PastColumn>,
}

impl History {
    /// The rows shown.
    pub const fn list(&self) -> &List<PastRow> {
        &self.list
    }

    /// The rows shown, to move in.
    pub const fn list_mut(&mut self) -> &mut List<PastRow> {
        &mut self.list
    }

    /// The filter.
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What of the filter makes no sense, in words.
    pub fn wrong(&self) -> Option<&str> {
        self.wrong.as_deref()
    }

    /// Whether something is filtered out.
    pub fn is_filtered(&self) -> bool {
        !self.wanted.is_everything()
    }

    /// What the rows are sorted by.
    pub const fn order(&self) -> Order<PastColumn> {
        self.order
    }

    /// Sorts what is loaded.
    pub fn sort_by(&mut self, order: Order<PastColumn>) {
        self.order = order;
        self.show();
    }

    /// How many tasks are known, whether they are shown or not.
    pub const fn loaded(&self) -> usize {
        self.merged.len()
    }

    /// Whether AWS's tasks are listed of one status alone.
    pub const fn status(&self) -> Option<&RemoteStatus> {
        self.status.as_ref()
    }

    /// A task of the ledger.
    pub fn task(&self, id: TaskId) -> Option<&Arc<Task>> {
        self.ours.tasks.get(&id)
    }

    /// The plan of a task of the ledger, as it stood when that was read.
    pub fn plan(&self, id: PlanId) -> Option<&Arc<QueuedPlan>> {
        self.ours.plans.get(&id)
    }

    /// A task AWS remembers.
    pub fn past(&self, id: &RemoteId) -> Option<&RemoteTask> {
        self.aws.rows().iter().find(|task| task.id == *id).map(AsRef::as_ref)
    }

    /// What AWS tells of a task of the ledger, if it was listed.
    pub fn told(&self, task: &Task) -> Option<&RemoteTask> {
        self.past(task.remote.as_ref()?)
    }

    /// Why the ledger cannot be read.
    pub fn trouble(&self) -> Option<&str> {
        self.ours.trouble()
    }

    /// Whether more is on its way.
    pub fn is_loading(&self) -> bool {
        matches!(self.aws.fetch(), Fetch::UnderWay { .. }) || self.ours.walk(&self.wanted).is_under_way()
    }

    /// Whether AWS has more pages, and something in them may pass the filter.
    pub fn has_more(&self) -> bool {
        matches!(self.aws.fetch(), Fetch::More(_)) && (!self.is_filtered() || self.may_find_more())
    }

    /// Nothing is known any more: another place is looked at. The filter stays.
    pub fn clear(&mut self) {
        self.aws.clear();
        (self.refreshing, self.stale, self.pages_on) = (None, false, 0);
        self.ours = Ours::default();
        self.arrange();
    }

    /// Asks AWS for everything again, or for the page that failed; and the ledger, where it could not be read.
    pub fn reload(&mut self) {
        self.aws.reload();
        self.ours.retry();
    }

    /// Shows what passes this. While it is typed, what is loaded is looked through; once it stands, AWS lists only what
    /// has its status.
    pub fn set_filter(&mut self, filter: Filter, now: Timestamp) {
        let is_typed = matches!(filter, Filter::Editing(_));
        let (wanted, wrong) = PastFilter::parse(filter.text(), now);
        (self.filter, self.wrong) = (filter, wrong);
        if *self.wanted != wanted {
            self.wanted = Arc::new(wanted);
            self.pages_on = 0;
            self.ours.seek();
            self.show();
        }
        let status = status_of(&self.wanted);
        if !is_typed && self.status != status {
            // An answer under way is of the other status.
            (self.status, self.refreshing) = (status, None);
            self.aws.clear();
            self.arrange();
        }
    }

    /// The filter with the next state in it, or with none after the last.
    pub fn next_state(&self) -> Filter {
        let all = Standing::ALL;
        let next = match self.wanted.states.as_slice() {
            [] => all.first(),
            [.., last] => all.iter().skip_while(|standing| *standing != last).nth(1),
        };
        let others = self.filter.text().split_whitespace().filter(|word| !word.starts_with("state:"));
        let words = others.map(str::to_owned).chain(next.map(|standing| format!("state:{}", standing.word())));
        let text = words.collect::<Vec<_>>().join(" ");
        if text.is_empty() { Filter::Off } else { Filter::Kept(text) }
    }

    /// Somebody goes on at the end of what is shown.
    pub fn go_on(&mut self) {
        self.pages_on = PAGES_ON;
    }

    /// Takes a page of AWS's in.
    pub fn take(&mut self, request: RequestId, page: Result<Page<RemoteTask>, Problem>) {
        let page = page.map(|page| Page { items: page.items.into_iter().map(Arc::new).collect(), next: page.next });
        if self.refreshing == Some(request) {
            self.refreshing = None;
            // What is shown stays true enough; the next move of a task, or R, asks again.
            if let Ok(page) = page {
                self.aws.refresh(page);
            }
        } else if !self.aws.answer(request, page) {
            return;
        }
        let before = self.list.shown_count();
        self.arrange();
        self.pages_on = if self.list.shown_count() > before { 0 } else { self.pages_on.saturating_sub(1) };
    }

    /// Takes a page of the ledger's in.
    pub fn learn(&mut self, request: RequestId, page: Result<Past, String>) {
        if self.ours.take(request, page) {
            self.arrange();
        }
    }

    /// A task of the ledger has moved. Many may, between two frames: the rows follow in [`History::catch_up`].
    pub fn follow(&mut self, task: &Arc<Task>) {
        if task.remote.is_some() {
            self.stale = true;
        }
        self.is_behind |= self.ours.follow(task);
    }

    /// Whether rows do not show yet how tasks have moved.
    pub const fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Brings the rows up to date.
    pub fn catch_up(&mut self) {
        if self.is_behind {
            self.arrange();
        }
    }

    /// Whether AWS is to be asked for a page, with so many rows on screen.
    pub fn wants_aws(&self, height: usize) -> bool {
        match self.aws.fetch() {
            Fetch::NotAsked => true,
            Fetch::More(_) if self.is_filtered() => self.pages_on > 0 && self.may_find_more(),
            Fetch::More(_) => self.sees_the_end(height) && self.horizon_of_aws() >= self.horizon_of_ours(),
            Fetch::UnderWay { .. } | Fetch::Complete | Fetch::Failed { .. } => false,
        }
    }

    /// What is to be asked of the ledger for `lane`, with so many rows on screen.
    pub fn wants_ours(&mut self, lane: &Lane, height: usize) -> Option<(Option<PastMark>, Arc<PastFilter>)> {
        self.ours.look_at(lane);
        let wanted = if self.ours.is_whole() { Arc::default() } else { Arc::clone(&self.wanted) };
        let after = match self.ours.walk(&wanted) {
            Walk::NotAsked => None,
            Walk::More(mark)
                if self.sees_the_end(height)
                    && (self.is_filtered() || self.horizon_of_ours() >= self.horizon_of_aws()) =>
            {
                Some(*mark)
            }
            Walk::More(_) | Walk::UnderWay(..) | Walk::Complete | Walk::Failed(..) => return None,
        };
        Some((after, wanted))
    }

    /// Notes that the ledger was asked.
    pub fn ask_ours(&mut self, request: RequestId, after: Option<PastMark>, wanted: &PastFilter) {
        self.ours.ask(request, after, wanted);
    }

    /// Of a plan the ledger knows every task, and AWS lists the newest first.
    fn may_find_more(&self) -> bool {
        let oldest = self.aws.rows().last().and_then(|task| task.created);
        let is_past = matches!((oldest, self.wanted.since), (Some(oldest), Some(since)) if oldest < since);
        self.wanted.plans.is_empty() && !is_past
    }

    fn sees_the_end(&self, height: usize) -> bool {
        self.list.window(height).end.max(self.list.cursor() + NEAR_END) >= self.list.shown_count()
    }

    /// Of what was begun before this, AWS may remember more than is loaded.
    fn horizon_of_aws(&self) -> Option<Timestamp> {
        match (self.aws.fetch(), self.aws.rows().last()) {
            (Fetch::Complete, _) | (Fetch::Failed { .. }, None) => None,
            (Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_), None) => Some(Timestamp::from_millis(i64::MAX)),
            (Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::More(_) | Fetch::Failed { .. }, Some(last)) => {
                Some(merge::begun(last))
            }
        }
    }

    /// The same of the ledger.
    fn horizon_of_ours(&self) -> Option<Timestamp> {
        self.ours.whole().reached()
    }

    /// Puts together anew what is known.
    fn arrange(&mut self) {
        self.is_behind = false;
        self.merged = merge::merge(self.aws.rows(), &self.ours.tasks);
        self.show();
    }

    /// Picks the rows to show.
    fn show(&mut self) {
        let horizon = self.horizon_of_aws().max(self.horizon_of_ours());
        let mut rows: Vec<PastRow> = if self.is_filtered() {
            let mut query = Query::new(&self.wanted);
            let plans = &self.ours.plans;
            self.merged.iter().filter(|row| query.passes(&row.glance(plans))).cloned().collect()
        } else {
            let known = self.merged.iter().take_while(|row| horizon.is_none_or(|horizon| row.begun >= horizon));
            known.cloned().collect()
        };
        let is_chosen = self.order != Order::default();
        if is_chosen {
            merge::sort(&mut rows, self.order);
        }
        self.list.comes_sorted(Sorted { mark: Some(self.order.mark()), is_chosen });
        self.list.replace(rows);
    }
}

/// The status to have AWS list, where one is enough.
fn status_of(wanted: &PastFilter) -> Option<RemoteStatus> {
    let [standing] = wanted.states.as_slice() else { return None };
    match standing {
        Standing::Empty | Standing::In(State::Completed) => Some(RemoteStatus::Completed),
        Standing::In(State::Pending) => Some(RemoteStatus::Pending),
        Standing::In(State::Running) => Some(RemoteStatus::Running),
        Standing::In(State::Cancelling) => Some(RemoteStatus::PendingCancel),
        Standing::In(State::Failed) => Some(RemoteStatus::Failed),
        Standing::In(State::Cancelled) => Some(RemoteStatus::Cancelled),
        Standing::In(State::Queued | State::Launching) => None,
    }
}
