//! Objects of units of many streams: one a stream, gathered side by side and shipped together.
//!
//! A page of FilterLogEvents holds a little of many streams. Nothing of it may count as written before all of it is, or a
//! crash would bring some of it a second time: so all objects are shipped at once, and what was read counts when the last of
//! them has arrived. They are shipped when memory runs out, and at the end. Meanwhile the next ones are gathered, in the
//! memory that the shipment leaves bit by bit.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::vec;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use libdeflater::{Compressor, DecompressionError, Decompressor};
use tokio::sync::watch;

use super::layer::{Layer, Lines};
use super::pack::{MEMBER, Packer, member, packed};
use super::room::Room;
use super::sink::{Place, Sink};
use crate::domain::direct::checkpoint::{Durable, Parcel, Written};
use crate::domain::direct::line::Scribe;
use crate::domain::direct::numbering::Slot;
use crate::domain::direct::page::Page;
use crate::domain::direct::progress::Step;
use crate::domain::direct::unit::StreamName;
use crate::domain::problem::{Problem, ProblemKind};

/// Bytes of lines that wait to become a layer: enough that those of one object lie together.
const MOST_LINES: usize = 8 * 1024 * 1024;

/// Bytes of layers, those of the shipment on its way included, and of what objects cost besides. The more wait, the fewer
/// and larger are the objects.
const MOST_HELD: usize = 32 * 1024 * 1024;

/// What a stream costs beside its bytes: its name, places in tables, allocations.
const OVERHEAD: usize = 512;

/// Objects of a shipment that are on their way at once.
const SIDE_BY_SIDE: usize = 32;

/// Bytes of lines of a shipment that are packed into objects at once, before those go on their way.
const BATCH: usize = 1024 * 1024;

/// What is being gathered.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// The places of streams' objects in `objects`.
    places: HashMap<StreamName, u32>,
    objects: Vec<Object>,
    lines: Lines,
    layers: Vec<Layer>,
    written: Written,
    steps: Vec<Step>,
    /// Bytes of layers.
    layered: usize,
    /// Bytes that the shipment on its way still holds.
    on_its_way: Option<watch::Receiver<usize>>,
}

/// An object that is being gathered. It has its number from the first event on.
#[derive(Debug)]
struct Object {
    slot: Slot,
    place: Place,
}

/// What is on its way.
#[derive(Debug)]
pub(super) struct Shipment {
    /// Those that are not packed yet, and the number of the first of them.
    objects: vec::IntoIter<Object>,
    next: u32,
    layers: Vec<Layer>,
    held: watch::Sender<usize>,
}

impl Shared {
    /// Takes a page in, and the step that is true once it is durable; answers how many bytes its lines have.
    pub fn add(
        &mut self,
        page: &Page,
        step: Step,
        scribe: &mut Scribe,
        sink: &Sink,
        durable: &mut Durable,
    ) -> Result<usize, Problem> {
        let before = self.lines.bytes();
        for batch in page.batches() {
            let number = self.number(batch.stream(), sink, durable)?;
            self.lines.add(number, batch, scribe);
        }
        let raw = self.lines.bytes() - before;
        self.written += Written { events: page.len() as u64, raw: raw as u64, packed: 0 };
        self.steps.push(step);
        Ok(raw)
    }

    /// The number of a stream's object, which is begun if there is none.
    fn number(&mut self, stream: &StreamName, sink: &Sink, durable: &mut Durable) -> Result<u32, Problem> {
        if let Some(number) = self.places.get(stream) {
            return Ok(*number);
        }
        let slot = durable.take(&sink.folder(stream.as_str()));
        let place = sink.place(stream.as_str(), slot)?;
        let number = u32::try_from(self.objects.len()).unwrap_or(u32::MAX);
        self.objects.push(Object { slot, place });
        self.places.insert(stream.clone(), number);
        Ok(number)
    }

    /// Packs the lines that wait, should too many.
    pub async fn relieve(&mut self, packer: &Packer) -> Result<(), Problem> {
        if self.lines.bytes() >= MOST_LINES { self.pack(packer).await } else { Ok(()) }
    }

    async fn pack(&mut self, packer: &Packer) -> Result<(), Problem> {
        let layer = self.lines.packed(packer).await?;
        self.layered += layer.held();
        self.layers.push(layer);
        Ok(())
    }

    /// Whether there is no memory for more.
    pub fn is_full(&self) -> bool {
        let on_its_way = self.on_its_way.as_ref().map_or(0, |held| *held.borrow());
        self.layered + self.objects.len() * OVERHEAD + on_its_way >= MOST_HELD
    }

    /// Waits until the shipment on its way holds less.
    pub async fn relief(&mut self) {
        if let Some(held) = &mut self.on_its_way
            && held.changed().await.is_ok()
        {
            return;
        }
        // It has arrived: whoever waits for that learns of it otherwise.
        std::future::pending::<()>().await;
    }

    /// Whether only steps wait here.
    pub const fn has_no_events(&self) -> bool {
        self.objects.is_empty()
    }

    /// Everything that was gathered, and what it makes true.
    pub async fn detach(&mut self, packer: &Packer) -> Result<(Parcel, Shipment), Problem> {
        if !self.has_no_events() {
            self.pack(packer).await?;
        }
        self.places.clear();
        self.layered = 0;
        let (objects, layers) = (mem::take(&mut self.objects), mem::take(&mut self.layers));
        let slots: Vec<Slot> = objects.iter().map(|object| object.slot).collect();
        let (held, receiver) = watch::channel(0);
        if !slots.is_empty() {
            self.on_its_way = Some(receiver);
        }
        let shipment = Shipment { objects: objects.into_iter(), next: 0, layers, held };
        shipment.tell();
        Ok((Parcel { slots, steps: mem::take(&mut self.steps), written: mem::take(&mut self.written) }, shipment))
    }
}

impl Shipment {
    /// Packs the objects and writes them; answers how many bytes they have.
    pub async fn deliver(self, sink: Arc<Sink>, packer: Packer, room: Room) -> Result<u64, Problem> {
        let batches = stream::try_unfold(self, |shipment| shipment.advance(packer.clone()));
        let objects = batches.map_ok(|batch| stream::iter(batch).map(Ok)).try_flatten();
        let put = |(place, packed): (Place, Vec<u8>)| {
            let (sink, room) = (Arc::clone(&sink), room.clone());
            async move {
                let bytes = packed.len();
                sink.put(&place, packed.into()).await?;
                room.count(bytes);
                Ok::<_, Problem>(bytes as u64)
            }
        };
        let arrivals = objects.map_ok(put).try_buffer_unordered(SIDE_BY_SIDE);
        arrivals.try_fold(0, async |sum, bytes| Ok(sum + bytes)).await
    }

    /// Packs the next objects, where that may block.
    async fn advance(mut self, packer: Packer) -> Result<Option<(Vec<(Place, Vec<u8>)>, Self)>, Problem> {
        if self.objects.as_slice().is_empty() {
            self.held.send_replace(0);
            return Ok(None);
        }
        let job = packer.with(move |compressor| (self.pack(compressor), self)).await;
        let (batch, shipment) = packed(job).await?;
        shipment.tell();
        let batch = batch.map_err(|error| {
            Problem::new(ProblemKind::Unknown, "Unpack").saying(format!("lines in memory cannot be unpacked: {error}"))
        })?;
        Ok(Some((batch, shipment)))
    }

    fn pack(&mut self, compressor: &mut Compressor) -> Result<Vec<(Place, Vec<u8>)>, DecompressionError> {
        let (mut batch, mut bytes, mut unpacker) = (Vec::new(), 0, Decompressor::new());
        let mut lines = Vec::new();
        while bytes < BATCH
            && let Some(object) = self.objects.next()
        {
            let mut packed = Vec::new();
            for layer in &mut self.layers {
                layer.take(self.next, &mut unpacker, |text| {
                    bytes += text.len();
                    lines.extend_from_slice(text);
                    if lines.len() >= MEMBER {
                        packed.append(&mut member(compressor, &lines));
                        lines.clear();
                    }
                })?;
            }
            if !lines.is_empty() {
                packed.append(&mut member(compressor, &lines));
                lines.clear();
            }
            self.next += 1;
            batch.push((object.place, packed));
        }
        Ok(batch)
    }

    /// Says how much memory it still holds.
    fn tell(&self) {
        let layers: usize = self.layers.iter().map(Layer::held).sum();
        self.held.send_replace(layers + self.objects.as_slice().len() * OVERHEAD);
    }
}
