//! The loop: waits for signals, input, answers, snapshots and one deadline, drains what is ready, draws if something
//! changed. The only part of the interface that awaits; no call to AWS is awaited here.

mod effects;
mod landed;

use std::collections::HashMap;
use std::future::ready;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use color_eyre::Result;
use color_eyre::eyre::{Report, eyre};
use crossterm::event::{Event, KeyEventKind};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::aws::{ConnectOptions, Session};
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;
use crate::export::{Queue, Snapshot, Terms, Transition};
use crate::ledger::{Ledger, LedgerError};
use crate::tui::RunOptions;
use crate::tui::effect::Effect;
use crate::tui::input::Reader;
use crate::tui::list::RequestId;
use crate::tui::model::Model;
use crate::tui::msg::{Link, Msg, Reply};
use crate::tui::orders::{self, Order, Orders};
use crate::tui::places::PlaceId;
use crate::tui::signals::{EndedBySignal, HUP, Signals};
use crate::tui::terminal::{Tty, restore};
use crate::tui::update::update;
use crate::tui::waits::{changed, next_of, until};

/// In a flood a frame is drawn this often: about thirty a second is all an eye takes in.
const FRAME: Duration = Duration::from_millis(33);
/// How long a frame waits for a filter that has not looked at every row: with the drawing it makes less than half a frame,
/// and a hundred thousand names are looked at by then.
const SIFT: Duration = Duration::from_millis(10);
/// Elapsed times are shown to the second.
const TICK: Duration = Duration::from_secs(1);
/// How long the queue may take to note the answer of a launch under way.
const GRACE: Duration = Duration::from_secs(5);
/// Answers under way at once are few: one per listing and four bucket details.
const ANSWERS: usize = 64;
/// Messages taken in before the next look at the frame's deadline.
const DRAIN: usize = 256;

/// What background tasks send back.
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
enum Inbound {
    Opened(Result<(Queue, mpsc::Receiver<Transition>), LedgerError>),
    Connected(PlaceId, RequestId, Result<Session, Problem>),
    Reply(RequestId, Reply),
    Finished,
}

/// What woke the loop.
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
enum Woken {
    Signal(Option<EndedBySignal>),
    Input(Option<std::io::Result<Event>>),
    Inbound(Inbound),
    Transition(Option<Transition>),
    Snapshot(bool),
    Tick,
    Sift,
    Draw,
}

/// Whether the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    On,
    End,
}

/// The loop's own things, beside the model.
pub struct Driver {
    model: Model,
    tty: Tty,
    signals: Signals,
    input: Option<mpsc::Receiver<std::io::Result<Event>>>,
    reader: Reader,
    connect: ConnectOptions,
    ledger: Ledger,
    terms: Terms,
    /// Where copies are kept of what is replaced in AWS.
    state: PathBuf,
    sessions: HashMap<PlaceId, Session>,
    queue: Option<Queue>,
    orders: Option<Orders>,
    /// Orders from before the queue ran.
    early: Vec<Order>,
    transitions: Option<mpsc::Receiver<Transition>>,
    snapshots: Option<watch::Receiver<Arc<Snapshot>>>,
    answers: mpsc::Sender<Inbound>,
    inbox: mpsc::Receiver<Inbound>,
    /// The verification under way.
    verifying: JoinSet<()>,
    /// The look at events under way.
    peeking: JoinSet<()>,
    /// The download under way.
    downloading: JoinSet<()>,
    /// The object that is read.
    reading: Option<landed::Reading>,
    ended: Option<EndedBySignal>,
    dirty: bool,
    next_frame: Instant,
    next_tick: Option<Instant>,
}

impl Driver {
    /// Everything ready, nothing begun.
    pub fn new(model: Model, tty: Tty, signals: Signals, options: RunOptions) -> Self {
        let RunOptions { connect, ledger, state, config, .. } = options;
        let (answers, inbox) = mpsc::channel(ANSWERS);
        let (input, reader) = Reader::start();
        Self {
            model,
            tty,
            signals,
            input: Some(input),
            reader,
            connect,
            ledger,
            terms: Terms { retries: config.retries, ..Terms::default() },
            state,
            sessions: HashMap::new(),
            queue: None,
            orders: None,
            early: Vec::new(),
            transitions: None,
            snapshots: None,
            answers,
            inbox,
            verifying: JoinSet::new(),
            peeking: JoinSet::new(),
            downloading: JoinSet::new(),
            reading: None,
            ended: None,
            dirty: true,
            next_frame: Instant::now(),
            next_tick: None,
        }
    }

    /// Runs until somebody quits. The first frame is on screen before anything is asked of the network.
    pub async fn run(mut self, first: RequestId) -> Result<()> {
        self.draw().await?;
        let (ledger, terms) = (self.ledger.clone(), self.terms);
        self.spawn(async move { Inbound::Opened(Queue::start(ledger, terms).await) });
        let (here, wanted) = (self.model.places.here_id(), self.model.places.here().wanted.clone());
        self.carry_out(Effect::Connect(here, wanted, first)).await?;
        loop {
            let woken = self.wait().await;
            self.model.now = Timestamp::from(SystemTime::now());
            if self.take(woken).await? == Flow::End || self.drain().await? == Flow::End {
                break;
            }
            self.draw().await?;
        }
        // What is typed from now on is the shell's. The reader of a dead terminal never comes to an end.
        let _ = tokio::time::timeout(FRAME, self.reader.stop()).await;
        restore();
        self.ended.map_or(Ok(()), |signal| Err(signal.into()))
    }

    /// Draws if something changed and the last frame is old enough; sets the deadlines anew.
    async fn draw(&mut self) -> Result<()> {
        let now = Instant::now();
        if self.dirty && now >= self.next_frame {
            while self.model.is_sifting() && now.elapsed() < SIFT {
                self.tell(Msg::Sift).await?;
            }
            self.model.drawn_at = self.model.now;
            let drawn = self.tty.draw(&self.model);
            self.dirty = false;
            self.next_frame = now + FRAME;
            if let Err(error) = drawn {
                self.lose_terminal(&error).await?;
            }
        }
        let tick = self.model.shows_time().then(|| self.next_tick.unwrap_or(now + TICK));
        let retry = self.model.wakes_at().map(|at| now + at.since(self.model.now));
        self.next_tick = tick.into_iter().chain(retry).min();
        Ok(())
    }

    async fn wait(&mut self) -> Woken {
        let deadline = if self.dirty { Some(self.next_frame) } else { self.next_tick };
        let late = if self.dirty { Woken::Draw } else { Woken::Tick };
        tokio::select! {
            biased;
            signal = self.signals.next() => Woken::Signal(signal),
            event = next_of(self.input.as_mut()) => Woken::Input(event),
            Some(inbound) = self.inbox.recv() => Woken::Inbound(inbound),
            transition = next_of(self.transitions.as_mut()) => Woken::Transition(transition),
            alive = changed(self.snapshots.as_mut()) => Woken::Snapshot(alive),
            () = ready(()), if self.model.is_sifting() => Woken::Sift,
            () = until(deadline) => late,
        }
    }

    /// Takes in what is ready by now, so that a flood costs one frame.
    async fn drain(&mut self) -> Result<Flow> {
        for _ in 0..DRAIN {
            let woken = if let Some(Ok(event)) = self.input.as_mut().map(mpsc::Receiver::try_recv) {
                Woken::Input(Some(event))
            } else if let Ok(inbound) = self.inbox.try_recv() {
                Woken::Inbound(inbound)
            } else if let Some(Ok(transition)) = self.transitions.as_mut().map(mpsc::Receiver::try_recv) {
                Woken::Transition(Some(transition))
            } else {
                break;
            };
            if self.take(woken).await? == Flow::End {
                return Ok(Flow::End);
            }
        }
        Ok(Flow::On)
    }

    async fn take(&mut self, woken: Woken) -> Result<Flow> {
        match woken {
            Woken::Signal(Some(end)) => {
                self.ended = Some(end);
                self.tell(Msg::Stop).await
            }
            Woken::Signal(None) => self.retake().await,
            Woken::Input(Some(Ok(event))) => {
                // A person waits for the answer to a key: it is not held back for the rhythm of a flood.
                self.next_frame = Instant::now();
                self.event(event).await
            }
            Woken::Input(Some(Err(error))) => self.lose_terminal(&error.into()).await,
            Woken::Input(None) => self.lose_terminal(&eyre!("no more keys will come")).await,
            Woken::Inbound(Inbound::Finished) => Ok(Flow::End),
            // Without the queue there is nothing true to show: the error names the file and what to do.
            Woken::Inbound(Inbound::Opened(opened)) => self.have_queue(opened?).await,
            Woken::Inbound(Inbound::Reply(request, reply)) => self.tell(Msg::Reply(request, reply)).await,
            Woken::Inbound(Inbound::Connected(place, request, session)) => {
                let link = session.map(|session| self.adopt(place, request, session));
                self.tell(Msg::Reply(request, Reply::Connected(link))).await
            }
            Woken::Transition(Some(transition)) => self.tell(Msg::Transition(transition)).await,
            Woken::Transition(None) => {
                self.transitions = None;
                Ok(Flow::On)
            }
            Woken::Snapshot(true) => self.snapshot().await,
            Woken::Snapshot(false) => {
                self.snapshots = None;
                Ok(Flow::On)
            }
            Woken::Tick => {
                self.next_tick = Some(Instant::now() + TICK);
                // A frame that changes nothing would still write the cursor's place.
                if self.model.is_stale() { self.tell(Msg::Tick).await } else { Ok(Flow::On) }
            }
            Woken::Sift => {
                let flow = self.tell(Msg::Sift).await;
                if !self.model.is_sifting() {
                    // Whoever typed waits for just this.
                    self.next_frame = Instant::now();
                }
                flow
            }
            Woken::Draw => Ok(Flow::On),
        }
    }

    async fn event(&mut self, event: Event) -> Result<Flow> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.tell(Msg::Key(key)).await,
            Event::Paste(text) => self.tell(Msg::Paste(text)).await,
            Event::Resize(width, height) => self.tell(Msg::Resize(width, height)).await,
            Event::Mouse(event) => self.tell(Msg::Mouse(event)).await,
            Event::Key(_) | Event::FocusGained | Event::FocusLost => Ok(Flow::On),
        }
    }

    async fn snapshot(&mut self) -> Result<Flow> {
        let Some(snapshots) = &mut self.snapshots else { return Ok(Flow::On) };
        let latest = Arc::clone(&snapshots.borrow_and_update());
        self.tell(Msg::Snapshot(latest)).await
    }

    /// One turn of the Elm loop.
    async fn tell(&mut self, msg: Msg) -> Result<Flow> {
        self.dirty = true;
        for effect in update(&mut self.model, msg) {
            if self.carry_out(effect).await? == Flow::End {
                return Ok(Flow::End);
            }
        }
        Ok(Flow::On)
    }

    /// The terminal cannot be read or written any more. Nobody can be told: the queue is shut down as for SIGHUP, whether
    /// or not that was seen yet, and the failures that follow change nothing.
    async fn lose_terminal(&mut self, error: &Report) -> Result<Flow> {
        self.input = None;
        if self.ended.is_some() {
            return Ok(Flow::On);
        }
        tracing::warn!(%error, "the terminal is gone");
        self.ended = Some(HUP);
        // Not by way of `tell`: there is nothing left to draw on.
        for effect in update(&mut self.model, Msg::Stop) {
            Box::pin(self.carry_out(effect)).await?;
        }
        Ok(Flow::On)
    }

    /// Keeps a session that is waited for.
    fn adopt(&mut self, place: PlaceId, request: RequestId, session: Session) -> Link {
        let link = Link {
            profile: session.profile().map(str::to_owned),
            region: session.region().clone(),
            endpoint_url: session.endpoint_url().map(str::to_owned),
        };
        if self.model.places.get(place).is_some_and(|place| place.awaits(request)) {
            self.sessions.insert(place, session);
        }
        link
    }

    /// The ledger was read: the queue runs from here on.
    async fn have_queue(&mut self, (queue, transitions): (Queue, mpsc::Receiver<Transition>)) -> Result<Flow> {
        self.model.this = Some(queue.driver().id);
        self.snapshots = Some(queue.snapshots());
        self.orders = Some(orders::pass_on(queue.clone()));
        (self.queue, self.transitions) = (Some(queue), Some(transitions));
        for order in self.early.drain(..).collect::<Vec<_>>() {
            self.order(order);
        }
        self.snapshot().await
    }

    /// Tells the queue, as soon as there is one.
    fn order(&mut self, order: Order) {
        match &self.orders {
            // They are passed on for as long as this end is held.
            Some(orders) => drop(orders.send(order)),
            None => self.early.push(order),
        }
    }

    async fn suspend(&mut self) -> Result<Flow> {
        restore();
        self.signals.stop().await?;
        self.retake().await
    }

    async fn retake(&mut self) -> Result<Flow> {
        match self.tty.retake().and_then(|()| self.tty.size()) {
            Ok(size) => {
                self.model.size = size;
                self.dirty = true;
                Ok(Flow::On)
            }
            Err(error) => self.lose_terminal(&error).await,
        }
    }
}
