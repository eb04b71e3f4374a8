//! One pass over an object from its beginning: bytes fetched, text unpacked, both no further than somebody takes it.
//!
//! ```text
//! GetObject ──bytes──► a thread that unpacks ──text──► whoever reads; a full channel holds everything before it up
//! ```

use std::io::BufRead as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};

use crate::domain::amount::ByteCount;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::verify::object::Damage;
use crate::export::reach::Reach;
use crate::export::verify::body::Pieces;
use crate::export::verify::fetch::Fetch;
use crate::export::verify::inspect::{MAGIC, unpack};

/// Pieces on the way to the thread, of some 16 KiB each.
const PIECES: usize = 16;
/// Texts on the way from it, of 64 KiB at most.
const TEXTS: usize = 4;

/// How an object's text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Whether the object is packed; if not, its bytes are the text.
    pub packed: bool,
    /// What is wrong with it as a gzip file.
    pub damage: Option<Damage>,
}

/// The reading. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Pass {
    texts: mpsc::Receiver<Vec<u8>>,
    work: JoinSet<Result<End, Problem>>,
    read: Arc<AtomicU64>,
}

impl Pass {
    /// Begins to read what is at `key`.
    pub fn begin(reach: Reach, key: String) -> Self {
        let (said, texts) = mpsc::channel(TEXTS);
        let (mut work, read) = (JoinSet::new(), Arc::new(AtomicU64::new(0)));
        work.spawn(pass(reach, key, said, Arc::clone(&read)));
        Self { texts, work, read }
    }

    /// The next piece of text; `None` at the end, which [`Pass::end`] tells. May be given up and asked again.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        self.texts.recv().await
    }

    /// How the text ended. May be given up and asked again until it has told.
    ///
    /// # Errors
    /// The object could not be fetched to its end.
    pub async fn end(&mut self) -> Result<End, Problem> {
        match self.work.join_next().await {
            Some(Ok(end)) => end,
            Some(Err(error)) => Err(Problem::new(ProblemKind::Unknown, "Decompress").saying(error.to_string())),
            None => Ok(End { packed: true, damage: None }),
        }
    }

    /// The bytes of the object that have come.
    pub fn read(&self) -> ByteCount {
        ByteCount(self.read.load(Ordering::Relaxed))
    }
}

async fn pass(reach: Reach, key: String, said: mpsc::Sender<Vec<u8>>, read: Arc<AtomicU64>) -> Result<End, Problem> {
    let (pieces, mut arriving) = mpsc::channel::<Bytes>(PIECES);
    let work = spawn_blocking(move || speak(Pieces::new(move || arriving.blocking_recv()), &said));
    let mut fetch = Fetch::new(reach.source(&key));
    let mut fetched = Ok(());
    while let Some(piece) = fetch.next().await {
        match piece {
            Ok(piece) => {
                read.fetch_add(piece.len() as u64, Ordering::Relaxed);
                if pieces.send(piece).await.is_err() {
                    break;
                }
            }
            Err(problem) => {
                fetched = Err(problem);
                break;
            }
        }
    }
    drop(pieces);
    let worked = work.await.map_err(|error| Problem::new(ProblemKind::Unknown, "Decompress").saying(error.to_string()));
    // What could not be fetched whole looks cut off to the thread.
    fetched.and(worked)
}

/// Says the text of what comes in pieces. When nobody listens any more, what is still on its way goes by unsaid.
fn speak(mut pieces: Pieces<impl FnMut() -> Option<Bytes>>, said: &mpsc::Sender<Vec<u8>>) -> End {
    let packed = !matches!(pieces.fill_buf(), Ok([first, ..]) if *first != MAGIC);
    if packed {
        let damage = unpack(&mut pieces, &mut |text: &[u8]| drop(said.blocking_send(text.to_vec())));
        let damage = match (damage, pieces.drain()) {
            (None, Ok((rest @ 1.., false))) => Some(Damage::Trailing(rest)),
            (damage, _) => damage,
        };
        return End { packed, damage };
    }
    while let Ok(text @ [_, ..]) = pieces.fill_buf() {
        let (taken, heard) = (text.len(), said.blocking_send(text.to_vec()));
        pieces.consume(taken);
        if heard.is_err() {
            break;
        }
    }
    End { packed, damage: None }
}
