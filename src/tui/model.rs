//! All that the terminal interface knows: what is on screen, what was loaded, what is being typed.
//!
//! Plain data. `update` alone changes it, `view` alone shows it. A mode is an enum; what lies over a screen is an
//! [`Overlay`].

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::domain::inventory::{Bucket, Encryption, LogGroup, RemoteStatus, RemoteTask};
use crate::domain::names::{RemoteId, TaskId};
use crate::domain::place::{Identity, Region};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::{State, Task, Wait};
use crate::domain::time::Timestamp;
use crate::export::Snapshot;
use crate::tui::form::{Form, FormContext};
use crate::tui::list::{Fetch, List, RequestId, Row};
use crate::tui::msg::Link;
use crate::tui::theme::Theme;

/// The screens, in the order of their number keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Log groups.
    Groups,
    /// Buckets.
    Buckets,
    /// Tasks of this run.
    Exports,
    /// Tasks AWS remembers.
    History,
    /// The export form, once a draft exists.
    Form,
}

impl Screen {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Groups, Self::Buckets, Self::Exports, Self::History, Self::Form];

    /// The word on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Groups => "Log groups",
            Self::Buckets => "Buckets",
            Self::Exports => "Exports",
            Self::History => "History",
            Self::Form => "Export form",
        }
    }

    /// Lines a row of its list takes.
    pub const fn row_height(self) -> u16 {
        match self {
            Self::Exports | Self::History => 2,
            Self::Groups | Self::Buckets | Self::Form => 1,
        }
    }
}

/// What lies over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys; the first line shown.
    Help(usize),
    /// A question.
    Confirm(Confirm),
    /// Everything about one task; the first line shown.
    Details(Subject, usize),
}

/// A question before something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Quit although tasks are not done.
    Quit,
    /// Cancel this task.
    Cancel(TaskId),
    /// Fill the form from this task although something was typed in it.
    Replace(Subject),
}

/// Whose details are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A task of this run.
    Task(TaskId),
    /// A task AWS remembers.
    Past(RemoteId),
}

/// How the connection stands.
#[derive(Clone, Debug)]
pub enum Connection {
    /// Being made.
    Connecting(RequestId),
    /// Made; calls can be sent.
    Up(Link),
    /// Cannot be made.
    Failed(Problem),
}

/// Who we are, as far as known.
#[derive(Clone, Debug)]
pub enum Who {
    /// Not answered yet; the question under way, if it was asked.
    Unknown(Option<RequestId>),
    /// Known.
    Known(Identity),
    /// STS refused, for a reason of this kind.
    Refused(ProblemKind),
}

/// Whether the program is on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// At work.
    Running,
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

/// The log group screen.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// The listing.
    pub list: List<LogGroup>,
    /// Names marked for an export.
    pub marks: BTreeSet<String>,
}

/// What is known of a bucket beyond its listing.
#[expect(clippy::large_enum_variant, reason = "nearly all of them end as the large one")]
#[derive(Clone, Debug)]
pub enum Detail {
    /// Asked.
    Asked(RequestId),
    /// Answered.
    Known {
        /// Where it is.
        region: Result<Region, Problem>,
        /// How it encrypts.
        encryption: Result<Encryption, Problem>,
    },
}

/// The bucket screen.
#[derive(Clone, Debug, Default)]
pub struct Buckets {
    /// The listing.
    pub list: List<Bucket>,
    /// Details, by bucket name.
    pub details: HashMap<String, Detail>,
}

/// The history screen.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The listing.
    pub list: List<RemoteTask>,
    /// Only tasks of this status.
    pub status: Option<RemoteStatus>,
    /// With a text filter on: somebody went on at the end of what is shown.
    pub wants_more: bool,
    /// A task of ours has moved since the first page came.
    pub stale: bool,
    /// The first page, asked for again under the rows as they stand.
    pub refreshing: Option<RequestId>,
}

/// What stays the same from start to end.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The look.
    pub theme: Theme,
    /// Text of the SANDBOX badge.
    pub sandbox: Option<String>,
    /// The Region asked for on the command line, for "connecting to".
    pub region: Option<String>,
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
    /// The connection.
    pub connection: Connection,
    /// Fresh credentials are being looked for, while the connection stands.
    pub renewing: Option<RequestId>,
    /// Who we are.
    pub who: Who,
    /// Screen 1.
    pub groups: Groups,
    /// Screen 2.
    pub buckets: Buckets,
    /// Screen 3.
    pub exports: List<Arc<Task>>,
    /// The submission under way.
    pub submitting: Option<RequestId>,
    /// A task to put the cursor on as soon as a snapshot holds it.
    pub look_for: Option<TaskId>,
    /// Screen 4.
    pub history: History,
    /// The draft of an export.
    pub form: Option<Form>,
    /// The last failure, until dismissed.
    pub failure: Option<Message>,
    /// The last message that is none.
    pub note: Option<Message>,
    /// When listings that were throttled are tried again.
    pub retry_at: Option<Timestamp>,
    /// On the way out or not.
    pub life: Life,
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
    pub fn new(settings: Settings, size: (u16, u16), now: Timestamp) -> (Self, RequestId) {
        let first = RequestId(1);
        let model = Self {
            settings,
            screen: Screen::Groups,
            before_form: Screen::Groups,
            overlay: None,
            connection: Connection::Connecting(first),
            renewing: None,
            who: Who::Unknown(None),
            groups: Groups::default(),
            buckets: Buckets::default(),
            exports: List::default(),
            submitting: None,
            look_for: None,
            history: History::default(),
            form: None,
            failure: None,
            note: None,
            retry_at: None,
            life: Life::Running,
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

    /// The link, if the connection stands.
    pub const fn link(&self) -> Option<&Link> {
        match &self.connection {
            Connection::Up(link) => Some(link),
            Connection::Connecting(_) | Connection::Failed(_) => None,
        }
    }

    /// Whether the session that answers `request` is still wanted.
    pub fn awaits_session(&self, request: RequestId) -> bool {
        let connecting = matches!(self.connection, Connection::Connecting(asked) if asked == request);
        connecting || self.renewing == Some(request)
    }

    /// Whether something failed because AWS does not take our credentials: a listing, the identity, a task's call.
    pub fn lacks_credentials(&self) -> bool {
        let listings = [
            self.groups.list.fetch().problem(),
            self.buckets.list.fetch().problem(),
            self.history.list.fetch().problem(),
        ];
        let waits =
            self.exports.rows().iter().filter(|task| !task.state.is_end()).filter_map(|task| match &task.wait {
                Some(Wait::Retry { problem, .. }) => Some(problem),
                Some(Wait::Turn | Wait::Slot(_)) | None => None,
            });
        let who = match self.who {
            Who::Refused(kind) => Some(kind),
            Who::Unknown(_) | Who::Known(_) => None,
        };
        let kinds = listings.into_iter().flatten().chain(waits).map(|problem| problem.kind).chain(who);
        kinds.into_iter().any(|kind| matches!(kind, ProblemKind::ExpiredCredentials | ProblemKind::NoCredentials))
    }

    /// Takes the tasks in as they stand.
    pub fn take_snapshot(&mut self, snapshot: &Snapshot) {
        self.exports.replace(snapshot.tasks.clone());
        if let Some(id) = self.look_for
            && self.task(id).is_some()
        {
            // A filter may hide it; then the cursor stays.
            self.exports.seek(|task| task.id == id);
            self.look_for = None;
        }
    }

    /// Whether tasks are on their way into the queue that no snapshot shows yet.
    pub const fn is_submitting(&self) -> bool {
        self.submitting.is_some() || self.look_for.is_some()
    }

    /// A task of this run.
    pub fn task(&self, id: TaskId) -> Option<&Arc<Task>> {
        self.exports.rows().iter().find(|task| task.id == id)
    }

    /// A task AWS remembers.
    pub fn past(&self, id: &RemoteId) -> Option<&RemoteTask> {
        self.history.list.rows().iter().find(|task| task.id == *id)
    }

    /// Tasks in a state that `is` true of.
    pub fn tasks_where(&self, is: impl Fn(State) -> bool) -> impl Iterator<Item = &Arc<Task>> {
        self.exports.rows().iter().filter(move |task| is(task.state))
    }

    /// Shows a message; a failure stands until dismissed, anything else until something newer comes.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        let message = Some(Message { tone, text: text.into(), at: self.now });
        match tone {
            Tone::Bad => self.failure = message,
            Tone::Note | Tone::Good | Tone::Warning => self.note = message,
        }
    }

    /// The message to show.
    pub fn message(&self) -> Option<&Message> {
        self.failure.as_ref().or(self.note.as_ref())
    }

    /// What the form may know, together with the form: they are borrowed apart.
    pub fn form_parts(&mut self) -> (&mut Option<Form>, FormContext<'_>) {
        let context = context(self.drawn_at, &self.connection, &self.who, &self.groups, &self.buckets);
        (&mut self.form, context)
    }

    /// What the form may know.
    pub fn form_context(&self) -> FormContext<'_> {
        context(self.drawn_at, &self.connection, &self.who, &self.groups, &self.buckets)
    }

    /// Whether something on screen changes by the passing of time alone.
    pub fn shows_time(&self) -> bool {
        match &self.overlay {
            Some(Overlay::Details(Subject::Task(id), _)) => self.task(*id).is_some_and(|task| !task.state.is_end()),
            Some(Overlay::Help(_) | Overlay::Details(Subject::Past(_), _)) => false,
            Some(Overlay::Confirm(_)) | None => match self.screen {
                Screen::Exports => self.tasks_where(|state| !state.is_end()).next().is_some(),
                Screen::Form => self.form.as_ref().is_some_and(|form| form.follows_clock(self.now)),
                Screen::Groups | Screen::Buckets | Screen::History => false,
            },
        }
    }

    /// Whether the passing of time since the last frame shows: a range in days reads the same until midnight.
    pub fn is_stale(&self) -> bool {
        match &self.form {
            Some(form) if self.screen == Screen::Form && self.retry_at.is_none() => {
                form.reads_differently(self.drawn_at, self.now)
            }
            Some(_) | None => true,
        }
    }
}

fn context<'a>(
    now: Timestamp,
    connection: &'a Connection,
    who: &'a Who,
    groups: &'a Groups,
    buckets: &'a Buckets,
) -> FormContext<'a> {
    let region = match connection {
        Connection::Up(link) => Some(&link.region),
        Connection::Connecting(_) | Connection::Failed(_) => None,
    };
    FormContext {
        now,
        groups: groups.list.rows(),
        groups_complete: *groups.list.fetch() == Fetch::Complete,
        buckets: buckets.list.rows(),
        region,
        account: match who {
            Who::Known(identity) => Some(&identity.account),
            Who::Unknown(_) | Who::Refused(_) => None,
        },
    }
}

impl Row for LogGroup {
    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Row for Bucket {
    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Row for RemoteTask {
    fn same(&self, other: &Self) -> bool {
        self.id == other.id
    }
    fn name(&self) -> &str {
        &self.group
    }
}

impl Row for Arc<Task> {
    fn same(&self, other: &Self) -> bool {
        self.id == other.id
    }
    fn name(&self) -> &str {
        self.spec.group.as_str()
    }
}
