//! What was gathered for one object of a unit of one stream and is not on its way yet.

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
