//! What is durable so far, in one value: saved while a task runs, and handed back to go on where a dead run stopped.
//!
//! Objects are put in parcels. A parcel's steps of reading may be applied once all of its objects are durable, and all
//! parcels before it in its chain: [`Durable`] keeps that order, whatever order the uploads end in. What a checkpoint
//! says was written is then exactly what will not be read again; all else in the task's folder is left over from a
//! dead run and no part of the export.

use std::collections::{HashMap, VecDeque};
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::super::amount::{ByteCount, Landed};
use super::numbering::{Numbers, Slot};
use super::progress::{Progress, Step};
use super::unit::UnitId;

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Log events.
    pub events: u64,
    /// Bytes of their lines.
    pub raw: u64,
    /// Bytes of the objects they lie in.
    pub packed: u64,
}

impl AddAssign for Written {
    fn add_assign(&mut self, other: Self) {
        self.events = self.events.saturating_add(other.events);
        self.raw = self.raw.saturating_add(other.raw);
        self.packed = self.packed.saturating_add(other.packed);
    }
}

/// A task's durable state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Where reading goes on.
    pub progress: Progress,
    /// Which objects are part of the export for good.
    pub numbers: Numbers,
    /// What they hold.
    pub written: Written,
}

impl Checkpoint {
    /// The objects that are part of the export, and their bytes.
    pub fn landed(&self) -> Landed {
        Landed { objects: self.numbers.settled(), bytes: ByteCount(self.written.packed) }
    }
}

/// Parcels of one chain are applied in the order in which they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chain {
    /// A unit of one stream: its objects hold nothing of others.
    Unit(UnitId),
    /// All units of many streams, whose objects may hold something of each.
    Shared,
}

/// A parcel on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParcelId {
    chain: Chain,
    number: u64,
}

/// Objects that belong together, and what is true once all of them are durable.
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    /// The objects.
    pub slots: Vec<Slot>,
    /// How far reading has come then.
    pub steps: Vec<Step>,
    /// What the objects hold, as far as it is known when they are sent.
    pub written: Written,
}

/// A parcel that waits for its objects, or for the parcels before it.
#[derive(Debug)]
struct Waiting {
    number: u64,
    landed: bool,
    parcel: Parcel,
}

/// The checkpoint, and what is on its way to become part of it.
#[derive(Debug, Default)]
pub struct Durable {
    checkpoint: Checkpoint,
    chains: HashMap<Chain, VecDeque<Waiting>>,
    sent: u64,
}

impl Durable {
    /// Goes on from `checkpoint`.
    pub fn from(checkpoint: Checkpoint) -> Self {
        Self { checkpoint, ..Self::default() }
    }

    /// What is durable.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Takes the next number of `folder`.
    pub fn take(&mut self, folder: &str) -> Slot {
        self.checkpoint.numbers.take(folder)
    }

    /// A step before which nothing needs to be durable: its unit is begun.
    pub fn apply(&mut self, step: Step) {
        self.checkpoint.progress.apply(step);
    }

    /// A parcel is sent: [`Self::landed`] is to follow. One without objects only waits for those before it.
    pub fn send(&mut self, chain: Chain, parcel: Parcel) -> ParcelId {
        self.sent += 1;
        let waiting = Waiting { number: self.sent, landed: parcel.slots.is_empty(), parcel };
        self.chains.entry(chain).or_default().push_back(waiting);
        self.advance(chain);
        ParcelId { chain, number: self.sent }
    }

    /// All objects of a parcel are durable, of so many bytes together.
    pub fn landed(&mut self, id: ParcelId, packed: u64) {
        let found =
            self.chains.get_mut(&id.chain).and_then(|queue| queue.iter_mut().find(|one| one.number == id.number));
        if let Some(waiting) = found {
            waiting.landed = true;
            waiting.parcel.written.packed += packed;
            self.advance(id.chain);
        }
    }

    /// Whether anything of a chain is on its way.
    pub fn is_on_its_way(&self, chain: Chain) -> bool {
        self.chains.contains_key(&chain)
    }

    /// What is durable, once nothing more is sent.
    pub fn into_checkpoint(self) -> Checkpoint {
        self.checkpoint
    }

    fn advance(&mut self, chain: Chain) {
        let Some(queue) = self.chains.get_mut(&chain) else { return };
        while let Some(done) = queue.pop_front_if(|first| first.landed) {
            done.parcel.slots.into_iter().for_each(|slot| self.checkpoint.numbers.settle(slot));
            done.parcel.steps.into_iter().for_each(|step| self.checkpoint.progress.apply(step));
            self.checkpoint.written += done.parcel.written;
        }
        if queue.is_empty() {
            self.chains.remove(&chain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mark::Mark;
    use super::super::progress::Cursor;
    use super::super::unit::{Streams, Unit};
    use super::*;
    use crate::domain::time::Timestamp;
    use proptest::prelude::*;

    fn began(id: u64) -> Step {
        let unit = Unit { streams: Streams::All, from: 0, until: 1 };
        Step::Began { id: UnitId(id), unit, cursor: Cursor::default(), young: false }
    }

    fn reached(id: u64, at: i64) -> Step {
        let mut mark = Mark::default();
        mark.last = Some(Timestamp::from_millis(at));
        Step::Reached { id: UnitId(id), mark }
    }

    fn written(events: u64) -> Written {
        Written { events, raw: events * 10, packed: 0 }
    }

    #[test]
    fn a_parcel_waits_for_those_before_it() {
        let mut durable = Durable::default();
        let slots = [durable.take("a"), durable.take("b"), durable.take("a")];
        let mut send = |slots: &[Slot], events| {
            durable.send(Chain::Shared, Parcel { slots: slots.to_vec(), steps: Vec::new(), written: written(events) })
        };
        let (first, second) = (send(&slots[..2], 3), send(&slots[2..], 5));
        durable.landed(second, 50);
        assert_eq!(durable.checkpoint().written, Written::default());
        assert!(!durable.checkpoint().numbers.is_settled("a", "000001.gz"));
        durable.landed(first, 30);
        assert_eq!(durable.checkpoint().written, Written { events: 8, raw: 80, packed: 80 });
        assert_eq!(durable.checkpoint().landed().objects, 3);
        assert!(!durable.is_on_its_way(Chain::Shared));
    }

    #[test]
    fn chains_do_not_wait_for_each_other_and_a_parcel_without_objects_waits_for_its_own() {
        let mut durable = Durable::default();
        (1..=2).for_each(|id| durable.apply(began(id)));
        let slot = durable.take("a");
        let one = Chain::Unit(UnitId(1));
        let parcel = durable.send(one, Parcel { slots: vec![slot], ..Parcel::default() });
        durable.send(one, Parcel { steps: vec![reached(1, 7)], ..Parcel::default() });
        durable.send(Chain::Unit(UnitId(2)), Parcel { steps: vec![reached(2, 9)], ..Parcel::default() });
        let mut expected = Progress::default();
        for step in [began(1), began(2), reached(2, 9)] {
            expected.apply(step);
        }
        assert_eq!(durable.checkpoint().progress, expected);
        durable.landed(parcel, 1);
        expected.apply(reached(1, 7));
        assert_eq!(durable.checkpoint().progress, expected);
    }

    proptest! {
        /// Parcels of two units and of shared ones land in any order; at every moment what counts as written is exactly
        /// what lies before the first of each chain that has not landed.
        #[test]
        fn a_checkpoint_never_counts_what_would_be_read_again(
            parcels in prop::collection::vec((0_u64..3, 1_usize..4), 1..20),
            order in prop::collection::vec(any::<prop::sample::Index>(), 20),
        ) {
            let mut durable = Durable::default();
            let mut flying = Vec::new();
            let mut sent: HashMap<u64, Vec<(usize, ParcelId)>> = HashMap::new();
            for (chain, objects) in parcels {
                let slots = (0..objects).map(|_| durable.take("f")).collect();
                let key = if chain == 0 { Chain::Shared } else { Chain::Unit(UnitId(chain)) };
                let id = durable.send(key, Parcel { slots, steps: Vec::new(), written: written(1) });
                flying.push(id);
                sent.entry(chain).or_default().push((objects, id));
            }
            for next in order {
                let landed: Vec<usize> = sent
                    .values()
                    .flat_map(|chain| chain.iter().take_while(|(_, id)| !flying.contains(id)))
                    .map(|(objects, _)| *objects)
                    .collect();
                prop_assert_eq!(durable.checkpoint().written.events, landed.len() as u64);
                prop_assert_eq!(durable.checkpoint().numbers.settled(), landed.iter().sum::<usize>() as u64);
                if flying.is_empty() {
                    break;
                }
                let id = flying.swap_remove(next.index(flying.len()));
                durable.landed(id, 1);
            }
        }
    }
}
