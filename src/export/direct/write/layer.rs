//! Lines of very many objects in little memory: sorted by object, packed together, and taken out again object by object.
//!
//! What each of some thousand streams has by the time memory runs out is a few lines. Packed alone they are hardly smaller,
//! and shipped then they make as many tiny objects, of which each costs half a millisecond of CPU here and a price at AWS.
//! Side by side they are packed to a quarter, as lines of one stream are, so that several times as many wait in the same
//! memory. It costs one packing and one unpacking more an event, less than a microsecond (`cargo bench --bench direct`).

use std::collections::VecDeque;
use std::mem;

use libdeflater::{DecompressionError, Decompressor};

use super::pack::{MEMBER, Packer, packed};
use crate::domain::direct::line::Scribe;
use crate::domain::direct::page::Batch;
use crate::domain::problem::Problem;

/// So many bytes of lines of one object, which is told by its number. Lines are fewer than 4 GiB: [`Lines::packed`] is called
/// long before.
#[derive(Clone, Copy, Debug)]
struct Piece {
    object: u32,
    bytes: u32,
}

/// Lines as they came, and whose they are.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: Vec<u8>,
    /// Where in the text each begins, in its order.
    pieces: Vec<(usize, Piece)>,
}

/// Lines of one span of reading, by object, and each object's in their order.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pieces: VecDeque<Piece>,
    /// Packed, and how many bytes each has unpacked. A piece may begin in one and end in another.
    blocks: VecDeque<(Vec<u8>, usize)>,
    /// The block that is being taken from, unpacked, and how far.
    open: Vec<u8>,
    at: usize,
}

impl Lines {
    /// Takes events of `object` in; answers how many bytes their lines have.
    pub fn add(&mut self, object: u32, batch: Batch<'_>, scribe: &mut Scribe) -> usize {
        let start = self.text.len();
        scribe.write(batch, &mut self.text);
        let bytes = self.text.len() - start;
        // A page has 64 MiB at most, and one batch of it is added at once.
        self.pieces.push((start, Piece { object, bytes: u32::try_from(bytes).unwrap_or(u32::MAX) }));
        bytes
    }

    /// Bytes of all lines.
    pub const fn bytes(&self) -> usize {
        self.text.len()
    }

    /// All lines by object, packed; none are left here, but the memory for as many.
    pub async fn packed(&mut self, packer: &Packer) -> Result<Layer, Problem> {
        self.pieces.sort_by_key(|(_, piece)| piece.object); // Stable: an object's lines keep their order.
        let mut layer = Layer::default();
        let (mut block, mut jobs) = (Vec::with_capacity(MEMBER), Vec::new());
        for (start, piece) in self.pieces.drain(..) {
            layer.push(piece);
            let mut text = &self.text[start..start + piece.bytes as usize];
            while block.len() + text.len() >= MEMBER {
                let (fits, rest) = text.split_at(MEMBER - block.len());
                block.extend_from_slice(fits);
                text = rest;
                // Waits while others are packed: no more than those are in memory twice.
                jobs.push((MEMBER, packer.pack(vec![mem::replace(&mut block, Vec::with_capacity(MEMBER))]).await));
            }
            block.extend_from_slice(text);
        }
        self.text.clear();
        if !block.is_empty() {
            jobs.push((block.len(), packer.pack(vec![block]).await));
        }
        for (bytes, job) in jobs {
            layer.blocks.extend(packed(job).await?.into_iter().map(|block| (block, bytes)));
        }
        Ok(layer)
    }
}

impl Layer {
    fn push(&mut self, piece: Piece) {
        match self.pieces.back_mut().filter(|last| last.object == piece.object) {
            Some(last) => last.bytes += piece.bytes,
            None => self.pieces.push_back(piece),
        }
    }

    /// Bytes of memory it holds on to.
    pub fn held(&self) -> usize {
        let blocks: usize = self.blocks.iter().map(|(block, _)| block.len()).sum();
        blocks + self.open.len() + self.pieces.len() * size_of::<Piece>()
    }

    /// Hands over the lines of `object`. Objects are asked for in the order of their numbers.
    pub fn take(
        &mut self,
        object: u32,
        unpacker: &mut Decompressor,
        mut hand_over: impl FnMut(&[u8]),
    ) -> Result<(), DecompressionError> {
        if let Some(piece) = self.pieces.pop_front_if(|piece| piece.object == object) {
            let mut bytes = piece.bytes as usize;
            while bytes > 0 {
                if self.at == self.open.len() {
                    self.turn(unpacker)?;
                }
                let end = self.open.len().min(self.at + bytes);
                hand_over(&self.open[self.at..end]);
                bytes -= end - self.at;
                self.at = end;
            }
        }
        Ok(())
    }

    /// Unpacks the next block. That there is none, or that it is shorter than it was, is as bad as a broken one.
    fn turn(&mut self, unpacker: &mut Decompressor) -> Result<(), DecompressionError> {
        let (block, bytes) = self.blocks.pop_front().ok_or(DecompressionError::BadData)?;
        self.open.resize(bytes, 0);
        self.at = 0;
        let size = unpacker.gzip_decompress(&block, &mut self.open)?;
        if size == bytes { Ok(()) } else { Err(DecompressionError::BadData) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::direct::line::Format;
    use crate::domain::direct::page::{Entry, Page};

    /// A page of one event with this message.
    fn page(message: &str) -> Page {
        let end = u32::try_from(message.len()).unwrap();
        let entry = Entry { message: 0..end, ..Entry::default() };
        Page::of_stream("s".into(), message.as_bytes().to_vec(), vec![entry])
    }

    fn taken(mut layer: Layer, objects: u32) -> Vec<Vec<u8>> {
        let mut unpacker = Decompressor::new();
        let take = |object| {
            let mut lines = Vec::new();
            layer.take(object, &mut unpacker, |text| lines.extend_from_slice(text)).unwrap();
            lines
        };
        let all = (0..objects).map(take).collect();
        assert!(layer.pieces.is_empty() && layer.blocks.is_empty() && layer.at == layer.open.len());
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_object_gets_its_lines_in_their_order(given in prop::collection::vec((0_u32..9, 0_usize..200_000), 0..40)) {
            let mut wanted = vec![Vec::new(); 9];
            let mut lines = Lines::default();
            for (number, (object, bytes)) in given.iter().enumerate() {
                let page = page(&number.to_string().repeat(*bytes / 2));
                for batch in page.batches() {
                    let mut scribe = Scribe::new(Format::Text, "g");
                    scribe.write(batch, &mut wanted[*object as usize]);
                    lines.add(*object, batch, &mut scribe);
                }
            }
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let layer = runtime.block_on(lines.packed(&Packer::new())).unwrap();
            prop_assert_eq!(taken(layer, 9), wanted);
            prop_assert_eq!(lines.bytes(), 0);
        }
    }
}
