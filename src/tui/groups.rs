//! What the screen of log groups knows: their names, the details of those that were looked at, and what is marked.
//!
//! Names are listed by the thousand; everything else is asked for only of rows that somebody looks at.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::aws::NamedGroup;
use crate::domain::inventory::{GroupDetails, ListedGroup, LogGroup, Page};
use crate::domain::place::AccountId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::Timestamp;
use crate::export::listings::LastListing;
use crate::tui::list::{Fetch, List, RequestId, Row};
use crate::tui::model::Sight;

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
    }

    /// Whether details may be asked for.
    pub const fn is_idle(&self) -> bool {
        self.asked.is_none()
    }

    /// The names among the `rows` on screen that nothing is known of, as many as can be asked about at once.
    pub fn unknown(&self, rows: usize) -> Vec<Arc<str>> {
        let names = self.list.on_screen(rows).map(|(_, group)| &group.name);
        names.filter(|name| !self.details.contains_key(*name)).take(ABOUT).cloned().collect()
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
        false
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
