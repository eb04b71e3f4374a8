//! The loop: waits for signals, input, answers, snapshots and one deadline, drains what is ready, draws if something
//! changed. The only part of the interface that awaits; no call to AWS is awaited here.

use std::collections::HashMap;
use std::future::ready;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use color_eyre::Result;
use color_eyre::eyre::{Report, eyre};
use crossterm::event::{Event, KeyEventKind};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::aws::{ConnectOptions, Session};
use crate::domain::inventory::GroupClass;
use crate::domain::place::{AccountId, Lane};
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;
use crate::domain::verify::subject::Subject as Verified;
use crate::export::remedy::{NewBucket, Remedies};
use crate::export::{Checker, PeekAt, Queue, Snapshot, Terms, Transition, holder_of, listings, peek};
use crate::ledger::{Ledger, LedgerError};
use crate::tui::RunOptions;
use crate::tui::asks::{apply, bucket_details, check_bucket, create, propose};
use crate::tui::checks::Subject;
use crate::tui::effect::Effect;
use crate::tui::hooks::{self, Hook};
use crate::tui::input::Reader;
use crate::tui::list::RequestId;
use crate::tui::model::Model;
use crate::tui::msg::{Link, Msg, Reply};
use crate::tui::orders::{self, Order, Orders};
use crate::tui::places::{PlaceId, Wanted};
use crate::tui::proving;
use crate::tui::save_plan;
use crate::tui::signals::{EndedBySignal, HUP, Signals};
use crate::tui::since;
use crate::tui::terminal::{Tty, restore};
use crate::tui::update::update;
use crate::tui::waits::{answered, changed, checked, next_of, until};

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
            Event::Key(_) | Event::Mouse(_) | Event::FocusGained | Event::FocusLost => Ok(Flow::On),
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

    async fn carry_out(&mut self, effect: Effect) -> Result<Flow> {
        match effect {
            Effect::Connect(place, wanted, request) => {
                let options = self.options(wanted);
                self.spawn(async move { Inbound::Connected(place, request, Session::connect(options).await) });
            }
            Effect::Quit => self.shut_down(),
            Effect::QuitAtOnce => return Ok(Flow::End),
            Effect::Notify(text) => {
                if let Err(error) = self.tty.notify(self.model.settings.notify, &text) {
                    return Box::pin(self.lose_terminal(&error.into())).await;
                }
            }
            Effect::Suspend => return self.suspend().await,
            Effect::Hook(hook) => self.hook(hook),
            Effect::Work(place, account) => self.work(place, account),
            Effect::Expand(request, lane, plan) => {
                self.ask_ledger(request, |ledger| orders::expand(ledger, lane, plan).map(Reply::Expanded));
            }
            Effect::Check { request, subject, fresh } => self.check(request, *subject, fresh),
            Effect::LoadPlanGroups(request, plan) => {
                self.ask_ledger(request, |ledger| async move {
                    Reply::PlanGroups(ledger.groups_of(plan).await.map_err(|error| error.to_string()))
                });
            }
            Effect::Peek { request, at, class } => self.peek(request, at, class),
            Effect::StopPeek => self.peeking = JoinSet::new(),
            Effect::SavePlan(request, file) => {
                self.spawn(async move { Inbound::Reply(request, Reply::PlanSaved(save_plan::save(file).await)) });
            }
            Effect::LookSince(request, subject) => {
                self.ask_ledger(request, |ledger| since::look(ledger, subject).map(Reply::Since));
            }
            Effect::Submit(request, draft) => {
                self.ask_queue(request, |answer| Order::Submit(draft, answer), Reply::Submitted);
            }
            Effect::Change(request, change) => {
                self.ask_queue(request, |answer| Order::Change(change, answer), Reply::Changed);
            }
            Effect::LoadTask(request, id) => {
                self.ask_ledger(request, |ledger| async move {
                    Reply::Task(ledger.task(id).await.map_err(|error| error.to_string()))
                });
            }
            Effect::Identify(place, request) => {
                self.ask_in(place, request, |session| async move { Reply::Identity(session.identity().await) });
            }
            Effect::LookAtSlot(place, request) => {
                self.ask_in(place, request, |session| async move { Reply::Slot(holder_of(&session).await) });
            }
            Effect::LoadGroups(request, token) => {
                self.ask(request, |session| async move { Reply::Groups(session.log_group_names(token).await) });
            }
            Effect::RecallGroups(request, origin, account) => {
                let recalled = listings::recall(self.state.clone(), origin, account);
                self.spawn(async move { Inbound::Reply(request, Reply::Recalled(recalled.await)) });
            }
            Effect::KeepGroups(origin, listing) => {
                drop(tokio::spawn(listings::keep(self.state.clone(), origin, listing)));
            }
            Effect::FindGroups(request, pattern) => {
                self.ask(request, |session| async move { Reply::Found(session.find_log_groups(&pattern).await) });
            }
            Effect::LoadGroupDetails(request, names) => {
                self.ask(request, async move |session| Reply::GroupDetails(session.log_group_details(&names).await));
            }
            Effect::LoadBuckets(request, token) => {
                self.ask(request, |session| async move { Reply::Buckets(session.buckets(token).await) });
            }
            Effect::Propose { request, place, lane, wish } => {
                let state = self.state.clone();
                self.ask_in(place, request, |session| propose(Remedies::new(session, lane, state), wish));
            }
            Effect::Apply { request, place, lane, change } => {
                let state = self.state.clone();
                self.ask_in(place, request, |session| apply(Remedies::new(session, lane, state), change));
            }
            Effect::CreateBucket { request, place, lane, new } => self.create_bucket(request, place, lane, *new),
            Effect::Verify { request, place, subject } => self.verify(request, place, subject),
            Effect::StopVerifying => self.verifying.abort_all(),
            Effect::WriteManifest { request, place, subject, evidence } => {
                let now = self.model.now;
                self.ask_in(place, request, |session| proving::write(session, subject, evidence, now));
            }
            Effect::LoadHistory { request, status, token } => {
                self.ask(request, |session| async move { Reply::History(session.export_tasks(status, token).await) });
            }
            Effect::LoadBucketDetails { request, bucket, region, lane } => {
                self.ask(request, |session| bucket_details(session, bucket, region, lane));
            }
            Effect::CheckBucket { request, lane, to, anew } => {
                let checker = self.checker();
                self.ask(request, |session| check_bucket(session, checker, lane, to, anew));
            }
        }
        Ok(Flow::On)
    }

    /// Has the queue work in the lane of `account` where `place` is.
    fn work(&mut self, place: PlaceId, account: AccountId) {
        if let Some(session) = self.sessions.get(&place).cloned() {
            self.order(Order::Work(session.lane(account), session));
        }
    }

    /// Gives the queue an order; what came of it is the reply to `request`.
    fn ask_queue<T: Send + 'static>(
        &mut self,
        request: RequestId,
        order: impl FnOnce(oneshot::Sender<Result<T, String>>) -> Order,
        reply: fn(Result<T, String>) -> Reply,
    ) {
        let (answer, done) = oneshot::channel();
        self.order(order(answer));
        self.spawn(async move { Inbound::Reply(request, reply(answered(done).await)) });
    }

    /// What the queue knows of buckets already; nothing before there is a queue.
    fn checker(&self) -> Checker {
        self.queue.as_ref().map_or_else(Checker::default, |queue| queue.checker().clone())
    }

    /// Asks the ledger, whose answer comes as the reply to `request`.
    fn ask_ledger<F>(&self, request: RequestId, ask: impl FnOnce(Ledger) -> F)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let asked = ask(self.ledger.clone());
        self.spawn(async move { Inbound::Reply(request, asked.await) });
    }

    /// Checks what the form asks for, with what the queue knows already.
    fn check(&self, request: RequestId, subject: Subject, fresh: bool) {
        let (checker, now) = (self.checker(), self.model.now);
        self.ask(request, |session| checked(checker, session, subject, fresh, now));
    }

    /// Creates a bucket; each step is told as an answer of its own.
    fn create_bucket(&self, request: RequestId, place: PlaceId, lane: Lane, new: NewBucket) {
        let (state, told) = (self.state.clone(), self.teller(request));
        self.ask_in(place, request, |session| create(Remedies::new(session, lane, state), new, told));
    }

    /// Reads a task's objects back, and no other's any more.
    fn verify(&mut self, request: RequestId, place: PlaceId, subject: Arc<Verified>) {
        self.verifying = JoinSet::new();
        let Some(session) = self.sessions.get(&place).cloned() else { return };
        let told = self.teller(request);
        self.verifying.spawn(async move {
            let reply = proving::verify(session, subject, &told).await;
            told(reply).await;
        });
    }

    /// Sends answers to one question, as they come.
    fn teller(&self, request: RequestId) -> impl Fn(Reply) -> BoxFuture<'static, ()> + Send + Sync + 'static {
        let answers = self.answers.clone();
        move |reply| {
            let answers = answers.clone();
            // Nobody listens any more only when the program is ending.
            Box::pin(async move { drop(answers.send(Inbound::Reply(request, reply)).await) })
        }
    }

    /// Looks at the events of a log group, in place of what was looked at before.
    fn peek(&mut self, request: RequestId, at: Arc<PeekAt>, class: Option<GroupClass>) {
        self.peeking = JoinSet::new();
        let Some(session) = self.sessions.get(&self.model.places.here_id()).cloned() else { return };
        let told = self.teller(request);
        self.peeking.spawn(async move { told(Reply::Peeked(peek(&session, &at, class).await)).await });
    }

    /// Where a place is. The sandbox knows no profiles: there the name of one stands for the account, as its keys do.
    fn options(&self, wanted: Wanted) -> ConnectOptions {
        let Wanted { profile, region, endpoint_url } = wanted;
        let read_only = self.connect.read_only;
        match self.connect.fixed_keys.clone() {
            Some((id, secret)) => ConnectOptions {
                profile: None,
                region: region.or_else(|| self.connect.region.clone()),
                endpoint_url,
                fixed_keys: Some((profile.unwrap_or(id), secret)),
                read_only,
            },
            None => ConnectOptions { profile, region, endpoint_url, fixed_keys: None, read_only },
        }
    }

    /// Asks AWS in the place that is looked at.
    fn ask<F>(&self, request: RequestId, question: impl FnOnce(Session) -> F)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        self.ask_in(self.model.places.here_id(), request, question);
    }

    /// Asks AWS in a task of its own; the answer comes as a message.
    fn ask_in<F>(&self, place: PlaceId, request: RequestId, question: impl FnOnce(Session) -> F)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        if let Some(session) = self.sessions.get(&place).cloned() {
            let answer = question(session);
            self.spawn(async move { Inbound::Reply(request, answer.await) });
        }
    }

    fn spawn(&self, work: impl Future<Output = Inbound> + Send + 'static) {
        let answers = self.answers.clone();
        tokio::spawn(async move {
            let inbound = work.await;
            // Nobody listens any more only when the program is ending.
            let _ = answers.send(inbound).await;
        });
    }

    fn hook(&self, hook: Hook) {
        match (hook, self.queue.clone()) {
            (Hook::PanicHere | Hook::PanicInTask, _) => drop(tokio::spawn(async { hooks::panic_in_task() })),
            (Hook::Flood, Some(queue)) => drop(tokio::spawn(hooks::flood(queue))),
            (Hook::Flood, None) => {}
        }
    }

    fn shut_down(&mut self) {
        let (done, finished) = oneshot::channel();
        if self.queue.is_none() {
            return self.spawn(async { Inbound::Finished });
        }
        self.order(Order::Shutdown(GRACE, done));
        self.spawn(async move {
            // The queue keeps its own grace; the margin is for a queue that hangs.
            let _ = tokio::time::timeout(GRACE + TICK, finished).await;
            Inbound::Finished
        });
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
