//! Objects of units of many streams: one a stream, gathered side by side and shipped together.
//!
//! A page of FilterLogEvents holds a little of many streams. Nothing of it may count as written before all of it is, or a
//! crash would bring some of it a second time: so all objects are shipped at once, and what was read counts when the last of
//! them has arrived. They are shipped when memory runs out, and at the end. Meanwhile the next ones are gathered.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::gather::{Gathered, pack_all};
use super::pack::Packer;
use super::room::Room;
use super::sink::Sink;
use crate::domain::direct::checkpoint::{Durable, Parcel, Written};
use crate::domain::direct::line::Scribe;
use crate::domain::direct::page::Page;
use crate::domain::direct::progress::Step;
use crate::domain::direct::unit::StreamName;
use crate::domain::problem::Problem;

/// Bytes of lines that wait to be packed: half are packed then, those of the largest objects first. The longer lines
/// wait, the larger are the members they make, and the smaller the objects.
const MOST_LINES: usize = 12 * 1024 * 1024;

/// Bytes of members that wait to be shipped.
const MOST_PACKED: usize = 16 * 1024 * 1024;

/// What a stream costs beside its bytes: its name, places in tables, allocations.
const OVERHEAD: usize = 512;

/// Objects of a shipment that are on their way at once.
const SIDE_BY_SIDE: usize = 32;

/// What is being gathered.
#[derive(Debug, Default)]
pub(super) struct Shared {
    objects: HashMap<StreamName, Gathered>,
    steps: Vec<Step>,
    lines: usize,
    packed: usize,
}

/// What is on its way.
#[derive(Debug)]
pub(super) struct Shipment {
    objects: Vec<Gathered>,
}

impl Shared {
    /// Takes a page in, and the step that is true once it is durable.
    pub fn add(
        &mut self,
        page: &Page,
        step: Step,
        scribe: &mut Scribe,
        sink: &Sink,
        durable: &mut Durable,
    ) -> Result<(), Problem> {
        for batch in page.batches() {
            let stream = batch.stream();
            let object = if let Some(object) = self.objects.get_mut(stream) {
                object
            } else {
                let begun = Gathered::begin(stream.as_str(), sink, durable)?;
                self.objects.entry(stream.clone()).or_insert(begun)
            };
            self.lines += object.add(batch, scribe);
        }
        self.steps.push(step);
        Ok(())
    }

    /// Packs what waits longest to be worth it, should too much wait.
    pub async fn relieve(&mut self, packer: &Packer) -> Result<(), Problem> {
        if self.lines < MOST_LINES {
            return Ok(());
        }
        let mut largest: Vec<&mut Gathered> = self.objects.values_mut().collect();
        largest.sort_unstable_by_key(|object| std::cmp::Reverse(object.lines.len()));
        let mut chosen = Vec::new();
        let mut bytes = 0;
        for object in largest {
            if bytes >= MOST_LINES / 2 {
                break;
            }
            bytes += object.lines.len();
            self.packed -= object.packed.len();
            chosen.push(object);
        }
        self.lines -= bytes;
        pack_all(chosen.iter_mut().map(|object| &mut **object), packer).await?;
        self.packed += chosen.iter().map(|object| object.packed.len()).sum::<usize>();
        Ok(())
    }

    /// Bytes of lines that wait to be packed.
    pub const fn lines(&self) -> usize {
        self.lines
    }

    /// Whether it is time to ship.
    pub fn is_full(&self) -> bool {
        self.packed + self.objects.len() * OVERHEAD >= MOST_PACKED
    }

    /// Whether only steps wait here.
    pub fn has_no_events(&self) -> bool {
        self.objects.is_empty()
    }

    /// Everything that was gathered, and what it makes true.
    pub fn detach(&mut self) -> (Parcel, Shipment) {
        let gathered = mem::take(self);
        let objects: Vec<Gathered> = gathered.objects.into_values().collect();
        let mut written = Written::default();
        for object in &objects {
            written += object.written;
        }
        let slots = objects.iter().map(|object| object.slot).collect();
        (Parcel { slots, steps: gathered.steps, written }, Shipment { objects })
    }
}

impl Shipment {
    /// Packs what is not packed and writes all objects; answers how many bytes they have.
    pub async fn deliver(mut self, sink: Arc<Sink>, packer: Packer, room: Room) -> Result<u64, Problem> {
        pack_all(self.objects.iter_mut(), &packer).await?;
        let put = |object: Gathered| {
            let (sink, room) = (Arc::clone(&sink), room.clone());
            async move {
                let bytes = object.packed.len();
                sink.put(&object.place, object.packed.into()).await?;
                room.count(bytes);
                Ok::<_, Problem>(bytes as u64)
            }
        };
        let arrivals = stream::iter(self.objects).map(put).buffer_unordered(SIDE_BY_SIDE);
        arrivals.try_fold(0, async |sum, bytes| Ok(sum + bytes)).await
    }
}
