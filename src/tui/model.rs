//! All that the terminal interface knows: what is on screen, what was loaded, what is being typed.
//!
//! Plain data. `update` alone changes it, `view` alone shows it. A mode is an enum; what lies over a screen is an
//! [`Overlay`].

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::config::Notify;
use crate::domain::inventory::{Bucket, RemoteTask};
use crate::domain::names::{PlanId, RemoteId, TaskId};
use crate::domain::place::{Lane, Region};
use crate::domain::preflight::Report;
use crate::domain::store::Base;
use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;
use crate::domain::zone::Zone;
use crate::export::Elsewhere;
use crate::tui::add_lane::AddLane;
use crate::tui::change::ChangePage;
use crate::tui::checks::Checks;
use crate::tui::creation::Creation;
use crate::tui::exports::Exports;
use crate::tui::form::{Form, FormContext};
use crate::tui::groups::Groups;
use crate::tui::help::HelpPage;
use crate::tui::history::History;
use crate::tui::keys::Keymap;
use crate::tui::landed::download::{Download, DownloadPage};
use crate::tui::landed::reading::{Reading, ReadingPage};
use crate::tui::landed::{Landed, LandedPage};
use crate::tui::lanes::LaneRow;
use crate::tui::list::{Fetch, List, RequestId, Row, Sorted};
use crate::tui::messages::MessageLog;
use crate::tui::msg::{BucketDetails, Link};
use crate::tui::palette::Palette;
use crate::tui::peek::PeekPage;
use crate::tui::places::{Place, Places, Wanted, Who, is_of_credentials};
use crate::tui::proof::{Proof, ProofPage};
use crate::tui::review::Review;
use crate::tui::rules::RulesPage;
use crate::tui::save_plan::SavePlan;
use crate::tui::sheet::Sheet;
use crate::tui::since::Since;
use crate::tui::sorting::{BucketColumn, Order, SortColumn as _};
use crate::tui::theme::Theme;

/// The screens, in the order of their number keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Log groups.
    Groups,
    /// Buckets.
    Buckets,
    /// The queue.
    Exports,
    /// Tasks AWS remembers.
    History,
    /// Every account and Region that is worked in.
    Lanes,
    /// The export form, once a draft exists.
    Form,
}

impl Screen {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Groups, Self::Buckets, Self::Exports, Self::History, Self::Lanes, Self::Form];

    /// The word on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Groups => "Log groups",
            Self::Buckets => "Buckets",
            Self::Exports => "Exports",
            Self::History => "History",
            Self::Lanes => "Lanes",
            Self::Form => "Export form",
        }
    }

    /// Lines a row of its list takes.
    pub const fn row_height(self) -> u16 {
        match self {
            Self::Exports | Self::History | Self::Lanes => 2,
            Self::Groups | Self::Buckets | Self::Form => 1,
        }
    }
}

/// What lies over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help(HelpPage),
    /// Everything that can be done here, by name.
    Palette(Palette),
    /// A question.
    Confirm(Confirm),
    /// Everything about one task or plan; the first line shown.
    Details(Subject, usize),
    /// What will be queued, to be confirmed.
    Review(Review),
    /// A change of a bucket.
    Change(ChangePage),
    /// The lifecycle rules of a bucket.
    Rules(RulesPage),
    /// The form for a new bucket, or for a lifecycle rule.
    Sheet(Sheet),
    /// A bucket that is to be created.
    Creation(Box<Creation>),
    /// The verification that is kept.
    Proof(ProofPage),
    /// The checks of what stands in the form; the first line shown.
    Checks(usize),
    /// Everything that was said; the first line shown.
    Messages(usize),
    /// Where another lane is.
    AddLane(AddLane),
    /// What an export would hold, from a few calls.
    Peek(PeekPage),
    /// Where to write what stands in the form, as a plan file.
    SavePlan(SavePlan),
    /// What has landed of a task.
    Landed(LandedPage),
    /// One object of it that is read.
    Reading(ReadingPage),
    /// A copy of what has landed.
    Download(DownloadPage),
}

/// A question before something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Quit although tasks are not done.
    Quit,
    /// Cancel this task.
    Cancel(TaskId),
    /// Cancel everything of this plan.
    CancelPlan(PlanId),
    /// Fill the form from this task although something was typed in it.
    Replace(Subject),
    /// Launch what the form asks for although a check blocks it.
    Unchecked,
    /// Run these once more although others have their windows.
    Twice(Vec<(TaskId, Elsewhere)>),
    /// Write down what a verification has found; the page that was open.
    Manifest(ProofPage),
}

/// Whose details are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A task of the queue.
    Task(TaskId),
    /// A task AWS remembers.
    Past(RemoteId),
    /// A plan of the queue.
    Plan(PlanId),
    /// A bucket, by its name.
    Bucket(String),
}

/// Whether the program is on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// At work.
    Running,
    /// At work, and to end as soon as nothing would stand still.
    Waiting,
    /// The queue is being shut down.
    Finishing,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Note,
    /// A good end.
    Good,
    /// Worth a look.
    Warning,
    /// A failure: it stays until it is dismissed.
    Bad,
}

/// How long a note stands at least: time to read a line of it.
pub const NOTE_STANDS: Duration = Duration::from_secs(6);

/// The line above the footer.
#[derive(Clone, Debug)]
pub struct Message {
    /// How it is meant.
    pub tone: Tone,
    /// The words (untrusted parts in it: escape).
    pub text: String,
    /// Since when it stands.
    pub at: Timestamp,
}

/// What is known of a bucket beyond its listing.
#[derive(Clone, Debug)]
pub enum Detail {
    /// Asked.
    Asked(RequestId),
    /// Answered.
    Known(Box<BucketDetails>),
}

/// The bucket screen.
#[derive(Clone, Debug, Default)]
pub struct Buckets {
    /// The listing.
    pub list: List<Bucket>,
    /// Details, by bucket name.
    pub details: HashMap<String, Detail>,
    /// What the checks of a bucket found whose page was opened, by bucket name.
    pub checkups: HashMap<String, Checkup>,
    /// The rows somebody looks at.
    pub sight: Sight,
    /// What a person wants the listing to be sorted by.
    pub chosen: Order<BucketColumn>,
}

/// The checks of one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checkup {
    /// To be made anew: what AWS answered before may not hold any more.
    Stale,
    /// Asked.
    Asked(RequestId),
    /// What they found.
    Done(Report),
    /// No export can name the bucket, in words why.
    Unfit(String),
}

impl Buckets {
    /// Everything but the listing: what was told of buckets may have changed, and is asked for again.
    pub fn forget(&mut self) {
        self.details.clear();
        self.checkups.clear();
        self.sight = Sight::default();
    }

    /// The columns the listing can be sorted by: those known of every row.
    pub fn offered(&self) -> Vec<BucketColumn> {
        let knows_regions = self.list.rows().iter().all(|bucket| bucket.region.is_some());
        let all = BucketColumn::ALL.iter().copied();
        all.filter(|column| knows_regions || *column != BucketColumn::Region).collect()
    }

    /// What the listing is sorted by.
    pub fn order(&self) -> Order<BucketColumn> {
        if self.offered().contains(&self.chosen.by) { self.chosen } else { Order::default() }
    }

    /// Notes where a bucket is.
    pub fn locate(&mut self, name: &str, region: Region) {
        self.list.amend(|row| row.name == name, |row| row.region = Some(region));
        if self.chosen.by == BucketColumn::Region {
            self.arrange();
        }
    }

    /// Puts the rows in order.
    pub fn arrange(&mut self) {
        let order = self.order();
        let sorted = Sorted { mark: Some(order.mark()), is_chosen: order != Order::default() };
        self.list.sort(sorted, |rows| {
            rows.sort_by(|one, other| one.name.cmp(&other.name));
            let by = |one: &Bucket, other: &Bucket| match order.by {
                BucketColumn::Name => one.name.cmp(&other.name),
                BucketColumn::Region => one.region.cmp(&other.region),
                BucketColumn::Created => one.created.cmp(&other.created),
            };
            rows.sort_by(|one, other| if order.descending { by(other, one) } else { by(one, other) });
        });
    }

    /// Everything told of one bucket, which has changed.
    pub fn renew(&mut self, bucket: &str) {
        self.details.remove(bucket);
        self.checkups.insert(bucket.to_owned(), Checkup::Stale);
    }
}

/// The rows of a listing that are on screen, and whether they stand still: details are asked of no row that is only
/// scrolled past.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// Their names.
    pub names: Vec<String>,
    /// When they will have stood still long enough, if they have not yet.
    pub settles_at: Option<Timestamp>,
}

/// A task as the ledger has it, with its whole timeline: lists have only its beginning.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The question under way.
    pub asked: Option<RequestId>,
    /// The task as it was listed when it was asked for.
    pub listed: Arc<Task>,
    /// The last answer.
    pub task: Option<Arc<Task>>,
}

/// What stays the same from start to end.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own, switched on or off")]
#[derive(Clone, Debug)]
pub struct Settings {
    /// The look.
    pub theme: Theme,
    /// Whether it is drawn with ASCII alone.
    pub ascii: bool,
    /// The keys, where the operator has chosen others.
    pub keys: Keymap,
    /// Text of the SANDBOX badge.
    pub sandbox: Option<String>,
    /// The endpoint everything goes to, as the command line has it.
    pub endpoint_url: Option<String>,
    /// Whether nothing may be changed: not in AWS, and not in the queue, by which somebody would change it.
    pub read_only: bool,
    /// How a person is called when a plan has ended.
    pub notify: Notify,
    /// Whether the terminal is asked to copy.
    pub clipboard: bool,
    /// Where a new form reads and writes times.
    pub zone: Zone,
    /// What relative directories begin at.
    pub base: Base,
    /// Whether the panic keys work.
    pub test_hooks: bool,
}

/// The whole.
#[derive(Clone, Debug)]
pub struct Model {
    /// What stays the same.
    pub settings: Settings,
    /// The screen shown.
    pub screen: Screen,
    /// The screen the form was opened from.
    pub before_form: Screen,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// Where this program works, and which of these places is looked at.
    pub places: Places,
    /// This process as a driver of lanes, once the queue runs.
    pub this: Option<Uuid>,
    /// Screen 1.
    pub groups: Groups,
    /// Screen 2.
    pub buckets: Buckets,
    /// Changes of buckets that are being written.
    pub writing: HashSet<RequestId>,
    /// Screen 3.
    pub exports: Exports,
    /// The task whose details are shown, with its timeline.
    pub whole: Option<Whole>,
    /// The last verification, or the one under way.
    pub proof: Option<Box<Proof>>,
    /// What has landed of the task whose objects are looked at.
    pub landed: Option<Box<Landed>>,
    /// The object of it that is read.
    pub reading: Option<Box<Reading>>,
    /// The last download, or the one under way.
    pub download: Option<Box<Download>>,
    /// The submission under way.
    pub submitting: Option<RequestId>,
    /// A task to put the cursor on as soon as a snapshot holds it.
    pub look_for: Option<TaskId>,
    /// Screen 4.
    pub history: Box<History>,
    /// Screen 5.
    pub lanes: List<LaneRow>,
    /// The draft of an export.
    pub form: Option<Box<Form>>,
    /// The peek under way.
    pub peeking: Option<RequestId>,
    /// The plan it is to be filled from, once its log groups are known.
    pub filling: Option<(RequestId, PlanId)>,
    /// What is known of its checks.
    pub checks: Checks,
    /// What is known of its last export.
    pub since: Since,
    /// The last failure, until dismissed.
    pub failure: Option<Message>,
    /// The last message that is none.
    pub note: Option<Message>,
    /// Everything that was said.
    pub messages: MessageLog,
    /// When listings that were throttled are tried again.
    pub retry_at: Option<Timestamp>,
    /// On the way out or not.
    pub life: Life,
    /// The last click on a row: when, on which screen, and which of the rows in sight it was.
    pub clicked: Option<(Timestamp, Screen, usize)>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The clock; the driver sets it before every message.
    pub now: Timestamp,
    /// The clock of the frame drawn last: what the form shows and what it queues are both counted from it.
    pub drawn_at: Timestamp,
    last_request: u64,
}

impl Model {
    /// As it is before the first frame: the first connection is about to be made, under the id it answers.
    pub fn new(settings: Settings, wanted: Wanted, size: (u16, u16), now: Timestamp) -> (Self, RequestId) {
        let first = RequestId(1);
        let model = Self {
            settings,
            screen: Screen::Groups,
            before_form: Screen::Groups,
            overlay: None,
            places: Places::new(Place::new(wanted, None, first)),
            this: None,
            groups: Groups::default(),
            buckets: Buckets::default(),
            writing: HashSet::new(),
            exports: Exports::default(),
            whole: None,
            proof: None,
            landed: None,
            reading: None,
            download: None,
            submitting: None,
            look_for: None,
            history: Box::default(),
            lanes: List::default(),
            form: None,
            peeking: None,
            filling: None,
            checks: Checks::default(),
            since: Since::default(),
            failure: None,
            note: None,
            messages: MessageLog::default(),
            retry_at: None,
            life: Life::Running,
            clicked: None,
            size,
            now,
            drawn_at: now,
            last_request: first.0,
        };
        (model, first)
    }

    /// An id no question had before.
    pub fn new_request(&mut self) -> RequestId {
        self.last_request += 1;
        RequestId(self.last_request)
    }

    /// The link of the place looked at, if its connection stands.
    pub fn link(&self) -> Option<&Link> {
        self.places.here().link()
    }

    /// Whether something failed here because AWS does not take our credentials: a listing, the identity, a task's call.
    pub fn lacks_credentials(&self) -> bool {
        let listings = [
            self.groups.list.fetch().problem(),
            self.buckets.list.fetch().problem(),
            self.history.aws.fetch().problem(),
            self.places.here().problem(),
        ];
        let starved = self.places.here().lane().is_some_and(|lane| self.is_starved(&lane));
        starved || listings.into_iter().flatten().any(|problem| is_of_credentials(problem.kind))
    }

    /// Whether a task of `lane` waits for credentials.
    pub fn is_starved(&self, lane: &Lane) -> bool {
        self.exports.load(lane).is_some_and(|load| load.starved.is_some())
    }

    /// Another place is looked at from now on. What was listed of the old one goes; answers on their way are dropped.
    pub fn browse(&mut self, place: crate::tui::places::PlaceId) {
        self.places.look_at(place);
        self.groups.clear();
        self.groups.marks.clear();
        self.buckets.list.clear();
        self.buckets.forget();
        self.history.clear();
        self.since.forget();
        self.retry_at = None;
    }

    /// Whether a filter has not looked at every row yet, or rows do not show yet how tasks have moved.
    pub fn is_sifting(&self) -> bool {
        let picker = self.form.as_deref().is_some_and(Form::is_sifting);
        let landed = self.landed.as_deref().is_some_and(|landed| landed.list.is_sifting());
        let behind = self.screen == Screen::History && self.history.is_behind();
        picker || landed || behind || self.groups.list.is_sifting() || self.buckets.list.is_sifting()
    }

    /// Whether tasks are on their way into the queue that no snapshot shows yet.
    pub const fn is_submitting(&self) -> bool {
        self.submitting.is_some() || self.look_for.is_some()
    }

    /// A task of the queue, or of its past.
    pub fn task(&self, id: TaskId) -> Option<&Arc<Task>> {
        self.exports.task(id).or_else(|| self.history.task(id))
    }

    /// A task AWS remembers.
    pub fn past(&self, id: &RemoteId) -> Option<&RemoteTask> {
        self.history.past(id)
    }

    /// Tasks in a state that `is` true of.
    pub fn tasks_where(&self, is: impl Fn(State) -> bool) -> impl Iterator<Item = &Arc<Task>> {
        self.exports.tasks().iter().filter(move |task| is(task.state))
    }

    /// Shows a message. A failure stands until dismissed; news of tasks until something newer, or the next key after a
    /// while; a note in passing goes by itself.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        self.messages.said(tone, &text, self.now);
        let message = Some(Message { tone, text, at: self.now });
        match tone {
            Tone::Bad => self.failure = message,
            Tone::Note | Tone::Good | Tone::Warning => self.note = message,
        }
    }

    /// When the note in passing goes, if there is one.
    pub fn note_ends(&self) -> Option<Timestamp> {
        self.note.as_ref().filter(|note| note.tone == Tone::Note).map(|note| note.at.after(NOTE_STANDS))
    }

    /// The message to show.
    pub fn message(&self) -> Option<&Message> {
        self.failure.as_ref().or(self.note.as_ref())
    }

    /// What the form may know, together with the form: they are borrowed apart.
    pub fn form_parts(&mut self) -> (&mut Option<Box<Form>>, FormContext<'_>) {
        let context = context(
            self.drawn_at,
            self.places.here(),
            &self.groups,
            &self.buckets,
            (&self.checks, &self.since),
            &self.settings.base,
        );
        (&mut self.form, context)
    }

    /// What the form may know.
    pub fn form_context(&self) -> FormContext<'_> {
        context(
            self.drawn_at,
            self.places.here(),
            &self.groups,
            &self.buckets,
            (&self.checks, &self.since),
            &self.settings.base,
        )
    }
}

fn context<'a>(
    now: Timestamp,
    place: &'a Place,
    groups: &'a Groups,
    buckets: &'a Buckets,
    (checks, since): (&'a Checks, &'a Since),
    base: &'a Base,
) -> FormContext<'a> {
    FormContext {
        now,
        groups: groups.list.rows(),
        details_of_groups: groups,
        groups_complete: *groups.list.fetch() == Fetch::Complete,
        buckets: buckets.list.rows(),
        buckets_complete: *buckets.list.fetch() == Fetch::Complete,
        details: &buckets.details,
        checks,
        since,
        base,
        region: place.link().map(|link| &link.region),
        account: match &place.who {
            Who::Known(identity) => Some(&identity.account),
            Who::Unknown | Who::Refused(_) | Who::Stranger(_) => None,
        },
    }
}

impl Row for Bucket {
    const RANKED: bool = true;
    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }
    fn name(&self) -> &str {
        &self.name
    }
}
