//! Which numbers a task's objects have: `000000.gz`, `000001.gz` and on, counted for each folder.
//!
//! Streams `a/b` and `a-b` share a folder, and units read side by side may write to one stream: whoever begins an object takes the
//! next number of its folder here, so that nothing is ever overwritten. A number is settled once its object is durable and
//! what it holds will not be read again. All others belong to nobody after a crash: they are given out again, and what a
//! dead run left under them is no part of the export.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A folder by its fingerprint: a group may have a million streams, and their names are not kept. Two folders that share
/// one only share their counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Folder(u64);

impl Folder {
    /// FNV-1a: the same on every machine and in every version, for fingerprints are saved.
    fn of(name: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

/// A number that was given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    folder: Folder,
    number: u32,
}

impl Slot {
    /// The object's name in its folder: `000000.gz`.
    pub fn object(self) -> String {
        format!("{:06}.gz", self.number)
    }
}

/// All numbers of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    next: HashMap<Folder, u32>,
    /// Below `next`, and not settled.
    open: BTreeSet<Slot>,
    /// Those of `open` that were given out by a run that died, or handed back.
    free: BTreeSet<Slot>,
}

impl Numbers {
    /// The lowest number of `folder` that is nobody's.
    pub fn take(&mut self, folder: &str) -> Slot {
        let folder = Folder::of(folder);
        let free = Slot { folder, number: 0 }..=Slot { folder, number: u32::MAX };
        if let Some(slot) = self.free.range(free).next().copied() {
            self.free.remove(&slot);
            return slot;
        }
        let next = self.next.entry(folder).or_default();
        let slot = Slot { folder, number: *next };
        *next += 1;
        self.open.insert(slot);
        slot
    }

    /// The object under this number is durable, and what it holds will not be read again.
    pub fn settle(&mut self, slot: Slot) {
        self.open.remove(&slot);
        self.free.remove(&slot);
    }

    /// Whether the object of this name in `folder` is part of the export for good.
    pub fn is_settled(&self, folder: &str, object: &str) -> bool {
        let folder = Folder::of(folder);
        number_in(object).is_some_and(|number| {
            self.next.get(&folder).is_some_and(|next| number < *next) && !self.open.contains(&Slot { folder, number })
        })
    }

    /// Whether an object of this name in `folder` was written by this engine and is no part of the export.
    pub fn is_left_over(&self, folder: &str, object: &str) -> bool {
        number_in(object).is_some() && !self.is_settled(folder, object)
    }

    /// How many objects are settled.
    pub fn settled(&self) -> u64 {
        let given: u64 = self.next.values().copied().map(u64::from).sum();
        given - self.open.len() as u64
    }
}

/// The number in an object's name, if it has the form [`Slot::object`] gives.
fn number_in(object: &str) -> Option<u32> {
    let digits = object.strip_suffix(".gz")?;
    let number = digits.parse().ok()?;
    (format!("{number:06}") == digits).then_some(number)
}

/// As it is saved: folders by their next number (most have the same few), sixteen digits each; and the open ones.
#[derive(Serialize, Deserialize)]
struct Saved {
    next: BTreeMap<u32, String>,
    open: Vec<(String, u32)>,
}

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut next: BTreeMap<u32, String> = BTreeMap::new();
        for (folder, number) in &self.next {
            next.entry(*number).or_default().push_str(&hex(*folder));
        }
        let open = self.open.iter().map(|slot| (hex(slot.folder), slot.number)).collect();
        Saved { next, open }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        let mut next = HashMap::new();
        for (number, folders) in saved.next {
            for digits in folders.as_bytes().chunks(HEX) {
                next.insert(folder(digits).ok_or_else(|| D::Error::custom("no fingerprint of a folder"))?, number);
            }
        }
        let slot = |(digits, number): (String, u32)| {
            let folder = folder(digits.as_bytes()).ok_or_else(|| D::Error::custom("no fingerprint of a folder"))?;
            Ok(Slot { folder, number })
        };
        let open = saved.open.into_iter().map(slot).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(Self { next, free: open.clone(), open })
    }
}

/// Digits of a fingerprint.
const HEX: usize = 16;

fn hex(folder: Folder) -> String {
    format!("{:016x}", folder.0)
}

fn folder(digits: &[u8]) -> Option<Folder> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == HEX)?;
    u64::from_str_radix(digits, 16).ok().map(Folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn resumed(numbers: &Numbers) -> Numbers {
        serde_json::from_str(&serde_json::to_string(numbers).unwrap()).unwrap()
    }

    #[test]
    fn folders_count_for_themselves() {
        let mut numbers = Numbers::default();
        let names: Vec<_> = ["a-b", "c", "a-b", "a-b"].map(|folder| numbers.take(folder).object()).into();
        assert_eq!(names, ["000000.gz", "000000.gz", "000001.gz", "000002.gz"]);
    }

    #[test]
    fn only_settled_numbers_are_part_of_the_export() {
        let mut numbers = Numbers::default();
        let (first, second) = (numbers.take("a"), numbers.take("a"));
        numbers.settle(second);
        assert!(numbers.is_settled("a", "000001.gz"));
        for (folder, object) in
            [("a", "000000.gz"), ("a", "000002.gz"), ("a", "1.gz"), ("a", "+00001.gz"), ("b", "000001.gz")]
        {
            assert!(!numbers.is_settled(folder, object), "{folder} {object}");
            assert_eq!(numbers.is_left_over(folder, object), object.len() == 9 && !object.starts_with('+'), "{object}");
        }
        assert_eq!(numbers.settled(), 1);
        numbers.settle(first);
        assert_eq!(numbers.settled(), 2);
    }

    #[test]
    fn a_resumed_run_gives_out_what_the_dead_one_had_open() {
        let mut numbers = Numbers::default();
        let slots: Vec<_> = (0..4).map(|_| numbers.take("a")).collect();
        numbers.settle(slots[0]);
        numbers.settle(slots[2]);
        let mut numbers = resumed(&numbers);
        let names: Vec<_> = (0..3).map(|_| numbers.take("a").object()).collect();
        assert_eq!(names, ["000001.gz", "000003.gz", "000004.gz"]);
    }

    #[test]
    fn what_was_saved_by_nobody_is_refused() {
        for text in [
            r#"{"next":{"1":"abc"},"open":[]}"#,
            r#"{"next":{},"open":[["g",1]]}"#,
            r#"{"next":{"1":"é23456789012345"},"open":[]}"#,
        ] {
            assert!(serde_json::from_str::<Numbers>(text).is_err(), "{text}");
        }
    }

    #[derive(Clone, Debug)]
    enum Act {
        Take(u8),
        Settle(prop::sample::Index),
        Crash,
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let act = prop_oneof![
            4 => (0_u8..3).prop_map(Act::Take),
            3 => any::<prop::sample::Index>().prop_map(Act::Settle),
            1 => Just(Act::Crash),
        ];
        prop::collection::vec(act, 0..60)
    }

    proptest! {
        #[test]
        fn no_number_is_given_out_while_another_has_it_or_after_it_was_settled(acts in acts()) {
            let mut numbers = Numbers::default();
            let (mut open, mut settled) = (Vec::<(String, Slot)>::new(), BTreeSet::<(String, String)>::new());
            for act in acts {
                match act {
                    Act::Take(folder) => {
                        let folder = format!("f{folder}");
                        let slot = numbers.take(&folder);
                        prop_assert!(!open.iter().any(|(other, taken)| *other == folder && *taken == slot));
                        prop_assert!(!settled.contains(&(folder.clone(), slot.object())));
                        open.push((folder, slot));
                    }
                    Act::Settle(which) if !open.is_empty() => {
                        let (folder, slot) = open.swap_remove(which.index(open.len()));
                        numbers.settle(slot);
                        settled.insert((folder, slot.object()));
                    }
                    Act::Settle(_) => {}
                    Act::Crash => {
                        numbers = resumed(&numbers);
                        open.clear();
                    }
                }
                prop_assert_eq!(numbers.settled(), settled.len() as u64);
                for (folder, object) in &settled {
                    prop_assert!(numbers.is_settled(folder, object));
                }
                for (folder, slot) in &open {
                    prop_assert!(!numbers.is_settled(folder, &slot.object()));
                }
            }
        }
    }
}
