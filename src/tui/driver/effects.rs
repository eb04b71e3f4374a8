//! Effects carried out: every question to AWS, the ledger or the queue is a task beside the loop, whose answer comes back as
//! a message. Caller: the loop.

use std::io;
use std::sync::Arc;

use color_eyre::Result;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::{Driver, Flow, GRACE, Inbound, TICK};
use crate::aws::{ConnectOptions, Session};
use crate::domain::inventory::GroupClass;
use crate::domain::place::{AccountId, Lane};
use crate::domain::verify::subject::Subject as Verified;
use crate::export::listings::Origin;
use crate::export::remedy::{NewBucket, Remedies};
use crate::export::{Checker, PeekAt, holder_of, listings, peek};
use crate::ledger::Ledger;
use crate::tui::asks::{apply, bucket_details, check_bucket, create, propose};
use crate::tui::checks::Subject;
use crate::tui::effect::Effect;
use crate::tui::history::past;
use crate::tui::hooks::{self, Hook};
use crate::tui::list::RequestId;
use crate::tui::msg::Reply;
use crate::tui::orders::{self, Order};
use crate::tui::places::{PlaceId, Wanted};
use crate::tui::proving;
use crate::tui::save_plan;
use crate::tui::since;
use crate::tui::sorting::{self, Sorting};
use crate::tui::waits::{answered, checked};

impl Driver {
    /// Does what an effect asks for.
    pub(super) async fn carry_out(&mut self, effect: Effect) -> Result<Flow> {
        match effect {
            Effect::Connect(place, wanted, request) => {
                let options = self.options(wanted);
                self.spawn(async move { Inbound::Connected(place, request, Session::connect(options).await) });
            }
            Effect::Quit => self.shut_down(),
            Effect::QuitAtOnce => return Ok(Flow::End),
            Effect::Notify(text) => {
                let written = self.tty.notify(self.model.settings.notify, &text);
                return self.go_on_if(written).await;
            }
            Effect::Copy(text) => {
                let written = self.tty.copy(&text);
                return self.go_on_if(written).await;
            }
            Effect::Landed(errand) => self.run_errand(errand),
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
            Effect::RecallGroups(request, origin, account) => self.recall_groups(request, origin, account),
            Effect::KeepGroups(origin, listing) => {
                drop(tokio::spawn(listings::keep(self.state.clone(), origin, listing)));
            }
            Effect::KeepSorting(sorting) => self.keep_sorting(sorting),
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
                self.ask_remedies(place, request, lane, |remedies| propose(remedies, wish));
            }
            Effect::Apply { request, place, lane, change } => {
                self.ask_remedies(place, request, lane, |remedies| apply(remedies, change));
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
            Effect::LoadPast { request, lane, after, wanted } => {
                self.ask_ledger(request, |ledger| past(ledger, lane, after, wanted));
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

    /// Goes on if the terminal took what was written; without it nothing can be seen.
    async fn go_on_if(&mut self, written: io::Result<()>) -> Result<Flow> {
        match written {
            Ok(()) => Ok(Flow::On),
            Err(error) => Box::pin(self.lose_terminal(&error.into())).await,
        }
    }

    /// Looks for the log groups as they were listed at an earlier time.
    fn recall_groups(&self, request: RequestId, origin: Origin, account: Option<AccountId>) {
        let recalled = listings::recall(self.state.clone(), origin, account);
        self.spawn(async move { Inbound::Reply(request, Reply::Recalled(recalled.await)) });
    }

    /// Asks for something about the buckets of a lane.
    fn ask_remedies<F>(&self, place: PlaceId, request: RequestId, lane: Lane, ask: impl FnOnce(Remedies) -> F)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let state = self.state.clone();
        self.ask_in(place, request, |session| ask(Remedies::new(session, lane, state)));
    }

    /// Keeps what listings are sorted by: so small a file that the loop writes it itself, in the order of the keys.
    fn keep_sorting(&self, sorting: Sorting) {
        if let Err(error) = sorting::keep(&self.state, sorting) {
            tracing::warn!(%error, "what listings are sorted by is not kept for the next start");
        }
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
    pub(super) fn teller(
        &self,
        request: RequestId,
    ) -> impl Fn(Reply) -> BoxFuture<'static, ()> + Send + Sync + 'static {
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
    pub(super) fn ask_in<F>(&self, place: PlaceId, request: RequestId, question: impl FnOnce(Session) -> F)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        if let Some(session) = self.sessions.get(&place).cloned() {
            let answer = question(session);
            self.spawn(async move { Inbound::Reply(request, answer.await) });
        }
    }

    /// Does the work beside the loop, which takes in what comes of it.
    pub(super) fn spawn(&self, work: impl Future<Output = Inbound> + Send + 'static) {
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
}
