//! What the screen of log groups knows: their names, the details of those that were looked at, and what is marked.
//!
//! Names are listed by the thousand; everything else is asked for only of rows that somebody looks at.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::aws::NamedGroup;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::{GroupClass, GroupDetails, ListedGroup, LogGroup, Page};
use crate::domain::place::AccountId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::Timestamp;
use crate::export::listings::LastListing;
use crate::tui::list::{Fetch, List, RequestId, Row, Sorted};
use crate::tui::model::Sight;
use crate::tui::sorting::{GroupColumn, Order, SortColumn as _};

/// The screen.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// The listing.
    pub list: List<ListedGroup>,
    /// Names marked for an export.
    pub marks: BTreeSet<String>,
    /// The rows somebody looks at.
    pub sight: Sight,
    details: HashMap<Arc<str>, Detail>,
    /// The question for details under way: one at a time is pace enough for a reader, and well below the ten calls a
    /// second that AWS allows.
    asked: Option<(RequestId, Vec<Arc<str>>)>,
    /// What is known of an earlier listing.
    pub memory: Memory,
    /// The listing is whole and new: it is to be kept for the next start.
    pub is_unkept: bool,
    /// The question for names that have something in them, and what.
    search: Option<(RequestId, String)>,
    /// Names that such an answer has brought before the listing came to them.
    found: HashSet<Arc<str>>,
    /// The log group that was marked last.
    anchor: Option<Arc<str>>,
    /// What a person wants the listing to be sorted by.
    chosen: Order<GroupColumn>,
    /// What it is sorted by: the same, where that is known of every row.
    order: Order<GroupColumn>,
}

/// The listing of an earlier time, shown until the one of now is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// Nobody has looked for one.
    #[default]
    Unasked,
    /// It is being read.
    Asked(RequestId),
    /// It is shown: of this account, as it was at this time.
    Shown(AccountId, Timestamp),
    /// There is none, or it has served.
    Over,
}

/// What is known of a log group beyond its name and class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All of it.
    Known(GroupDetails),
    /// AWS does not tell.
    Untold,
}

/// The most names that are asked about at a time (DescribeLogGroups' service model).
const ABOUT: usize = 50;

/// Of more marked log groups than this nobody waits for the sum of their bytes: ten calls.
const MARKED: usize = 500;

impl Groups {
    /// What is known of a log group; `None` as long as nobody has asked.
    pub fn detail(&self, name: &str) -> Option<Detail> {
        self.details.get(name).copied()
    }

    /// Takes a page of names in, with such details as came along; says whether it was waited for.
    pub fn take(&mut self, request: RequestId, page: Result<Page<NamedGroup>, Problem>) -> bool {
        let page = page.map(|mut page| {
            if self.list.incoming().is_none() {
                page.items.retain(|(group, _)| !self.found.contains(&group.name));
            }
            let known = page.items.iter().filter_map(|(group, details)| Some((&group.name, (*details)?)));
            self.details.extend(known.map(|(name, details)| (Arc::clone(name), Detail::Known(details))));
            Page { items: page.items.into_iter().map(|(group, _)| group).collect(), next: page.next }
        });
        let awaited = self.list.answer(request, page);
        if awaited && *self.list.fetch() == Fetch::Complete {
            self.is_complete();
        }
        if awaited {
            self.arrange();
        }
        awaited
    }

    /// All that is shown is of now.
    fn is_complete(&mut self) {
        (self.memory, self.is_unkept) = (Memory::Over, true);
        if !std::mem::take(&mut self.found).is_empty() {
            let mut rows = self.list.rows().to_vec();
            rows.sort_by(|one, other| one.name.cmp(&other.name));
            self.list.replace(rows);
        }
    }

    /// Shows what was listed at an earlier time, unless all of now is there already.
    pub fn recall(&mut self, request: RequestId, listing: Option<LastListing>) {
        if self.memory != Memory::Asked(request) {
            return;
        }
        self.memory = Memory::Over;
        if let Some(LastListing { account, at, groups }) = listing
            && *self.list.fetch() != Fetch::Complete
        {
            self.list.recall(groups);
            self.memory = Memory::Shown(account, at);
            self.arrange();
        }
    }

    /// Whether what is shown was listed of another account.
    pub fn is_of_another(&self, account: &AccountId) -> bool {
        matches!(&self.memory, Memory::Shown(listed, _) if listed != account)
    }

    /// Notes that AWS was asked for names with `pattern` in them.
    pub fn search(&mut self, request: RequestId, pattern: String) {
        self.search = Some((request, pattern));
    }

    /// Whether such a question is under way.
    pub const fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Takes the answer in: what is not listed yet is listed now. Gives what was asked for; `None` if nobody waits for it.
    pub fn find(&mut self, request: RequestId, found: &[NamedGroup]) -> Option<String> {
        let (_, pattern) = self.search.take_if(|(asked, _)| *asked == request)?;
        let mut new: HashMap<&str, &ListedGroup> = found.iter().map(|(group, _)| (&*group.name, group)).collect();
        for group in self.list.rows() {
            new.remove(&*group.name);
        }
        let mut new: Vec<ListedGroup> = new.into_values().cloned().collect();
        new.sort_by(|one, other| one.name.cmp(&other.name));
        if *self.list.fetch() != Fetch::Complete {
            self.found.extend(new.iter().map(|group| Arc::clone(&group.name)));
        }
        self.list.append(new);
        self.arrange();
        Some(pattern)
    }

    /// Asks for everything again; what is known goes.
    pub fn reload(&mut self) {
        self.list.renew();
        self.forget();
    }

    /// Nothing is known any more but what is marked: another place is looked at.
    pub fn clear(&mut self) {
        self.list.clear();
        self.forget();
        (self.memory, self.is_unkept, self.search) = (Memory::Unasked, false, None);
        self.found.clear();
    }

    fn forget(&mut self) {
        self.details.clear();
        self.asked = None;
        self.sight = Sight::default();
        self.arrange();
    }

    /// What the listing is sorted by.
    pub const fn order(&self) -> Order<GroupColumn> {
        self.order
    }

    /// What a person wants it to be sorted by.
    pub const fn chosen(&self) -> Order<GroupColumn> {
        self.chosen
    }

    /// Sorts it by `order`, now or as soon as that is known of every row.
    pub fn sort_by(&mut self, order: Order<GroupColumn>) {
        self.chosen = order;
        self.arrange();
    }

    /// The columns it can be sorted by: of a long listing, names and classes are all that is known of every row.
    pub fn offered(&self) -> Vec<GroupColumn> {
        let all = GroupColumn::ALL.iter().copied();
        let knows_all = self.knows_all();
        all.filter(|column| knows_all || matches!(column, GroupColumn::Name | GroupColumn::Class)).collect()
    }

    fn knows_all(&self) -> bool {
        let is_known = |group: &ListedGroup| matches!(self.details.get(&group.name), Some(Detail::Known(_)));
        self.details.len() >= self.list.rows().len() && self.list.rows().iter().all(is_known)
    }

    /// Puts the rows in order. AWS lists them by name: as long as nobody wants anything else there is nothing to do.
    fn arrange(&mut self) {
        let can_be = matches!(self.chosen.by, GroupColumn::Name | GroupColumn::Class) || self.knows_all();
        let order = if can_be { self.chosen } else { Order::default() };
        let (as_listed, before) = (Order::default(), std::mem::replace(&mut self.order, order));
        let sorted = Sorted { mark: Some(order.mark()), is_chosen: order != as_listed };
        if order == as_listed && before == as_listed {
            return self.list.comes_sorted(sorted);
        }
        let details = &self.details;
        self.list.sort(sorted, |rows| sort(rows, order, details));
    }

    /// Ranges of marks begin at the row under the cursor.
    pub fn set_anchor(&mut self) {
        self.anchor = self.list.current().map(|group| Arc::clone(&group.name));
    }

    /// Whether a range of marks can begin somewhere.
    pub const fn has_anchor(&self) -> bool {
        self.anchor.is_some()
    }

    /// Where it begins, among the rows that are shown.
    pub fn anchor(&self) -> Option<usize> {
        let anchor = self.anchor.as_ref()?;
        self.list.shown().position(|group| group.name == *anchor)
    }

    /// The bytes that AWS says the marked log groups hold, and of how many of them that is known.
    pub fn marked_bytes(&self) -> (ByteCount, usize) {
        let is_marked = |name: &Arc<str>| self.marks.contains(&**name);
        let known = self.details.iter().filter(|(name, _)| is_marked(name)).filter_map(|(_, detail)| match detail {
            Detail::Known(known) => known.stored,
            Detail::Untold => None,
        });
        known.fold((ByteCount::default(), 0), |(sum, count), stored| (sum + stored, count + 1))
    }

    /// Whether details may be asked for.
    pub const fn is_idle(&self) -> bool {
        self.asked.is_none()
    }

    /// The names among the `rows` on screen that nothing is known of, as many as can be asked about at once; after
    /// those, what is marked, unless that is too much.
    pub fn unknown(&self, rows: usize) -> Vec<Arc<str>> {
        let is_unknown = |name: &&Arc<str>| !self.details.contains_key(*name);
        let names = self.list.on_screen(rows).map(|(_, group)| &group.name);
        let seen: Vec<Arc<str>> = names.filter(is_unknown).take(ABOUT).cloned().collect();
        if !seen.is_empty() || self.marks.len() > MARKED {
            return seen;
        }
        let marked = self.marks.iter().map(|name| Arc::from(name.as_str()));
        marked.filter(|name| is_unknown(&name)).take(ABOUT).collect()
    }

    /// Notes that these were asked about.
    pub fn ask(&mut self, request: RequestId, names: Vec<Arc<str>>) {
        self.asked = Some((request, names));
    }

    /// Takes details in. Says whether they are to be asked for again after a pause.
    pub fn learn(&mut self, request: RequestId, answer: Result<Vec<LogGroup>, Problem>) -> bool {
        let Some((_, names)) = self.asked.take_if(|(asked, _)| *asked == request) else { return false };
        if matches!(&answer, Err(problem) if passes(problem.kind)) {
            return true;
        }
        let told: HashMap<String, GroupDetails> =
            answer.unwrap_or_default().into_iter().map(|group| (group.name.clone(), group.details())).collect();
        let detail = |name: &str| told.get(name).copied().map_or(Detail::Untold, Detail::Known);
        self.details.extend(names.into_iter().map(|name| (Arc::clone(&name), detail(&name))));
        if self.chosen != self.order {
            self.arrange();
        }
        false
    }
}

/// Sorts by name first: that costs nothing where rows are in that order, and what is alike in a column stays in it.
fn sort(rows: &mut [ListedGroup], order: Order<GroupColumn>, details: &HashMap<Arc<str>, Detail>) {
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let known = |group: &ListedGroup| match details.get(&group.name) {
        Some(Detail::Known(known)) => Some(*known),
        Some(Detail::Untold) | None => None,
    };
    match order.by {
        GroupColumn::Name if order.descending => rows.reverse(),
        GroupColumn::Name => {}
        GroupColumn::Class => by_key(rows, order.descending, |group| rank(&group.class)),
        GroupColumn::Stored => by_key(rows, order.descending, |group| known(group).and_then(|known| known.stored)),
        GroupColumn::Retention => {
            by_key(rows, order.descending, |group| known(group).map(|known| known.retention_days.unwrap_or(u32::MAX)));
        }
        GroupColumn::Created => by_key(rows, order.descending, |group| known(group).and_then(|known| known.created)),
    }
}

/// Equal ones stay as they are.
fn by_key<T, K: Ord>(rows: &mut [T], descending: bool, key: impl Fn(&T) -> K) {
    if descending {
        rows.sort_by_cached_key(|row| Reverse(key(row)));
    } else {
        rows.sort_by_cached_key(key);
    }
}

/// Classes in the order AWS tells of them.
const fn rank(class: &GroupClass) -> u8 {
    match class {
        GroupClass::Standard => 0,
        GroupClass::InfrequentAccess => 1,
        GroupClass::Delivery => 2,
        GroupClass::Other(_) => 3,
    }
}

/// Whether a failure may be another next time, without anybody doing something about it.
const fn passes(kind: ProblemKind) -> bool {
    kind.is_transient() || matches!(kind, ProblemKind::Throttled)
}

impl Row for ListedGroup {
    const RANKED: bool = true;
    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }
    fn name(&self) -> &str {
        &self.name
    }
}
