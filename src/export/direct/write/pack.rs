//! Packing: lines into gzip members, on threads that may block.
//!
//! An object is a row of members, each packed by itself: RFC 1952 (section 2.2) calls that one gzip file, and every
//! reader takes it for one. So nothing is kept between two members, and several are packed at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use libdeflater::{CompressionLvl, Compressor};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::domain::problem::{Problem, ProblemKind};

/// A member is packed once so many bytes of lines wait. Larger ones are hardly smaller together: 0.5 % from 64 KiB to
/// 1 MiB (`cargo bench --bench pack`).
pub(super) const MEMBER: usize = 256 * 1024;

/// The fastest level. The next one takes a third more time for 1 % less (`cargo bench --bench pack`).
const LEVEL: i32 = 1;

/// Packs on as many threads as the machine has cores.
#[derive(Clone)]
pub(super) struct Packer {
    /// Compressors that nobody uses just now: making one costs more than packing a small member.
    idle: Arc<Mutex<Vec<Compressor>>>,
    /// Two members a core: one being packed, one ready to be.
    room: Arc<Semaphore>,
}

impl Packer {
    /// For this machine.
    pub fn new() -> Self {
        let cores = available_parallelism().map_or(1, std::num::NonZero::get);
        Self { idle: Arc::default(), room: Arc::new(Semaphore::new(cores * 2)) }
    }

    /// Begins to pack each of `texts` into a member of its own. Waits while all threads are busy.
    pub(super) async fn pack(&self, texts: Vec<Vec<u8>>) -> JoinHandle<Vec<Vec<u8>>> {
        self.with(move |compressor| texts.iter().map(|text| member(compressor, text)).collect()).await
    }

    /// Begins `work`, on a thread that may block. Waits while all of them are busy.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Compressor) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        // Nobody closes the semaphore.
        let room = Arc::clone(&self.room).acquire_owned().await.ok();
        let packer = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut compressor = packer.borrow();
            let done = work(&mut compressor);
            packer.idle.lock().unwrap_or_else(PoisonError::into_inner).push(compressor);
            drop(room);
            done
        })
    }

    fn borrow(&self) -> Compressor {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()))
    }
}

impl Default for Packer {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").field("room", &self.room.available_permits()).finish_non_exhaustive()
    }
}

/// What a packing thread answered.
pub(super) async fn packed<T>(job: JoinHandle<T>) -> Result<T, Problem> {
    job.await.map_err(|error| Problem::new(ProblemKind::Unknown, "Pack").saying(error.to_string()))
}

/// One text as a gzip file, packed here and now: for what is small.
pub(super) fn member_of(text: &[u8]) -> Vec<u8> {
    member(&mut Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()), text)
}

/// A gzip member of `text`.
pub(super) fn member(compressor: &mut Compressor, text: &[u8]) -> Vec<u8> {
    let mut out = vec![0; compressor.gzip_compress_bound(text.len())];
    // The bound is the library's own: it always suffices.
    let size = compressor.gzip_compress(text, &mut out).unwrap_or_default();
    debug_assert!(size > 0, "a gzip member has a header");
    // The bound is larger than the text: what is kept for long must not hold on to it.
    out.truncate(size);
    out.shrink_to_fit();
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::MultiGzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        MultiGzDecoder::new(bytes).read_to_end(&mut text).unwrap();
        text
    }

    #[tokio::test]
    async fn members_one_after_the_other_are_one_file() {
        let packer = Packer::new();
        let texts: Vec<Vec<u8>> = (0..40_u8).map(|n| vec![b'a' + n % 26; usize::from(n) * 999]).collect();
        let mut jobs = Vec::new();
        for pair in texts.chunks(2) {
            jobs.push(packer.pack(pair.to_vec()).await);
        }
        let mut file = Vec::new();
        for job in jobs {
            file.extend(packed(job).await.unwrap().concat());
        }
        assert_eq!(unpacked(&file), texts.concat());
    }

    #[tokio::test]
    async fn a_packer_that_was_asked_for_more_than_it_has_threads_goes_on() {
        let packer = Packer { room: Arc::new(Semaphore::new(1)), ..Packer::new() };
        for _ in 0..3 {
            let job = packer.pack(vec![b"x".to_vec()]).await;
            assert_eq!(unpacked(&packed(job).await.unwrap()[0]), b"x");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in prop::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert_eq!(unpacked(&member_of(&text)), text);
        }
    }
}
