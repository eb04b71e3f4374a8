//! An object of a unit of one stream: gathered, packed and sent in parts while the stream is still being read.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;
use tokio_util::task::AbortOnDropHandle;

use super::gather::Gathered;
use super::pack::{self, Packer, packed};
use super::room::Room;
use super::sink::{Part, Parts, Sink};
use crate::domain::direct::parts::{LAST_PART, part_size};
use crate::domain::direct::progress::Step;
use crate::domain::problem::{Problem, ProblemKind};

/// Members of one object that may wait for the one before them.
const MOST_BEHIND: usize = 8;

/// Such an object.
#[derive(Debug)]
pub(super) struct Upload {
    pub gathered: Gathered,
    /// How far reading has come with what was gathered.
    pub steps: Vec<Step>,
    /// Members being packed, in their order, and how many bytes of lines wait in them.
    packing: VecDeque<(usize, JoinHandle<Vec<Vec<u8>>>)>,
    sending: Option<Sending>,
}

/// The parts of an object on their way.
#[derive(Debug)]
struct Sending {
    parts: Arc<Parts>,
    done: Vec<Part>,
    flying: VecDeque<AbortOnDropHandle<Result<Part, Problem>>>,
    number: u32,
    size: u64,
}

impl Upload {
    pub fn of(gathered: Gathered) -> Self {
        Self { gathered, steps: Vec::new(), packing: VecDeque::new(), sending: None }
    }

    /// Bytes in memory that wait for something.
    pub fn held(&self) -> usize {
        let packing: usize = self.packing.iter().map(|(bytes, _)| bytes).sum();
        self.gathered.lines.len() + packing + self.gathered.packed.len()
    }

    /// Whether no further part may follow the next.
    pub fn is_full(&self) -> bool {
        self.sending.as_ref().is_some_and(|sending| sending.number + 1 >= LAST_PART)
    }

    /// Moves on what can be moved on: lines to packing, members to the packed ones, those to a part.
    pub async fn advance(&mut self, sink: &Sink, packer: &Packer, room: &Room) -> Result<(), Problem> {
        if self.gathered.lines.len() >= pack::MEMBER {
            self.pack(packer).await;
        }
        // In their order: behind a slow one all others would pile up, did nobody wait for it.
        while let Some((_, job)) = self.next_packed() {
            self.collect(job).await?;
        }
        let next = self.sending.as_ref().map_or(1, |sending| sending.number + 1);
        if self.gathered.packed.len() as u64 >= part_size(next) {
            let part = mem::take(&mut self.gathered.packed);
            self.send(part.into(), sink, room).await?;
        }
        Ok(())
    }

    /// The next member, if it is packed or too many have come after it.
    fn next_packed(&mut self) -> Option<(usize, JoinHandle<Vec<Vec<u8>>>)> {
        let behind = self.packing.len() > MOST_BEHIND;
        self.packing.pop_front_if(|(_, job)| behind || job.is_finished())
    }

    async fn pack(&mut self, packer: &Packer) {
        let lines = mem::take(&mut self.gathered.lines);
        self.packing.push_back((lines.len(), packer.pack(vec![lines]).await));
    }

    async fn collect(&mut self, job: JoinHandle<Vec<Vec<u8>>>) -> Result<(), Problem> {
        for member in packed(job).await? {
            self.gathered.packed.extend_from_slice(&member);
        }
        Ok(())
    }

    /// Sends a part. Waits until there is room for it in memory; answers without waiting for its arrival.
    async fn send(&mut self, part: Bytes, sink: &Sink, room: &Room) -> Result<(), Problem> {
        let place = &self.gathered.place;
        let sending = self.sending.get_or_insert_with(|| Sending {
            parts: Arc::new(sink.parts(place)),
            done: Vec::new(),
            flying: VecDeque::new(),
            number: 0,
            size: 0,
        });
        sending.number += 1;
        let (offset, number) = (sending.size, sending.number);
        sending.size += part.len() as u64;
        let (room, parts) = (room.take(part.len()).await, Arc::clone(&sending.parts));
        sending.flying.push_back(AbortOnDropHandle::new(tokio::spawn(async move {
            let bytes = part.len();
            let part = parts.put(number, offset, part).await;
            if part.is_ok() {
                room.sent(bytes);
            }
            part
        })));
        // What went wrong is told by the next part, not only at the end.
        while let Some(part) = sending.flying.pop_front_if(|part| part.is_finished()) {
            sending.done.push(arrived(part).await?);
        }
        Ok(())
    }

    /// Writes all that is left and makes the object; answers how many bytes it has. `room` holds what is left.
    pub async fn finish(mut self, sink: &Sink, packer: &Packer, room: super::room::Taken) -> Result<u64, Problem> {
        if !self.gathered.lines.is_empty() {
            self.pack(packer).await;
        }
        while let Some((_, job)) = self.packing.pop_front() {
            self.collect(job).await?;
        }
        let rest = Bytes::from(mem::take(&mut self.gathered.packed));
        let bytes = rest.len();
        let Some(mut sending) = self.sending else {
            sink.put(&self.gathered.place, rest).await?;
            room.sent(bytes);
            return Ok(bytes as u64);
        };
        if !rest.is_empty() {
            let part = sending.parts.put(sending.number + 1, sending.size, rest).await?;
            room.sent(bytes);
            sending.size += bytes as u64;
            sending.flying.push_back(AbortOnDropHandle::new(tokio::spawn(async { Ok(part) })));
        }
        drop(room);
        for part in sending.flying {
            sending.done.push(arrived(part).await?);
        }
        sending.parts.complete(sending.done, sending.size).await?;
        Ok(sending.size)
    }
}

async fn arrived(part: AbortOnDropHandle<Result<Part, Problem>>) -> Result<Part, Problem> {
    part.await.map_err(|error| Problem::new(ProblemKind::Unknown, "UploadPart").saying(error.to_string()))?
}
