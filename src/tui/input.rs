//! Keys and pastes, read in a thread of its own.
//!
//! Not in a task: on a terminal that is gone crossterm reads nothing for ever without coming back, and would take a
//! worker of the runtime, and what waits on it, along.

use std::io;
use std::thread;

use crossterm::event::{Event, EventStream};
use futures::StreamExt;
use tokio::sync::{mpsc, oneshot};

/// Events on the way to the loop; pasted text arrives as one.
const EVENTS: usize = 256;

/// The thread that reads.
pub struct Reader {
    stop: Option<oneshot::Sender<()>>,
    stopped: oneshot::Receiver<()>,
}

impl Reader {
    /// Begins to read. The stream remembers the waker of the first poll that finds nothing, so it must not be polled
    /// "just to see"; the channel it feeds can be.
    pub fn start() -> (mpsc::Receiver<io::Result<Event>>, Self) {
        let (events, input) = mpsc::channel(EVENTS);
        let (stop, asked) = oneshot::channel();
        let (done, stopped) = oneshot::channel::<()>();
        thread::spawn(move || {
            futures::executor::block_on(read(events, asked));
            drop(done);
        });
        (input, Self { stop: Some(stop), stopped })
    }

    /// Stops reading; comes back when no more key is taken from the terminal.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        // The thread's end of it is dropped, never used: an error is the answer.
        let _ = (&mut self.stopped).await;
    }
}

async fn read(events: mpsc::Sender<io::Result<Event>>, mut stop: oneshot::Receiver<()>) {
    let mut stream = EventStream::new();
    loop {
        let event = tokio::select! {
            biased;
            _ = &mut stop => return,
            event = stream.next() => event,
        };
        let Some(event) = event else { return };
        if events.send(event).await.is_err() {
            return;
        }
    }
}
