//! What was gathered for one object and is not on its way yet.

use super::pack::Packer;
use super::sink::{Place, Sink};
use crate::domain::direct::checkpoint::{Durable, Written};
use crate::domain::direct::line::Scribe;
use crate::domain::direct::numbering::Slot;
use crate::domain::direct::page::Batch;
use crate::domain::problem::Problem;

/// An object that is being gathered. It has its number from the first event on.
#[derive(Debug)]
pub(super) struct Gathered {
    pub slot: Slot,
    pub place: Place,
    /// Lines that are not packed yet.
    pub lines: Vec<u8>,
    /// Members in their order.
    pub packed: Vec<u8>,
    /// All that was gathered.
    pub written: Written,
}

impl Gathered {
    /// Begins an object of `stream`.
    pub fn begin(stream: &str, sink: &Sink, durable: &mut Durable) -> Result<Self, Problem> {
        let slot = durable.take(&sink.folder(stream));
        let place = sink.place(stream, slot)?;
        Ok(Self { slot, place, lines: Vec::new(), packed: Vec::new(), written: Written::default() })
    }

    /// Takes events in; answers how many bytes their lines have.
    pub fn add(&mut self, batch: Batch<'_>, scribe: &mut Scribe) -> usize {
        let before = self.lines.len();
        scribe.write(batch, &mut self.lines);
        let bytes = self.lines.len() - before;
        self.written += Written { events: batch.len() as u64, raw: bytes as u64, packed: 0 };
        bytes
    }
}

/// Packs the lines of several objects, in as few jobs as have at least a member's worth of bytes: what one object has
/// may be a line or two.
pub(super) async fn pack_all<'a>(
    objects: impl Iterator<Item = &'a mut Gathered>,
    packer: &Packer,
) -> Result<(), Problem> {
    let mut jobs = Vec::new();
    let mut some = Vec::new();
    let mut bytes = 0;
    for object in objects.filter(|object| !object.lines.is_empty()) {
        bytes += object.lines.len();
        some.push(object);
        if bytes >= super::pack::MEMBER {
            jobs.push(pack_some(std::mem::take(&mut some), packer).await);
            bytes = 0;
        }
    }
    jobs.push(pack_some(some, packer).await);
    for (objects, job) in jobs {
        for (object, member) in objects.into_iter().zip(super::pack::packed(job).await?) {
            object.packed.extend_from_slice(&member);
        }
    }
    Ok(())
}

async fn pack_some<'a>(
    mut objects: Vec<&'a mut Gathered>,
    packer: &Packer,
) -> (Vec<&'a mut Gathered>, tokio::task::JoinHandle<Vec<Vec<u8>>>) {
    let texts = objects.iter_mut().map(|object| std::mem::take(&mut object.lines)).collect();
    (objects, packer.pack(texts).await)
}
