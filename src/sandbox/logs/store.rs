//! What CloudWatch Logs holds: groups, streams and export tasks, apart for every (account, Region). One lock, held for
//! as long as a look or a change takes and never across an await; whoever reads events takes a snapshot out first.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use crate::domain::place::{AccountId, Lane};

use super::events::Events;
use super::export::task::ExportTask;
use super::generated::{Generated, Text, mix};
use super::whims::{Turn, Whims};

/// Log groups, streams, events and export tasks of every account and Region.
#[derive(Debug, Default)]
pub struct Store {
    lanes: Mutex<HashMap<Lane, Shelf>>,
    /// Accounts whose log groups a monitoring account may list, in the same Region, by the monitoring lane.
    links: Mutex<HashMap<Lane, Vec<AccountId>>>,
    accept_kms: AtomicBool,
    fail_rules: Mutex<Vec<FailRule>>,
    whims: Mutex<Whims>,
    pages: AtomicU64,
    empty_pages: AtomicU32,
}

/// Makes coming export tasks fail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FailRule {
    /// Only tasks of this log group; `None`: of any.
    #[serde(default)]
    pub group: Option<String>,
    /// What their status message says.
    pub message: String,
    /// How many tasks.
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

/// A log group whose events are computed: any size, no memory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyntheticGroup {
    /// The log group's name.
    pub name: String,
    /// How many log streams, named `synthetic/000000` and on.
    pub streams: u32,
    /// How many log events each has.
    pub events_per_stream: u64,
    /// A message's size in bytes, on average.
    pub message_bytes: u32,
    /// No event is before this, epoch milliseconds.
    pub from: i64,
    /// All events are before this, epoch milliseconds.
    pub to: i64,
    /// The same seed gives the same messages.
    #[serde(default)]
    pub seed: u64,
}

/// What one (account, Region) has.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Log groups by name.
    pub groups: BTreeMap<String, Group>,
    /// Export tasks, oldest first.
    pub tasks: Vec<ExportTask>,
}

/// A log group's storage class, as a word of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Class {
    /// Exportable and readable.
    #[default]
    Standard,
    /// Exportable, neither readable nor searchable.
    InfrequentAccess,
    /// What the exporter makes of it is not documented; taken as exportable.
    Delivery,
}

impl Class {
    /// All, in the service model's order.
    pub const ALL: [Self; 3] = [Self::Standard, Self::InfrequentAccess, Self::Delivery];
    /// All of AWS's words.
    pub const WORDS: [&'static str; 3] = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

    /// AWS's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standard => Self::WORDS[0],
            Self::InfrequentAccess => Self::WORDS[1],
            Self::Delivery => Self::WORDS[2],
        }
    }

    /// The class AWS means by `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }
}

/// A log group.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Its storage class.
    pub class: Class,
    /// Days until events expire; `None`: never.
    pub retention_days: Option<i64>,
    /// The key its events are encrypted with.
    pub kms_key: Option<String>,
    /// When it was created, epoch milliseconds.
    pub created: i64,
    /// Its streams by name.
    pub streams: BTreeMap<String, Stream>,
}

impl Group {
    /// About how many bytes CloudWatch Logs counts for its events.
    pub fn stored_bytes(&self) -> u64 {
        self.streams.values().map(|stream| stream.events.stored_bytes()).sum()
    }
}

/// A log stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    /// When it was created, epoch milliseconds.
    pub created: i64,
    /// When events were last taken in.
    pub last_ingestion: Option<i64>,
    /// Its events.
    pub events: Events,
}

impl From<Generated> for Stream {
    fn from(generated: Generated) -> Self {
        let last_ingestion = (generated.count > 0).then(|| generated.timestamp(generated.count - 1));
        Self { created: generated.from, last_ingestion, events: generated.into() }
    }
}

/// A lock's content even after a panic elsewhere: every change here is complete before the lock is let go.
fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Looks at, or changes, what `lane` has.
    pub(super) fn with<T>(&self, lane: &Lane, look: impl FnOnce(&mut Shelf) -> T) -> T {
        look(unpoisoned(&self.lanes).entry(lane.clone()).or_default())
    }

    /// Links `account` to the monitoring account of `lane`: its log groups can be listed there, and nothing else.
    pub fn link(&self, lane: &Lane, account: AccountId) {
        unpoisoned(&self.links).entry(lane.clone()).or_default().push(account);
    }

    /// The lanes whose log groups can be listed in `lane`, besides its own.
    pub(super) fn linked(&self, lane: &Lane) -> Vec<Lane> {
        let links = unpoisoned(&self.links);
        let accounts = links.get(lane).into_iter().flatten();
        accounts.map(|account| Lane { account: account.clone(), ..lane.clone() }).collect()
    }

    /// Whether export tasks into buckets with a customer-managed key are accepted, as AWS does since November 2022;
    /// refused at first, as the export feature documents.
    pub fn accept_kms(&self, accept: bool) {
        self.accept_kms.store(accept, Ordering::Relaxed);
    }

    /// What [`Store::accept_kms`] was last told.
    pub(super) fn accepts_kms(&self) -> bool {
        self.accept_kms.load(Ordering::Relaxed)
    }

    /// How pages of events are to be answered from now on.
    pub fn set_whims(&self, whims: Whims) {
        *unpoisoned(&self.whims) = whims;
    }

    /// How the next page of events is answered; `has_token` says whether it was asked for with one.
    pub(super) fn next_turn(&self, has_token: bool) -> Turn {
        let number = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        unpoisoned(&self.whims).turn(number, has_token)
    }

    /// Makes the next so many pages of FilterLogEvents empty, with a token to go on, as AWS's first ones may be.
    pub fn empty_pages(&self, pages: u32) {
        self.empty_pages.store(pages, Ordering::Relaxed);
    }

    /// Whether the page that is asked for is to be empty; uses one of [`Store::empty_pages`] up.
    pub(super) fn take_empty_page(&self) -> bool {
        self.empty_pages.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// Makes the next tasks that fit `rule` end as FAILED, after their first object.
    pub fn fail_exports(&self, rule: FailRule) {
        unpoisoned(&self.fail_rules).push(rule);
    }

    /// The message a task of `group` is to fail with, if one is; uses the rule up by one.
    pub(super) fn take_failure(&self, group: &str) -> Option<String> {
        let mut rules = unpoisoned(&self.fail_rules);
        rules.retain(|rule| rule.times > 0);
        let rule = rules.iter_mut().find(|rule| rule.group.as_deref().is_none_or(|name| name == group))?;
        rule.times -= 1;
        Some(rule.message.clone())
    }

    /// Plants, or replaces, a group of computed events.
    pub fn plant_synthetic_group(&self, lane: &Lane, group: &SyntheticGroup) {
        let stream = |n: u32| {
            let generated = Generated {
                seed: mix(group.seed ^ mix(u64::from(n))),
                count: group.events_per_stream,
                from: group.from,
                to: group.to,
                text: Text::Filler(group.message_bytes),
            };
            (format!("synthetic/{n:06}"), Stream::from(generated))
        };
        let streams = (0..group.streams).map(stream).collect();
        let planted = Group { created: group.from, streams, ..Group::default() };
        self.with(lane, |shelf| shelf.groups.insert(group.name.clone(), planted));
    }
}
