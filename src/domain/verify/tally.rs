//! What all objects of a task come to: sums, and what stands out, in the order of the listing and in bounded memory.

use std::fmt;

use super::line::Events;
use super::object::{Body, Damage, Place, ReadBack};
use super::subject::Subject;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::inventory::Object;
use crate::domain::layout;
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;

/// Findings that are kept, so that a bucket full of damage takes no more memory than one object does.
const KEPT: usize = 200;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The export is not what it should be.
    Wrong,
    /// It could not be shown to be what it should be.
    Doubt,
}

impl Weight {
    /// The word for a cell.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Doubt => "doubt",
        }
    }
}

/// Something that stands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An object is no whole gzip file.
    Damaged(Damage),
    /// Events lie outside the range.
    Outside {
        /// How many.
        count: u64,
        /// One of them.
        example: Timestamp,
    },
    /// There are lines, and none of them begins an event.
    NoEvents,
    /// The first line belongs to no event of this object.
    Headless,
    /// The object's number is not the one after the object before it: so many are missing.
    Gap(u64),
    /// It could not be read.
    Unread(Problem),
    /// No export writes an object of this name.
    Stranger,
    /// Less lies there than was counted when the task ended.
    Missing {
        /// Then.
        then: Landed,
        /// Now.
        now: Landed,
    },
    /// More lies there than was counted when the task ended.
    Grown {
        /// Then.
        then: Landed,
        /// Now.
        now: Landed,
    },
    /// No log object is there.
    Empty,
}

impl Finding {
    /// How much it weighs.
    pub const fn weight(&self) -> Weight {
        match self {
            Self::Damaged(_) | Self::Outside { .. } | Self::NoEvents | Self::Gap(_) | Self::Missing { .. } => {
                Weight::Wrong
            }
            Self::Headless | Self::Unread(_) | Self::Stranger | Self::Grown { .. } | Self::Empty => Weight::Doubt,
        }
    }

    /// Its name, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "damaged",
            Self::Outside { .. } => "outside_range",
            Self::NoEvents => "no_events",
            Self::Headless => "headless",
            Self::Gap(_) => "gap",
            Self::Unread(_) => "unread",
            Self::Stranger => "stranger",
            Self::Missing { .. } => "missing",
            Self::Grown { .. } => "grown",
            Self::Empty => "empty",
        }
    }
}

impl fmt::Display for Finding {
    /// One sentence without a full stop (untrusted parts in it: escape before it reaches a cell).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(damage) => damage.fmt(f),
            Self::Outside { count: 1, example } => write!(f, "one event lies outside the range: {example}"),
            Self::Outside { count, example } => write!(f, "{count} events lie outside the range, such as {example}"),
            Self::NoEvents => f.write_str("none of its lines begins with a timestamp, as exported events do"),
            Self::Headless => {
                f.write_str("its first line begins no event: it belongs to a message that began elsewhere")
            }
            Self::Gap(1) => f.write_str("the object before it is missing: its number is left out"),
            Self::Gap(count) => write!(f, "{count} objects before it are missing: their numbers are left out"),
            Self::Unread(problem) => problem.fmt(f),
            Self::Stranger => f.write_str("no export writes an object of this name: it was not read"),
            Self::Missing { then, now } => write!(f, "when the task ended {then} were there, now {now}"),
            Self::Grown { then, now } => write!(f, "more is there than when the task ended: {now} instead of {then}"),
            Self::Empty => f.write_str("no log object is there"),
        }
    }
}

/// A finding, and on what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The object's key below the task's folder; `None`: the task as a whole.
    pub key: Option<String>,
    /// What.
    pub finding: Finding,
}

/// Sums and findings so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Log objects and their bytes, by the listing: as [`Landed`] counts everywhere.
    pub landed: Landed,
    /// What those that could be read decompress to.
    pub raw: ByteCount,
    /// Their events.
    pub events: Events,
    /// The findings, the first of them: a bounded number is kept.
    pub found: Vec<Found>,
    /// Findings of either weight, those included that are not kept.
    pub wrong: u64,
    /// See `wrong`.
    pub doubts: u64,
    /// The stream that was seen last, and the number its next object has.
    next: Option<(String, u64)>,
}

impl Tally {
    /// Passes by what was listed and no export writes as log data. Write tests and manifests are no news.
    pub fn pass_by(&mut self, object: &Object) {
        if layout::is_log_object(&object.key) {
            layout::count(&mut self.landed, &object.key, object.size.0);
            self.find(Some(&object.key), Finding::Stranger);
        }
    }

    /// Takes in what reading an object has shown, in the order of the listing.
    pub fn take(&mut self, object: &ReadBack, subject: &Subject) {
        let key = Some(object.key.as_str());
        layout::count(&mut self.landed, &object.key, object.size.0);
        if let Some(place) = Place::parse(&object.key).filter(|_| subject.counts_without_gaps()) {
            self.follow(place, key);
        }
        match &object.body {
            Ok(body) => self.look_into(body, key),
            Err(problem) => self.find(key, Finding::Unread(problem.clone())),
        }
    }

    fn look_into(&mut self, body: &Body, key: Option<&str>) {
        self.raw += body.raw;
        self.events.add(&body.events);
        if let Some(damage) = body.damage {
            self.find(key, Finding::Damaged(damage));
        }
        if body.events.count == 0 && body.raw.0 > 0 {
            self.find(key, Finding::NoEvents);
        } else if body.headless {
            self.find(key, Finding::Headless);
        }
        if let Events { outside: count @ 1.., example: Some(example), .. } = body.events {
            self.find(key, Finding::Outside { count, example });
        }
    }

    /// Objects of a stream are numbered from 0 on, and listed in that order.
    fn follow(&mut self, place: Place<'_>, key: Option<&str>) {
        let expected = match &self.next {
            Some((stream, next)) if stream == place.stream => *next,
            Some(_) | None => 0,
        };
        if place.number > expected {
            self.find(key, Finding::Gap(place.number - expected));
        }
        self.next = Some((place.stream.to_owned(), place.number + 1));
    }

    fn find(&mut self, key: Option<&str>, finding: Finding) {
        match finding.weight() {
            Weight::Wrong => self.wrong += 1,
            Weight::Doubt => self.doubts += 1,
        }
        if self.found.len() < KEPT {
            self.found.push(Found { key: key.map(str::to_owned), finding });
        }
    }

    /// The end of the listing: what the task as a whole comes to. What is wrong stands first.
    #[must_use]
    pub fn end(mut self, subject: &Subject) -> Self {
        let now = self.landed;
        match subject.counted {
            Some(then) if now.objects < then.objects || now.bytes < then.bytes => {
                self.find_first(Finding::Missing { then, now });
            }
            Some(then) if now != then => self.find_first(Finding::Grown { then, now }),
            Some(_) | None => {}
        }
        if now.is_empty() {
            self.find_first(Finding::Empty);
        }
        self.found.sort_by_key(|found| found.finding.weight());
        self
    }

    /// Of the task as a whole: kept whatever else was found.
    fn find_first(&mut self, finding: Finding) {
        self.found.truncate(KEPT - 1);
        self.find(None, finding);
        self.found.rotate_right(1);
    }

    /// Findings that are not kept.
    pub fn beyond(&self) -> u64 {
        (self.wrong + self.doubts).saturating_sub(self.found.len() as u64)
    }

    /// What it comes to.
    pub const fn verdict(&self) -> Verdict {
        if self.wrong > 0 {
            Verdict::Wrong
        } else if self.doubts > 0 {
            Verdict::Doubtful
        } else {
            Verdict::Sound
        }
    }
}

/// What a verification comes to; the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Whatever can be checked is as it should be.
    Sound,
    /// Nothing is wrong, and something could not be shown to be right.
    Doubtful,
    /// Something is wrong.
    Wrong,
}

impl Verdict {
    /// The word for a cell.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Doubtful => "doubtful",
            Self::Wrong => "wrong",
        }
    }

    /// What it means, in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Sound => "whatever can be checked is as it should be",
            Self::Doubtful => "nothing is wrong, and not everything could be shown to be right",
            Self::Wrong => "what lies there is not the whole export, or not only that",
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::engine::{Direct, Engine};
    use crate::domain::names::{RemoteId, TaskId};
    use crate::domain::place::{AccountId, Lane, Region};
    use crate::domain::problem::ProblemKind;
    use crate::domain::state::State;
    use crate::domain::store::Store;
    use crate::domain::time::TimeRange;
    use crate::domain::verify::object::Sha256;
    use std::sync::Arc;
    use std::time::Duration;
    use uuid::Uuid;

    const FROM: Timestamp = Timestamp::from_millis(1_786_298_400_000);

    /// A completed task of one hour.
    pub fn subject(counted: Option<Landed>) -> Subject {
        Subject {
            task: TaskId(Uuid::from_u128(7)),
            lane: Arc::new(Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()))),
            remote: RemoteId("4d2b".to_owned()),
            group: "web".to_owned(),
            engine: Engine::Managed,
            range: TimeRange::new(FROM, FROM.after(Duration::from_hours(1))).unwrap(),
            store: Store::stored("logs-archive").unwrap(),
            folder: "p/4d2b/".to_owned(),
            state: State::Completed,
            accepted: None,
            counted,
        }
    }

    fn body() -> Body {
        let events = Events { count: 3, span: Some((FROM, FROM)), ..Events::default() };
        let (size, raw) = (ByteCount(10), ByteCount(90));
        Body { size, sha256: Sha256([0; 32]), raw, events, headless: false, damage: None }
    }

    fn object(key: &str, body: Body) -> ReadBack {
        ReadBack { key: key.to_owned(), size: ByteCount(10), body: Ok(body) }
    }

    fn landed(objects: u64) -> Landed {
        Landed { objects, bytes: ByteCount(objects * 10) }
    }

    /// What stands out in these objects, the weightiest first.
    fn found(objects: &[ReadBack], counted: Option<Landed>) -> Vec<(Option<String>, &'static str)> {
        let mut tally = Tally::default();
        for object in objects {
            tally.take(object, &subject(None));
        }
        let tally = tally.end(&subject(counted));
        tally.found.into_iter().map(|found| (found.key, found.finding.code())).collect()
    }

    fn whole(keys: &[&str]) -> Vec<ReadBack> {
        keys.iter().map(|key| object(key, body())).collect()
    }

    #[test]
    fn objects_as_an_export_leaves_them_are_sound() {
        let objects = whole(&["a-b/000000.gz", "a-b/000001.gz", "a/000000.gz"]);
        assert_eq!(found(&objects, Some(landed(3))), []);
        let mut tally = Tally::default();
        for object in &objects {
            tally.take(object, &subject(None));
        }
        tally.pass_by(&Object { key: "manifest.json".to_owned(), size: ByteCount(99), ..Object::default() });
        tally.pass_by(&Object { key: "aws-logs-write-test".to_owned(), size: ByteCount(27), ..Object::default() });
        let tally = tally.end(&subject(None));
        assert_eq!((tally.landed, tally.raw, tally.events.count), (landed(3), ByteCount(270), 9));
        assert_eq!(tally.verdict(), Verdict::Sound);
    }

    #[test]
    fn a_number_that_is_left_out_is_an_object_that_is_missing() {
        let objects = whole(&["a/000001.gz", "b/000000.gz", "b/000003.gz", "c/000000.gz"]);
        let gap = |key: &str| (Some(key.to_owned()), "gap");
        assert_eq!(found(&objects, None), [gap("a/000001.gz"), gap("b/000003.gz")]);
        let direct = Subject { engine: Engine::Direct(Direct::default()), ..subject(None) };
        let mut tally = Tally::default();
        for object in &objects {
            tally.take(object, &direct);
        }
        assert_eq!(tally.end(&direct).verdict(), Verdict::Sound, "it may have given numbers back");
        assert_eq!(Finding::Gap(2).to_string(), "2 objects before it are missing: their numbers are left out");
    }

    #[test]
    fn what_the_ledger_counted_is_compared() {
        let objects = whole(&["a/000000.gz"]);
        assert_eq!(found(&objects, Some(landed(2))), [(None, "missing")]);
        assert_eq!(found(&objects, Some(Landed { bytes: ByteCount(11), ..landed(1) })), [(None, "missing")]);
        assert_eq!(found(&objects, Some(Landed { bytes: ByteCount(9), ..landed(1) })), [(None, "grown")]);
        assert_eq!(found(&[], Some(landed(0))), [(None, "empty")]);
        assert_eq!(found(&[], Some(landed(1))), [(None, "missing"), (None, "empty")]);
    }

    #[test]
    fn what_is_wrong_stands_before_what_is_doubtful() {
        let unread = ReadBack {
            body: Err(Problem::new(ProblemKind::AccessDenied, "GetObject")),
            ..object("a/000000.gz", body())
        };
        let outside = Events { outside: 2, example: Some(FROM), ..body().events };
        let objects = [
            unread,
            object("a/000001.gz", Body { headless: true, ..body() }),
            object("a/000002.gz", Body { events: Events::default(), headless: true, ..body() }),
            object("a/000003.gz", Body { events: outside, damage: Some(Damage::CutOff), ..body() }),
            object("a/000004.gz", Body { raw: ByteCount(0), events: Events::default(), ..body() }),
        ];
        let codes: Vec<_> = found(&objects, None).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, ["no_events", "damaged", "outside_range", "unread", "headless"]);
    }

    #[test]
    fn findings_take_bounded_memory_and_are_all_counted() {
        let mut tally = Tally::default();
        for number in 0..KEPT + 50 {
            let spoilt = object(&format!("a/{number:06}.gz"), Body { damage: Some(Damage::Corrupt), ..body() });
            tally.take(&spoilt, &subject(None));
        }
        let tally = tally.end(&subject(Some(landed(1000))));
        assert_eq!((tally.found.len(), tally.wrong), (KEPT, KEPT as u64 + 51));
        assert_eq!((tally.beyond(), tally.found[0].finding.code()), (51, "missing"));
    }
}
