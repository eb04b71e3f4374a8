//! An object's bytes as a thread reads them: counted and hashed on their way, whoever takes them.

use std::io::{self, BufRead, Read};

use bytes::{Buf as _, Bytes};
use sha2::{Digest as _, Sha256 as Hasher};

use crate::domain::amount::ByteCount;
use crate::domain::verify::object::Sha256;

/// Bytes that come in pieces from `next` (`None` at the end), as a reader.
#[derive(Debug)]
pub(in crate::export) struct Pieces<N> {
    next: N,
    piece: Bytes,
    read: u64,
    hasher: Hasher,
}

impl<N: FnMut() -> Option<Bytes>> Pieces<N> {
    pub fn new(next: N) -> Self {
        Self { next, piece: Bytes::new(), read: 0, hasher: Hasher::new() }
    }

    /// Reads whatever is left: how many bytes that were, and whether all of them are zeros.
    pub fn drain(&mut self) -> io::Result<(u64, bool)> {
        let before = self.read;
        let mut blank = true;
        loop {
            let left = self.fill_buf()?;
            blank &= left.iter().all(|byte| *byte == 0);
            let taken = left.len();
            if taken == 0 {
                return Ok((self.read - before, blank));
            }
            self.consume(taken);
        }
    }

    /// What went through.
    pub fn end(self) -> (ByteCount, Sha256) {
        (ByteCount(self.read), Sha256(self.hasher.finalize().into()))
    }
}

impl<N: FnMut() -> Option<Bytes>> BufRead for Pieces<N> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.piece.is_empty() {
            let Some(piece) = (self.next)() else { break };
            self.piece = piece;
        }
        Ok(&self.piece)
    }

    fn consume(&mut self, taken: usize) {
        self.hasher.update(&self.piece[..taken]);
        self.read += taken as u64;
        self.piece.advance(taken);
    }
}

impl<N: FnMut() -> Option<Bytes>> Read for Pieces<N> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.fill_buf()?;
        let taken = piece.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&piece[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}
