//! The writer: takes deliveries, decides what becomes an object when, and keeps the checkpoint.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};

use super::gather::Gathered;
use super::pack::Packer;
use super::room::Room;
use super::shared::Shared;
use super::sink::Sink;
use super::upload::Upload;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::direct::checkpoint::{Chain, Checkpoint, Durable, Parcel, ParcelId, Written};
use crate::domain::direct::line::{Format, Scribe};
use crate::domain::direct::page::Page;
use crate::domain::direct::parts::largest_object;
use crate::domain::direct::progress::{Delivery, Progress, Step};
use crate::domain::direct::unit::{Streams, UnitId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::direct::lately::Lately;

/// What units of one stream may hold in memory together, before the fullest of them has to close its object.
const MOST_ALONE: usize = 40 * 1024 * 1024;

/// Between two checkpoints, at least.
const SAVE: Duration = Duration::from_secs(1);

/// An object is followed by another once its lines have so many bytes.
pub const ROLL_OVER: ByteCount = ByteCount(512 * 1024 * 1024);

/// What is written, and where.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The log group, as JSON objects name it.
    pub group: String,
    /// How events are written.
    pub format: Format,
    /// After how many bytes of lines an object of a stream is followed by another; [`ROLL_OVER`] if nobody asked for
    /// another. Bounded by what an upload can hold.
    pub roll_over: ByteCount,
    /// Where to.
    pub sink: Sink,
}

/// How far writing has come. Counters, from the start of this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What was taken from the reader.
    pub taken: Written,
    /// Bytes that have arrived at the sink, those of unfinished objects included.
    pub arrived: ByteCount,
    /// What is durable, that of earlier runs included.
    pub durable: Written,
    /// Objects that are part of the export for good, those of earlier runs included.
    pub landed: Landed,
}

/// Writes one task's deliveries. See the module's head for its way of working.
#[derive(Debug)]
pub struct Writer {
    sink: Arc<Sink>,
    roll_over: u64,
    scribe: Scribe,
    packer: Packer,
    room: Room,
    durable: Durable,
    chains: HashMap<UnitId, Chain>,
    alone: HashMap<UnitId, Upload>,
    shared: Shared,
    flying: JoinSet<Result<Arrival, Problem>>,
    tally: watch::Sender<Tally>,
    save: mpsc::Sender<Checkpoint>,
    saved: Option<Instant>,
    is_resumed: bool,
}

/// Objects of a parcel that have arrived.
#[derive(Debug)]
struct Arrival {
    parcel: ParcelId,
    bytes: u64,
}

impl Writer {
    /// A writer that goes on from `resume`, if there is one, after removing what a dead run left that is not in it. Without
    /// one nothing is looked for: hand in an empty one when the same folder may have been written to.
    ///
    /// Checkpoints go to `save` from time to time, never faster than they are taken. Whoever saves the last one taken and
    /// hands it in again loses nothing and writes nothing twice, however this run ends.
    pub async fn begin(
        plan: Plan,
        resume: Option<Checkpoint>,
        save: mpsc::Sender<Checkpoint>,
    ) -> Result<Self, Problem> {
        if let Some(checkpoint) = &resume {
            plan.sink.clear(&checkpoint.numbers).await?;
        }
        let is_resumed = resume.is_some();
        let checkpoint = resume.unwrap_or_default();
        Ok(Self {
            sink: Arc::new(plan.sink),
            roll_over: plan.roll_over.0.clamp(1, largest_object()),
            scribe: Scribe::new(plan.format, &plan.group),
            packer: Packer::new(),
            room: Room::new(),
            chains: open_chains(&checkpoint.progress),
            durable: Durable::from(checkpoint),
            alone: HashMap::new(),
            shared: Shared::default(),
            flying: JoinSet::new(),
            tally: watch::Sender::default(),
            save,
            saved: None,
            is_resumed,
        })
    }

    /// How far it has come, at any time.
    pub fn tally(&self) -> watch::Receiver<Tally> {
        self.tally.subscribe()
    }

    /// Waits for uploads: while there are any, they hold everything up.
    pub fn uploads(&self) -> Arc<Lately> {
        self.room.waits()
    }

    /// Writes until the deliveries end, and answers the last checkpoint: everything that was delivered is durable then.
    /// When it fails, or is dropped, what was not finished is given up by [`Sink::give_up`].
    pub async fn run(mut self, mut deliveries: mpsc::Receiver<Delivery>) -> Result<Checkpoint, Problem> {
        loop {
            tokio::select! {
                Some(arrival) = self.flying.join_next() => self.land(arrival)?,
                delivery = deliveries.recv() => match delivery {
                    Some(delivery) => self.take(delivery).await?,
                    None => break,
                },
            }
            self.tell();
        }
        self.finish().await
    }

    async fn take(&mut self, Delivery { page, step }: Delivery) -> Result<(), Problem> {
        let (unit, ends) = match &step {
            // These only share out what is not read yet: nothing needs to be durable before them.
            Step::Started(_) | Step::Began { .. } | Step::Split { .. } | Step::Cut { .. } => {
                self.begin_chain(&step);
                self.durable.apply(step);
                return Ok(());
            }
            Step::Reached { id, .. } => (*id, false),
            Step::Ended { id } => (*id, true),
        };
        let chain = self.chains.get(&unit).copied().unwrap_or(Chain::Shared);
        if ends {
            self.chains.remove(&unit);
        }
        match chain {
            Chain::Unit(unit) => self.take_alone(unit, &page, step, ends).await,
            Chain::Shared => self.take_shared(&page, step).await,
        }
    }

    /// Notes to which chain a new unit belongs.
    fn begin_chain(&mut self, step: &Step) {
        match step {
            Step::Began { id, unit, .. } => {
                self.chains.insert(*id, chain_of(*id, &unit.streams));
            }
            Step::Split { id, rest, .. } => {
                let chain = match self.chains.get(id) {
                    Some(Chain::Unit(_)) => Chain::Unit(*rest),
                    Some(Chain::Shared) | None => Chain::Shared,
                };
                self.chains.insert(*rest, chain);
            }
            Step::Started(_) | Step::Cut { .. } | Step::Reached { .. } | Step::Ended { .. } => {}
        }
    }

    async fn take_alone(&mut self, unit: UnitId, page: &Page, step: Step, ends: bool) -> Result<(), Problem> {
        for batch in page.batches() {
            let upload = match self.alone.entry(unit) {
                Entry::Occupied(upload) => upload.into_mut(),
                Entry::Vacant(place) => {
                    let gathered = Gathered::begin(batch.stream().as_str(), &self.sink, &mut self.durable)?;
                    place.insert(Upload::of(gathered))
                }
            };
            let raw = upload.gathered.add(batch, &mut self.scribe);
            self.count(batch.len(), raw);
        }
        let Some(upload) = self.alone.get_mut(&unit) else {
            self.durable.send(Chain::Unit(unit), Parcel { steps: vec![step], ..Parcel::default() });
            return Ok(());
        };
        upload.steps.push(step);
        if ends || upload.gathered.written.raw >= self.roll_over || upload.is_full() {
            return self.close(unit).await;
        }
        upload.advance(&self.sink, &self.packer, &self.room).await?;
        self.relieve_alone().await
    }

    /// Closes the fullest object while units of one stream hold too much.
    async fn relieve_alone(&mut self) -> Result<(), Problem> {
        while self.alone.values().map(Upload::held).sum::<usize>() > MOST_ALONE {
            let fullest = self.alone.iter().max_by_key(|(_, upload)| upload.held()).map(|(unit, _)| *unit);
            let Some(fullest) = fullest else { break };
            self.close(fullest).await?;
        }
        Ok(())
    }

    /// Sends what is left of a unit's object. It goes on by itself; the unit's next event begins another.
    async fn close(&mut self, unit: UnitId) -> Result<(), Problem> {
        let Some(mut upload) = self.alone.remove(&unit) else { return Ok(()) };
        let steps = std::mem::take(&mut upload.steps);
        let parcel = Parcel { slots: vec![upload.gathered.slot], steps, written: upload.gathered.written };
        let parcel = self.durable.send(Chain::Unit(unit), parcel);
        let room = self.room.take(upload.held()).await;
        let (sink, packer) = (Arc::clone(&self.sink), self.packer.clone());
        self.flying.spawn(async move { Ok(Arrival { parcel, bytes: upload.finish(&sink, &packer, room).await? }) });
        self.land_what_has_arrived()
    }

    async fn take_shared(&mut self, page: &Page, step: Step) -> Result<(), Problem> {
        let raw = self.shared.add(page, step, &mut self.scribe, &self.sink, &mut self.durable)?;
        self.count(page.len(), raw);
        if self.shared.has_no_events() {
            self.ship().await?;
        }
        self.shared.relieve(&self.packer).await?;
        while self.shared.is_full() {
            if self.durable.is_on_its_way(Chain::Shared) {
                // One shipment at a time: the longer the next one waits, the larger are its objects.
                let waits = self.room.waits();
                waits.during(self.wait_for_shipment()).await?;
            } else {
                self.ship().await?;
            }
        }
        Ok(())
    }

    /// Waits until something has arrived, or what was gathered takes less memory.
    async fn wait_for_shipment(&mut self) -> Result<(), Problem> {
        tokio::select! {
            Some(arrival) = self.flying.join_next() => self.land(arrival),
            () = self.shared.relief() => Ok(()),
        }
    }

    /// Ships what units of many streams have gathered.
    async fn ship(&mut self) -> Result<(), Problem> {
        let (parcel, shipment) = self.shared.detach(&self.packer).await?;
        let objects = parcel.slots.len();
        let parcel = self.durable.send(Chain::Shared, parcel);
        if objects > 0 {
            let (sink, packer, room) = (Arc::clone(&self.sink), self.packer.clone(), self.room.clone());
            self.flying
                .spawn(async move { Ok(Arrival { parcel, bytes: shipment.deliver(sink, packer, room).await? }) });
        }
        Ok(())
    }

    /// Lands what has arrived, without waiting: a failure is not to show only at the end.
    fn land_what_has_arrived(&mut self) -> Result<(), Problem> {
        while let Some(arrival) = self.flying.try_join_next() {
            self.land(arrival)?;
        }
        Ok(())
    }

    fn land(&mut self, arrival: Result<Result<Arrival, Problem>, JoinError>) -> Result<(), Problem> {
        let broke = |error: JoinError| Problem::new(ProblemKind::Unknown, "PutObject").saying(error.to_string());
        let Arrival { parcel, bytes } = arrival.map_err(broke)??;
        self.durable.landed(parcel, bytes);
        if self.saved.is_none_or(|saved| saved.elapsed() >= SAVE)
            && let Ok(place) = self.save.try_reserve()
        {
            place.send(self.durable.checkpoint().clone());
            self.saved = Some(Instant::now());
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<Checkpoint, Problem> {
        let units: Vec<UnitId> = self.alone.keys().copied().collect();
        for unit in units {
            self.close(unit).await?;
        }
        self.ship().await?;
        while let Some(arrival) = self.flying.join_next().await {
            self.land(arrival)?;
            self.tell();
        }
        self.tell();
        let checkpoint = self.durable.into_checkpoint();
        if self.is_resumed {
            look_again(&self.sink, &checkpoint).await?;
        }
        Ok(checkpoint)
    }

    fn count(&self, events: usize, raw: usize) {
        let more = Written { events: events as u64, raw: raw as u64, packed: 0 };
        self.tally.send_modify(|tally| tally.taken += more);
    }

    fn tell(&self) {
        let checkpoint = self.durable.checkpoint();
        self.tally.send_modify(|tally| {
            tally.arrived = ByteCount(self.room.arrived());
            tally.durable = checkpoint.written;
            tally.landed = checkpoint.landed();
        });
    }
}

/// Looks once more at what lies there. A request that a dead run had sent whole may be carried out after it was cleared up
/// behind that run: what it wrote is removed now, and had it replaced an object of ours, the bytes would not add up.
async fn look_again(sink: &Sink, checkpoint: &Checkpoint) -> Result<(), Problem> {
    let (there, wanted) = (sink.clear(&checkpoint.numbers).await?, checkpoint.landed());
    if there == wanted {
        return Ok(());
    }
    let problem = Problem::new(ProblemKind::Unknown, "CountObjects");
    Err(problem.saying(format!("{there} lie there, {wanted} were written: a run that had ended wrote too")))
}

/// The chains of units that an earlier run had open.
fn open_chains(progress: &Progress) -> HashMap<UnitId, Chain> {
    progress.open_units().map(|(id, open)| (id, chain_of(id, &open.unit.streams))).collect()
}

const fn chain_of(id: UnitId, streams: &Streams) -> Chain {
    match streams {
        Streams::One(_) => Chain::Unit(id),
        Streams::All => Chain::Shared,
    }
}
