//! Errands about landed objects, each a task beside the loop. Caller: the loop.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Driver, Inbound};
use crate::export::landed::{self, Ask, ObjectAt, ToCopy};
use crate::export::verify::Progress;
use crate::tui::landed::talk::{Errand, News};
use crate::tui::list::RequestId;
use crate::tui::msg::Reply;
use crate::tui::places::PlaceId;
use crate::tui::proving::reported;

/// An object that is read, for as long as this is held.
pub(super) struct Reading {
    at: Arc<ObjectAt>,
    asks: UnboundedSender<(RequestId, Ask)>,
    _work: JoinSet<()>,
}

impl Driver {
    /// Does what is asked for.
    pub(super) fn run_errand(&mut self, errand: Errand) {
        match errand {
            Errand::List { request, place, folder, region, token } => {
                self.ask_in(place, request, async move |session| {
                    Reply::Landed(News::Listed(landed::list(session, &folder, region, token).await))
                });
            }
            Errand::Read { request, place, at, ask } => self.read(request, place, at, ask),
            Errand::StopReading => self.reading = None,
            Errand::Download { request, place, wanted } => self.download(request, place, wanted),
            Errand::StopDownload => self.downloading.abort_all(),
        }
    }

    /// Asks whoever reads the object; of another one than before, a new reader.
    fn read(&mut self, request: RequestId, place: PlaceId, at: Arc<ObjectAt>, ask: Ask) {
        let known = self.reading.take().filter(|reading| Arc::ptr_eq(&reading.at, &at));
        let Some(reading) = known.or_else(|| self.begin_reading(place, at)) else { return };
        // It listens for as long as this end is held.
        let _ = reading.asks.send((request, ask));
        self.reading = Some(reading);
    }

    /// Copies objects, and no others any more.
    fn download(&mut self, request: RequestId, place: PlaceId, wanted: Arc<ToCopy>) {
        self.downloading = JoinSet::new();
        let Some(session) = self.sessions.get(&place).cloned() else { return };
        let told = self.teller(request);
        self.downloading.spawn(async move {
            let (progress, seen) = watch::channel(Progress::default());
            let work = async { Reply::Landed(News::Downloaded(landed::copy(session, wanted, &progress).await)) };
            let reply = reported(seen, work, |progress| told(Reply::Landed(News::Downloading(progress)))).await;
            told(reply).await;
        });
    }

    fn begin_reading(&self, place: PlaceId, at: Arc<ObjectAt>) -> Option<Reading> {
        let session = self.sessions.get(&place)?.clone();
        let (asks, asked) = unbounded_channel();
        let (mut work, answers) = (JoinSet::new(), self.answers.clone());
        work.spawn(landed::read(session, Arc::clone(&at), asked, move |request, answer| {
            let answers = answers.clone();
            // Nobody listens any more only when the program is ending.
            async move { drop(answers.send(Inbound::Reply(request, Reply::Landed(News::Read(answer)))).await) }
        }));
        Some(Reading { at, asks, _work: work })
    }
}
